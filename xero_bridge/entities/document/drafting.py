"""A Perfex document as Xero lines: forecast to the cent, or held with the arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import msgspec

from xero_bridge.core.books import AccountTerm, Books
from xero_bridge.core.errors import Held
from xero_bridge.core.forecast import Forecast, RoundingPolicy, plan_document
from xero_bridge.core.money_problem import Problem
from xero_bridge.core.planned_line import Discounts, PlannedLine, Role
from xero_bridge.core.totals import XeroTotals
from xero_bridge.entities.document.line_tax import money_of
from xero_bridge.entities.document.record import UNKNOWN_TAX, Document, LineView
from xero_bridge.entities.text import DESCRIPTION_LIMIT

#: Xero wants at least one character.
_NO_TEXT = "-"
_OWN_TEXT = {
    Role.BEFORE_TAX_DISCOUNT: "Discount",
    Role.AFTER_TAX_DISCOUNT: "Discount",
    Role.ADJUSTMENT: "Adjustment",
    Role.ROUNDING: "Rounding",
}


@dataclass(frozen=True, kw_only=True)
class Form:
    """How one kind of document is written to Xero."""

    discounts: Discounts
    #: Its lines bear the codes for purchases, and the purchase account; else those for sales.
    purchase: bool = False

    def tax(self, key: str, books: Books) -> tuple[str, Decimal]:
        """The TaxType and the rate in percent of a tax key; raises Held where it is not mapped."""
        if self.purchase:
            term = books.purchase_tax(key)
            return term.purchase, term.rate
        term = books.tax(key)
        return term.sales, term.rate

    def account(self, role: Role, books: Books) -> AccountTerm:
        """The account of a line; raises Held where a person has to choose one."""
        settings = books.settings
        if role is Role.ROUNDING:
            return books.account(settings.rounding_account, "rounding account")
        if self.purchase:
            return books.account(settings.purchase_account, "purchase account")
        if role is Role.ITEM:
            return books.account(settings.sales_account, "sales account")
        account = settings.discount_account or settings.sales_account
        return books.account(account, "account for discounts and adjustments")


class DraftLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line to send, with what Xero will make of it."""

    role: Role
    text: str
    quantity: Decimal
    price: Decimal
    discount_rate: Decimal | None
    discount_amount: Decimal | None
    account: AccountTerm
    tax_type: str
    tax_rate: Decimal
    amount: Decimal
    tax_amount: Decimal

    @property
    def view(self) -> LineView:
        """The line as the Xero document will show it."""
        discount = self.discount_rate or self.discount_amount or Decimal()
        return LineView(self.text, self.quantity, self.price, self.tax_amount, discount)


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """All lines, the totals that Xero will answer, and the difference in tax that is accepted."""

    lines: tuple[DraftLine, ...]
    total: Decimal
    tax: Decimal
    #: Perfex's tax and Xero's, where they differ.
    tax_difference: tuple[Decimal, Decimal] | None

    @property
    def roles(self) -> tuple[str, ...]:
        """Why each line is there, in sending order."""
        return tuple(line.role.value for line in self.lines)

    @property
    def declared(self) -> dict[str, tuple[str, str]]:
        """The accepted difference as a link holds it."""
        if self.tax_difference is None:
            return {}
        perfex, xero = self.tax_difference
        return {"tax": (f"{perfex:f}", f"{xero:f}")}


def draft(
    document: Document, form: Form, books: Books, *, account: AccountTerm | None = None
) -> Draft:
    """The Xero lines of a Perfex document; raises Held where they cannot give its total.

    An `account` given takes the place of the form's on all lines but the one for rounding.
    """
    _check_texts(document)
    forecast = _forecast(document, form, books)
    if forecast.totals is None:
        raise _held(document, forecast.problems[0])
    differs = bool(forecast.declared_tax_difference)
    coder = _Coder(form=form, books=books, account=account)
    return Draft(
        lines=tuple(_lines(document, forecast.lines, forecast.totals, coder)),
        total=forecast.totals.total,
        tax=forecast.totals.tax,
        tax_difference=(forecast.expected_tax, forecast.totals.tax) if differs else None,
    )


def _check_texts(document: Document) -> None:
    if any(line.tax == UNKNOWN_TAX for line in document.lines):
        raise Held("line_taxes_unreadable", label=document.label)
    longest = max((len(line.text) for line in document.lines), default=0)
    if longest > DESCRIPTION_LIMIT:
        raise Held("description_too_long", label=document.label, length=longest)


def _forecast(document: Document, form: Form, books: Books) -> Forecast:
    settings = books.settings
    rounding = RoundingPolicy(
        policy=settings.rounding_policy,
        limit=settings.rounding_limit,
        account_chosen=bool(settings.rounding_account),
    )
    return plan_document(
        money_of(document), lambda key: form.tax(key, books)[1], rounding, form.discounts
    )


def _held(document: Document, problem: Problem) -> Held:
    return Held(problem.reason.value, label=document.label, **problem.details)


@dataclass(frozen=True, kw_only=True)
class _Coder:
    """Gives each line its account and TaxType."""

    form: Form
    books: Books
    account: AccountTerm | None

    def account_of(self, role: Role) -> AccountTerm:
        if self.account is None or role is Role.ROUNDING:
            return self.form.account(role, self.books)
        return self.account

    def tax_type(self, key: str) -> str:
        return self.form.tax(key, self.books)[0]


def _lines(
    document: Document, planned: tuple[PlannedLine, ...], totals: XeroTotals, coder: _Coder
) -> Iterator[DraftLine]:
    figures = zip(planned, totals.line_amounts, totals.line_taxes, strict=True)
    for line, amount, tax in figures:
        yield DraftLine(
            role=line.role,
            text=_text(document, line),
            quantity=line.xero.quantity,
            price=line.xero.unit_amount,
            discount_rate=line.xero.discount_rate,
            discount_amount=line.xero.discount_amount,
            account=coder.account_of(line.role),
            tax_type=coder.tax_type(line.tax_key),
            tax_rate=line.xero.tax_rate,
            amount=amount,
            tax_amount=tax,
        )


def _text(document: Document, line: PlannedLine) -> str:
    if line.role is Role.ADJUSTMENT:
        return document.adjustment_text
    if line.source_index is None:
        return _OWN_TEXT[line.role]
    return document.lines[line.source_index].text or _NO_TEXT
