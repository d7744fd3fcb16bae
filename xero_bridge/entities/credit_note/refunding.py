"""Credit paid back: each refund of Perfex becomes a payment of Xero's credit note."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from msgspec.structs import replace

from xero_bridge.core.books import Books
from xero_bridge.core.entity import Encoding, Payload
from xero_bridge.core.errors import Held
from xero_bridge.core.money import format_cents
from xero_bridge.entities.credit_note.record import CreditNote, Refund
from xero_bridge.entities.document import header
from xero_bridge.entities.marks import refund_mark

_FACET = frozenset({"refunds"})


def refunded(encoding: Encoding, books: Books) -> Payload | None:
    """The next refund, None where all are there; raises Held where one cannot be entered.

    One that was taken back in Perfex is held too: what the bank has booked stays booked.
    """
    if not encoding.facets >= _FACET:
        return None
    note, target = _note(encoding.source), _note(encoding.target)
    before = encoding.base.refunds if isinstance(encoding.base, CreditNote) else target.refunds
    added = _beyond(note.refunds, before)
    missing = [one for one in added if one in _beyond(note.refunds, target.refunds)]
    gone = _beyond(before, note.refunds)
    if not missing and gone:
        amounts = ", ".join(format_cents(one.amount) for one in gone)
        raise Held("refund_taken_back", label=target.label, amounts=amounts)
    if not missing:
        return None
    refund = missing[0]
    if target.side_status in {"DRAFT", "SUBMITTED"}:
        details = {"label": target.label, "amount": format_cents(refund.amount)}
        raise Held("credit_not_open", status=target.side_status, **details)
    whole = len(missing) == 1 and encoding.facets == _FACET
    carried = replace(note, refunds=(*before, refund)) if len(missing) > 1 else note
    return Payload(
        body={"Payments": [_payment(refund, encoding, books)]},
        path="Payments",
        adds=True,
        carried=None if whole else carried,
        covers=frozenset() if whole else _FACET,
    )


def _payment(refund: Refund, encoding: Encoding, books: Books) -> dict[str, object]:
    """Raises Held where its mode has no account, or one of another currency."""
    note, account = _note(encoding.source), books.payment_account(refund.mode)
    booked = account.currency or books.organisation.base_currency
    if note.currency != booked:
        details = {"currency": note.currency, "account": account.name, "booked": booked}
        raise Held("payment_currencies_differ", label=note.label, **details)
    if refund.on is None:
        raise Held("date_missing", label=note.label)
    if (locked := header.locked(note.label, refund.on, books)) is not None:
        raise locked
    return {
        "CreditNote": {"CreditNoteID": encoding.target_id},
        "Account": {"AccountID": account.id},
        "Date": refund.on.isoformat(),
        "Amount": refund.amount,
        "Reference": refund_mark(books.settings.site_tag, refund.id),
    }


def _beyond(refunds: Sequence[Refund], others: Sequence[Refund]) -> list[Refund]:
    """Those that have no equal amount among the others."""
    left: Counter[Decimal] = Counter(one.amount for one in others)
    beyond: list[Refund] = []
    for one in refunds:
        if left[one.amount]:
            left[one.amount] -= 1
        else:
            beyond.append(one)
    return beyond


def _note(record: object) -> CreditNote:
    assert isinstance(record, CreditNote)
    return record
