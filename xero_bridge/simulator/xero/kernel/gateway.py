"""The way of an accounting call: token, tenant, scope, limits, idempotency, route, answer."""

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from xero_bridge.simulator.common import (
    DropConnectionError,
    Fault,
    FaultKind,
    Faults,
    Record,
    SimClock,
    Store,
)
from xero_bridge.simulator.xero.identity.endpoint import Identity
from xero_bridge.simulator.xero.identity.grant import Grants
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.call import Call, Refused, Resource, Route
from xero_bridge.simulator.xero.kernel.errors import BadCall, Invalid, NotFound, NotSupported
from xero_bridge.simulator.xero.kernel.idempotency import Keys, Reply, fingerprint
from xero_bridge.simulator.xero.kernel.limits import Exceeded, Limiter
from xero_bridge.simulator.xero.kernel.problem import (
    missing_scope,
    nothing_here,
    outage,
    problem,
    server_error,
    too_many,
)
from xero_bridge.simulator.xero.kernel.wire import dumps

BASE = "/api.xro/2.0"
LONGEST_LOG = 20_000
XML = '<?xml version="1.0" encoding="utf-8"?><Response><Status>OK</Status></Response>'
LARGEST_BODY = 3_500_000
KEYED = ("POST", "PUT", "PATCH")
READING = ("GET", "HEAD")


@dataclass(slots=True, kw_only=True)
class LoggedCall:
    """One call in the log: what was asked, what came of it, which records it changed."""

    at: datetime
    method: str
    path: str
    query: str
    tenant: str
    status: int = 0  # 0: no answer was given.
    touched: list[str] = field(default_factory=list)
    fault: str | None = None

    @property
    def endpoint(self) -> str:
        """The method and the first part of the address, such as `GET Invoices`."""
        return f"{self.method} {self.path.removeprefix(BASE).strip('/').partition('/')[0]}"


class CallLog:
    """The latest calls and how many there were of each endpoint."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.calls: deque[LoggedCall] = deque(maxlen=LONGEST_LOG)
        self.counts: Counter[str] = Counter()

    def add(self, call: LoggedCall) -> None:
        """Note a call that ended."""
        with self._lock:
            self.calls.append(call)
            self.counts[call.endpoint] += 1

    def clear(self) -> None:
        """Forget all calls."""
        with self._lock:
            self.calls.clear()
            self.counts.clear()


class Gateway:
    """Answers the accounting API for every organisation."""

    def __init__(
        self,
        *,
        store: Store,
        clock: SimClock,
        grants: Grants,
        identity: Identity,
        limiter: Limiter,
        faults: Faults,
        resources: tuple[Resource, ...],
    ) -> None:
        self.log = CallLog()
        self._store = store
        self._clock = clock
        self._grants = grants
        self._identity = identity
        self._limiter = limiter
        self._faults = faults
        self._keys = Keys(store)
        self._books: dict[str, Books] = {}
        self._resources = {resource.path.lower(): resource for resource in resources}
        self._map = Map(
            [
                Rule(f"{BASE}/{one.path}{r.rule}", endpoint=r, methods=[r.method])
                for one in resources
                for r in one.routes
            ],
            strict_slashes=False,
        )

    def books(self, tenant: str) -> Books:
        """Return the books of a known organisation."""
        if tenant not in self._books:
            self._books[tenant] = Books(self._store, tenant, self._clock)
        return self._books[tenant]

    def answer(self, request: Request) -> Response:
        """Answer one call and log it, whatever becomes of it."""
        fault = self._faults.take(request.method, request.path)
        logged = LoggedCall(
            at=self._clock.now(),
            method=request.method,
            path=request.path,
            query=request.query_string.decode(),
            tenant=request.headers.get("xero-tenant-id", "").lower(),
            fault=fault.kind if fault else None,
        )
        try:
            response = self._checked(request, fault, logged)
            logged.status = response.status_code
        finally:
            self.log.add(logged)
        return response

    def _checked(self, request: Request, fault: Fault | None, logged: LoggedCall) -> Response:
        """Check token, tenant and scope, in this order."""
        if fault and (answer := edge_answer(fault)):
            return answer
        bearer = self._identity.bearer(request)
        if isinstance(bearer, Response):
            return bearer
        tenant = logged.tenant
        forbidden = fault is not None and fault.kind == FaultKind.FORBIDDEN
        if forbidden or tenant not in self._grants.tenants(bearer):
            return problem(403, "AuthenticationUnsuccessful")
        if not self._has_scope(request, bearer["scope"]):
            return missing_scope()
        return self._limited(request, fault, logged, bearer["client_id"])

    def _has_scope(self, request: Request, granted: list[str]) -> bool:
        name = request.path.removeprefix(BASE).strip("/").partition("/")[0]
        resource = self._resources.get(name.lower())
        if resource is None:
            return True
        twins = [f"{scope}.read" for scope in resource.scopes]
        wanted = {*resource.scopes, *(twins if request.method in READING else ())}
        return bool(wanted & set(granted))

    def _limited(
        self, request: Request, fault: Fault | None, logged: LoggedCall, client: str
    ) -> Response:
        """Check the limits; every answer from here on tells what is left of them."""
        with self._limiter.flight(client, logged.tenant) as has_room:
            if fault and fault.kind == FaultKind.SLOW:
                self._faults.linger(fault)
            exceeded = _faked(fault) or (None if has_room else Exceeded(problem="concurrent"))
            now = self._clock.now()
            exceeded = exceeded or self._limiter.count(client, logged.tenant, now)
            if exceeded:
                response = too_many(exceeded)
            else:
                response = self._keyed(request, fault, logged, client)
        response.headers.update(self._limiter.headers(client, logged.tenant, now))
        if exceeded and "min" in exceeded.problem:
            response.headers["X-MinLimit-Remaining"] = "0"
        return response

    def _keyed(
        self, request: Request, fault: Fault | None, logged: LoggedCall, client: str
    ) -> Response:
        """Replay the answer of a known idempotency key, or carry out the call and keep it."""
        key = request.headers.get("Idempotency-Key") if request.method in KEYED else None
        body = request.get_data()
        if len(body) > LARGEST_BODY:
            return Response(status=413, content_type="text/html; charset=utf-8")
        mark, now = fingerprint(request.method, request.full_path, body), self._clock.now()
        with self._store.transaction():
            try:
                reply = self._keys.replay(client, key, mark, now) if key else None
            except BadCall as error:
                reply = _explained(error)
            if reply is None:
                reply = self._carried_out(request, fault, logged, client)
                if key:
                    self._keys.keep(client, key, mark, now, reply)
        return _spoiled(request, fault, reply)

    def _carried_out(
        self, request: Request, fault: Fault | None, logged: LoggedCall, client: str
    ) -> Reply:
        if fault and fault.kind == FaultKind.ERROR_BEFORE:
            return Reply(status=500, body=server_error())
        reply = self._routed(request, logged, client)
        if fault and fault.kind == FaultKind.ERROR_AFTER:
            return Reply(status=500, body=server_error())
        return reply

    def _routed(self, request: Request, logged: LoggedCall, client: str) -> Reply:
        app = self._grants.app(client)
        call = Call(
            books=self.books(logged.tenant),
            provider=app.name if app else client,
            client=client,
            args={name.lower(): value for name, value in request.args.items()},
            body=request.get_data(),
            modified_since=request.headers.get("If-Modified-Since"),
            touched=logged.touched,
        )
        try:
            route, values = self._route(request)
            return route.handler(call, **values)
        except (BadCall, Invalid) as error:
            return _explained(error)
        except NotFound:
            return Reply(status=404, content_type="text/html; charset=utf-8")
        except NotSupported:
            return Reply(status=501, content_type="text/html; charset=utf-8")

    def _route(self, request: Request) -> tuple[Route, Record]:
        try:
            route, values = self._map.bind("simulator").match(request.path, request.method)
        except MethodNotAllowed as error:
            raise NotSupported from error
        except HTTPException as error:
            raise NotFound from error
        return route, dict(values)


def edge_answer(fault: Fault) -> Response | None:
    """Return the answer of a fault that strikes before anything was checked."""
    match fault.kind:
        case FaultKind.HTML:
            return outage(fault.status or 503)
        case FaultKind.DROP_BEFORE:
            raise DropConnectionError
        case _:
            return None


def _faked(fault: Fault | None) -> Exceeded | None:
    match fault.kind if fault else None:
        case FaultKind.MINUTE_LIMIT:
            return Exceeded(problem="minute", retry_after=int(fault.seconds) or 26)  # type: ignore[union-attr]
        case FaultKind.DAY_LIMIT:
            return Exceeded(problem="day", retry_after=int(fault.seconds) or 73_451)  # type: ignore[union-attr]
        case FaultKind.CONCURRENT_LIMIT:
            return Exceeded(problem="concurrent")
        case _:
            return None


def _explained(error: BadCall | Invalid) -> Reply:
    """Return the 400 answer of a call that cannot be carried out."""
    if isinstance(error, Invalid):
        element = {"ValidationErrors": [{"Message": message} for message in error.messages]}
        error = Refused([element])
    body: Record = {"ErrorNumber": error.number, "Type": error.kind, "Message": str(error)}
    if isinstance(error, Refused):
        body["Elements"] = error.elements
    return Reply(status=400, body=dumps(body))


def _spoiled(request: Request, fault: Fault | None, reply: Reply) -> Response:
    """Turn a reply into HTTP, or into what a fault after the work makes of it."""
    match fault.kind if fault else None:
        case FaultKind.DROP_AFTER:
            raise DropConnectionError
        case FaultKind.EMPTY:
            return Response(status=200, content_type=reply.content_type)
        case FaultKind.HTML_AFTER:
            return outage((fault and fault.status) or 502)
        case _:
            pass
    if reply.status == 404:
        return nothing_here()
    if reply.body and "json" not in request.headers.get("Accept", ""):
        return Response(XML, reply.status, content_type="text/xml; charset=utf-8")
    response = Response(reply.body, reply.status)
    if reply.content_type:
        response.headers["Content-Type"] = reply.content_type
    else:
        del response.headers["Content-Type"]
    return response
