"""Calls to Xero's identity server: exchange a code, refresh, revoke. Authlib forms the requests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NoReturn

import msgspec
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_token_request
from authlib.oauth2.rfc7009 import prepare_revoke_token_request

from xero_bridge.core.errors import NotConnected, Retriable, Unknown
from xero_bridge.core.grants import Tokens
from xero_bridge.core.ports import Clock
from xero_bridge.remotes.endpoints import XeroEndpoints
from xero_bridge.remotes.http import Answer, Http, NotJsonError, Request

#: Seconds of silence that are borne: several tries have to fit into a claim on the refresh.
_PATIENCE = 20.0
_FORM = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
#: Errors of RFC 6749 5.2 that only the operator can mend.
_CLIENT_ERRORS = frozenset({"invalid_client", "unauthorized_client", "invalid_request"})


class InvalidGrantError(Exception):
    """The code or refresh token was used, has ended, or was revoked."""


class XeroApp(msgspec.Struct, frozen=True, kw_only=True):
    """An app as registered at developer.xero.com."""

    client_id: str
    client_secret: str

    def __repr__(self) -> str:
        """Never shows the secret."""
        return f"XeroApp({self.client_id!r})"


class TokenAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The token endpoint's answer; `scope` may be left out when it is what was asked for."""

    access_token: str
    expires_in: int = 1800
    refresh_token: str = ""
    id_token: str = ""
    scope: str | None = None


class Identity:
    """The identity server for one app."""

    def __init__(self, *, http: Http, endpoints: XeroEndpoints, app: XeroApp, clock: Clock) -> None:
        """`http` must be allowed to call the token and revocation addresses."""
        self._http = http
        self._endpoints = endpoints
        self._clock = clock
        self.app = app

    def exchange(self, code: str, redirect_uri: str, verifier: str = "") -> TokenAnswer:
        """The tokens of a consent. A code works once: after any answer it is not sent again.

        Raises InvalidGrantError, NotConnected.
        """
        more = {"code_verifier": verifier} if verifier else {}
        body = prepare_token_request(
            "authorization_code", "", redirect_uri=redirect_uri, code=code, **more
        )
        request = self._request(self._endpoints.token, body, repeatable=False)
        try:
            return _tokens(self._http.call(request, lambda answer: answer))
        except (Retriable, Unknown) as error:
            raise NotConnected("consent_failed", message=str(error)) from error

    def refresh(self, refresh_token: str) -> Tokens:
        """New tokens. Repeatable: Xero accepts the old refresh token for another 30 minutes.

        Raises InvalidGrantError, NotConnected (`xero_client_wrong`), Retriable.
        """
        body = prepare_token_request("refresh_token", "", refresh_token=refresh_token)
        request = self._request(self._endpoints.token, body, repeatable=True)
        answer = self._http.call(request, _tokens)
        kept = msgspec.structs.replace(answer, refresh_token=answer.refresh_token or refresh_token)
        return self.tokens(kept)

    def revoke(self, refresh_token: str) -> None:
        """End the token set and every connection of its user; raises NotConnected, Retriable."""
        body, _ = prepare_revoke_token_request(refresh_token)
        self._http.call(self._request(self._endpoints.revoke, body, repeatable=True), _revoked)

    def tokens(self, answer: TokenAnswer) -> Tokens:
        """The answer as it is stored."""
        return Tokens(
            access_token=answer.access_token,
            refresh_token=answer.refresh_token,
            expires_at=self._clock.now() + timedelta(seconds=answer.expires_in),
            scope=frozenset((answer.scope or "").split()),
        )

    def _request(self, url: str, body: str, *, repeatable: bool) -> Request:
        auth = ClientAuth(self.app.client_id, self.app.client_secret, "client_secret_basic")
        _, headers, signed = auth.prepare("POST", url, dict(_FORM), body)
        return Request(
            method="POST",
            url=url,
            headers=headers,
            body=signed.encode(),
            timeout=_PATIENCE,
            cost=0,
            repeatable=repeatable,
        )


def _tokens(answer: Answer) -> TokenAnswer:
    if answer.status >= 400:
        _refuse(answer)
    try:
        return answer.decode(TokenAnswer)
    except NotJsonError as error:
        raise Retriable("not_readable", side="Xero", message=str(error)) from error


def _revoked(answer: Answer) -> None:
    if answer.status >= 400:
        _refuse(answer)


def _refuse(answer: Answer) -> NoReturn:
    """What RFC 6749 5.2 errors mean; a page instead of JSON is trouble on the way."""
    try:
        body = answer.decode(dict[str, Any])
    except NotJsonError as error:
        raise Retriable("not_readable", side="Xero", message=str(error)) from error
    problem = str(body.get("error") or "")
    if problem == "invalid_grant":
        raise InvalidGrantError
    if problem in _CLIENT_ERRORS:
        raise NotConnected("xero_client_wrong")
    said = str(body.get("error_description") or problem or f"HTTP {answer.status}")
    raise NotConnected("consent_failed", message=said)
