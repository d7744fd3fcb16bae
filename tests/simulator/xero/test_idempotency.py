"""Idempotency keys (checklist row 21)."""

import pytest
import requests

from tests.simulator.xero.client import Api, sale
from xero_bridge.simulator.common import SimClock
from xero_bridge.simulator.xero import XeroSimulator

KEY = {"Idempotency-Key": "k-1"}


def test_the_same_request_with_its_key_gets_the_first_answer_and_writes_once(
    xero: XeroSimulator, api: Api
) -> None:
    body = sale(InvoiceNumber="ONCE-1")
    first = api.call("PUT", "Invoices", body, headers=KEY)
    again = api.call("PUT", "Invoices", body, headers=KEY)
    assert again.text == first.text
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    found = [one for one in xero.books().invoices.values() if one["InvoiceNumber"] == "ONCE-1"]
    assert len(found) == 1
    day_left = [int(a.headers["X-DayLimit-Remaining"]) for a in (first, again)]
    assert day_left[0] - day_left[1] == 1


def test_errors_are_replayed_even_after_their_cause_is_gone(api: Api) -> None:
    body = sale(Contact={"Name": "Soon There"}, CurrencyCode="AUD")
    first = api.call("PUT", "Invoices", body, headers=KEY)
    assert first.status_code == 400
    api.save("PUT", "Currencies", {"Code": "AUD", "Description": "Australian Dollar"})
    assert api.call("PUT", "Invoices", body, headers=KEY).text == first.text
    assert api.call("PUT", "Invoices", body, headers={"Idempotency-Key": "k-2"}).status_code == 200


def test_a_key_with_a_different_body_or_address_is_refused(api: Api) -> None:
    api.call("PUT", "Contacts", {"Name": "First"}, headers=KEY)
    for method, path, body in (
        ("PUT", "Contacts", {"Name": "Second"}),
        ("PUT", "Contacts?summarizeErrors=false", {"Name": "First"}),
        ("POST", "Contacts", {"Name": "First"}),
    ):
        answer = api.call(method, path, body, headers=KEY)
        assert answer.status_code == 400
        assert answer.json() == {
            "ErrorNumber": 10,
            "Type": "ValidationException",
            "Message": "Idempotency Key: k-1 is used with a different request.",
        }


def test_after_six_minutes_a_key_is_forgotten_and_would_make_a_duplicate(
    xero: XeroSimulator, api: Api, clock: SimClock
) -> None:
    body = sale(Type="ACCPAY", InvoiceNumber="TWICE")
    api.call("PUT", "Invoices", body, headers=KEY)
    clock.move(minutes=6)
    api.call("PUT", "Invoices", body, headers=KEY)
    assert len(xero.books().invoices.find("number", "twice")) == 1
    clock.move(seconds=1)
    api.call("PUT", "Invoices", body, headers=KEY)
    assert len(xero.books().invoices.find("number", "twice")) == 2


def test_a_key_longer_than_128_characters_is_refused(api: Api) -> None:
    body = {"Name": "Long Key"}
    answer = api.call("PUT", "Contacts", body, headers={"Idempotency-Key": "k" * 129})
    assert answer.status_code == 400
    assert api.call("PUT", "Contacts", body, headers={"Idempotency-Key": "k" * 128}).ok


def test_a_key_means_nothing_to_a_read(api: Api) -> None:
    before = api.call("GET", "Currencies", headers=KEY).json()["Currencies"]
    api.save("PUT", "Currencies", {"Code": "AUD"})
    assert api.call("GET", "Currencies", headers=KEY).json()["Currencies"] != before


def test_a_dropped_answer_is_replayed_under_its_key(api: Api, xero: XeroSimulator) -> None:
    body = sale(InvoiceNumber="LOST-1")
    xero.faults.add("drop-after", method="PUT")
    with pytest.raises(requests.ConnectionError):
        api.call("PUT", "Invoices", body, headers=KEY)
    answer = api.call("PUT", "Invoices", body, headers=KEY)
    assert answer.status_code == 200
    assert answer.json()["Invoices"][0]["InvoiceNumber"] == "LOST-1"
