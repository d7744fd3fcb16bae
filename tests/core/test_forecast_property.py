"""Over thousands of invoices: what would be sent equals Perfex to the cent, or the reason is said."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests import oracle
from tests.core.documents import Json, as_payload, drawn, forecast_of, rates_in
from tests.support.profiles import thorough
from xero_bridge.core.forecast import Forecast, RoundingPolicy
from xero_bridge.core.planned_line import Role

POLICIES = (
    RoundingPolicy(),
    RoundingPolicy(limit=Decimal("0.05")),
    RoundingPolicy(policy="hold"),
    RoundingPolicy(account_chosen=False),
)
invoices = st.randoms(use_true_random=False).map(drawn)


def stored_beside(raw: Json, total: int, tax: int) -> Json:
    """The invoice as a careless client would store it: totals beside their lines, in cents."""
    return raw | {
        "total": oracle.text(oracle.number(raw["total"]) + Fraction(total, 100)),
        "total_tax": oracle.text(oracle.number(raw["total_tax"]) + Fraction(tax, 100)),
    }


def taxed_lines(raw: Json) -> int:
    return sum(1 for line in raw["items"] if sum(map(Decimal, line["taxrate"])))


def check_problems(forecast: Forecast) -> None:
    assert forecast.lines == ()
    for problem in forecast.problems:
        assert "…" not in problem.sentence
        assert "{" not in problem.sentence
        assert problem.sentence.endswith(".")


def check_agreement(raw: Json, forecast: Forecast, rounding: RoundingPolicy) -> None:
    payload = as_payload(forecast)
    sent = oracle.xero_figures(payload, rates_in(payload))
    totals = forecast.totals
    assert totals is not None
    assert str(totals.total) == oracle.text(sent.total) == raw["total"]
    assert str(totals.tax) == oracle.text(sent.tax)
    assert str(totals.subtotal) == oracle.text(sent.subtotal)
    declared = sent.tax - Fraction(raw["total_tax"])
    assert str(forecast.declared_tax_difference) == oracle.text(declared)
    assert abs(declared) <= Fraction(taxed_lines(raw), 100)
    check_rounding_line(raw, forecast, rounding)
    check_own_lines(raw, forecast)


def check_rounding_line(raw: Json, forecast: Forecast, rounding: RoundingPolicy) -> None:
    amounts = [line.xero.unit_amount for line in forecast.lines if line.role is Role.ROUNDING]
    assert len(amounts) <= 1
    assert all(0 < abs(amount) <= rounding.limit * taxed_lines(raw) for amount in amounts)
    if rounding.policy == "hold" or not rounding.account_chosen:
        assert amounts == []


def check_own_lines(raw: Json, forecast: Forecast) -> None:
    """Nothing is left out of the document, and nothing is in it twice."""
    items = [line for line in forecast.lines if line.role is Role.ITEM]
    assert [line.source_index for line in items] == list(range(len(raw["items"])))
    shared = sum((line.xero.discount_amount or Decimal() for line in items), Decimal())
    discount = oracle.perfex_figures(raw).discount
    if raw["discount_type"] == "after_tax":
        assert shared == 0
        shared = -amount_of(forecast, Role.AFTER_TAX_DISCOUNT)
    if shared:
        assert abs(Fraction(shared) - discount) <= Fraction(1, 100)
    assert amount_of(forecast, Role.ADJUSTMENT) == Decimal(raw["adjustment"])


def amount_of(forecast: Forecast, role: Role) -> Decimal:
    amounts = (line.xero.unit_amount for line in forecast.lines if line.role is role)
    return sum(amounts, Decimal())


@given(
    raw=invoices,
    rounding=st.sampled_from(POLICIES),
    total=st.sampled_from([0, 0, 0, 0, 1, -1, 2, -7]),
    tax=st.sampled_from([0, 0, 0, 1, -1, 9]),
)
@thorough()
def test_what_would_be_sent_equals_perfex_to_the_cent_or_the_reason_is_said(
    raw: Json, rounding: RoundingPolicy, total: int, tax: int
) -> None:
    raw = stored_beside(raw, total, tax)
    forecast = forecast_of(raw, rounding)
    if forecast.problems:
        check_problems(forecast)
    else:
        check_agreement(raw, forecast, rounding)


def test_of_five_thousand_invoices_only_those_that_xero_cannot_hold_wait() -> None:
    random, outcomes = Random(20_000), Counter[str]()
    for _ in range(5000):
        raw = drawn(random)
        forecast = forecast_of(raw)
        outcomes.update({problem.reason.value for problem in forecast.problems} or {"sent"})
        if not forecast.problems:
            check_agreement(raw, forecast, RoundingPolicy())
            outcomes["with a rounding line"] += forecast.lines[-1].role is Role.ROUNDING
            outcomes["with a declared tax difference"] += bool(forecast.declared_tax_difference)
    print(f"\nof 5,000 invoices drawn with seed 20,000: {dict(outcomes)}")
    assert outcomes["sent"] > 4500
    assert set(outcomes) <= {
        "sent",
        "with a rounding line",
        "with a declared tax difference",
        "negative_total",
        "zero_total",
        "rounding",
    }
    assert outcomes["rounding"] <= 2


def test_ordinary_invoices_never_wait() -> None:
    random = Random(7)
    for _ in range(2000):
        raw = drawn(random)
        if min(Decimal(line["rate"]) for line in raw["items"]) > 0 and Decimal(raw["total"]) > 0:
            assert forecast_of(raw).problems == (), raw
