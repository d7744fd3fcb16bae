"""Writing a Perfex invoice to Xero: create, update of what changed, void or delete."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from xero_bridge.core.books import Books
from xero_bridge.core.entity import Encoding, Expected, Json, Payload
from xero_bridge.core.errors import Held
from xero_bridge.core.planned_line import Discounts
from xero_bridge.core.record import Record
from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities.document import Form, draft, header, lines
from xero_bridge.entities.document.record import status_facet
from xero_bridge.entities.invoice.record import Invoice

FORM = Form(discounts=Discounts.RATE_AND_AMOUNT)
_SETTLED_WORDS = "Xero takes neither other amounts nor other dates on it."


def create(encoding: Encoding, books: Books) -> Payload:
    """The whole invoice; its Url is our mark. Raises Held or Waiting where it cannot be sent."""
    invoice = invoice_of(encoding.source)
    drafted = draft(invoice, FORM, books)
    mark = books.record_url(Kind.INVOICE, encoding.source_id)
    body: Json = {"Type": "ACCREC"}
    for members in _MEMBERS.values():
        body |= members(invoice, books)
    body |= {"Status": books.settings.invoice_status, "Url": mark, **lines.all_new(drafted)}
    return Payload(
        body=body,
        expects=Expected(total=drafted.total, tax=drafted.tax),
        line_roles=drafted.roles,
        declared=drafted.declared | _stated_due(invoice),
        mark=mark,
    )


def update(encoding: Encoding, books: Books) -> Payload:
    """The given facets; lines keep their ids, account and tracking, and a TaxType of equal rate."""
    invoice, target = invoice_of(encoding.source), invoice_of(encoding.target)
    if invoice.closed:
        return void(encoding, books)
    if target.closed:
        raise Held(
            "status_forbidden", label=target.label, status=target.side_status, step="changes"
        )
    body: Json = {"InvoiceID": encoding.target_id}
    for facet, members in _MEMBERS.items():
        if facet in encoding.facets:
            body |= members(invoice, books)
    if target.settled and encoding.facets & {"issued", "currency"}:
        raise Held("has_payments", label=target.label, message=_SETTLED_WORDS)
    if not encoding.facets & {"lines", "total"}:
        return Payload(body=body, expects=lines.unchanged_money(target))
    only_texts = _SETTLED_WORDS if target.settled else ""
    written = lines.with_lines(
        body, draft(invoice, FORM, books), encoding, books, only_texts=only_texts
    )
    return replace(written, declared=written.declared | _stated_due(invoice))


def void(encoding: Encoding, _books: Books) -> Payload:
    """VOIDED when approved, DELETED while a draft; raises Held with payments or credits on it."""
    target = invoice_of(encoding.target)
    if target.settled:
        message = "they have to be removed before it can be voided."
        raise Held("has_payments", label=target.label, message=message)
    match target.side_status:
        case "AUTHORISED":
            status = "VOIDED"
        case "DRAFT" | "SUBMITTED":
            status = "DELETED"
        case other:
            raise Held("status_forbidden", label=target.label, status=other, step="voiding")
    return Payload(body={"InvoiceID": encoding.target_id, "Status": status})


def shown(record: Record, books: Books) -> Mapping[str, object]:
    """The facets as Xero would show them; raises Held or Waiting as encoding does."""
    invoice = invoice_of(record)
    drafted = draft(invoice, FORM, books)
    return {
        "number": invoice.number,
        "customer": books.xero_id(Kind.CUSTOMER, invoice.customer),
        "issued": invoice.issued,
        "due": invoice.due or invoice.issued,
        "currency": invoice.currency,
        "lines": tuple(line.view for line in drafted.lines),
        "total": drafted.total,
        "status": status_facet(invoice),
    }


def invoice_of(record: Record | None) -> Invoice:
    """The record as an invoice."""
    assert isinstance(record, Invoice)
    return record


def _due(invoice: Invoice, _books: Books) -> Json:
    """An approved invoice needs one: Perfex invoices without are due when issued."""
    due = invoice.due or invoice.issued
    return {"DueDate": due.isoformat()} if due else {}


def _stated_due(invoice: Invoice) -> dict[str, tuple[str, str]]:
    if invoice.due is None and invoice.issued:
        return {"due": ("", invoice.issued.isoformat())}
    return {}


_MEMBERS: dict[str, Callable[[Invoice, Books], Json]] = {
    "customer": lambda invoice, books: header.contact(
        invoice, Kind.CUSTOMER, invoice.customer, books
    ),
    "number": lambda invoice, _books: header.number(invoice, "InvoiceNumber"),
    "issued": lambda invoice, _books: header.issued(invoice),
    "due": _due,
    "currency": header.currency,
}
