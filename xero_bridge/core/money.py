"""Amounts: reading, rounding, splitting and writing them. Nothing else in the bridge rounds."""

from __future__ import annotations

import decimal
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

CENT = Decimal("0.01")

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?")
#: Far more than any ledger holds, and far less than the precision of `exact`.
_MOST_DIGITS = 30
_PRECISION = 100


class MoneyError(ValueError):
    """An amount that cannot be used; the message names it, says what is wrong and what to do."""


@contextmanager
def exact() -> Iterator[None]:
    """Calculate with 100 digits, rounding half up, whatever the caller's decimal context is.

    Sums and products of ledger amounts are exact in it. A quotient that does not end is cut so far
    behind the cents that rounding it to cents is exact too.
    """
    context = decimal.Context(
        prec=_PRECISION,
        rounding=ROUND_HALF_UP,
        Emin=-999_999,
        Emax=999_999,
        clamp=0,
        flags=[],
        traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
    )
    with decimal.localcontext(context):
        yield


def parse_decimal(text: object, *, name: str = "amount") -> Decimal:
    """The exact value of a number as a side's JSON gives it: text, an integer or a Decimal.

    Raises MoneyError, which calls the value `name`, for anything else: a float has lost its cents
    before it arrives here.
    """
    if isinstance(text, bool) or not isinstance(text, str | int | Decimal):
        raise MoneyError(
            f"The {name} came as {type(text).__name__} ({text!r}): "
            "read it as text, so that no cent is lost."
        )
    written = str(text).strip()
    if not _NUMBER.fullmatch(written):
        raise MoneyError(
            f"The {name} {written!r} is not a number: "
            "write it with digits and a point, like 1234.50."
        )
    value = Decimal(written)
    if value.adjusted() >= _MOST_DIGITS or decimals(value) > _MOST_DIGITS:
        raise MoneyError(
            f"The {name} {written!r} has too many digits: check it where it was entered."
        )
    return value


@exact()
def to_places(value: Decimal, places: int) -> Decimal:
    """The value at so many decimals, ties away from zero, as PHP's `round` and Xero do it.

    Raises MoneyError for a value that is not finite or beyond any ledger.
    """
    if not value.is_finite() or value.adjusted() > _PRECISION // 2:
        raise MoneyError(
            f"{value} is not an amount that can be rounded: check where it comes from."
        )
    rounded = value.quantize(Decimal(1).scaleb(-places))
    return rounded or abs(rounded)  # There is no minus zero in a ledger.


def to_cents(value: Decimal) -> Decimal:
    """The value at two decimals, ties away from zero."""
    return to_places(value, 2)


@exact()
def decimals(value: Decimal) -> int:
    """How many decimals the value needs: 2 for 1.25 and 0 for 3.00."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def format_cents(value: Decimal) -> str:
    """Plain text with two decimals, as Perfex demands it: `1234.50`."""
    return f"{to_cents(value):f}"


def largest_remainder(
    total: Decimal, weights: Sequence[Decimal], places: int = 2
) -> tuple[Decimal, ...]:
    """Split the total in proportion to the weights, so that the parts sum to it exactly.

    What is left after rounding down goes to the largest remainders, the earlier first. A weight of
    zero gets nothing, unless all are zero: then all are equal. Raises MoneyError where there is no
    such split.
    """
    units = _units(total, places)
    if any(weight < 0 for weight in weights):
        raise MoneyError("An amount cannot be split by negative weights: leave such lines out.")
    if not weights and units:
        raise MoneyError(f"There is nothing to split {total} over: give at least one weight.")
    sign = -1 if units < 0 else 1
    shares = _share(abs(units), _proportions(weights))
    return tuple(_from_units(sign * share, places) for share in shares)


def _proportions(weights: Sequence[Decimal]) -> list[Fraction]:
    whole = sum((Fraction(weight) for weight in weights), Fraction())
    if not whole:
        return [Fraction(1, len(weights)) for _ in weights]
    return [Fraction(weight) / whole for weight in weights]


def _share(units: int, proportions: Sequence[Fraction]) -> list[int]:
    wanted = [units * proportion for proportion in proportions]
    shares = [int(part) for part in wanted]
    by_remainder = sorted(range(len(wanted)), key=lambda i: (shares[i] - wanted[i], i))
    for index in by_remainder[: units - sum(shares)]:
        shares[index] += 1
    return shares


def _units(total: Decimal, places: int) -> int:
    if to_places(total, places) != total:
        raise MoneyError(f"{total} has more than {places} decimals: round it before splitting it.")
    return int(Fraction(total) * 10**places)


@exact()
def _from_units(units: int, places: int) -> Decimal:
    return Decimal(units).scaleb(-places)
