"""Writing a Perfex expense to Xero: as money spent or a bill, its changes, payment and removal."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from xero_bridge.core.books import AccountTerm, Books
from xero_bridge.core.entity import Encoding, Expected, Json, Payload
from xero_bridge.core.errors import Held
from xero_bridge.core.planned_line import Discounts
from xero_bridge.core.record import Record
from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities.document import UNKNOWN_TAX, Draft, Form, draft, header
from xero_bridge.entities.document.lines import all_new, as_they_stand, unchanged_money, with_lines
from xero_bridge.entities.expense.record import BILL, SPEND, Expense, Settlement

#: Capability of a site whose vendors can be read: else nobody knows who the vendor is.
VENDORS = "purchase_vendors"
SPENT, BILLS = "BankTransactions", "Invoices"
#: Xero's lines are written for these; the others stand in the header.
_OF_LINES = frozenset({"name", "net", "total_tax", "category"})
_MONEY = frozenset({"net", "total_tax", "currency", "spent_on"})
_FORM = Form(discounts=Discounts.NET_PRICES, purchase=True)
_SETTLED_WORDS = "Xero takes neither other amounts nor another date on it."


def create(encoding: Encoding, books: Books) -> Payload:
    """Money spent where it is paid and the account takes it, else a bill; its Url is our mark."""
    expense = expense_of(encoding.source)
    account = spent_from(expense, books)
    drafted = _drafted(expense, books)
    mark = books.record_url(Kind.EXPENSE, encoding.source_id)
    body = _bill(expense, books) if account is None else _spend(expense, account)
    return Payload(
        body={
            **body,
            **header.issued(expense.document),
            "Contact": {"ContactID": supplier_of(expense, books)},
            "Url": mark,
            **all_new(drafted),
        },
        expects=Expected(total=drafted.total, tax=drafted.tax),
        line_roles=drafted.roles,
        declared=drafted.declared,
        mark=mark,
        path=BILLS if account is None else SPENT,
        whole=account is not None,
    )


def update(encoding: Encoding, books: Books) -> Payload:
    """The given facets; a payment alone is added to its bill.

    Raises Held for what Xero does not change: reconciled, paid, void, or paid from elsewhere.
    """
    expense, target = expense_of(encoding.source), expense_of(encoding.target)
    _check_open(target)
    if "payment" in encoding.facets and target.kind_of == BILL:
        return _pay(encoding, books)
    if target.settled and encoding.facets & _MONEY:
        raise Held("has_payments", label=target.label, message=_SETTLED_WORDS)
    if target.kind_of == SPEND and "currency" in encoding.facets:
        raise Held("expense_currency_changed", label=target.label, currency=expense.currency)
    body = _head(encoding, books)
    path = SPENT if target.kind_of == SPEND else BILLS
    if not encoding.facets & _OF_LINES:
        # Xero names the lines of money spent as needed, whatever is changed.
        body |= as_they_stand(target.document) if target.kind_of == SPEND else {}
        payload = Payload(body=body, expects=unchanged_money(target.document))
    else:
        payload = _with_lines(encoding, books, body)
    return replace(payload, path=path, declared=payload.declared | _kept_number(encoding))


def _kept_number(encoding: Encoding) -> dict[str, tuple[str, str]]:
    """Xero takes no empty number: the old one of a bill stays, and is known to."""
    expense, target = expense_of(encoding.source), expense_of(encoding.target)
    is_emptied = "reference" in encoding.facets and not expense.reference and target.reference
    return {"reference": ("", target.reference)} if is_emptied and target.kind_of == BILL else {}


def remove(encoding: Encoding, _books: Books) -> Payload:
    """DELETED, or VOIDED for an approved bill; raises Held where Xero refuses it."""
    target = expense_of(encoding.target)
    _check_open(target)
    if target.kind_of == SPEND:
        return Payload(
            body={"BankTransactionID": encoding.target_id, "Status": "DELETED"}, path=SPENT
        )
    if target.settled:
        message = "they have to be removed before it can be voided."
        raise Held("has_payments", label=target.label, message=message)
    status = "VOIDED" if target.side_status == "AUTHORISED" else "DELETED"
    return Payload(body={"InvoiceID": encoding.target_id, "Status": status}, path=BILLS)


def shown(record: Record, books: Books) -> Mapping[str, object]:
    """The facets as Xero would show them; raises Held or Waiting as encoding does."""
    expense = expense_of(record)
    drafted = _drafted(expense, books)
    return {
        "spent_on": expense.spent_on,
        "name": drafted.lines[0].text,
        "reference": expense.reference,
        "net": drafted.total - drafted.tax,
        "total_tax": drafted.tax,
        "currency": expense.currency,
        "category": drafted.lines[0].account.code,
        "payment": _settlement(expense, books),
    }


def expense_of(record: Record | None) -> Expense:
    """The record as an expense."""
    assert isinstance(record, Expense)
    return record


def spent_from(expense: Expense, books: Books) -> AccountTerm | None:
    """The account that the money was spent from; None: it is a bill.

    Raises Held where the setting `expense_as=spend` leaves no other way.
    """
    wanted = books.settings.expense_as
    if wanted == "bill" or not expense.mode:
        return None
    account = books.payment_account(expense.mode)
    trouble = _trouble(expense, account, books)
    if trouble and wanted == "spend":
        booked = account.currency or books.organisation.base_currency
        details = {"currency": expense.currency, "account": account.name, "booked": booked}
        raise Held(trouble, label=expense.label, **details)
    return None if trouble else account


def _trouble(expense: Expense, account: AccountTerm, books: Books) -> str:
    """Why the account does not take money spent, as a reason code."""
    if account.type != "BANK":
        return "expense_account_not_bank"
    if expense.currency != (account.currency or books.organisation.base_currency):
        return "expense_currency_differs"
    if account.bank_feed and not books.settings.expense_consent:
        return "expense_account_fed"
    return ""


def supplier_of(expense: Expense, books: Books) -> str:
    """ContactID of the supplier: its own, its vendor's, its category's, else the one for all."""
    readable = VENDORS in books.site.capabilities
    if not expense.supplier and expense.vendor and readable:
        return books.xero_id(Kind.VENDOR, expense.vendor)
    named = expense.supplier or books.category_supplier(expense.category)
    named = named or books.settings.expense_contact
    if not named:
        raise Held("supplier_not_chosen", category=expense.category)
    return books.contact(named)


def _spend(expense: Expense, account: AccountTerm) -> Json:
    return {"Type": "SPEND", "BankAccount": {"AccountID": account.id}, **_reference(expense, SPEND)}


def _bill(expense: Expense, books: Books) -> Json:
    """Due at once: Perfex's expenses have no due date, and an approved bill needs one."""
    due = expense.spent_on
    return {
        "Type": "ACCPAY",
        "Status": books.settings.bill_status,
        **header.currency(expense.document, books),
        **({"DueDate": due.isoformat()} if due else {}),
        **_reference(expense, BILL),
    }


def _reference(expense: Expense, form: str) -> Json:
    if form == SPEND:
        return {"Reference": expense.reference}
    return header.number(expense.document, "InvoiceNumber") if expense.reference else {}


def _drafted(expense: Expense, books: Books) -> Draft:
    if expense.tax == UNKNOWN_TAX:
        raise Held("expense_tax_deleted", label=expense.label)
    account = books.category_account(expense.category, expense.category_name)
    return draft(expense.document, _FORM, books, account=account)


def _head(encoding: Encoding, books: Books) -> Json:
    expense, target = expense_of(encoding.source), expense_of(encoding.target)
    spent, facets = target.kind_of == SPEND, encoding.facets
    body: Json = {"BankTransactionID" if spent else "InvoiceID": encoding.target_id}
    if spent and target.payment is not None:
        # Xero names both as needed, whatever is changed.
        body |= {"Type": "SPEND", "BankAccount": {"AccountID": target.payment.account}}
    if "spent_on" in facets:
        body |= header.issued(expense.document)
    if "currency" in facets:
        body |= header.currency(expense.document, books)
    if "reference" in facets:
        body |= _reference(expense, target.kind_of)
    if "supplier" in facets:
        body["Contact"] = {"ContactID": supplier_of(expense, books)}
    if "payment" in facets:
        body["BankAccount"] = {"AccountID": _other_account(expense, target, books).id}
    return body


def _other_account(expense: Expense, target: Expense, books: Books) -> AccountTerm:
    """The account of money spent that was paid with another mode after all."""
    _check_paid(expense)
    account = spent_from(expense, books)
    if account is None:
        raise Held("expense_account_changed", label=target.label)
    return account


def _with_lines(encoding: Encoding, books: Books, body: Json) -> Payload:
    expense, target = expense_of(encoding.source), expense_of(encoding.target)
    drafted = _drafted(expense, books)
    documents = replace(encoding, source=expense.document, target=target.document)
    only_texts = _SETTLED_WORDS if target.settled else ""
    payload = with_lines(body, drafted, documents, books, only_texts=only_texts)
    if "category" in encoding.facets:
        for sent, line in zip(payload.body["LineItems"], drafted.lines, strict=True):
            sent["AccountCode"] = line.account.code
    return payload


def _pay(encoding: Encoding, books: Books) -> Payload:
    """A payment of the whole bill, from the account of the expense's mode, on its own date."""
    expense, target = expense_of(encoding.source), expense_of(encoding.target)
    _check_paid(expense)
    if target.side_status in {"DRAFT", "SUBMITTED"}:
        raise Held("bill_not_open", label=target.label, status=target.side_status)
    if target.settled:
        raise Held("bill_part_paid", label=target.label)
    account = books.payment_account(expense.mode)
    booked = account.currency or books.organisation.base_currency
    if target.currency != booked:
        details = {"currency": target.currency, "account": account.name, "booked": booked}
        raise Held("payment_currencies_differ", label=target.label, **details)
    paid = {
        "Invoice": {"InvoiceID": encoding.target_id},
        "Account": {"AccountID": account.id},
        **header.issued(expense.document),
        "Amount": target.total,
        "Reference": f"{books.settings.site_tag}-EXP-{encoding.source_id}",
    }
    return Payload(body={"Payments": [paid]}, path="Payments", adds=True)


def _settlement(expense: Expense, books: Books) -> Settlement:
    account = books.payment_account(expense.mode).id if expense.mode else ""
    return Settlement(paid=bool(expense.mode), account=account)


def _check_paid(expense: Expense) -> None:
    """Taking a payment back is never done by itself."""
    if not expense.mode:
        raise Held("unpaid_in_perfex", label=expense.label)


def _check_open(target: Expense) -> None:
    if target.closed:
        raise Held(
            "status_forbidden", label=target.label, status=target.side_status, step="changes"
        )
    if target.accounts:
        raise Held("expense_part", label=target.label)
    if target.reconciled:
        raise Held("expense_reconciled", label=target.label)
