"""Xero's own Python SDK works with the Xero stand-in: what it reads is typed and exact."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from xero_python.accounting import (
    Account,
    AccountingApi,
    Accounts,
    AccountType,
    Address,
    Contact,
    Contacts,
    Currency,
    CurrencyCode,
    Invoice,
    Invoices,
    Item,
    Items,
    LineAmountTypes,
    LineItem,
    Payment,
    PaymentDelete,
    Payments,
    Phone,
    Purchase,
    TaxComponent,
    TaxRate,
    TaxRates,
)
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token
from xero_python.exceptions import AccountingBadRequestException, HTTPStatusException
from xero_python.identity import IdentityApi

from xero_bridge.simulator.common import FaultKind, Server, SimClock
from xero_bridge.simulator.xero import XeroSimulator, create_xero

NOW = datetime(2026, 8, 3, 9, 30, tzinfo=UTC)
TODAY = date(2026, 8, 3)
DUE = date(2026, 9, 2)


@dataclass
class Sdk:
    """The SDK, connected to one organisation of the stand-in."""

    simulator: XeroSimulator
    accounting: AccountingApi
    identity: IdentityApi
    tenant: str

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """An accounting call, with the organisation filled in."""
        method = getattr(self.accounting, name)
        return lambda *given, **named: method(self.tenant, *given, **named)

    def contact(self, name: str = "Harbour Joinery Ltd", **more: Any) -> Contact:
        made = self.create_contacts(Contacts(contacts=[Contact(name=name, **more)]))
        return made.contacts[0]

    def invoice(self, **more: Any) -> Invoice:
        """An approved invoice of 300.00 and 20 % tax, unless told otherwise."""
        made = self.create_invoices(Invoices(invoices=[self.draft(**more)]))
        return made.invoices[0]

    def draft(self, **more: Any) -> Invoice:
        contact = more.pop("contact", None) or Contact(name="Bayside Sailing Club")
        usual = {
            "type": "ACCREC",
            "contact": contact,
            "date": TODAY,
            "due_date": DUE,
            "line_amount_types": LineAmountTypes.EXCLUSIVE,
            "line_items": [line()],
            "status": "AUTHORISED",
        }
        return Invoice(**{**usual, **more})

    def payment(self, invoice: Invoice, amount: str) -> Payment:
        made = self.create_payment(self.receipt(invoice, amount))
        return made.payments[0]

    def receipt(self, invoice: Invoice, amount: str) -> Payment:
        return Payment(
            invoice=Invoice(invoice_id=invoice.invoice_id),
            account=Account(code="090"),
            date=TODAY,
            amount=Decimal(amount),
            reference="PX-PAY-1",
        )


def line(**more: Any) -> LineItem:
    usual = {
        "description": "Oak table",
        "quantity": Decimal("2.0000"),
        "unit_amount": Decimal("150.00"),
        "account_code": "200",
    }
    return LineItem(**{**usual, **more})


@pytest.fixture
def sdk() -> Iterator[Sdk]:
    simulator = create_xero(clock=SimClock(NOW), seed=True)
    tokens = simulator.issue_token()
    configuration = Configuration(oauth2_token=OAuth2Token("id", "secret"))
    client = ApiClient(configuration, pool_threads=1)
    client.oauth2_token_getter(lambda: tokens)
    client.oauth2_token_saver(tokens.update)
    client.set_oauth2_token(tokens)
    with Server(simulator.wsgi) as server:
        yield Sdk(
            simulator=simulator,
            accounting=AccountingApi(client, base_url=f"{server.url}/api.xro/2.0"),
            identity=IdentityApi(client, base_url=server.url),
            tenant=simulator.books().tenant,
        )
        client.rest_client.pool_manager.clear()


def messages(refused: pytest.ExceptionInfo[AccountingBadRequestException]) -> list[str]:
    elements = refused.value.error_data["Elements"]
    return [error["Message"] for element in elements for error in element["ValidationErrors"]]


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


# --- invoices ----------------------------------------------------------------------------------


def test_an_invoice_is_computed_to_the_cent(sdk: Sdk) -> None:
    made = sdk.invoice(invoice_number="INV-000118", reference="PX-118")
    assert (made.sub_total, made.total_tax, made.total) == (300, 60, 360)
    assert isinstance(made.total, Decimal)
    [read] = sdk.get_invoice(made.invoice_id).invoices
    assert (read.status, read.amount_due, read.date) == ("AUTHORISED", Decimal(360), TODAY)
    assert read.line_items[0].line_amount == Decimal(300)


def test_prices_of_four_decimals_are_kept(sdk: Sdk) -> None:
    lines = [line(unit_amount=Decimal("38.1255"), quantity=Decimal("1.75"))]
    drafts = Invoices(invoices=[sdk.draft(line_items=lines)])
    [made] = sdk.create_invoices(drafts, unitdp=4).invoices
    assert made.line_items[0].unit_amount == Decimal("38.1255")
    assert made.line_items[0].line_amount == Decimal("66.72")


def test_a_discount_is_rounded_after_it_was_taken(sdk: Sdk) -> None:
    lines = [line(quantity=Decimal(3), unit_amount=Decimal("33.33"), discount_rate=Decimal("12.5"))]
    made = sdk.invoice(line_items=lines)
    assert made.line_items[0].line_amount == Decimal("87.49")
    assert made.total_discount == Decimal("12.50")


def test_good_invoices_are_kept_beside_bad_ones(sdk: Sdk) -> None:
    bad = sdk.draft(line_items=[line(account_code="999999")])
    drafts = Invoices(invoices=[sdk.draft(), bad])
    good, refused = sdk.create_invoices(drafts, summarize_errors=False).invoices
    assert (good.status_attribute_string, refused.status_attribute_string) == ("OK", "ERROR")
    assert refused.invoice_id == "00000000-0000-0000-0000-000000000000"
    assert "999999" in refused.validation_errors[0].message


def test_one_bad_invoice_refuses_the_whole_call_by_default(sdk: Sdk) -> None:
    bad = Invoices(invoices=[sdk.draft(line_items=[line(account_code="999999")])])
    with pytest.raises(AccountingBadRequestException) as refused:
        sdk.create_invoices(bad)
    assert refused.value.error_data["ErrorNumber"] == 10
    assert any("999999" in message for message in messages(refused))


def test_a_number_is_used_once(sdk: Sdk) -> None:
    sdk.invoice(invoice_number="INV-7")
    with pytest.raises(AccountingBadRequestException) as refused:
        sdk.invoice(invoice_number="INV-7")
    assert messages(refused) == ["Invoice # must be unique."]


def test_lines_are_changed_by_their_ids(sdk: Sdk) -> None:
    made = sdk.invoice()
    kept = line(line_item_id=made.line_items[0].line_item_id, unit_amount=Decimal("90.00"))
    change = Invoices(invoices=[Invoice(line_items=[kept])])
    [changed] = sdk.update_invoice(made.invoice_id, change).invoices
    assert changed.total == Decimal(216)
    assert changed.line_items[0].line_item_id == made.line_items[0].line_item_id


def test_a_posted_invoice_is_found_by_its_number(sdk: Sdk) -> None:
    made = sdk.invoice(invoice_number="INV-8")
    again = Invoices(invoices=[sdk.draft(invoice_number="INV-8", reference="seen twice")])
    [found] = sdk.update_or_create_invoices(again).invoices
    assert (found.invoice_id, found.reference) == (made.invoice_id, "seen twice")


def test_an_invoice_is_voided(sdk: Sdk) -> None:
    made = sdk.invoice()
    void = Invoices(invoices=[Invoice(status="VOIDED")])
    assert sdk.update_invoice(made.invoice_id, void).invoices[0].status == "VOIDED"
    [read] = sdk.get_invoice(made.invoice_id).invoices
    assert (read.status, read.amount_due) == ("VOIDED", 0)


def test_a_draft_is_deleted(sdk: Sdk) -> None:
    made = sdk.invoice(status="DRAFT")
    gone = Invoices(invoices=[Invoice(status="DELETED")])
    assert sdk.update_invoice(made.invoice_id, gone).invoices[0].status == "DELETED"


def test_invoices_are_filtered_sorted_and_paged(sdk: Sdk) -> None:
    for number in ("INV-1", "INV-2", "INV-3"):
        sdk.invoice(invoice_number=number)
    found = sdk.get_invoices(
        where='Type=="ACCREC" AND Status=="AUTHORISED" AND AmountDue>=360',
        order="InvoiceNumber DESC",
        page=1,
        page_size=2,
    )
    assert [each.invoice_number for each in found.invoices] == ["INV-3", "INV-2"]
    assert (found.pagination.item_count, found.pagination.page_count) == (3, 2)
    assert len(found.invoices[0].line_items) == 1


def test_invoices_are_found_by_ids_numbers_contacts_and_statuses(sdk: Sdk) -> None:
    made = sdk.invoice(invoice_number="INV-1", status="DRAFT")
    searches: list[dict[str, Any]] = [
        {"i_ds": [made.invoice_id]},
        {"invoice_numbers": ["INV-1"]},
        {"contact_i_ds": [made.contact.contact_id], "statuses": ["DRAFT"]},
    ]
    for search in searches:
        assert [each.invoice_id for each in sdk.get_invoices(**search).invoices] == [
            made.invoice_id
        ]


def test_a_foreign_invoice_has_its_rate(sdk: Sdk) -> None:
    made = sdk.invoice(currency_code=CurrencyCode.EUR, currency_rate=Decimal("1.25"))
    assert (made.currency_code, made.currency_rate) == (CurrencyCode.EUR, Decimal("1.25"))


def test_the_same_key_creates_one_invoice(sdk: Sdk) -> None:
    drafts = Invoices(invoices=[sdk.draft()])
    [first] = sdk.create_invoices(drafts, idempotency_key="key-1").invoices
    [second] = sdk.create_invoices(drafts, idempotency_key="key-1").invoices
    assert first.invoice_id == second.invoice_id


# --- payments ----------------------------------------------------------------------------------


def test_a_payment_settles_its_invoice(sdk: Sdk) -> None:
    made = sdk.invoice()
    part = sdk.payment(made, "100.00")
    assert (part.amount, part.status) == (Decimal(100), "AUTHORISED")
    assert sdk.get_invoice(made.invoice_id).invoices[0].amount_due == Decimal(260)
    sdk.payment(made, "260.00")
    [paid] = sdk.get_invoice(made.invoice_id).invoices
    assert (paid.status, paid.amount_paid, len(paid.payments)) == ("PAID", Decimal(360), 2)


def test_payments_are_created_together_read_and_listed(sdk: Sdk) -> None:
    receipts = [sdk.receipt(sdk.invoice(), "20.00"), sdk.receipt(sdk.invoice(), "30.00")]
    made = sdk.create_payments(Payments(payments=receipts)).payments
    [read] = sdk.get_payment(made[0].payment_id).payments
    assert (read.amount, read.date, read.reference) == (Decimal(20), TODAY, "PX-PAY-1")
    listed = {each.payment_id: each.amount for each in sdk.get_payments(page=1).payments}
    assert listed[made[1].payment_id] == Decimal(30)


def test_a_deleted_payment_leaves_the_invoice_open(sdk: Sdk) -> None:
    made = sdk.invoice()
    paid = sdk.payment(made, "360.00")
    [gone] = sdk.delete_payment(paid.payment_id, PaymentDelete(status="DELETED")).payments
    assert gone.status == "DELETED"
    [read] = sdk.get_invoice(made.invoice_id).invoices
    assert (read.status, read.amount_due) == ("AUTHORISED", Decimal(360))


def test_more_than_is_due_is_refused(sdk: Sdk) -> None:
    made = sdk.invoice()
    with pytest.raises(AccountingBadRequestException) as refused:
        sdk.payment(made, "360.01")
    assert "exceeds the amount outstanding" in messages(refused)[0]


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
