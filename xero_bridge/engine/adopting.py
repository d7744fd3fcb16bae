"""Payments of an invoice that both sides had before they met: matched as sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from xero_bridge.core.money import exact
from xero_bridge.core.record import Key, Mirror
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.engine.draft import Draft
from xero_bridge.entities.payment import Payment

#: Reason of what is left or linked because both sides had received the same before they met.
PAID_ALIKE = "paid_alike"


@dataclass(kw_only=True)
class Unpaired:
    """The unlinked payments of one linked invoice."""

    perfex: list[Mirror] = field(default_factory=list)
    xero: list[Mirror] = field(default_factory=list)


def amount_of(payment: Mirror) -> Decimal:
    """In the invoice's currency: Perfex's payments do not name it."""
    record = payment.record
    assert isinstance(record, Payment)
    return record.amount


def was_adopted(draft: Draft, xero_invoice: str) -> bool:
    """Whether the linked invoice stood on both sides before the bridge came."""
    store = draft.context.store
    perfex = draft.books.perfex_id(Kind.INVOICE, xero_invoice)
    return not (
        store.done_creates(Kind.INVOICE, Side.XERO, [xero_invoice])
        or store.done_creates(Kind.INVOICE, Side.PERFEX, [perfex])
    )


def adds_up(group: Unpaired) -> bool:
    """Whether both sides have received the same in all."""
    return _sum(group.perfex) == _sum(group.xero)


def drop_settled(group: Unpaired, looked_at: Container[Key]) -> None:
    """Take out what was found to be paid alike before, so that it clouds no newer payment."""
    settled = Unpaired(
        perfex=[mirror for mirror in group.perfex if mirror.key not in looked_at],
        xero=[mirror for mirror in group.xero if mirror.key not in looked_at],
    )
    if settled.perfex and settled.xero and adds_up(settled):
        group.perfex = [mirror for mirror in group.perfex if mirror.key in looked_at]
        group.xero = [mirror for mirror in group.xero if mirror.key in looked_at]


def equal_pairs(group: Unpaired) -> tuple[list[tuple[Mirror, Mirror]], list[Mirror]]:
    """Payments of equal amounts in the order of their dates, and what has no counterpart."""
    waiting: dict[Decimal, list[Mirror]] = defaultdict(list)
    for mirror in sorted(group.xero, key=_when):
        waiting[amount_of(mirror)].append(mirror)
    pairs: list[tuple[Mirror, Mirror]] = []
    alone: list[Mirror] = []
    for mirror in sorted(group.perfex, key=_when):
        same = waiting[amount_of(mirror)]
        if same:
            pairs.append((mirror, same.pop(0)))
        else:
            alone.append(mirror)
    return pairs, [*alone, *(left for rest in waiting.values() for left in rest)]


@exact()
def _sum(payments: Iterable[Mirror]) -> Decimal:
    return sum(map(amount_of, payments), Decimal(0))


def _when(payment: Mirror) -> tuple[date, str]:
    return payment.record.dated or date.min, payment.key.id
