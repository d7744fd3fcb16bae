"""A Perfex simulator of each generation over real HTTP, and our client connected to it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest

from tests.remotes.support import MovableClock, OpenBudget
from xero_bridge.core.calls import Exchange
from xero_bridge.core.record import Absent, Record, Seen, Unreadable
from xero_bridge.core.remote import Entry
from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities import ENTITIES
from xero_bridge.remotes.http import Http, Patience
from xero_bridge.remotes.perfex import Api, Memory, PerfexClient
from xero_bridge.simulator.common import Server, SimClock
from xero_bridge.simulator.perfex import PerfexSimulator, create_perfex

OLD, OBSERVED, DOCUMENTED = "2.0.8", "3.0.3", "3.1.0"
VERSIONS = (OLD, OBSERVED, DOCUMENTED)


@dataclass(kw_only=True)
class Bench:
    """The simulator, our client, and what the client was given."""

    simulator: PerfexSimulator
    url: str
    clock: MovableClock
    budget: OpenBudget
    http: Http
    client: PerfexClient
    exchanges: list[Exchange] = field(default_factory=list)

    def entries(self, kind: Kind) -> list[Entry]:
        return [entry for page in self.client.entries(kind, None) for entry in page]

    def all(self, kind: Kind) -> list[Seen | Absent | Unreadable]:
        return list(self.client.open(kind, self.entries(kind)))

    def records(self, kind: Kind) -> dict[str, Record]:
        return {seen.key.id: seen.record for seen in self.all(kind) if isinstance(seen, Seen)}

    def again(self, memory: Memory | None = None, token: str = "") -> PerfexClient:
        """Another client of the same site."""
        api = Api(
            http=self.http,
            url=self.url,
            token=token or self.simulator.token,
            clock=self.clock,
            budget=self.budget,
        )
        return PerfexClient(api, ENTITIES, memory=memory)

    def asked(self) -> list[str]:
        """Method and path of the calls so far."""
        return [f"{call.method} {call.path.removeprefix('/api/')}" for call in self.simulator.calls]


Connect = Callable[..., Bench]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Starts a site and connects to it; everything ends with the test."""
    with ExitStack() as stack:

        def start(version: str = OBSERVED, *, seed: str | None = None, token: str = "") -> Bench:
            simulator = create_perfex(version, clock=SimClock(), seed=seed)
            stack.callback(simulator.close)
            url = stack.enter_context(Server(simulator.wsgi)).url
            return connected(simulator, url, stack, token)

        yield start


def connected(simulator: PerfexSimulator, url: str, stack: ExitStack, token: str) -> Bench:
    clock, budget = MovableClock(), OpenBudget()
    exchanges: list[Exchange] = []
    http = Http(
        side="perfex",
        origins=[url],
        clock=clock,
        recorder=exchanges.append,
        sleep=clock.sleep,
        patience=Patience(answer=5),
    )
    stack.callback(http.close)
    api = Api(http=http, url=url, token=token or simulator.token, clock=clock, budget=budget)
    return Bench(
        simulator=simulator,
        url=url,
        clock=clock,
        budget=budget,
        http=http,
        client=PerfexClient(api, ENTITIES),
        exchanges=exchanges,
    )


@pytest.fixture(params=VERSIONS)
def bench(request: pytest.FixtureRequest, connect: Connect) -> Bench:
    """An empty site, once in each generation."""
    return connect(request.param)


@pytest.fixture(params=VERSIONS)
def demo(request: pytest.FixtureRequest, connect: Connect) -> Bench:
    """A site with a year of business, once in each generation."""
    return connect(request.param, seed="demo")
