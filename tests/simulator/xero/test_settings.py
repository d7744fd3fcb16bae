"""Organisation, accounts, tax rates, currencies, items and the seed (rows 34, 41, 42, 46, 47)."""

from decimal import Decimal
from typing import Any

import pytest

from tests.simulator.xero.client import Api, sale
from xero_bridge.simulator.xero import XeroSimulator

RATE = {"Name": "Workshop tax", "TaxComponents": [{"Name": "Levy", "Rate": "7.5"}]}


def test_the_organisation_tells_its_currency_and_lock_dates(api: Api) -> None:
    (found,) = api.get("Organisation")
    assert (found["Name"], found["BaseCurrency"]) == ("Harbour & Mill Ltd", "GBP")
    assert found["PeriodLockDate"] == "/Date(1735603200000+0000)/"
    actions = {one["Name"]: one["Status"] for one in api.get("Organisation/Actions")}
    assert actions["CreateApprovedInvoice"] == actions["UseMulticurrency"] == "ALLOWED"


def test_an_organisation_without_locks_shows_no_lock_dates(xero: XeroSimulator, api: Api) -> None:
    xero.books().set_organisation(PeriodLockDate=None, EndOfYearLockDate=None)
    assert not {"PeriodLockDate", "EndOfYearLockDate"} & set(api.get("Organisation")[0])


def test_the_seed_holds_the_awkward_records_of_a_real_organisation(
    xero: XeroSimulator, api: Api
) -> None:
    accounts = api.get("Accounts")
    assert any(one["Type"] == "BANK" and "Code" not in one for one in accounts)
    assert any(one["EnablePaymentsToAccount"] and one["Type"] != "BANK" for one in accounts)
    assert any(one["Status"] == "ARCHIVED" for one in accounts)
    assert {"ROUNDING", "DEBTORS", "CREDITORS"} <= {one["SystemAccount"] for one in accounts}
    assert any(one["Status"] == "DELETED" for one in api.get("TaxRates"))
    contacts = api.get("Contacts", page="1", includeArchived="true")
    assert any(one["ContactStatus"] == "ARCHIVED" for one in contacts)
    assert all(one["UpdatedDateUTC"] == "/Date(1268879356000+0000)/" for one in contacts)
    assert {one["Code"] for one in api.get("Currencies")} == {"GBP", "EUR", "USD"}
    assert [one["Name"] for one in xero.organisations] == [
        "Harbour & Mill Ltd",
        "Demo Company (UK)",
    ]


def test_an_account_is_created_changed_archived_and_deleted(api: Api) -> None:
    made = api.save("PUT", "Accounts", {"Code": "411", "Name": "Courses", "Type": "EXPENSE"})
    path = f"Accounts/{made['AccountID']}"
    assert (made["Class"], made["Status"], made["SystemAccount"]) == ("EXPENSE", "ACTIVE", "")
    assert api.save("POST", path, {"Name": "Training"})["Name"] == "Training"
    assert api.save("POST", path, {"Status": "ARCHIVED"})["Status"] == "ARCHIVED"
    assert api.save("DELETE", path, None)["Status"] == "DELETED"
    assert api.call("GET", path).status_code == 404


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"Name": "sales"}, "Please enter a unique Name."),
        ({"Code": "200"}, "Please enter a unique Code."),
        ({"Code": "12345678901"}, "The account code must be 10 characters or less."),
        ({"Type": None}, "Account type must be specified."),
        ({"TaxType": "VAT99"}, "The TaxType code VAT99 does not exist."),
        (
            {"Type": "BANK", "CurrencyCode": "CHF"},
            "The current organisation is not subscribed to currency 'CHF'.",
        ),
    ],
)
def test_a_wrong_account_is_refused_with_its_message(
    api: Api, fields: dict[str, Any], message: str
) -> None:
    body = {"Code": "411", "Name": "Courses", "Type": "EXPENSE", **fields}
    assert api.refused("PUT", "Accounts", body) == [message]


def test_system_and_used_accounts_stay(xero: XeroSimulator, api: Api) -> None:
    api.invoice()
    for code in ("610", "200"):
        (account,) = xero.books().accounts.find("code", code)
        answer = api.call("DELETE", f"Accounts/{account['AccountID']}")
        assert answer.json()["ErrorNumber"] == 10
    (debtors,) = xero.books().accounts.find("code", "610")
    path = f"Accounts/{debtors['AccountID']}"
    assert api.refused("POST", path, {"Status": "ARCHIVED"}) == [
        "System accounts can not be archived."
    ]


def test_an_invoice_shows_the_new_code_of_a_renumbered_account(api: Api) -> None:
    invoice = api.invoice()
    api.get(f"Invoices/{invoice['InvoiceID']}")
    account = invoice["LineItems"][0]["AccountID"]
    api.save("POST", f"Accounts/{account}", {"Code": "2000"})
    (after,) = api.get(f"Invoices/{invoice['InvoiceID']}")
    assert after["LineItems"][0]["AccountCode"] == "2000"


def test_a_custom_tax_rate_gets_the_next_code_and_its_effective_rate(api: Api) -> None:
    components = [{"Name": "A", "Rate": 10}, {"Name": "B", "Rate": 5, "IsCompound": True}]
    body = {"Name": "Stacked", "ReportTaxType": "OUTPUT", "TaxComponents": components}
    made = api.save("PUT", "TaxRates", body)
    assert made["TaxType"] == "TAX002"
    assert made["EffectiveRate"] == Decimal("15.5")
    assert (made["CanApplyToRevenue"], made["CanApplyToExpenses"]) == (True, False)


def test_a_tax_rate_needs_its_report_type_here(xero: XeroSimulator, api: Api) -> None:
    assert api.refused("PUT", "TaxRates", RATE) == ["ReportTaxType must be specified."]
    body = {**RATE, "ReportTaxType": "BASEXCLUDED"}
    assert "BASEXCLUDED" in api.refused("PUT", "TaxRates", body)[0]


def test_one_tax_rate_per_request_is_looked_at(api: Api) -> None:
    rates = [{**RATE, "Name": name, "ReportTaxType": "OUTPUT"} for name in ("One", "Two")]
    answer = api.call("PUT", "TaxRates", {"TaxRates": rates})
    assert [one["Name"] for one in answer.json()["TaxRates"]] == ["One"]


def test_a_custom_tax_rate_is_deleted_by_a_post_and_stays_in_the_list(api: Api) -> None:
    body = {**RATE, "ReportTaxType": "OUTPUT"}
    api.save("PUT", "TaxRates", body)
    deleted = api.save("POST", "TaxRates", {**body, "Status": "DELETED"})
    assert deleted["TaxType"] == "TAX002"
    listed = {one["TaxType"]: one["Status"] for one in api.get("TaxRates")}
    assert listed["TAX002"] == "DELETED"


@pytest.mark.parametrize(
    ("method", "body", "words"),
    [
        ("POST", {**RATE, "TaxType": "OUTPUT2"}, "System tax rates cannot be updated."),
        ("PUT", {**RATE, "TaxType": "MINE"}, "TaxType cannot be chosen"),
        ("PUT", {**RATE, "Name": "20% (VAT on Income)"}, "already exists"),
        ("PUT", {"Name": "Bare", "ReportTaxType": "OUTPUT"}, "At least one tax component"),
        ("POST", {**RATE, "TaxType": "TAX001"}, "cannot be renamed or removed"),
    ],
)
def test_a_wrong_tax_rate_is_refused(
    api: Api, method: str, body: dict[str, Any], words: str
) -> None:
    assert words in api.refused(method, "TaxRates", {"ReportTaxType": "OUTPUT", **body})[0]


def test_a_currency_is_added_once_and_opens_its_documents(api: Api) -> None:
    body = sale(CurrencyCode="AUD")
    assert api.refused("PUT", "Invoices", body) == [
        "Organisation is not subscribed to currency AUD"
    ]
    api.save("PUT", "Currencies", {"Code": "AUD", "Description": "Australian Dollar"})
    assert api.save("PUT", "Invoices", body)["CurrencyCode"] == "AUD"
    assert len(api.refused("PUT", "Currencies", {"Code": "AUD"})) == 1
    assert len(api.refused("PUT", "Currencies", {"Code": "POUND"})) == 1


def test_an_item_is_created_read_by_code_changed_and_deleted(api: Api) -> None:
    details = {"UnitPrice": "95.1255", "AccountCode": "200", "TaxType": "OUTPUT2"}
    body = {"Code": "PX-77", "Name": "Site visit", "SalesDetails": details}
    made = api.save("PUT", "Items", body, params={"unitdp": "4"})
    assert made["SalesDetails"]["UnitPrice"] == Decimal("95.1255")
    assert made["IsTrackedAsInventory"] is False
    assert api.get("Items/px-77")[0]["SalesDetails"]["UnitPrice"] == Decimal("95.13")
    assert api.save("POST", "Items", {"Code": "PX-77", "Name": "Visit"})["ItemID"] == made["ItemID"]
    gone = api.call("DELETE", f"Items/{made['ItemID']}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert api.call("GET", "Items/PX-77").status_code == 404


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"Code": "CONS-HR"}, "Price List Item with Code 'CONS-HR' already exists"),
        ({"Code": "x" * 31}, "Code must be 30 characters or less."),
        ({"Name": "x" * 51}, "Name must be 50 characters or less."),
        ({"Code": ""}, "Price List Item Code must be specified."),
        (
            {"SalesDetails": {"AccountCode": "999"}},
            "Account code '999' is not a valid code for this document.",
        ),
    ],
)
def test_a_wrong_item_is_refused_with_its_message(
    api: Api, fields: dict[str, Any], message: str
) -> None:
    body = {"Code": "PX-1", "Name": "Thing", **fields}
    assert api.refused("PUT", "Items", body) == [message]


def test_an_item_that_is_not_sold_has_no_sales_side(api: Api) -> None:
    body = {"Code": "PX-2", "IsSold": False, "SalesDetails": {"UnitPrice": 5}}
    assert api.save("PUT", "Items", body)["SalesDetails"] == {}
