"""The order of checks and the bodies of failures (checklist rows 9, 10, 15 to 18 and 20, 46)."""

import json
import re
from http.client import HTTPConnection

import pytest

from tests.simulator.xero.client import Api, sale
from xero_bridge.simulator.common import Server, SimClock
from xero_bridge.simulator.xero import XeroSimulator

ZERO = "00000000-0000-0000-0000-000000000000"
UNKNOWN = "11111111-2222-4333-8444-555555555555"


def test_an_expired_token_is_told_apart_from_a_broken_one(api: Api, clock: SimClock) -> None:
    clock.move(minutes=30)
    expired = api.call("GET", "Organisation")
    assert expired.status_code == 401
    assert expired.json()["Detail"] == "TokenExpired: token expired at 08/03/2026 10:00:15"
    api.session.headers["Authorization"] = "Bearer rubbish"
    broken = api.call("GET", "Organisation")
    assert broken.status_code == 401
    assert broken.json()["Detail"] == "AuthenticationUnsuccessful"
    assert set(broken.json()) == {"Type", "Title", "Status", "Detail", "Instance", "Extensions"}


def test_a_token_with_a_forged_scope_is_refused(xero: XeroSimulator, api: Api) -> None:
    token = xero.issue_token(scopes=("accounting.contacts",))["access_token"]
    head, _, signature = token.split(".")
    forged = f"{head}.eyJzY29wZSI6WyJhY2NvdW50aW5nLnNldHRpbmdzIl19.{signature}"
    api.session.headers["Authorization"] = f"Bearer {forged}"
    assert api.call("GET", "Organisation").status_code == 401


@pytest.mark.parametrize(
    ("scope", "method", "path", "allowed"),
    [
        ("accounting.contacts", "GET", "Organisation", False),
        ("accounting.settings.read", "GET", "Organisation", True),
        ("accounting.settings.read", "GET", "Items", True),
        ("accounting.settings.read", "PUT", "Items", False),
        ("accounting.invoices", "PUT", "Items", False),
        ("accounting.invoices.read", "GET", "Invoices", True),
        ("accounting.invoices.read", "PUT", "Invoices", False),
        ("accounting.invoices", "GET", "Payments", False),
        ("accounting.payments.read", "GET", "Payments", True),
        ("accounting.contacts.read", "PUT", "Contacts", False),
    ],
)
def test_a_missing_scope_is_a_401_that_names_it(
    xero: XeroSimulator, api: Api, scope: str, method: str, path: str, allowed: bool
) -> None:
    token = xero.issue_token(scopes=(scope,))["access_token"]
    api.session.headers["Authorization"] = f"Bearer {token}"
    answer = api.call(method, path, None if method == "GET" else {"x": 1})
    if allowed:
        assert answer.status_code == 200
        return
    assert answer.status_code == 401
    assert answer.json()["Detail"] == "AuthorizationUnsuccessful"
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope"'


def test_token_comes_before_tenant_and_tenant_before_scope(xero: XeroSimulator, api: Api) -> None:
    token = xero.issue_token(scopes=("accounting.contacts",))["access_token"]
    api.session.headers.update({"Authorization": "Bearer x", "xero-tenant-id": "x"})
    assert api.call("GET", "Organisation").status_code == 401
    api.session.headers["Authorization"] = f"Bearer {token}"
    assert api.call("GET", "Organisation").status_code == 403
    api.session.headers["xero-tenant-id"] = api.tenant
    assert api.call("GET", "Organisation").status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        f"Invoices/{UNKNOWN}",
        "Invoices/NO-SUCH-NUMBER",
        f"Contacts/{UNKNOWN}",
        f"Payments/{UNKNOWN}",
        f"Accounts/{UNKNOWN}",
        "Items/NOTHING",
        "TaxRates/NOTHING",
        "NoSuchEndpoint",
    ],
)
def test_what_does_not_exist_is_an_html_404_without_body(api: Api, path: str) -> None:
    answer = api.call("GET", path)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.content == b""


def test_a_known_address_with_another_method_is_not_implemented(api: Api) -> None:
    assert api.call("DELETE", "Invoices").status_code == 501
    assert api.call("PUT", "Organisation", {"Name": "x"}).status_code == 501


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('{"Invoices": [', "Unexpected"),
        (
            {"Type": "ACCREC", "LineAmountTypes": "NO_TAX"},
            (
                "Error converting value \"NO_TAX\" to type 'LineAmountType'. "
                "Path 'Invoices[0].LineAmountTypes'."
            ),
        ),
        ({"Type": "ACCREC", "Date": "03.08.2026"}, "System.DateTime"),
        ({"Type": "INVOICE"}, "InvoiceType"),
        ({"Type": "ACCREC", "LineItems": [{"Quantity": "two"}]}, "LineItems[0].Quantity"),
        ({"InvoiceID": "231", "Type": "ACCREC"}, "System.Guid"),
        ({"Type": "ACCREC", "LineItems": {"Quantity": 2}}, "LineItems"),
    ],
)
def test_a_body_that_cannot_be_read_is_error_14(api: Api, body: object, message: str) -> None:
    answer = api.call("POST", "Invoices", body)
    assert answer.status_code == 400
    content = answer.json()
    assert (content["ErrorNumber"], content["Type"]) == (14, "PostDataInvalidException")
    assert message in content["Message"]


def test_an_unreadable_element_leaves_its_batch_without_trace(api: Api) -> None:
    bad = {"Type": "ACCREC", "Date": "yesterday"}
    batch = {"Invoices": [sale(InvoiceNumber="GOOD-1"), bad]}
    answer = api.call("PUT", "Invoices", batch, params={"summarizeErrors": "false"})
    assert answer.json()["ErrorNumber"] == 14
    assert api.call("GET", "Invoices/GOOD-1").status_code == 404


@pytest.mark.parametrize("body", ["{}", '{"Invoices": []}', "[]"])
def test_a_body_without_elements_is_error_17(api: Api, body: str) -> None:
    content = api.call("PUT", "Invoices", body).json()
    assert (content["ErrorNumber"], content["Type"]) == (17, "NoDataProcessedException")


def test_a_refused_batch_shows_its_failing_elements_and_saves_nothing(api: Api) -> None:
    good = sale(InvoiceNumber="GOOD-1")
    bad = sale({"Description": "x", "Quantity": "-1", "UnitAmount": "5.00", "AccountCode": "200"})
    answer = api.call("PUT", "Invoices", {"Invoices": [good, bad]})
    assert answer.status_code == 400
    content = answer.json()
    (failed,) = content["Elements"]
    assert failed["InvoiceID"] == ZERO
    assert failed["HasErrors"] is True
    assert failed["Contact"]["ValidationErrors"] == []
    assert failed["LineItems"][0]["Quantity"] == -1
    assert failed["LineItems"][0]["ValidationErrors"] == []
    assert failed["Date"] == "/Date(1785715200000+0000)/"
    assert failed["ValidationErrors"] == [
        {"Message": "The quantity value '-1.0000' is invalid. Quantity must not be less than zero."}
    ]
    assert api.call("GET", "Invoices/GOOD-1").status_code == 404


def test_results_per_element_come_in_order_and_save_the_good_ones(api: Api) -> None:
    batch = {"Invoices": [sale(InvoiceNumber="A"), {"Type": "ACCREC"}, sale(InvoiceNumber="B")]}
    answer = api.call("PUT", "Invoices", batch, params={"SummarizeErrors": "False"})
    assert answer.status_code == 200
    first, failed, last = answer.json()["Invoices"]
    assert [first["StatusAttributeString"], last["StatusAttributeString"]] == ["OK", "OK"]
    assert [first["InvoiceNumber"], last["InvoiceNumber"]] == ["A", "B"]
    assert failed["StatusAttributeString"] == "ERROR"
    assert failed["HasErrors"] is True
    assert failed["InvoiceID"] == ZERO
    assert {error["Message"] for error in failed["ValidationErrors"]} == {
        "A Contact must be specified for this type of transaction",
        "One or more line items must be specified",
    }


def test_a_failed_update_carries_the_existing_id(api: Api) -> None:
    invoice = api.invoice()
    body = {"Invoices": [{"InvoiceID": invoice["InvoiceID"], "Status": "DRAFT"}]}
    answer = api.call("POST", "Invoices", body, params={"summarizeErrors": "false"})
    (failed,) = answer.json()["Invoices"]
    assert failed["InvoiceID"] == invoice["InvoiceID"]


def test_without_the_parameter_a_success_has_no_status_attribute(api: Api) -> None:
    assert "StatusAttributeString" not in api.invoice()


@pytest.mark.beyond_description
def test_a_write_answers_200_in_an_envelope_with_a_bare_stamp(api: Api) -> None:
    answer = api.call("PUT", "Contacts", {"contacts": [{"Name": "Lower Case Envelope"}]})
    content = answer.json()
    assert set(content) == {"Id", "Status", "ProviderName", "DateTimeUTC", "Contacts"}
    assert (content["Status"], content["ProviderName"]) == ("OK", "Xero Bridge")
    assert re.fullmatch(r"/Date\(1785749415250\)/", content["DateTimeUTC"])


def test_without_json_in_accept_the_answer_is_xml(api: Api) -> None:
    api.session.headers["Accept"] = "*/*"
    answer = api.call("GET", "Organisation")
    assert answer.headers["Content-Type"].startswith("text/xml")
    assert answer.text.startswith("<?xml")


def test_dates_come_as_ms_and_as_text_twins(api: Api) -> None:
    invoice = api.invoice()
    assert invoice["Date"] == "/Date(1785715200000+0000)/"
    assert invoice["DateString"] == "2026-08-03T00:00:00"
    assert invoice["DueDateString"] == "2026-08-17T00:00:00"
    assert invoice["UpdatedDateUTC"] == "/Date(1785749415250+0000)/"
    assert invoice["UpdatedDateUTCString"] == "2026-08-03T09:30:15Z"
    (item,) = api.get("Items/CONS-HR")
    assert re.fullmatch(r"/Date\(\d+\)/", item["UpdatedDateUTC"])
    (organisation,) = api.get("Organisation")
    assert re.fullmatch(r"/Date\(\d+\)/", organisation["CreatedDateUTC"])


@pytest.mark.parametrize("written", ["/Date(1785715200000+0000)/", "2026-08-03T14:00:00Z"])
def test_dates_are_taken_in_every_form(api: Api, written: str) -> None:
    assert api.invoice(Date=written)["DateString"] == "2026-08-03T00:00:00"


def test_money_is_written_as_plain_json_numbers(api: Api) -> None:
    invoice = api.invoice()
    answer = api.call("GET", f"Invoices/{invoice['InvoiceID']}").text
    assert '"SubTotal":100.0,"TotalTax":20.0,"Total":120.0' in answer
    assert json.loads(answer)["Invoices"][0]["LineItems"][0]["Quantity"] == 1.0


def test_a_connection_serves_many_calls_whatever_they_send(server: Server) -> None:
    connection = HTTPConnection("localhost", server.port, timeout=5)
    sockets = set()
    for method, path in (("PUT", "Invoices"), ("GET", "Organisation"), ("GET", "Nothing")):
        connection.request(method, f"/api.xro/2.0/{path}", body="{}")
        assert connection.getresponse().read()
        sockets.add(connection.sock)
    connection.close()
    assert len(sockets) == 1
    assert None not in sockets
