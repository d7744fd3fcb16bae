"""Perfex's arithmetic: line amounts to the cent, taxes summed per name and rate unrounded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

CENT: Final = Decimal("0.01")
HUNDRED: Final = Decimal(100)
EXACT: Final = Context(prec=60, rounding=ROUND_HALF_UP)


def cents(value: Decimal) -> Decimal:
    """Round to two places, ties away from zero, as PHP's round() does."""
    return value.quantize(CENT, rounding=ROUND_HALF_UP, context=EXACT)


def two_places(value: Decimal) -> str:
    """Write a number as a decimal(15,2) column holds it."""
    rounded = cents(value)
    return f"{abs(rounded) if rounded.is_zero() else rounded:.2f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tax:
    """A tax on a line: identified by its name and rate text, as Perfex does."""

    name: str
    rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What the arithmetic needs to know of a line."""

    quantity: Decimal
    rate: Decimal
    taxes: tuple[Tax, ...] = ()

    @property
    def product(self) -> Decimal:
        """The tax-exclusive amount of the line, not rounded."""
        return EXACT.multiply(self.quantity, self.rate)

    @property
    def amount(self) -> Decimal:
        """The tax-exclusive amount of the line, rounded to the cent."""
        return cents(self.product)


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """A discount: `kind` is "", "before_tax" or "after_tax"; a percent other than 0 governs."""

    kind: str = ""
    percent: Decimal = Decimal(0)
    fixed: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The figures that Perfex shows and stores, each rounded to the cent."""

    subtotal: Decimal
    discount: Decimal
    taxes: tuple[tuple[Tax, Decimal], ...]
    total_tax: Decimal
    total: Decimal


def stored_tax(lines: Iterable[Line], discount: Discount) -> Decimal:
    """Compute total_tax as the server stores it: from amounts it does not round to cents first."""
    pairs = [(line, line.product) for line in lines]
    return cents(sum(_tax_sums(pairs, discount).values(), Decimal(0)))


def totals(
    lines: Iterable[Line], discount: Discount | None = None, adjustment: Decimal = Decimal(0)
) -> Totals:
    """Compute an invoice as Perfex's own form does: S - D + taxes + adjustment, rounded last."""
    listed, discount = tuple(lines), discount or Discount()
    subtotal = sum((line.amount for line in listed), Decimal(0))
    taxes = _tax_sums([(line, line.amount) for line in listed], discount)
    tax = sum(taxes.values(), Decimal(0))
    off = _discount_amount(subtotal, tax, discount)
    return Totals(
        subtotal=cents(subtotal),
        discount=cents(off),
        taxes=tuple((key, cents(amount)) for key, amount in taxes.items()),
        total_tax=cents(tax),
        total=cents(subtotal - off + tax + adjustment),
    )


def _tax_sums(pairs: Sequence[tuple[Line, Decimal]], discount: Discount) -> dict[Tax, Decimal]:
    """Sum each tax over its lines, unrounded, reduced by a discount before tax."""
    sums: dict[Tax, Decimal] = {}
    for line, amount in pairs:
        for tax in line.taxes:
            part = EXACT.multiply(amount, tax.rate / HUNDRED)
            sums[tax] = sums.get(tax, Decimal(0)) + part
    kept = _kept_before_tax(sum((amount for _, amount in pairs), Decimal(0)), discount)
    return {tax: EXACT.multiply(amount, kept) for tax, amount in sums.items()}


def _kept_before_tax(subtotal: Decimal, discount: Discount) -> Decimal:
    if discount.kind != "before_tax":
        return Decimal(1)
    if discount.percent:
        return 1 - discount.percent / HUNDRED
    return 1 - EXACT.divide(discount.fixed, subtotal) if subtotal else Decimal(1)


def _discount_amount(subtotal: Decimal, tax: Decimal, discount: Discount) -> Decimal:
    if not discount.kind:
        return Decimal(0)
    if not discount.percent:
        return discount.fixed
    base = subtotal if discount.kind == "before_tax" else subtotal + tax
    return EXACT.multiply(base, discount.percent / HUNDRED)
