"""Two pairs of hands kept the same books for a year: the bridge adopts them and makes nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.adoption.books import Existing, enter
from tests.adoption.counting import bills_in_xero, firms_in_xero, left_to_pay
from tests.adoption.ghosts import Firm, a_business
from tests.adoption.person import DOUBTS, truth
from tests.scenarios.world import World, a_world
from tests.support.tables import address, tables_at, template_with_tables
from xero_bridge.core.plan import Answer, Question
from xero_bridge.core.vocabulary import Kind, RunState

__all__ = ["template_with_tables"]

FIRMS, BILLS, ALONE = 500, 1000, 20
SEED = 7


@pytest.fixture(params=["memory", "sqlite"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Both systems, empty; the bridge is mapped and looks, but is not live."""
    with ExitStack() as stack:
        database = None
        if request.param != "memory":
            url = stack.enter_context(address(request, tmp_path))
            database = stack.enter_context(tables_at(url))
        made = stack.enter_context(a_world(database=database, quota=1_000_000))
        made.map_usual()
        yield made


def writes(world: World) -> int:
    """Calls that wrote in Xero, and statements that wrote in Perfex."""
    sent = [call for call in world.xero.calls if call.method != "GET"]
    return len(sent) + world.perfex.site.db.writes


def answer_all(world: World, made: Existing) -> list[Question]:
    """Everything that is asked gets its true answer; what it was."""
    asked = world.questions()
    with world.store.atomically():
        for question in asked:
            reply = truth(made, question)
            given = Answer(
                question=question.key,
                code=reply.code,
                value=reply.value,
                basis=question.basis,
                by="Ann",
                at=world.clock.now(),
            )
            world.give(given)
    return asked


def until_quiet(world: World, made: Existing) -> list[Question]:
    """Run, answer and consent until nothing is left to do or to say; all that was asked."""
    asked: list[Question] = []
    for _run in range(8):
        report = world.sync()
        now = answer_all(world, made)
        for stop in world.stops():
            world.approve(stop.guard)
        asked += now
        if report.state is RunState.IN_STEP and not now:
            return asked
    raise AssertionError(f"still not in step: {report}, {world.questions()[:3]}")


@pytest.mark.slow
def test_existing_books_are_adopted_without_a_duplicate_and_every_doubt_is_asked(
    world: World,
) -> None:
    business = a_business(FIRMS, BILLS, seed=SEED, alone=ALONE)
    made = enter(business, world.perfex, world.xero, seed=SEED)
    untouched = writes(world)
    planned = world.sync()
    assert planned.state is RunState.PLANNED
    assert planned.planned["customer"]["link"] == FIRMS - len(business.misspelt)
    world.go_live()
    asked = until_quiet(world, made)
    assert _asked_about(asked, made) >= business.misspelt
    assert {question.reason for question in asked} <= DOUBTS | {"ask_before_create"}
    # What is on both sides stands there once; what was on one side arrived once.
    contacts, invoices = firms_in_xero(made, world.xero), bills_in_xero(made, world.xero)
    assert set(contacts.values()) == {1}
    assert contacts.total() == FIRMS + 2 * ALONE
    assert set(invoices.values()) == {1}
    assert len(invoices) == BILLS + 2 * ALONE
    assert left_to_pay(made, world.perfex, world.xero) == []
    quiet = writes(world)
    assert quiet > untouched
    assert world.sync().done == {}
    assert writes(world) == quiet


def _asked_about(asked: list[Question], made: Existing) -> set[Firm]:
    customers = (one for one in asked if one.kind is Kind.CUSTOMER)
    return {made.perfex_firms[question.perfex_id or ""] for question in customers}


@pytest.mark.parametrize("seed", range(5))
def test_books_of_any_seed_are_adopted_without_a_duplicate(seed: int) -> None:
    with a_world(quota=1_000_000) as world:
        world.map_usual()
        world.go_live()
        business = a_business(50, 100, seed=seed, alone=5)
        made = enter(business, world.perfex, world.xero, seed=seed)
        asked = until_quiet(world, made)
        assert _asked_about(asked, made) >= business.misspelt
        assert set(firms_in_xero(made, world.xero).values()) == {1}
        assert set(bills_in_xero(made, world.xero).values()) == {1}
        assert left_to_pay(made, world.perfex, world.xero) == []
