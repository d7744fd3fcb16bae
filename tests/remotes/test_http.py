"""The HTTP kernel: what is repeated, what is waited for, what stays unknown, what is written down."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

import pytest
import requests
import responses

from tests.remotes.calls import BASE, get, put, same
from tests.remotes.support import NOON, MovableClock, OpenBudget, patient_http, raw_server
from xero_bridge.core.calls import Exchange
from xero_bridge.core.errors import BudgetSpent, Retriable, Unknown
from xero_bridge.remotes.http import Answer, Http, NotJsonError, Patience, Request


def test_a_read_is_repeated_with_growing_pauses_until_it_succeeds(
    web: responses.RequestsMock,
) -> None:
    web.get(f"{BASE}/list", status=503, body="<html>Maintenance</html>")
    web.get(f"{BASE}/list", body=requests.ConnectionError("reset"))
    web.get(f"{BASE}/list", json={"ok": True})
    clock = MovableClock()
    answer = patient_http(BASE, clock=clock).call(get(), same)
    assert answer.status == 200
    assert clock.slept == [1.0, 2.0]


def test_a_read_gives_up_after_four_attempts_and_says_why(web: responses.RequestsMock) -> None:
    web.get(f"{BASE}/list", status=500, body="<html>Oops</html>")
    clock = MovableClock()
    with pytest.raises(Retriable) as caught:
        patient_http(BASE, clock=clock).call(get(), same)
    assert clock.slept == [1.0, 2.0, 4.0]
    assert caught.value.reason == "server_trouble"
    assert "HTTP 500" in str(caught.value)
    assert "Oops" in str(caught.value)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_write_answered_with_a_server_error_is_unknown_and_not_sent_again(
    web: responses.RequestsMock, status: int
) -> None:
    web.put(f"{BASE}/list", status=status)
    with pytest.raises(Unknown):
        patient_http(BASE).call(put(), same)
    assert len(web.calls) == 1


@pytest.mark.parametrize(
    "failure",
    [requests.ReadTimeout("slow"), requests.ConnectionError("aborted")],
    ids=["time-out", "cut"],
)
def test_a_write_without_an_answer_is_unknown_and_not_sent_again(
    web: responses.RequestsMock, failure: Exception
) -> None:
    web.put(f"{BASE}/list", body=failure)
    with pytest.raises(Unknown) as caught:
        patient_http(BASE).call(put(), same)
    assert len(web.calls) == 1
    assert caught.value.reason == "no_answer"


def test_a_write_that_could_not_leave_is_tried_again_because_nothing_happened() -> None:
    with raw_server() as address:
        pass  # The port is closed again: nobody listens there.
    clock = MovableClock()
    with pytest.raises(Retriable) as caught:
        patient_http(address, clock=clock).call(
            Request(method="POST", url=f"{address}/x", body=b"{}"), same
        )
    assert not isinstance(caught.value, Unknown)
    assert len(clock.slept) == 3


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(None, id="hung up without a word"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", id="cut in the body"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", id="cut chunk"
        ),
    ],
)
def test_a_write_whose_answer_is_cut_on_a_real_socket_is_unknown(answer: bytes | None) -> None:
    with raw_server(answer) as address:
        http = patient_http(address)
        with pytest.raises(Unknown):
            http.call(Request(method="PUT", url=f"{address}/x", body=b"{}"), same)
        http.close()


def test_a_read_whose_answer_is_cut_on_a_real_socket_is_read_again() -> None:
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
    with raw_server(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", whole) as address:
        http = patient_http(address)
        assert http.call(Request(url=f"{address}/x"), same).body == b"{}"
        http.close()


def test_an_answer_that_is_too_large_is_cut_off() -> None:
    large = b"HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + b"x" * 3_000_000
    with raw_server(large) as address:
        http = patient_http(address, patience=Patience(attempts=1, largest_answer=1 << 20))
        with pytest.raises(Retriable, match="larger than 1 MB"):
            http.call(Request(url=f"{address}/x"), same)
        http.close()


def test_a_short_limit_is_waited_for_with_reads_and_writes_alike(
    web: responses.RequestsMock,
) -> None:
    limited = {"Retry-After": "26", "X-Rate-Limit-Problem": "minute"}
    web.put(f"{BASE}/list", status=429, headers=limited, body=b"")
    web.put(f"{BASE}/list", json={})
    clock, budget = MovableClock(), OpenBudget()
    patient_http(BASE, clock=clock).call(put(), same, budget)
    assert clock.slept == [26.5]
    assert budget.blocked == [(NOON + timedelta(seconds=26), "minute")]


def test_a_limit_of_the_day_is_not_waited_for_and_says_when_it_ends(
    web: responses.RequestsMock,
) -> None:
    web.get(
        f"{BASE}/list",
        status=429,
        headers={"Retry-After": "73451", "X-Rate-Limit-Problem": "Day"},
    )
    clock, budget = MovableClock(), OpenBudget()
    with pytest.raises(BudgetSpent) as caught:
        patient_http(BASE, clock=clock).call(get(), same, budget)
    assert clock.slept == []
    assert caught.value.reason == "day_limit"
    assert caught.value.retry_at == NOON + timedelta(seconds=73451)
    assert budget.blocked == [(NOON + timedelta(seconds=73451), "day")]


def test_a_day_limit_without_retry_after_ends_the_work_for_an_hour(
    web: responses.RequestsMock,
) -> None:
    web.get(f"{BASE}/list", status=429, headers={"X-Rate-Limit-Problem": "day"})
    with pytest.raises(BudgetSpent) as caught:
        patient_http(BASE).call(get(), same)
    assert caught.value.retry_at == NOON + timedelta(hours=1)


def test_a_limit_without_retry_after_is_tried_again_after_a_pause(
    web: responses.RequestsMock,
) -> None:
    web.get(f"{BASE}/list", status=429, headers={"X-Rate-Limit-Problem": "concurrent"})
    web.get(f"{BASE}/list", json={})
    clock = MovableClock()
    patient_http(BASE, clock=clock).call(get(), same)
    assert clock.slept == [1.0]


def test_a_wait_longer_than_a_minute_window_ends_the_work_for_now(
    web: responses.RequestsMock,
) -> None:
    web.get(f"{BASE}/list", status=429, headers={"Retry-After": "900"})
    with pytest.raises(BudgetSpent):
        patient_http(BASE).call(get(), same)


def test_maintenance_with_a_long_retry_after_is_not_hammered(web: responses.RequestsMock) -> None:
    web.get(f"{BASE}/list", status=503, headers={"Retry-After": "600"})
    with pytest.raises(Retriable) as caught:
        patient_http(BASE).call(get(), same)
    assert len(web.calls) == 1
    assert caught.value.retry_at == NOON + timedelta(seconds=600)


def test_every_attempt_takes_a_call_from_the_budget_and_tells_it_the_headers(
    web: responses.RequestsMock,
) -> None:
    web.get(f"{BASE}/list", status=500)
    web.get(f"{BASE}/list", json={}, headers={"X-DayLimit-Remaining": "344"})
    budget = OpenBudget()
    http = patient_http(BASE)
    http.call(get(), same, budget)
    assert budget.taken == http.calls == 2
    assert budget.observed[-1]["x-daylimit-remaining"] == "344"


def test_each_call_is_recorded_without_its_secrets(web: responses.RequestsMock) -> None:
    leak = '{"error": "invalid_grant", "refresh_token": "CANARY-3", "note": "eyJhbGciOi.CANARY.x"}'
    web.put(f"{BASE}/list", status=400, body=leak, headers={"X-MinLimit-Remaining": "59"})
    calls: list[Exchange] = []
    request = Request(
        method="PUT",
        url=f"{BASE}/list?authtoken=CANARY-1",
        query={"page": "2", "code": "CANARY-2"},
        headers={"Authorization": "Bearer CANARY-4", "authtoken": "CANARY-5", "Accept": "text/x"},
        body=b"CANARY-6",
    )
    patient_http(BASE, calls=calls).call(request, same)
    (call,) = calls
    assert "CANARY" not in repr(call)
    assert "CANARY" not in repr(request)
    assert (call.side, call.method, call.status, call.cost) == ("xero", "PUT", 400, 1)
    assert call.url == f"{BASE}/list?authtoken=***&page=2&code=***"
    assert call.headers == {"accept": "text/x", "authorization": "***", "authtoken": "***"}
    assert "invalid_grant" in call.body
    assert call.remaining == {"x-minlimit-remaining": "59"}
    assert call.at == NOON


def test_a_call_without_an_answer_is_recorded_too(web: responses.RequestsMock) -> None:
    web.put(f"{BASE}/list", body=requests.ReadTimeout("slow"))
    calls: list[Exchange] = []
    with pytest.raises(Unknown):
        patient_http(BASE, calls=calls).call(put(), same)
    assert [(call.status, call.error) for call in calls] == [(0, "it did not answer in time")]


def test_the_body_of_a_good_answer_is_not_recorded(web: responses.RequestsMock) -> None:
    web.get(f"{BASE}/list", json={"EmailAddress": "mia@example.test"})
    calls: list[Exchange] = []
    patient_http(BASE, calls=calls).call(get(), same)
    assert calls[0].body == ""
    assert calls[0].size > 0


@pytest.mark.parametrize("body", [b"", b"<html></html>", b'{"a": ', b"\xff\xfe", b"[1]"])
def test_what_is_not_the_json_expected_says_what_came_instead(body: bytes) -> None:
    answer = Answer(status=200, headers={"content-type": "text/html; charset=utf-8"}, body=body)
    with pytest.raises(NotJsonError) as caught:
        answer.decode(dict[str, str])
    assert caught.value.content_type == "text/html"


def test_numbers_are_read_from_their_text() -> None:
    from decimal import Decimal

    answer = Answer(status=200, headers={}, body=b'{"a": 12345678901234567.89, "b": 1.10}')
    assert answer.decode(dict[str, Decimal]) == {
        "a": Decimal("12345678901234567.89"),
        "b": Decimal("1.10"),
    }


def test_the_kernel_without_a_jitter_of_ours_still_pauses_less_than_it_may() -> None:
    clock = MovableClock()
    http = Http(
        side="xero",
        origins=[BASE],
        clock=clock,
        recorder=lambda _call: None,
        sleep=clock.sleep,
    )
    with responses.RequestsMock() as web:
        web.get(f"{BASE}/list", status=500)
        with pytest.raises(Retriable):
            http.call(get(), same)
    assert all(
        most / 2 <= pause <= most for pause, most in zip(clock.slept, (1, 2, 4), strict=True)
    )


class BusyBooks(OpenBudget):
    """A budget whose database takes nothing once the call is made."""

    @contextmanager
    def take(self) -> Iterator[None]:
        yield
        raise Retriable("store_busy")

    def observe(self, headers: Mapping[str, str]) -> None:
        raise Retriable("store_busy")


def test_trouble_in_our_own_books_does_not_send_a_write_again(
    web: responses.RequestsMock,
) -> None:
    def busy(_call: Exchange) -> None:
        raise Retriable("store_busy")

    web.put(f"{BASE}/list", json={})
    clock = MovableClock()
    http = Http(side="xero", origins=[BASE], clock=clock, recorder=busy, sleep=clock.sleep)
    assert http.call(put(), same, BusyBooks()).status == 200
    assert len(web.calls) == 1


def test_an_unknown_write_stays_unknown_when_our_own_books_are_in_trouble_too(
    web: responses.RequestsMock,
) -> None:
    web.put(f"{BASE}/list", body=requests.ReadTimeout("slow"))
    with pytest.raises(Unknown):
        patient_http(BASE).call(put(), same, BusyBooks())
    assert len(web.calls) == 1


class SpentBudget(OpenBudget):
    @contextmanager
    def take(self) -> Iterator[None]:
        if not self.taken:
            raise BudgetSpent("day_limit", retry_at=NOON)
        yield


def test_a_spent_budget_makes_no_call(web: responses.RequestsMock) -> None:
    with pytest.raises(BudgetSpent):
        patient_http(BASE).call(put(), same, SpentBudget())
    assert len(web.calls) == 0
