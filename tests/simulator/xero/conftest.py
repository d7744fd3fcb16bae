"""A Xero simulator over real HTTP, and a client that is already connected."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.simulator.xero.client import Api
from xero_bridge.simulator.common import Server, SimClock
from xero_bridge.simulator.xero import Limits, XeroSettings, XeroSimulator, create_xero

NOW = datetime(2026, 8, 3, 9, 30, 15, 250_000, tzinfo=UTC)


@pytest.fixture
def clock() -> SimClock:
    return SimClock(NOW)


@pytest.fixture
def xero(clock: SimClock) -> XeroSimulator:
    # Enough calls for any test; those of the limits set their own.
    settings = XeroSettings(limits=Limits(minute=10_000, day=10_000))
    return create_xero(clock=clock, seed=True, settings=settings)


@pytest.fixture
def server(xero: XeroSimulator) -> Iterator[Server]:
    with Server(xero.wsgi) as server:
        yield server


@pytest.fixture
def api(xero: XeroSimulator, server: Server) -> Iterator[Api]:
    with Api.connected(xero, server.url) as api:
        yield api
