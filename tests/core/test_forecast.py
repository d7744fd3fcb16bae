"""The Xero lines that reproduce a Perfex invoice, and the questions where none do."""

from decimal import Decimal
from typing import Any

import pytest

from tests import oracle
from tests.core.documents import as_payload, forecast_of, invoice, line, rate_of, rates_in
from xero_bridge.core.forecast import Forecast, RoundingPolicy
from xero_bridge.core.money_problem import MoneyReason, Problem
from xero_bridge.core.planned_line import Role
from xero_bridge.core.reasons import REASONS

VAT, VAT_5, ECO = ("VAT", "20.00"), ("VAT", "5.00"), ("ECO", "2.50")
#: Xero rounds the tax of each line up to 0.01, Perfex the sum 0.0225 down to 0.02.
CENT_APART = (line("1.00", "0.03", VAT, ECO), line("1.00", "0.07", VAT, ECO))
HOLD = RoundingPolicy(policy="hold")
NO_ACCOUNT = RoundingPolicy(account_chosen=False)


def shown(forecast: Forecast) -> list[tuple[str, str, str, str]]:
    """Role, price, discount and tax key of every line."""
    return [
        (line.role.value, str(line.xero.unit_amount), line.discount, line.tax_key)
        for line in forecast.lines
    ]


def total_of(forecast: Forecast) -> str:
    """Xero's total of what would be sent, by the oracle and by the forecast alike."""
    payload = as_payload(forecast)
    total = oracle.text(oracle.xero_total(payload, rates_in(payload)))
    assert forecast.totals is not None
    assert str(forecast.totals.total) == total == str(forecast.expected_total)
    return total


def only_problem(forecast: Forecast) -> Problem:
    assert forecast.lines == ()
    assert forecast.totals is None
    (problem,) = forecast.problems
    return problem


def test_plain_lines_go_over_as_they_are() -> None:
    forecast = forecast_of(invoice(line("2.00", "150.00", VAT), line("3.00", "33.33", VAT, ECO)))
    assert shown(forecast) == [
        ("item", "150.00", "", "VAT|20.00"),
        ("item", "33.33", "", "ECO|2.50+VAT|20.00"),
    ]
    assert [planned.source_index for planned in forecast.lines] == [0, 1]
    assert total_of(forecast) == "482.49"
    assert forecast.currency == "GBP"


def test_a_percentage_before_tax_becomes_a_discount_rate_on_every_line() -> None:
    forecast = forecast_of(
        invoice(
            line("2.00", "150.00", VAT),
            line("1.00", "50.00"),
            discount_type="before_tax",
            discount_percent="10.00",
        )
    )
    assert [planned.xero.discount_rate for planned in forecast.lines] == [Decimal("10.00")] * 2
    assert total_of(forecast) == "369.00"


def test_a_fixed_discount_before_tax_is_shared_over_the_lines() -> None:
    forecast = forecast_of(
        invoice(
            line("2.00", "150.00", VAT),
            line("3.00", "33.33", VAT, ECO),
            line("1.00", "0.00", VAT),
            line("1.00", "50.00", VAT_5),
            discount_type="before_tax",
            discount_total="50.00",
        )
    )
    assert [planned.discount for planned in forecast.lines] == ["33.33", "11.11", "", "5.56"]
    assert total_of(forecast) == "475.54"


def test_a_discount_after_tax_and_an_adjustment_become_lines_without_tax() -> None:
    forecast = forecast_of(
        invoice(
            line("2.00", "150.00", VAT),
            discount_type="after_tax",
            discount_percent="10.00",
            adjustment="-0.54",
        )
    )
    assert shown(forecast) == [
        ("item", "150.00", "", "VAT|20.00"),
        ("after_tax_discount", "-36.00", "", "none"),
        ("adjustment", "-0.54", "", "none"),
    ]
    assert total_of(forecast) == "323.46"


def test_a_fixed_discount_after_tax_becomes_a_line_of_its_own() -> None:
    forecast = forecast_of(
        invoice(line("1.00", "100.00", VAT), discount_type="after_tax", discount_total="20.00")
    )
    assert shown(forecast)[1:] == [("after_tax_discount", "-20.00", "", "none")]
    assert total_of(forecast) == "100.00"


def test_untaxed_lines_with_a_percentage_need_no_rounding_line() -> None:
    """Xero would take 29.997 as 30.00 three times, Perfex makes 89.991 of all three."""
    forecast = forecast_of(
        invoice(*[line("1.00", "33.33")] * 3, discount_type="before_tax", discount_percent="10.00")
    )
    assert [planned.discount for planned in forecast.lines] == ["3.34", "3.33", "3.33"]
    assert total_of(forecast) == "89.99"


@pytest.mark.parametrize("kind", ["before_tax", "after_tax"])
def test_half_a_cent_of_discount_follows_the_total_that_perfex_shows(kind: str) -> None:
    """Perfex shows a discount of 0.01 here, and a total that it did not lower."""
    forecast = forecast_of(
        invoice(line("1.00", "10.00"), discount_type=kind, discount_percent="0.05")
    )
    assert total_of(forecast) == "10.00"
    assert all(planned.role in (Role.ITEM, Role.AFTER_TAX_DISCOUNT) for planned in forecast.lines)


@pytest.mark.parametrize(
    ("lines", "rounding", "total"),
    [
        ([line("1.00", "0.03", VAT), line("1.00", "0.03", VAT)], "-0.01", "0.07"),
        ([line("1.00", "0.02", VAT), line("1.00", "0.02", VAT)], "0.01", "0.05"),
    ],
)
def test_the_difference_goes_to_one_visible_line_of_either_sign(
    lines: list[dict[str, Any]], rounding: str, total: str
) -> None:
    forecast = forecast_of(invoice(*lines))
    assert shown(forecast)[-1] == ("rounding", rounding, "", "none")
    assert [planned.role for planned in forecast.lines].count(Role.ROUNDING) == 1
    assert total_of(forecast) == total


def test_a_difference_in_tax_only_is_declared() -> None:
    lines = [line("1.00", "0.03", VAT), line("1.00", "0.03", VAT)]
    forecast = forecast_of(invoice(*lines))
    assert str(forecast.expected_tax) == "0.01"
    assert str(forecast.declared_tax_difference) == "0.01"


def test_where_perfex_tells_no_tax_total_its_own_arithmetic_stands_in() -> None:
    raw = invoice(*CENT_APART)
    del raw["total_tax"]
    assert str(forecast_of(raw).expected_tax) == "0.02"


def test_a_rounding_line_needs_a_policy_and_an_account() -> None:
    raw = invoice(line("1.00", "0.02", VAT), line("1.00", "0.02", VAT))
    assert only_problem(forecast_of(raw, HOLD)).reason == "rounding_held"
    missing = only_problem(forecast_of(raw, NO_ACCOUNT))
    assert missing.reason == "rounding_account_missing"
    assert "Choose one as rounding_account" in missing.sentence


@pytest.mark.parametrize("rounding", [HOLD, NO_ACCOUNT])
def test_documents_that_agree_need_neither(rounding: RoundingPolicy) -> None:
    assert total_of(forecast_of(invoice(line("1.00", "100.00", VAT)), rounding)) == "120.00"


def test_more_than_the_limit_waits_with_the_arithmetic_spelled_out() -> None:
    raw = invoice(line("1.00", "0.02", VAT), line("1.00", "0.02", VAT))
    problem = only_problem(forecast_of(raw, RoundingPolicy(limit=Decimal("0.004"))))
    assert problem.reason == "rounding"
    assert problem.sentence == (
        "Perfex shows 0.05 GBP, Xero would compute 0.04 GBP: a difference of 0.01, more than the "
        "0.008 that may go to a rounding line. Xero's arithmetic: "
        "line 1: 1.00 x 0.02 = 0.02, tax 0.00 (VAT|20.00); "
        "line 2: 1.00 x 0.02 = 0.02, tax 0.00 (VAT|20.00). "
        "Correct the document in Perfex, or raise rounding_limit."
    )


def test_a_cent_that_no_taxed_line_explains_waits() -> None:
    raw = invoice(line("1.00", "10.00"), total="10.01")
    problem = only_problem(forecast_of(raw))
    assert problem.reason == "rounding"
    assert problem.arithmetic is not None
    assert problem.arithmetic.taxed_lines == 0
    assert problem.arithmetic.difference == Decimal("0.01")


def test_a_stored_total_a_cent_beside_its_lines_is_reproduced_as_stored() -> None:
    raw = invoice(line("1.00", "10.00", VAT), total="12.01")
    assert total_of(forecast_of(raw)) == "12.01"


def test_a_stored_total_further_beside_its_lines_is_a_question() -> None:
    raw = invoice(*[line("1.00", "10.00", VAT)] * 5, discount_type="after_tax", total="60.02")
    problem = only_problem(forecast_of(raw))
    assert problem.reason == "stored_total_differs"
    assert "Perfex shows 60.02 GBP, but its lines" in problem.sentence
    assert "make 60.00 GBP" in problem.sentence


def test_a_tax_total_that_rounding_cannot_explain_is_a_question() -> None:
    raw = invoice(line("1.00", "10.00", VAT), total_tax="1.98")
    problem = only_problem(forecast_of(raw))
    assert problem.reason == "tax_total_differs"
    assert "Perfex shows a tax of 1.98 GBP and Xero would compute 2.00 GBP" in problem.sentence


BEFORE, AFTER = {"discount_type": "before_tax"}, {"discount_type": "after_tax"}
TEN, MINUS_ONE = line("1.00", "10.00", VAT), line("1.00", "-1.00")


@pytest.mark.parametrize(
    ("raw", "reason", "words"),
    [
        (invoice(), "no_lines", "no lines"),
        (invoice(line("-1.00", "5.00"), TEN), "negative_quantity", "Line 1 has the quantity -1.00"),
        (invoice(TEN, adjustment="-12.00"), "zero_total", "nothing to collect"),
        (invoice(TEN, adjustment="-13.00"), "negative_total", "Its total is -1.00 GBP"),
        (invoice(line("1.00001", "5.00")), "too_many_decimals", "quantity of line 1 is 1.00001"),
        (invoice(line("1.00", "5.00", ("VAT", "20.005"))), "too_many_decimals", "rate of VAT"),
        (invoice(TEN, adjustment="0.005", total="12.00"), "too_many_decimals", "The adjustment is"),
        (invoice(line("1.00", "10000000000.00")), "amount_too_large", "price of line 1"),
        (
            invoice(line("100000.00", "100000.00"), total="1.00"),
            "amount_too_large",
            "amount of line 1",
        ),
        (
            invoice(TEN, **BEFORE, discount_percent="100.01", adjustment="5.00"),
            "discount_over_100_percent",
            "100.01 %",
        ),
        (invoice(TEN, **AFTER, discount_percent="-5.00"), "discount_negative", "-5.00 %"),
        (invoice(TEN, **AFTER, discount_total="-5.00"), "discount_negative", "-5.00 GBP"),
        (
            invoice(TEN, **BEFORE, discount_total="10.01", adjustment="5.00"),
            "discount_over_subtotal",
            "10.01 GBP is more than its subtotal of 10.00 GBP",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_xero_cannot_hold_is_a_question(raw: dict[str, Any], reason: str, words: str) -> None:
    forecast = forecast_of(raw)
    sentences = [problem.sentence for problem in forecast.problems if problem.reason == reason]
    assert words in " ".join(sentences)
    assert forecast.lines == ()


def test_every_problem_of_a_document_is_named_at_once() -> None:
    raw = invoice(line("-1.00", "5.00"), **AFTER, discount_percent="-5.00")
    reasons = [problem.reason.value for problem in forecast_of(raw).problems]
    assert reasons == ["negative_quantity", "negative_total", "discount_negative"]


def test_a_negative_line_may_carry_a_percentage() -> None:
    forecast = forecast_of(invoice(TEN, MINUS_ONE, **BEFORE, discount_percent="10.00"))
    assert total_of(forecast) == "9.90"


def test_a_fixed_discount_before_tax_beside_a_negative_line_is_a_line_for_each_set_of_taxes() -> (
    None
):
    hundred, back = line("1.00", "100.00", VAT), line("1.00", "-20.00")
    forecast = forecast_of(invoice(hundred, back, **BEFORE, discount_total="8.00"))
    assert shown(forecast)[2:] == [
        ("before_tax_discount", "-10.00", "", "VAT|20.00"),
        ("before_tax_discount", "2.00", "", "none"),
    ]
    assert total_of(forecast) == "90.00"


def test_a_tax_mapped_to_another_rate_is_a_question_however_small_the_document() -> None:
    raw = invoice(line("1.00", "0.10", VAT))
    problem = only_problem(forecast_of(raw, tax_rate_of=lambda _key: Decimal("19.6")))
    assert problem.reason == "tax_rate_differs"
    assert "VAT|20.00" in problem.sentence


def test_a_wrong_mapping_and_a_refused_rounding_are_named_at_once() -> None:
    raw = invoice(line("1.00", "0.02", VAT), line("1.00", "0.02", VAT))
    forecast = forecast_of(raw, HOLD, tax_rate_of=lambda _key: Decimal(15))
    assert [problem.reason for problem in forecast.problems] == [
        "tax_rate_differs",
        "rounding_held",
    ]
    assert forecast.lines == ()


def test_no_tax_must_be_mapped_to_no_tax_once_our_own_lines_need_it() -> None:
    def taxed_by_default(key: str) -> Decimal:
        return Decimal(20) if key == "none" else rate_of(key)

    lines = (line("1.00", "0.02", VAT), line("1.00", "0.02", VAT))
    problem = only_problem(forecast_of(invoice(*lines), tax_rate_of=taxed_by_default))
    assert problem.reason == "tax_rate_differs"
    agreeing = invoice(line("1.00", "10.00", VAT))
    assert total_of(forecast_of(agreeing, tax_rate_of=taxed_by_default)) == "12.00"


def test_a_tax_that_is_not_mapped_stays_the_callers_question() -> None:
    with pytest.raises(KeyError, match=r"VAT\|20\.00"):
        forecast_of(invoice(TEN), tax_rate_of={"none": Decimal()}.__getitem__)


def test_every_reason_has_its_words() -> None:
    assert {reason.value for reason in MoneyReason} <= REASONS.keys()
