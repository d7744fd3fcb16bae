"""Writing a Perfex credit note to Xero: create, update of what changed, void or delete."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from xero_bridge.core.books import Books
from xero_bridge.core.entity import Encoding, Expected, Json, Payload
from xero_bridge.core.errors import Held, Waiting
from xero_bridge.core.planned_line import Discounts
from xero_bridge.core.record import Record
from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities.credit_note import applying, refunding
from xero_bridge.entities.credit_note.record import (
    AppliedTo,
    CreditNote,
    applied_view,
    refunds_view,
)
from xero_bridge.entities.document import Form, draft, header, lines, status_facet
from xero_bridge.entities.marks import credit_note_mark

FORM = Form(discounts=Discounts.NET_PRICES)
#: What was done with the credit: each part of it is a call of its own.
USES = frozenset({"applied", "refunds"})
_SETTLED_WORDS = "Xero takes neither other amounts nor other dates on it."


def create(encoding: Encoding, books: Books) -> Payload:
    """The credit note alone; what was done with the credit follows. Raises Held or Waiting."""
    note = note_of(encoding.source)
    drafted = draft(note, FORM, books)
    mark = credit_note_mark(books.settings.site_tag, encoding.source_id)
    body: Json = {"Type": "ACCRECCREDIT"}
    for members in _MEMBERS.values():
        body |= members(note, books)
    body |= {"Status": books.settings.invoice_status, "Reference": mark, **lines.all_new(drafted)}
    declared = {"reference": (note.reference, mark)} if note.reference else {}
    return Payload(
        body=body,
        expects=Expected(total=drafted.total, tax=drafted.tax),
        line_roles=drafted.roles,
        declared=drafted.declared | declared,
        mark=mark,
    )


def update(encoding: Encoding, books: Books) -> Payload:
    """The next step towards the given facets: credit taken back, then the document, then its uses.

    Xero changes the document only while nothing is applied. A step that leaves something undone
    says so in `carried`.
    """
    note, target = note_of(encoding.source), note_of(encoding.target)
    if note.closed:
        return void(encoding, books)
    if target.closed:
        raise Held(
            "status_forbidden", label=target.label, status=target.side_status, step="changes"
        )
    troubles: list[Held | Waiting] = []
    for step in (applying.taken_back, _document, applying.applied, refunding.refunded):
        try:
            payload = step(encoding, books)
        except (Held, Waiting) as error:
            troubles.append(error)
            continue
        if payload is not None:
            return payload
    raise troubles[0] if troubles else Held("credits_apart", label=target.label)


def _document(encoding: Encoding, books: Books) -> Payload | None:
    """The given facets of the document itself, None where there are none."""
    note, target = note_of(encoding.source), note_of(encoding.target)
    facets = encoding.facets - USES
    if not facets:
        return None
    body: Json = {"CreditNoteID": encoding.target_id}
    for facet, members in _MEMBERS.items():
        if facet in facets:
            body |= members(note, books)
    if target.settled and facets - {"number"}:
        raise Held("has_payments", label=target.label, message=_SETTLED_WORDS)
    if facets & {"lines", "total"}:
        payload = lines.with_lines(body, draft(note, FORM, books), encoding, books)
    else:
        payload = Payload(body=body, expects=lines.unchanged_money(target))
    if encoding.facets == facets:
        return payload
    return replace(payload, carried=note, covers=facets)


def void(encoding: Encoding, _books: Books) -> Payload:
    """VOIDED when approved, DELETED while a draft; raises Held where its credit was used."""
    target = note_of(encoding.target)
    if target.settled:
        raise Held("credit_used", label=target.label)
    match target.side_status:
        case "AUTHORISED":
            status = "VOIDED"
        case "DRAFT" | "SUBMITTED":
            status = "DELETED"
        case other:
            raise Held("status_forbidden", label=target.label, status=other, step="voiding")
    return Payload(body={"CreditNoteID": encoding.target_id, "Status": status})


def shown(record: Record, books: Books) -> Mapping[str, object]:
    """The facets as Xero would show them; raises Held or Waiting as encoding does."""
    note = note_of(record)
    drafted = draft(note, FORM, books)
    return {
        "number": note.number,
        "customer": books.xero_id(Kind.CUSTOMER, note.customer),
        "issued": note.issued,
        "currency": note.currency,
        "lines": tuple(line.view for line in drafted.lines),
        "total": drafted.total,
        "status": status_facet(note),
        "refunds": refunds_view(note),
        **_translated(note, books.xero_id),
    }


def shown_on_perfex(record: Record, books: Books) -> Mapping[str, object]:
    """What was done with the credit, as Perfex would show it."""
    note = note_of(record)
    return {"refunds": refunds_view(note), **_translated(note, books.perfex_id)}


def _translated(
    note: CreditNote, other_id: Callable[[Kind, str], str]
) -> dict[str, tuple[AppliedTo, ...]]:
    """What was applied, under the other side's ids; nothing while an invoice is on one side."""
    try:
        found = [
            AppliedTo(other_id(Kind.INVOICE, one.invoice), one.amount, one.number)
            for one in applied_view(note)
        ]
    except Waiting:
        return {}
    return {"applied": tuple(sorted(found, key=lambda one: one.invoice))}


def note_of(record: Record | None) -> CreditNote:
    """The record as a credit note."""
    assert isinstance(record, CreditNote)
    return record


_MEMBERS: dict[str, Callable[[CreditNote, Books], Json]] = {
    "customer": lambda note, books: header.contact(note, Kind.CUSTOMER, note.customer, books),
    "number": lambda note, _books: header.number(note, "CreditNoteNumber"),
    "issued": lambda note, _books: header.issued(note),
    "currency": header.currency,
}
