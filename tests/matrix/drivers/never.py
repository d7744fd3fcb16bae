"""Kinds of which nothing is ever paid."""

from __future__ import annotations

from tests.matrix.cells import Cell
from tests.matrix.drivers.registry import drives
from tests.scenarios.world import World
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.entities import ENTITIES

PAID = frozenset({Kind.INVOICE, Kind.CREDIT_NOTE, Kind.EXPENSE})
#: What parts of a record are called that tell of its being paid or spent.
_PAYING = frozenset({"paid", "applied", "payments"})


def is_never_paid(_world: World, cell: Cell) -> None:
    """No payment names such a record, and nothing of it is carried that tells of money paid."""
    assert cell.kind not in ENTITIES[Kind.PAYMENT].parents.values()
    entity = ENTITIES.get(cell.kind)
    assert entity is None or not _PAYING & set(entity.facets) or cell.kind is Kind.PAYMENT


for _kind in sorted(set(Kind) - PAID):
    for _side in Side:
        drives(_kind, _side, "pay", "unpay")(is_never_paid)
