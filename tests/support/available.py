"""Which tests this machine can run, said plainly at the end of the run."""

from collections import Counter

import pytest

from tests.support import paths, postgres

MARKERS = {
    "postgres": "PostgreSQL (install its server or set XERO_BRIDGE_TEST_POSTGRES_URL)",
    "own_postgres": "programs of PostgreSQL (install its server)",
    "browser": "Chromium (install it or set XERO_BRIDGE_TEST_CHROMIUM)",
    "specs": "API descriptions of both systems (set XERO_BRIDGE_SPECS to their folder)",
}
KEY = pytest.StashKey[Counter[str]]()


def missing_markers() -> set[str]:
    """The markers of tests that cannot run here."""
    found = {
        "postgres": postgres.available(),
        "own_postgres": postgres.binaries() is not None,
        "browser": paths.chromium() is not None,
        "specs": paths.specs_folder() is not None,
    }
    return {marker for marker, is_there in found.items() if not is_there}


def leave_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Drop from `items` the tests that cannot run here, and count them."""
    missing = missing_markers()
    wanting = {item: missing.intersection(m.name for m in item.iter_markers()) for item in items}
    dropped = [item for item in items if wanting[item]]
    config.stash[KEY] = Counter(marker for item in dropped for marker in wanting[item])
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = [item for item in items if not wanting[item]]


def left_out(config: pytest.Config) -> Counter[str]:
    """How many tests each missing marker has cost this run."""
    counted: Counter[str] = Counter()
    return config.stash.get(KEY, counted)


def closing_lines(counted: Counter[str]) -> list[str]:
    """One sentence per thing that was missing, or that nothing was."""
    lines = [
        f"{counted[marker]} tests did not run, because this machine has no {MARKERS[marker]}."
        for marker in sorted(counted)
    ]
    return lines or ["Whatever the tests need was there: no test was left out."]
