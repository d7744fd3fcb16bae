"""Which stores a scenario runs on: all three where the store matters, else memory first.

Every third of those others runs on a database too. That the stores are alike is what `tests/store` shows. `--every-store` runs every scenario on all.
"""

from __future__ import annotations

from zlib import crc32

import pytest

from tests.support import postgres

DATABASES = ("sqlite", "postgresql")
#: Scenarios that end runs midway, wait, or resume: what the store holds between runs is the point.
ON_EVERY_STORE = ("test_first_sync", "test_unanswered", "test_limits")


def add_option(parser: pytest.Parser) -> None:
    """`--every-store`, for a longer run."""
    parser.addoption(
        "--every-store", action="store_true", help="run every scenario on all three stores"
    )


def share_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep one database for every third scenario whose store is not the point, by its name.

    Where there is no PostgreSQL all of them run on SQLite.
    """
    if config.getoption("--every-store") or not postgres.available():
        return
    dropped = {item for item in items if _is_beside_the_point(item)}
    if dropped:
        config.hook.pytest_deselected(items=list(dropped))
        items[:] = [item for item in items if item not in dropped]


def _is_beside_the_point(item: pytest.Item) -> bool:
    if item.path.parent.name != "scenarios" or item.path.name.startswith(ON_EVERY_STORE):
        return False
    callspec = getattr(item, "callspec", None)
    store = next((p for p in (callspec.params.values() if callspec else ()) if p in DATABASES), "")
    if not store:
        return False
    name = f"{item.path.name}::{getattr(item, 'originalname', item.name)}"
    turn = crc32(name.encode()) % (3 * len(DATABASES))
    return turn >= len(DATABASES) or store != DATABASES[turn]
