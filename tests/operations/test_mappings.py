"""Mappings: listed with their use, set with checks, suggested where it is clear."""

import pytest

from tests.support.bridge import ANN, NAME, Bridge
from xero_bridge.core.vocabulary import Kind
from xero_bridge.operations import mappings
from xero_bridge.operations.mappings import MappingView, NewMapping
from xero_bridge.operations.problems import NotAccepted


def listed(bridge: Bridge) -> dict[tuple[str, str], MappingView]:
    return {(v.kind, v.perfex): v for v in mappings.mapping_views(bridge.services, NAME)}


def set_tax(bridge: Bridge, perfex: str, sales: str, purchase: str = "") -> MappingView:
    new = NewMapping(kind="tax", perfex=perfex, sales=sales, purchase=purchase)
    return mappings.set_mapping(bridge.services, NAME, new, by=ANN)


def set_mode(bridge: Bridge, mode: str, account: str) -> MappingView:
    new = NewMapping(kind="payment_mode", perfex=mode, account=account, bank_feed=True)
    return mappings.set_mapping(bridge.services, NAME, new, by=ANN)


@pytest.fixture
def read_bridge(bridge: Bridge) -> Bridge:
    """Both sides were read; nothing is mapped."""
    bridge.add()
    bridge.consent()
    bridge.sync()
    return bridge


def test_values_in_use_are_listed_even_without_a_mapping(read_bridge: Bridge) -> None:
    found = listed(read_bridge)
    assert found["tax", "VAT|20.00"].state == "unmapped"
    assert found["tax", "VAT|20.00"].used > 50
    assert found["tax", "ECO|2.50+VAT|20.00"].used > 5
    assert found["tax", "none"].perfex_label == "no tax"
    assert found["payment_mode", "stripe"].used > 1
    assert found["currency", "CHF"].used == 1


def test_a_mapping_made_before_xero_was_read_is_unchecked_and_checked_later(
    bridge: Bridge,
) -> None:
    bridge.add()
    assert set_tax(bridge, "VAT|20.00", "OUTPUT2", "INPUT2").state == "unchecked"
    assert set_tax(bridge, "VAT|5.00", "GONE").state == "unchecked"
    assert set_mode(bridge, "1", "090").state == "unchecked"
    bridge.consent()
    bridge.sync()
    found = listed(bridge)
    assert found["tax", "VAT|20.00"].state == "mapped"
    assert found["tax", "VAT|20.00"].purchase == "INPUT2"
    assert found["tax", "VAT|5.00"].state == "broken"
    assert "no such tax rate" in found["tax", "VAT|5.00"].trouble
    assert found["payment_mode", "1"].state == "mapped"
    assert found["payment_mode", "1"].bank_feed


@pytest.mark.parametrize(
    ("perfex", "sales", "told"),
    [
        ("VAT|20.00", "RROUTPUT", "VAT|20.00 is 20 %, but the Xero tax is"),
        ("VAT|20.00", "INPUT2", "cannot be used on sales"),
        ("VAT|20.00", "NOPE", "no such tax rate"),
        ("VAT|20.00", "OUTPUT", "deleted or archived"),
        ("VAT", "OUTPUT2", "is not a tax"),
        ("VAT|20.00+ECO|2.50", "TAX001", "is not a tax"),
        ("VAT|20.00", "", "needs a TaxType"),
    ],
)
def test_a_tax_that_does_not_fit_is_refused(
    read_once: Bridge, perfex: str, sales: str, told: str
) -> None:
    with pytest.raises(NotAccepted, match=told.replace("|", r"\|")):
        set_tax(read_once, perfex, sales)
    assert listed(read_once)["tax", "VAT|20.00"].xero == "OUTPUT2"


def test_a_tax_on_purchases_has_to_fit_too(read_once: Bridge) -> None:
    with pytest.raises(NotAccepted, match="cannot be used on purchases"):
        set_tax(read_once, "VAT|20.00", "OUTPUT2", "OUTPUT2")


@pytest.mark.parametrize(
    ("account", "told"),
    [("9999", "no such account"), ("240", "is archived"), ("200", "neither a bank account")],
)
def test_an_account_that_takes_no_payments_is_refused(
    read_once: Bridge, account: str, told: str
) -> None:
    with pytest.raises(NotAccepted, match=told):
        set_mode(read_once, "1", account)


def test_an_account_is_found_by_its_code_and_kept_by_its_id(read_bridge: Bridge) -> None:
    view = set_mode(read_bridge, "1", "090")
    assert len(view.xero) == 36
    assert view.xero_label.startswith("090 ")


def test_an_unknown_kind_of_mapping_is_refused(read_once: Bridge) -> None:
    new = NewMapping(kind="colour", perfex="red", sales="blue")
    with pytest.raises(NotAccepted, match="tax"):
        mappings.set_mapping(read_once.services, NAME, new, by=ANN)


@pytest.mark.parametrize(
    ("kind", "perfex", "told"),
    [
        ("tax", "VAT|2.00", r"no tax 'VAT\|2.00'. There are: .*VAT\|20.00 \(VAT"),
        ("tax", "ECO|2.50+WAT|20.00", r"no tax 'WAT\|20.00'"),
        ("payment_mode", "Bank", r"no payment mode 'Bank'. There are: 1 \(Bank\)"),
        ("currency", "GPB", "no currency 'GPB'"),
    ],
)
def test_what_perfex_does_not_have_is_refused_with_what_it_has(
    read_once: Bridge, kind: str, perfex: str, told: str
) -> None:
    new = NewMapping(kind=kind, perfex=perfex, sales="TAX001", account="090")
    with pytest.raises(NotAccepted, match=told):
        mappings.set_mapping(read_once.services, NAME, new, by=ANN)


def test_a_value_that_only_documents_still_use_can_be_mapped(read_bridge: Bridge) -> None:
    assert set_mode(read_bridge, "3", "090").state == "mapped"


def test_a_second_mapping_of_a_value_replaces_the_first(read_bridge: Bridge) -> None:
    set_tax(read_bridge, "none", "NONE")
    set_tax(read_bridge, "none", "ZERORATEDOUTPUT")
    assert listed(read_bridge)["tax", "none"].xero == "ZERORATEDOUTPUT"


def test_what_is_clear_is_suggested_and_mapped_on_request(read_bridge: Bridge) -> None:
    found = {(s.kind, s.perfex): s for s in mappings.suggestions(read_bridge.services, NAME)}
    assert list(found["tax", "VAT|20.00"].candidates) == ["OUTPUT2"]
    assert list(found["tax", "none"].candidates) == ["NONE"]
    assert len(found["tax", "Zero|0.00"].candidates) > 1
    assert ("payment_mode", "3") not in found
    accepted = mappings.accept_suggestions(read_bridge.services, NAME, by=ANN)
    assert {(v.kind, v.perfex) for v in accepted} >= {("tax", "VAT|20.00"), ("tax", "none")}
    assert listed(read_bridge)["tax", "VAT|20.00"].by_person
    assert listed(read_bridge)["tax", "Zero|0.00"].state == "unmapped"


def test_an_accepted_suggestion_is_followed_by_the_next_plan(read_bridge: Bridge) -> None:
    read_bridge.set(sales_account="200", rounding_account="429")
    assert "invoice" not in read_bridge.sync(dry=True).planned
    mappings.accept_suggestions(read_bridge.services, NAME, by=ANN)
    assert read_bridge.sync(dry=True).planned["invoice"]["create"] > 10


def test_accounts_to_choose_from_leave_out_what_lines_cannot_use(read_once: Bridge) -> None:
    offered = mappings.account_choices(read_once.services, NAME)
    assert "200" in offered
    assert not {"090", "240", "610"} & set(offered)
    modes = mappings.choices(read_once.services, NAME, Kind.PAYMENT_MODE)
    assert any(label.startswith("090") for label in modes.values())


def test_an_expense_category_of_an_accounts_name_maps_itself_and_others_are_suggested(
    read_bridge: Bridge,
) -> None:
    assert listed(read_bridge)["expense_category", "1"].state == "unmapped"
    offered = mappings.accounts_without_category(read_bridge.services, NAME)
    assert "493 Travel" in offered.values()
    assert not {"090 Business Bank Account", "200 Sales", "860 Rounding"} & set(offered.values())
    suggested = {(s.kind, s.perfex): s for s in mappings.suggestions(read_bridge.services, NAME)}
    assert list(suggested["expense_category", "1"].candidates.values()) == ["493 Travel"]


def test_an_expense_category_is_mapped_to_an_expense_account_with_its_supplier(
    read_bridge: Bridge,
) -> None:
    new = NewMapping(
        kind="expense_category", perfex="4", account="429", supplier=" Paper  & Co Ltd "
    )
    view = mappings.set_mapping(read_bridge.services, NAME, new, by=ANN)
    assert (view.state, view.xero_label) == ("mapped", "429 General Expenses")
    assert view.supplier == "Paper & Co Ltd"
    offered = mappings.accounts_without_category(read_bridge.services, NAME)
    assert "429 General Expenses" not in offered.values()


@pytest.mark.parametrize("account", ["090", "200", "860", "999"])
def test_an_account_that_expenses_cannot_be_booked_to_is_refused(
    read_bridge: Bridge, account: str
) -> None:
    new = NewMapping(kind="expense_category", perfex="4", account=account)
    with pytest.raises(NotAccepted, match="account"):
        mappings.set_mapping(read_bridge.services, NAME, new, by=ANN)
