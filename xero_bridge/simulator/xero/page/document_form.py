"""What the pages of all documents share: their lines, their choices, what was filled in."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.reading import Input
from xero_bridge.simulator.xero.page.visit import Visit
from xero_bridge.simulator.xero.resource.credit import SORTS
from xero_bridge.simulator.xero.resource.document import LINE_TYPES

if TYPE_CHECKING:
    from xero_bridge.simulator.xero.kernel.gateway import LoggedCall

LINE = ("Description", "Quantity", "UnitAmount", "DiscountRate", "AccountCode", "TaxType")
MOST_LINES = 200
DATES = ("Date", "DueDate", "DeliveryDate")


def read(visit: Visit, header: Iterable[str], fixed: Record) -> Input:
    """Return the form as the API would get it; fields that were not on the form are not sent."""
    form = visit.request.form
    raw: Record = {name: form[name].strip() for name in header if name in form}
    raw |= {name: raw.get(name) or None for name in DATES if name in raw}
    if form.get("Contact"):
        raw["Contact"] = {"Name": form["Contact"].strip()}
    lines = [_line(form, number) for number in range(MOST_LINES)]
    return Input({**raw, **fixed, "LineItems": [line for line in lines if line]}, "Form")


def payment(visit: Visit, target: Record) -> Input:
    """Return the payment of a document as the API would get it."""
    form = visit.form()
    raw: Record = {
        "Date": form.get("Date"),
        "Amount": form.get("Amount"),
        "Reference": form.get("Reference"),
        "Account": {"AccountID": form.get("AccountID")},
        **target,
    }
    return Input(raw, "Form")


def _line(form: Any, number: int) -> Record:
    names = ("LineItemID", *LINE)
    fields = {name: form.get(f"line-{number}-{name}") for name in names}
    sent: Record = {name: text.strip() for name, text in fields.items() if text and text.strip()}
    if fields["DiscountRate"] is not None:
        sent.setdefault("DiscountRate", "0")
    # A line whose words were emptied is taken off the document.
    return sent if sent.get("Description") else {}


def typed(form: dict[str, str], number: int) -> Record:
    """Return what was typed into a line, to show it again."""
    return {name: form.get(f"line-{number}-{name}", "") for name in LINE}


def shown(books: Books, line: Record) -> Record:
    """Return a stored line as the form shows it."""
    account = books.accounts.get(line.get("AccountID") or "") or {}
    return {
        **dict.fromkeys(LINE, ""),
        **{name: value for name, value in line.items() if value is not None},
        "AccountCode": account.get("Code", ""),
        "AccountName": account.get("Name", ""),
    }


def applied(books: Books, invoice_id: str) -> list[tuple[Record, Record, str]]:
    """Return what was set against an invoice: the allocation, its credit and the sort's words."""
    found = []
    for allocation in books.allocations.find("invoice", invoice_id):
        sort = SORTS[allocation["CreditSort"]]
        found.append((allocation, sort.known(books, allocation["CreditID"]), sort.words))
    return found


def calls(visit: Visit, touched: set[str]) -> "list[LoggedCall]":
    """Return the API calls that changed one of these records, the latest first."""
    return [call for call in visit.simulator.calls if touched & set(call.touched)][::-1]


def name(books: Books, row: Record) -> str:
    """Return the name of a document's contact."""
    return str((books.contacts.get(row["ContactID"]) or {}).get("Name", ""))


def contacts(books: Books) -> list[str]:
    """Return the names of the active contacts."""
    active = (one for one in books.contacts.values() if one["ContactStatus"] == "ACTIVE")
    return sorted(one["Name"] for one in active)


def banks(books: Books) -> list[Record]:
    """Return the accounts that payments can be made from or to."""
    return [
        one
        for one in books.accounts.values()
        if one["Status"] == "ACTIVE" and (one["Type"] == "BANK" or one["EnablePaymentsToAccount"])
    ]


def choices(books: Books) -> dict[str, object]:
    """Return what the fields of a document may be chosen from."""
    accounts = [
        one
        for one in books.accounts.values()
        if one["Status"] == "ACTIVE" and one["Type"] != "BANK" and one.get("Code")
    ]
    rates = [rate for rate in books.tax_rates.values() if rate["Status"] == "ACTIVE"]
    return {
        "accounts": sorted(accounts, key=lambda account: account["Code"]),
        "rates": rates,
        "currencies": books.currencies.keys(),
        "line_types": LINE_TYPES,
    }
