"""A small pair of books, live and in step, for scenarios that start in the middle."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.scenarios.world import World, a_world
from xero_bridge.core.vocabulary import RunState


@pytest.fixture
def world() -> Iterator[World]:
    """Nothing on either side; mapped, and live."""
    with a_world() as made:
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
