"""Why a Perfex document cannot be reproduced in Xero to the cent, with the arithmetic shown."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum

import msgspec

from xero_bridge.core.money import decimals, format_cents
from xero_bridge.core.reasons import sentence
from xero_bridge.core.totals import NO_TAX, PerfexDocument

#: Xero takes no LineAmount above it.
LARGEST_AMOUNT = Decimal("9999999999.99")


class MoneyReason(StrEnum):
    """The reason codes of documents whose money does not fit (words: `core/reasons/money.py`)."""

    NO_LINES = "no_lines"
    ZERO_TOTAL = "zero_total"
    NEGATIVE_TOTAL = "negative_total"
    NEGATIVE_QUANTITY = "negative_quantity"
    TOO_MANY_DECIMALS = "too_many_decimals"
    AMOUNT_TOO_LARGE = "amount_too_large"
    DISCOUNT_NEGATIVE = "discount_negative"
    DISCOUNT_OVER_100_PERCENT = "discount_over_100_percent"
    DISCOUNT_OVER_SUBTOTAL = "discount_over_subtotal"
    TAX_RATE_DIFFERS = "tax_rate_differs"
    STORED_TOTAL_DIFFERS = "stored_total_differs"
    ROUNDING = "rounding"
    ROUNDING_HELD = "rounding_held"
    ROUNDING_ACCOUNT_MISSING = "rounding_account_missing"
    TAX_TOTAL_DIFFERS = "tax_total_differs"


class ArithmeticRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the forecast, as Xero would compute it."""

    name: str
    quantity: Decimal
    unit_amount: Decimal
    discount: str
    line_amount: Decimal
    tax_key: str
    tax: Decimal

    def __str__(self) -> str:
        """`line 2: 3.00 x 33.33 less 10 % = 89.99, tax 18.00 (VAT|20.00)`."""
        less = f" less {self.discount}" if self.discount else ""
        tax = "" if self.tax_key == NO_TAX else f", tax {format_cents(self.tax)} ({self.tax_key})"
        amount = format_cents(self.line_amount)
        return f"{self.name}: {self.quantity:f} x {self.unit_amount:f}{less} = {amount}{tax}"


class Arithmetic(msgspec.Struct, frozen=True, kw_only=True):
    """Both totals side by side; `difference` is Perfex's total less Xero's."""

    perfex_total: Decimal
    xero_total: Decimal
    difference: Decimal
    allowed: Decimal
    taxed_lines: int
    currency: str
    rows: tuple[ArithmeticRow, ...]

    @property
    def details(self) -> dict[str, str]:
        """All of it as text, under the names that the sentences use."""
        return {
            "perfex": f"{format_cents(self.perfex_total)} {self.currency}",
            "xero": f"{format_cents(self.xero_total)} {self.currency}",
            "difference": format_cents(self.difference),
            "allowed": f"{self.allowed:f}",
            "arithmetic": f"Xero's arithmetic: {'; '.join(str(row) for row in self.rows)}.",
        }


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A reason code, the values that its sentence needs, and the arithmetic of the totals."""

    reason: MoneyReason
    details: dict[str, str] = {}
    arithmetic: Arithmetic | None = None

    @property
    def sentence(self) -> str:
        """What happened and what to do, for a person."""
        return sentence(self.reason, self.details)


def document_problems(document: PerfexDocument) -> tuple[Problem, ...]:
    """All that makes the document impossible in Xero before any total is computed."""
    sizes = tuple(_size_problems(document))
    if sizes:  # The other checks would calculate with figures that mean nothing.
        return sizes
    return (*_line_problems(document), *_total_problems(document), *_discount_problems(document))


def _size_problems(document: PerfexDocument) -> Iterator[Problem]:
    for figure, value, places in _figures(document):
        if abs(value) > LARGEST_AMOUNT:
            yield _too_large(figure, value)
        elif decimals(value) > places:
            yield _problem(MoneyReason.TOO_MANY_DECIMALS, figure=figure, value=value, places=places)


def _figures(document: PerfexDocument) -> Iterator[tuple[str, Decimal, int]]:
    """Every figure with its name and the decimals that it may have."""
    for number, line in enumerate(document.lines, start=1):
        yield f"quantity of line {number}", line.quantity, 4
        yield f"price of line {number}", line.rate, 4
        for tax in line.taxes:
            yield f"rate of {tax.name} on line {number}", tax.rate, 2
    yield "discount in percent", document.discount_percent, 2
    yield "discount", document.discount_total, 2
    yield "adjustment", document.adjustment, 2
    yield "total", document.total, 2
    if document.total_tax is not None:
        yield "tax total", document.total_tax, 2


def _line_problems(document: PerfexDocument) -> Iterator[Problem]:
    if not document.lines:
        yield _problem(MoneyReason.NO_LINES)
    for number, line in enumerate(document.lines, start=1):
        if line.quantity < 0:
            yield _problem(MoneyReason.NEGATIVE_QUANTITY, line=number, quantity=line.quantity)
        if abs(line.amount) > LARGEST_AMOUNT:
            yield _too_large(f"amount of line {number}", line.amount)


def _total_problems(document: PerfexDocument) -> Iterator[Problem]:
    if document.total == 0:
        yield _problem(MoneyReason.ZERO_TOTAL)
    if document.total < 0:
        yield _problem(MoneyReason.NEGATIVE_TOTAL, total=_money(document, document.total))


def _discount_problems(document: PerfexDocument) -> Iterator[Problem]:
    if document.discounted_by_percent:
        percent = document.discount_percent
        if percent > 100:  # noqa: PLR2004 - a percentage.
            yield _problem(MoneyReason.DISCOUNT_OVER_100_PERCENT, discount=f"{percent} %")
        if percent < 0:
            yield _problem(MoneyReason.DISCOUNT_NEGATIVE, discount=f"{percent} %")
    elif document.discounted_by_amount:
        yield from _fixed_discount_problems(document)


def _fixed_discount_problems(document: PerfexDocument) -> Iterator[Problem]:
    discount = _money(document, document.discount_total)
    if document.discount_total < 0:
        yield _problem(MoneyReason.DISCOUNT_NEGATIVE, discount=discount)
    if document.discount_type != "before_tax":
        return
    subtotal = sum((line.amount for line in document.lines), Decimal())
    if document.discount_total > subtotal:
        yield _problem(
            MoneyReason.DISCOUNT_OVER_SUBTOTAL,
            discount=discount,
            subtotal=_money(document, subtotal),
        )


def _too_large(figure: str, value: Decimal) -> Problem:
    return _problem(
        MoneyReason.AMOUNT_TOO_LARGE, figure=figure, value=value, largest=LARGEST_AMOUNT
    )


def _money(document: PerfexDocument, amount: Decimal) -> str:
    return f"{format_cents(amount)} {document.currency}"


def _problem(reason: MoneyReason, **details: object) -> Problem:
    return Problem(reason=reason, details={name: str(value) for name, value in details.items()})
