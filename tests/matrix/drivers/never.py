"""Kinds of which nothing is ever paid: that takes no books to see."""

from __future__ import annotations

from tests.matrix.cells import Cell
from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities import ENTITIES

#: Why such a cell is not offered.
REASON = "nothing_to_pay"
#: What parts of a record are called that tell of its being paid or spent.
_PAYING = frozenset({"paid", "payment", "payments", "applied", "refunds"})


def is_never_paid(cell: Cell) -> None:
    """No payment names such a record, and nothing of it is carried that tells of money paid."""
    assert cell.kind not in ENTITIES[Kind.PAYMENT].parents.values()
    assert not _PAYING & set(ENTITIES[cell.kind].facets)
