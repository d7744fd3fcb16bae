"""Steps of the matrix that nobody takes yet: what they need is being built."""

from __future__ import annotations

from tests.matrix.cells import Cell
from xero_bridge.core.vocabulary import Kind, Side

_KINDS = frozenset({Kind.EXPENSE_CATEGORY, Kind.CREDIT_NOTE})
#: Steps whose cell is right, and the bridge not yet.
_STEPS = frozenset(
    {
        (Kind.TAX, Side.XERO, "create"),
        (Kind.CURRENCY, Side.XERO, "create"),
        *((kind, Side.XERO, "create") for kind in (Kind.ITEM, Kind.INVOICE, Kind.EXPENSE)),
        *((kind, Side.XERO, "change") for kind in (Kind.ITEM, Kind.INVOICE, Kind.EXPENSE)),
        (Kind.EXPENSE, Side.XERO, "pay"),
        (Kind.EXPENSE, Side.XERO, "unpay"),
    }
)


def is_left(cell: Cell) -> bool:
    """Whether the step is not taken yet."""
    if cell.reason == "nothing_to_pay":
        return False
    return cell.kind in _KINDS or (cell.kind, cell.side, cell.operation) in _STEPS
