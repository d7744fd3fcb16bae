"""What invoices, credit notes, orders and bank transactions have in common in writing."""

import re
from decimal import Decimal
from urllib.parse import urlsplit

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import UNITS_PER_GBP, Books
from xero_bridge.simulator.xero.kernel.reading import Input
from xero_bridge.simulator.xero.kernel.wire import rounded
from xero_bridge.simulator.xero.resource import contact as contacts
from xero_bridge.simulator.xero.resource.invoice_line import Terms, build, retaxed

LINE_TYPES = ("Exclusive", "Inclusive", "NoTax")
LONGEST = 255
NO_EDIT = "This document cannot be edited as it has a payment or credit note allocated to it."
NO_LINES = "One or more line items must be specified"


def day_rate(books: Books, currency: str) -> Decimal:
    """Return units of the currency for one unit of the base currency, six places."""
    base = Decimal(UNITS_PER_GBP.get(books.base_currency, "1"))
    return rounded(Decimal(UNITS_PER_GBP.get(currency, "1")) / base, 6)


def sent_rate(raw: Input) -> Decimal | None:
    """Read a CurrencyRate as Xero keeps it."""
    rate = raw.number("CurrencyRate")
    return None if rate is None else rounded(rate, 6)


def rated(books: Books, document: Record, raw: Input, old: Record) -> Decimal:
    """Return the rate of a changed document: a new currency brings the rate of the day."""
    currency = document["CurrencyCode"]
    is_moved = not raw.has("CurrencyRate") and old.get("CurrencyCode") != currency
    if is_moved or "CurrencyRate" not in document:
        return day_rate(books, currency)
    return Decimal(document["CurrencyRate"])


def contact_of(books: Books, raw: Input, old: Record) -> str:
    """Return the contact of a written document, as before when none or the same is sent.

    Raises Invalid.
    """
    sent, held = raw.child("Contact"), old.get("ContactID")
    is_same = sent is not None and sent.guid("ContactID") == held
    if held and (sent is None or (is_same and set(sent.raw) <= contacts.IDENTIFYING)):
        return str(held)
    return contacts.for_document(books, sent)


def text_problems(what: str, number: str, reference: str) -> list[str]:
    """Return what is wrong with the number and the reference of a document."""
    problems = []
    if len(number) > LONGEST or not re.fullmatch(r"[\x20-\x7e]*", number):
        problems.append(f"The {what} number must be 255 printable ASCII characters or less.")
    if len(reference) > LONGEST:
        problems.append("The reference must be 255 characters or less.")
    return problems


def url_problems(url: str | None) -> list[str]:
    """Return what is wrong with the address of a document in another app."""
    if not url or (urlsplit(url).scheme in ("http", "https") and urlsplit(url).netloc):
        return []
    return ["Url must be a valid absolute url"]


def currency_problems(books: Books, currency: str) -> list[str]:
    """Return why a document may not be in this currency."""
    if currency in books.currencies:
        return []
    return [f"Organisation is not subscribed to currency {currency}"]


def lines_of(
    books: Books, document: Record, raw: Input, old: Record, terms: Terms
) -> tuple[list[Record], list[str]]:
    """Return the lines of a written document and what is wrong with them.

    Lines that were not sent stay; a new status makes Xero look at them anew.
    """
    raws = raw.children("LineItems")
    if raws is None and old["LineItems"] and document["Status"] == old["Status"]:
        if document["LineAmountTypes"] == old["LineAmountTypes"]:
            return old["LineItems"], []
        return retaxed(books, old["LineItems"], document["LineAmountTypes"]), []
    if not raws and not (raws is None and old["LineItems"]):
        return [], [NO_LINES]
    kept = [Input(_as_sent(line), raw.path) for line in old["LineItems"]] if raws is None else raws
    built = build(books, kept, terms, old["LineItems"])
    return built.lines, built.problems


def _as_sent(line: Record) -> Record:
    """Return a stored line as if it were sent again, for checks that a new status brings."""
    names = ("LineItemID", "Quantity", "UnitAmount", "TaxType", "TaxAmount", "AccountID")
    return {name: line.get(name) for name in names}
