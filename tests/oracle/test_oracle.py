"""The oracle against the worked examples of both systems' documentation."""

import ast
from fractions import Fraction
from typing import Any

import pytest

from tests import oracle
from tests.support.paths import CHECKOUT
from tests.support.source import imports

LINES: list[dict[str, Any]] = [
    {"qty": "2.00", "rate": "150.00", "taxname": ["VAT"], "taxrate": ["20.00"]},
    {"qty": "3.00", "rate": "33.33", "taxname": ["VAT", "ECO"], "taxrate": ["20.00", "2.50"]},
    {"qty": "1.00", "rate": "50.00", "taxname": ["VAT"], "taxrate": ["5.00"]},
]


def discounted(kind: str = "", percent: str = "0.00", fixed: str = "0.00") -> dict[str, Any]:
    return {
        "items": LINES,
        "discount_type": kind,
        "discount_percent": percent,
        "discount_total": fixed,
        "adjustment": "0.00",
    }


@pytest.mark.parametrize(
    ("document", "discount", "tax", "total"),
    [
        (discounted(), "0.00", "85.00", "534.99"),
        (discounted("before_tax", percent="10.00"), "45.00", "76.50", "481.49"),
        (discounted("after_tax", percent="10.00"), "53.50", "85.00", "481.49"),
        (discounted("before_tax", fixed="50.00"), "50.00", "75.55", "475.54"),
        (discounted("after_tax", fixed="50.00"), "50.00", "85.00", "484.99"),
        (
            discounted("before_tax", fixed="50.00") | {"adjustment": "-0.54"},
            "50.00",
            "75.55",
            "475.00",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_perfex_totals_are_those_of_the_worked_example(
    document: dict[str, Any], discount: str, tax: str, total: str
) -> None:
    figures = oracle.perfex_figures(document)
    assert oracle.text(figures.subtotal) == "449.99"
    assert oracle.text(figures.discount) == discount
    assert oracle.text(figures.tax) == tax
    assert oracle.text(figures.total) == total
    assert oracle.text(oracle.stored_tax(document)) == tax


def test_the_percentage_governs_over_the_stored_discount() -> None:
    document = discounted("before_tax", percent="10.00", fixed="45.00")
    assert oracle.text(oracle.perfex_total(document)) == "481.49"


def test_a_percentage_lowers_the_taxes_even_where_the_lines_sum_to_zero() -> None:
    lines = [{"qty": "1", "rate": "100", "taxrate": ["20"]}, {"qty": "1", "rate": "-100"}]
    document = {**discounted("before_tax", percent="10.00"), "items": lines}
    assert oracle.text(oracle.perfex_total(document)) == "18.00"


@pytest.mark.parametrize(
    "taxes",
    [
        {"taxname": ["VAT|20.00", "ECO|2.50"]},
        {"taxname": ["VAT", "ECO"], "taxrate": ["20.00", "2.50"]},
        {"taxes": [{"taxname": "VAT|20.00", "taxrate": "20.00"}, {"taxrate": "2.50"}]},
    ],
    ids=["names with rates", "parallel arrays", "tax objects"],
)
def test_line_taxes_are_read_in_every_form_that_perfex_shows_them(taxes: dict[str, Any]) -> None:
    document = {"items": [{"qty": "3.00", "rate": "33.33", **taxes}]}
    assert oracle.text(oracle.perfex_figures(document).tax) == "22.50"


def test_an_optional_line_counts_only_when_the_customer_selected_it() -> None:
    line = {"qty": "1.00", "rate": "10.00", "is_optional": "1"}
    document = {"items": [{**line, "is_selected": "1"}, {**line, "is_selected": "0"}]}
    assert oracle.text(oracle.perfex_total(document)) == "10.00"


def test_the_tax_that_the_server_stores_comes_from_unrounded_lines() -> None:
    document = {"items": [{"qty": "0.25", "rate": "0.10", "taxrate": ["20.00"]}] * 6}
    assert oracle.text(oracle.perfex_figures(document).tax) == "0.04"
    assert oracle.text(oracle.stored_tax(document)) == "0.03"


def test_a_discount_type_that_perfex_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="no discount type 'sometimes'"):
        oracle.perfex_total(discounted("sometimes"))


RATES = {"OUTPUT2": "15.0", "NONE": "0", "TAX001": "22.5"}


def sent(*lines: dict[str, Any], mode: str = "Exclusive") -> dict[str, Any]:
    return {"LineAmountTypes": mode, "LineItems": [{"TaxType": "OUTPUT2", **x} for x in lines]}


def figures_of(payload: dict[str, Any], **options: Any) -> tuple[str, str, str]:
    figures = oracle.xero_figures(payload, RATES, **options)
    return oracle.text(figures.subtotal), oracle.text(figures.tax), oracle.text(figures.total)


def test_xero_taxes_every_line_in_cents_and_then_sums() -> None:
    payload = sent({"Quantity": 3, "UnitAmount": 45.5}, {"Quantity": "1", "UnitAmount": "19.99"})
    figures = oracle.xero_figures(payload, RATES)
    assert [oracle.text(tax) for tax in figures.line_taxes] == ["20.48", "3.00"]
    assert figures_of(payload) == ("156.49", "23.48", "179.97")
    assert oracle.text(oracle.half_up(Fraction("156.49") * Fraction("0.15"))) == "23.47"


@pytest.mark.parametrize(
    ("amount", "expected"),
    [("541.25", ("470.65", "70.60", "541.25")), ("89.00", ("77.39", "11.61", "89.00"))],
)
def test_xero_takes_the_tax_out_of_inclusive_prices(
    amount: str, expected: tuple[str, str, str]
) -> None:
    payload = sent({"Quantity": 1, "UnitAmount": amount}, mode="Inclusive")
    assert figures_of(payload) == expected


def test_a_credit_note_adds_up_like_an_invoice() -> None:
    assert figures_of(sent({"Quantity": 1, "UnitAmount": "52.61"})) == ("52.61", "7.89", "60.50")


def test_a_line_without_tax_and_a_document_without_tax_bear_none() -> None:
    line = {"Quantity": 1, "UnitAmount": "-10.00"}
    assert figures_of(sent({**line, "TaxType": "NONE"})) == ("-10.00", "0.00", "-10.00")
    assert figures_of(sent(line, mode="NoTax")) == ("-10.00", "0.00", "-10.00")


def test_discounts_are_taken_off_before_the_line_is_rounded() -> None:
    line = {"Quantity": 3, "UnitAmount": "33.33"}
    rate = sent({**line, "DiscountRate": "10.00"})
    amount = sent({**line, "DiscountAmount": "11.11"})
    assert figures_of(rate) == ("89.99", "13.50", "103.49")
    assert figures_of(amount) == ("88.88", "13.33", "102.21")


def test_unit_amounts_keep_four_decimals_only_where_that_was_asked_for() -> None:
    payload = sent({"Quantity": 1000, "UnitAmount": "0.12345"})
    assert figures_of(payload)[0] == "123.50"
    assert figures_of(payload, places=2)[0] == "120.00"


def test_a_line_amount_without_a_price_and_a_line_of_words_only_are_understood() -> None:
    payload = sent({"LineAmount": "12.00"}, {"Description": "Thank you"})
    assert figures_of(payload) == ("12.00", "1.80", "13.80")


def test_what_the_oracle_cannot_judge_is_refused() -> None:
    line = {"Quantity": 1, "UnitAmount": "1.00"}
    with pytest.raises(ValueError, match="TaxAmount was sent"):
        oracle.xero_total(sent({**line, "TaxAmount": "0.15"}), RATES)
    with pytest.raises(ValueError, match="no LineAmountTypes 'Sometimes'"):
        oracle.xero_total(sent(line, mode="Sometimes"), RATES)


@pytest.mark.parametrize(
    ("exact", "cents"),
    [("0.005", "0.01"), ("-0.005", "-0.01"), ("0.00499", "0.00"), ("-0.001", "0.00")],
)
def test_half_a_cent_goes_away_from_zero(exact: str, cents: str) -> None:
    assert oracle.text(oracle.half_up(Fraction(exact))) == cents


def test_the_oracle_shares_no_code_with_what_it_judges() -> None:
    folder = CHECKOUT / "tests" / "oracle"
    parts = {path for path in folder.glob("*.py") if not path.name.startswith("test_")}
    used = {name for path in parts for name in imports(ast.parse(path.read_text()), "")}
    assert len(parts) == 4
    assert {name.partition(".")[0] for name in used} == {
        "collections",
        "dataclasses",
        "fractions",
        "tests",
        "typing",
    }
    assert {name for name in used if name.startswith("tests")} == {
        name for name in used if name.startswith("tests.oracle.")
    }
