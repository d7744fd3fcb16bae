"""A Perfex site and a Xero organisation over real HTTP, and the engine between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import msgspec
import requests
import sqlalchemy as sa
from msgspec.structs import replace

from tests.remotes.support import ListedTokens, OpenBudget
from tests.scenarios.bookkeeper import Bookkeeper
from tests.scenarios.person import Person
from tests.store.samples import AnyStore, add_connection
from xero_bridge.core.books import Organisation
from xero_bridge.core.entity import Lookups
from xero_bridge.core.plan import Plan
from xero_bridge.core.ports import RunRow
from xero_bridge.core.record import Key
from xero_bridge.core.settings import Settings
from xero_bridge.core.vocabulary import Kind, RunState, Side
from xero_bridge.engine.context import Context, Scope, remembered
from xero_bridge.engine.memory import MemoryStore
from xero_bridge.engine.run import run
from xero_bridge.entities import ENTITIES, decode_record, encode_record
from xero_bridge.remotes.endpoints import XeroEndpoints
from xero_bridge.remotes.http import Http, Patience
from xero_bridge.remotes.perfex.api import Api
from xero_bridge.remotes.perfex.client import PerfexClient
from xero_bridge.remotes.xero.client import XeroClient
from xero_bridge.remotes.xero.session import XeroSession
from xero_bridge.simulator.common import Server, SimClock
from xero_bridge.simulator.perfex import PerfexSimulator, create_perfex
from xero_bridge.simulator.perfex import Settings as SiteSettings
from xero_bridge.simulator.xero import XeroSimulator, create_xero
from xero_bridge.store import models
from xero_bridge.store.database import Database
from xero_bridge.store.repository import Codec, open_store

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


class NoLease:
    """Nobody else runs here."""

    def check(self) -> None:
        """The claim holds."""


@dataclass
class WorldClock:
    """The simulators' clock, seen by the bridge; sleeping moves it."""

    sim: SimClock

    def now(self) -> datetime:
        return self.sim.now()

    def sleep(self, seconds: float, /) -> None:
        self.sim.move(seconds=seconds)


@dataclass(kw_only=True)
class World(Bookkeeper, Person):
    """Both systems, their URLs, and the bridge's memory; `sync()` is one run."""

    clock: SimClock
    perfex: PerfexSimulator
    xero: XeroSimulator
    perfex_url: str
    xero_url: str
    store: AnyStore
    #: Opens the report of a run and returns its id.
    open_run: Callable[[], int]
    stack: ExitStack
    database: Database | None = None
    last: Context | None = None
    #: The customer and the invoice of a scenario that needs just one.
    customer: int = 0
    invoice: int = 0
    #: What was learned of the site is kept between runs, as the bridge does; else looked up anew.
    remembers: bool = False
    site_client: PerfexClient | None = None

    # --- staff in Perfex ------------------------------------------------------------------

    def bill(
        self, rate: str, text: str = "Work", *, tax: str | None = "VAT|20.00", **header: Any
    ) -> int:
        """An invoice of one line, dated today; its id."""
        today = self.clock.now().date()
        header = {"date": today.isoformat(), "duedate": "2026-12-20", **header}
        return self.perfex.staff.create_invoice(
            self.customer, [line(rate, text, tax=tax)], **header
        )

    def number(self, invoice: int | None = None) -> str:
        """The formatted number of an invoice."""
        row = self.perfex.row("invoices", invoice or self.invoice)
        assert row is not None
        return f"INV-{int(str(row['number'])):06d}"

    # --- the bridge -----------------------------------------------------------------------

    def sync(self, *, wait: timedelta = timedelta(minutes=1), scope: Scope | None = None) -> RunRow:
        """One run, `wait` after the one before."""
        self.clock.move(seconds=wait.total_seconds())
        scope = scope or Scope()
        context = self.context(scope)
        self.last = context
        return run(context)

    def run(self, context: Context) -> RunRow:
        """One run with these surroundings."""
        self.last = context
        return run(context)

    def resync(self, kind: Kind, side: Side, id_: str) -> RunRow:
        """A run about one record, as its Resync button asks for it."""
        return self.sync(scope=Scope(records=(Key(kind, side, id_),), trigger="resync"))

    def reference_lists(self) -> None:
        """Read accounts, taxes and the like, as the set-up does."""
        kinds = frozenset({Kind.ACCOUNT, Kind.TAX, Kind.PAYMENT_MODE, Kind.CURRENCY})
        self.sync(scope=Scope(kinds=kinds))

    def change_settings(self, **members: Any) -> None:
        """Set members of the connection's settings."""
        store = self.store
        with store.atomically():
            if isinstance(store, MemoryStore):
                store.set_settings(replace(store.settings(), **members))
                return
            for name, value in members.items():
                parts = value if isinstance(value, dict) else {"": value}
                for part, one in parts.items():
                    key = f"{name}.{part}" if part else name
                    store.save_setting(key, one, by="Ann", now=self.clock.now())

    def context_that_edits_before_writing(self, edit: Callable[[], None]) -> Context:
        """A run in whose middle, when the plan stands, somebody edits something."""
        self.clock.move(minutes=1)
        context = self.context(Scope())
        remote = context.xero
        organisation = remote.organisation

        def organisation_after_an_edit() -> Any:
            edit()
            return organisation()

        remote.organisation = organisation_after_an_edit  # type: ignore[method-assign]
        return context

    def context(self, scope: Scope) -> Context:
        """A run's surroundings with fresh clients."""
        now = self.clock.now()
        row = RunRow(id=self.open_run(), connection="demo", state=RunState.RUNNING, started_at=now)
        return Context(
            store=self.store,
            perfex=self.perfex_client(),
            xero=self.xero_client(),
            clock=WorldClock(self.clock),
            lease=NoLease(),
            entities=ENTITIES,
            scope=scope,
            run=row,
            started_at=now,
        )

    def perfex_client(self) -> PerfexClient:
        clock = WorldClock(self.clock)
        http = self.stack.enter_context(
            _open(
                Http(
                    side="perfex",
                    origins=frozenset({self.perfex_url}),
                    clock=clock,
                    recorder=_forget,
                    sleep=clock.sleep,
                    patience=Patience(answer=20),
                )
            )
        )
        api = Api(
            http=http,
            url=self.perfex_url,
            token=self.perfex.token,
            clock=clock,
            budget=OpenBudget(),
        )
        learned = self.site_client.memory if self.site_client and self.remembers else None
        self.site_client = PerfexClient(api, ENTITIES, memory=learned)
        return self.site_client

    def xero_client(self) -> XeroClient:
        clock = WorldClock(self.clock)
        url = self.xero_url
        endpoints = XeroEndpoints(
            authorize=f"{url}/identity/connect/authorize",
            token=f"{url}/connect/token",
            revoke=f"{url}/connect/revocation",
            connections=f"{url}/connections",
            api=f"{url}/api.xro/2.0",
        )
        http = self.stack.enter_context(
            _open(
                Http(
                    side="xero",
                    origins=endpoints.called,
                    clock=clock,
                    recorder=_forget,
                    sleep=clock.sleep,
                    patience=Patience(answer=20),
                )
            )
        )
        tokens = ListedTokens([self.xero.issue_token()["access_token"]])
        session = XeroSession(
            http=http,
            endpoints=endpoints,
            tenant_id=self.xero.books().tenant,
            tokens=tokens,
            budget=OpenBudget(),
            organisation="Test Company",
        )
        known = remembered(self.store.facts(), "organisation", Organisation)
        base = known.base_currency if known else ""
        return XeroClient(session, ENTITIES, Lookups(site_url=self.perfex_url, base_currency=base))

    def perfex_get(self, path: str) -> Any:
        """One read of Perfex's API."""
        answer = requests.get(
            f"{self.perfex_url}/api/{path}", headers={"authtoken": self.perfex.token}, timeout=20
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def last_plan(self) -> Plan:
        """The plan of the last run."""
        assert self.last is not None
        if isinstance(self.store, MemoryStore):
            plan = self.store.plan(self.last.run.id)
            assert plan is not None
            return plan
        assert self.database is not None
        with self.database.reading() as connection:
            kept = sa.select(models.Run.plan).where(models.Run.id == self.last.run.id)
            stored = connection.execute(kept).scalar_one()
        assert stored is not None
        return msgspec.json.decode(stored, type=Plan)


def line(rate: str, text: str = "Work", *, tax: str | None = "VAT|20.00", qty: str = "1.00") -> Any:
    """A line as staff type it."""
    return {
        "description": text,
        "long_description": "",
        "qty": qty,
        "rate": rate,
        "unit": "",
        "taxes": [tax] if tax else [],
    }


def _forget(_exchange: object) -> None:
    """The log of calls is somebody else's test."""


@contextmanager
def _open(http: Http) -> Iterator[Http]:
    try:
        yield http
    finally:
        http.close()


@contextmanager
def a_world(
    *,
    version: str = "3.0.3",
    demo: bool = False,
    database: Database | None = None,
    quota: int | None = None,
) -> Iterator[World]:
    """Both systems running, with a memory that is mapped and chosen but has seen nothing.

    `quota`: calls an hour of the Perfex token, where the usual thousand are too few.
    """
    clock = SimClock(START)
    with ExitStack() as stack:
        site = SiteSettings(quota=quota) if quota else None
        perfex = create_perfex(version, clock=clock, seed="demo" if demo else None, settings=site)
        xero = create_xero(clock=clock, seed=demo)
        perfex_url = stack.enter_context(Server(perfex.wsgi)).url
        xero_url = stack.enter_context(Server(xero.wsgi)).url
        stack.callback(perfex.close)
        memory, open_run = _memory(clock, database)
        yield World(
            clock=clock,
            perfex=perfex,
            xero=xero,
            perfex_url=perfex_url,
            xero_url=xero_url,
            store=memory,
            open_run=open_run,
            stack=stack,
            database=database,
        )


def _memory(clock: SimClock, database: Database | None) -> tuple[AnyStore, Callable[[], int]]:
    """What the bridge remembers: in memory, or in this database."""
    if database is None:
        numbers = count(1)
        return MemoryStore("demo", settings=SETTINGS), lambda: next(numbers)
    connection = add_connection(database, "demo")
    codec = Codec(encode=encode_record, decode=decode_record)
    store = open_store(database, "demo", codec, now=clock.now)
    with store.atomically():
        for name in ("sales_account", "rounding_account"):
            store.save_setting(name, getattr(SETTINGS, name), by="Ann", now=clock.now())

    def open_run() -> int:
        row = sa.insert(models.Run).values(
            connection_id=connection,
            state="running",
            trigger="command",
            started_at=clock.now(),
            planned={},
            done={},
        )
        with database.writing() as session:
            return int(session.execute(row.returning(models.Run.id)).scalar_one())

    return store, open_run


SETTINGS = Settings(sales_account="200", rounding_account="429", start_date=None)
