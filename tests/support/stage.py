"""Both systems on the loopback address, and a real bridge that any process can open."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import structlog

from xero_bridge.core.ports import Clock, RunRow
from xero_bridge.engine.context import Scope
from xero_bridge.environment import read_environment
from xero_bridge.operations import connections, consent, mappings
from xero_bridge.operations.connections import NewConnection
from xero_bridge.operations.mappings import NewMapping
from xero_bridge.operations.runs import run_now
from xero_bridge.operations.services import COMMAND_LINE, Services
from xero_bridge.operations.settings import set_settings
from xero_bridge.simulator.common import Server, SimClock
from xero_bridge.simulator.perfex import PerfexSimulator, create_perfex
from xero_bridge.simulator.perfex import Settings as SiteSettings
from xero_bridge.simulator.xero import (
    DEMO_USER,
    App,
    Limits,
    User,
    XeroSettings,
    XeroSimulator,
    create_xero,
)
from xero_bridge.store.database import Database, open_engine
from xero_bridge.store.migrating import upgrade
from xero_bridge.store.vault import Vault
from xero_bridge.wiring.application import build_services

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

NAME = "demo"
#: Works in Xero, and has consented to nothing.
BOOKKEEPER = User(
    user_id="9d1c6f4e-52a8-4a34-8f0e-6f0f6a1f2b02",
    email="robin@books.example",
    given_name="Robin",
    family_name="Marsh",
)
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
MANY = 1_000_000
#: New processes come from a clean server that has read our modules already.
PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.support.stage"])

Wrap = Callable[["WSGIApplication"], "WSGIApplication"]


class SharedClock(SimClock):
    """One time for several processes: it runs, and whoever moves it moves it for all."""

    def __init__(self, zero: float | None = None, moved: Synchronized[float] | None = None) -> None:
        super().__init__()
        self.zero = time.monotonic() if zero is None else zero
        self.moved: Synchronized[float] = moved or PROCESSES.Value("d", 0.0)

    def now(self) -> datetime:
        """The shared instant, aware and in UTC."""
        passed = time.monotonic() - self.zero + self.moved.value
        return START + timedelta(seconds=passed)

    def move(self, *, days: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Move the time of all processes."""
        with self.moved.get_lock():
            self.moved.value += days * 86400 + minutes * 60 + seconds

    def sleep(self, seconds: float, /) -> None:
        """What would be waited for is over at once."""
        self.move(seconds=seconds)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Both systems as they are served, and what a bridge between them has to be told."""

    clock: SharedClock
    perfex: PerfexSimulator
    xero: XeroSimulator
    perfex_url: str
    xero_url: str
    folder: Path

    @property
    def variables(self) -> dict[str, str]:
        """The variables of a bridge on a database in the folder."""
        app, url = App(), self.xero_url
        return {
            "INSTANCE": str(self.folder),
            "XERO_CLIENT_ID": app.client_id,
            "XERO_CLIENT_SECRET": app.client_secret,
            "XERO_AUTHORIZE_URL": f"{url}/identity/connect/authorize",
            "XERO_TOKEN_URL": f"{url}/connect/token",
            "XERO_REVOKE_URL": f"{url}/connect/revocation",
            "XERO_CONNECTIONS_URL": f"{url}/connections",
            "XERO_API_URL": f"{url}/api.xro/2.0",
        }

    def bank(self) -> str:
        """The AccountID of the bank account."""
        accounts = self.xero.books().accounts.values()
        return next(str(each["AccountID"]) for each in accounts if each["Code"] == "090")

    def invoices_in_xero(self) -> list[dict[str, Any]]:
        """Every invoice of the organisation, whatever its status."""
        return self.xero.books().invoices.values()


@contextmanager
def a_stage(
    folder: Path, *, wrap: Wrap = lambda app: app, boundless: bool = False
) -> Iterator[Stage]:
    """Both systems running; `boundless` ones have no limits on calls."""
    clock = SharedClock()
    site = SiteSettings(quota=MANY) if boundless else None
    limits = Limits(minute=MANY, day=MANY) if boundless else Limits(day=MANY)
    with ExitStack() as stack:
        perfex = create_perfex(clock=clock, settings=site)
        stack.callback(perfex.close)
        xero = create_xero(
            clock=clock, settings=XeroSettings(limits=limits, users=(DEMO_USER, BOOKKEEPER))
        )
        perfex_url = stack.enter_context(Server(wrap(perfex.wsgi))).url
        xero_url = stack.enter_context(Server(wrap(xero.wsgi))).url
        yield Stage(
            clock=clock,
            perfex=perfex,
            xero=xero,
            perfex_url=perfex_url,
            xero_url=xero_url,
            folder=folder,
        )


@contextmanager
def a_bridge(variables: Mapping[str, str], clock: Clock) -> Iterator[Services]:
    """The services of a bridge in this process, on a database that is up to date."""
    environment = read_environment(dict(variables))
    engine = open_engine(environment.database_url, Vault(environment.encryption_keys))
    try:
        yield build_services(environment, Database(engine), clock)
    finally:
        engine.dispose()


def connect(stage: Stage, services: Services) -> None:
    """Connect both systems by a real consent, map what is usual, and go live."""
    upgrade(services.database.engine)
    new = NewConnection(
        name=NAME,
        perfex_url=stage.perfex_url,
        perfex_token=stage.perfex.token,
        allow_private_address=True,
    )
    connections.add(services, new, by=COMMAND_LINE)
    started = consent.start(services, NAME)
    answer = dict(parse_qsl(urlsplit(stage.xero.approve(started.url)).query))
    consent.finish(services, NAME, started, answer, by=COMMAND_LINE)
    run_now(services, NAME, Scope(dry=True))
    set_settings(services, NAME, SETTINGS, by=COMMAND_LINE)
    for new_mapping in (VAT, NO_TAX, NewMapping(kind="payment_mode", perfex="1", account="090")):
        mappings.set_mapping(services, NAME, new_mapping, by=COMMAND_LINE)
    connections.go_live(services, NAME, by=COMMAND_LINE)


SETTINGS = {
    "sales_account": "200",
    "rounding_account": "860",
    "start_date": "2020-01-01",
    "perfex_hourly": "100000",
    "call_reserve": "0",
}
VAT = NewMapping(kind="tax", perfex="VAT|20.00", sales="OUTPUT2")
NO_TAX = NewMapping(kind="tax", perfex="none", sales="NONE")


def do_business(perfex: PerfexSimulator, customers: int, invoices: int, payments: int) -> None:
    """New customers with their contacts, invoices of two lines in turn, payments of the first."""
    staff = perfex.staff
    with perfex.store.transaction():
        known = [_customer(perfex, number) for number in range(1, customers + 1)]
        sent = [_invoice(perfex, known[n % customers], n) for n in range(1, invoices + 1)]
        for number, invoice in enumerate(sent[:payments], 1):
            staff.record_payment(invoice, f"{10 + number % 7}.00", note=f"Transfer {number}")


def _customer(perfex: PerfexSimulator, number: int) -> int:
    columns = {"address": f"{number} Mill Lane", "city": "Bristol", "zip": f"BS1 {number % 9}XX"}
    customer = perfex.staff.create_customer(f"Orchard & Sons {number:05d}", **columns)
    perfex.staff.create_contact(customer, "Ann", f"Lee {number}", f"ann{number}@orchard.example")
    return customer


def _invoice(perfex: PerfexSimulator, customer: int, number: int) -> int:
    lines = [
        _line(f"Consulting {number}", "1.50", f"{80 + number % 40}.00", ["VAT|20.00"]),
        _line("Postage", "1.00", "7.35", []),
    ]
    return perfex.staff.create_invoice(customer, lines, date="2026-11-02", duedate="2026-12-02")


def _line(text: str, quantity: str, rate: str, taxes: list[str]) -> Any:
    return {
        "description": text,
        "long_description": "",
        "qty": quantity,
        "rate": rate,
        "unit": "",
        "taxes": taxes,
    }


def sync_in_child(
    variables: Mapping[str, str], zero: float, moved: Synchronized[float], outcome: Any
) -> None:
    """One run in a process of its own; its report is sent through the pipe `outcome`."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with a_bridge(variables, SharedClock(zero, moved)) as services:
        row: RunRow = run_now(services, NAME, Scope(trigger="command"))
        outcome.send(row)
