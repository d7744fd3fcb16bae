"""A Perfex invoice as GET /invoices/{id} shows it. Members that no rule needs are left alone."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from xero_bridge.core.entity import Decoded, Lookups
from xero_bridge.core.money import exact
from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities.dates import perfex_day
from xero_bridge.entities.document.line_tax import with_taxes
from xero_bridge.entities.document.perfex import (
    DRAFT_NUMBER,
    PerfexSaleWire,
    sale_currency,
    sale_discount_type,
    sale_lines,
    shown_number,
)
from xero_bridge.entities.document.record import DRAFT, ISSUED, VOID
from xero_bridge.entities.invoice.record import Invoice
from xero_bridge.entities.marks import noted_mark, record_url
from xero_bridge.entities.wire import ABSENT, Loose, WireError, as_decimal, as_id, as_text

CANCELLED, DRAFTED = "5", "6"
_STATUSES = {"1": ISSUED, "2": ISSUED, "3": ISSUED, "4": ISSUED, CANCELLED: VOID, DRAFTED: DRAFT}


class PerfexPaymentRef(msgspec.Struct, frozen=True):
    """A payment of the detail: `paymentid` is its id, `id` that of its mode."""

    paymentid: Loose
    amount: Loose = ABSENT


class PerfexInvoiceWire(PerfexSaleWire, frozen=True, kw_only=True):
    """The detail of an invoice; list rows lack the lines and are no invoices to us."""

    duedate: Loose = ABSENT
    recurring: Loose = ABSENT
    adminnote: Loose = ABSENT
    total_left_to_pay: Loose = ABSENT
    payments: list[PerfexPaymentRef] | None = None


def from_perfex(wire: PerfexInvoiceWire, lookups: Lookups) -> Decoded:
    """The canonical invoice; raises WireError for a status or currency it cannot be."""
    invoice_id, side_status = as_id(wire.id, "id"), as_text(wire.status)
    if side_status not in _STATUSES:
        raise WireError(f"invoice {invoice_id} has the unknown status {side_status!r}.")
    left = as_decimal(wire.total_left_to_pay, "total_left_to_pay")
    total = as_decimal(wire.total, "total")
    paid = _paid(wire)
    invoice = Invoice(
        number=_number(wire, lookups.padding),
        customer=as_text(wire.clientid),
        issued=perfex_day(as_text(wire.date)),
        due=perfex_day(as_text(wire.duedate)),
        currency=sale_currency(wire, lookups),
        status=_STATUSES[side_status],
        lines=sale_lines(wire.items),
        total=total,
        total_tax=as_decimal(wire.total_tax, "total_tax"),
        subtotal=as_decimal(wire.subtotal, "subtotal"),
        amount_due=left if bytes(wire.total_left_to_pay) else None,
        paid=paid,
        credited=_credited(wire, total, paid),
        payments=tuple(as_id(p.paymentid, "paymentid") for p in wire.payments or ()),
        side_status=side_status,
        discount_type=sale_discount_type(wire),
        discount_percent=as_decimal(wire.discount_percent, "discount_percent"),
        discount_total=as_decimal(wire.discount_total, "discount_total"),
        adjustment=as_decimal(wire.adjustment, "adjustment"),
        recurring=as_decimal(wire.recurring, "recurring") > 0,
        bound_lines=any(line.bound for line in wire.items),
        url=record_url(lookups.site_url, Kind.INVOICE, invoice_id) if lookups.site_url else "",
    )
    stamp = as_text(wire.datecreated)
    mark = noted_mark(as_text(wire.adminnote), lookups.tag, "XI")
    record = with_taxes(invoice, lookups.taxes)
    return Decoded(id=invoice_id, record=record, stamp=stamp, mark=mark)


def _number(wire: PerfexInvoiceWire, padding: int) -> str:
    """A draft has none until it is issued."""
    if as_text(wire.status) == DRAFTED or as_text(wire.number) == DRAFT_NUMBER:
        return ""
    return shown_number(wire, padding)


@exact()
def _paid(wire: PerfexInvoiceWire) -> Decimal:
    amounts = (as_decimal(payment.amount, "amount of a payment") for payment in wire.payments or ())
    return sum(amounts, Decimal())


@exact()
def _credited(wire: PerfexInvoiceWire, total: Decimal, paid: Decimal) -> Decimal:
    """Credits applied: the detail does not list them, but what is left to pay tells their sum."""
    if not bytes(wire.total_left_to_pay):
        return Decimal()
    return total - paid - as_decimal(wire.total_left_to_pay, "total_left_to_pay")
