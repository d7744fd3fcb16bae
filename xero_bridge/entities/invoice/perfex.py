"""A Perfex invoice as GET /invoices/{id} shows it. Members that no rule needs are left alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from xero_bridge.core.entity import Decoded, Lookups
from xero_bridge.core.money import exact
from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities.currency import iso_code
from xero_bridge.entities.dates import perfex_day
from xero_bridge.entities.invoice.line_tax import derived, line_key
from xero_bridge.entities.invoice.record import DRAFT, ISSUED, UNKNOWN_TAX, VOID, Invoice, Line
from xero_bridge.entities.marks import record_url
from xero_bridge.entities.text import clean
from xero_bridge.entities.wire import (
    ABSENT,
    Loose,
    WireError,
    as_decimal,
    as_flag,
    as_id,
    as_text,
)

CANCELLED, DRAFTED = "5", "6"
_STATUSES = {"1": ISSUED, "2": ISSUED, "3": ISSUED, "4": ISSUED, CANCELLED: VOID, DRAFTED: DRAFT}
#: Drafts bear this number until they are issued.
_DRAFT_NUMBER = "1000000000"


class PerfexLineWire(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the detail. Its taxes come in one of three ways, or not at all on 2.x."""

    description: Loose
    qty: Loose
    rate: Loose
    id: Loose = ABSENT
    long_description: Loose = ABSENT
    item_order: Loose = ABSENT
    taxname: Loose = ABSENT
    taxrate: Loose = ABSENT
    taxes: Loose = ABSENT
    is_optional: Loose = ABSENT
    is_selected: Loose = ABSENT


class PerfexPaymentRef(msgspec.Struct, frozen=True):
    """A payment of the detail: `paymentid` is its id, `id` that of its mode."""

    paymentid: Loose
    amount: Loose = ABSENT


class PerfexInvoiceWire(msgspec.Struct, frozen=True, kw_only=True):
    """The detail of an invoice; list rows lack the lines and are no invoices to us."""

    id: Loose
    clientid: Loose
    number: Loose
    date: Loose
    total: Loose
    status: Loose
    items: list[PerfexLineWire]
    prefix: Loose = ABSENT
    number_format: Loose = ABSENT
    formatted_number: Loose = ABSENT
    duedate: Loose = ABSENT
    datecreated: Loose = ABSENT
    currency: Loose = ABSENT
    #: ISO code of the currency, joined by Perfex.
    name: Loose = ABSENT
    subtotal: Loose = ABSENT
    total_tax: Loose = ABSENT
    adjustment: Loose = ABSENT
    discount_percent: Loose = ABSENT
    discount_total: Loose = ABSENT
    discount_type: Loose = ABSENT
    recurring: Loose = ABSENT
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
        currency=_currency(wire, lookups),
        status=_STATUSES[side_status],
        lines=tuple(_line(line) for line in sorted(wire.items, key=_order) if _counts(line)),
        total=total,
        total_tax=as_decimal(wire.total_tax, "total_tax"),
        subtotal=as_decimal(wire.subtotal, "subtotal"),
        amount_due=left if bytes(wire.total_left_to_pay) else None,
        paid=paid,
        credited=_credited(wire, total, paid),
        payments=tuple(as_id(p.paymentid, "paymentid") for p in wire.payments or ()),
        side_status=side_status,
        discount_type=_discount_type(wire),
        discount_percent=as_decimal(wire.discount_percent, "discount_percent"),
        discount_total=as_decimal(wire.discount_total, "discount_total"),
        adjustment=as_decimal(wire.adjustment, "adjustment"),
        recurring=as_decimal(wire.recurring, "recurring") > 0,
        url=record_url(lookups.site_url, Kind.INVOICE, invoice_id) if lookups.site_url else "",
    )
    stamp = as_text(wire.datecreated)
    return Decoded(id=invoice_id, record=_with_taxes(invoice, lookups), stamp=stamp)


def _line(line: PerfexLineWire) -> Line:
    description, more = clean(as_text(line.description)), clean(as_text(line.long_description))
    return Line(
        "\n".join(part for part in (description, more) if part),
        as_decimal(line.qty, "qty"),
        as_decimal(line.rate, "rate"),
        line_key(line.taxname, line.taxrate, line.taxes),
    )


def _order(line: PerfexLineWire) -> tuple[Decimal, Decimal]:
    return as_decimal(line.item_order, "item_order"), as_decimal(line.id, "id of a line")


def _counts(line: PerfexLineWire) -> bool:
    """Optional lines that the customer did not choose are not part of the invoice."""
    return not as_flag(line.is_optional) or as_flag(line.is_selected)


def _with_taxes(invoice: Invoice, lookups: Lookups) -> Invoice:
    """Taxes that the module does not show are derived where only one assignment fits."""
    if not any(line.tax == UNKNOWN_TAX for line in invoice.lines):
        return invoice
    keys = derived(invoice, lookups.taxes)
    if keys is None:
        return invoice
    lines = (replace(line, tax=key) for line, key in zip(invoice.lines, keys, strict=True))
    return replace(invoice, lines=tuple(lines))


def _number(wire: PerfexInvoiceWire, padding: int) -> str:
    """The number on the customer's copy; older versions of Perfex leave building it to us."""
    sequence = as_text(wire.number)
    if as_text(wire.status) == DRAFTED or sequence == _DRAFT_NUMBER:
        return ""
    shown = clean(as_text(wire.formatted_number))
    return shown or _built_number(wire, sequence.zfill(padding))


def _built_number(wire: PerfexInvoiceWire, digits: str) -> str:
    prefix, day = clean(as_text(wire.prefix)), perfex_day(as_text(wire.date))
    return f"{prefix}{_dated_digits(digits, as_text(wire.number_format), day)}"


def _dated_digits(digits: str, number_format: str, day: date | None) -> str:
    match number_format, day:
        case "2", date():
            return f"{day.year}/{digits}"
        case "3", date():
            return f"{digits}-{day:%y}"
        case "4", date():
            return f"{digits}/{day:%m}/{day.year}"
        case _:
            return digits


def _currency(wire: PerfexInvoiceWire, lookups: Lookups) -> str:
    """The joined ISO code, else the one of the currency's id."""
    joined, currency_id = as_text(wire.name), as_text(wire.currency)
    code = lookups.currencies.get(currency_id, "") or joined
    return iso_code(code or (lookups.base_currency if currency_id in {"", "0"} else currency_id))


def _discount_type(wire: PerfexInvoiceWire) -> str:
    """Perfex leaves the type standing when the discount is taken away again."""
    return as_text(wire.discount_type) if _discounted(wire) else ""


def _discounted(wire: PerfexInvoiceWire) -> bool:
    percent = as_decimal(wire.discount_percent, "discount_percent")
    return bool(percent or as_decimal(wire.discount_total, "discount_total"))


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
