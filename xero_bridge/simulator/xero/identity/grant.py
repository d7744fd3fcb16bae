"""Consents, token sets and connections: who may act for which organisation, and how long."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from xero_bridge.simulator.common import Record, SimClock, Store
from xero_bridge.simulator.xero.identity import token as tokens
from xero_bridge.simulator.xero.kernel.wire import new_id, seven_digits
from xero_bridge.simulator.xero.settings import App, User, XeroSettings

CODE_LIFE = timedelta(minutes=5)
ACCESS_LIFE = timedelta(minutes=30)
REFRESH_LIFE = timedelta(days=60)
GRACE = timedelta(minutes=30)
ISSUER = "https://identity.xero.com"


class GrantError(Exception):
    """The token endpoint refuses; the text is OAuth's word for why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What a person agreed to on the authorise page."""

    app: App
    user: User
    tenant: str
    scopes: tuple[str, ...]
    redirect_uri: str
    code_challenge: str | None = None


class Grants:
    """Everything the identity side remembers; each change is one transaction of the store."""

    def __init__(self, store: Store, clock: SimClock, settings: XeroSettings) -> None:
        self.settings = settings
        self._store = store
        self._clock = clock
        self._codes = store.table("codes")
        self._sets = store.table("token_sets")
        self._refresh = store.table("refresh_tokens")
        self.connections = store.table("connections")

    def app(self, client_id: str) -> App | None:
        """Return the registered app of this client id."""
        return next((app for app in self.settings.apps if app.client_id == client_id), None)

    def user(self, user_id: str) -> User:
        """Return the person of this id."""
        return next(user for user in self.settings.users if user.user_id == user_id)

    def consent(self, consent: Consent) -> str:
        """Connect the organisation and return an authorization code."""
        with self._store.transaction():
            event, now = self.connect(consent), self._clock.now()
            code = token_urlsafe(24)
            record = {
                "ClientID": consent.app.client_id,
                "UserID": consent.user.user_id,
                "Scopes": self._widened(consent),
                "RedirectUri": consent.redirect_uri,
                "Challenge": consent.code_challenge,
                "EventID": event,
                "At": now,
            }
            self._codes.put(code, record)
        return code

    def exchange(
        self, app: App, code: str, redirect_uri: str, verifier: str | None
    ) -> dict[str, Any]:
        """Turn a code into tokens, once; older token sets of this person die. Raises GrantError."""
        with self._store.transaction():
            record = self._codes.get(code)
            if record is None or record["ClientID"] != app.client_id:
                raise GrantError("invalid_grant")
            self._codes.delete(code)
        wrong = (
            self._clock.now() - record["At"] > CODE_LIFE
            or record["RedirectUri"] != redirect_uri
            or (record["Challenge"] and tokens.challenge(verifier or "") != record["Challenge"])
        )
        if wrong:
            raise GrantError("invalid_grant")
        return self.issue(app, self.user(record["UserID"]), record["Scopes"], record["EventID"])

    def issue(self, app: App, user: User, scopes: list[str], event: str) -> dict[str, Any]:
        """Start a token set and return the answer of the token endpoint."""
        with self._store.transaction():
            self._kill(app, user)
            set_id = new_id()
            record = {
                "ClientID": app.client_id,
                "UserID": user.user_id,
                "Scopes": scopes,
                "EventID": event,
                "Alive": True,
            }
            self._sets.put(set_id, record)
            return self._answer(set_id, record)

    def refresh(self, app: App, refresh_token: str) -> dict[str, Any]:
        """Rotate a refresh token; the used one works 30 more minutes. Raises GrantError."""
        now = self._clock.now()
        with self._store.transaction():
            held = self._refresh.get(refresh_token)
            record = self._sets.get(held["SetID"]) if held else None
            if held is None or record is None or record["ClientID"] != app.client_id:
                raise GrantError("invalid_grant")
            used = held["UsedAt"]
            if not record["Alive"] or now - held["IssuedAt"] > REFRESH_LIFE:
                raise GrantError("invalid_grant")
            if used and now - used > GRACE:
                raise GrantError("invalid_grant")
            self._refresh.put(refresh_token, {**held, "UsedAt": used or now})
            return self._answer(held["SetID"], record)

    def revoke(self, app: App, refresh_token: str) -> None:
        """End the token set and every connection of its person to this app."""
        with self._store.transaction():
            held = self._refresh.get(refresh_token)
            record = self._sets.get(held["SetID"]) if held else None
            if record is None or record["ClientID"] != app.client_id:
                return
            self._kill(app, self.user(record["UserID"]))
            for connection in self._of(app.client_id, record["UserID"]):
                self.connections.delete(connection["id"])

    def bearer(self, access_token: str) -> Record | str:
        """Return the claims of a live access token, or the Detail of the 401 answer."""
        claims = tokens.read(access_token, self.settings.signing_key)
        if claims is None or claims.get("aud") != f"{ISSUER}/resources":
            return "AuthenticationUnsuccessful"
        now = self._clock.now()
        if now.timestamp() >= claims["exp"]:
            expired = datetime.fromtimestamp(claims["exp"], now.tzinfo)
            return f"TokenExpired: token expired at {expired:%m/%d/%Y %H:%M:%S}"
        record = self._sets.get(claims["set"])
        return claims if record and record["Alive"] else "AuthenticationUnsuccessful"

    def tenants(self, claims: Record) -> set[str]:
        """Return the organisations that the bearer's connections open."""
        found = self._of(claims["client_id"], claims["xero_userid"])
        return {connection["tenantId"] for connection in found}

    def connected(self, claims: Record) -> list[Record]:
        """Return the connections of the bearer, oldest first."""
        return self._of(claims["client_id"], claims["xero_userid"])

    def disconnect_tenant(self, tenant: str) -> None:
        """Remove every connection to an organisation, as its deletion or reset does."""
        for connection in self.connections.values():
            if connection["tenantId"] == tenant:
                self.connections.delete(connection["id"])

    def _of(self, client_id: str, user_id: str) -> list[Record]:
        return [
            connection
            for connection in self.connections.values()
            if (connection["_client"], connection["_user"]) == (client_id, user_id)
        ]

    def connect(self, consent: Consent) -> str:
        """Connect the organisation for this person and return the id of the event."""
        event, now = new_id(), self._clock.now()
        client, user = consent.app.client_id, consent.user.user_id
        known = [c for c in self._of(client, user) if c["tenantId"] == consent.tenant]
        organisation = self._store.table("organisations").get(consent.tenant) or {}
        connection_id = known[0]["id"] if known else new_id()
        record = {
            "id": connection_id,
            "authEventId": event,
            "tenantId": consent.tenant,
            "tenantType": "ORGANISATION",
            "tenantName": organisation["Name"],
            "createdDateUtc": known[0]["createdDateUtc"] if known else seven_digits(now),
            "updatedDateUtc": seven_digits(now),
            "_client": client,
            "_user": user,
        }
        self.connections.put(connection_id, record)
        return event

    def _widened(self, consent: Consent) -> list[str]:
        # Scopes add up over consents; only revoking takes them away.
        held = [
            scope
            for record in self._sets.values()
            if record["Alive"]
            and record["ClientID"] == consent.app.client_id
            and record["UserID"] == consent.user.user_id
            for scope in record["Scopes"]
        ]
        return list(dict.fromkeys((*consent.scopes, *held)))

    def _kill(self, app: App, user: User) -> None:
        for set_id in self._sets.keys():  # noqa: SIM118
            record = self._sets.get(set_id) or {}
            if record["ClientID"] == app.client_id and record["UserID"] == user.user_id:
                self._sets.put(set_id, {**record, "Alive": False})

    def _answer(self, set_id: str, record: Record) -> dict[str, Any]:
        now, scopes = self._clock.now(), record["Scopes"]
        user = self.user(record["UserID"])
        answer: dict[str, Any] = {
            "access_token": self._access_token(set_id, record, now),
            "expires_in": int(ACCESS_LIFE.total_seconds()),
            "token_type": "Bearer",
            "scope": " ".join(scopes),
        }
        if "openid" in scopes:
            answer["id_token"] = self._id_token(record, user, now)
        if "offline_access" in scopes:
            answer["refresh_token"] = token_urlsafe(32)
            held = {"SetID": set_id, "IssuedAt": now, "UsedAt": None}
            self._refresh.put(answer["refresh_token"], held)
        return answer

    def _access_token(self, set_id: str, record: Record, now: datetime) -> str:
        claims = {
            "iss": ISSUER,
            "aud": f"{ISSUER}/resources",
            "client_id": record["ClientID"],
            "sub": record["UserID"],
            "xero_userid": record["UserID"],
            "global_session_id": set_id,
            "authentication_event_id": record["EventID"],
            "jti": new_id(),
            "scope": record["Scopes"],
            "nbf": int(now.timestamp()),
            "exp": int((now + ACCESS_LIFE).timestamp()),
            "set": set_id,
        }
        return tokens.sign(claims, self.settings.signing_key)

    def _id_token(self, record: Record, user: User, now: datetime) -> str:
        claims = {
            "iss": ISSUER,
            "aud": record["ClientID"],
            **about(user),
            "auth_time": int(now.timestamp()),
            "iat": int(now.timestamp()),
            "exp": int((now + timedelta(minutes=5)).timestamp()),
        }
        return tokens.sign(claims, self.settings.signing_key)


def about(user: User) -> dict[str, str]:
    """Return the claims that describe a person."""
    return {
        "sub": user.user_id,
        "xero_userid": user.user_id,
        "name": f"{user.given_name} {user.family_name}",
        "given_name": user.given_name,
        "family_name": user.family_name,
        "preferred_username": user.email,
        "email": user.email,
    }
