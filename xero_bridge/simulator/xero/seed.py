"""The demo's organisations: a shop with a realistic, slightly awkward set of books, and another."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from xero_bridge.simulator.common import Record, SimClock
from xero_bridge.simulator.xero.chart import LONG_AGO, add_account, add_rate, own_id
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.reading import Input
from xero_bridge.simulator.xero.resource import contact, invoice, item, payment, tax_rate

HARBOUR = "Harbour & Mill Ltd"
DEMO_COMPANY = "Demo Company (UK)"
ECO = "VAT 20% + Eco levy 2.5%"

CONTACTS: tuple[Record, ...] = (
    {
        "Name": "Abbey Road Studios Café",
        "FirstName": "Noor",
        "LastName": "Haddad",
        "EmailAddress": "accounts@abbeyroadcafe.example",
        "Addresses": [
            {
                "AddressType": "POBOX",
                "AddressLine1": "3 Grove End Road",
                "City": "London",
                "PostalCode": "NW8 9AY",
                "Country": "United Kingdom",
            }
        ],
        "Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "5550 112", "PhoneAreaCode": "020"}],
    },
    {
        "Name": "Bayside Sailing Club",
        "AccountNumber": "BSC-01",
        "EmailAddress": "treasurer@bayside.example",
        "ContactPersons": [
            {
                "FirstName": "Ines",
                "LastName": "Moreau",
                "EmailAddress": "ines@bayside.example",
                "IncludeInEmails": True,
            }
        ],
    },
    {"Name": "City Limousines", "EmailAddress": "bookings@citylimo.example"},
    {"Name": "Ridgeway Timber Supplies", "TaxNumber": "GB 123 4567 89"},
    {"Name": "Österlund Möbel AB", "EmailAddress": "faktura@osterlund.example"},
    {"Name": "Sundry Suppliers"},
    {"Name": "Westgate Power & Light"},
)
ITEMS: tuple[Record, ...] = (
    {
        "Code": "CONS-HR",
        "Name": "Consulting hour",
        "Description": "Consulting, per hour",
        "SalesDetails": {"UnitPrice": "95.00", "AccountCode": "200", "TaxType": "OUTPUT2"},
    },
    {
        "Code": "OAK-BRD",
        "Name": "Oak board 2 m",
        "Description": "Oak board, 2 m, planed",
        "SalesDetails": {"UnitPrice": "38.50", "AccountCode": "200", "TaxType": "OUTPUT2"},
        "PurchaseDetails": {"UnitPrice": "21.75", "AccountCode": "310", "TaxType": "INPUT2"},
        "PurchaseDescription": "Oak board, 2 m, sawn",
    },
    {
        "Code": "BOOK-01",
        "Name": "Care of wood (book)",
        "Description": "Care of wood, paperback",
        "SalesDetails": {"UnitPrice": "14.99", "AccountCode": "210", "TaxType": "ZERORATEDOUTPUT"},
    },
)


def seed_demo(
    add_organisation: Callable[..., str], books_of: Callable[[str], Books], clock: SimClock
) -> None:
    """Fill an empty simulator with the two demo organisations."""
    harbour = books_of(add_organisation(HARBOUR, currencies=("EUR", "USD")))
    _accounts(harbour)
    _rates(harbour)
    _contacts(harbour)
    for raw in ITEMS:
        item_id = item.create(harbour, _input(raw), 2)
        _age(harbour.items, item_id)
    _documents(harbour)
    year = clock.now().year
    harbour.set_organisation(
        PeriodLockDate=date(year - 2, 12, 31), EndOfYearLockDate=date(year - 3, 3, 31)
    )
    demo = books_of(add_organisation(DEMO_COMPANY))
    demo.set_organisation(IsDemoCompany=True, Class="DEMO", PeriodLockDate=date(2009, 9, 30))


def _input(raw: Record) -> Input:
    return Input(raw, "Seed")


def _age(table: Any, key: str) -> None:
    """Date a record like Xero's demo data: long ago."""
    table.put(key, {**table.get(key), "UpdatedDateUTC": LONG_AGO})


def _accounts(books: Books) -> None:
    add_account(books, "", "Petty Cash Card", "BANK", "NONE", BankAccountType="CREDITCARD")
    add_account(books, "092", "Stripe Clearing", "BANK", "NONE")
    add_account(books, "093", "PayPal", "BANK", "NONE", BankAccountType="PAYPAL")
    add_account(books, "094", "Euro Account", "BANK", "NONE", CurrencyCode="EUR")
    add_account(books, "835", "Customer Deposits", "CURRLIAB", "NONE", EnablePaymentsToAccount=True)
    add_account(books, "240", "Old Web Shop Sales", "REVENUE", "OUTPUT2", Status="ARCHIVED")


def _rates(books: Books) -> None:
    add_rate(books, ("OUTPUT", "17.5% (VAT on Income)", "17.5", "OUTPUT", True, False))
    old = books.tax_rates.get("OUTPUT") or {}
    books.tax_rates.put("OUTPUT", {**old, "Status": "DELETED"})
    components = [{"Name": "VAT", "Rate": "20"}, {"Name": "Eco levy", "Rate": "2.5"}]
    raw = {"Name": ECO, "ReportTaxType": "OUTPUT", "TaxComponents": components}
    tax_rate.save(books, _input(raw), create=True)


def _contacts(books: Books) -> None:
    for raw in CONTACTS:
        _add(books, raw)
    old = _add(books, {"Name": "Petrie McLoud Watson & Associates"})
    archived = {**(books.contacts.get(old) or {}), "ContactStatus": "ARCHIVED"}
    books.contacts.put(old, archived)


def _add(books: Books, raw: Record) -> str:
    """Add a contact under an id that is always the same."""
    made = contact.create(books, _input(raw))
    contact_id = own_id(books, f"contact/{raw['Name']}")
    record = {**(books.contacts.get(made) or {}), "ContactID": contact_id}
    books.contacts.delete(made)
    books.contacts.put(contact_id, {**record, "UpdatedDateUTC": LONG_AGO})
    return contact_id


def _documents(books: Books) -> None:
    """Two documents that were there before: a paid sale and an open bill."""
    sold = _issued(
        books, "ACCREC", "Bayside Sailing Club", "ORC-0988", ("Deck repair", 6, 95, "200")
    )
    paid = {
        "Invoice": {"InvoiceID": sold},
        "Account": {"Code": "090"},
        "Date": books.today().isoformat(),
        "Amount": Decimal(684),
        "Reference": "Bank transfer",
    }
    payment_id = payment.create(books, _input(paid))
    billed = _issued(
        books, "ACCPAY", "Westgate Power & Light", "WPL-7731", ("Power", 1, 129, "445")
    )
    _age(books.invoices, sold)
    _age(books.invoices, billed)
    _age(books.payments, payment_id)


def _issued(
    books: Books, kind: str, contact_name: str, number: str, line: tuple[str, int, int, str]
) -> str:
    """Add an approved document of one line, dated and due today."""
    names = ("Description", "Quantity", "UnitAmount", "AccountCode")
    today = books.today().isoformat()
    raw = {
        "Type": kind,
        "Status": "AUTHORISED",
        "Contact": {"Name": contact_name},
        "Date": today,
        "DueDate": today,
        "InvoiceNumber": number,
        "LineItems": [dict(zip(names, line, strict=True))],
    }
    return invoice.create(books, _input(raw), invoice.Options())
