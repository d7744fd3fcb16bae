"""How both systems add up, beside the worked examples and the oracle."""

from decimal import Decimal, localcontext
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import oracle
from tests.core.documents import as_document, drawn, invoice, line
from tests.support.profiles import thorough
from xero_bridge.core.money import MoneyError
from xero_bridge.core.totals import (
    LineAmountTypes,
    PerfexTotals,
    XeroLine,
    XeroTotals,
    perfex_totals,
    totals_of,
    unrounded_discount,
    xero_totals,
)

VAT, VAT_5, ECO = ("VAT", "20.00"), ("VAT", "5.00"), ("ECO", "2.50")
LINES = (
    line("2.00", "150.00", VAT),
    line("3.00", "33.33", VAT, ECO),
    line("1.00", "50.00", VAT_5),
)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ({}, "449.99 0.00 85.00 534.99"),
        (
            {"discount_type": "before_tax", "discount_percent": "10.00"},
            "449.99 45.00 76.50 481.49",
        ),
        (
            {"discount_type": "after_tax", "discount_percent": "10.00"},
            "449.99 53.50 85.00 481.49",
        ),
        ({"discount_type": "before_tax", "discount_total": "50.00"}, "449.99 50.00 75.55 475.54"),
        ({"discount_type": "after_tax", "discount_total": "50.00"}, "449.99 50.00 85.00 484.99"),
        (
            {"discount_type": "before_tax", "discount_total": "50.00", "adjustment": "-0.54"},
            "449.99 50.00 75.55 475.00",
        ),
    ],
    ids=str,
)
def test_perfex_adds_up_as_in_the_worked_example(header: dict[str, str], expected: str) -> None:
    totals = totals_of(as_document(invoice(*LINES, **header)))
    assert as_text(totals) == expected


def as_text(totals: PerfexTotals) -> str:
    return f"{totals.subtotal} {totals.discount} {totals.tax} {totals.total}"


def test_a_set_of_taxes_has_one_key_whatever_their_order() -> None:
    first, second = as_document(invoice(line("1", "1", VAT, ECO), line("1", "1", ECO, VAT))).lines
    assert first.tax_key == second.tax_key == "ECO|2.50+VAT|20.00"
    assert first.tax_rate == Decimal("22.50")
    assert as_document(invoice(line("1", "1"))).lines[0].tax_key == "none"


def test_a_fixed_discount_before_tax_on_lines_that_sum_to_zero_is_refused() -> None:
    document = as_document(invoice(line("1", "10.00", VAT), line("1", "-10.00")))
    with pytest.raises(MoneyError, match="lines that sum to zero"):
        perfex_totals(document.lines, discount_type="before_tax", discount_total=Decimal(1))


def test_a_percentage_lowers_the_taxes_even_where_the_lines_sum_to_zero() -> None:
    lines = (line("1", "100.00", VAT), line("1", "-100.00"))
    document = invoice(*lines, discount_type="before_tax", discount_percent="10.00")
    assert as_text(totals_of(as_document(document))) == "0.00 0.00 18.00 18.00"


@given(random=st.randoms(use_true_random=False))
@thorough()
def test_perfex_totals_agree_with_the_oracle(random: Random) -> None:
    raw = drawn(random)
    totals, figures = totals_of(as_document(raw)), oracle.perfex_figures(raw)
    assert as_text(totals) == " ".join(
        oracle.text(x) for x in (figures.subtotal, figures.discount, figures.tax, figures.total)
    )
    assert oracle.half_up(Fraction(unrounded_discount(as_document(raw)))) == figures.discount


def xero(*lines: XeroLine, **options: Any) -> str:
    totals = xero_totals(lines, **options)
    return f"{totals.subtotal} {totals.tax} {totals.total}"


def item(unit_amount: str, quantity: str = "1", rate: str = "15", **discount: Decimal) -> XeroLine:
    return XeroLine(
        quantity=Decimal(quantity),
        unit_amount=Decimal(unit_amount),
        tax_rate=Decimal(rate),
        **discount,
    )


def test_xero_rounds_the_tax_of_every_line_and_then_sums() -> None:
    assert xero_totals([item("45.50", "3"), item("19.99")]) == XeroTotals(
        line_amounts=(Decimal("136.50"), Decimal("19.99")),
        line_taxes=(Decimal("20.48"), Decimal("3.00")),
        subtotal=Decimal("156.49"),
        tax=Decimal("23.48"),
        total=Decimal("179.97"),
    )


def test_inclusive_prices_and_documents_without_tax_add_up_as_xero_says() -> None:
    assert xero(item("541.25"), mode="Inclusive") == "470.65 70.60 541.25"
    assert xero(item("89.00"), mode="Inclusive") == "77.39 11.61 89.00"
    assert xero(item("89.00"), mode="NoTax") == "89.00 0.00 89.00"
    assert xero() == "0.00 0.00 0.00"


def test_unit_amounts_are_rounded_to_the_places_that_were_asked_for() -> None:
    assert xero(item("0.12345", "1000", "0")) == "123.50 0.00 123.50"
    assert xero(item("0.12345", "1000", "0"), places=2) == "120.00 0.00 120.00"


def test_a_line_discount_is_taken_off_before_rounding() -> None:
    assert xero(item("33.33", "3", discount_rate=Decimal(10))) == "89.99 13.50 103.49"
    assert xero(item("33.33", "3", discount_amount=Decimal("11.11"))) == "88.88 13.33 102.21"


def test_the_callers_decimal_context_changes_no_total() -> None:
    with localcontext(prec=4):
        assert xero(item("12345.67", "3.5")) == "43209.85 6481.48 49691.33"
        totals = totals_of(as_document(invoice(line("3.50", "12345.67", VAT, ECO))))
    assert as_text(totals) == "43209.85 0.00 9722.22 52932.07"


xero_lines = st.builds(
    XeroLine,
    quantity=st.decimals(min_value=0, max_value=1000, places=4),
    unit_amount=st.decimals(min_value=-10_000, max_value=10_000, places=5),
    discount_rate=st.none() | st.decimals(min_value=0, max_value=100, places=2),
    tax_rate=st.sampled_from([Decimal(0), Decimal(20), Decimal("22.5"), Decimal("8.125")]),
)


@given(
    lines=st.lists(xero_lines, max_size=8),
    mode=st.sampled_from(["Exclusive", "Inclusive", "NoTax"]),
    places=st.sampled_from([2, 4]),
)
@thorough()
def test_xero_totals_agree_with_the_oracle(
    lines: list[XeroLine], mode: LineAmountTypes, places: int
) -> None:
    totals = xero_totals(lines, mode=mode, places=places)
    payload = {"LineAmountTypes": mode, "LineItems": [as_sent(line) for line in lines]}
    rates = {str(line.tax_rate): str(line.tax_rate) for line in lines}
    figures = oracle.xero_figures(payload, rates, places=places)
    assert [Fraction(amount) for amount in totals.line_amounts] == list(figures.line_amounts)
    assert [Fraction(tax) for tax in totals.line_taxes] == list(figures.line_taxes)
    assert Fraction(totals.subtotal) == figures.subtotal
    assert Fraction(totals.total) == figures.total
    assert totals.subtotal + totals.tax == totals.total


def as_sent(line: XeroLine) -> dict[str, str]:
    return {
        "Quantity": str(line.quantity),
        "UnitAmount": str(line.unit_amount),
        "DiscountRate": str(line.discount_rate or 0),
        "TaxType": str(line.tax_rate),
    }
