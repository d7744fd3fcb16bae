"""Lines of documents: what they are worth, which account and tax they may use."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.reading import Input
from xero_bridge.simulator.xero.kernel.wire import new_id, rounded
from xero_bridge.simulator.xero.resource import account as accounts
from xero_bridge.simulator.xero.resource import item as items
from xero_bridge.simulator.xero.resource.tax_rate import CLASSES

LONGEST_DESCRIPTION = 4000
LARGEST_AMOUNT = Decimal("9999999999.99")
MOST_DECIMALS = 8
BAD_CODE = "Account code '{}' is not a valid code for this document."
GONE_CODE = (
    "Account code '{}' has been archived, or has been deleted. "
    "Each line item must reference a valid account."
)
BAD_TAX = "The TaxType code {} does not exist or cannot be used for this type of transaction."
WRONG_TAX = "The TaxType code '{}' cannot be used with account code '{}'."
WRONG_TOTAL = "The line total {} does not match the expected line total {}"
NEGATIVE = "The quantity value '{:.4f}' is invalid. Quantity must not be less than zero."
DISCOUNTS = ("DiscountRate", "DiscountAmount")
AMOUNT_FIELDS = (
    "Quantity",
    "UnitAmount",
    "LineAmount",
    "DiscountRate",
    "DiscountAmount",
    "TaxType",
    "TaxAmount",
    "AccountCode",
    "AccountID",
    "ItemCode",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the document says about all of its lines."""

    sale: bool
    line_types: str  # Exclusive, Inclusive or NoTax.
    approved: bool
    places: int
    discounts: tuple[str, ...] = ()  # Which of DISCOUNTS the document may have.
    contact_account: str | None = None
    contact_tax: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """The lines of a document, or what is wrong with them."""

    lines: list[Record]
    problems: list[str]


def build(books: Books, raws: Iterable[Input], terms: Terms, old: list[Record]) -> Built:
    """Make lines of the sent ones: with a known LineItemID they change that line, else are new."""
    known = {line["LineItemID"]: line for line in old}
    built = [_line(books, raw, terms, known.get(raw.guid("LineItemID") or "", {})) for raw in raws]
    return Built(
        lines=[line for one in built for line in one.lines],
        problems=[problem for one in built for problem in one.problems],
    )


def retaxed(books: Books, lines: list[Record], line_types: str) -> list[Record]:
    """Return the lines with their tax computed anew, for a changed LineAmountTypes."""
    changed = []
    for line in lines:
        tax = "NONE" if line_types == "NoTax" else line.get("TaxType", "NONE")
        amount = tax_on(line["LineAmount"], _rate(books, tax), line_types)
        changed.append({**line, "TaxType": tax, "TaxAmount": amount})
    return changed


def tax_on(amount: Decimal, percent: Decimal, line_types: str) -> Decimal:
    """Return the tax on one line, half-up to the cent."""
    match line_types:
        case "Exclusive":
            return rounded(amount * percent / 100)
        case "Inclusive":
            return amount - rounded(amount * 100 / (100 + percent))
        case _:
            return rounded(Decimal())


def _line(books: Books, raw: Input, terms: Terms, old: Record) -> Built:
    # A line that is only renamed or moved keeps its amounts, a given tax amount included.
    if old and not any(raw.has(name) for name in AMOUNT_FIELDS):
        line = {**old, "Description": raw.text("Description") or old.get("Description")}
        return Built(lines=[line], problems=_text_problems(line, terms))
    item, problems = _item(books, raw, old)
    line = {
        "LineItemID": old.get("LineItemID") or new_id(),
        "ItemCode": item.get("Code"),
        "Description": _described(raw, old, item, terms),
        "Tracking": raw.raw.get("Tracking") or old.get("Tracking") or [],
    }
    amounts, found = _amounts(raw, {**_priced(item, terms), **old}, terms)
    problems += found + _text_problems(line, terms)
    line |= amounts
    is_money = "UnitAmount" in amounts
    account, found = _account(books, raw, old, item, terms)
    problems += found
    if is_money and terms.approved and account is None and not found:
        problems.append("Account code must be specified")
    taxed, found = _taxed(books, raw, old, item, terms, account, line["LineAmount"])
    line |= {"AccountID": account["AccountID"] if account else None, **taxed}
    return Built(lines=[line], problems=problems + found)


def _item(books: Books, raw: Input, old: Record) -> tuple[Record, list[str]]:
    code = raw.text("ItemCode") if raw.has("ItemCode") else old.get("ItemCode")
    if not code:
        return {}, []
    item = items.by_code(books, code)
    return (item, []) if item else ({}, [f"Item code '{code}' is not valid."])


def _side(item: Record, terms: Terms) -> Record:
    side: Record = item.get("SalesDetails" if terms.sale else "PurchaseDetails") or {}
    return side


def _priced(item: Record, terms: Terms) -> Record:
    side = _side(item, terms)
    return {"UnitAmount": side["UnitPrice"]} if "UnitPrice" in side else {}


def _described(raw: Input, old: Record, item: Record, terms: Terms) -> str | None:
    usual = item.get("Description" if terms.sale else "PurchaseDescription") or item.get("Name")
    return raw.text("Description") or old.get("Description") or usual


def _text_problems(line: Record, terms: Terms) -> list[str]:
    text = line.get("Description") or ""
    if len(text) > LONGEST_DESCRIPTION:
        return ["Description must be 4000 characters or less."]
    return ["Description must be specified"] if terms.approved and not text else []


def _amounts(raw: Input, usual: Record, terms: Terms) -> tuple[Record, list[str]]:
    """Return Quantity, UnitAmount, LineAmount and discount; two of the first three suffice."""
    sent = raw.number("LineAmount")
    quantity, price = raw.number("Quantity"), raw.number("UnitAmount")
    if sent is None or price is None:
        quantity = _or(quantity, usual.get("Quantity"))
    if sent is None:
        price = _or(price, usual.get("UnitAmount"))
    discount, problems = _discount(raw, usual, terms)
    if quantity is None and price is None and sent is None:
        missing = ["Quantity and UnitAmount must be specified"] if raw.has("AccountCode") else []
        problems += missing if terms.approved else []
        return {"LineAmount": rounded(Decimal())}, problems
    if price is not None and -int(price.as_tuple().exponent) > MOST_DECIMALS:
        problems.append("Account must be valid.")
    if quantity is not None and quantity < 0:
        problems.append(NEGATIVE.format(quantity))
    if sent is None and (quantity is None or price is None) and terms.approved:
        problems.append("Quantity and UnitAmount must be specified")
    quantity, price = _completed(quantity, price, sent, terms.places)
    expected = _discounted(quantity * price, discount)
    if sent is not None and sent != expected and not _derived(raw):
        problems.append(WRONG_TOTAL.format(f"{sent:.2f}", f"{expected:.2f}"))
    amount = expected if sent is None or not _derived(raw) else rounded(sent)
    if abs(amount) > LARGEST_AMOUNT:
        problems.append("The line amount is too large.")
    return {"Quantity": quantity, "UnitAmount": price, "LineAmount": amount, **discount}, problems


def _or(value: Decimal | None, usual: Decimal | None) -> Decimal | None:
    return usual if value is None else value


def _derived(raw: Input) -> bool:
    return not (raw.has("Quantity") and raw.has("UnitAmount"))


def _completed(
    quantity: Decimal | None, price: Decimal | None, amount: Decimal | None, places: int
) -> tuple[Decimal, Decimal]:
    """Return quantity (4 places) and unit price, the missing one derived from the amount."""
    if quantity is None and price is not None and amount is not None and price:
        quantity = amount / price
    quantity = rounded(Decimal(1) if quantity is None else quantity, 4)
    if price is None:
        price = (amount or Decimal()) / quantity if quantity else Decimal()
    return quantity, rounded(price, places)


def _discount(raw: Input, usual: Record, terms: Terms) -> tuple[Record, list[str]]:
    found: Record = {}
    for name, places in (("DiscountRate", 4), ("DiscountAmount", 2)):
        value = raw.number(name) if raw.has(name) else usual.get(name)
        if value:
            found[name] = rounded(value, places)
    if raw.has("DiscountRate"):
        found.pop("DiscountAmount", None)
    elif raw.has("DiscountAmount"):
        found.pop("DiscountRate", None)
    problems = []
    if not set(found) <= set(terms.discounts):
        problems.append("Discounts can only be applied to sales invoices and quotes.")
    if not 0 <= found.get("DiscountRate", Decimal()) <= 100:
        problems.append("Discount rate must be between 0 and 100.")
    return found, problems


def _discounted(gross: Decimal, discount: Record) -> Decimal:
    if "DiscountAmount" in discount:
        return rounded(gross) - Decimal(discount["DiscountAmount"])
    return rounded(gross * (100 - discount.get("DiscountRate", Decimal())) / 100)


def _account(
    books: Books, raw: Input, old: Record, item: Record, terms: Terms
) -> tuple[Record | None, list[str]]:
    """Return the account of a line: sent, as before, of the item, or of the contact."""
    if raw.has("AccountCode") or raw.has("AccountID"):
        code = raw.text("AccountCode") or raw.text("AccountID") or ""
        account = accounts.find(books, Input(_reference(raw), raw.path))
    elif old.get("AccountID"):
        account = books.accounts.get(old["AccountID"])
        code = (account or {}).get("Code") or ""
    else:
        code = _side(item, terms).get("AccountCode") or terms.contact_account or ""
        account = accounts.by_code(books, code) if code else None
        if not code:
            return None, []
    if account is None or account["Type"] == "BANK" or _is_closed(account):
        return None, [BAD_CODE.format(code)]
    if account["Status"] != "ACTIVE":
        return None, [GONE_CODE.format(code)]
    return account, []


def _reference(raw: Input) -> Record:
    return {"AccountID": raw.text("AccountID"), "Code": raw.text("AccountCode")}


def _is_closed(account: Record) -> bool:
    # Xero's own rounding account is the one system account that documents may use.
    return (account.get("SystemAccount") or "ROUNDING") != "ROUNDING"


def _taxed(
    books: Books,
    raw: Input,
    old: Record,
    item: Record,
    terms: Terms,
    account: Record | None,
    amount: Decimal,
) -> tuple[Record, list[str]]:
    """Return TaxType and TaxAmount; a sent TaxAmount overrides the computed one."""
    if terms.line_types == "NoTax":
        return {"TaxType": "NONE", "TaxAmount": rounded(Decimal())}, []
    tax = (
        raw.text("TaxType")
        or old.get("TaxType")
        or _side(item, terms).get("TaxType")
        or terms.contact_tax
        or (account or {}).get("TaxType")
        or "NONE"
    )
    rate = books.tax_rates.get(tax)
    if rate is None or rate["Status"] != "ACTIVE":
        return {"TaxType": tax, "TaxAmount": rounded(Decimal())}, [BAD_TAX.format(tax)]
    problems = []
    if account and not rate[CLASSES[account["Class"]]]:
        problems.append(WRONG_TAX.format(tax, account.get("Code") or account["Name"]))
    sent = raw.number("TaxAmount")
    computed = tax_on(amount, rate["EffectiveRate"], terms.line_types)
    return {"TaxType": tax, "TaxAmount": computed if sent is None else rounded(sent)}, problems


def _rate(books: Books, tax: str) -> Decimal:
    return Decimal((books.tax_rates.get(tax) or {}).get("EffectiveRate", 0))
