"""Writing a Perfex invoice to Xero: create, update of what changed, void or delete."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest

from msgspec.structs import replace

from xero_bridge.core.books import Books
from xero_bridge.core.entity import Encoding, Expected, Json, Payload
from xero_bridge.core.errors import Held
from xero_bridge.core.record import Record, Roles
from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities.invoice.drafting import Draft, DraftLine, draft
from xero_bridge.entities.invoice.record import Invoice, Line, line_views
from xero_bridge.entities.text import NAME_LIMIT

_SETTLED_WORDS = "Xero takes neither other amounts nor other dates on it."


def create(encoding: Encoding, books: Books) -> Payload:
    """The whole invoice; its Url is our mark. Raises Held or Waiting where it cannot be sent."""
    invoice = invoice_of(encoding.source)
    drafted = draft(invoice, books)
    mark = books.record_url(Kind.INVOICE, encoding.source_id)
    body: Json = {"Type": "ACCREC"}
    for members in _MEMBERS.values():
        body |= members(invoice, books)
    body |= {
        "LineAmountTypes": "Exclusive",
        "Status": books.settings.invoice_status,
        "Url": mark,
        "LineItems": [_new_line(line) for line in drafted.lines],
    }
    return Payload(
        body=body,
        expects=Expected(total=drafted.total, tax=drafted.tax),
        line_roles=tuple(line.role.value for line in drafted.lines),
        declared=_declared(invoice, drafted),
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
        return Payload(body=body, expects=_unchanged(target))
    return _with_lines(encoding, books, body)


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
    drafted = draft(invoice, books)
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


def status_facet(invoice: Invoice) -> str:
    """Void or not: approving in Xero and numbering in Perfex are each side's own business."""
    return "void" if invoice.closed else "issued"


def _with_lines(encoding: Encoding, books: Books, body: Json) -> Payload:
    invoice, target = invoice_of(encoding.source), invoice_of(encoding.target)
    drafted = draft(invoice, books)
    kept = _kept(drafted.lines, target, encoding.roles)
    if target.settled and not _same_money(drafted.lines, kept, target):
        raise Held("has_payments", label=target.label, message=_SETTLED_WORDS)
    lines = [_line(line, now, books) for line, now in zip(drafted.lines, kept, strict=True)]
    return Payload(
        body={**body, "LineAmountTypes": "Exclusive", "LineItems": lines},
        expects=Expected(total=drafted.total, tax=drafted.tax),
        line_roles=tuple(line.role.value for line in drafted.lines),
        declared=_declared(invoice, drafted),
    )


def _kept(lines: Sequence[DraftLine], target: Invoice, roles: Roles) -> tuple[Line | None, ...]:
    """The Xero line that each line updates, None for a new one.

    Raises Held where Xero has lines that the bridge did not write: sending ours would delete them.
    """
    existing = {line.id: line for line in target.lines}
    known = roles.lines or tuple((line_id, "item") for line_id in existing)
    strangers = set(existing) - {line_id for line_id, _ in known}
    if strangers:
        raise Held("lines_added_in_xero", label=target.label, count=len(strangers))
    waiting: dict[str, list[Line]] = {}
    for line_id, role in known:
        if line_id in existing:
            waiting.setdefault(role, []).append(existing[line_id])
    return _paired(lines, waiting)


def _paired(
    lines: Sequence[DraftLine], waiting: Mapping[str, list[Line]]
) -> tuple[Line | None, ...]:
    """Each line with the Xero line of its role that is most like it.

    A bookkeeper's coding stays with what it was given to, in whatever order the lines come. First
    those of the same text, quantity and price, then of the same text; what is left over on both
    sides goes together in order.
    """
    kept: list[Line | None] = [None] * len(lines)
    for alike in (_is_the_same, _has_the_same_text, _may_stand_for):
        for index, line in enumerate(lines):
            free = waiting.get(line.role.value, [])
            found = next((one for one in free if alike(line, one)), None)
            if kept[index] is None and found is not None:
                kept[index] = found
                free.remove(found)
    return tuple(kept)


def _is_the_same(line: DraftLine, now: Line) -> bool:
    return (line.text, line.quantity, line.price) == (now.text, now.quantity, now.price)


def _has_the_same_text(line: DraftLine, now: Line) -> bool:
    return line.text == now.text


def _may_stand_for(_line: DraftLine, _now: Line) -> bool:
    return True


def _same_money(lines: Sequence[DraftLine], kept: Sequence[Line | None], target: Invoice) -> bool:
    """Whether only texts change, and no line comes or goes."""
    if len(lines) != len(target.lines) or None in kept:
        return False
    before = line_views(replace(target, lines=tuple(line for line in kept if line)))
    after = [line.view for line in lines]
    return all(
        old is not None and new is not None and old[1:] == new[1:]
        for old, new in zip_longest(before, after)
    )


def _new_line(line: DraftLine) -> Json:
    discount: Json = {}
    if line.discount_rate is not None:
        discount = {"DiscountRate": line.discount_rate}
    elif line.discount_amount is not None:
        discount = {"DiscountAmount": line.discount_amount}
    account = line.account
    coded = {"AccountCode": account.code} if account.code else {"AccountID": account.id}
    return {
        "Description": line.text,
        "Quantity": line.quantity,
        "UnitAmount": line.price,
        **discount,
        **coded,
        "TaxType": line.tax_type,
    }


def _line(line: DraftLine, now: Line | None, books: Books) -> Json:
    """The line with the id and the coding that it has in Xero now: a recoding there is kept."""
    body = _new_line(line)
    if now is None:
        return body
    body["LineItemID"] = now.id
    # A member that is not sent may stay as it was: a discount is taken away by a zero.
    if now.discount_rate and not (line.discount_rate or line.discount_amount):
        body["DiscountRate"] = 0
    if now.discount_amount and not (line.discount_rate or line.discount_amount):
        body["DiscountAmount"] = 0
    if now.account:
        body["AccountCode"] = now.account
        body.pop("AccountID", None)
    if now.tax and books.tax_rate(now.tax) == line.tax_rate:
        body["TaxType"] = now.tax
    if now.tracking:
        body["Tracking"] = [
            {"TrackingCategoryID": t.category_id, "TrackingOptionID": t.option_id}
            if t.category_id and t.option_id
            else {"Name": t.name, "Option": t.option}
            for t in now.tracking
        ]
    return body


def _number(invoice: Invoice, _books: Books) -> Json:
    number = invoice.number
    if not number:
        raise Held("number_missing", label=invoice.label)
    if not (number.isascii() and number.isprintable()) or len(number) > NAME_LIMIT:
        raise Held("number_not_ascii", label=number, number=number)
    return {"InvoiceNumber": number}


def _currency(invoice: Invoice, books: Books) -> Json:
    if not books.currency_enabled(invoice.currency):
        raise Held("currency_missing", label=invoice.label, currency=invoice.currency)
    return {"CurrencyCode": invoice.currency}


def _issued(invoice: Invoice, _books: Books) -> Json:
    if invoice.issued is None:
        raise Held("date_missing", label=invoice.label)
    return {"Date": invoice.issued.isoformat()}


def _due(invoice: Invoice, _books: Books) -> Json:
    """An approved invoice needs one: Perfex invoices without are due when issued."""
    due = invoice.due or invoice.issued
    return {"DueDate": due.isoformat()} if due else {}


def _customer(invoice: Invoice, books: Books) -> Json:
    """The id alone: further members would edit the contact."""
    if invoice.customer in {"", "0"}:
        raise Held("customer_deleted", label=invoice.label)
    return {"Contact": {"ContactID": books.xero_id(Kind.CUSTOMER, invoice.customer)}}


_MEMBERS: dict[str, Callable[[Invoice, Books], Json]] = {
    "customer": _customer,
    "number": _number,
    "issued": _issued,
    "due": _due,
    "currency": _currency,
}


def _declared(invoice: Invoice, drafted: Draft) -> dict[str, tuple[str, str]]:
    declared: dict[str, tuple[str, str]] = {}
    if drafted.tax_difference:
        perfex, xero = drafted.tax_difference
        declared["tax"] = (f"{perfex:f}", f"{xero:f}")
    if invoice.due is None and invoice.issued:
        declared["due"] = ("", invoice.issued.isoformat())
    return declared


def _unchanged(target: Invoice) -> Expected | None:
    if target.total_tax is None:
        return None
    return Expected(total=target.total, tax=target.total_tax)
