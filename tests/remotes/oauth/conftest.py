"""The identity server of the simulator over real HTTP, and our flow before it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.remotes.support import OneGrant
from tests.remotes.xero.conftest import endpoints_at
from xero_bridge.core.calls import Exchange
from xero_bridge.core.consent import Started
from xero_bridge.core.grants import Grant, Tokens
from xero_bridge.remotes.endpoints import XeroEndpoints
from xero_bridge.remotes.http import Http, Patience
from xero_bridge.remotes.oauth.flow import XeroConsents
from xero_bridge.remotes.oauth.identity import Identity, XeroApp
from xero_bridge.remotes.oauth.refresh import TokenSource
from xero_bridge.simulator.common import Server, SimClock
from xero_bridge.simulator.xero import XeroSimulator, create_xero

REDIRECT = "http://localhost:8000/xero/callback"
SCOPES = (
    "openid",
    "profile",
    "email",
    "offline_access",
    "accounting.settings",
    "accounting.contacts",
    "accounting.invoices",
    "accounting.payments",
)


def no_grant(client_id: str = "SIMULATED-CLIENT-ID") -> OneGrant:
    """A store as it is before the first consent, with a place holder that has ended."""
    ended = datetime(2020, 1, 1, tzinfo=UTC)
    tokens = Tokens(access_token="", refresh_token="", expires_at=ended)
    grant = Grant(
        id=1, client_id=client_id, user_id="", tokens=tokens, version=0, refreshed_at=ended
    )
    return OneGrant(grant)


@dataclass(kw_only=True)
class Office:
    """Simulator, its clock as ours too, and everything of the flow."""

    simulator: XeroSimulator
    endpoints: XeroEndpoints
    grants: OneGrant
    http: Http
    calls: list[Exchange]
    app: XeroApp
    slept: list[float]

    @property
    def clock(self) -> SimClock:
        return self.simulator.clock

    @property
    def identity(self) -> Identity:
        return Identity(http=self.http, endpoints=self.endpoints, app=self.app, clock=self.clock)

    def consents(self, *, pkce: bool = False, scopes: tuple[str, ...] = SCOPES) -> XeroConsents:
        return XeroConsents(
            http=self.http,
            endpoints=self.endpoints,
            app=self.app,
            scopes=scopes,
            grants=self.grants,
            clock=self.clock,
            pkce=pkce,
        )

    def source(self) -> TokenSource:
        return TokenSource(
            1, grants=self.grants, identity=self.identity, clock=self.clock, sleep=self.sleep
        )

    def sleep(self, seconds: float, /) -> None:
        self.slept.append(seconds)
        self.clock.move(seconds=seconds)

    def consent(self, started: Started, tenant: str | None = None) -> dict[str, str]:
        """What comes back to the callback when the person presses Allow."""
        address = self.simulator.approve(started.url, tenant)
        return dict(parse_qsl(urlsplit(address).query))

    def connect(self) -> Grant:
        consents = self.consents()
        started = consents.begin(REDIRECT)
        return consents.finish(started, self.consent(started)).grant

    def token_calls(self) -> int:
        return sum(call.url == self.endpoints.token for call in self.calls)


@pytest.fixture
def office() -> Iterator[Office]:
    simulator = create_xero(clock=SimClock(datetime(2026, 8, 3, 12, tzinfo=UTC)))
    with Server(simulator.wsgi) as server:
        endpoints = endpoints_at(server.url)
        calls: list[Exchange] = []
        slept: list[float] = []

        def sleep(seconds: float, /) -> None:
            slept.append(seconds)

        http = Http(
            side="identity",
            origins=endpoints.called,
            clock=simulator.clock,
            recorder=calls.append,
            sleep=sleep,
            patience=Patience(attempts=2, answer=5),
            jitter=lambda: 0.0,
        )
        app = simulator.settings.apps[0]
        yield Office(
            simulator=simulator,
            endpoints=endpoints,
            grants=no_grant(),
            http=http,
            calls=calls,
            app=XeroApp(client_id=app.client_id, client_secret=app.client_secret),
            slept=slept,
        )
        http.close()


def tokens_until(moment: datetime, refresh_token: str = "refresh") -> Tokens:
    return Tokens(
        access_token="access",
        refresh_token=refresh_token,
        expires_at=moment + timedelta(minutes=30),
    )
