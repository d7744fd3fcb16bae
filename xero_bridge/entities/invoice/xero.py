"""A Xero sales invoice on the wire. Pages of a thousand are decoded: mind the time per line."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from xero_bridge.core.entity import Decoded, Lookups
from xero_bridge.entities.dates import xero_day, xero_instant
from xero_bridge.entities.document.record import VOID
from xero_bridge.entities.document.xero import STATUSES, XeroContactRef, XeroLineWire, xero_line
from xero_bridge.entities.invoice.record import Invoice
from xero_bridge.entities.marks import url_mark
from xero_bridge.entities.wire import WireError, xero_name

_ZERO = Decimal()


class XeroPaymentRef(msgspec.Struct, frozen=True, gc=False, rename=xero_name):
    """A payment of an invoice."""

    payment_id: str


class XeroInvoiceWire(msgspec.Struct, frozen=True, rename=xero_name):
    """An element of `Invoices`. Write answers lack payments and what was credited."""

    invoice_id: str
    status: str
    contact: XeroContactRef
    total: Decimal
    currency_code: str
    invoice_number: str | None = None
    reference: str | None = None
    date_string: str | None = None
    due_date_string: str | None = None
    date: str | None = None
    due_date: str | None = None
    line_amount_types: str | None = None
    line_items: list[XeroLineWire] | None = None
    sub_total: Decimal | None = None
    total_tax: Decimal | None = None
    amount_due: Decimal | None = None
    amount_paid: Decimal | None = None
    amount_credited: Decimal | None = None
    payments: list[XeroPaymentRef] | None = None
    url: str | None = None
    updated_date_utc: str | None = None


def from_xero(wire: XeroInvoiceWire, lookups: Lookups) -> Decoded:
    """The canonical invoice; raises WireError for a status that Xero does not document."""
    status = STATUSES.get(wire.status)
    if status is None:
        raise WireError(f"invoice {wire.invoice_number} has the unknown status {wire.status!r}.")
    record = Invoice(
        number=wire.invoice_number or "",
        customer=wire.contact.contact_id,
        issued=xero_day(wire.date_string, wire.date),
        due=xero_day(wire.due_date_string, wire.due_date),
        currency=wire.currency_code,
        status=status,
        reference=wire.reference or "",
        lines=tuple([xero_line(line) for line in wire.line_items or ()]),
        total=wire.total,
        total_tax=wire.total_tax,
        subtotal=wire.sub_total,
        # A write answer of a voided invoice still shows what was due: its status outranks it.
        amount_due=_ZERO if status == VOID else wire.amount_due,
        paid=wire.amount_paid,
        credited=wire.amount_credited,
        payments=tuple([payment.payment_id for payment in wire.payments or ()]),
        side_status=wire.status,
        amounts_are=wire.line_amount_types or "",
        url=wire.url or "",
    )
    stamp = wire.updated_date_utc
    return Decoded(
        id=wire.invoice_id,
        record=record,
        mark=url_mark(wire.url, lookups.site_url),
        updated_at=xero_instant(stamp) if stamp else None,
    )
