"""A whole bridge between two simulated systems: real HTTP, a real database, the real application."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from flask import Flask

from xero_bridge import create_app
from xero_bridge.core.ports import RunRow
from xero_bridge.core.vocabulary import Kind
from xero_bridge.operations import connections, consent, mappings, runs, scopes, settings
from xero_bridge.operations.connections import NewConnection
from xero_bridge.operations.consent import Connected
from xero_bridge.operations.mappings import NewMapping
from xero_bridge.operations.services import By, Services
from xero_bridge.simulator.common import Server, SimClock
from xero_bridge.simulator.perfex import PerfexSimulator, create_perfex
from xero_bridge.simulator.xero import XeroSimulator, create_xero
from xero_bridge.store.migrating import upgrade

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ANN = By("ann@example.com", 1)
NAME = "acme"
TAXES = {
    "VAT|20.00": "OUTPUT2",
    "VAT|5.00": "RROUTPUT",
    "Zero|0.00": "ZERORATEDOUTPUT",
    "none": "NONE",
    "ECO|2.50+VAT|20.00": "TAX001",
}


@dataclass
class MovedClock:
    """The simulators' clock, seen by the bridge; waiting moves it."""

    sim: SimClock

    def now(self) -> datetime:
        return self.sim.now()

    def sleep(self, seconds: float, /) -> None:
        self.sim.move(seconds=seconds)


@dataclass(kw_only=True)
class Bridge:
    """The application, its services, both systems, and what a person does with them."""

    app: Flask
    clock: SimClock
    perfex: PerfexSimulator
    perfex_url: str
    xero: XeroSimulator
    xero_url: str
    environment: dict[str, str] = field(repr=False)

    @property
    def services(self) -> Services:
        found = self.app.extensions["xero_bridge"]
        assert isinstance(found, Services)
        return found

    def add(self, name: str = NAME, **members: str) -> None:
        new = NewConnection(
            name=name,
            perfex_url=self.perfex_url,
            perfex_token=self.perfex.token,
            allow_private_address=True,
            **members,
        )
        connections.add(self.services, new, by=ANN)

    def consent(self, name: str = NAME, tenant: str | None = None) -> Connected:
        """Press Connect, and Allow access on Xero's page."""
        started = consent.start(self.services, name)
        back = self.xero.approve(started.url, tenant)
        answer = dict(parse_qsl(urlsplit(back).query))
        return consent.finish(self.services, name, started, answer, by=ANN)

    def set(self, name: str = NAME, **values: str) -> None:
        settings.set_settings(self.services, name, values, by=ANN)

    def map_all(self, name: str = NAME) -> None:
        """Map what the demo's documents use most."""
        for perfex, xero in TAXES.items():
            new = NewMapping(kind=Kind.TAX, perfex=perfex, sales=xero)
            mappings.set_mapping(self.services, name, new, by=ANN)
        for mode, account in {"1": "090", "stripe": "092"}.items():
            new = NewMapping(kind=Kind.PAYMENT_MODE, perfex=mode, account=account)
            mappings.set_mapping(self.services, name, new, by=ANN)

    def set_up(self, name: str = NAME) -> None:
        """Everything up to the button `Go live`."""
        self.add(name)
        self.consent(name)
        self.set(name, sales_account="200", rounding_account="429", start_date="2024-01-01")
        self.map_all(name)

    def go_live(self, name: str = NAME) -> None:
        self.set_up(name)
        connections.go_live(self.services, name, by=ANN)

    def sync(self, name: str = NAME, *, minutes: float = 1, dry: bool = False) -> RunRow:
        self.clock.move(minutes=minutes)
        scope = scopes.scope_of(dry=dry, trigger="command")
        return runs.run_now(self.services, name, scope)


@contextmanager
def a_bridge(
    database_url: str, folder: Path, *, version: str = "3.0.3", demo: bool = True
) -> Iterator[Bridge]:
    """Both systems running and a bridge with an empty, migrated database."""
    clock = SimClock(START)
    with ExitStack() as stack:
        perfex = create_perfex(version, clock=clock, seed="demo" if demo else None)
        stack.callback(perfex.close)
        xero = create_xero(clock=clock, seed=demo)
        stack.callback(xero.store.close)
        perfex_url = stack.enter_context(Server(perfex.wsgi)).url
        xero_url = stack.enter_context(Server(xero.wsgi)).url
        environment = {
            "INSTANCE": str(folder),
            "DATABASE_URL": database_url,
            **xero_addresses(xero_url),
            "XERO_CLIENT_ID": xero.settings.apps[0].client_id,
            "XERO_CLIENT_SECRET": xero.settings.apps[0].client_secret,
        }
        app = create_app({**environment, "TESTING": True}, clock=MovedClock(clock))
        engine = app.extensions["xero_bridge"].database.engine
        stack.callback(engine.dispose)
        upgrade(engine)
        yield Bridge(
            app=app,
            clock=clock,
            perfex=perfex,
            perfex_url=perfex_url,
            xero=xero,
            xero_url=xero_url,
            environment=environment,
        )


def xero_addresses(url: str) -> dict[str, str]:
    """Variables (without prefix) that make a bridge use this Xero."""
    return {
        "XERO_AUTHORIZE_URL": f"{url}/identity/connect/authorize",
        "XERO_TOKEN_URL": f"{url}/connect/token",
        "XERO_REVOKE_URL": f"{url}/connect/revocation",
        "XERO_CONNECTIONS_URL": f"{url}/connections",
        "XERO_API_URL": f"{url}/api.xro/2.0",
    }
