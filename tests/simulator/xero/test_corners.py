"""Calls that are rarely made, and inputs that are nearly right."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import requests

from tests.simulator.xero.client import Api, receipt, sale
from xero_bridge.simulator.common import Server, SimClock
from xero_bridge.simulator.xero import XeroSettings, XeroSimulator, create_xero

UNKNOWN = "11111111-2222-4333-8444-555555555555"
CLIENT = ("SIMULATED-CLIENT-ID", "simulated-client-secret")
REFRESH = {"grant_type": "refresh_token"}


def test_a_bill_is_paid_like_a_sale(api: Api) -> None:
    bill = sale(Type="ACCPAY", InvoiceNumber="B-7")
    bill["LineItems"][0]["AccountCode"] = "429"
    made = api.save("PUT", "Invoices", bill)
    payment = api.pay(made, "120.00")
    assert payment["PaymentType"] == "ACCPAYPAYMENT"
    assert payment["Invoice"]["Status"] == "PAID"


def test_a_payment_may_name_its_invoice_by_number(api: Api) -> None:
    invoice = api.invoice(InvoiceNumber="S-9")
    body = receipt(invoice, "10.00")
    del body["Invoice"]
    paid = api.save("PUT", "Payments", {**body, "InvoiceNumber": "S-9"})
    assert paid["Invoice"]["InvoiceID"] == invoice["InvoiceID"]
    again = api.save("PUT", "Payments", {**body, "Invoice": {"InvoiceNumber": "S-9"}})
    assert again["Invoice"]["AmountDue"] == 100


def test_payments_of_other_documents_wait_for_those_documents(api: Api) -> None:
    body = {**receipt({"InvoiceID": UNKNOWN}, "10.00"), "CreditNote": {"CreditNoteID": UNKNOWN}}
    del body["Invoice"]
    assert api.refused("PUT", "Payments", body) == [
        "An existing Credit Note with the specified CreditNoteID could not be found"
    ]
    assert api.call("POST", f"Payments/{UNKNOWN}", {"Status": "DELETED"}).status_code == 404


@pytest.mark.parametrize(
    "figure", ["1e15", "1e400", "NaN", "Infinity", "1,5", True, {"a": 1}, "9" * 40]
)
def test_a_figure_beyond_reason_is_error_14(api: Api, figure: object) -> None:
    line = {"Description": "x", "Quantity": figure, "UnitAmount": 1, "AccountCode": "200"}
    answer = api.call("PUT", "Invoices", sale(line))
    assert answer.status_code == 400
    assert answer.json()["ErrorNumber"] == 14


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Date", "/Date(99999999999999999999)/"),
        ("Date", "2026-02-30"),
        ("Date", 20260803),
        ("SentToContact", "perhaps"),
        ("Reference", ["a"]),
        ("Contact", "Bayside"),
        ("BrandingThemeID", "standard"),
    ],
)
def test_a_field_of_the_wrong_type_is_error_14(api: Api, field: str, value: object) -> None:
    assert api.call("PUT", "Invoices", sale(**{field: value})).json()["ErrorNumber"] == 14


@pytest.mark.beyond_description
def test_texts_may_come_as_numbers_and_flags_as_words(api: Api) -> None:
    invoice = api.invoice(Reference=8812, SentToContact="true")
    assert (invoice["Reference"], invoice["SentToContact"]) == ("8812", True)


def test_a_list_of_something_else_is_error_14(api: Api) -> None:
    assert api.call("PUT", "Invoices", {"Invoices": ["x"]}).json()["ErrorNumber"] == 14


def test_too_large_a_body_is_turned_away(api: Api) -> None:
    body = sale(Reference="x" * 3_500_001)
    assert api.call("PUT", "Invoices", body).status_code == 413


def test_an_echo_keeps_the_type_of_every_figure(api: Api) -> None:
    line = {"Description": "x", "Quantity": "2", "UnitAmount": "1.50", "AccountCode": "999"}
    answer = api.call("PUT", "Invoices", sale(line, Reference=None))
    (failed,) = answer.json()["Elements"]
    assert (failed["LineItems"][0]["Quantity"], failed["LineItems"][0]["UnitAmount"]) == (2, 1.5)
    assert "Reference" not in failed


@pytest.mark.beyond_description
def test_defaults_and_terms_of_a_contact_are_kept(api: Api) -> None:
    contact = api.contact(
        SalesDefaultLineAmountType="INCLUSIVE",
        DefaultCurrency="eur",
        PaymentTerms={"Sales": {"Day": 14, "Type": "DAYSAFTERBILLDATE"}},
    )
    (found,) = api.get("Contacts", IDs=contact["ContactID"], page="1")
    assert found["SalesDefaultLineAmountType"] == "INCLUSIVE"
    assert found["DefaultCurrency"] == "EUR"
    assert found["PaymentTerms"] == {"Sales": {"Day": 14, "Type": "DAYSAFTERBILLDATE"}}


def test_a_post_for_an_unknown_contact_id_is_refused(api: Api) -> None:
    body = {"ContactID": UNKNOWN, "Name": "Nobody"}
    assert api.refused("POST", "Contacts", body) == [
        "The contact with the specified ContactID could not be found."
    ]
    assert api.call("POST", f"Contacts/{UNKNOWN}", {"Name": "x"}).status_code == 404


def test_a_country_is_letters_only(api: Api) -> None:
    address = {"AddressType": "POBOX", "Country": "GB1"}
    body = {"Name": "Far Ltd", "Addresses": [address]}
    assert api.refused("PUT", "Contacts", body) == ["Country must contain letters only."]


def test_a_bank_account_is_opened_in_its_currency(api: Api) -> None:
    body = {"Name": "Dollars", "Type": "BANK", "CurrencyCode": "USD", "Code": "095"}
    made = api.save("PUT", "Accounts", body)
    assert (made["CurrencyCode"], made["BankAccountType"]) == ("USD", "BANK")
    described = {**body, "Name": "More", "Code": "096", "Description": "For trips"}
    assert api.refused("PUT", "Accounts", described) == [
        "Description cannot be specified for bank accounts."
    ]
    nameless = {"Name": "Uncoded", "Type": "EXPENSE"}
    assert api.refused("PUT", "Accounts", nameless) == ["Account code must be specified."]
    for method in ("POST", "DELETE"):
        assert api.call(method, f"Accounts/{UNKNOWN}", {"Name": "x"}).status_code == 404


def test_an_item_has_a_purchase_side_and_is_changed_by_its_id(api: Api) -> None:
    purchase = {"UnitPrice": 4, "AccountCode": "310", "TaxType": "INPUT2"}
    made = api.save("PUT", "Items", {"Code": "P-1", "PurchaseDetails": purchase})
    assert made["PurchaseDetails"]["UnitPrice"] == 4
    path = f"Items/{made['ItemID']}"
    renamed = api.save("POST", path, {"Code": "P-2", "PurchaseDescription": "Bought"})
    assert (renamed["Code"], renamed["PurchaseDetails"]) == ("P-2", made["PurchaseDetails"])
    assert api.refused("POST", path, {"Code": "OAK-BRD"}) == [
        "Price List Item with Code 'OAK-BRD' already exists"
    ]
    assert api.refused("POST", "Items", {"ItemID": UNKNOWN, "Code": "P-9"}) == [
        "The item with the specified ItemID could not be found."
    ]
    body = {"Code": "P-3", "SalesDetails": {"TaxType": "VAT99"}}
    (message,) = api.refused("PUT", "Items", body)
    assert message.startswith("The TaxType code VAT99 does not exist")
    line = {"ItemCode": "P-2", "Quantity": 1}
    bill = api.save("PUT", "Invoices", sale(line, Type="ACCPAY"))
    assert (bill["LineItems"][0]["Description"], bill["Total"]) == ("Bought", Decimal("4.8"))


def test_a_tracked_item_says_so(api: Api) -> None:
    body = {"Code": "T-1", "InventoryAssetAccountCode": "630"}
    made = api.save("PUT", "Items", body)
    assert (made["IsTrackedAsInventory"], made["QuantityOnHand"]) == (True, 0)


def test_an_organisation_abroad_needs_no_report_type(api: Api, xero: XeroSimulator) -> None:
    tenant = xero.add_organisation("Anywhere", version="GLOBAL", base_currency="USD")
    with Api.connected(xero, api.url, tenant=tenant) as abroad:
        body = {"Name": "Sales tax", "TaxComponents": [{"Name": "State", "Rate": 8.25}]}
        made = abroad.save("PUT", "TaxRates", body)
        assert (made["TaxType"], made["EffectiveRate"]) == ("TAX001", Decimal("8.25"))
        nameless = {"TaxComponents": [{"Name": "State", "Rate": 1}]}
        assert len(abroad.refused("PUT", "TaxRates", nameless)) == 1


def test_a_removed_organisation_is_gone_for_good(api: Api, xero: XeroSimulator) -> None:
    xero.remove_organisation(api.tenant)
    assert [one["Name"] for one in xero.organisations] == ["Demo Company (UK)"]
    assert api.call("GET", "Invoices").status_code == 403


@pytest.mark.parametrize(
    ("kind", "status"), [("500-before", 500), ("500-after", 500), ("html", 503)]
)
def test_the_token_endpoint_can_fail_and_the_old_token_still_refreshes(
    server: Server, xero: XeroSimulator, kind: str, status: int
) -> None:
    form = {**REFRESH, "refresh_token": xero.issue_token()["refresh_token"]}
    address = f"{server.url}/connect/token"
    xero.faults.add(kind, path="/connect/token")
    failed = requests.post(address, data=form, auth=CLIENT, timeout=5)
    assert failed.status_code == status
    assert "html" in failed.headers["Content-Type"]
    assert requests.post(address, data=form, auth=CLIENT, timeout=5).status_code == 200


def test_a_lost_token_answer_is_survived_within_the_grace_time(
    server: Server, xero: XeroSimulator
) -> None:
    form = {**REFRESH, "refresh_token": xero.issue_token()["refresh_token"]}
    address = f"{server.url}/connect/token"
    xero.faults.add("drop-after", path="/connect/token")
    with pytest.raises(requests.ConnectionError):
        requests.post(address, data=form, auth=CLIENT, timeout=5)
    assert requests.post(address, data=form, auth=CLIENT, timeout=5).status_code == 200


def test_a_malformed_basic_header_and_a_get_are_no_token_requests(server: Server) -> None:
    address = f"{server.url}/connect/token"
    assert requests.get(address, timeout=5).status_code == 405
    for header in ("Basic ***", "Bearer x"):
        answer = requests.post(address, data=REFRESH, headers={"Authorization": header}, timeout=5)
        assert answer.json() == {"error": "invalid_request"}
    wrong = ("nobody", "x")
    revoked = requests.post(f"{server.url}/connect/revocation", auth=wrong, timeout=5)
    assert revoked.json() == {"error": "invalid_client"}
    unknown = requests.post(
        f"{server.url}/connect/revocation", data={"token": "x"}, auth=CLIENT, timeout=5
    )
    assert (unknown.status_code, unknown.content) == (200, b"")
    keys = requests.get(f"{server.url}/.well-known/openid-configuration/jwks", timeout=5)
    assert keys.json() == {"keys": []}


def test_allowing_without_a_choice_shows_the_page_again(server: Server) -> None:
    form = {
        "response_type": "code",
        "client_id": CLIENT[0],
        "redirect_uri": "https://app.example/callback",
        "scope": "openid",
        "state": "s",
        "decision": "allow",
    }
    address = f"{server.url}/identity/connect/authorize"
    answer = requests.post(address, data=form, timeout=5)
    assert answer.status_code == 200
    assert "Choose an organisation first." in answer.text


def test_a_programmed_consent_hears_the_reason_of_a_refusal(xero: XeroSimulator) -> None:
    with pytest.raises(ValueError, match="unauthorized_client"):
        xero.approve("http://localhost/identity/connect/authorize?client_id=nobody")


@pytest.mark.parametrize(
    "where",
    [
        "InvoiceID==guid(1)",
        "InvoiceID==guid(InvoiceID)",
        'Date>DateTime.Parse("soon")',
        "Total==1 || ",
        "AND",
    ],
)
def test_a_half_written_where_is_error_16(api: Api, where: str) -> None:
    answer = api.call("GET", "Invoices", params={"where": where})
    assert answer.json()["ErrorNumber"] == 16


def test_the_clock_is_stopped_and_set_free_over_http(server: Server, clock: SimClock) -> None:
    address = f"{server.url}/_control/clock"
    fixed = requests.post(address, json={"now": "2030-01-01T00:00:00+00:00"}, timeout=5)
    assert fixed.json() == {"now": "2030-01-01T00:00:00+00:00"}
    assert clock.now().year == 2030
    requests.delete(address, timeout=5)
    first = clock.now()
    assert clock.now() >= first
    assert first.year != 2030
    unknown = requests.get(f"{server.url}/_control/colour", timeout=5)
    assert unknown.status_code == 404
    assert "clock" in unknown.json()["switches"]
    listed = requests.post(address, data="[1]", timeout=5)
    assert (listed.status_code, listed.json()) == (
        400,
        {"error": "The body must be a JSON object."},
    )


def test_records_organisations_and_resets_are_reached_over_http(server: Server) -> None:
    control = f"{server.url}/_control"
    known = requests.get(f"{control}/organisations", timeout=5).json()
    tenant = next(iter(known))
    records = requests.get(f"{control}/records", timeout=5).json()
    assert {one["InvoiceNumber"] for one in records["invoices"]} == {"ORC-0988", "WPL-7731"}
    new = requests.post(f"{control}/reset", json={"tenant": tenant}, timeout=5).json()["tenant"]
    assert new not in known
    requests.delete(f"{control}/calls", timeout=5)
    assert requests.get(f"{control}/calls", timeout=5).json() == {"counts": {}, "calls": []}


def test_a_head_request_has_no_body_and_a_broken_app_answers_500(api: Api) -> None:
    answer = requests.head(f"{api.url}/", timeout=5)
    assert (answer.status_code, answer.content) == (200, b"")

    def broken(environ: Any, start_response: Any) -> Any:
        raise RuntimeError("on purpose")

    with Server(broken) as server:
        failed = requests.get(server.url, timeout=5)
    assert failed.status_code == 500
    assert failed.text == "Internal error of the simulator; its log has the details."


def test_a_page_says_what_cannot_be_read(api: Api) -> None:
    invoice = api.invoice()
    path = f"{api.url}/o/harbour-mill-ltd/invoices/{invoice['InvoiceID']}"
    answer = requests.post(f"{path}/pay", data={"Amount": "ten"}, timeout=5)
    assert answer.status_code == 400
    assert "Error converting value" in answer.text


def test_an_unregistered_redirect_is_refused_when_the_app_names_its_own() -> None:
    app = replace(XeroSettings().apps[0], redirect_uris=("https://app.example/callback",))
    xero = create_xero(settings=XeroSettings(apps=(app,)))
    asked = {"client_id": app.client_id, "redirect_uri": "https://app.example/callback/"}
    assert "redirect_uri" in (xero.identity.refused_request(asked) or "")
