"""Every combination of an invoice's money, twenty thousand of them at night: to the cent, or asked.

`pytest tests/entities/test_every_combination.py -s --hypothesis-profile nightly` draws 20,000
invoices and prints what became of them; the usual run draws a thousand.
"""

from collections import Counter
from decimal import Decimal
from itertools import product

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tests import oracle
from tests.entities.combinations import (
    ADJUSTMENTS,
    CURRENCIES,
    DISCOUNTS,
    PLACES,
    Case,
    cases,
    named,
    trouble,
)
from tests.entities.ledger import SETTINGS
from tests.entities.writing import CONTACT, PLAIN, EveryTax, attempted, perfex, rates_in
from tests.support.profiles import thorough
from xero_bridge.core.entity import Payload
from xero_bridge.core.errors import Held
from xero_bridge.core.money import to_cents
from xero_bridge.core.settings import Settings
from xero_bridge.core.totals import LineAmountTypes, XeroLine, xero_totals
from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities.invoice import Invoice

NIGHTLY = 20_000
SETTINGS_OF = {
    "line": SETTINGS,
    "hold": msgspec.structs.replace(SETTINGS, rounding_policy="hold"),
    "no account": msgspec.structs.replace(SETTINGS, rounding_account=""),
}
#: What a person is asked where the settings leave no room for a rounding line.
OF_THE_POLICY = {"hold": "rounding_held", "no account": "rounding_account_missing"}
#: What a document may be asked for that the two systems cannot both hold; `sent` to the cent.
OF_THE_DOCUMENT = {
    "more decimals than Xero keeps": {"too_many_decimals"},
    "an amount beyond Xero's limit": {"amount_too_large"},
    "a total of zero or less": {"zero_total", "negative_total"},
    "a fixed discount beyond the lines": {"discount_over_subtotal", "negative_total"},
    "a stored total that its lines do not come to": {
        "stored_total_differs",
        "rounding",
        "tax_total_differs",
        "sent",
    },
    "a stored tax that its lines do not come to": {"tax_total_differs", "sent"},
}


def invoice_of(case: Case) -> Invoice:
    return perfex(**{**PLAIN, **named(case.raw), "name": case.currency, "currency": "9"})


def books_of(settings: Settings) -> EveryTax:
    """Books in which everything is mapped."""
    return EveryTax(ids={(Kind.CUSTOMER, "41"): CONTACT}, settings=settings, currencies=CURRENCIES)


def outcome_of(case: Case) -> str:
    """What becomes of the invoice: `sent`, or the reason; sent ones are compared to the cent."""
    invoice = invoice_of(case)
    payload = attempted(invoice, books_of(SETTINGS_OF[case.policy]))
    if isinstance(payload, Held):
        assert "…" not in str(payload)  # Its sentence has all the values that it names.
        return payload.reason
    check_what_is_sent(case, payload)
    return "sent"


def check_what_is_sent(case: Case, payload: Payload) -> None:
    """The body alone makes Perfex's total; the forecast is Xero's; a cent of tax is declared."""
    figures = oracle.xero_figures(payload.body, rates_in(payload.body))
    assert oracle.text(figures.total) == case.raw["total"]
    assert payload.expects is not None
    assert f"{payload.expects.total:f}" == oracle.text(figures.total)
    assert f"{payload.expects.tax:f}" == oracle.text(figures.tax)
    shown, made = case.raw["total_tax"], oracle.text(figures.tax)
    assert payload.declared.get("tax") == ((shown, made) if shown != made else None)
    assert payload.body["CurrencyCode"] == case.currency
    if case.policy != "line":
        assert "rounding" not in payload.line_roles


def expected_of(case: Case) -> set[str]:
    """The outcomes that are right, judged without the bridge."""
    why = trouble(case.raw)
    allowed = OF_THE_DOCUMENT[why] if why else {"sent"}
    if case.policy == "line" or allowed.isdisjoint({"sent"}):
        return allowed
    return allowed | {OF_THE_POLICY[case.policy]}


def test_every_combination_is_sent_to_the_cent_or_asked_about_for_the_right_reason() -> None:
    counted: Counter[str] = Counter()
    met: set[tuple[str, str, int]] = set()
    profile = thorough()

    @profile
    @given(cases())
    def draw(case: Case) -> None:
        outcome = outcome_of(case)
        assert outcome in expected_of(case), case
        why = trouble(case.raw)
        counted[f"{why or 'both can hold it'}, policy {case.policy}: {outcome}"] += 1
        if outcome == "sent":
            met.add(case.combination)

    draw()
    told = "\n".join(f"{number:7,}  {words}" for words, number in sorted(counted.items()))
    print(f"\nof {counted.total():,} invoices in every combination:\n{told}")
    asked = [words for words in counted if words.startswith("both can hold it, policy line: ")]
    assert asked == ["both can hold it, policy line: sent"]
    if profile.max_examples >= NIGHTLY:
        assert counted.total() >= NIGHTLY
        assert met >= set(product(DISCOUNTS, ADJUSTMENTS, range(PLACES + 1)))


@thorough()
@given(
    case=cases(),
    mode=st.sampled_from(("Exclusive", "Inclusive", "NoTax")),
    places=st.sampled_from((2, 4)),
)
def test_the_forecast_is_xeros_total_whether_prices_include_tax_or_not(
    case: Case, mode: LineAmountTypes, places: int
) -> None:
    rate = Decimal(case.raw["discount_percent"])
    lines = [
        XeroLine(
            quantity=Decimal(item["qty"]),
            unit_amount=Decimal(item["rate"]),
            discount_rate=rate or None,
            tax_rate=sum(map(Decimal, item["taxrate"]), Decimal()),
        )
        for item in case.raw["items"]
    ]
    body = {
        "LineAmountTypes": mode,
        "LineItems": [
            {
                "Quantity": str(line.quantity),
                "UnitAmount": str(line.unit_amount),
                "DiscountRate": str(rate),
                "TaxType": str(line.tax_rate),
            }
            for line in lines
        ],
    }
    rates = {str(line.tax_rate): str(line.tax_rate) for line in lines}
    figures = oracle.xero_figures(body, rates, places=places)
    ours = xero_totals(lines, places=places, mode=mode)
    assert [oracle.text(amount) for amount in figures.line_taxes] == [
        f"{to_cents(tax):f}" for tax in ours.line_taxes
    ]
    assert (oracle.text(figures.tax), oracle.text(figures.total)) == (
        f"{ours.tax:f}",
        f"{ours.total:f}",
    )
