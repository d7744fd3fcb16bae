"""Taxes, accounts, payment modes and currencies: what is read and what is suggested."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.entities import recorded
from tests.entities.ledger import Ledger, decoded, mirror
from tests.entities.recorded import raw
from xero_bridge.core.entity import Agreement, Lookups
from xero_bridge.core.record import Record
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.entities import ENTITIES
from xero_bridge.entities.account import Account, account_term
from xero_bridge.entities.payment_mode import PaymentMode
from xero_bridge.entities.tax import Tax, named_tax, rate_of, tax_key, taxes_of
from xero_bridge.entities.wire import WireError

NAMES = st.text(alphabet="VATeco %é0.-+", min_size=1, max_size=8).map(str.strip).filter(bool)
RATES = st.decimals(min_value=0, max_value=99, places=2)


def agreement(kind: Kind, ours: Record, theirs: Record) -> Agreement:
    fit = ENTITIES[kind].fit
    assert fit is not None
    other = ENTITIES[kind].xero_kind or kind
    return fit(
        mirror(kind, Side.PERFEX, ours), mirror(other, Side.XERO, theirs), Ledger()
    ).agreement


def xero_tax(**changes: Any) -> Tax:
    record = decoded(Kind.TAX, Side.XERO, raw(recorded.XERO_TAX, **changes)).record
    assert isinstance(record, Tax)
    return record


def test_a_perfex_tax_is_known_by_name_and_rate() -> None:
    found = decoded(Kind.TAX, Side.PERFEX, raw(recorded.PERFEX_TAX, taxrate=20))
    assert found.id == "VAT|20.00"
    assert found.record == Tax(name="VAT", rate=Decimal("20.00"), number="1")


def test_a_xero_tax_is_known_by_its_type_and_counts_with_its_effective_rate() -> None:
    found = decoded(Kind.TAX, Side.XERO, raw(recorded.XERO_TAX, DisplayTaxRate=12.5))
    assert found.id == "OUTPUT2"
    assert isinstance(found.record, Tax)
    assert found.record.rate == 15
    assert not found.record.for_purchases


def test_a_deleted_tax_rate_is_read_and_is_closed() -> None:
    assert xero_tax(Status="DELETED").closed


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"Name": "vat", "EffectiveRate": 20}, Agreement.SAME),
        ({"Name": "20% (VAT on Income)", "EffectiveRate": 20.0}, Agreement.MAYBE),
        ({"Name": "VAT", "EffectiveRate": 17.5}, Agreement.NO),
        ({"Name": "VAT", "EffectiveRate": 20, "Status": "DELETED"}, Agreement.NO),
        ({"Name": "VAT", "EffectiveRate": 20, "CanApplyToRevenue": False}, Agreement.NO),
        (
            {"Name": "VAT", "EffectiveRate": 20, "TaxComponents": [{"IsCompound": True}]},
            Agreement.NO,
        ),
    ],
)
def test_only_the_same_name_and_rate_link_a_tax(changes: Any, expected: Agreement) -> None:
    ours = Tax(name="VAT", rate=Decimal("20.00"))
    assert agreement(Kind.TAX, ours, xero_tax(**changes)) is expected


def test_a_set_of_taxes_has_one_key_whatever_their_order() -> None:
    taxes = [("VAT", Decimal(20)), ("ECO", Decimal("2.5"))]
    assert tax_key(taxes) == tax_key(reversed(taxes)) == "ECO|2.50+VAT|20.00"
    assert tax_key([]) == "none"
    assert rate_of("ECO|2.50+VAT|20.00") == Decimal("22.50")
    assert rate_of("none") == 0


@given(st.lists(st.tuples(NAMES.filter(lambda name: not name.startswith("+")), RATES), max_size=3))
def test_a_key_tells_the_taxes_that_it_was_made_of(taxes: list[tuple[str, Decimal]]) -> None:
    found = taxes_of(tax_key(taxes))
    assert sorted((tax.name, tax.rate) for tax in found) == sorted(taxes)


@given(st.text(alphabet="AB|+2.0", max_size=20))
def test_a_text_is_a_key_of_exactly_itself_or_refused(text: str) -> None:
    try:
        taxes = taxes_of(text)
    except ValueError:
        return
    assert tax_key((tax.name, tax.rate) for tax in taxes) == text


@pytest.mark.parametrize("text", ["VAT", "VAT|20", "VAT|20.00+", "VAT|20.00+ECO|2.50", ""])
def test_what_is_no_key_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"VAT\|20\.00"):
        taxes_of(text)


@pytest.mark.parametrize(
    ("name", "rate", "expected"),
    [
        ("VAT", "20.00", ("VAT", Decimal("20.00"))),
        ("VAT|20.00", "", ("VAT", Decimal("20.00"))),
        ("VAT|20.00", "20.00", ("VAT", Decimal("20.00"))),
        ("A|B", "5", ("A|B", Decimal(5))),
        ("A|B|5.00", "", ("A|B", Decimal("5.00"))),
        ("Caf&eacute;", "5.00", ("Café", Decimal("5.00"))),
    ],
)
def test_a_line_tax_is_split_at_the_last_bar(
    name: str, rate: str, expected: tuple[str, Decimal]
) -> None:
    assert named_tax(name, rate) == expected


def test_a_line_tax_without_a_rate_is_refused_by_name() -> None:
    with pytest.raises(WireError, match="VAT"):
        named_tax("VAT", "")


def xero_account(**changes: Any) -> Account:
    record = decoded(Kind.ACCOUNT, Side.XERO, raw(recorded.XERO_ACCOUNT, **changes)).record
    assert isinstance(record, Account)
    return record


def test_an_account_takes_payments_when_it_is_a_bank_or_is_enabled_for_them() -> None:
    assert not xero_account().takes_payments
    assert xero_account(Type="BANK", Code=None).takes_payments
    assert xero_account(EnablePaymentsToAccount=True).takes_payments


def test_an_account_becomes_the_term_that_encoders_use() -> None:
    stored = mirror(Kind.ACCOUNT, Side.XERO, xero_account(SystemAccount="ROUNDING"), id="acc")
    term = account_term(stored)
    assert (term.id, term.code, term.class_, term.system) == ("acc", "200", "REVENUE", "ROUNDING")
    assert xero_account(Status="ARCHIVED").closed


def test_a_gateway_is_known_by_its_word_and_a_mode_by_its_number() -> None:
    gateway = decoded(Kind.PAYMENT_MODE, Side.PERFEX, raw(recorded.PERFEX_GATEWAY))
    mode = decoded(Kind.PAYMENT_MODE, Side.PERFEX, raw(recorded.PERFEX_MODE, active="0"))
    assert (gateway.id, gateway.record.label) == ("stripe", "Stripe Checkout")
    assert isinstance(gateway.record, PaymentMode)
    assert isinstance(mode.record, PaymentMode)
    assert gateway.record.gateway
    assert gateway.record.active
    assert not mode.record.gateway
    assert not mode.record.active


@pytest.mark.parametrize(
    ("name", "changes", "expected"),
    [
        ("Main Bank", {"Type": "BANK", "Name": "main bank"}, Agreement.SAME),
        ("Bank", {"Type": "BANK", "Name": "Main bank"}, Agreement.MAYBE),
        ("Stripe Checkout", {"Type": "BANK", "Name": "Stripe clearing"}, Agreement.MAYBE),
        ("Cash", {"Type": "BANK", "Name": "Main bank"}, Agreement.NO),
        ("Sales", {"Name": "Sales"}, Agreement.NO),
        ("Main bank", {"Type": "BANK", "Name": "Main bank", "Status": "ARCHIVED"}, Agreement.NO),
    ],
)
def test_a_payment_mode_is_matched_with_accounts_that_take_payments(
    name: str, changes: Any, expected: Agreement
) -> None:
    assert ENTITIES[Kind.PAYMENT_MODE].xero_kind is Kind.ACCOUNT
    found = agreement(Kind.PAYMENT_MODE, PaymentMode(name=name), xero_account(**changes))
    assert found is expected
    keys = ENTITIES[Kind.PAYMENT_MODE].keys
    shared = set(keys(PaymentMode(name=name), Side.PERFEX)) & set(
        keys(xero_account(**changes), Side.XERO)
    )
    assert bool(shared) is (expected is not Agreement.NO)


def test_currencies_are_matched_by_their_iso_code_alone() -> None:
    ours = decoded(Kind.CURRENCY, Side.PERFEX, raw(recorded.PERFEX_CURRENCY, name="nzd "))
    theirs = decoded(
        Kind.CURRENCY, Side.XERO, raw(recorded.XERO_CURRENCY), Lookups(base_currency="NZD")
    )
    assert ours.id == theirs.id == "NZD"
    assert theirs.record.label == "NZD"
    fit = ENTITIES[Kind.CURRENCY].fit
    assert fit is not None
    pair = (
        mirror(Kind.CURRENCY, Side.PERFEX, ours.record, "NZD"),
        mirror(Kind.CURRENCY, Side.XERO, theirs.record, "NZD"),
    )
    assert fit(*pair, Ledger()).agreement is Agreement.SAME
    other = mirror(Kind.CURRENCY, Side.XERO, theirs.record, "USD")
    assert fit(pair[0], other, Ledger()).agreement is Agreement.NO


def test_a_currency_that_is_no_iso_code_is_refused() -> None:
    with pytest.raises(WireError, match="Pounds"):
        decoded(Kind.CURRENCY, Side.PERFEX, raw(recorded.PERFEX_CURRENCY, name="Pounds"))
