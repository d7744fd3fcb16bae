"""The way out: HTTP clients for both sides of a connection, with budgets, records and tokens."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import msgspec
import structlog

from xero_bridge.core.books import Organisation, Site
from xero_bridge.core.calls import Budget, Exchange, Recorder
from xero_bridge.core.consent import Consents
from xero_bridge.core.entity import Lookups
from xero_bridge.core.errors import NotConnected
from xero_bridge.core.grants import Grant
from xero_bridge.core.ports import Clock
from xero_bridge.entities import ENTITIES, decode_record, encode_record
from xero_bridge.environment import Environment
from xero_bridge.operations.services import Remotes, XeroApp
from xero_bridge.remotes.address import guard_address
from xero_bridge.remotes.endpoints import XeroEndpoints
from xero_bridge.remotes.http import Http, Request, Sleeper
from xero_bridge.remotes.oauth.flow import XeroConsents
from xero_bridge.remotes.oauth.identity import Identity
from xero_bridge.remotes.oauth.identity import XeroApp as RegisteredApp
from xero_bridge.remotes.oauth.refresh import TokenSource, keep_alive
from xero_bridge.remotes.perfex import Api, Memory, PerfexClient
from xero_bridge.remotes.xero.client import XeroClient
from xero_bridge.remotes.xero.session import XeroSession
from xero_bridge.store.budgets import (
    Limits,
    SqlBudget,
    perfex_key,
    perfex_limits,
    xero_key,
    xero_limits,
)
from xero_bridge.store.calls import CallLog
from xero_bridge.store.database import Database
from xero_bridge.store.grants import SqlGrants
from xero_bridge.store.repository import Codec, SqlStore, open_store
from xero_bridge.wiring.access import Access, access_of, apps_of

LOG = structlog.get_logger(__name__)
CODEC = Codec(encode=encode_record, decode=decode_record)
#: Fact: what the Perfex client learned of the site.
_MEMORY = "perfex_memory"


class HttpConnector:
    """Implements `operations.services.Connector`."""

    def __init__(
        self,
        *,
        environment: Environment,
        database: Database,
        clock: Clock,
        sleep: Sleeper = time.sleep,
    ) -> None:
        self._environment = environment
        self._sleep = sleep
        self._database = database
        self._clock = clock
        self._grants = SqlGrants(database)
        self._endpoints = XeroEndpoints(
            authorize=environment.xero_authorize_url,
            token=environment.xero_token_url,
            revoke=environment.xero_revoke_url,
            connections=environment.xero_connections_url,
            api=environment.xero_api_url,
        )

    def check_perfex(self, url: str, token: str, *, allow_private: bool) -> Site:
        """The Perfex site at this address, looked at now."""
        guard_address(url, allow_private=allow_private)
        with self._http("perfex", [url], _ignore) as http:
            api = Api(http=http, url=url, token=token, clock=self._clock, budget=Unlimited())
            return PerfexClient(api, ENTITIES).site()

    def time_of(self, url: str, *, allow_private: bool) -> datetime | None:
        """What time it is there (aware UTC), None where the server does not tell."""
        guard_address(url, allow_private=allow_private)
        with self._http("perfex", [url], _ignore) as http:
            told = http.once(Request(url=url)).headers.get("date", "")
        try:
            return parsedate_to_datetime(told).astimezone(UTC)
        except ValueError:
            return None

    @contextmanager
    def consents(self, app: XeroApp) -> Iterator[Consents]:
        """The OAuth flow for one app."""
        called = [*self._endpoints.called, self._endpoints.userinfo]
        with self._http("identity", called, _log_exchange) as http:
            yield XeroConsents(
                http=http,
                endpoints=self._endpoints,
                app=_registered(app),
                scopes=self._environment.xero_scopes,
                grants=self._grants,
                clock=self._clock,
            )

    @contextmanager
    def remotes(
        self, connection: str, run_id: int | None, *, by_person: bool = True
    ) -> Iterator[Remotes]:
        """Both sides of a connection; calls are recorded under the run, and closed at the end."""
        access = access_of(self._database, connection)
        if access.grant_id is None or not access.tenant_id:
            raise NotConnected("xero_not_connected")
        guard_address(access.perfex_url, allow_private=access.allow_private)
        store = open_store(self._database, connection, CODEC, now=self._clock.now)
        with (
            CallLog(self._database, access.connection_id, run_id) as log,
            self._perfex(access, store, log) as perfex,
            self._xero(access, store, log, by_person=by_person) as xero,
        ):
            yield Remotes(perfex=perfex, xero=xero)

    @contextmanager
    def _perfex(
        self, access: Access, store: SqlStore, recorder: Recorder
    ) -> Iterator[PerfexClient]:
        settings, learned = store.settings(), store.facts().get(_MEMORY, "")
        memory = msgspec.json.decode(learned, type=Memory) if learned else None
        budget = self._budget(
            perfex_key(access.perfex_url, access.perfex_token),
            perfex_limits(settings.perfex_hourly),
        )
        with self._http("perfex", [access.perfex_url], recorder) as http:
            api = Api(
                http=http,
                url=access.perfex_url,
                token=access.perfex_token,
                clock=self._clock,
                budget=budget,
            )
            client = PerfexClient(
                api,
                ENTITIES,
                memory=memory,
                tag=settings.site_tag,
                padding=settings.number_padding,
            )
            try:
                yield client
            finally:
                # What was refused must not be asked for again, however the run ended.
                self._keep(store, client.memory, learned)

    def _keep(self, store: SqlStore, memory: Memory, before: str) -> None:
        now = msgspec.json.encode(memory).decode()
        if now != before:
            with store.atomically():
                store.remember(_MEMORY, now)

    @contextmanager
    def _xero(
        self, access: Access, store: SqlStore, recorder: Recorder, *, by_person: bool
    ) -> Iterator[XeroClient]:
        settings = store.settings()
        reserve = 0 if by_person else settings.call_reserve
        budget = self._budget(xero_key(access.tenant_id), xero_limits(reserve))
        assert access.grant_id is not None
        with self._http("xero", self._endpoints.called, recorder) as http:
            tokens = TokenSource(
                access.grant_id,
                grants=self._grants,
                identity=self._identity(http, self._app(access)),
                clock=self._clock,
            )
            session = XeroSession(
                http=http,
                endpoints=self._endpoints,
                tenant_id=access.tenant_id,
                tokens=tokens,
                budget=budget,
                organisation=access.organisation,
            )
            lookups = Lookups(
                site_url=access.perfex_url,
                tag=settings.site_tag,
                base_currency=_base_currency(store),
            )
            yield XeroClient(session, ENTITIES, lookups)

    def keep_alive(self) -> int:
        """Refresh grants that would otherwise end unused; how many were."""
        with self._http("identity", self._endpoints.called, _log_exchange) as http:

            def identity_of(grant: Grant) -> Identity:
                return self._identity(http, self._app_of(grant.client_id))

            outcomes = keep_alive(self._grants, identity_of, self._clock)
        for grant_id, error in outcomes.items():
            if error is not None:
                LOG.warning("grant not kept alive", grant=grant_id, error=str(error))
        return sum(1 for error in outcomes.values() if error is None)

    @contextmanager
    def _http(self, side: str, origins: Collection[str], recorder: Recorder) -> Iterator[Http]:
        http = Http(
            side=side, origins=origins, clock=self._clock, recorder=recorder, sleep=self._sleep
        )
        try:
            yield http
        finally:
            http.close()

    def _budget(self, key: str, limits: Limits) -> Budget:
        return SqlBudget(self._database, key, limits, self._clock, sleep=self._sleep)

    def _identity(self, http: Http, app: XeroApp) -> Identity:
        return Identity(
            http=http, endpoints=self._endpoints, app=_registered(app), clock=self._clock
        )

    def _app(self, access: Access) -> XeroApp:
        """The connection's own app, else that of the process."""
        if access.xero_client_id:
            return XeroApp(client_id=access.xero_client_id, client_secret=access.xero_client_secret)
        return self._own_app()

    def _own_app(self) -> XeroApp:
        of = self._environment
        return XeroApp(client_id=of.xero_client_id, client_secret=of.xero_client_secret)

    def _app_of(self, client_id: str) -> XeroApp:
        """The app that a grant was given to."""
        known = {app.client_id: app for app in (*apps_of(self._database), self._own_app())}
        return known.get(client_id, XeroApp(client_id=client_id, client_secret=""))


class Unlimited:
    """A budget for single looks at a site that is not part of a connection yet."""

    @contextmanager
    def take(self) -> Iterator[None]:
        """Every call has its turn at once."""
        yield

    def observe(self, headers: Mapping[str, str]) -> None:
        """Nothing is counted."""

    def block(self, until: datetime, problem: str) -> None:
        """A single look is not repeated."""


def _registered(app: XeroApp) -> RegisteredApp:
    return RegisteredApp(client_id=app.client_id, client_secret=app.client_secret)


def _base_currency(store: SqlStore) -> str:
    told = store.facts().get("organisation", "")
    return msgspec.json.decode(told, type=Organisation).base_currency if told else ""


def _ignore(_exchange: Exchange) -> None:
    """A look at a site that is not part of a connection has nobody to be recorded for."""


def _log_exchange(exchange: Exchange) -> None:
    LOG.info(
        "identity call",
        method=exchange.method,
        url=exchange.url,
        status=exchange.status,
        ms=exchange.ms,
    )
