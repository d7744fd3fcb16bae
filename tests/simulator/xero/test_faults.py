"""Faults on demand, in Python and over HTTP, and state that survives (checklist row 22)."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from tests.simulator.xero.client import Api, sale
from xero_bridge.simulator.common import Server, SimClock, Store
from xero_bridge.simulator.xero import XeroSimulator, create_xero


def numbers(xero: XeroSimulator) -> set[str]:
    return {invoice["InvoiceNumber"] for invoice in xero.books().invoices.values()}


@pytest.mark.parametrize(("kind", "saved"), [("500-before", False), ("500-after", True)])
def test_an_internal_error_comes_before_or_after_the_work(
    xero: XeroSimulator, api: Api, kind: str, saved: bool
) -> None:
    xero.faults.add(kind, method="PUT", path="Invoices")
    assert api.call("GET", "Invoices").status_code == 200
    answer = api.call("PUT", "Invoices", sale(InvoiceNumber="F-1"))
    assert answer.status_code == 500
    assert answer.json()["Title"] == "An error occurred"
    assert ("F-1" in numbers(xero)) is saved
    assert api.call("PUT", "Invoices", sale(InvoiceNumber="F-2")).status_code == 200


@pytest.mark.parametrize(("kind", "saved"), [("drop-before", False), ("drop-after", True)])
def test_a_dropped_connection_hides_whether_the_work_was_done(
    xero: XeroSimulator, api: Api, kind: str, saved: bool
) -> None:
    xero.faults.add(kind, method="PUT")
    with pytest.raises(requests.ConnectionError):
        api.call("PUT", "Invoices", sale(InvoiceNumber="F-1"))
    assert ("F-1" in numbers(xero)) is saved
    assert xero.calls[-1].fault == kind
    assert xero.calls[-1].status == 0


@pytest.mark.parametrize(
    ("kind", "status", "content"),
    [("html", 503, "<html>"), ("html-after", 502, "<html>"), ("empty", 200, "")],
)
def test_an_answer_may_be_no_json_at_all(
    xero: XeroSimulator, api: Api, kind: str, status: int, content: str
) -> None:
    xero.faults.add(kind)
    answer = api.call("GET", "Organisation")
    assert answer.status_code == status
    assert answer.text.startswith(content)


@pytest.mark.parametrize(
    ("kind", "problem", "waits"),
    [
        ("429-minute", "minute", "26"),
        ("429-day", "day", "73451"),
        ("429-concurrent", "concurrent", None),
    ],
)
def test_a_limit_can_be_reached_on_demand(
    xero: XeroSimulator, api: Api, kind: str, problem: str, waits: str | None
) -> None:
    xero.faults.add(kind)
    answer = api.call("GET", "Organisation")
    assert (answer.status_code, answer.content) == (429, b"")
    assert answer.headers["X-Rate-Limit-Problem"] == problem
    assert answer.headers.get("Retry-After") == waits


def test_an_organisation_can_be_forbidden_on_demand(xero: XeroSimulator, api: Api) -> None:
    xero.faults.add("403")
    assert api.call("GET", "Organisation").status_code == 403
    assert api.call("GET", "Organisation").status_code == 200


def test_a_fault_strikes_after_the_calls_it_skips_and_as_often_as_asked(
    xero: XeroSimulator, api: Api
) -> None:
    xero.faults.add("500-before", path="Currencies", skip=1, count=2)
    statuses = [api.call("GET", "Currencies").status_code for _ in range(4)]
    assert statuses == [200, 500, 500, 200]


def test_faults_clock_and_limits_are_set_over_http_too(xero: XeroSimulator, api: Api) -> None:
    control = f"{api.url}/_control"
    fault = {"kind": "500-before", "path": "Currencies"}
    listed = requests.post(f"{control}/faults", json=fault, timeout=5).json()
    assert listed[0]["path"] == "Currencies"
    assert api.call("GET", "Currencies").status_code == 500
    requests.post(f"{control}/faults", json=fault, timeout=5)
    assert requests.delete(f"{control}/faults", timeout=5).json() == []
    assert api.call("GET", "Currencies").status_code == 200
    moved = requests.post(f"{control}/clock", json={"minutes": 2}, timeout=5).json()
    assert moved == {"now": "2026-08-03T09:32:15.250000+00:00"}
    requests.post(f"{control}/limits", json={"day_left": 1}, timeout=5)
    assert api.call("GET", "Currencies").headers["X-DayLimit-Remaining"] == "0"
    assert api.call("GET", "Currencies").headers["X-Rate-Limit-Problem"] == "day"
    counts = requests.get(f"{control}/calls", timeout=5).json()["counts"]
    assert counts == {"GET Currencies": 4}
    token = requests.post(f"{control}/token", json={"tenant": api.tenant}, timeout=5).json()
    assert token["expires_in"] == 1800


@pytest.mark.parametrize(
    ("address", "body", "words"),
    [
        ("faults", {"kind": "explode"}, "429-minute"),
        ("faults", {"kind": "slow", "colour": "red"}, "colour"),
        ("faults", {"kind": "slow", "path": "("}, "regular expression"),
        ("clock", {"now": "2026-08-03T09:00:00"}, "time zone"),
        ("limits", {"hour": 5}, "app_minute"),
        ("reset", {"tenant": "nobody"}, "organisation"),
    ],
)
def test_a_wrong_control_call_says_what_is_wrong(
    server: Server, address: str, body: dict[str, object], words: str
) -> None:
    answer = requests.post(f"{server.url}/_control/{address}", json=body, timeout=5)
    assert answer.status_code == 400
    assert words in answer.json()["error"]


def test_the_log_knows_each_call_and_the_records_it_changed(xero: XeroSimulator, api: Api) -> None:
    invoice = api.invoice()
    api.call("GET", "Invoices", params={"page": "1"})
    first, second = xero.calls
    assert (first.method, first.path, first.status) == ("PUT", "/api.xro/2.0/Invoices", 200)
    assert first.touched == [invoice["InvoiceID"]]
    assert (second.query, second.touched, second.tenant) == ("page=1", [], api.tenant)
    assert xero.counts == {"PUT Invoices": 1, "GET Invoices": 1}


def test_what_was_answered_survives_a_killed_simulator(tmp_path: Path) -> None:
    clock = SimClock(datetime(2026, 8, 3, 9, 0, tzinfo=UTC))
    first = create_xero(state=tmp_path, clock=clock, seed=True)
    with Server(first.wsgi) as server, Api.connected(first, server.url) as api:
        invoice = api.invoice(InvoiceNumber="KEPT-1")
        api.pay(invoice, "20.00")
        api.call("PUT", "Contacts", {"Name": "Keyed"}, headers={"Idempotency-Key": "k"})
        granted = api.session.headers
        before = api.call("GET", "Invoices/KEPT-1").json()["Invoices"]
    # The first one is never closed: its file is read as a crash leaves it.
    second = create_xero(state=tmp_path, clock=clock, seed=True)
    with Server(second.wsgi) as server, Api(server.url, "", first.books().tenant) as api:
        api.session.headers = granted
        assert api.call("GET", "Invoices/KEPT-1").json()["Invoices"] == before
        again = api.call("PUT", "Contacts", {"Name": "Keyed"}, headers={"Idempotency-Key": "k"})
        assert again.status_code == 200
        assert api.invoice()["InvoiceNumber"] == "INV-0001"
    first.store.close()
    second.store.close()


def test_a_failed_transaction_leaves_memory_and_file_as_they_were(tmp_path: Path) -> None:
    store = Store(tmp_path)
    table = store.table("things", colour=lambda thing: thing["colour"])
    table.put("1", {"colour": "red"})

    def change_and_fail() -> None:
        with store.transaction():
            table.put("1", {"colour": "blue"})
            table.put("2", {"colour": "red"})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_and_fail()
    assert [thing["colour"] for thing in table.values()] == ["red"]
    assert len(table.find("colour", "red")) == 1
    assert table.find("colour", "blue") == []
    store.close()
    again = Store(tmp_path)
    assert again.table("things").values() == [{"colour": "red"}]
    again.close()
