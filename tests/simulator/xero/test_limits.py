"""Rate limits, their headers and their answers (checklist rows 12 to 14)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime

import requests

from tests.simulator.xero.client import Api
from xero_bridge.simulator.common import Server, SimClock
from xero_bridge.simulator.xero import Limits, XeroSettings, XeroSimulator, create_xero


@contextmanager
def limited(limits: Limits) -> Iterator[tuple[XeroSimulator, Api]]:
    clock = SimClock(datetime(2026, 8, 3, 9, 0, tzinfo=UTC))
    xero = create_xero(clock=clock, settings=XeroSettings(limits=limits))
    with Server(xero.wsgi) as server, Api.connected(xero, server.url) as api:
        yield xero, api


def left(answer: requests.Response) -> tuple[int, int, int]:
    names = ("X-DayLimit-Remaining", "X-MinLimit-Remaining", "X-AppMinLimit-Remaining")
    day, minute, app = (int(answer.headers[name]) for name in names)
    return day, minute, app


def test_every_answer_tells_what_is_left_failures_included() -> None:
    with limited(Limits()) as (_, api):
        assert left(api.call("GET", "Organisation")) == (999, 59, 9999)
        assert left(api.call("PUT", "Contacts", {"x": 1})) == (998, 58, 9998)
        assert left(api.call("GET", "Nothing")) == (997, 57, 9997)


def test_refusals_of_the_gateway_carry_no_counters_and_cost_nothing() -> None:
    with limited(Limits()) as (_, api):
        good = api.session.headers["Authorization"]
        api.session.headers["Authorization"] = "Bearer x"
        assert "X-DayLimit-Remaining" not in api.call("GET", "Organisation").headers
        api.session.headers["Authorization"] = good
        api.session.get(f"{api.url}/connections", timeout=5)
        assert left(api.call("GET", "Organisation")) == (999, 59, 9999)


def test_the_sixty_first_call_of_a_minute_waits_for_the_next_window() -> None:
    with limited(Limits()) as (xero, api):
        for _ in range(60):
            assert api.call("GET", "Currencies").status_code == 200
        refused = api.call("GET", "Currencies")
        assert (refused.status_code, refused.content) == (429, b"")
        assert "Content-Type" not in refused.headers
        assert refused.headers["X-Rate-Limit-Problem"] == "minute"
        assert left(refused)[1] == 0
        wait = int(refused.headers["Retry-After"])
        assert 1 <= wait <= 60
        xero.clock.move(seconds=wait)
        assert left(api.call("GET", "Currencies"))[:2] == (939, 59)


def test_an_exhausted_day_refuses_until_its_own_window_ends() -> None:
    with limited(Limits(day=2)) as (xero, api):
        api.call("GET", "Currencies")
        api.call("GET", "Currencies")
        refused = api.call("GET", "Currencies")
        assert (refused.status_code, refused.content) == (429, b"")
        assert refused.headers["X-Rate-Limit-Problem"] == "day"
        wait = int(refused.headers["Retry-After"])
        assert 60 < wait <= 86_400
        xero.clock.move(seconds=wait - 1)
        assert Api.connected(xero, api.url).call("GET", "Currencies").status_code == 429
        xero.clock.move(seconds=1)
        assert Api.connected(xero, api.url).call("GET", "Currencies").status_code == 200


def test_the_limits_of_one_organisation_leave_the_other_alone() -> None:
    with limited(Limits(day=1)) as (xero, api):
        other = xero.add_organisation("Second Ltd")
        assert api.call("GET", "Currencies").status_code == 200
        assert api.call("GET", "Currencies").status_code == 429
        with Api.connected(xero, api.url, tenant=other) as second:
            assert second.call("GET", "Currencies").status_code == 200


def test_a_sixth_call_in_flight_is_refused_without_retry_after() -> None:
    with limited(Limits()) as (xero, api):
        xero.faults.add("slow", seconds=30, count=5, path="Currencies")
        with ThreadPoolExecutor(5) as pool:
            running = [pool.submit(_alone, api) for _ in range(5)]
            while xero.faults.waiting() or xero.limiter.in_flight(api.tenant) < 5:
                assert not any(future.done() for future in running)
            refused = api.call("GET", "Currencies")
            xero.faults.clear()
            assert [future.result().status_code for future in running] == [200] * 5
        assert refused.status_code == 429
        assert refused.headers["X-Rate-Limit-Problem"] == "concurrent"
        assert "Retry-After" not in refused.headers


def _alone(api: Api) -> requests.Response:
    address = f"{api.url}/api.xro/2.0/Currencies"
    return requests.get(address, headers=dict(api.session.headers), timeout=10)
