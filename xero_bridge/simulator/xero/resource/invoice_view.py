"""How invoices look in answers; the shape depends on the sort of call."""

from datetime import date
from decimal import Decimal

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.where import Field, fields
from xero_bridge.simulator.xero.kernel.wire import day, day_text, instant_text, stamp
from xero_bridge.simulator.xero.resource import contact_call as contacts
from xero_bridge.simulator.xero.resource.credit_view import inside_invoice
from xero_bridge.simulator.xero.resource.invoice_sum import in_force
from xero_bridge.simulator.xero.resource.line_view import shown_lines

# write: the answer of PUT and POST; one: GET by id; page: in a paged list;
# head: in an unpaged list, without lines; summary: with summaryOnly=true.
CLOSED = ("VOIDED", "DELETED")


def render(books: Books, invoice: Record, shape: str, places: int) -> Record:
    """Return an invoice as Xero shows it in this shape."""
    shown = {
        **_head(invoice),
        **_dates(invoice),
        **_amounts(invoice),
        "Contact": _contact(books, invoice, shape),
        "LineItems": [] if shape == "head" else shown_lines(books, invoice, places, shape),
    }
    if shape == "write":
        # The answer of voiding still tells what was due before.
        return {**shown, "AmountDue": invoice["AmountDue"], "InvoicePaymentServices": []}
    shown |= {"AmountCredited": invoice["AmountCredited"]}
    shown |= inside_invoice(books, invoice["InvoiceID"])
    shown["Payments"] = _payments(books, invoice)
    if shape == "summary":
        for name in ("Payments", "LineItems", "HasAttachments"):
            del shown[name]
    return shown


def inside_payment(books: Books, invoice: Record, *, with_lines: bool) -> Record:
    """Return the invoice within a payment."""
    shown = {
        **_head(invoice),
        "Payments": [],
        "CreditNotes": [],
        "Contact": contacts.stub(invoice["ContactID"], _name(books, invoice)),
        "LineItems": [],
    }
    if with_lines:
        shown |= {**_dates(invoice), **_amounts(invoice)}
        shown["LineItems"] = shown_lines(books, invoice, 2, "one")
    return shown


def fields_for(books: Books) -> dict[str, Field]:
    """Return what where and order may name."""
    known = fields(
        InvoiceID="guid",
        InvoiceNumber="text",
        Reference="text",
        Type="text",
        Status="text",
        CurrencyCode="text",
        Url="text",
        Date="date",
        DueDate="date",
        FullyPaidOnDate="date",
        UpdatedDateUTC="date",
        Total="number",
        SubTotal="number",
        TotalTax="number",
        AmountPaid="number",
        AmountCredited="number",
        SentToContact="bool",
    )

    def of_contact(name: str, kind: str) -> Field:
        return Field(kind, lambda row: (books.contacts.get(row["ContactID"]) or {}).get(name))

    return {
        **known,
        "amountdue": Field("number", due),
        "contact.contactid": Field("guid", lambda row: row["ContactID"]),
        "contact.name": of_contact("Name", "text"),
        "contact.contactnumber": of_contact("ContactNumber", "text"),
    }


def due(invoice: Record) -> Decimal:
    """Return what is due; nothing on a voided or deleted document."""
    return Decimal("0.00") if invoice["Status"] in CLOSED else Decimal(invoice["AmountDue"])


def _head(invoice: Record) -> Record:
    shown = {
        "Type": invoice["Type"],
        "InvoiceID": invoice["InvoiceID"],
        "InvoiceNumber": invoice.get("InvoiceNumber") or "",
        "Reference": invoice.get("Reference") or "",
        "Prepayments": [],
        "Overpayments": [],
        "Status": invoice["Status"],
        "LineAmountTypes": invoice["LineAmountTypes"],
        "CurrencyCode": invoice["CurrencyCode"],
        "CurrencyRate": invoice["CurrencyRate"],
        "SentToContact": invoice["SentToContact"],
        "IsDiscounted": bool(invoice["TotalDiscount"]),
        "HasAttachments": False,
        "HasErrors": False,
        "BrandingThemeID": invoice["BrandingThemeID"],
    }
    return {**shown, "Url": invoice["Url"]} if invoice.get("Url") else shown


def _dates(invoice: Record) -> Record:
    shown = {
        "UpdatedDateUTC": stamp(invoice["UpdatedDateUTC"]),
        "UpdatedDateUTCString": instant_text(invoice["UpdatedDateUTC"]),
    }
    for name in ("Date", "DueDate", "ExpectedPaymentDate", "PlannedPaymentDate"):
        shown |= _both(name, invoice.get(name))
    if invoice["Status"] == "PAID" and invoice.get("FullyPaidOnDate"):
        shown["FullyPaidOnDate"] = day(invoice["FullyPaidOnDate"])
    return shown


def _both(name: str, on: date | None) -> Record:
    return {name: day(on), f"{name}String": day_text(on)} if on else {}


def _amounts(invoice: Record) -> Record:
    names = ("SubTotal", "TotalTax", "Total", "AmountPaid")
    shown = {name: invoice[name] for name in names}
    if invoice["TotalDiscount"]:
        shown["TotalDiscount"] = invoice["TotalDiscount"]
    return {**shown, "AmountDue": due(invoice)}


def _contact(books: Books, invoice: Record, shape: str) -> Record:
    if shape in ("write", "one"):
        return contacts.render(books.contacts.get(invoice["ContactID"]) or {})
    return contacts.stub(invoice["ContactID"], _name(books, invoice))


def _name(books: Books, invoice: Record) -> str:
    return str((books.contacts.get(invoice["ContactID"]) or {}).get("Name", ""))


def _payments(books: Books, invoice: Record) -> list[Record]:
    return [
        {
            "PaymentID": payment["PaymentID"],
            "Date": day(payment["Date"]),
            "Amount": payment["Amount"],
            "Reference": payment["Reference"],
            "CurrencyRate": payment["CurrencyRate"],
            "HasAccount": False,
            "HasValidationErrors": False,
        }
        for payment in in_force(books.payments.find("invoice", invoice["InvoiceID"]))
    ]
