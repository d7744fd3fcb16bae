"""A Perfex credit note as GET /credit_notes/{id} shows it: without the taxes of its lines."""

from __future__ import annotations

import msgspec

from xero_bridge.core.entity import Decoded, Lookups
from xero_bridge.entities.credit_note.record import Applied, CreditNote, Refund
from xero_bridge.entities.dates import perfex_day
from xero_bridge.entities.document.line_tax import with_taxes
from xero_bridge.entities.document.perfex import (
    PerfexSaleWire,
    sale_currency,
    sale_discount_type,
    sale_lines,
    shown_number,
)
from xero_bridge.entities.document.record import ISSUED, VOID
from xero_bridge.entities.text import clean
from xero_bridge.entities.wire import ABSENT, Loose, WireError, as_decimal, as_id, as_text

OPEN, CLOSED, VOIDED = "1", "2", "3"
_STATUSES = {OPEN: ISSUED, CLOSED: ISSUED, VOIDED: VOID}


class PerfexAppliedWire(msgspec.Struct, frozen=True):
    """A credit applied to an invoice."""

    invoice_id: Loose
    amount: Loose
    id: Loose = ABSENT
    date: Loose = ABSENT


class PerfexRefundWire(msgspec.Struct, frozen=True):
    """A refund; joined rows name its mode `payment_mode_id`."""

    amount: Loose
    id: Loose = ABSENT
    refunded_on: Loose = ABSENT
    payment_mode: Loose = ABSENT
    payment_mode_id: Loose = ABSENT


class PerfexCreditNoteWire(PerfexSaleWire, frozen=True, kw_only=True):
    """The detail of a credit note; list rows lack the lines and what was applied."""

    reference_no: Loose = ABSENT
    remaining_credits: Loose = ABSENT
    applied_credits: list[PerfexAppliedWire] | None = None
    refunds: list[PerfexRefundWire] | None = None


def from_perfex(wire: PerfexCreditNoteWire, lookups: Lookups) -> Decoded:
    """The canonical credit note; raises WireError for a status or currency it cannot be."""
    note_id, side_status = as_id(wire.id, "id"), as_text(wire.status)
    if side_status not in _STATUSES:
        raise WireError(f"credit note {note_id} has the unknown status {side_status!r}.")
    left = as_decimal(wire.remaining_credits, "remaining_credits")
    note = CreditNote(
        number=shown_number(wire, lookups.padding),
        customer=as_text(wire.clientid),
        issued=perfex_day(as_text(wire.date)),
        currency=sale_currency(wire, lookups),
        status=_STATUSES[side_status],
        reference=clean(as_text(wire.reference_no)),
        lines=sale_lines(wire.items),
        total=as_decimal(wire.total, "total"),
        total_tax=as_decimal(wire.total_tax, "total_tax"),
        subtotal=as_decimal(wire.subtotal, "subtotal"),
        applied=tuple(map(_applied, wire.applied_credits or ())),
        refunds=tuple(map(_refund, wire.refunds or ())),
        left=left if bytes(wire.remaining_credits) else None,
        side_status=side_status,
        discount_type=sale_discount_type(wire),
        discount_percent=as_decimal(wire.discount_percent, "discount_percent"),
        discount_total=as_decimal(wire.discount_total, "discount_total"),
        adjustment=as_decimal(wire.adjustment, "adjustment"),
    )
    stamp = as_text(wire.datecreated)
    return Decoded(id=note_id, record=with_taxes(note, lookups.taxes), stamp=stamp)


def _applied(wire: PerfexAppliedWire) -> Applied:
    return Applied(
        invoice=as_id(wire.invoice_id, "invoice_id of an applied credit"),
        amount=as_decimal(wire.amount, "amount of an applied credit"),
        on=perfex_day(as_text(wire.date)),
        id=as_text(wire.id),
    )


def _refund(wire: PerfexRefundWire) -> Refund:
    return Refund(
        amount=as_decimal(wire.amount, "amount of a refund"),
        on=perfex_day(as_text(wire.refunded_on)),
        id=as_text(wire.id),
        mode=as_text(wire.payment_mode_id) or as_text(wire.payment_mode),
    )
