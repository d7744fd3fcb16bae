"""The Perfex simulator: a site with its REST module and staff pages as one WSGI app."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request, Response

from xero_bridge.simulator.common import Faults, SimClock, Store
from xero_bridge.simulator.common.control import Control
from xero_bridge.simulator.perfex import mishaps
from xero_bridge.simulator.perfex import seed as seeds
from xero_bridge.simulator.perfex.api.exchange import Reply
from xero_bridge.simulator.perfex.api.gateway import Gateway
from xero_bridge.simulator.perfex.database import Database, Row
from xero_bridge.simulator.perfex.pages import desk
from xero_bridge.simulator.perfex.site import Call, Mail, Settings, Site, Token, token_value
from xero_bridge.simulator.perfex.staff import Staff
from xero_bridge.simulator.perfex.versions import version_named

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment


class PerfexSimulator:
    """One Perfex site: serve `wsgi`, call it with `token`, act as staff through `staff`."""

    def __init__(self, site: Site, clock: SimClock, store: Store) -> None:
        """Join the site with its module, faults and control addresses."""
        self.site = site
        self.clock = clock
        self.store = store
        self.faults = Faults()
        self.staff = Staff(site)
        self.gateway = Gateway(site)
        self.token = token_value("bridge")
        site.tokens[self.token] = Token(value=self.token)
        switches = {"settings": self._switch_settings, "calls": self._show_calls}
        self._control = Control(faults=self.faults, clock=clock, switches=switches)

    @property
    def settings(self) -> Settings:
        """The site's options, to be changed at any time."""
        return self.site.settings

    @property
    def outbox(self) -> list[Mail]:
        """The mails that Perfex would have sent, oldest first."""
        return self.site.outbox

    @property
    def calls(self) -> list[Call]:
        """The calls of the REST module, oldest first."""
        return list(self.site.calls)

    def count(self, method: str = "", path: str = "") -> int:
        """Count the calls with this method and with this text in the path."""
        return sum(method in ("", call.method) and path in call.path for call in self.site.calls)

    def row(self, table: str, identity: object) -> Row | None:
        """Return a stored row by id."""
        return self.site.db.get(table, identity)

    def rows(self, table: str, **equal: object) -> list[Row]:
        """Return the stored rows whose columns have these values."""
        return self.site.db.where(table, **equal)

    def add_token(self, user: str, **details: Any) -> str:
        """Add a token with `permissions`, `table_grants` or `expires_at`; return its text."""
        value = token_value(user)
        self.site.tokens[value] = Token(value=value, **details)
        return value

    def close(self) -> None:
        """Wake slow calls and close the file of the state."""
        self.faults.clear()
        self.store.close()

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        return self._answer(request)(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.path.startswith("/_control"):
            return self._control.answer(request)
        if request.path == "/api" or request.path.startswith("/api/"):
            return self._call(request)
        return desk.answer(self.site, self.faults, request)

    def _call(self, request: Request) -> Response:
        fault = self.faults.take(request.method, request.path)
        path = request.path.removeprefix("/api")

        def run() -> Reply:
            return self.gateway.answer(request, path)

        status, note = 0, f"fault: {fault.kind}" if fault else ""
        try:
            reply = mishaps.suffered(fault, self.faults, run) if fault else run()
            status = reply.status
        finally:
            self._log(request, status, note)
        return reply.response()

    def _log(self, request: Request, status: int, note: str) -> None:
        query = request.query_string.decode("latin-1")
        self.site.calls.append(
            Call(
                method=request.method,
                path=request.path,
                query=query,
                status=status,
                at=self.clock.now(),
                note=note,
            )
        )

    def _switch_settings(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        """Show the options, or change some of them over HTTP."""
        names = list(Settings.__dataclass_fields__)
        if method == "POST":
            for name, value in body.items():
                if name not in names:
                    raise ValueError(f"There is no setting {name}; there are {', '.join(names)}.")
                setattr(self.settings, name, set(value) if isinstance(value, list) else value)
        shown = {name: getattr(self.settings, name) for name in names}
        return {name: sorted(v) if isinstance(v, set) else v for name, v in shown.items()}

    def _show_calls(self, method: str, body: dict[str, Any]) -> list[dict[str, Any]]:
        """Show the log of calls, or empty it."""
        if method == "DELETE":
            self.site.calls.clear()
        last = int(body.get("last", 500))
        return [
            {"method": call.method, "path": call.path, "query": call.query, "status": call.status}
            for call in self.calls[-last:]
        ]


def create_perfex(
    version: str = "3.0.3",
    *,
    state: Path | None = None,
    clock: SimClock | None = None,
    seed: str | None = None,
    settings: Settings | None = None,
) -> PerfexSimulator:
    """Build a simulated Perfex site with the REST module of that version.

    `state` is a folder in which records survive; `seed` is None for a fresh installation or
    "demo" for a year of business. Raises ValueError for a version or seed that does not exist.
    """
    behaviour, clock = version_named(version), clock or SimClock()
    if settings is None:
        settings = seeds.demo_settings() if seed == "demo" else Settings()
        settings.formatted_numbers = behaviour.formatted_number
    store = Store(state, "perfex")
    site = Site(version=behaviour, settings=settings, clock=clock, db=Database(store))
    simulator = PerfexSimulator(site, clock, store)
    if not site.db.count("currencies"):
        with site.db.transaction():
            seeds.plant(site, seed)
    return simulator
