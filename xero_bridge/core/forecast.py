"""Xero's total of a Perfex invoice before it is sent: the lines that reproduce it to the cent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Literal

import msgspec

from xero_bridge.core.money import CENT, exact, format_cents, to_cents
from xero_bridge.core.money_problem import (
    Arithmetic,
    ArithmeticRow,
    MoneyReason,
    Problem,
    document_problems,
)
from xero_bridge.core.planned_line import Discounts, PlannedLine, Role, own_line, ways
from xero_bridge.core.totals import PerfexDocument, XeroTotals, totals_of, xero_totals


class RoundingPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of a difference between the totals.

    `line`: a line of its own, up to `limit` (in the document's currency) for each taxed line, if an
    account for it was chosen. `hold`: a person decides.
    """

    policy: Literal["line", "hold"] = "line"
    limit: Decimal = CENT
    account_chosen: bool = True


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
    document: PerfexDocument,
    tax_rate_of: Callable[[str], Decimal],
    rounding: RoundingPolicy,
    discounts: Discounts = Discounts.RATE_AND_AMOUNT,
) -> Forecast:
    """The Xero lines that reproduce Perfex's stored total to the cent, or every problem found.

    `tax_rate_of` gives the EffectiveRate in percent of the TaxType that a tax key is mapped to;
    what it raises for a key that is not mapped goes through to the caller.
    """
    impossible = document_problems(document)
    if impossible:
        return _held(document, impossible)
    draft = _best_draft(document, rounding, discounts)
    refused = _total_problems(document, draft, rounding)
    if not refused:
        draft = _with_rounding_line(draft, document.total)
    problems = (
        *_rate_problems(draft.lines, tax_rate_of),
        *(refused or _tax_problems(document, draft, rounding)),
    )
    return _held(document, problems) if problems else _forecast(document, draft)


class _Draft(msgspec.Struct, frozen=True, kw_only=True):
    lines: tuple[PlannedLine, ...]
    totals: XeroTotals

    @property
    def total(self) -> Decimal:
        return self.totals.total


def _draft(lines: Sequence[PlannedLine]) -> _Draft:
    return _Draft(lines=tuple(lines), totals=xero_totals([line.xero for line in lines]))


def _best_draft(document: PerfexDocument, rounding: RoundingPolicy, discounts: Discounts) -> _Draft:
    """The first way of writing the document that comes close enough, else the most natural one.

    Where no rounding line is allowed yet, the way for which one would do comes before others.
    """
    drafts = [_draft(lines) for lines in ways(document, discounts)]
    for enough in (_allowed(document, rounding), rounding.limit * _taxed_lines(document)):
        for draft in drafts:
            if abs(document.total - draft.total) <= enough:
                return draft
    return drafts[0]


def _held(document: PerfexDocument, problems: tuple[Problem, ...]) -> Forecast:
    return Forecast(currency=document.currency, expected_total=document.total, problems=problems)


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


def _with_rounding_line(draft: _Draft, total: Decimal) -> _Draft:
    rounding = own_line(Role.ROUNDING, total - draft.total)
    return _draft((*draft.lines, *rounding)) if rounding else draft


def _taxed_lines(document: PerfexDocument) -> int:
    return sum(1 for line in document.lines if line.tax_rate)


def _allowed(document: PerfexDocument, rounding: RoundingPolicy) -> Decimal:
    if rounding.policy == "hold" or not rounding.account_chosen:
        return Decimal("0.00")
    return rounding.limit * _taxed_lines(document)


def _perfex_tax(document: PerfexDocument) -> Decimal:
    """The tax that Perfex shows, where it tells it.

    Its server computes it from unrounded lines: it can be a cent beside the tax inside the total.
    """
    return totals_of(document).tax if document.total_tax is None else to_cents(document.total_tax)


def _rate_problems(
    lines: Sequence[PlannedLine], tax_rate_of: Callable[[str], Decimal]
) -> tuple[Problem, ...]:
    """A mapping to another rate would hide in the rounding of small documents."""
    rates = {line.tax_key: line.xero.tax_rate for line in lines}
    mapped = {key: tax_rate_of(key) for key in rates}
    return tuple(
        Problem(
            reason=MoneyReason.TAX_RATE_DIFFERS,
            details={
                "tax": key,
                "perfex_rate": str(rate),
                "xero": "mapped to it",
                "xero_rate": str(mapped[key]),
            },
        )
        for key, rate in rates.items()
        if mapped[key] != rate
    )


def _total_problems(
    document: PerfexDocument, draft: _Draft, rounding: RoundingPolicy
) -> tuple[Problem, ...]:
    arithmetic = _arithmetic(document, draft, rounding)
    own = totals_of(document).total
    if abs(document.total - own) > CENT:
        details = {**arithmetic.details, "computed": f"{format_cents(own)} {document.currency}"}
        reason = MoneyReason.STORED_TOTAL_DIFFERS
    elif abs(arithmetic.difference) <= arithmetic.allowed:
        return ()
    else:
        reason, details = _refusal(arithmetic, rounding), arithmetic.details
    return (Problem(reason=reason, details=details, arithmetic=arithmetic),)


def _refusal(arithmetic: Arithmetic, rounding: RoundingPolicy) -> MoneyReason:
    if rounding.policy == "hold":
        return MoneyReason.ROUNDING_HELD
    if abs(arithmetic.difference) > rounding.limit * arithmetic.taxed_lines:
        return MoneyReason.ROUNDING
    return MoneyReason.ROUNDING_ACCOUNT_MISSING


def _tax_problems(
    document: PerfexDocument, draft: _Draft, rounding: RoundingPolicy
) -> tuple[Problem, ...]:
    """Rounding moves the tax by a cent for each taxed line at most: more is another tax."""
    tax, allowed = _perfex_tax(document), CENT * _taxed_lines(document)
    if abs(draft.totals.tax - tax) <= allowed:
        return ()
    arithmetic = _arithmetic(document, draft, rounding)
    details = {
        **arithmetic.details,
        "perfex": f"{format_cents(tax)} {document.currency}",
        "xero": f"{format_cents(draft.totals.tax)} {document.currency}",
        "allowed": format_cents(allowed),
    }
    reason = MoneyReason.TAX_TOTAL_DIFFERS
    return (Problem(reason=reason, details=details, arithmetic=arithmetic),)


def _arithmetic(document: PerfexDocument, draft: _Draft, rounding: RoundingPolicy) -> Arithmetic:
    figures = zip(draft.lines, draft.totals.line_amounts, draft.totals.line_taxes, strict=True)
    return Arithmetic(
        perfex_total=document.total,
        xero_total=draft.total,
        difference=document.total - draft.total,
        allowed=_allowed(document, rounding),
        taxed_lines=_taxed_lines(document),
        currency=document.currency,
        rows=tuple(_row(line, amount, tax) for line, amount, tax in figures),
    )


def _row(line: PlannedLine, amount: Decimal, tax: Decimal) -> ArithmeticRow:
    return ArithmeticRow(
        name=line.name,
        quantity=line.xero.quantity,
        unit_amount=line.xero.unit_amount,
        discount=line.discount,
        line_amount=amount,
        tax_key=line.tax_key,
        tax=tax,
    )
