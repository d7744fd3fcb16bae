"""Grants: the OAuth tokens of one (client id, Xero user), and the port that keeps them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import msgspec


class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """A fresh set of tokens as the identity server gave it."""

    access_token: str
    #: Empty when `offline_access` was not granted.
    refresh_token: str
    #: When the access token ends (aware UTC).
    expires_at: datetime
    #: Granted scopes.
    scope: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        """Never shows a token."""
        return f"Tokens(expires_at={self.expires_at.isoformat()}, scope={sorted(self.scope)})"


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """A stored grant. `version` goes up with every new set of tokens."""

    id: int
    client_id: str
    #: Xero's user id (`xero_userid`), or a stable substitute.
    user_id: str
    tokens: Tokens
    version: int
    #: When the refresh token was issued: it ends 60 days later if unused.
    refreshed_at: datetime
    needs_reconnection: bool = False


class Grants(Protocol):
    """Keeps grants, for all threads and processes. No method holds a transaction open on return."""

    def grant(self, grant_id: int) -> Grant:
        """The grant as stored now; raises `NotConnected` when it does not exist (any more)."""

    def save_grant(self, client_id: str, user_id: str, tokens: Tokens, now: datetime) -> Grant:
        """Insert or replace the grant of this user after a consent.

        Ends `needs_reconnection` and any claim, and moves the version on.
        """

    def claim_refresh(self, grant: Grant, now: datetime, until: datetime) -> bool:
        """Whether the caller alone may refresh this version until `until`.

        One compare-and-set on the version and on any earlier claim having ended by `now`.
        """

    def store_refreshed(self, grant: Grant, tokens: Tokens, now: datetime) -> Grant | None:
        """Replace the tokens of exactly this version and end the claim.

        None when the version has moved on meanwhile (another consent won).
        """

    def end_claim(self, grant: Grant) -> None:
        """Let others try (the refresh failed and the old refresh token is still good)."""

    def mark_reconnection(self, grant: Grant) -> None:
        """This version of the grant is dead until the user consents again; ends the claim."""

    def idle_grants(self, before: datetime) -> list[Grant]:
        """Live grants whose refresh token was issued before `before`."""
