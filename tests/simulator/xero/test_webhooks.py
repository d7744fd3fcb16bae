"""Webhooks: the test before the first delivery, signatures, retries (checklist row 45)."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from werkzeug.wrappers import Request, Response

from tests.simulator.xero.client import Api
from tests.simulator.xero.documents import made
from xero_bridge.simulator.common import Server, SimClock
from xero_bridge.simulator.xero import XeroSimulator
from xero_bridge.simulator.xero.webhook import sign

KEY = b"demo-webhook-key"


class App:
    """An app that receives: it checks signatures, and answers as a test wishes."""

    def __init__(self) -> None:
        self.received: list[Any] = []
        self.status = 200
        self.text = ""
        self.cookie = False
        self.checks = True

    def __call__(self, environ: Any, start_response: Any) -> Any:
        return self._answer(Request(environ))(environ, start_response)

    def _answer(self, request: Request) -> Response:
        body = request.get_data()
        expected = base64.b64encode(hmac.digest(KEY, body, hashlib.sha256)).decode()
        if self.checks and request.headers["x-xero-signature"] != expected:
            return Response(status=401)
        self.received.append(json.loads(body))
        response = Response(self.text, self.status)
        if self.cookie:
            response.set_cookie("session", "1")
        return response

    @property
    def events(self) -> list[Any]:
        return [event for body in self.received for event in body["events"]]


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def address(app: App) -> Iterator[str]:
    with Server(app) as server:
        yield f"{server.url}/webhooks/xero"


def test_the_signature_is_that_of_the_documented_example() -> None:
    body = (
        b'{"events":[],"firstEventSequence":0,"lastEventSequence":0,'
        b'"entropy":"ABCDEFGHIJKLMNOPQRST"}'
    )
    assert sign(body, "demo-webhook-key") == "abfhA/Lm7Fn3cX0UzF7hCPz/2xCmwlc1nJ8FUSUm5Bg="


def test_the_first_test_sends_well_and_badly_signed_calls_without_events(
    xero: XeroSimulator, app: App, address: str
) -> None:
    assert xero.webhooks.subscribe(address) == []
    assert xero.webhooks.state == "ok"
    assert [body["events"] for body in app.received] == [[], []]
    assert all(len(body["entropy"]) == 20 for body in app.received)
    assert xero.webhooks.deliver() is None


@pytest.mark.parametrize(
    ("habit", "problem"),
    [
        ({"checks": False}, "A badly signed call was answered 200, not 401."),
        ({"text": "ok"}, "The answer has a body."),
        ({"cookie": True}, "The answer sets a cookie."),
        ({"status": 401}, "A well signed call was answered 401, not 200."),
        ({"status": 500}, "The answer was 500."),
    ],
)
def test_an_app_that_answers_otherwise_may_not_receive(
    xero: XeroSimulator, app: App, address: str, habit: dict[str, Any], problem: str
) -> None:
    for name, value in habit.items():
        setattr(app, name, value)
    assert problem in xero.webhooks.subscribe(address)
    assert xero.webhooks.state == "refused"
    assert xero.webhooks.deliver() is None


def test_changes_are_told_together_in_sequence(
    xero: XeroSimulator, api: Api, app: App, address: str, clock: SimClock
) -> None:
    xero.webhooks.subscribe(address)
    app.received.clear()
    invoice = api.invoice()
    note = made(api)
    clock.move(seconds=5)
    assert (told := xero.webhooks.deliver()) is not None
    assert (told.status, told.events) == (200, 2)
    (body,) = app.received
    assert body["lastEventSequence"] - body["firstEventSequence"] == 1
    first, second = body["events"]
    assert first["resourceId"] == invoice["InvoiceID"]
    assert (first["eventCategory"], first["eventType"]) == ("INVOICE", "CREATE")
    assert first["tenantId"] == xero.books().tenant
    assert first["eventDateUtc"] == "2026-08-03T09:30:15.250"
    assert second["resourceUrl"].endswith(f"/CreditNotes/{note['CreditNoteID']}")
    assert second["data"] == {"Type": "ACCRECCREDIT", "Status": "AUTHORISED"}
    api.pay(invoice, "10.00")
    xero.webhooks.deliver()
    assert (app.events[-1]["resourceId"], app.events[-1]["eventType"]) == (
        invoice["InvoiceID"],
        "UPDATE",
    )


def test_a_delivery_may_come_twice_and_out_of_order(
    xero: XeroSimulator, api: Api, app: App, address: str
) -> None:
    xero.webhooks.subscribe(address)
    app.received.clear()
    invoice = api.invoice()
    made(api)
    xero.webhooks.deliver(twice=True, newest_first=True)
    assert app.received[0] == app.received[1]
    assert app.events[1]["resourceId"] == invoice["InvoiceID"]


def test_a_failed_delivery_is_repeated_at_once_and_then_every_quarter_of_an_hour(
    xero: XeroSimulator, api: Api, app: App, address: str, clock: SimClock
) -> None:
    xero.webhooks.subscribe(address)
    app.received.clear()
    app.status = 500
    api.invoice()
    xero.webhooks.deliver()
    assert len(app.received) == 2
    assert xero.webhooks.deliver() is None
    clock.move(minutes=15)
    app.status = 200
    assert (told := xero.webhooks.deliver()) is not None
    assert (told.problem, len(app.received)) == ("", 3)


def test_after_a_day_of_failures_it_is_disabled_and_replays_when_enabled_again(
    xero: XeroSimulator, api: Api, app: App, address: str, clock: SimClock
) -> None:
    xero.webhooks.subscribe(address)
    app.status = 503
    invoice = api.invoice()
    xero.webhooks.deliver()
    clock.move(days=1)
    xero.webhooks.deliver()
    assert xero.webhooks.state == "disabled"
    clock.move(minutes=60)
    assert xero.webhooks.deliver() is None
    app.status = 200
    app.received.clear()
    assert xero.webhooks.subscribe(address) == []
    xero.webhooks.deliver()
    assert app.events[0]["resourceId"] == invoice["InvoiceID"]


def test_nobody_there_is_no_answer(xero: XeroSimulator, address: str) -> None:
    with Server(App()) as gone:
        url = gone.url
    problems = xero.webhooks.subscribe(f"{url}/x")
    assert len(problems) == 4
    assert problems[0].startswith("There was no answer")


def test_deliveries_stay_on_this_machine(xero: XeroSimulator) -> None:
    with pytest.raises(ValueError, match="not on this machine"):
        xero.webhooks.subscribe("https://app.example/webhooks/xero")


def test_the_switch_subscribes_and_delivers(
    xero: XeroSimulator, server: Server, api: Api, app: App, address: str
) -> None:
    switch = f"{server.url}/_control/webhooks"
    assert requests.post(switch, json={"url": address}, timeout=5).json()["state"] == "ok"
    api.invoice()
    shown = requests.post(switch, json={}, timeout=5).json()
    assert shown["deliveries"][0]["status"] == 200
    assert requests.get(switch, timeout=5).json()["url"] == address
    bad = requests.post(switch, json={"url": "https://app.example/"}, timeout=5)
    assert bad.status_code == 400
