"""Writing a Xero invoice to Perfex: only what comes out the same there, to the cent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec import structs

from xero_bridge.core.books import Books
from xero_bridge.core.entity import Encoding, Expected, Json, Payload
from xero_bridge.core.errors import Held, NotOffered, StaysOut
from xero_bridge.core.money import decimals, exact, format_cents
from xero_bridge.core.record import Record
from xero_bridge.core.totals import PerfexLine, PerfexTotals, perfex_totals
from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities.document.record import (
    UNKNOWN_TAX,
    Line,
    LineView,
    prefix_of,
    status_facet,
)
from xero_bridge.entities.invoice.record import Invoice
from xero_bridge.entities.marks import xero_invoice_mark
from xero_bridge.entities.tax import rate_of, tax_key, taxes_of
from xero_bridge.entities.text import perfex_lines

#: Perfex keeps quantities and prices with two decimals.
_PLACES = 2
_TEXT_LIMIT = 4000
_NO_TEXT = "-"
#: Facets that are written with the lines.
MONEY = frozenset({"lines", "total"})


def create(encoding: Encoding, books: Books) -> Payload:
    """The whole invoice; its number is given when it is sent, the client adds the addresses.

    Raises StaysOut where Perfex would not come to the same total and tax.
    """
    invoice = _invoice(encoding.source)
    if prefix_of(invoice.number) in books.number_prefixes():
        details = {"label": invoice.label, "prefix": prefix_of(invoice.number)}
        raise NotOffered("same_prefix", **details)
    lines = lines_of(invoice, books)
    totals = _totals(invoice, lines)
    mark = xero_invoice_mark(books.settings.site_tag, encoding.source_id)
    modes = books.payment_modes()
    if not modes:
        raise Held("no_payment_mode", label=invoice.label)
    body: Json = {
        "clientid": books.perfex_id(Kind.CUSTOMER, invoice.customer),
        **_dates(invoice),
        "currency": _currency_id(invoice, books),
        "allowed_payment_modes": list(modes),
        "discount_percent": "0.00",
        "discount_total": "0.00",
        "discount_type": "",
        "adjustment": "0.00",
        # A reminder about an invoice that the customer has from Xero would surprise them.
        "cancel_overdue_reminders": "1",
        "adminnote": f"Invoice {invoice.number} of Xero ({mark})",
        **_money(totals),
        "newitems": _items(lines),
    }
    expects = Expected(total=totals.total, tax=totals.tax)
    declared = {"number": ("", invoice.number)}
    return Payload(body=body, expects=expects, declared=declared, mark=mark)


def update(encoding: Encoding, books: Books) -> Payload:
    """What these facets are made of; the client adds what a PUT would reset.

    A PUT has to bring lines along, so all are replaced: by those of Xero, or by themselves.
    """
    invoice, target = _invoice(encoding.source), _invoice(encoding.target)
    body: Json = {}
    if "issued" in encoding.facets:
        body["date"] = _dates(invoice)["date"]
    if "due" in encoding.facets:
        body["duedate"] = invoice.due.isoformat() if invoice.due else ""
    if not encoding.facets & MONEY:
        kept = [{"taxname": _tax_names(line)} for line in target.lines]
        expects = Expected(total=target.total, tax=target.total_tax or Decimal())
        return Payload(body={**body, "kept": kept}, expects=expects)
    lines = _with_known_taxes(lines_of(invoice, books), target)
    totals = _totals(invoice, lines)
    expects = Expected(total=totals.total, tax=totals.tax)
    return Payload(body={**body, **_money(totals), "newitems": _items(lines)}, expects=expects)


def by_hand(encoding: Encoding, _books: Books) -> frozenset[str]:
    """Templates, and lines that have more than can be sent, are changed by a person."""
    target = _invoice(encoding.target)
    unknown = any(line.tax == UNKNOWN_TAX for line in target.lines)
    return encoding.facets if target.recurring or target.bound_lines or unknown else frozenset()


def unfollowed(encoding: Encoding, books: Books) -> frozenset[str]:
    """Money that does not come out the same in Perfex, and lines of ours among those of Xero."""
    invoice, target = _invoice(encoding.source), _invoice(encoding.target)
    ours = any(role != "item" for _id, role in encoding.roles.lines)
    below = bool(target.discount_total or target.discount_percent or target.adjustment)
    if ours or below:
        return MONEY
    try:
        _totals(invoice, lines_of(invoice, books))
    except StaysOut:
        return MONEY
    except Held:
        return frozenset()  # Encoding says what is in the way.
    return frozenset()


def _with_known_taxes(lines: Sequence[Line], target: Invoice) -> tuple[Line, ...]:
    """Several taxes of Perfex may be one of Xero: a line of the same text keeps its own."""
    known = {line.text: line.tax for line in target.lines}
    return tuple(
        structs.replace(line, tax=known[line.text])
        if line.text in known and rate_of(known[line.text]) == rate_of(line.tax)
        else line
        for line in lines
    )


def shown(record: Record, books: Books) -> Mapping[str, object]:
    """The facets of a Xero invoice as Perfex would show them; raises Held as encoding does."""
    invoice = _invoice(record)
    return {
        "customer": books.perfex_id(Kind.CUSTOMER, invoice.customer),
        "issued": invoice.issued,
        "due": invoice.due,
        "currency": invoice.currency,
        "lines": tuple(
            LineView(text=line.text, quantity=line.quantity, price=line.price, tax=line.tax)
            for line in lines_of(invoice, books)
        ),
        "total": invoice.total,
        "status": status_facet(invoice),
    }


def lines_of(invoice: Invoice, books: Books) -> tuple[Line, ...]:
    """The lines with net prices and Perfex's taxes; raises StaysOut for what it cannot hold."""
    return tuple(_line(invoice, line, books) for line in invoice.lines)


def _line(invoice: Invoice, line: Line, books: Books) -> Line:
    if not line.quantity and not line.amount:
        # A line of text alone.
        return Line(_text(line), Decimal(1), Decimal(), tax_key(()))
    price = _net_price(invoice, line)
    figures = {"quantity": line.quantity, "price": price}
    for name, value in figures.items():
        if value is None or decimals(value) > _PLACES:
            shown_as = f"{line.price if value is None else value:f}"
            details = {"figure": name, "value": shown_as, "line": line.text[:60]}
            raise StaysOut("perfex_decimals", label=invoice.label, **details)
    assert price is not None
    taxed = line.tax and invoice.amounts_are != "NoTax"
    return Line(
        _text(line), line.quantity, price, books.perfex_tax(line.tax) if taxed else tax_key(())
    )


@exact()
def _net_price(invoice: Invoice, line: Line) -> Decimal | None:
    """The price without tax and discount, None where it does not come out in cents."""
    discounted = line.discount_rate or line.discount_amount
    if invoice.amounts_are != "Inclusive" and not discounted:
        return line.price
    net = line.amount or Decimal()
    if invoice.amounts_are == "Inclusive":
        net -= line.tax_amount or Decimal()
    if not line.quantity:
        return None
    price = (net / line.quantity).quantize(Decimal("0.01"))
    return price if price * line.quantity == net else None


def _text(line: Line) -> str:
    return perfex_lines(line.text, _TEXT_LIMIT) or _NO_TEXT


@exact()
def _totals(invoice: Invoice, lines: Sequence[Line]) -> PerfexTotals:
    """Perfex's own sums; raises StaysOut where they are not Xero's, or nothing is to be paid."""
    if invoice.total <= 0:
        raise StaysOut("perfex_zero_total", label=invoice.label, total=format_cents(invoice.total))
    totals = perfex_totals(
        [
            PerfexLine(quantity=line.quantity, rate=line.price, taxes=taxes_of(line.tax))
            for line in lines
        ]
    )
    if (totals.total, totals.tax) != (invoice.total, invoice.total_tax or Decimal()):
        raise StaysOut(
            "perfex_totals_differ",
            label=invoice.label,
            total=format_cents(invoice.total),
            tax=format_cents(invoice.total_tax or Decimal()),
            perfex_total=format_cents(totals.total),
            perfex_tax=format_cents(totals.tax),
        )
    return totals


def _money(totals: PerfexTotals) -> Json:
    return {"subtotal": format_cents(totals.subtotal), "total": format_cents(totals.total)}


def _dates(invoice: Invoice) -> Json:
    if invoice.issued is None:
        raise Held("date_missing", label=invoice.label)
    due = {"duedate": invoice.due.isoformat()} if invoice.due else {}
    return {"date": invoice.issued.isoformat(), **due}


def _currency_id(invoice: Invoice, books: Books) -> str:
    found = books.site.currencies.get(invoice.currency)
    if found is None:
        raise Held("perfex_currency_missing", label=invoice.label, currency=invoice.currency)
    return found


def _items(lines: Sequence[Line]) -> list[Json]:
    return [_item(place, line) for place, line in enumerate(lines, 1)]


def _item(place: int, line: Line) -> Json:
    """The first line of the text is what Perfex calls the item, the others describe it."""
    description, _, more = line.text.partition("\n")
    taxes = _tax_names(line)
    return {
        "description": description,
        "long_description": more,
        "qty": format_cents(line.quantity),
        "rate": format_cents(line.price),
        "unit": "",
        "order": str(place),
        **({"taxname": taxes} if taxes else {}),
    }


def _tax_names(line: Line) -> list[str]:
    return [f"{tax.name}|{format_cents(tax.rate)}" for tax in taxes_of(line.tax)]


def _invoice(record: Record | None) -> Invoice:
    assert isinstance(record, Invoice)
    return record
