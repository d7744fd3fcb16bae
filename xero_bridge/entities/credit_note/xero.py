"""A Xero credit note of a customer on the wire."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from xero_bridge.core.entity import Decoded, Lookups
from xero_bridge.entities.credit_note.record import Applied, CreditNote, Refund
from xero_bridge.entities.dates import xero_day, xero_instant
from xero_bridge.entities.document.record import VOID
from xero_bridge.entities.document.xero import STATUSES, XeroContactRef, XeroLineWire, xero_line
from xero_bridge.entities.marks import mark_in
from xero_bridge.entities.wire import WireError, xero_name

_ZERO = Decimal()


class XeroInvoiceRef(msgspec.Struct, frozen=True, rename=xero_name):
    """The invoice of an allocation."""

    invoice_id: str
    invoice_number: str | None = None


class XeroAllocationWire(msgspec.Struct, frozen=True, rename=xero_name):
    """A part of the credit set against an invoice."""

    amount: Decimal
    invoice: XeroInvoiceRef
    allocation_id: str | None = None
    date: str | None = None


class XeroRefundWire(msgspec.Struct, frozen=True, rename=xero_name):
    """A payment by which a part of the credit was paid back."""

    payment_id: str
    amount: Decimal
    date: str | None = None


class XeroCreditNoteWire(msgspec.Struct, frozen=True, rename=xero_name):
    """An element of `CreditNotes`. Write answers may lack what was done with the credit."""

    credit_note_id: str
    status: str
    contact: XeroContactRef
    total: Decimal
    currency_code: str
    credit_note_number: str | None = None
    reference: str | None = None
    date_string: str | None = None
    date: str | None = None
    line_amount_types: str | None = None
    line_items: list[XeroLineWire] | None = None
    sub_total: Decimal | None = None
    total_tax: Decimal | None = None
    remaining_credit: Decimal | None = None
    allocations: list[XeroAllocationWire] | None = None
    payments: list[XeroRefundWire] | None = None
    updated_date_utc: str | None = None


def from_xero(wire: XeroCreditNoteWire, lookups: Lookups) -> Decoded:
    """The canonical credit note; raises WireError for a status that Xero does not document."""
    status = STATUSES.get(wire.status)
    if status is None:
        number = wire.credit_note_number
        raise WireError(f"credit note {number} has the unknown status {wire.status!r}.")
    record = CreditNote(
        number=wire.credit_note_number or "",
        customer=wire.contact.contact_id,
        issued=xero_day(wire.date_string, wire.date),
        currency=wire.currency_code,
        status=status,
        reference=wire.reference or "",
        lines=tuple(xero_line(line) for line in wire.line_items or ()),
        total=wire.total,
        total_tax=wire.total_tax,
        subtotal=wire.sub_total,
        applied=tuple(map(_applied, wire.allocations or ())),
        refunds=tuple(map(_refund, wire.payments or ())),
        left=_ZERO if status == VOID else wire.remaining_credit,
        side_status=wire.status,
        amounts_are=wire.line_amount_types or "",
    )
    stamp = wire.updated_date_utc
    return Decoded(
        id=wire.credit_note_id,
        record=record,
        mark=mark_in(wire.reference, lookups.tag, "CN"),
        updated_at=xero_instant(stamp) if stamp else None,
    )


def _applied(wire: XeroAllocationWire) -> Applied:
    return Applied(
        invoice=wire.invoice.invoice_id,
        amount=wire.amount,
        on=xero_day(None, wire.date),
        id=wire.allocation_id or "",
        number=wire.invoice.invoice_number or "",
    )


def _refund(wire: XeroRefundWire) -> Refund:
    return Refund(amount=wire.amount, on=xero_day(None, wire.date), id=wire.payment_id)
