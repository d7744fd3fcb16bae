"""A served Perfex site for each test, and a short way to call it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from tests.simulator.perfex.site import Perfex
from xero_bridge.simulator.common import Server, SimClock
from xero_bridge.simulator.perfex import create_perfex

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)

Serve = Callable[..., Perfex]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves sites of any version; all are stopped at the end."""
    opened: list[tuple[Server, Perfex]] = []

    def start(version: str = "3.0.3", **options: Any) -> Perfex:
        simulator = create_perfex(version, clock=options.pop("clock", SimClock(NOON)), **options)
        server = Server(simulator.wsgi)
        perfex = Perfex(simulator, server.url, requests.Session())
        opened.append((server, perfex))
        return perfex

    yield start
    for server, perfex in opened:
        perfex.session.close()
        server.stop()
        perfex.simulator.close()


@pytest.fixture
def perfex(serve: Serve) -> Perfex:
    """A fresh installation with module 3.0.3 as observed."""
    return serve()


@pytest.fixture
def old(serve: Serve) -> Perfex:
    """A fresh installation with module 2.0.8."""
    return serve("2.0.8")


@pytest.fixture
def documented(serve: Serve) -> Perfex:
    """A fresh installation with module 3.1.0 as its documents say."""
    return serve("3.1.0")
