"""The schedule: who is due runs once, whatever the number of processes."""

from datetime import timedelta
from threading import Event

import sqlalchemy as sa

from tests.support.bridge import ANN, NAME, Bridge
from xero_bridge import jobs
from xero_bridge.engine.context import Scope
from xero_bridge.operations import connections, runs, schedule
from xero_bridge.operations.rows import reading
from xero_bridge.operations.runs import claimed
from xero_bridge.store import models


def run_count(bridge: Bridge) -> int:
    assert bridge.services.dispatch.wait(30)
    with reading(bridge.services) as session:
        return int(session.scalar(sa.select(sa.func.count()).select_from(models.Run)) or 0)


def next_run_at(bridge: Bridge) -> object:
    with reading(bridge.services) as session:
        return session.scalar(sa.select(models.Connection.next_run_at))


def test_a_connection_without_a_consent_is_never_due(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    assert schedule.tick(empty_bridge.services) == []


def test_a_connected_one_is_due_at_once_and_then_after_its_pause(either_bridge: Bridge) -> None:
    bridge = either_bridge
    bridge.add()
    bridge.consent()
    assert schedule.tick(bridge.services) == [NAME]
    assert run_count(bridge) == 1
    assert schedule.tick(bridge.services) == []
    bridge.clock.move(minutes=16)
    assert schedule.tick(bridge.services) == [NAME]
    assert run_count(bridge) == 2


def test_two_processes_that_tick_at_once_ask_for_one_run(either_bridge: Bridge) -> None:
    bridge = either_bridge
    bridge.add()
    bridge.consent()
    with claimed(bridge.services, NAME):
        assert schedule.tick(bridge.services) == [NAME]
        # The request waits and is seen, but the connection is not due a second time.
        assert schedule.tick(bridge.services) == [NAME]
        assert bridge.services.dispatch.wait(10)
    assert schedule.tick(bridge.services) == [NAME]
    assert run_count(bridge) == 1


def test_a_paused_connection_is_left_alone(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    empty_bridge.consent()
    connections.pause(empty_bridge.services, NAME, by=ANN)
    assert schedule.tick(empty_bridge.services) == []
    connections.resume(empty_bridge.services, NAME, by=ANN)
    assert schedule.tick(empty_bridge.services) == [NAME]
    assert run_count(empty_bridge) == 1


def test_a_request_whose_process_died_is_served_by_the_next_tick(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    empty_bridge.consent()
    with claimed(empty_bridge.services, NAME):
        runs.request(empty_bridge.services, NAME, Scope(trigger="person"), by=ANN)
        assert empty_bridge.services.dispatch.wait(10)
    connections.pause(empty_bridge.services, NAME, by=ANN)
    assert schedule.tick(empty_bridge.services) == [NAME]
    assert run_count(empty_bridge) == 1


def test_old_calls_are_dropped_and_idle_grants_refreshed(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    empty_bridge.consent()
    empty_bridge.sync()
    with reading(empty_bridge.services) as session:
        before = session.scalars(sa.select(models.Grant.version)).one()
    empty_bridge.clock.move(days=40)
    schedule.keep_house(empty_bridge.services)
    with reading(empty_bridge.services) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(models.Call)) == 0
        assert session.scalar(sa.select(models.Grant.version)) == before + 1


def test_the_clock_of_the_process_ticks(empty_bridge: Bridge) -> None:
    empty_bridge.add()
    empty_bridge.consent()
    ended = Event()

    def woken(_services: object, _name: str) -> None:
        ended.set()

    services = empty_bridge.services
    watched = services.__class__(**{**vars(services), "dispatch": Watched(woken)})
    ticking = jobs.start(watched, tick=0.05)
    try:
        assert ended.wait(10)
    finally:
        ticking.shutdown(wait=True)
    assert next_run_at(empty_bridge) >= empty_bridge.clock.now() + timedelta(minutes=9)  # type: ignore[operator]


class Watched:
    """A dispatch that only tells that it was woken."""

    def __init__(self, woken: object) -> None:
        self._woken = woken

    def wake(self, services: object, connection: str) -> None:
        self._woken(services, connection)  # type: ignore[operator]

    def wait(self, seconds: float) -> bool:
        return True


def test_a_plan_that_waits_for_a_person_does_not_keep_the_looks_frequent(bridge: Bridge) -> None:
    bridge.set_up()
    waits = []
    for _ in range(9):
        bridge.sync(minutes=15)
        with reading(bridge.services) as session:
            waits.append(session.scalars(sa.select(models.Connection.cadence)).one())
    assert waits[0] == 15
    assert waits[-1] == 120
