"""Calls are paced for all processes together, and a day that is used up is said."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.store.clocks import Hands
from tests.store.samples import address_of
from xero_bridge.core.calls import Budget
from xero_bridge.core.errors import BudgetSpent
from xero_bridge.store import models
from xero_bridge.store.budgets import (
    LOST,
    SqlBudget,
    perfex_key,
    perfex_limits,
    xero_key,
    xero_limits,
)
from xero_bridge.store.database import Database, open_engine
from xero_bridge.store.vault import Vault, make_key


@pytest.fixture
def clock() -> Hands:
    return Hands()


def xero(database: Database, clock: Hands, tenant: str = "t", reserve: int = 0) -> SqlBudget:
    return SqlBudget(database, xero_key(tenant), xero_limits(reserve), clock, sleep=clock.sleep)


def take(budget: Budget, times: int = 1) -> None:
    for _ in range(times):
        with budget.take():
            pass


def test_the_first_fifty_five_calls_of_a_minute_do_not_wait(
    database: Database, clock: Hands
) -> None:
    take(xero(database, clock), 55)
    assert clock.slept == []


def test_the_next_call_waits_until_the_first_is_a_minute_old(
    database: Database, clock: Hands
) -> None:
    budget = xero(database, clock)
    take(budget)
    clock.move(seconds=20)
    take(budget, 54)
    began = clock.now()
    take(budget)
    assert clock.now() - began == timedelta(seconds=40)


def test_no_minute_wherever_it_begins_has_more_calls(database: Database, clock: Hands) -> None:
    budget = xero(database, clock)
    at = []
    for number in range(160):
        take(budget)
        at.append(clock.now())
        clock.move(seconds=0.3 if number % 2 else 0.01)
    for first, later in zip(at, at[55:], strict=False):
        assert later - first >= timedelta(minutes=1)


def test_another_process_counts_the_same_calls(database: Database, clock: Hands) -> None:
    take(xero(database, clock), 55)
    take(xero(database, clock))
    assert sum(clock.slept) == 60


def test_organisations_do_not_take_each_others_calls(database: Database, clock: Hands) -> None:
    take(xero(database, clock, "one"), 55)
    take(xero(database, clock, "two"), 55)
    assert clock.slept == []


def test_a_fifth_call_at_once_waits_for_a_place(database: Database, clock: Hands) -> None:
    budget = xero(database, clock)
    places = [budget.take() for _ in range(4)]
    for place in places:
        place.__enter__()
    with pytest.raises(BudgetSpent):
        take(budget)
    places[0].__exit__(None, None, None)
    take(budget)


def test_the_place_of_a_process_that_died_comes_back(database: Database, clock: Hands) -> None:
    budget = xero(database, clock)
    for _ in range(4):
        budget.take().__enter__()
    clock.move(seconds=LOST.total_seconds())
    take(budget)
    assert clock.slept == []


def _call_and_vanish(url: str) -> None:
    """What a process does that is killed while Perfex answers it."""
    engine = open_engine(url, Vault([make_key()]))
    clock = Hands()
    SqlBudget(Database(engine), "perfex:t", perfex_limits(500), clock).take().__enter__()


def test_a_restart_after_a_kill_does_not_wait_for_the_call_that_was_cut(
    database: Database, clock: Hands
) -> None:
    process = multiprocessing.get_context("spawn").Process(
        target=_call_and_vanish, args=(address_of(database),)
    )
    process.start()
    process.join(60)
    assert process.exitcode == 0
    take(SqlBudget(database, "perfex:t", perfex_limits(500), clock, sleep=clock.sleep))
    assert clock.slept == []


def test_places_are_never_given_twice_whoever_asks_at_once(database: Database) -> None:
    """Real threads, real waiting: at no moment are more than four calls under way."""
    clock = Hands()
    budget = SqlBudget(database, "xero:t", xero_limits(0), clock, sleep=lambda _s: None)
    under_way: list[int] = []
    most: list[int] = []

    def call(_number: int) -> None:
        with budget.take():
            under_way.append(1)
            most.append(len(under_way))
            budget.day_remaining()
            under_way.pop()

    with ThreadPoolExecutor(12) as threads:
        list(threads.map(call, range(48)))
    assert len(most) == 48
    assert max(most) <= 4


def test_a_minute_limit_of_the_other_side_is_waited_for(database: Database, clock: Hands) -> None:
    budget = xero(database, clock)
    budget.block(clock.now() + timedelta(seconds=26), "minute")
    take(xero(database, clock))
    assert sum(clock.slept) == 26


def test_a_day_limit_stops_one_organisation_and_says_until_when(
    database: Database, clock: Hands
) -> None:
    until = clock.now() + timedelta(hours=20)
    xero(database, clock).block(until, "day")
    with pytest.raises(BudgetSpent, match="in a day") as caught:
        take(xero(database, clock))
    assert caught.value.retry_at == until
    take(xero(database, clock, "another"))
    clock.move(hours=20)
    take(xero(database, clock))


def test_calls_kept_for_people_are_not_taken(database: Database, clock: Hands) -> None:
    machine, person = xero(database, clock, reserve=100), xero(database, clock)
    machine.observe({"x-daylimit-remaining": "101"})
    take(machine)
    machine.observe({"x-daylimit-remaining": "100"})
    with pytest.raises(BudgetSpent):
        take(machine)
    take(person)


def test_an_old_word_about_the_day_is_not_believed_for_ever(
    database: Database, clock: Hands
) -> None:
    budget = xero(database, clock, reserve=100)
    budget.observe({"x-daylimit-remaining": "100"})
    assert budget.day_remaining() == 100
    with pytest.raises(BudgetSpent) as caught:
        take(budget)
    assert caught.value.retry_at == clock.now() + timedelta(hours=1)
    clock.move(hours=1)
    assert budget.day_remaining() is None
    take(budget)


@pytest.mark.parametrize("headers", [{}, {"x-daylimit-remaining": "unlimited"}])
def test_headers_that_say_nothing_change_nothing(
    database: Database, clock: Hands, headers: dict[str, str]
) -> None:
    budget = xero(database, clock, reserve=100)
    budget.observe(headers)
    assert budget.day_remaining() is None
    take(budget)


def test_perfex_takes_one_request_at_a_time_and_its_part_of_the_hour(
    database: Database, clock: Hands
) -> None:
    budget = SqlBudget(
        database,
        perfex_key("https://crm.example", "secret"),
        perfex_limits(5),
        clock,
        sleep=clock.sleep,
    )
    take(budget, 5)
    with pytest.raises(BudgetSpent, match="in an hour") as caught:
        take(budget)
    assert caught.value.retry_at == clock.now() + timedelta(hours=1)
    clock.move(hours=1)
    with budget.take(), pytest.raises(BudgetSpent):
        take(budget)


def test_no_token_is_readable_in_the_key_of_its_budget() -> None:
    assert "secret" not in perfex_key("https://crm.example", "secret")
    assert perfex_key("https://crm.example", "a") != perfex_key("https://crm.example", "b")


def test_calls_outside_the_window_leave_no_rows(database: Database, clock: Hands) -> None:
    budget = xero(database, clock)
    for _ in range(5):
        take(budget, 20)
        clock.move(minutes=2)
    take(budget)
    with database.reading() as connection:
        turns = connection.execute(sa.select(sa.func.count()).select_from(models.Turn)).scalar_one()
    assert turns == 1
