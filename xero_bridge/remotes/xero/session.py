"""Calls in the name of one organisation: token, tenant, and what a 401 or 403 means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TypeVar

from xero_bridge.core.calls import Budget
from xero_bridge.core.errors import NotConnected
from xero_bridge.remotes.connections import read_connections
from xero_bridge.remotes.endpoints import XeroEndpoints
from xero_bridge.remotes.http import Answer, Http, NotJsonError, Request
from xero_bridge.remotes.ports import AccessTokens

T = TypeVar("T")

#: Xero's own pages spell it both ways.
_SCOPE_WORDS = ("insufficient_scope", "insufficent_scope")


class TokenRefusedError(Exception):
    """Xero refused the access token: it has ended or is dead."""


class XeroSession:
    """The organisation `tenant_id`, reached with the tokens of one grant."""

    def __init__(
        self,
        *,
        http: Http,
        endpoints: XeroEndpoints,
        tenant_id: str,
        tokens: AccessTokens,
        budget: Budget,
        organisation: str = "",
    ) -> None:
        """`organisation` is its name, for messages."""
        self._http = http
        self._endpoints = endpoints
        self._tenant_id = tenant_id
        self._tokens = tokens
        self._budget = budget
        self._organisation = organisation or tenant_id

    @property
    def calls(self) -> int:
        """Accounting calls made so far."""
        return self._http.calls

    def call(
        self,
        path: str,
        parse: Callable[[Answer], T],
        *,
        method: str = "GET",
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> T:
        """Call `path` of the accounting API and read the answer with `parse`.

        A refused token is refreshed once. Raises NotConnected, Retriable, BudgetSpent and, for
        writes, Unknown; whatever `parse` raises comes through.
        """
        url = f"{self._endpoints.api.rstrip('/')}/{path}"

        def attempt(token: str) -> T:
            sent = {**(headers or {}), **self._identity(token)}
            request = Request(
                method=method, url=url, query=dict(query or {}), headers=sent, body=body
            )
            return self._http.call(
                request, lambda answer: parse(self._admitted(answer, path, token)), self._budget
            )

        token = self._tokens.access_token()
        try:
            return attempt(token)
        except TokenRefusedError:
            token = self._tokens.refresh(token)
        try:
            return attempt(token)
        except TokenRefusedError as error:
            raise NotConnected("xero_needs_reconnection") from error

    def _identity(self, token: str) -> dict[str, str]:
        # Without Accept, Xero answers in XML.
        return {
            "Authorization": f"Bearer {token}",
            "xero-tenant-id": self._tenant_id,
            "Accept": "application/json",
        }

    def _admitted(self, answer: Answer, path: str, token: str) -> Answer:
        match answer.status:
            case 401 if _lacks_scope(answer):
                endpoint = path.partition("/")[0]
                raise NotConnected("xero_scope_missing", scope=f" for {endpoint}")
            case 401:
                raise TokenRefusedError
            # A page instead of Xero's own words comes from something on the way.
            case 403 if answer.content_type == "application/json":
                self._forbidden(answer, token)
        return answer

    def _forbidden(self, answer: Answer, token: str) -> NoReturn:
        """Either the organisation is no longer connected, or the user lacks rights in it."""
        reached = read_connections(self._http, self._endpoints.connections, token)
        if self._tenant_id not in {each.tenant_id for each in reached}:
            raise NotConnected("xero_tenant_lost", organisation=self._organisation)
        raise NotConnected("xero_user_rights", message=problem_text(answer))


def problem_text(answer: Answer) -> str:
    """What an error answer says, whatever its shape: Detail, Message, Title, or its beginning."""
    try:
        body = answer.decode(dict[str, Any])
    except NotJsonError:
        return answer.text or f"HTTP {answer.status}"
    members = {name.lower(): value for name, value in body.items()}
    said = (members.get(name) for name in ("detail", "message", "title"))
    return next((str(text) for text in said if text), f"HTTP {answer.status}")


def _lacks_scope(answer: Answer) -> bool:
    told = answer.headers.get("www-authenticate", "").lower()
    if any(word in told for word in _SCOPE_WORDS):
        return True
    return "authorizationunsuccessful" in problem_text(answer).lower()
