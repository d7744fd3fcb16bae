"""Consents: a Xero user lets this app into organisations. Values and the port of the OAuth flow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import msgspec

from xero_bridge.core.grants import Grant


class Started(msgspec.Struct, frozen=True, kw_only=True):
    """A consent that has begun: where to send the browser, and what to keep in its session."""

    url: str
    state: str
    redirect_uri: str
    #: PKCE verifier; empty when PKCE is off.
    verifier: str = ""


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation that the consenting user connected to this app."""

    #: Id of the connection itself, as needed to disconnect it.
    connection_id: str
    tenant_id: str
    name: str


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """A finished consent: its tokens are stored already."""

    grant: Grant
    #: The organisations of this consent; those of all consents of this user where that is not told.
    organisations: tuple[Reached, ...]
    #: Scopes that were asked for and not given.
    missing: frozenset[str] = frozenset()


class Consents(Protocol):
    """The OAuth 2.0 flow with Xero for one app (client id). All methods may raise `Retriable`."""

    def begin(self, redirect_uri: str) -> Started:
        """Where to send the browser. No call is made."""

    def finish(self, started: Started, answer: Mapping[str, str]) -> Consent:
        """Turn the callback's parameters into a stored grant.

        Raises NotConnected: `consent_foreign` (another state), `consent_refused`, `consent_failed`,
        `xero_client_wrong`.
        """

    def reached(self, grant_id: int) -> tuple[Reached, ...]:
        """The organisations that the grant's user has connected to this app now."""

    def disconnect(self, grant_id: int, connection_id: str) -> bool:
        """Cut one organisation off; False when it was not connected (any more)."""

    def revoke(self, grant_id: int) -> None:
        """End the grant: every organisation of this Xero user is cut off from this app."""
