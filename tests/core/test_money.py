"""Reading, rounding, splitting and writing amounts."""

import decimal
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import oracle
from tests.support.profiles import thorough
from xero_bridge.core.money import (
    MoneyError,
    decimals,
    exact,
    format_cents,
    largest_remainder,
    parse_decimal,
    to_cents,
    to_places,
)

amounts = st.decimals(
    min_value=Decimal("-9999999999.9999"), max_value=Decimal("9999999999.9999"), places=6
)
weights = st.lists(st.decimals(min_value=0, max_value=100_000, places=2), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("exactly", "cents"),
    [
        ("0.005", "0.01"),
        ("-0.005", "-0.01"),
        ("1.005", "1.01"),
        ("2.675", "2.68"),
        ("0.00499999999999999999999999999999999999", "0.00"),
        ("-0.001", "0.00"),
        ("3", "3.00"),
        ("1E+3", "1000.00"),
    ],
)
def test_half_a_cent_goes_away_from_zero(exactly: str, cents: str) -> None:
    assert str(to_cents(Decimal(exactly))) == cents


@given(value=amounts)
@thorough()
def test_rounding_agrees_with_the_oracle(value: Decimal) -> None:
    assert Fraction(to_cents(value)) == oracle.half_up(Fraction(value))
    assert Fraction(to_places(value, 4)) == oracle.half_up(Fraction(value), 4)


def test_the_callers_decimal_context_changes_nothing() -> None:
    with decimal.localcontext(prec=3, rounding=ROUND_DOWN):
        assert str(to_cents(Decimal("1234567.895"))) == "1234567.90"
        assert largest_remainder(Decimal("98765.43"), [Decimal(1), Decimal(2)]) == (
            Decimal("32921.81"),
            Decimal("65843.62"),
        )
        with exact():
            assert Decimal("1234567.89") * Decimal("1.2345") == Decimal("1524074.060205")
        assert decimal.getcontext().prec == 3


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1E+60"])
def test_what_is_no_amount_is_not_rounded(value: str) -> None:
    with pytest.raises(MoneyError, match="is not an amount that can be rounded"):
        to_cents(Decimal(value))


@pytest.mark.parametrize(
    ("given_value", "expected"),
    [
        ("449.99", "449.99"),
        ("-0.54", "-0.54"),
        (" 12 ", "12"),
        ("+3.50", "3.50"),
        ("1e-05", "0.00001"),
        (7, "7"),
        (Decimal("1.10"), "1.10"),
    ],
)
def test_numbers_are_read_exactly(given_value: object, expected: str) -> None:
    assert parse_decimal(given_value) == Decimal(expected)


@pytest.mark.parametrize(
    "junk",
    ["", "abc", "1,50", "1_000", "NaN", "Infinity", "-inf", "0x10", "١٢", "1.2.3", ".5", "5."],
)
def test_junk_is_named_and_refused(junk: str) -> None:
    with pytest.raises(MoneyError, match=r"The price of line 2 .* is not a number"):
        parse_decimal(junk, name="price of line 2")


@pytest.mark.parametrize("wrong", [1.5, True, None, b"1", ["1"]])
def test_a_float_or_anything_but_text_is_refused(wrong: object) -> None:
    with pytest.raises(MoneyError, match=r"The total came as .* read it as text"):
        parse_decimal(wrong, name="total")


@pytest.mark.parametrize("text", ["1e99", "1e-99", "9" * 31, "0." + "1" * 31])
def test_a_number_beyond_any_ledger_is_refused(text: str) -> None:
    with pytest.raises(MoneyError, match="too many digits"):
        parse_decimal(text)


@pytest.mark.parametrize(
    ("value", "places"), [("1.25", 2), ("3.00", 0), ("1E+3", 0), ("0.10", 1), ("0.00001", 5)]
)
def test_the_decimals_that_a_value_needs_are_counted(value: str, places: int) -> None:
    assert decimals(Decimal(value)) == places


@pytest.mark.parametrize(
    ("value", "text"), [("1234.5", "1234.50"), ("-0.004", "0.00"), ("1E+6", "1000000.00")]
)
def test_amounts_are_written_with_two_decimals(value: str, text: str) -> None:
    assert format_cents(Decimal(value)) == text


def split(total: str, *weights: str, places: int = 2) -> list[str]:
    parts = largest_remainder(Decimal(total), [Decimal(weight) for weight in weights], places)
    return [str(part) for part in parts]


def test_a_discount_is_shared_in_proportion_and_loses_no_cent() -> None:
    assert split("50.00", "300.00", "99.99", "50.00") == ["33.33", "11.11", "5.56"]
    assert split("10.00", "1", "1", "1") == ["3.34", "3.33", "3.33"]
    assert split("-0.01", "1", "1") == ["-0.01", "0.00"]
    assert split("1", "1", "2", places=0) == ["0", "1"]


def test_a_weight_of_zero_gets_nothing_unless_all_are_zero() -> None:
    assert split("0.05", "0", "1", "0", "1") == ["0.00", "0.03", "0.00", "0.02"]
    assert split("0.05", "0", "0") == ["0.03", "0.02"]
    assert split("0.00") == []


def test_a_split_that_cannot_be_is_refused() -> None:
    with pytest.raises(MoneyError, match="more than 2 decimals"):
        split("0.005", "1")
    with pytest.raises(MoneyError, match="negative weights"):
        split("1.00", "2", "-1")
    with pytest.raises(MoneyError, match=r"nothing to split 1\.00 over"):
        split("1.00")


@given(total=st.decimals(min_value=-100_000, max_value=100_000, places=2), weights=weights)
@thorough()
def test_every_split_sums_exactly_and_stays_within_a_cent_of_its_share(
    total: Decimal, weights: list[Decimal]
) -> None:
    parts = largest_remainder(total, weights)
    whole = sum(map(Fraction, weights))
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        share = Fraction(total) * (Fraction(weight) / whole if whole else Fraction(1, len(weights)))
        assert abs(Fraction(part) - share) < Fraction(1, 100)
