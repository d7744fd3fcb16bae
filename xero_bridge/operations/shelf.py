"""The reference records of both sides: what can be mapped to what, and what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TypeVar

from xero_bridge.core.record import Link, Record
from xero_bridge.core.totals import NO_TAX
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.entities.account import Account
from xero_bridge.entities.document import UNKNOWN_TAX
from xero_bridge.entities.expense import Expense
from xero_bridge.entities.expense_category import ExpenseCategory, books_expenses
from xero_bridge.entities.invoice import Invoice
from xero_bridge.entities.payment import Payment
from xero_bridge.entities.payment_mode import PaymentMode
from xero_bridge.entities.tax import Tax, rate_of
from xero_bridge.entities.text import fold
from xero_bridge.store.repository import SqlStore

R = TypeVar("R", bound=Record)

#: Kinds that a person maps.
MAPPED = (Kind.TAX, Kind.PAYMENT_MODE, Kind.EXPENSE_CATEGORY, Kind.CURRENCY)
#: Those of them that are mapped to accounts.
TO_ACCOUNTS = frozenset({Kind.PAYMENT_MODE, Kind.EXPENSE_CATEGORY})
#: Xero's own type for lines without tax; every organisation has it.
_NO_TAX_TYPE = "NONE"
#: A shorter name is found in too many others.
_TELLING = 4


class Shelf:
    """Taxes, accounts, payment modes and currencies of one connection as last read."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store
        self.taxes = self._records(Kind.TAX, Side.XERO, Tax)
        self.accounts = self._records(Kind.ACCOUNT, Side.XERO, Account)
        self.currencies = self._ids(Kind.CURRENCY, Side.XERO)
        self.links = {
            (kind, link.perfex_id): link for kind in MAPPED for link in store.links_of(kind)
        }

    def _records(self, kind: Kind, side: Side, type_: type[R]) -> dict[str, R]:
        return {
            mirror.key.id: mirror.record
            for mirror in self._store.mirrors_of(kind, side)
            if isinstance(mirror.record, type_) and not mirror.gone
        }

    def _ids(self, kind: Kind, side: Side) -> list[str]:
        return [m.key.id for m in self._store.mirrors_of(kind, side) if not m.gone]

    # --- Perfex's side -----------------------------------------------------------------------

    def used(self) -> Counter[tuple[Kind, str]]:
        """How many lines, documents, payments or expenses use each value of Perfex."""
        counted: Counter[tuple[Kind, str]] = Counter()
        for invoice in self._records(Kind.INVOICE, Side.PERFEX, Invoice).values():
            counted.update((Kind.TAX, line.tax) for line in invoice.lines if line.tax)
            counted[Kind.CURRENCY, invoice.currency] += 1
        for payment in self._records(Kind.PAYMENT, Side.PERFEX, Payment).values():
            counted[Kind.PAYMENT_MODE, payment.mode] += 1
        for expense in self._records(Kind.EXPENSE, Side.PERFEX, Expense).values():
            counted[Kind.EXPENSE_CATEGORY, expense.category] += 1
            counted[Kind.CURRENCY, expense.currency] += 1
            if expense.tax != UNKNOWN_TAX:
                counted[Kind.TAX, expense.tax] += 1
            if expense.mode:
                counted[Kind.PAYMENT_MODE, expense.mode] += 1
        return counted

    def perfex_labels(self) -> dict[tuple[Kind, str], str]:
        """What Perfex calls the values that can be mapped, those that a person switched off too."""
        labels = {(Kind.TAX, NO_TAX): "no tax"}
        for key, tax in self._records(Kind.TAX, Side.PERFEX, Tax).items():
            labels[Kind.TAX, key] = tax.label
        for key, mode in self._records(Kind.PAYMENT_MODE, Side.PERFEX, PaymentMode).items():
            labels[Kind.PAYMENT_MODE, key] = mode.name
        categories = self._records(Kind.EXPENSE_CATEGORY, Side.PERFEX, ExpenseCategory)
        for key, category in categories.items():
            labels[Kind.EXPENSE_CATEGORY, key] = category.name
        for code in self._ids(Kind.CURRENCY, Side.PERFEX):
            labels[Kind.CURRENCY, code] = code
        return labels

    # --- Xero's side -------------------------------------------------------------------------

    def was_read(self, kind: Kind) -> bool:
        """Whether Xero's list for this kind was read already."""
        return bool(_CANDIDATES[kind](self))

    def xero_label(self, kind: Kind, xero_id: str) -> str:
        """What Xero calls it, its id where that is not known."""
        if kind is Kind.TAX and xero_id in self.taxes:
            return self.taxes[xero_id].label
        account = self.accounts.get(self.account_id(xero_id))
        return account.label if kind in TO_ACCOUNTS and account else xero_id

    def account_id(self, text: str) -> str:
        """The AccountID of a code or AccountID; the text itself where there is no such account."""
        if text in self.accounts:
            return text
        found = (i for i, account in self.accounts.items() if account.code and account.code == text)
        return next(found, text)

    def choices(self, kind: Kind) -> dict[str, str]:
        """What a value of this kind can be mapped to: id -> label, usable ones only."""
        return {
            id: self.xero_label(kind, id)
            for id in _CANDIDATES[kind](self)
            if not self._unusable(kind, id)
        }

    def _unusable(self, kind: Kind, id: str) -> str:
        if kind is Kind.TAX:
            return _tax_trouble(self.taxes.get(id))
        return self._account_trouble(kind, id) if kind in TO_ACCOUNTS else ""

    def _account_trouble(self, kind: Kind, text: str) -> str:
        trouble = _payment_trouble if kind is Kind.PAYMENT_MODE else _expense_trouble
        return trouble(self.accounts.get(self.account_id(text)))

    def without_category(self) -> dict[str, str]:
        """Accounts that expenses may be booked to and no category is mapped to: id -> label."""
        taken = {
            self.account_id(link.xero_id)
            for (kind, _perfex), link in self.links.items()
            if kind is Kind.EXPENSE_CATEGORY
        }
        free = self.choices(Kind.EXPENSE_CATEGORY)
        return {id: label for id, label in free.items() if id not in taken}

    # --- judging -----------------------------------------------------------------------------

    def trouble(self, link: Link) -> str | None:
        """What is wrong with a mapping, in a sentence; empty: nothing; None: not looked at."""
        if not self.was_read(link.kind):
            return None
        if link.kind is Kind.TAX:
            return self._tax_pair_trouble(link)
        if link.kind in TO_ACCOUNTS:
            return self._account_trouble(link.kind, link.xero_id)
        missing = link.xero_id not in self.currencies
        return f"The Xero organisation does not use {link.xero_id}." if missing else ""

    def _tax_pair_trouble(self, link: Link) -> str:
        found = self.taxes.get(link.xero_id)
        trouble = _tax_trouble(found)
        if trouble or found is None:
            return trouble
        if not found.for_sales:
            return f"The Xero tax {found.label} cannot be used on sales."
        if rate_of(link.perfex_id) != found.rate:
            ours = _percent(rate_of(link.perfex_id))
            return f"{link.perfex_id} is {ours}, but the Xero tax is {found.label}."
        return self._purchase_trouble(link)

    def _purchase_trouble(self, link: Link) -> str:
        if not link.roles.purchase:
            return ""
        found = self.taxes.get(link.roles.purchase)
        if found is not None and not found.for_purchases:
            return f"The Xero tax {found.label} cannot be used on purchases."
        return _tax_trouble(found)

    def suggestions(self, kind: Kind, perfex: str, label: str) -> list[str]:
        """Ids that fit, the best first; exactly one that fits best is unambiguous."""
        ranked = sorted(self._ranked(kind, perfex, label), key=lambda pair: pair[0])
        best = ranked[0][0] if ranked else 0
        return [id for rank, id in ranked if rank == best]

    def _ranked(self, kind: Kind, perfex: str, label: str) -> Iterator[tuple[int, str]]:
        for id, named in self.choices(kind).items():
            if kind is Kind.TAX:
                if not self._tax_pair_trouble(Link(kind=kind, perfex_id=perfex, xero_id=id)):
                    yield self._tax_rank(perfex, id), id
            elif kind in TO_ACCOUNTS:
                if fold(label) in (fold(self.accounts[id].name), fold(self.accounts[id].code)):
                    yield 0, id
                elif len(label) >= _TELLING and fold(label) in fold(named):
                    yield 1, id
            elif id == perfex:
                yield 0, id

    def _tax_rank(self, perfex: str, id: str) -> int:
        name = perfex.partition("|")[0]
        alike = fold(name) == fold(self.taxes[id].name)
        same = id == _NO_TAX_TYPE if perfex == NO_TAX else alike
        return 0 if same else 1


def _percent(rate: Decimal) -> str:
    return f"{rate.normalize():f} %"


def _tax_trouble(tax: Tax | None) -> str:
    if tax is None:
        return "Xero has no such tax rate."
    if tax.closed:
        return f"The Xero tax {tax.label} is deleted or archived."
    if tax.compound:
        return f"The Xero tax {tax.label} has a compound component; Perfex adds taxes side by side."
    return ""


def _payment_trouble(account: Account | None) -> str:
    if account is None:
        return "Xero has no such account."
    if account.closed:
        return f"The Xero account {account.label} is archived."
    if not account.takes_payments:
        return f"The Xero account {account.label} is neither a bank account nor open for payments."
    return ""


def _expense_trouble(account: Account | None) -> str:
    if account is None:
        return "Xero has no such account."
    if account.closed:
        return f"The Xero account {account.label} is archived."
    if not books_expenses(account):
        return f"The Xero account {account.label} is not an ordinary account of class EXPENSE."
    return ""


_CANDIDATES: dict[Kind, Callable[[Shelf], list[str]]] = {
    Kind.TAX: lambda shelf: list(shelf.taxes),
    Kind.PAYMENT_MODE: lambda shelf: list(shelf.accounts),
    Kind.EXPENSE_CATEGORY: lambda shelf: list(shelf.accounts),
    Kind.CURRENCY: lambda shelf: shelf.currencies,
}
