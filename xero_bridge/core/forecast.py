"""Xero's total of a Perfex invoice before it is sent: the lines that reproduce it to the cent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Literal

import msgspec

from xero_bridge.core.money import CENT, exact, format_cents, largest_remainder, to_cents
from xero_bridge.core.money_problem import (
    Arithmetic,
    ArithmeticRow,
    MoneyReason,
    Problem,
    document_problems,
)
from xero_bridge.core.totals import (
    NO_TAX,
    PerfexDocument,
    XeroLine,
    XeroTotals,
    totals_of,
    xero_totals,
)


class Role(StrEnum):
    """Why a Xero line is there: for a line of Perfex, or for something Xero has no field for."""

    ITEM = "item"
    AFTER_TAX_DISCOUNT = "after_tax_discount"
    ADJUSTMENT = "adjustment"
    ROUNDING = "rounding"


class RoundingPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of a difference between the totals.

    `line`: a line of its own, up to `limit` (in the document's currency) for each taxed line, if an
    account for it was chosen. `hold`: a person decides.
    """

    policy: Literal["line", "hold"] = "line"
    limit: Decimal = CENT
    account_chosen: bool = True


class PlannedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line to send; an item's `source_index` counts the Perfex lines from 0."""

    role: Role
    source_index: int | None = None
    tax_key: str
    xero: XeroLine


class Forecast(msgspec.Struct, frozen=True, kw_only=True):
    """The lines to send and what Xero will make of them, or the problems: then there are no lines.

    `totals` are Xero's figures. `expected_total` and `expected_tax` are Perfex's; the totals are
    equal, the taxes differ by `declared_tax_difference` (Xero's tax less Perfex's).
    """

    lines: tuple[PlannedLine, ...] = ()
    totals: XeroTotals | None = None
    currency: str
    expected_total: Decimal
    expected_tax: Decimal = Decimal("0.00")
    declared_tax_difference: Decimal = Decimal("0.00")
    problems: tuple[Problem, ...] = ()


@exact()
def plan_document(
    document: PerfexDocument, tax_rate_of: Callable[[str], Decimal], rounding: RoundingPolicy
) -> Forecast:
    """The Xero lines that reproduce Perfex's stored total to the cent, or every problem found.

    `tax_rate_of` gives the EffectiveRate in percent of the TaxType that a tax key is mapped to; what
    it raises for a key that is not mapped goes through to the caller.
    """
    problems = document_problems(document)
    if problems:
        return _held(document, problems)
    drafts = [_draft(lines) for lines in _ways(document)]
    problems = _rate_problems(drafts[0].lines, tax_rate_of)
    if problems:
        return _held(document, problems)
    allowed = _allowed(document, rounding)
    draft = next((d for d in drafts if abs(document.total - d.total) <= allowed), drafts[0])
    problems = _total_problems(document, draft, rounding)
    if problems:
        return _held(document, problems)
    settled = _with_rounding_line(draft, document.total)
    problems = _rate_problems(settled.lines, tax_rate_of) or _tax_problems(document, settled)
    return _held(document, problems) if problems else _forecast(document, settled)


class _Draft(msgspec.Struct, frozen=True, kw_only=True):
    lines: tuple[PlannedLine, ...]
    totals: XeroTotals

    @property
    def total(self) -> Decimal:
        return self.totals.total


def _draft(lines: Sequence[PlannedLine]) -> _Draft:
    return _Draft(lines=tuple(lines), totals=xero_totals([line.xero for line in lines]))


def _held(document: PerfexDocument, problems: tuple[Problem, ...]) -> Forecast:
    return Forecast(
        currency=document.currency, expected_total=document.total, problems=problems
    )


def _forecast(document: PerfexDocument, draft: _Draft) -> Forecast:
    tax = _perfex_tax(document)
    return Forecast(
        lines=draft.lines,
        totals=draft.totals,
        currency=document.currency,
        expected_total=to_cents(document.total),
        expected_tax=tax,
        declared_tax_difference=draft.totals.tax - tax,
    )


def _ways(document: PerfexDocument) -> Iterator[tuple[PlannedLine, ...]]:
    """Each honest way to write the document, the one that shows most of it as Perfex does first."""
    adjustment = _own_line(Role.ADJUSTMENT, document.adjustment)
    if not (document.discounted_by_percent or document.discounted_by_amount):
        yield (*_items(document), *adjustment)
    elif document.discount_type == "after_tax":
        for discount in _discount_in_cents(document):
            line = _own_line(Role.AFTER_TAX_DISCOUNT, -discount)
            yield (*_items(document), *line, *adjustment)
    else:
        for items in _discounted_items(document):
            yield (*items, *adjustment)


def _discounted_items(document: PerfexDocument) -> Iterator[tuple[PlannedLine, ...]]:
    """A percentage as DiscountRate, else amounts that sum to the discount.

    Xero rounds a DiscountRate on every line, so even untaxed lines can drift away from Perfex by
    cents; DiscountAmounts cannot, but Xero may refuse one on a negative line.
    """
    if document.discounted_by_percent:
        yield _items(document, rate=document.discount_percent)
    amounts = [line.amount for line in document.lines]
    if all(amount >= 0 for amount in amounts):
        for discount in _discount_in_cents(document):
            yield _items(document, discounts=largest_remainder(discount, amounts))


def _discount_in_cents(document: PerfexDocument) -> tuple[Decimal, ...]:
    """The discount as Perfex shows it and, where half a cent was rounded up for that, the cent below.

    Perfex rounds its total by itself, so in that case only the cent below fits the total it shows.
    """
    unrounded = unrounded_discount(document)
    shown = to_cents(unrounded)
    return (shown, shown - CENT) if shown - unrounded == CENT / 2 else (shown,)


def _items(
    document: PerfexDocument,
    *,
    rate: Decimal | None = None,
    discounts: Sequence[Decimal] | None = None,
) -> tuple[PlannedLine, ...]:
    shares = discounts or [Decimal()] * len(document.lines)
    return tuple(
        PlannedLine(
            role=Role.ITEM,
            source_index=index,
            tax_key=line.tax_key,
            xero=XeroLine(
                quantity=line.quantity,
                unit_amount=line.rate,
                discount_rate=rate,
                discount_amount=share or None,
                tax_rate=line.tax_rate,
            ),
        )
        for index, (line, share) in enumerate(zip(document.lines, shares, strict=True))
    )


def _own_line(role: Role, amount: Decimal) -> tuple[PlannedLine, ...]:
    """A line without tax for an amount that Xero has no field for, or none for zero."""
    xero = XeroLine(quantity=Decimal(1), unit_amount=amount)
    return (PlannedLine(role=role, tax_key=NO_TAX, xero=xero),) if amount else ()


def _with_rounding_line(draft: _Draft, total: Decimal) -> _Draft:
    rounding = _own_line(Role.ROUNDING, total - draft.total)
    return _draft((*draft.lines, *rounding)) if rounding else draft


def _taxed_lines(document: PerfexDocument) -> int:
    return sum(1 for line in document.lines if line.tax_rate)


def _allowed(document: PerfexDocument, rounding: RoundingPolicy) -> Decimal:
    if rounding.policy == "hold" or not rounding.account_chosen:
        return Decimal("0.00")
    return rounding.limit * _taxed_lines(document)


def _perfex_tax(document: PerfexDocument) -> Decimal:
    """The tax that Perfex shows: the server's own figure where it is told, which it computes from
    unrounded lines, so that it can be a cent beside the tax inside the total.
    """
    return totals_of(document).tax if document.total_tax is None else to_cents(document.total_tax)
