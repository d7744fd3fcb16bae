"""Why a Perfex document cannot be reproduced in Xero to the cent, with the arithmetic shown."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum

import msgspec

from xero_bridge.core.money import decimals, format_cents
from xero_bridge.core.totals import PerfexDocument

#: Xero takes no LineAmount above it.
LARGEST_AMOUNT = Decimal("9999999999.99")


class MoneyReason(StrEnum):
    """The reason codes of this module's sentences."""

    NO_LINES = "no_lines"
    ZERO_TOTAL = "zero_total"
    NEGATIVE_TOTAL = "negative_total"
    NEGATIVE_QUANTITY = "negative_quantity"
    TOO_MANY_DECIMALS = "too_many_decimals"
    AMOUNT_TOO_LARGE = "amount_too_large"
    DISCOUNT_NEGATIVE = "discount_negative"
    DISCOUNT_OVER_100_PERCENT = "discount_over_100_percent"
    DISCOUNT_OVER_SUBTOTAL = "discount_over_subtotal"
    DISCOUNT_ON_NEGATIVE_LINE = "discount_on_negative_line"
    TAX_RATE_DIFFERS = "tax_rate_differs"
    STORED_TOTAL_DIFFERS = "stored_total_differs"
    ROUNDING_HELD = "rounding_held"
    ROUNDING_OVER_LIMIT = "rounding_over_limit"
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

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as text, in the order of `Arithmetic.HEADINGS`."""
        amounts = (format_cents(self.line_amount), self.tax_key, format_cents(self.tax))
        return (self.name, f"{self.quantity:f}", f"{self.unit_amount:f}", self.discount, *amounts)


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
    def table(self) -> str:
        """The rows in aligned columns, then the totals, for a terminal or a log."""
        headings = ("line", "quantity", "price", "discount", "amount", "taxes", "tax")
        table = [headings, *(row.cells for row in self.rows)]
        widths = [max(len(cells[column]) for cells in table) for column in range(len(headings))]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
            for cells in table
        ]
        return "\n".join((*lines, self.summary))

    @property
    def summary(self) -> str:
        """Both totals, their difference and what is allowed, in one sentence."""
        return (
            f"Perfex shows {format_cents(self.perfex_total)} {self.currency}, Xero would compute "
            f"{format_cents(self.xero_total)} {self.currency}: a difference of "
            f"{format_cents(self.difference)}, where {format_cents(self.allowed)} is allowed "
            f"({self.taxed_lines} taxed lines)."
        )


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A reason code, the sentence for a person, and the arithmetic where totals are concerned."""

    reason: MoneyReason
    sentence: str
    arithmetic: Arithmetic | None = None

    @property
    def details(self) -> dict[str, str]:
        """What a question keeps: the sentence and the arithmetic as text."""
        table = {} if self.arithmetic is None else {"arithmetic": self.arithmetic.table}
        return {"sentence": self.sentence, **table}


def document_problems(document: PerfexDocument) -> tuple[Problem, ...]:
    """All that makes the document impossible in Xero before any total is computed."""
    sizes = tuple(_size_problems(document))
    if sizes:  # The other checks calculate, which such figures would make pointless.
        return sizes
    return (*_line_problems(document), *_total_problems(document), *_discount_problems(document))


def _size_problems(document: PerfexDocument) -> Iterator[Problem]:
    for name, value, places in _figures(document):
        if abs(value) > LARGEST_AMOUNT:
            yield _problem(
                MoneyReason.AMOUNT_TOO_LARGE,
                f"The {name} is {value}; Xero takes amounts up to {LARGEST_AMOUNT}. "
                "Split the document in Perfex.",
            )
        elif decimals(value) > places:
            yield _problem(
                MoneyReason.TOO_MANY_DECIMALS,
                f"The {name} is {value}; at most {places} decimals can be carried over exactly. "
                "Round it in Perfex.",
            )


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
        yield _problem(
            MoneyReason.NO_LINES, "The document has no lines; add one in Perfex, Xero needs one."
        )
    for number, line in enumerate(document.lines, start=1):
        if line.quantity < 0:
            yield _problem(
                MoneyReason.NEGATIVE_QUANTITY,
                f"Line {number} has the quantity {line.quantity}; Xero takes none below zero. "
                "In Perfex make the price negative instead, or use a credit note.",
            )
        if abs(line.amount) > LARGEST_AMOUNT:
            yield _problem(
                MoneyReason.AMOUNT_TOO_LARGE,
                f"Line {number} amounts to {line.amount}; Xero takes up to {LARGEST_AMOUNT}. "
                "Split the line in Perfex.",
            )


def _total_problems(document: PerfexDocument) -> Iterator[Problem]:
    if document.total == 0:
        yield _problem(
            MoneyReason.ZERO_TOTAL,
            "The total is zero: there is nothing to collect, so it is not sent to Xero. "
            "Leave it out, or correct its lines in Perfex.",
        )
    if document.total < 0:
        yield _problem(
            MoneyReason.NEGATIVE_TOTAL,
            f"The total is {format_cents(document.total)} {document.currency}; Xero takes no "
            "negative invoice. Write a credit note in Perfex instead.",
        )


def _discount_problems(document: PerfexDocument) -> Iterator[Problem]:
    if document.discounted_by_percent:
        yield from _percent_problems(document.discount_percent)
    if document.discounted_by_amount:
        yield from _amount_problems(document)


def _percent_problems(percent: Decimal) -> Iterator[Problem]:
    if percent > 100:  # noqa: PLR2004 - a percentage.
        yield _problem(
            MoneyReason.DISCOUNT_OVER_100_PERCENT,
            f"The discount is {percent} %, more than everything. Correct it in Perfex.",
        )
    if percent < 0:
        yield _negative_discount(f"{percent} %")


def _amount_problems(document: PerfexDocument) -> Iterator[Problem]:
    discount = document.discount_total
    if discount < 0:
        yield _negative_discount(f"{format_cents(discount)} {document.currency}")
    if document.discount_type != "before_tax":
        return
    subtotal = sum((line.amount for line in document.lines), Decimal())
    if discount > subtotal:
        yield _problem(
            MoneyReason.DISCOUNT_OVER_SUBTOTAL,
            f"The discount of {format_cents(discount)} {document.currency} is more than the "
            f"subtotal of {format_cents(subtotal)}. Correct it in Perfex.",
        )
    for number, line in enumerate(document.lines, start=1):
        if line.amount < 0:
            yield _problem(
                MoneyReason.DISCOUNT_ON_NEGATIVE_LINE,
                f"A fixed discount before tax cannot be shared with line {number}, which is "
                f"{format_cents(line.amount)}. Make it a percentage or a discount after tax.",
            )


def _negative_discount(written: str) -> Problem:
    return _problem(
        MoneyReason.DISCOUNT_NEGATIVE,
        f"The discount is {written}; Xero takes none below zero. Use an adjustment in Perfex.",
    )


def _problem(reason: MoneyReason, sentence: str) -> Problem:
    return Problem(reason=reason, sentence=sentence)
