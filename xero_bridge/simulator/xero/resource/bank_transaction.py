"""Bank transactions: money spent or received without a document, or ahead of one."""

from decimal import Decimal
from typing import Any

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.errors import Invalid, refuse
from xero_bridge.simulator.xero.kernel.reading import Input
from xero_bridge.simulator.xero.kernel.wire import new_id, rounded
from xero_bridge.simulator.xero.resource import account as accounts
from xero_bridge.simulator.xero.resource import contact as contacts
from xero_bridge.simulator.xero.resource import document
from xero_bridge.simulator.xero.resource.advance import keep_credit, line_of_overpayment
from xero_bridge.simulator.xero.resource.document import LINE_TYPES, NO_LINES
from xero_bridge.simulator.xero.resource.invoice_line import Terms, tax_on
from xero_bridge.simulator.xero.resource.invoice_sum import totals

PLAIN = ("SPEND", "RECEIVE")
KINDS = (*PLAIN, *(f"{side}-{what}" for side in PLAIN for what in ("OVERPAYMENT", "PREPAYMENT")))
STATUSES = ("AUTHORISED", "DELETED", "VOIDED")
UNKNOWN = "An existing Bank Transaction with the specified BankTransactionID could not be found"
NO_MODIFICATION = "Bank transaction not of valid status for modification"
RECONCILED = (
    "This Bank Transaction cannot be edited as it has been reconciled with a Bank Statement."
)
NO_BANK = "The bank account must be specified and must be of type BANK"
NOT_POSITIVE = "The total of the bank transaction must be greater than zero."
NO_QUANTITY = "Quantity must be greater than zero on every line of a bank transaction."
NO_PRICE = "UnitAmount must not be zero on any line of a bank transaction."
WRONG_TAX = "The tax amount {} does not match the expected tax amount {}"
NO_ITEM = "ItemCode can only be used on SPEND and RECEIVE bank transactions."


def upsert(books: Books, raw: Input, places: int) -> str:
    """Update the bank transaction of this id, or add one when no id is sent; raises Invalid."""
    if not raw.has("BankTransactionID"):
        return create(books, raw, places)
    return update(books, raw.guid("BankTransactionID") or "", raw, places)


def create(books: Books, raw: Input, places: int) -> str:
    """Add a bank transaction, and what it leaves to allocate; raises Invalid."""
    kind = raw.choice("Type", KINDS, "BankTransactionType")
    if kind is None:
        raise Invalid("Bank Transaction Type must be specified")
    if (raw.choice("Status", STATUSES, "BankTransactionStatus") or "AUTHORISED") != "AUTHORISED":
        raise Invalid("Bank transaction not of valid status for creation")
    blank: Record = {
        "BankTransactionID": new_id(),
        "Type": kind,
        "Status": "AUTHORISED",
        "Date": books.today(),
        "LineAmountTypes": "NoTax" if kind.endswith("OVERPAYMENT") else "Inclusive",
        "IsReconciled": False,
        "LineItems": [],
    }
    changed, problems = _changed(books, blank, raw, places)
    refuse(problems)
    if kind not in PLAIN:
        changed |= keep_credit(books, changed)
    return _store(books, changed)


def update(books: Books, transaction_id: str, raw: Input, places: int) -> str:
    """Change or delete money spent or received; raises Invalid."""
    old = books.bank_transactions.get(transaction_id)
    if old is None:
        raise Invalid(UNKNOWN)
    status = raw.choice("Status", STATUSES, "BankTransactionStatus") or old["Status"]
    refuse(_update_problems(old, status))
    refuse(books.lock_messages(old["Date"], raw.day("Date")))
    if status == "DELETED":
        return _store(books, {**old, "Status": status})
    changed, problems = _changed(books, old, raw, places)
    refuse(problems)
    return _store(books, changed)


def _update_problems(old: Record, status: str) -> list[str]:
    if old["Status"] != "AUTHORISED" or status == "VOIDED":
        return [NO_MODIFICATION]
    if old["Type"] not in PLAIN:
        return ["Only SPEND and RECEIVE bank transactions can be updated"]
    return [RECONCILED] if old["IsReconciled"] else []


def _changed(books: Books, old: Record, raw: Input, places: int) -> tuple[Record, list[str]]:
    """Return the transaction with what was sent, totals included, and what is wrong with it."""
    problems: list[str] = []
    changed = {**old, **_header(raw, old)}
    try:
        changed["ContactID"] = document.contact_of(books, raw, old)
    except Invalid as error:
        problems += error.messages
    bank = _bank(books, raw, old)
    if bank is None:
        problems.append(NO_BANK)
        bank = {"AccountID": "", "CurrencyCode": books.base_currency}
    changed["BankAccountID"] = bank["AccountID"]
    changed |= _currency(books, raw, old, bank)
    problems += books.lock_messages(changed["Date"])
    problems += document.url_problems(changed.get("Url"))
    problems += document.text_problems("bank transaction", "", changed.get("Reference") or "")
    lines, found = _lines(books, changed, raw, old, places)
    problems += found
    changed |= {"LineItems": lines, **totals(lines, changed["LineAmountTypes"])}
    if changed["Total"] <= 0 and not problems:
        problems.append(NOT_POSITIVE)
    return changed, problems


def _header(raw: Input, old: Record) -> Record:
    is_plain = old["Type"] in PLAIN
    is_over = old["Type"].endswith("OVERPAYMENT")
    types = raw.choice("LineAmountTypes", LINE_TYPES, "LineAmountType")
    sent: dict[str, Any] = {
        "Date": raw.day("Date"),
        "Reference": raw.text("Reference") if is_plain else None,
        "LineAmountTypes": None if is_over else types,
        "Url": raw.text("Url"),
        "IsReconciled": raw.flag("IsReconciled"),
    }
    return {name: value for name, value in sent.items() if value is not None}


def _bank(books: Books, raw: Input, old: Record) -> Record | None:
    sent = raw.child("BankAccount")
    held = books.accounts.get(old.get("BankAccountID") or "")
    account = accounts.find(books, sent) if sent else held
    is_usable = account is not None and account["Type"] == "BANK" and account["Status"] == "ACTIVE"
    return account if is_usable else None


def _currency(books: Books, raw: Input, old: Record, bank: Record) -> Record:
    """Return the bank account's currency; only an overpayment may name its own rate."""
    currency = bank.get("CurrencyCode", books.base_currency)
    if currency == old.get("CurrencyCode"):
        return {}
    sent = document.sent_rate(raw) if old["Type"].endswith("OVERPAYMENT") else None
    return {"CurrencyCode": currency, "CurrencyRate": sent or document.day_rate(books, currency)}


def _lines(
    books: Books, changed: Record, raw: Input, old: Record, places: int
) -> tuple[list[Record], list[str]]:
    sale = changed["Type"].startswith("RECEIVE")
    if changed["Type"].endswith("OVERPAYMENT"):
        return line_of_overpayment(books, raw.children("LineItems") or [], sale=sale)
    sent = raw.children("LineItems") or []
    if raw.children("LineItems") is None and not old["LineItems"]:
        return [], [NO_LINES]
    line_types = changed["LineAmountTypes"]
    terms = Terms(sale=sale, line_types=line_types, approved=True, places=places)
    lines, problems = document.lines_of(books, changed, raw, old, terms)
    if problems:
        return lines, problems
    for line in lines:
        problems += _line_problems(line)
    if changed["Type"] not in PLAIN and any(line.has("ItemCode") for line in sent):
        problems.append(NO_ITEM)
    pairs = zip(sent, lines, strict=True) if sent else ()
    for one, line in pairs:
        problems += _tax_problems(books, one, line, line_types)
    return lines, problems


def _line_problems(line: Record) -> list[str]:
    problems = [] if line.get("Quantity", 0) > 0 else [NO_QUANTITY]
    return problems if line.get("UnitAmount") else [*problems, NO_PRICE]


def _tax_problems(books: Books, sent: Input, line: Record, line_types: str) -> list[str]:
    """Unlike on invoices, a tax amount of one's own is not taken."""
    amount = sent.number("TaxAmount")
    rate = books.tax_rates.get(line["TaxType"]) or {"EffectiveRate": Decimal()}
    expected = tax_on(line["LineAmount"], rate["EffectiveRate"], line_types)
    if amount is None or rounded(amount) == expected:
        return []
    return [WRONG_TAX.format(f"{amount:.2f}", f"{expected:.2f}")]


def _store(books: Books, changed: Record) -> str:
    transaction_id = str(changed["BankTransactionID"])
    books.bank_transactions.put(transaction_id, {**changed, "UpdatedDateUTC": books.now()})
    sale = changed["Type"].startswith("RECEIVE")
    contacts.note_document(books, changed["ContactID"], sale=sale)
    return transaction_id
