"""Idempotency keys, caches, odd options, faults and stored state."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from tests.simulator.perfex.conftest import NOON, Serve
from tests.simulator.perfex.site import Perfex, invoice_form
from xero_bridge.simulator.common import SimClock
from xero_bridge.simulator.perfex import create_perfex, impossible_invoices

KEY = {"Idempotency-Key": "k1"}


def test_303_replays_a_key_even_for_another_endpoint(perfex: Perfex) -> None:
    first = perfex.call("POST", "customers", data={"company": "A"}, headers=KEY)
    again = perfex.call("POST", "items", data={"description": "B", "rate": "1.00"}, headers=KEY)
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert perfex.simulator.rows("items") == []


def test_303_replays_refusals_too(perfex: Perfex) -> None:
    assert perfex.call("POST", "customers", data={"vat": "1"}, headers=KEY).status_code == 404
    repaired = perfex.call("POST", "customers", data={"company": "A"}, headers=KEY)
    assert repaired.status_code == 404


def test_310_replays_identical_requests_only(documented: Perfex) -> None:
    documented.call("POST", "customers", data={"company": "A"}, headers=KEY)
    same = documented.call("POST", "customers", data={"company": "A"}, headers=KEY)
    assert "Idempotency-Replayed" in same.headers
    documented.call("POST", "customers", data={"company": "B"}, headers=KEY)
    assert len(documented.simulator.rows("clients")) == 2


def test_2x_ignores_keys_and_3x_forgets_them_after_a_day(perfex: Perfex, old: Perfex) -> None:
    for site, hours in ((old, 0), (perfex, 25)):
        site.call("POST", "customers", data={"company": "A"}, headers=KEY)
        site.simulator.clock.move(minutes=60 * hours)
        site.call("POST", "customers", data={"company": "A"}, headers=KEY)
        assert len(site.simulator.rows("clients")) == 2


def test_a_read_cache_shows_the_past_for_300_seconds(perfex: Perfex) -> None:
    perfex.simulator.settings.get_cache = True
    customer = perfex.customer("Old")
    assert perfex.get(f"customers/{customer}")["company"] == "Old"
    perfex.simulator.staff.edit_customer(customer, company="New")
    assert perfex.get(f"customers/{customer}")["company"] == "Old"
    perfex.simulator.clock.move(seconds=300)
    assert perfex.get(f"customers/{customer}")["company"] == "New"


def test_standard_answers_wrap_everything_in_data(perfex: Perfex) -> None:
    perfex.simulator.settings.standard_response = True
    customer = perfex.customer()
    answer = perfex.get(f"customers/{customer}")
    assert answer["status"] is True
    assert answer["data"]["userid"] == str(customer)


@pytest.mark.parametrize(
    ("kind", "status", "written"),
    [
        ("500-before", 500, 0),
        ("500-after", 500, 1),
        ("html", 200, 0),
        ("html-after", 200, 1),
        ("empty", 200, 1),
        ("429-minute", 429, 0),
        ("429-day", 401, 0),
        ("403", 403, 0),
        ("slow", 200, 1),
    ],
)
def test_faults_strike_before_or_after_the_work(
    perfex: Perfex, kind: str, status: int, written: int
) -> None:
    perfex.simulator.faults.add(kind, method="POST", path="/api/customers")
    assert perfex.post("customers", {"company": "A"}).status_code == status
    assert len(perfex.simulator.rows("clients")) == written
    assert perfex.post("customers", {"company": "B"}).json()["status"] is True


@pytest.mark.parametrize(("kind", "written"), [("drop-before", 0), ("drop-after", 1)])
def test_a_connection_can_be_dropped_instead_of_an_answer(
    perfex: Perfex, kind: str, written: int
) -> None:
    perfex.simulator.faults.add(kind)
    with pytest.raises(requests.ConnectionError):
        perfex.post("customers", {"company": "A"})
    assert len(perfex.simulator.rows("clients")) == written
    assert perfex.simulator.calls[-1].status == 0


def test_a_php_notice_can_stand_before_the_json(perfex: Perfex) -> None:
    perfex.simulator.faults.add("notice")
    text = perfex.call("GET", "common/tax_data").text
    assert text.startswith("<br />\n<b>Notice</b>")
    assert text.endswith("]")


def test_faults_options_and_the_log_are_reached_over_http(perfex: Perfex) -> None:
    control = f"{perfex.url}/_control"
    fault = {"kind": "html", "path": "/api/items", "status": 503}
    requests.post(f"{control}/faults", json=fault, timeout=10)
    assert perfex.call("GET", "items").status_code == 503
    shown = requests.post(f"{control}/settings", json={"quota": 7}, timeout=10).json()
    assert shown["quota"] == perfex.simulator.settings.quota == 7
    wrong = requests.post(f"{control}/settings", json={"quotas": 7}, timeout=10)
    assert "There is no setting quotas" in wrong.json()["error"]
    calls = requests.get(f"{control}/calls", timeout=10).json()
    assert [(call["method"], call["path"], call["status"]) for call in calls] == [
        ("GET", "/api/items", 503)
    ]
    assert perfex.simulator.count("GET", "/api/items") == 1


def test_records_survive_a_restart_of_the_simulator(tmp_path: Path, serve: Serve) -> None:
    first = serve(state=tmp_path)
    first.post("invoices", invoice_form(first.customer()))
    before = first.get("invoices/1")
    first.simulator.close()
    second = serve(state=tmp_path)
    assert second.get("invoices/1") == before
    assert second.simulator.token == first.simulator.token
    assert second.invoice() == 2


def test_a_version_or_seed_that_does_not_exist_is_named(serve: Serve) -> None:
    with pytest.raises(
        ValueError, match=r"No REST module 4\.0 is simulated; choose one of 2\.0\.8"
    ):
        create_perfex("4.0")
    with pytest.raises(ValueError, match="There is no seed 'big'"):
        create_perfex(seed="big")


def test_the_demo_holds_what_its_notes_say() -> None:
    demo = create_perfex(seed="demo", clock=SimClock(NOON))
    assert len(demo.rows("clients")) == 40
    assert len(demo.rows("items")) == 12
    assert len(demo.rows("invoices")) > 75
    assert len(demo.rows("invoicepaymentrecords")) > 45
    assert {row["status"] for row in demo.rows("creditnotes")} == {"1", "2", "3"}
    assert [row["amount"] for row in demo.rows("credits")] == ["50.00"]
    assert len(demo.rows("expenses")) == 5
    assert {row["approve_status"] for row in demo.rows("pur_orders")} == {"1", "2", "4"}
    assert len(demo.rows("pur_vendor")) == 3
    assert {row["status"] for row in demo.rows("invoices")} == set("123456")
    assert demo.outbox == []
    for invoice, reason in impossible_invoices().items():
        assert demo.row("invoices", invoice) is not None
        assert reason.endswith(".")
    demo.close()


def test_two_demos_of_the_same_day_are_equal() -> None:
    first, second = (create_perfex(seed="demo", clock=SimClock(NOON)) for _ in range(2))
    for table in ("clients", "invoices", "itemable", "item_tax", "invoicepaymentrecords"):
        assert first.rows(table) == second.rows(table)
