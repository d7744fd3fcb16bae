"""Invoices and bills: creation, edits within the limits of their status, voiding, settlement."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.errors import Invalid, refuse
from xero_bridge.simulator.xero.kernel.reading import Input
from xero_bridge.simulator.xero.kernel.wire import new_id
from xero_bridge.simulator.xero.resource import contact as contacts
from xero_bridge.simulator.xero.resource import document
from xero_bridge.simulator.xero.resource.document import LINE_TYPES, NO_EDIT
from xero_bridge.simulator.xero.resource.invoice_line import DISCOUNTS, Terms
from xero_bridge.simulator.xero.resource.invoice_sum import is_settled, totals

KINDS = ("ACCREC", "ACCPAY")
STATUSES = ("DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "VOIDED", "DELETED")
CREATABLE = ("DRAFT", "SUBMITTED", "AUTHORISED")
APPROVED = ("AUTHORISED", "PAID")
MOVES = {
    "DRAFT": {"DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"},
    "SUBMITTED": {"DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"},
    "AUTHORISED": {"AUTHORISED", "VOIDED"},
    "PAID": {"PAID"},
}
NOT_UNIQUE = "Invoice # must be unique."
NO_CREATION = "Invoice not of valid status for creation"
NO_MODIFICATION = "Invoice not of valid status for modification"
NO_STATUS = (
    "The status {} cannot be applied to the invoice because it has payments or credit notes "
    "allocated to it."
)
UNKNOWN = "An existing Invoice with the specified InvoiceID could not be found"
# What a paid document may not change; the lines are compared without what may.
FIXED = ("Type", "Date", "LineAmountTypes", "CurrencyCode", "CurrencyRate")
FIXED_LINE = (
    "LineItemID",
    "Quantity",
    "UnitAmount",
    "LineAmount",
    "TaxType",
    "TaxAmount",
    "ItemCode",
    "DiscountRate",
    "DiscountAmount",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a write says beside its body."""

    places: int = 2
    client: str = ""


def find(books: Books, raw: Input) -> Record | None:
    """Return the invoice meant by InvoiceID, else by number, of the same type when one is sent."""
    if invoice_id := raw.guid("InvoiceID"):
        return books.invoices.get(invoice_id)
    number = (raw.text("InvoiceNumber") or "").strip()
    if not number:
        return None
    kind = raw.text("Type")
    found = books.invoices.find("number", number.lower())
    return next((one for one in found if kind in (None, one["Type"])), None)


def create(books: Books, raw: Input, options: Options) -> str:
    """Add an invoice and return its id; raises Invalid."""
    kind = raw.choice("Type", KINDS, "InvoiceType")
    status = raw.choice("Status", STATUSES, "InvoiceStatus") or "DRAFT"
    if kind is None:
        raise Invalid("Invoice Type must be specified")
    if status not in CREATABLE:
        raise Invalid(NO_CREATION)
    blank: Record = {
        "InvoiceID": new_id(),
        "Type": kind,
        "Status": status,
        "Date": books.today(),
        "LineAmountTypes": "Exclusive",
        "CurrencyCode": books.base_currency,
        "SentToContact": False,
        "LineItems": [],
        "AmountPaid": Decimal("0.00"),
        "AmountCredited": Decimal("0.00"),
        "BrandingThemeID": books.organisation["_BrandingThemeID"],
        "_client": options.client,
    }
    invoice, problems = _changed(books, blank, raw, options, status)
    refuse(problems)
    if kind == "ACCREC" and not invoice.get("InvoiceNumber"):
        invoice["InvoiceNumber"] = _next_number(books)
    return _store(books, invoice, books.now())


def upsert(books: Books, raw: Input, options: Options) -> str:
    """Update the invoice of this id or number, or add it when there is none; raises Invalid."""
    existing = find(books, raw)
    if existing:
        return update(books, existing["InvoiceID"], raw, options)
    if raw.has("InvoiceID"):
        raise Invalid(UNKNOWN)
    return create(books, raw, options)


def update(books: Books, invoice_id: str, raw: Input, options: Options) -> str:
    """Change what was sent of an invoice, within the limits of its status; raises Invalid."""
    old = books.invoices.get(invoice_id)
    if old is None:
        raise Invalid(UNKNOWN)
    status = raw.choice("Status", STATUSES, "InvoiceStatus") or old["Status"]
    refuse(_status_problems(old, status))
    refuse(books.lock_messages(old["Date"], raw.day("Date")))
    if status in ("VOIDED", "DELETED"):
        books.invoices.put(invoice_id, {**old, "Status": status, "UpdatedDateUTC": books.now()})
        return invoice_id
    changed, problems = _changed(books, old, raw, options, status)
    if is_settled(old) and _touches_fixed(old, changed):
        raise Invalid(NO_EDIT)
    refuse(problems)
    return _store(books, changed, _edited_at(books, old, changed))


def mark_sent(books: Books, invoice_id: str) -> None:
    """Note that the invoice was e-mailed; raises Invalid unless it is approved."""
    invoice = books.invoices.get(invoice_id) or {}
    if invoice["Status"] not in (*APPROVED, "SUBMITTED"):
        raise Invalid("Only approved invoices can be emailed.")
    changed = {**invoice, "SentToContact": True, "UpdatedDateUTC": books.now()}
    books.invoices.put(invoice_id, changed)


def _status_problems(old: Record, status: str) -> list[str]:
    if old["Status"] not in MOVES:
        return [NO_MODIFICATION]
    if status in MOVES[old["Status"]] and not (status == "VOIDED" and is_settled(old)):
        return []
    if is_settled(old) and status != "PAID":
        return [NO_STATUS.format(status)]
    return [NO_MODIFICATION]


def _changed(
    books: Books, old: Record, raw: Input, options: Options, status: str
) -> tuple[Record, list[str]]:
    """Return the invoice with what was sent, totals included, and what is wrong with it."""
    problems: list[str] = []
    invoice = {**old, **_header(raw, old), "Status": status}
    try:
        invoice["ContactID"] = document.contact_of(books, raw, old)
    except Invalid as error:
        problems += error.messages
    problems += _header_problems(books, invoice)
    invoice["CurrencyRate"] = document.rated(books, invoice, raw, old)
    lines, found = document.lines_of(books, invoice, raw, old, _terms(books, invoice, options))
    problems += found
    invoice |= {"LineItems": lines, **totals(lines, invoice["LineAmountTypes"])}
    invoice["AmountDue"] = invoice["Total"] - invoice["AmountPaid"] - invoice["AmountCredited"]
    if invoice["Total"] < 0 and not problems:
        problems.append("The total of the document must not be less than zero.")
    return invoice, problems


def _header(raw: Input, old: Record) -> Record:
    sent: dict[str, Any] = {
        "Date": raw.day("Date"),
        "DueDate": raw.day("DueDate"),
        "ExpectedPaymentDate": raw.day("ExpectedPaymentDate"),
        "PlannedPaymentDate": raw.day("PlannedPaymentDate"),
        "InvoiceNumber": raw.text("InvoiceNumber") or None,
        "Reference": raw.text("Reference") if old["Type"] == "ACCREC" else None,
        "LineAmountTypes": raw.choice("LineAmountTypes", LINE_TYPES, "LineAmountType"),
        "CurrencyCode": (raw.text("CurrencyCode") or "").upper() or None,
        "CurrencyRate": document.sent_rate(raw),
        "Url": raw.text("Url"),
        "BrandingThemeID": raw.guid("BrandingThemeID"),
        "SentToContact": raw.flag("SentToContact"),
    }
    kind = raw.choice("Type", KINDS, "InvoiceType")
    return {name: value for name, value in {**sent, "Type": kind}.items() if value is not None}


def _header_problems(books: Books, invoice: Record) -> list[str]:
    number = invoice.get("InvoiceNumber") or ""
    problems = books.lock_messages(invoice["Date"])
    if invoice["Type"] == "ACCREC" and number and _is_taken(books, invoice, number):
        problems.append(NOT_UNIQUE)
    problems += document.text_problems("invoice", number, invoice.get("Reference") or "")
    problems += document.url_problems(invoice.get("Url"))
    problems += document.currency_problems(books, invoice["CurrencyCode"])
    if invoice["Status"] in ("SUBMITTED", *APPROVED) and not invoice.get("DueDate"):
        problems.append("Due date must be specified")
    return problems


def _is_taken(books: Books, invoice: Record, number: str) -> bool:
    # Numbers of voided and deleted invoices stay taken.
    return any(
        other["Type"] == "ACCREC" and other["InvoiceID"] != invoice["InvoiceID"]
        for other in books.invoices.find("number", number.lower())
    )


def _terms(books: Books, invoice: Record, options: Options) -> Terms:
    contact = books.contacts.get(invoice.get("ContactID", "")) or {}
    sale = invoice["Type"] == "ACCREC"
    return Terms(
        sale=sale,
        line_types=invoice["LineAmountTypes"],
        approved=invoice["Status"] in ("SUBMITTED", *APPROVED),
        places=options.places,
        discounts=DISCOUNTS if sale else (),
        contact_account=contact.get(f"{'Sales' if sale else 'Purchases'}DefaultAccountCode"),
        contact_tax=contact.get(f"Accounts{'Receivable' if sale else 'Payable'}TaxType"),
    )


def _touches_fixed(old: Record, new: Record) -> bool:
    if old["AmountCredited"] and old["ContactID"] != new.get("ContactID"):
        return True
    return any(old.get(name) != new.get(name) for name in FIXED) or [
        [line.get(name) for name in FIXED_LINE] for line in old["LineItems"]
    ] != [[line.get(name) for name in FIXED_LINE] for line in new["LineItems"]]


def _edited_at(books: Books, old: Record, new: Record) -> datetime:
    """Return the UpdatedDateUTC of an edit; Xero does not move it for some edits of paid ones."""
    changed = {name for name in new if new.get(name) != old.get(name)}
    unmoved: datetime = old["UpdatedDateUTC"]
    return unmoved if is_settled(old) and changed <= {"DueDate", "SentToContact"} else books.now()


def _next_number(books: Books) -> str:
    while True:
        number = books.next_number("INV")
        if not books.invoices.find("number", number.lower()):
            return number


def _store(books: Books, invoice: Record, at: datetime) -> str:
    if invoice["Status"] == "AUTHORISED" and not invoice["Total"]:
        # An approved invoice of nothing has nothing left to pay.
        invoice |= {"Status": "PAID", "FullyPaidOnDate": invoice["Date"]}
    books.invoices.put(invoice["InvoiceID"], {**invoice, "UpdatedDateUTC": at})
    contacts.note_document(books, invoice["ContactID"], sale=invoice["Type"] == "ACCREC")
    return str(invoice["InvoiceID"])
