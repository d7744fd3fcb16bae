"""Writing money spent or a bill of Xero to Perfex: one expense, and later changes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from xero_bridge.core.books import Books
from xero_bridge.core.entity import Encoding, Json, Payload
from xero_bridge.core.errors import Held
from xero_bridge.core.money import format_cents
from xero_bridge.core.record import Record
from xero_bridge.core.totals import NO_TAX
from xero_bridge.entities.expense.perfex import tax_on
from xero_bridge.entities.expense.record import Expense, Settlement
from xero_bridge.entities.expense.to_xero import expense_of
from xero_bridge.entities.marks import xero_expense_mark
from xero_bridge.entities.text import clean, perfex_text, squeeze

_NAME, _REFERENCE = 191, 100
#: Perfex's word for no tax, customer or payment mode where its form demands one.
_NONE = "0"


class _Whatever:
    """Stands for what Xero cannot tell in Perfex's terms: no value of Perfex contradicts it."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    def __str__(self) -> str:
        return ""


WHATEVER = _Whatever()


def create(encoding: Encoding, books: Books) -> Payload:
    """A new expense with our mark in its note; raises Held for what one expense cannot hold."""
    expense = expense_of(encoding.source)
    _check_whole(expense)
    mark = xero_expense_mark(books.settings.site_tag, encoding.source_id)
    body: Json = {"clientid": _NONE, "note": f"Entered in Xero: {mark}"}
    for columns in _COLUMNS.values():
        body |= columns(expense, books)
    body["paymentmode"] = body["paymentmode"] or _NONE
    return Payload(body={name: value for name, value in body.items() if value}, mark=mark)


def update(encoding: Encoding, books: Books) -> Payload:
    """The columns of these facets, and those that a PUT resets as they are now."""
    expense, target = expense_of(encoding.source), expense_of(encoding.target)
    body = _kept(target)
    for facet, columns in _COLUMNS.items():
        if facet in encoding.facets:
            body |= columns(expense, books)
    if encoding.facets & {"net", "total_tax"}:
        _check_whole(expense)
        body |= _amount(expense, books) | _taxes(expense, books)
    return Payload(body=body)


def delete(encoding: Encoding, _books: Books) -> Payload:
    """The expense goes; raises Held for one on an invoice, which Perfex does not delete."""
    target = expense_of(encoding.target)
    if target.shown.invoice:
        raise Held("expense_invoiced", label=target.label)
    return Payload(body={})


def by_hand(encoding: Encoding, _books: Books) -> frozenset[str]:
    """A bill that a credit settled has no account that a payment mode could stand for."""
    settled = _settled_otherwise(expense_of(encoding.source))
    return encoding.facets & {"payment"} if settled else frozenset()


def shown(record: Record, books: Books) -> Mapping[str, object]:
    """The facets as Perfex would show them; what cannot be told there equals everything."""
    expense = expense_of(record)
    told: dict[str, object] = {
        "spent_on": expense.spent_on,
        "name": _read_back(expense.name, _NAME),
        "reference": _read_back(expense.reference, _REFERENCE),
        "net": expense.net,
        "total_tax": expense.total_tax,
        "currency": expense.currency,
        "category": books.perfex_category(expense.category) or WHATEVER,
    }
    try:
        return {**told, "payment": _mode(expense, books)}
    except Held:
        return told


def _read_back(text: str, limit: int) -> str:
    """What Perfex shows of a text that was written: it takes entities for what they stand for."""
    return squeeze(clean(perfex_text(text, limit)))


def _kept(target: Expense) -> Json:
    """What a PUT wipes unless it is sent; a flag counts as set as soon as it is there."""
    form = target.shown
    body: Json = {
        "date": target.spent_on.isoformat() if target.spent_on else "",
        "amount": format_cents(target.net),
        "note": form.note,
        "project_id": form.project or _NONE,
    }
    flags = {
        "billable": form.billable,
        "create_invoice_billable": form.invoices_billable,
        "send_invoice_to_customer": form.sends_invoice,
    }
    body |= {name: "1" for name, is_set in flags.items() if is_set}
    if form.repeat:
        body["repeat_every"] = form.repeat
    if form.every:
        body |= {"repeat_every_custom": form.every, "repeat_type_custom": form.unit}
    return body


def _date(expense: Expense, _books: Books) -> Json:
    if expense.spent_on is None:
        raise Held("date_missing", label=expense.label)
    return {"date": expense.spent_on.isoformat()}


def _amount(expense: Expense, _books: Books) -> Json:
    return {"amount": format_cents(expense.net)}


def _taxes(expense: Expense, books: Books) -> Json:
    """The ids of its taxes, if Perfex then comes to the same tax; raises Held otherwise."""
    key = books.perfex_tax(expense.tax) if expense.tax else NO_TAX
    computed = tax_on(expense.net, key)
    if computed != expense.total_tax:
        details = {"tax": key, "perfex": computed, "xero": expense.total_tax}
        raise Held("expense_tax_differs", label=expense.label, **details)
    first, second, *more = (*books.perfex_tax_ids(key), "", "")
    if any(more):
        raise Held("expense_taxes_many", label=expense.label, tax=key)
    return {"tax": first or _NONE, "tax2": second or _NONE}


def _currency(expense: Expense, books: Books) -> Json:
    """Perfex's id of the currency; raises Held where it has none."""
    found = books.site.currencies.get(expense.currency)
    if not found:
        raise Held("perfex_currency_missing", label=expense.label, currency=expense.currency)
    return {"currency": found}


def _category(expense: Expense, books: Books) -> Json:
    """Of the account that all its lines stand on; none where nothing is mapped to that."""
    category = books.perfex_category(expense.category)
    return {"category": category} if category else {}


def _mode(expense: Expense, books: Books) -> str:
    """The payment mode of the account that it was paid from; raises Held, also to be patient."""
    settlement = expense.payment or Settlement(paid=False)
    if not settlement.paid:
        return ""
    account = settlement.account or books.paid_from(expense.payments)
    if not account:
        raise Held("waits_for_poll")
    return books.perfex_mode(account)


def _settled_otherwise(expense: Expense) -> bool:
    """A paid bill without a payment: a credit or prepayment settled it."""
    settlement = expense.payment
    paid = settlement is not None and settlement.paid and not settlement.account
    return paid and not expense.payments


def _check_whole(expense: Expense) -> None:
    """One expense has one category and one set of taxes."""
    if len({(line.account, line.tax) for line in expense.lines}) > 1:
        raise Held("expense_split", label=expense.label, count=len(expense.lines))


_COLUMNS: dict[str, Callable[[Expense, Books], Json]] = {
    "category": _category,
    "spent_on": _date,
    "currency": _currency,
    "net": _amount,
    "total_tax": _taxes,
    "name": lambda expense, _: {"expense_name": perfex_text(expense.name, _NAME)},
    "reference": lambda expense, _: {"reference_no": perfex_text(expense.reference, _REFERENCE)},
    "payment": lambda expense, books: {"paymentmode": _mode(expense, books)},
}
