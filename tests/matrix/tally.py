"""How many cells of the matrix were taken, by answer, for the end of a test run."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.matrix.cells import Cell, Outcome

KEY = pytest.StashKey[Counter[str]]()


def add(config: pytest.Config, cell: Cell) -> None:
    """Note a cell that kept its word."""
    tally_of(config)[str(cell.outcome)] += 1


def tally_of(config: pytest.Config) -> Counter[str]:
    """The counts of this process."""
    return config.stash.setdefault(KEY, Counter())


def closing_line(config: pytest.Config) -> str:
    """What the end of a run says about the matrix."""
    found = tally_of(config)
    counts = ", ".join(f"{outcome} {found[str(outcome)]}" for outcome in Outcome)
    return f"Cells that keep their word: {found.total()} ({counts})."
