"""The identity addresses: authorise page, token, revocation, userinfo, discovery, connections."""

import binascii
import json
from base64 import b64decode
from collections.abc import Callable
from typing import Any, TypeAlias
from urllib.parse import urlencode, urlsplit

from werkzeug.wrappers import Request, Response

from xero_bridge.simulator.common import Record, Store
from xero_bridge.simulator.xero.identity.grant import ISSUER, Consent, GrantError, Grants, about
from xero_bridge.simulator.xero.kernel.problem import problem
from xero_bridge.simulator.xero.settings import ANY_REDIRECT, App, known_scopes
from xero_bridge.simulator.xero.template import page

Answer: TypeAlias = Callable[[Request], Response]


class Identity:
    """Answers the calls of a browser or a client that concern consent and tokens."""

    def __init__(self, grants: Grants, store: Store) -> None:
        self._grants = grants
        self._organisations = store.table("organisations")
        self._routes: dict[str, Answer] = {
            "/identity/connect/authorize": self._authorize,
            "/connect/token": self._token,
            "/connect/revocation": self._revoke,
            "/connect/userinfo": self._userinfo,
            "/connections": self._connections,
            "/.well-known/openid-configuration": self._discovery,
            "/.well-known/openid-configuration/jwks": lambda _: as_json({"keys": []}),
        }

    def knows(self, path: str) -> bool:
        """Tell whether an address is one of identity or connections.

        Xero's own clients write `/Connections`, its documentation `/connections`.
        """
        return path in self._routes or f"{path.lower()}/".startswith("/connections/")

    def answer(self, request: Request) -> Response:
        """Answer a call of a known address."""
        return self._routes.get(request.path, self._connections)(request)

    def refused_request(self, asked: dict[str, str]) -> str | None:
        """Return why Xero shows its own error page for an authorise request, or None."""
        app = self._grants.app(asked.get("client_id", ""))
        if app is None:
            return "unauthorized_client: Unknown client or client not enabled"
        if not _is_registered(app, asked.get("redirect_uri", "")):
            return "invalid_request: Invalid redirect_uri"
        if asked.get("response_type") != "code":
            return "unsupported_response_type"
        if not asked.get("state"):
            return "invalid_request: The state parameter is missing"
        scopes = asked.get("scope", "").split()
        if not scopes or set(scopes) - known_scopes(app):
            return f"invalid_scope: {' '.join(sorted(set(scopes) - known_scopes(app)))}"
        if asked.get("code_challenge") and asked.get("code_challenge_method") != "S256":
            return "invalid_request: Transform algorithm not supported"
        return None

    def allow(self, asked: dict[str, str], tenant: str, user_id: str | None = None) -> str:
        """Agree for a person; return the address that the browser is sent back to."""
        app = self._grants.app(asked["client_id"])
        assert app is not None, "the request was checked before"
        users = self._grants.settings.users
        scopes = asked["scope"].split()
        code = self._grants.consent(
            Consent(
                app=app,
                user=self._grants.user(user_id) if user_id else users[0],
                tenant=tenant,
                scopes=tuple(scopes),
                redirect_uri=asked["redirect_uri"],
                code_challenge=asked.get("code_challenge") or None,
            )
        )
        answer = {"code": code, "scope": asked["scope"], "session_state": code[:16]}
        return _back(asked, answer)

    def _authorize(self, request: Request) -> Response:
        asked = dict((request.form if request.method == "POST" else request.args).items())
        if reason := self.refused_request(asked):
            return page("refused.html", status=400, reason=reason)
        if request.method != "POST":
            return self._consent_page(asked)
        if asked.get("decision") != "allow":
            return _redirect(_back(asked, {"error": "access_denied"}))
        if asked.get("tenant_id") not in self._organisations:
            return self._consent_page(asked, missing="Choose an organisation first.")
        return _redirect(self.allow(asked, asked["tenant_id"], asked.get("user_id")))

    def _consent_page(self, asked: dict[str, str], missing: str = "") -> Response:
        app = self._grants.app(asked["client_id"])
        own = ("decision", "tenant_id", "user_id")
        return page(
            "consent.html",
            app=app,
            asked={name: value for name, value in asked.items() if name not in own},
            scopes=asked["scope"].split(),
            organisations=self._organisations.values(),
            users=self._grants.settings.users,
            missing=missing,
        )

    def _token(self, request: Request) -> Response:
        if request.method != "POST":
            return Response(status=405)
        if "form-urlencoded" not in (request.content_type or ""):
            return _refuse("invalid_request")
        try:
            return as_json(self._tokens(request))
        except GrantError as error:
            return _refuse(str(error))

    def _tokens(self, request: Request) -> dict[str, Any]:
        app, form = self._client(request), request.form
        match form.get("grant_type"):
            case "authorization_code":
                return self._grants.exchange(
                    app,
                    form.get("code", ""),
                    form.get("redirect_uri", ""),
                    form.get("code_verifier"),
                )
            case "refresh_token":
                return self._grants.refresh(app, form.get("refresh_token", ""))
            case "client_credentials":
                raise GrantError("unauthorized_client")
            case _:
                raise GrantError("unsupported_grant_type")

    def _client(self, request: Request) -> App:
        """Return the app that authenticates by Basic header or in the form."""
        header = request.headers.get("Authorization", "")
        if header.startswith("Basic "):
            client_id, secret = _basic(header)
        else:
            client_id = request.form.get("client_id", "")
            secret = request.form.get("client_secret", "")
        if not client_id:
            raise GrantError("invalid_request")
        app = self._grants.app(client_id)
        if app is None or app.client_secret != secret:
            raise GrantError("invalid_client")
        return app

    def _revoke(self, request: Request) -> Response:
        try:
            app = self._client(request)
        except GrantError as error:
            return _refuse(str(error))
        self._grants.revoke(app, request.form.get("token", ""))
        return Response(status=200)

    def _userinfo(self, request: Request) -> Response:
        bearer = self.bearer(request)
        if isinstance(bearer, Response):
            return bearer
        return as_json(about(self._grants.user(bearer["xero_userid"])))

    def bearer(self, request: Request) -> Record | Response:
        """Return the claims of the call's token, or the 401 answer."""
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        found = self._grants.bearer(text) if scheme == "Bearer" else "AuthenticationUnsuccessful"
        return problem(401, found) if isinstance(found, str) else found

    def _connections(self, request: Request) -> Response:
        bearer = self.bearer(request)
        if isinstance(bearer, Response):
            return bearer
        if request.method == "DELETE":
            return self._disconnect(request.path.rpartition("/")[2].lower(), bearer)
        event = request.args.get("authEventId")
        found = [
            {name: value for name, value in connection.items() if not name.startswith("_")}
            for connection in self._grants.connected(bearer)
            if event in (None, connection["authEventId"])
        ]
        return as_json(found)

    def _disconnect(self, key: str, bearer: Record) -> Response:
        own = self._grants.connected(bearer)
        if key in {connection["id"] for connection in own}:
            self._grants.connections.delete(key)
            return Response(status=204)
        if any(key in (c["tenantId"], c["authEventId"]) for c in own):
            return problem(403, "AuthenticationUnsuccessful")
        return Response(status=404, content_type="text/html; charset=utf-8")

    def _discovery(self, request: Request) -> Response:
        base = request.host_url.rstrip("/")
        return as_json(
            {
                "issuer": ISSUER,
                "authorization_endpoint": f"{base}/identity/connect/authorize",
                "token_endpoint": f"{base}/connect/token",
                "revocation_endpoint": f"{base}/connect/revocation",
                "userinfo_endpoint": f"{base}/connect/userinfo",
                "jwks_uri": f"{base}/.well-known/openid-configuration/jwks",
                "response_types_supported": ["code"],
                "code_challenge_methods_supported": ["S256"],
                "grant_types_supported": ["authorization_code", "refresh_token"],
                "token_endpoint_auth_methods_supported": [
                    "client_secret_basic",
                    "client_secret_post",
                ],
            }
        )


def _is_registered(app: App, redirect_uri: str) -> bool:
    parts = urlsplit(redirect_uri)
    local = parts.scheme == "http" and parts.hostname == "localhost"
    if parts.scheme != "https" and not local:
        return False
    return redirect_uri in app.redirect_uris or ANY_REDIRECT in app.redirect_uris


def _back(asked: dict[str, str], answer: dict[str, str]) -> str:
    separator = "&" if "?" in asked["redirect_uri"] else "?"
    return asked["redirect_uri"] + separator + urlencode({**answer, "state": asked["state"]})


def _basic(header: str) -> tuple[str, str]:
    try:
        text = b64decode(header.removeprefix("Basic "), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise GrantError("invalid_request") from error
    client_id, _, secret = text.partition(":")
    return client_id, secret


def _redirect(address: str) -> Response:
    return Response(status=302, headers={"Location": address})


def _refuse(reason: str) -> Response:
    return as_json({"error": reason}, status=400)


def as_json(content: object, status: int = 200) -> Response:
    """Answer with JSON that is no part of the accounting API."""
    return Response(json.dumps(content), status, content_type="application/json")
