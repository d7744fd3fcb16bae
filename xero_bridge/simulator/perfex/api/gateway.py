"""The way of one call through the module: token, lockout, capability, quota, key, handler."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from werkzeug.wrappers import Request

from xero_bridge.simulator.perfex.api import access
from xero_bridge.simulator.perfex.api.access import Lockout
from xero_bridge.simulator.perfex.api.exchange import (
    HTML,
    Ask,
    Reply,
    database_error,
    not_acceptable,
    page_not_found,
    read_body,
    unknown_method,
)
from xero_bridge.simulator.perfex.api.limits import LONGEST_KEY, Keys, Quota, ReadCache
from xero_bridge.simulator.perfex.api.routes import Route, route
from xero_bridge.simulator.perfex.database import SqlError
from xero_bridge.simulator.perfex.site import Site, Token

NOT_ACTIVE: Final = "API Module is not active"
FORM_REFUSING: Final = frozenset(
    {"customers", "contacts", "invoices", "items", "payments", "credit_notes", "expenses"}
)


class Gateway:
    """Answers every call below /api/ of one site."""

    def __init__(self, site: Site) -> None:
        """Start with no counted calls, refusals, keys or cached reads."""
        self.site = site
        self.lockout = Lockout()
        self.quota = Quota(site.settings)
        self.keys = Keys()
        self.cache = ReadCache()

    def answer(self, request: Request, path: str) -> Reply:
        """Answer a call whose path below /api/ is given; never raises for what a client sends."""
        request.get_data()  # Kept, so that forms can be parsed and keys still see the bytes.
        query = {key: value for key, value in request.args.items() if key != "callback"}
        segments = tuple(part for part in path.split("/") if part)
        found = route(_verb(request), segments, query)
        if found is None or self._hidden(found):
            return page_not_found()
        if found.open and self.site.version.open_description:
            ask = Ask(site=self.site, token=Token(value=""), method="GET", resource="openapi")
            return found.handler(ask) if found.handler else unknown_method()
        text = access.token_text(request, self.site, query)
        reply = self._guarded(request, found, text, query)
        return _negotiated(request, self._wrapped(reply))

    def _hidden(self, found: Route) -> bool:
        modern = found.resource in ("batch", "openapi") or found.capability == "send"
        return modern and not self.site.version.modern_routes

    def _guarded(self, request: Request, found: Route, text: str, query: dict[str, str]) -> Reply:
        now, address = self.site.clock.now(), request.remote_addr or ""
        watching = self.site.version.lockout and self.site.settings.lockout
        if watching and self.lockout.holds(address, now):
            return access.locked()
        token = access.admitted(self.site, text)
        refusal = token if isinstance(token, Reply) else self._not_allowed(token, found)
        if refusal is not None and watching and refusal.status in (401, 403, 404):
            self.lockout.note(address, now)
        if isinstance(token, Reply):
            return token
        if refusal is not None:
            return refusal
        return self._metered(request, found, token, query)

    def _not_allowed(self, token: Token, found: Route) -> Reply | None:
        if not self.site.settings.module_active:
            return Reply(status=401, content={"status": False, "message": NOT_ACTIVE})
        if not found.capability:
            return None
        if not token.may(found.feature, found.capability):
            return access.forbidden()
        grants = token.table_grants if self.site.version.table_grants else None
        if found.feature == "thirdparty" and grants is not None and found.args:
            needed = "read" if found.capability == "get" else "write"
            return None if needed in grants.get(found.args[0], ()) else access.forbidden()
        return None

    def _metered(
        self, request: Request, found: Route, token: Token, query: dict[str, str]
    ) -> Reply:
        version, now = self.site.version, self.site.clock.now()
        counted = version.quotas and bool(self.site.settings.quota or self.site.settings.burst)
        refusal = self.quota.take(token.value, now) if counted else None
        reply = refusal or self._keyed(request, found, token, query)
        if counted or version.rate_headers_always:
            return reply.with_headers(self.quota.headers(token.value, now))
        return reply

    def _keyed(self, request: Request, found: Route, token: Token, query: dict[str, str]) -> Reply:
        version, now = self.site.version, self.site.clock.now()
        sent = request.headers.get("Idempotency-Key", "")[:LONGEST_KEY]
        if not sent or request.method != "POST" or not version.idempotency:
            return self._read_or_run(request, found, token, query)
        key: tuple[str, ...] = (sent, token.value)
        if version.idempotency_by_request:
            key = (*key, request.path, request.get_data(as_text=True))
        if (replayed := self.keys.replay(key, now)) is not None:
            return replayed
        reply = self._read_or_run(request, found, token, query)
        self.keys.keep(key, reply, now)
        return reply

    def _read_or_run(
        self, request: Request, found: Route, token: Token, query: dict[str, str]
    ) -> Reply:
        cached = self.site.settings.get_cache and _verb(request) == "GET"
        address, now = f"{token.value} {request.full_path}", self.site.clock.now()
        if cached and (kept := self.cache.find(address, now)) is not None:
            return kept
        reply = self._run(request, found, token, query)
        if cached:
            self.cache.keep(address, reply, now)
        return reply

    def _run(self, request: Request, found: Route, token: Token, query: dict[str, str]) -> Reply:
        if found.handler is None:
            return unknown_method()
        verb = _verb(request)
        body, form = read_body(request, self.site, verb)
        ask = Ask(
            site=self.site,
            token=token,
            method=verb,
            resource=found.resource,
            args=found.args,
            query=query,
            body=body,
            form=form,
        )
        if self._refuses_body(ask, request):
            return not_acceptable()
        try:
            with self.site.db.transaction():
                return found.handler(ask)
        except SqlError as error:
            return database_error(str(error))

    def _refuses_body(self, ask: Ask, request: Request) -> bool:
        """Forms on PUT are read by few resources; JSON that the filter broke by none."""
        broken = bool(request.content_length) and ask.body is None and not ask.form
        if ask.method == "PUT":
            refused = ask.resource in FORM_REFUSING - self.site.version.form_put
            return broken or (ask.form and refused)
        return ask.method == "POST" and broken and self.site.version.json_post

    def _wrapped(self, reply: Reply) -> Reply:
        """Wrap the answer when the site's option for standard answers is on."""
        if not self.site.settings.standard_response or reply.text is not None:
            return reply
        content = {"status": reply.status < 400, "data": reply.content, "meta": {}}
        return replace(reply, content=content)


def _verb(request: Request) -> str:
    """Return the verb, which a POST may carry in a header or a field."""
    if request.method != "POST":
        return request.method
    tunnelled = request.headers.get("X-HTTP-Method-Override") or request.values.get("_method")
    return (tunnelled or "POST").upper()


def _negotiated(request: Request, reply: Reply) -> Reply:
    """Answer in XML, as the framework does, when Accept names it and not JSON."""
    accept = request.headers.get("Accept", "*/*")
    if reply.text is not None or "json" in accept or "*/*" in accept:
        return reply
    if "xml" in accept:
        text = '<?xml version="1.0" encoding="utf-8"?>\n<xml/>\n'
        return replace(reply, text=text, content_type="application/xml")
    return replace(reply, text="<table></table>", content_type=HTML)
