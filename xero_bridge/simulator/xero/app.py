"""The Xero simulator: one WSGI app for identity, connections, the API, control and pages."""

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from werkzeug.wrappers import Request, Response

from xero_bridge.simulator.common import DropConnectionError, FaultKind, Faults, SimClock, Store
from xero_bridge.simulator.common.control import Control
from xero_bridge.simulator.common.store import Record
from xero_bridge.simulator.xero.chart import open_books
from xero_bridge.simulator.xero.identity.endpoint import Identity
from xero_bridge.simulator.xero.identity.grant import Consent, Grants
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.gateway import BASE, Gateway, LoggedCall, edge_answer
from xero_bridge.simulator.xero.kernel.limits import Limiter
from xero_bridge.simulator.xero.kernel.problem import outage
from xero_bridge.simulator.xero.kernel.wire import new_id
from xero_bridge.simulator.xero.page import Site
from xero_bridge.simulator.xero.resource import (
    account,
    bank_transaction_call,
    contact_call,
    credit_call,
    credit_note_call,
    currency,
    invoice_call,
    item,
    organisation,
    payment_call,
    purchase_order_call,
    tax_rate,
)
from xero_bridge.simulator.xero.seed import seed_demo
from xero_bridge.simulator.xero.settings import GRANULAR_SCOPES, OPENID_SCOPES, XeroSettings
from xero_bridge.simulator.xero.switch import switches
from xero_bridge.simulator.xero.webhook import Webhooks

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

RESOURCES = (
    organisation.RESOURCE,
    account.RESOURCE,
    tax_rate.RESOURCE,
    currency.RESOURCE,
    contact_call.RESOURCE,
    item.RESOURCE,
    invoice_call.RESOURCE,
    payment_call.RESOURCE,
    credit_note_call.RESOURCE,
    credit_call.OVERPAYMENTS,
    credit_call.PREPAYMENTS,
    bank_transaction_call.RESOURCE,
    purchase_order_call.RESOURCE,
)
ALL_SCOPES = (*OPENID_SCOPES, *GRANULAR_SCOPES)


class XeroSimulator:
    """A stand-in of Xero; `.wsgi` is the app, the methods are what a person or a test does."""

    def __init__(self, *, store: Store, clock: SimClock, settings: XeroSettings) -> None:
        self.store = store
        self.clock = clock
        self.settings = settings
        self.faults = Faults()
        self.limiter = Limiter(settings.limits)
        self.grants = Grants(store, clock, settings)
        self.identity = Identity(self.grants, store)
        self._organisations = store.table("organisations")
        self.gateway = Gateway(
            store=store,
            clock=clock,
            grants=self.grants,
            identity=self.identity,
            limiter=self.limiter,
            faults=self.faults,
            resources=RESOURCES,
        )
        self.webhooks = Webhooks(self._all_books, clock, settings.webhook_key)
        self._site = Site(self)
        self._control = Control(faults=self.faults, clock=clock, switches=switches(self))

    @property
    def organisations(self) -> list[Record]:
        """The organisations a person may connect, the oldest first."""
        return self._organisations.values()

    @property
    def calls(self) -> list[LoggedCall]:
        """The accounting calls so far, the oldest first."""
        return list(self.gateway.log.calls)

    @property
    def counts(self) -> dict[str, int]:
        """How many calls each endpoint had, such as `{"GET Invoices": 3}`."""
        return dict(self.gateway.log.counts)

    def books(self, tenant: str | None = None) -> Books:
        """Return an organisation's books; of the first one when none is named."""
        return self.gateway.books(tenant or self.organisations[0]["OrganisationID"])

    def _all_books(self) -> list[Books]:
        return [self.books(one["OrganisationID"]) for one in self.organisations]

    def add_organisation(self, name: str, **details: Any) -> str:
        """Add an organisation with a chart of accounts and return its tenantId.

        The details are those of `chart.open_books`: tenant, version, base_currency, currencies.
        """
        with self.store.transaction():
            return open_books(self.store, self.gateway.books, name, self.clock, **details)

    def reset_organisation(self, tenant: str) -> str:
        """Reset like a Demo Company: a new tenantId, standard data, every connection gone."""
        old = self.books(tenant).organisation
        with self.store.transaction():
            self.remove_organisation(tenant)
            details = {"version": old["Version"], "base_currency": old["BaseCurrency"]}
            return self.add_organisation(old["Name"], tenant=new_id(), **details)

    def remove_organisation(self, tenant: str) -> None:
        """Delete an organisation with all its records and connections."""
        books = self.books(tenant)
        with self.store.transaction():
            self.grants.disconnect_tenant(tenant)
            for table in books.tables():
                for key in table.keys():  # noqa: SIM118
                    table.delete(key)
            self._organisations.delete(tenant)

    def approve(
        self, authorise_address: str, tenant: str | None = None, user_id: str | None = None
    ) -> str:
        """Consent without a browser; return the callback address with its code.

        Raises ValueError with Xero's reason when the request would get the error page.
        """
        asked = dict(parse_qsl(urlsplit(authorise_address).query))
        if reason := self.identity.refused_request(asked):
            raise ValueError(reason)
        return self.identity.allow(asked, tenant or self.books().tenant, user_id)

    def issue_token(
        self,
        tenant: str | None = None,
        scopes: tuple[str, ...] = ALL_SCOPES,
        user_id: str | None = None,
    ) -> dict[str, Any]:
        """Connect an organisation and return tokens with exactly these scopes."""
        app = self.settings.apps[0]
        user = self.grants.user(user_id) if user_id else self.settings.users[0]
        consent = Consent(
            app=app,
            user=user,
            tenant=tenant or self.books().tenant,
            scopes=scopes,
            redirect_uri="https://app.example/callback",
        )
        return self.grants.issue(app, user, list(scopes), self.grants.connect(consent))

    def wsgi(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> "Iterable[bytes]":
        """Answer one HTTP request."""
        return self._respond(Request(environ))(environ, start_response)

    def _respond(self, request: Request) -> Response:
        # An answer may be given before the body is looked at; the connection stays usable.
        request.get_data()
        if request.path.startswith("/_control/"):
            return self._control.answer(request)
        if request.path.startswith(f"{BASE}/"):
            return self.gateway.answer(request)
        return self._identified(request) or self._site.answer(request)

    def _identified(self, request: Request) -> Response | None:
        """Answer an identity or connections call, faults included; None for any other."""
        if not self.identity.knows(request.path):
            return None
        fault = self.faults.take(request.method, request.path)
        if fault and (answer := edge_answer(fault)):
            return answer
        if fault and fault.kind == FaultKind.SLOW:
            self.faults.linger(fault)
        if fault and fault.kind == FaultKind.ERROR_BEFORE:
            return outage(500)
        answer = self.identity.answer(request)
        if fault and fault.kind == FaultKind.DROP_AFTER:
            raise DropConnectionError
        return outage(500) if fault and fault.kind == FaultKind.ERROR_AFTER else answer


def create_xero(
    *,
    state: Path | Store | None = None,
    clock: SimClock | None = None,
    seed: bool = False,
    settings: XeroSettings | None = None,
) -> XeroSimulator:
    """Build a simulator: with the demo organisations (`seed`), or with one standard one.

    With a folder as `state`, what was committed there before is found again.
    """
    store = state if isinstance(state, Store) else Store(state, "xero")
    simulator = XeroSimulator(
        store=store, clock=clock or SimClock(), settings=settings or XeroSettings()
    )
    if simulator.organisations:
        return simulator
    if seed:
        seed_demo(simulator.add_organisation, simulator.books, simulator.clock)
    else:
        simulator.add_organisation("Test Company")
    return simulator
