"""A Xero simulator over real HTTP, and our client connected to it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.remotes.support import ListedTokens, MovableClock, OpenBudget
from xero_bridge.core.calls import Exchange
from xero_bridge.core.entity import Lookups
from xero_bridge.entities import ENTITIES
from xero_bridge.remotes.endpoints import XeroEndpoints
from xero_bridge.remotes.http import Http, Patience
from xero_bridge.remotes.xero.client import XeroClient
from xero_bridge.remotes.xero.session import XeroSession
from xero_bridge.simulator.common import Server, SimClock
from xero_bridge.simulator.xero import XeroSimulator, create_xero

SITE = "https://crm.example.test"


def endpoints_at(url: str) -> XeroEndpoints:
    return XeroEndpoints(
        authorize=f"{url}/identity/connect/authorize",
        token=f"{url}/connect/token",
        revoke=f"{url}/connect/revocation",
        connections=f"{url}/connections",
        api=f"{url}/api.xro/2.0",
    )


@dataclass(kw_only=True)
class Bench:
    """The simulator, our client, and what the client was given."""

    simulator: XeroSimulator
    url: str
    clock: MovableClock
    calls: list[Exchange]
    budget: OpenBudget
    tokens: ListedTokens
    http: Http
    session: XeroSession
    client: XeroClient

    @property
    def tenant(self) -> str:
        return str(self.simulator.books().tenant)

    def asked(self) -> list[str]:
        """Method and endpoint of the accounting calls so far."""
        return [call.endpoint for call in self.simulator.calls]


@pytest.fixture
def simulator() -> XeroSimulator:
    return create_xero(clock=SimClock())


@pytest.fixture
def bench(simulator: XeroSimulator) -> Iterator[Bench]:
    with Server(simulator.wsgi) as server:
        made = connect(simulator, server.url)
        yield made
        made.http.close()


def connect(
    simulator: XeroSimulator, url: str, tokens: ListedTokens | None = None, tenant: str = ""
) -> Bench:
    clock, budget = MovableClock(), OpenBudget()
    calls: list[Exchange] = []
    endpoints = endpoints_at(url)
    tokens = tokens or ListedTokens([simulator.issue_token()["access_token"]])
    http = Http(
        side="xero",
        origins=endpoints.called,
        clock=clock,
        recorder=calls.append,
        sleep=clock.sleep,
        patience=Patience(answer=5),
    )
    session = XeroSession(
        http=http,
        endpoints=endpoints,
        tenant_id=tenant or simulator.books().tenant,
        tokens=tokens,
        budget=budget,
        organisation="Test Company",
    )
    client = XeroClient(session, ENTITIES, Lookups(site_url=SITE))
    return Bench(
        simulator=simulator,
        url=url,
        clock=clock,
        calls=calls,
        budget=budget,
        tokens=tokens,
        http=http,
        session=session,
        client=client,
    )
