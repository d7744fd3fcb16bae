"""How credit notes, overpayments and prepayments look, alone and inside other documents."""

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.where import Field, fields
from xero_bridge.simulator.xero.kernel.wire import day, day_text, instant_text, stamp
from xero_bridge.simulator.xero.resource import contact_call as contacts
from xero_bridge.simulator.xero.resource.credit import NOTE, SORTS, Sort
from xero_bridge.simulator.xero.resource.invoice_sum import in_force
from xero_bridge.simulator.xero.resource.line_view import shown_lines

CLOSED = ("VOIDED", "DELETED")


def render(books: Books, sort: Sort, credit: Record, shape: str, places: int) -> Record:
    """Return a credit as Xero shows it: `write`, `one`, `page` or, without lines, `head`."""
    credit_id = credit[sort.id_name]
    full = shape in ("write", "one")
    contact = books.contacts.get(credit["ContactID"]) or {}
    shown = {
        **named(sort, credit),
        **_head(credit),
        "Contact": contacts.render(contact)
        if full
        else contacts.stub(credit["ContactID"], contact.get("Name", "")),
        "LineItems": [] if shape == "head" else shown_lines(books, credit, places, shape),
        "Allocations": [
            _allocation(books, one) for one in books.allocations.find("credit", credit_id)
        ],
        "Payments": [_refund(one) for one in in_force(books.payments.find("credit", credit_id))],
        "HasAttachments": False,
    }
    if sort is NOTE:
        shown |= {
            "SentToContact": credit["SentToContact"],
            "BrandingThemeID": credit["BrandingThemeID"],
            "HasErrors": False,
        }
    return shown


def inside_invoice(books: Books, invoice_id: str) -> Record:
    """Return the credits of an invoice, by sort, with the part that was applied to it."""
    shown: dict[str, list[Record]] = {f"{name}s": [] for name in SORTS}
    for allocation in books.allocations.find("invoice", invoice_id):
        sort = SORTS[allocation["CreditSort"]]
        credit = sort.known(books, allocation["CreditID"])
        part = {
            **named(sort, credit),
            "AppliedAmount": allocation["Amount"],
            "Date": day(allocation["Date"]),
            "DateString": day_text(allocation["Date"]),
            "Total": credit["Total"],
            "LineItems": [],
        }
        shown[f"{sort.name}s"].append(part | ({"HasErrors": False} if sort is NOTE else {}))
    return shown


def inside_payment(books: Books, sort: Sort, credit: Record) -> Record:
    """Return the credit within its refund."""
    contact = books.contacts.get(credit["ContactID"]) or {}
    return {
        **named(sort, credit),
        "Contact": contacts.stub(credit["ContactID"], contact.get("Name", "")),
        "LineItems": [],
    }


def named(sort: Sort, credit: Record) -> Record:
    """Return what names a credit; its id stands there twice."""
    credit_id = credit[sort.id_name]
    shown = {"Type": credit["Type"], sort.id_name: credit_id, "ID": credit_id}
    if sort is NOTE:
        shown["CreditNoteNumber"] = credit.get("CreditNoteNumber") or ""
    return shown


def fields_for(books: Books, sort: Sort) -> dict[str, Field]:
    """Return what where and order may name."""
    known = fields(
        Type="text",
        Status="text",
        Reference="text",
        CreditNoteNumber="text",
        CurrencyCode="text",
        Date="date",
        UpdatedDateUTC="date",
        Total="number",
        RemainingCredit="number",
    )

    def of_contact(name: str) -> Field:
        return Field("text", lambda row: (books.contacts.get(row["ContactID"]) or {}).get(name))

    return {
        **known,
        sort.id_name.lower(): Field("guid", lambda row: row[sort.id_name]),
        "contact.contactid": Field("guid", lambda row: row["ContactID"]),
        "contact.name": of_contact("Name"),
        "contact.contactnumber": of_contact("ContactNumber"),
    }


def _head(credit: Record) -> Record:
    names = ("Status", "LineAmountTypes", "SubTotal", "TotalTax", "Total", "CurrencyCode")
    shown = {
        **{name: credit[name] for name in names},
        "CurrencyRate": credit["CurrencyRate"],
        "Reference": credit.get("Reference") or "",
        # What was voided has nothing left, whatever it had.
        "RemainingCredit": 0 if credit["Status"] in CLOSED else credit["RemainingCredit"],
        "Date": day(credit["Date"]),
        "DateString": day_text(credit["Date"]),
        "UpdatedDateUTC": stamp(credit["UpdatedDateUTC"]),
        "UpdatedDateUTCString": instant_text(credit["UpdatedDateUTC"]),
    }
    if credit["Status"] == "PAID" and credit.get("FullyPaidOnDate") and "CreditNoteID" in credit:
        shown["FullyPaidOnDate"] = day(credit["FullyPaidOnDate"])
    return shown


def _allocation(books: Books, allocation: Record) -> Record:
    invoice = books.invoices.get(allocation["InvoiceID"]) or {}
    return {
        "AllocationID": allocation["AllocationID"],
        "Amount": allocation["Amount"],
        "Date": day(allocation["Date"]),
        "Invoice": {
            "InvoiceID": invoice["InvoiceID"],
            "InvoiceNumber": invoice.get("InvoiceNumber") or "",
        },
    }


def _refund(payment: Record) -> Record:
    names = ("PaymentID", "Amount", "Reference", "CurrencyRate")
    shown = {name: payment[name] for name in names}
    flags = {"HasAccount": False, "HasValidationErrors": False}
    return {**shown, "Date": day(payment["Date"]), **flags}
