"""Xero's own Python SDK reads and writes settings, contacts and items of the stand-in."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from xero_python.accounting import (
    Account,
    Accounts,
    AccountType,
    Address,
    Contact,
    Contacts,
    Currency,
    CurrencyCode,
    Item,
    Items,
    Phone,
    Purchase,
    TaxComponent,
    TaxRate,
    TaxRates,
)
from xero_python.exceptions import HTTPStatusException

from tests.conformance.sdk import Sdk
from xero_bridge.simulator.common import FaultKind

# --- who is connected, and the books' settings -------------------------------------------------


def test_connections_name_the_organisations(sdk: Sdk) -> None:
    [connection] = sdk.identity.get_connections()
    assert (connection.tenant_id, connection.tenant_type) == (sdk.tenant, "ORGANISATION")
    assert connection.tenant_name == "Harbour & Mill Ltd"


def test_a_connection_is_cut(sdk: Sdk) -> None:
    [connection] = sdk.identity.get_connections()
    sdk.identity.delete_connection(connection.id)
    assert sdk.identity.get_connections() == []


def test_the_organisation_has_currency_and_lock_date(sdk: Sdk) -> None:
    [organisation] = sdk.get_organisations().organisations
    assert organisation.base_currency == CurrencyCode.GBP
    assert organisation.country_code.value == "GB"
    assert isinstance(organisation.period_lock_date, date)


def test_accounts_are_listed_with_their_class(sdk: Sdk) -> None:
    accounts = {account.code: account for account in sdk.get_accounts().accounts}
    assert accounts["200"].type == AccountType.REVENUE
    assert accounts["090"].type == AccountType.BANK
    assert accounts["200"]._class == "REVENUE"


def test_accounts_are_filtered(sdk: Sdk) -> None:
    found = sdk.get_accounts(where='Type=="BANK" AND Status=="ACTIVE"').accounts
    assert {account.type for account in found} == {AccountType.BANK}


def test_an_account_is_created_read_renamed_and_archived(sdk: Sdk) -> None:
    wanted = Account(code="862", name="Rounding differences", type=AccountType.EXPENSE)
    [made] = sdk.create_account(wanted).accounts
    [read] = sdk.get_account(made.account_id).accounts
    assert (read.code, read.name, read.status) == ("862", "Rounding differences", "ACTIVE")
    renamed = Accounts(accounts=[Account(name="Cents")])
    assert sdk.update_account(made.account_id, renamed).accounts[0].name == "Cents"
    away = Accounts(accounts=[Account(status="ARCHIVED")])
    assert sdk.update_account(made.account_id, away).accounts[0].status == "ARCHIVED"


def test_an_unused_account_is_deleted(sdk: Sdk) -> None:
    wanted = Account(code="861", name="Never used", type=AccountType.EXPENSE)
    [made] = sdk.create_account(wanted).accounts
    [gone] = sdk.delete_account(made.account_id).accounts
    assert gone.status == "DELETED"


def test_tax_rates_have_exact_rates(sdk: Sdk) -> None:
    rates = {rate.tax_type: rate for rate in sdk.get_tax_rates().tax_rates}
    assert rates["OUTPUT2"].effective_rate == Decimal(20)
    assert rates["OUTPUT2"].can_apply_to_revenue is True
    assert rates["OUTPUT"].status == "DELETED"


def test_one_tax_rate_is_read_by_its_type(sdk: Sdk) -> None:
    [rate] = sdk.get_tax_rate_by_tax_type("RRINPUT").tax_rates
    assert rate.effective_rate == Decimal(5)


def test_a_tax_rate_is_created_and_deleted(sdk: Sdk) -> None:
    parts = [TaxComponent(name="Levy", rate=Decimal("7.5"), is_compound=False)]
    wanted = TaxRate(name="Levy", tax_components=parts, report_tax_type="OUTPUT")
    [made] = sdk.create_tax_rates(TaxRates(tax_rates=[wanted])).tax_rates
    assert made.effective_rate == Decimal("7.5")
    wanted.status = "DELETED"
    assert sdk.update_tax_rate(TaxRates(tax_rates=[wanted])).tax_rates[0].status == "DELETED"


def test_currencies_are_listed_and_added(sdk: Sdk) -> None:
    before = {currency.code for currency in sdk.get_currencies().currencies}
    assert CurrencyCode.GBP in before
    assert CurrencyCode.SEK not in before
    sdk.create_currency(Currency(code=CurrencyCode.SEK))
    assert CurrencyCode.SEK in {each.code for each in sdk.get_currencies().currencies}


# --- contacts ----------------------------------------------------------------------------------


def test_a_contact_is_created_with_its_addresses(sdk: Sdk) -> None:
    made = sdk.contact(
        contact_number="PX-C-41",
        email_address="ann@northwind.example",
        addresses=[Address(address_type="POBOX", city="Leeds", postal_code="LS1 4AP")],
        phones=[Phone(phone_type="DEFAULT", phone_number="5550 100")],
    )
    [read] = sdk.get_contact(made.contact_id).contacts
    assert (read.contact_number, read.email_address) == ("PX-C-41", "ann@northwind.example")
    assert {each.address_type: each.city for each in read.addresses}["POBOX"] == "Leeds"
    assert len(read.phones) == 4


def test_a_contact_is_read_by_its_number(sdk: Sdk) -> None:
    made = sdk.contact(contact_number="PX-C-42")
    [read] = sdk.get_contact_by_contact_number("PX-C-42").contacts
    assert read.contact_id == made.contact_id


def test_a_contact_is_updated_by_its_id(sdk: Sdk) -> None:
    made = sdk.contact()
    change = Contacts(contacts=[Contact(name="Harbour Joinery Limited")])
    [changed] = sdk.update_contact(made.contact_id, change).contacts
    assert (changed.contact_id, changed.name) == (made.contact_id, "Harbour Joinery Limited")


def test_contacts_are_written_in_one_call_of_good_and_bad(sdk: Sdk) -> None:
    both = Contacts(contacts=[Contact(name="New one"), Contact(name="Bayside Sailing Club")])
    good, bad = sdk.create_contacts(both, summarize_errors=False).contacts
    assert (good.status_attribute_string, bad.status_attribute_string) == ("OK", "ERROR")
    assert "already assigned to another contact" in bad.validation_errors[0].message


def test_a_contact_is_found_again_by_its_name_when_posted(sdk: Sdk) -> None:
    made = sdk.contact()
    again = Contacts(contacts=[Contact(name=made.name, first_name="Ann")])
    [found] = sdk.update_or_create_contacts(again).contacts
    assert (found.contact_id, found.first_name) == (made.contact_id, "Ann")


def test_contacts_come_in_pages(sdk: Sdk) -> None:
    first = sdk.get_contacts(page=1, page_size=2)
    assert len(first.contacts) == 2
    assert first.pagination.page_size == 2
    second = sdk.get_contacts(page=2, page_size=2)
    assert not {c.contact_id for c in first.contacts} & {c.contact_id for c in second.contacts}


def test_an_archived_contact_is_shown_on_demand_only(sdk: Sdk) -> None:
    made = sdk.contact()
    away = Contacts(contacts=[Contact(contact_status="ARCHIVED")])
    sdk.update_contact(made.contact_id, away)
    assert made.contact_id not in {c.contact_id for c in sdk.get_contacts().contacts}
    everyone = sdk.get_contacts(include_archived=True).contacts
    assert {c.contact_id: c.contact_status for c in everyone}[made.contact_id] == "ARCHIVED"


def test_contacts_are_found_by_ids_and_words(sdk: Sdk) -> None:
    made = sdk.contact("Quay & Sons")
    assert [c.name for c in sdk.get_contacts(i_ds=[made.contact_id]).contacts] == ["Quay & Sons"]
    assert [c.name for c in sdk.get_contacts(search_term="quay").contacts] == ["Quay & Sons"]


def test_only_what_changed_since_is_read(sdk: Sdk) -> None:
    sdk.simulator.clock.move(minutes=20)
    sdk.contact("Late Ltd")
    since = datetime(2026, 8, 3, 9, 40, tzinfo=UTC)
    assert [c.name for c in sdk.get_contacts(if_modified_since=since).contacts] == ["Late Ltd"]


# --- items -------------------------------------------------------------------------------------


def test_an_item_is_created_read_changed_and_deleted(sdk: Sdk) -> None:
    sales = Purchase(unit_price=Decimal("38.1255"), account_code="200", tax_type="OUTPUT2")
    wanted = Item(code="PX-I-9", name="Oak board", is_sold=True, sales_details=sales)
    [made] = sdk.create_items(Items(items=[wanted]), unitdp=4).items
    [read] = sdk.get_item(made.item_id, unitdp=4).items
    assert read.sales_details.unit_price == Decimal("38.1255")
    change = Items(items=[Item(code="PX-I-9", name="Pine board")])
    assert sdk.update_item(made.item_id, change).items[0].name == "Pine board"
    sdk.delete_item(made.item_id)
    assert "PX-I-9" not in {item.code for item in sdk.get_items().items}


def test_items_are_written_by_their_code(sdk: Sdk) -> None:
    one = Items(items=[Item(code="CONS-HR", name="Consulting, an hour")])
    [item] = sdk.update_or_create_items(one).items
    assert item.name == "Consulting, an hour"
    assert [each.code for each in sdk.get_items().items].count("CONS-HR") == 1


# --- refusals ----------------------------------------------------------------------------------


def test_what_does_not_exist_is_a_404(sdk: Sdk) -> None:
    with pytest.raises(HTTPStatusException) as missing:
        sdk.get_invoice("11111111-2222-4333-8444-555555555555")
    assert missing.value.status == 404


def test_a_foreign_organisation_is_a_403(sdk: Sdk) -> None:
    sdk.tenant = "11111111-2222-4333-8444-555555555555"
    with pytest.raises(HTTPStatusException) as forbidden:
        sdk.get_organisations()
    assert forbidden.value.status == 403


def test_a_limit_is_a_429_that_names_itself(sdk: Sdk) -> None:
    # Where Xero says how long to wait, the SDK waits and asks again by itself.
    sdk.simulator.faults.add(FaultKind.CONCURRENT_LIMIT)
    with pytest.raises(HTTPStatusException) as limited:
        sdk.get_organisations()
    assert limited.value.status == 429
    assert limited.value.headers["X-Rate-Limit-Problem"] == "concurrent"
