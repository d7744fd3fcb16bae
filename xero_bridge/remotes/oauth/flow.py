"""The consent: from the Connect button to a stored grant, and back to disconnected."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from hmac import compare_digest

import msgspec
from authlib.common.security import generate_token
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from xero_bridge.core.consent import Consent, Reached, Started
from xero_bridge.core.errors import BridgeError, NotConnected
from xero_bridge.core.grants import Grants
from xero_bridge.core.ports import Clock
from xero_bridge.remotes.connections import Connection, read_connections, remove_connection
from xero_bridge.remotes.endpoints import XeroEndpoints
from xero_bridge.remotes.http import Http, Request
from xero_bridge.remotes.oauth.claims import Claims, claims_of
from xero_bridge.remotes.oauth.identity import (
    Identity,
    InvalidGrantError,
    TokenAnswer,
    XeroApp,
)
from xero_bridge.remotes.oauth.refresh import TokenSource

_STATE_LENGTH = 40
_VERIFIER_LENGTH = 64


class XeroConsents:
    """Implements `core.consent.Consents` for one app."""

    def __init__(
        self,
        *,
        http: Http,
        endpoints: XeroEndpoints,
        app: XeroApp,
        scopes: Collection[str],
        grants: Grants,
        clock: Clock,
        pkce: bool = False,
    ) -> None:
        """`scopes` are asked for; PKCE in a web app is not documented by Xero, so it is off."""
        self._http = http
        self._endpoints = endpoints
        self._app = app
        self._scopes = tuple(scopes)
        self._grants = grants
        self._clock = clock
        self._pkce = pkce
        self._identity = Identity(http=http, endpoints=endpoints, app=app, clock=clock)

    def begin(self, redirect_uri: str) -> Started:
        """Where to send the browser. No call is made."""
        state = generate_token(_STATE_LENGTH)
        verifier = generate_token(_VERIFIER_LENGTH) if self._pkce else ""
        more = {}
        if verifier:
            more = {
                "code_challenge": create_s256_code_challenge(verifier),
                "code_challenge_method": "S256",
            }
        url = prepare_grant_uri(
            self._endpoints.authorize,
            client_id=self._app.client_id,
            response_type="code",
            redirect_uri=redirect_uri,
            scope=" ".join(self._scopes),
            state=state,
            **more,
        )
        return Started(url=str(url), state=state, redirect_uri=redirect_uri, verifier=verifier)

    def finish(self, started: Started, answer: Mapping[str, str]) -> Consent:
        """Turn the callback's parameters into a stored grant; raises as the port says."""
        code = _code(started, answer)
        try:
            given = self._identity.exchange(code, started.redirect_uri, started.verifier)
        except InvalidGrantError as error:
            message = "the code was used already or has ended"
            raise NotConnected("consent_failed", message=message) from error
        claims = claims_of(given.access_token)
        tokens = self._identity.tokens(given)
        if not tokens.scope:
            tokens = msgspec.structs.replace(tokens, scope=frozenset(self._scopes))
        user_id = self._user_id(given, claims)
        grant = self._grants.save_grant(self._app.client_id, user_id, tokens, self._clock.now())
        return Consent(
            grant=grant,
            organisations=self._of_this_consent(given.access_token, claims),
            missing=missing_scopes(self._scopes, tokens.scope),
        )

    def reached(self, grant_id: int) -> tuple[Reached, ...]:
        """The organisations that the grant's user has connected to this app now."""
        return self._reached(self._source(grant_id).access_token())

    def disconnect(self, grant_id: int, connection_id: str) -> bool:
        """Cut one organisation off; False when it was not connected (any more)."""
        token = self._source(grant_id).access_token()
        return remove_connection(self._http, self._endpoints.connections, token, connection_id)

    def revoke(self, grant_id: int) -> None:
        """End the grant at Xero and in the store; one that is dead already only in the store."""
        grant = self._grants.grant(grant_id)
        if not grant.needs_reconnection:
            # Xero may have forgotten it before us, which is what was wanted.
            with suppress(InvalidGrantError):
                self._identity.revoke(grant.tokens.refresh_token)
        self._grants.mark_reconnection(self._grants.grant(grant_id))

    def _source(self, grant_id: int) -> TokenSource:
        return TokenSource(
            grant_id, grants=self._grants, identity=self._identity, clock=self._clock
        )

    def _reached(self, token: str, auth_event_id: str = "") -> tuple[Reached, ...]:
        found = read_connections(self._http, self._endpoints.connections, token, auth_event_id)
        return tuple(_reached(each) for each in found)

    def _of_this_consent(self, token: str, claims: Claims) -> tuple[Reached, ...]:
        event = claims.authentication_event_id
        # A consent to an organisation that was connected before can leave the filtered list empty.
        return (self._reached(token, event) if event else ()) or self._reached(token)

    def _user_id(self, given: TokenAnswer, claims: Claims) -> str:
        told = claims_of(given.id_token).xero_userid or claims.xero_userid
        return told or self._asked_user_id(given.access_token) or self._substitute(given)

    def _asked_user_id(self, token: str) -> str:
        request = Request(
            url=self._endpoints.userinfo,
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            cost=0,
        )
        try:
            answer = self._http.once(request)
            return answer.decode(Claims).xero_userid if answer.status == 200 else ""
        except (BridgeError, ValueError):
            return ""  # Optional at Xero, and the substitute serves as well.

    def _substitute(self, given: TokenAnswer) -> str:
        """The user's oldest connection names the user: it stays when others come and go."""
        found = read_connections(self._http, self._endpoints.connections, given.access_token)
        oldest = min(found, key=lambda each: (each.created_date_utc or "", each.id), default=None)
        return f"connection:{oldest.id}" if oldest else f"client:{self._app.client_id}"


def missing_scopes(wanted: Collection[str], granted: Collection[str]) -> frozenset[str]:
    """Wanted scopes that were not granted; a scope that may write covers its `.read` twin."""
    return frozenset(
        scope
        for scope in wanted
        if scope not in granted and scope.removesuffix(".read") not in granted
    )


def _code(started: Started, answer: Mapping[str, str]) -> str:
    if not compare_digest(started.state.encode(), answer.get("state", "").encode()):
        raise NotConnected("consent_foreign")
    problem = answer.get("error", "")
    if problem == "access_denied":
        raise NotConnected("consent_refused")
    if problem or not answer.get("code"):
        said = answer.get("error_description") or problem or "the answer holds no code"
        raise NotConnected("consent_failed", message=said[:200])
    return answer["code"]


def _reached(connection: Connection) -> Reached:
    return Reached(
        connection_id=connection.id,
        tenant_id=connection.tenant_id,
        name=connection.tenant_name or connection.tenant_id,
    )
