"""Steps of the matrix that nobody takes yet: what they need is being built."""

from __future__ import annotations

from tests.matrix.cells import Cell
from xero_bridge.core.vocabulary import Kind, Side

#: Steps whose cell is right, and the bridge not yet.
_STEPS: frozenset[tuple[Kind, Side, str]] = frozenset()


def is_left(cell: Cell) -> bool:
    """Whether the step is not taken yet."""
    return (cell.kind, cell.side, cell.operation) in _STEPS
