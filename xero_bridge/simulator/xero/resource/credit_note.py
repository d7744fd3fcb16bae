"""Credit notes: like invoices, without discounts and with what remains of them."""

from decimal import Decimal
from typing import Any

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.errors import Invalid, refuse
from xero_bridge.simulator.xero.kernel.reading import Input
from xero_bridge.simulator.xero.kernel.wire import new_id
from xero_bridge.simulator.xero.resource import contact as contacts
from xero_bridge.simulator.xero.resource import credit, document
from xero_bridge.simulator.xero.resource.document import LINE_TYPES, NO_EDIT, NO_LINES
from xero_bridge.simulator.xero.resource.invoice_line import Terms
from xero_bridge.simulator.xero.resource.invoice_sum import totals

KINDS = ("ACCRECCREDIT", "ACCPAYCREDIT")
STATUSES = ("DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "VOIDED", "DELETED")
CREATABLE = ("DRAFT", "SUBMITTED", "AUTHORISED")
APPROVED = ("SUBMITTED", "AUTHORISED", "PAID")
MOVES = {
    "DRAFT": {"DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"},
    "SUBMITTED": {"DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"},
    "AUTHORISED": {"AUTHORISED", "VOIDED"},
    "PAID": {"PAID"},
}
NOT_UNIQUE = "Credit Note # must be unique."
NO_CREATION = "Credit note not of valid status for creation"
NO_MODIFICATION = "Credit note not of valid status for modification"
NO_STATUS = (
    "The status {} cannot be applied to the credit note because it has payments or allocations."
)
UNKNOWN = credit.UNKNOWN.format("Credit Note", "CreditNote")


def find(books: Books, raw: Input) -> Record | None:
    """Return the credit note meant by CreditNoteID, else by its number."""
    if note_id := raw.guid("CreditNoteID"):
        return books.credit_notes.get(note_id)
    number = (raw.text("CreditNoteNumber") or "").strip()
    found = books.credit_notes.find("number", number.lower()) if number else []
    kind = raw.text("Type")
    return next((one for one in found if kind in (None, one["Type"])), None)


def create(books: Books, raw: Input, places: int) -> str:
    """Add a credit note and return its id; raises Invalid."""
    kind = raw.choice("Type", KINDS, "CreditNoteType")
    status = raw.choice("Status", STATUSES, "CreditNoteStatus") or "DRAFT"
    if kind is None:
        raise Invalid("Credit Note Type must be specified")
    if status not in CREATABLE:
        raise Invalid(NO_CREATION)
    blank: Record = {
        "CreditNoteID": new_id(),
        "Type": kind,
        "Status": status,
        "Date": books.today(),
        "LineAmountTypes": "Exclusive",
        "CurrencyCode": books.base_currency,
        "SentToContact": False,
        "LineItems": [],
        "BrandingThemeID": books.organisation["_BrandingThemeID"],
    }
    note, problems = _changed(books, blank, raw, status, places)
    refuse(problems)
    if kind == "ACCRECCREDIT" and not note.get("CreditNoteNumber"):
        note["CreditNoteNumber"] = _next_number(books)
    return _store(books, note)


def upsert(books: Books, raw: Input, places: int) -> str:
    """Update the credit note of this id or number, or add it when there is none."""
    existing = find(books, raw)
    if existing:
        return update(books, existing["CreditNoteID"], raw, places)
    if raw.has("CreditNoteID"):
        raise Invalid(UNKNOWN)
    return create(books, raw, places)


def update(books: Books, note_id: str, raw: Input, places: int) -> str:
    """Change what was sent of a credit note that nothing was taken from; raises Invalid."""
    old = credit.NOTE.known(books, note_id)
    status = raw.choice("Status", STATUSES, "CreditNoteStatus") or old["Status"]
    refuse(_status_problems(books, old, status))
    refuse(books.lock_messages(old["Date"], raw.day("Date")))
    if status in ("VOIDED", "DELETED"):
        closed = {**old, "Status": status, "UpdatedDateUTC": books.now()}
        books.credit_notes.put(note_id, closed)
        return note_id
    note, problems = _changed(books, old, raw, status, places)
    if credit.is_used(books, old, credit.NOTE) and not _keeps_money(old, note):
        raise Invalid(NO_EDIT)
    refuse(problems)
    return _store(books, note)


def _status_problems(books: Books, old: Record, status: str) -> list[str]:
    if old["Status"] not in MOVES:
        return [NO_MODIFICATION]
    if status != old["Status"] and credit.is_used(books, old, credit.NOTE):
        return [NO_STATUS.format(status)]
    return [] if status in MOVES[old["Status"]] else [NO_MODIFICATION]


def _keeps_money(old: Record, new: Record) -> bool:
    words = {"Reference", "CreditNoteNumber", "BrandingThemeID", "RemainingCredit"}
    return all(old.get(name) == new[name] for name in new.keys() - words)


def _changed(
    books: Books, old: Record, raw: Input, status: str, places: int
) -> tuple[Record, list[str]]:
    """Return the credit note with what was sent, totals included, and what is wrong with it."""
    problems: list[str] = []
    note = {**old, **_header(raw, old), "Status": status}
    try:
        note["ContactID"] = document.contact_of(books, raw, old)
    except Invalid as error:
        problems += error.messages
    problems += _header_problems(books, note)
    note["CurrencyRate"] = document.rated(books, note, raw, old)
    lines, found = document.lines_of(books, note, raw, old, _terms(note, places))
    # Lines may come later, until the note is approved.
    is_empty_draft = found == [NO_LINES] and status == "DRAFT" and raw.children("LineItems") is None
    problems += [] if is_empty_draft else found
    note |= {"LineItems": lines, **totals(lines, note["LineAmountTypes"])}
    used = Decimal(old.get("Total", 0)) - Decimal(old.get("RemainingCredit", 0))
    note["RemainingCredit"] = note["Total"] - used
    if note["Total"] < 0 and not problems:
        problems.append("The total of the document must not be less than zero.")
    return note, problems


def _header(raw: Input, old: Record) -> Record:
    sent: dict[str, Any] = {
        "Date": raw.day("Date"),
        "CreditNoteNumber": raw.text("CreditNoteNumber") or None,
        "Reference": raw.text("Reference") if old["Type"] == "ACCRECCREDIT" else None,
        "LineAmountTypes": raw.choice("LineAmountTypes", LINE_TYPES, "LineAmountType"),
        "CurrencyCode": (raw.text("CurrencyCode") or "").upper() or None,
        "CurrencyRate": document.sent_rate(raw),
        "BrandingThemeID": raw.guid("BrandingThemeID"),
    }
    return {name: value for name, value in sent.items() if value is not None}


def _header_problems(books: Books, note: Record) -> list[str]:
    number = note.get("CreditNoteNumber") or ""
    problems = books.lock_messages(note["Date"])
    if note["Type"] == "ACCRECCREDIT" and number and _is_taken(books, note, number):
        problems.append(NOT_UNIQUE)
    problems += document.text_problems("credit note", number, note.get("Reference") or "")
    return problems + document.currency_problems(books, note["CurrencyCode"])


def _is_taken(books: Books, note: Record, number: str) -> bool:
    return any(
        other["Type"] == "ACCRECCREDIT" and other["CreditNoteID"] != note["CreditNoteID"]
        for other in books.credit_notes.find("number", number.lower())
    )


def _terms(note: Record, places: int) -> Terms:
    return Terms(
        sale=note["Type"] == "ACCRECCREDIT",
        line_types=note["LineAmountTypes"],
        approved=note["Status"] in APPROVED,
        places=places,
    )


def _next_number(books: Books) -> str:
    while True:
        number = books.next_number("CN")
        if not books.credit_notes.find("number", number.lower()):
            return number


def _store(books: Books, note: Record) -> str:
    books.credit_notes.put(note["CreditNoteID"], {**note, "UpdatedDateUTC": books.now()})
    contacts.note_document(books, note["ContactID"], sale=credit.is_sale(note))
    for allocation in books.allocations.find("credit", note["CreditNoteID"]):
        # Invoices show the number of the note; a copy tells that they look different now.
        shown = books.invoices.get(allocation["InvoiceID"]) or {}
        books.invoices.put(allocation["InvoiceID"], {**shown})
    return str(note["CreditNoteID"])
