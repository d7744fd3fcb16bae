"""A Perfex invoice as Xero lines: forecast to the cent, or held with the arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from xero_bridge.core.books import AccountTerm, Books
from xero_bridge.core.errors import Held
from xero_bridge.core.forecast import Forecast, RoundingPolicy, plan_document
from xero_bridge.core.money_problem import Problem
from xero_bridge.core.planned_line import PlannedLine, Role
from xero_bridge.core.totals import PerfexDocument, XeroTotals
from xero_bridge.entities.invoice.line_tax import discount_type, perfex_line
from xero_bridge.entities.invoice.record import UNKNOWN_TAX, Invoice, LineView
from xero_bridge.entities.text import DESCRIPTION_LIMIT

#: Xero wants at least one character.
_NO_TEXT = "-"
_OWN_TEXT = {
    Role.BEFORE_TAX_DISCOUNT: "Discount",
    Role.AFTER_TAX_DISCOUNT: "Discount",
    Role.ADJUSTMENT: "Adjustment",
    Role.ROUNDING: "Rounding",
}


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
        """The line as the Xero invoice will show it."""
        discount = self.discount_rate or self.discount_amount or Decimal()
        return LineView(self.text, self.quantity, self.price, self.tax_amount, discount)


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """All lines, the totals that Xero will answer, and the difference in tax that is accepted."""

    lines: tuple[DraftLine, ...]
    total: Decimal
    tax: Decimal
    #: Perfex's tax and Xero's, where they differ.
    tax_difference: tuple[Decimal, Decimal] | None


def draft(invoice: Invoice, books: Books) -> Draft:
    """The Xero lines of a Perfex invoice; raises Held where they cannot give its total."""
    _check_texts(invoice)
    forecast = _forecast(invoice, books)
    if forecast.totals is None:
        raise _held(invoice, forecast.problems[0])
    differs = bool(forecast.declared_tax_difference)
    return Draft(
        lines=tuple(_lines(invoice, forecast.lines, forecast.totals, books)),
        total=forecast.totals.total,
        tax=forecast.totals.tax,
        tax_difference=(forecast.expected_tax, forecast.totals.tax) if differs else None,
    )


def _check_texts(invoice: Invoice) -> None:
    if any(line.tax == UNKNOWN_TAX for line in invoice.lines):
        raise Held("line_taxes_unreadable", label=invoice.label)
    longest = max((len(line.text) for line in invoice.lines), default=0)
    if longest > DESCRIPTION_LIMIT:
        raise Held("description_too_long", label=invoice.label, length=longest)


def _forecast(invoice: Invoice, books: Books) -> Forecast:
    settings = books.settings
    rounding = RoundingPolicy(
        policy=settings.rounding_policy,
        limit=settings.rounding_limit,
        account_chosen=bool(settings.rounding_account),
    )
    return plan_document(document(invoice), lambda key: books.tax(key).rate, rounding)


def document(invoice: Invoice) -> PerfexDocument:
    """The invoice's money as the forecast takes it."""
    return PerfexDocument(
        lines=tuple(perfex_line(line, line.tax) for line in invoice.lines),
        discount_type=discount_type(invoice),
        discount_percent=invoice.discount_percent,
        discount_total=invoice.discount_total,
        adjustment=invoice.adjustment,
        total=invoice.total,
        total_tax=invoice.total_tax,
        currency=invoice.currency,
    )


def _held(invoice: Invoice, problem: Problem) -> Held:
    return Held(problem.reason.value, label=invoice.label, **problem.details)


def _lines(
    invoice: Invoice, planned: tuple[PlannedLine, ...], totals: XeroTotals, books: Books
) -> Iterator[DraftLine]:
    figures = zip(planned, totals.line_amounts, totals.line_taxes, strict=True)
    for line, amount, tax in figures:
        yield DraftLine(
            role=line.role,
            text=_text(invoice, line),
            quantity=line.xero.quantity,
            price=line.xero.unit_amount,
            discount_rate=line.xero.discount_rate,
            discount_amount=line.xero.discount_amount,
            account=_account(line.role, books),
            tax_type=books.tax(line.tax_key).sales,
            tax_rate=line.xero.tax_rate,
            amount=amount,
            tax_amount=tax,
        )


def _text(invoice: Invoice, line: PlannedLine) -> str:
    if line.source_index is None:
        return _OWN_TEXT[line.role]
    return invoice.lines[line.source_index].text or _NO_TEXT


def _account(role: Role, books: Books) -> AccountTerm:
    settings = books.settings
    match role:
        case Role.ITEM:
            return books.account(settings.sales_account, "sales account")
        case Role.ROUNDING:
            return books.account(settings.rounding_account, "rounding account")
        case _:
            account = settings.discount_account or settings.sales_account
            return books.account(account, "account for discounts and adjustments")
