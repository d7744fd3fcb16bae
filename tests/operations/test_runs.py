"""Runs: one at a time, remembered, taken over, and always ending in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from tests.support.bridge import ANN, NAME, Bridge
from xero_bridge.core.errors import BridgeError, Retriable
from xero_bridge.core.ports import RunRow
from xero_bridge.core.record import Key
from xero_bridge.core.vocabulary import Kind, RunState, Side
from xero_bridge.engine.context import Scope
from xero_bridge.operations import runs
from xero_bridge.operations.dispatch import ThreadDispatch
from xero_bridge.operations.heartbeat import beating
from xero_bridge.operations.pace import LONGEST, next_look
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.rows import reading, writing
from xero_bridge.operations.runs import claimed, report, run_now
from xero_bridge.operations.scopes import record_key, scope_of
from xero_bridge.operations.services import Services
from xero_bridge.store import models

ALL = Scope(trigger="command")


def rows(bridge: Bridge) -> list[models.Run]:
    with reading(bridge.services) as session:
        return list(session.scalars(sa.select(models.Run).order_by(models.Run.id)))


def requests(bridge: Bridge) -> int:
    with reading(bridge.services) as session:
        count = session.scalar(sa.select(sa.func.count()).select_from(models.RunRequest))
        return int(count or 0)


def test_the_report_holds_what_sync_prints(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    empty_bridge.consent()
    told = report(run_now(empty_bridge.services, NAME, ALL))
    assert told.connection == NAME
    assert told.state is RunState.PLANNED
    assert told.run == rows(empty_bridge)[0].id
    assert told.calls["xero"] >= 4
    assert told.error is None


def test_a_connection_without_xero_says_what_to_press(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    told = report(run_now(empty_bridge.services, NAME, ALL))
    assert told.state is RunState.NOT_CONNECTED
    assert told.state.exit_code == 3
    assert "Press Connect" in (told.error or "")


def test_an_unreachable_perfex_is_told_and_nothing_is_lost(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    empty_bridge.consent()
    with writing(empty_bridge.services) as session:
        session.execute(sa.update(models.Connection).values(perfex_url="http://127.0.0.1:9"))
    row = run_now(empty_bridge.services, NAME, ALL)
    assert row.state in (RunState.NOT_CONNECTED, RunState.WAITING)
    assert "http://127.0.0.1:9" in (row.error or "")
    assert row.ended_at is not None


def test_during_a_run_another_one_is_busy(either_bridge: Bridge) -> None:
    either_bridge.add()
    with claimed(either_bridge.services, NAME) as lease:
        assert lease is not None
        row = run_now(either_bridge.services, NAME, ALL)
    assert row.state is RunState.BUSY
    assert row.state.exit_code == 1
    assert report(row).run is None
    assert rows(either_bridge) == []


def test_what_is_asked_for_during_a_run_runs_next(either_bridge: Bridge) -> None:
    bridge = either_bridge
    bridge.add()
    bridge.consent()
    with claimed(bridge.services, NAME):
        runs.request(bridge.services, NAME, Scope(trigger="person"), by=ANN)
        assert bridge.services.dispatch.wait(10)
        assert requests(bridge) == 1
    assert [run.trigger for run in rows(bridge)] == []
    run_now(bridge.services, NAME, ALL)
    assert [run.trigger for run in rows(bridge)] == ["command", "person"]
    assert requests(bridge) == 0


def test_asking_twice_for_the_same_is_asking_once(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    with claimed(empty_bridge.services, NAME):
        for _ in range(3):
            runs.request(empty_bridge.services, NAME, ALL, by=ANN)
        runs.request(empty_bridge.services, NAME, Scope(kinds=frozenset({Kind.TAX})), by=ANN)
        assert empty_bridge.services.dispatch.wait(10)
        assert requests(empty_bridge) == 2


def test_a_request_is_carried_out_by_a_thread_of_this_process(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    empty_bridge.consent()
    scope = Scope(kinds=frozenset({Kind.CUSTOMER}), trigger="person")
    runs.request(empty_bridge.services, NAME, scope, by=ANN)
    assert empty_bridge.services.dispatch.wait(30)
    (run,) = rows(empty_bridge)
    assert run.state == RunState.PLANNED
    assert run.trigger == "person"


def test_a_run_whose_process_died_is_closed_by_the_next_one(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    empty_bridge.consent()
    with writing(empty_bridge.services) as session:
        dead = models.Run(
            connection_id=1,
            state="running",
            started_at=empty_bridge.clock.now(),
            planned={},
            done={},
        )
        session.add(dead)
    run_now(empty_bridge.services, NAME, ALL)
    first, second = rows(empty_bridge)
    assert first.state == RunState.FAILED
    assert "ended before it was done" in (first.error or "")
    assert second.state == RunState.PLANNED


def test_a_defect_of_ours_ends_the_run_with_a_sentence(
    empty_bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_context: object) -> RunRow:
        raise KeyError("inside")

    empty_bridge.add()
    empty_bridge.consent()
    monkeypatch.setattr(runs, "run_engine", broken)
    row = run_now(empty_bridge.services, NAME, ALL)
    assert row.state is RunState.FAILED
    assert "unexpected" in (row.error or "")
    assert "Traceback" not in (row.error or "")
    with claimed(empty_bridge.services, NAME) as lease:
        assert lease is not None


def test_trouble_with_a_side_stands_on_the_connection_until_a_run_succeeds(
    empty_bridge: Bridge,
) -> None:
    empty_bridge.add()
    run_now(empty_bridge.services, NAME, ALL)
    with reading(empty_bridge.services) as session:
        assert "Press Connect" in session.scalars(sa.select(models.Connection.trouble_text)).one()
    empty_bridge.consent()
    run_now(empty_bridge.services, NAME, ALL)
    with reading(empty_bridge.services) as session:
        assert session.scalar(sa.select(models.Connection.trouble_text)) == ""


# --- scopes ----------------------------------------------------------------------------------------


def test_kinds_and_records_are_read_from_texts() -> None:
    scope = scope_of(kinds=("invoice",), records=("invoice:perfex:a:b",), trigger="command")
    assert scope.kinds == {Kind.INVOICE}
    assert scope.records == (Key(Kind.INVOICE, Side.PERFEX, "a:b"),)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("invoice", "KIND:SIDE:ID"),
        ("invoice:perfex:", "KIND:SIDE:ID"),
        ("invoice:sage:1", "no side 'sage'"),
        ("quote:perfex:1", "no kind 'quote'"),
    ],
)
def test_what_names_no_record_is_refused(text: str, told: str) -> None:
    with pytest.raises(NotAccepted, match=told):
        record_key(text)


# --- when it is looked again -----------------------------------------------------------------------


def ended(state: RunState, bridge_now: Any, **members: Any) -> RunRow:
    return RunRow(id=1, connection=NAME, state=state, started_at=bridge_now, **members)


def test_a_lively_connection_is_looked_at_as_often_as_was_chosen(empty_bridge: Bridge) -> None:
    now = empty_bridge.clock.now()
    cadence, at = next_look(
        ended(RunState.IN_STEP, now), cadence=120, poll=15, changed_at=now, now=now
    )
    assert (cadence, at - now) == (15, timedelta(minutes=15))


def test_a_quiet_connection_is_looked_at_ever_more_seldom(empty_bridge: Bridge) -> None:
    now, cadence, waits = empty_bridge.clock.now(), 0, []
    for _ in range(6):
        cadence, _at = next_look(
            ended(RunState.IN_STEP, now), cadence=cadence, poll=15, changed_at=None, now=now
        )
        waits.append(cadence)
    assert waits == [15, 30, 60, 120, 120, 120]
    assert max(waits) == LONGEST


def test_a_run_that_waits_goes_on_when_it_said(empty_bridge: Bridge) -> None:
    now = empty_bridge.clock.now()
    later = now + timedelta(hours=3)
    waiting = ended(RunState.WAITING, now, resumes_at=later)
    assert next_look(waiting, cadence=15, poll=15, changed_at=None, now=now)[1] == later
    soon = ended(RunState.WAITING, now)
    assert next_look(soon, cadence=15, poll=15, changed_at=None, now=now)[1] < later


def test_a_slow_site_is_kept_busy_a_tenth_of_the_time_at_most(empty_bridge: Bridge) -> None:
    now = empty_bridge.clock.now()
    slow = msgspec.structs.replace(
        ended(RunState.IN_STEP, now), started_at=now - timedelta(minutes=10)
    )
    _cadence, at = next_look(slow, cadence=15, poll=15, changed_at=now, now=now)
    assert at - now == timedelta(minutes=90)


# --- threads ---------------------------------------------------------------------------------------


def test_a_connection_that_is_woken_again_is_served_again(empty_bridge: Bridge) -> None:
    begun, go_on, served = Event(), Event(), []

    def serve(_services: Services, name: str) -> None:
        served.append(name)
        begun.set()
        assert go_on.wait(10)

    dispatch = ThreadDispatch(serve)
    dispatch.wake(empty_bridge.services, "a")
    assert begun.wait(10)
    dispatch.wake(empty_bridge.services, "a")
    dispatch.wake(empty_bridge.services, "a")
    assert not dispatch.wait(0)
    go_on.set()
    assert dispatch.wait(10)
    assert served == ["a", "a"]


def test_trouble_in_one_connection_leaves_the_others_alone(empty_bridge: Bridge) -> None:
    served = []

    def serve(_services: Services, name: str) -> None:
        served.append(name)
        if name == "a":
            raise ValueError("broken")

    dispatch = ThreadDispatch(serve, at_once=1)
    for name in ("a", "b", "a"):
        dispatch.wake(empty_bridge.services, name)
        assert dispatch.wait(10)
    assert served == ["a", "b", "a"]


class Counted:
    """A claim that fails once and then holds."""

    def __init__(self) -> None:
        self.beats = 0
        self.enough = Event()

    def check(self) -> None:
        self.beats += 1
        if self.beats == 1:
            raise Retriable("store_busy")
        self.enough.set()


@contextmanager
def no_trouble() -> Iterator[None]:
    try:
        yield
    except BridgeError:
        pytest.fail("a missed heartbeat is not the run's trouble")


def test_the_claim_is_renewed_while_a_run_waits() -> None:
    lease = Counted()
    with no_trouble(), beating(lease, 0.001):
        assert lease.enough.wait(10)
    beats = lease.beats
    assert beats >= 2
