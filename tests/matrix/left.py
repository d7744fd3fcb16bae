"""Steps of the matrix that nobody takes yet: their kinds are being built."""

from __future__ import annotations

from tests.matrix.cells import Cell
from xero_bridge.core.vocabulary import Kind, Side

_NEW = frozenset(
    {Kind.EXPENSE_CATEGORY, Kind.VENDOR, Kind.CREDIT_NOTE, Kind.EXPENSE, Kind.PURCHASE_ORDER}
)
#: Kinds whose records Perfex does not get from Xero yet.
_INTO_PERFEX = frozenset({Kind.CUSTOMER, Kind.ITEM, Kind.INVOICE})
#: Steps whose cell is right, and the bridge not yet.
_WRONG = frozenset(
    {
        (Kind.TAX, Side.PERFEX, "delete"),
        (Kind.TAX, Side.XERO, "void"),
        (Kind.TAX, Side.XERO, "delete"),
        (Kind.TAX, Side.XERO, "create"),
        (Kind.CURRENCY, Side.XERO, "create"),
        (Kind.CUSTOMER, Side.PERFEX, "delete"),
        (Kind.ITEM, Side.PERFEX, "delete"),
    }
)


def is_left(cell: Cell) -> bool:
    """Whether the step is not taken yet."""
    if cell.reason == "nothing_to_pay" or (
        cell.operation in ("pay", "unpay") and cell.kind not in _NEW
    ):
        return False
    if cell.kind in _NEW:
        return True
    if cell.kind in _INTO_PERFEX and cell.side is Side.XERO:
        return True
    return (cell.kind, cell.side, cell.operation) in _WRONG
