"""Payments of one document: what each side has, whatever its document showed when last read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from xero_bridge.core.ports import Store
from xero_bridge.core.proof import figures, is_closed
from xero_bridge.core.record import Link, Mirror
from xero_bridge.core.vocabulary import Kind, Side


@dataclass(frozen=True, kw_only=True)
class PaidApart:
    """Why two documents show other sums of payments."""

    #: A document's sum is neither that of its payments nor older than a change of them.
    unclear: bool
    #: The payments that stand on one side only or in another amount, in words; empty where both
    #: sides have the same and one document was not read since.
    words: str


@dataclass(frozen=True, kw_only=True)
class _Paid:
    """The payments of a document on its side."""

    #: Those that count.
    open: Mapping[str, Mirror]
    #: The document's own sum differs, though it was read after the last of them.
    unclear: bool


def paid_apart(store: Store, perfex: Mirror, xero: Mirror) -> PaidApart:
    """Compare the payments of both documents."""
    listed = {mirror.key.side: _listed(store, mirror) for mirror in (perfex, xero)}
    paid = {
        document.key.side: _paid(
            document, {**listed[side := document.key.side], **_fellows(store, listed[side.other])}
        )
        for document in (perfex, xero)
    }
    alone = [
        payment
        for side in Side
        for payment in paid[side].open.values()
        if not _has_fellow(store, payment, paid[side.other].open)
    ]
    return PaidApart(
        unclear=any(each.unclear for each in paid.values()),
        words=", ".join(f"{one.record.label} ({one.key.side.capitalize()})" for one in alone),
    )


def _listed(store: Store, document: Mirror) -> dict[str, Mirror]:
    """The payments that a document shows."""
    ids: tuple[str, ...] = getattr(document.record, "payments", ())
    return store.mirrors(Kind.PAYMENT, document.key.side, ids)


def _fellows(store: Store, payments: Mapping[str, Mirror]) -> dict[str, Mirror]:
    """What these payments are linked to on the other side."""
    found: dict[str, Mirror] = {}
    for payment in payments.values():
        link, other = _link(store, payment), payment.key.side.other
        if link is not None:
            found |= store.mirrors(Kind.PAYMENT, other, [link.id_on(other)])
    return found


def _paid(document: Mirror, payments: Mapping[str, Mirror]) -> _Paid:
    """What counts on this document; a payment may have been deleted or moved since it was read."""
    counted = {
        id_: payment
        for id_, payment in payments.items()
        if not is_closed(payment) and getattr(payment.record, "invoice", "") == document.key.id
    }
    shown = figures(document.record).paid or Decimal()
    is_older = any(payment.seen_at >= document.seen_at for payment in payments.values())
    return _Paid(open=counted, unclear=shown != _sum(counted.values()) and not is_older)


def _link(store: Store, payment: Mirror) -> Link | None:
    key = payment.key
    return store.links(key.kind, key.side, [key.id]).get(key.id)


def _has_fellow(store: Store, payment: Mirror, others: Mapping[str, Mirror]) -> bool:
    """Whether the other side has the same payment in the same amount."""
    link = _link(store, payment)
    fellow = others.get(link.id_on(payment.key.side.other)) if link else None
    return fellow is not None and _amount(fellow) == _amount(payment)


def _amount(payment: Mirror) -> Decimal:
    money = payment.record.money
    return money.amount if money else Decimal()


def _sum(payments: Iterable[Mirror]) -> Decimal:
    return sum(map(_amount, payments), Decimal())
