"""A small pair of books, live and in step, for scenarios that start in the middle."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.scenarios import buying, spending
from tests.scenarios.world import World, a_world
from tests.support.tables import address, tables_at, template_with_tables
from xero_bridge.core.vocabulary import Direction, RunState

__all__ = ["template_with_tables"]


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Nothing on either side; mapped, and live. The bridge remembers in memory or a database."""
    with ExitStack() as stack:
        database = None
        if request.param != "memory":
            url = stack.enter_context(address(request, tmp_path))
            database = stack.enter_context(tables_at(url))
        made = stack.enter_context(a_world(database=database))
        made.map_usual()
        made.go_live()
        yield made


@pytest.fixture
def books(world: World) -> World:
    """One customer and one invoice of 120.00 in both systems, in step."""
    customer = world.perfex.staff.create_customer("Harbour Joinery Ltd", vat="GB123")
    world.customer = customer
    world.invoice = world.bill("100.00", "Consulting")
    report = world.sync()
    assert report.state is RunState.IN_STEP, report
    return world


@pytest.fixture
def shop(world: World) -> World:
    """A site with the Purchase module and one vendor, in step with Xero."""
    buying.set_up_buying(world)
    buying.buyers(world).create_vendor("Ridgeway Timber Supplies")
    report = world.sync()
    assert report.state is RunState.IN_STEP, report
    return world


@pytest.fixture
def office(world: World) -> World:
    """A live connection whose categories, purchase taxes and suppliers are chosen, in step."""
    spending.prepare(world)
    report = world.sync()
    assert report.state is RunState.IN_STEP, report
    return world


@pytest.fixture
def one_way(books: World) -> None:
    """Invoices are not followed from Xero: what is edited there is asked about."""
    books.change_settings(direction={"invoice": Direction.PERFEX_TO_XERO})
