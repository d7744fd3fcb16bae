"""Grants in the database, shared by all threads and processes: `core.grants.Grants`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from xero_bridge.core.errors import NotConnected
from xero_bridge.core.grants import Grant, Tokens
from xero_bridge.store import models
from xero_bridge.store.database import Database
from xero_bridge.store.repository.part import upsert

GRANT = models.table_of(models.Grant)
CONNECTION = models.table_of(models.Connection)
ACTIVE, NEEDS_RECONNECTION = "active", "needs_reconnection"
_NO_CLAIM: dict[str, Any] = {"lease_owner": "", "lease_until": None}


class SqlGrants:
    """Keeps grants; every method is one short transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def grant(self, grant_id: int) -> Grant:
        """The grant as stored now; raises `NotConnected` when it does not exist (any more)."""
        with self._database.reading() as connection:
            row = connection.execute(sa.select(GRANT).where(GRANT.c.id == grant_id)).first()
        if row is None:
            raise NotConnected("xero_needs_reconnection")
        return _grant(row)

    def save_grant(self, client_id: str, user_id: str, tokens: Tokens, now: datetime) -> Grant:
        """Insert or replace the grant of this user after a consent.

        Ends `needs_reconnection` and any claim, and moves the version on.
        """
        whose = {"client_id": client_id, "xero_user_id": user_id}
        with self._database.writing() as connection:
            found = sa.select(GRANT.c.version, GRANT.c.created_at).filter_by(**whose)
            before = connection.execute(found).first()
            row = {
                **whose,
                **_tokens(tokens, now),
                "user_name": "",
                "created_at": before.created_at if before else now,
                "version": before.version + 1 if before else 1,
                "revoked_at": None,
            }
            connection.execute(upsert(connection, GRANT, row, tuple(whose)), [row])
            return _grant(connection.execute(sa.select(GRANT).filter_by(**whose)).one())

    def claim_refresh(self, grant: Grant, now: datetime, until: datetime) -> bool:
        """Whether the caller alone may refresh this version until `until`."""
        free = sa.or_(GRANT.c.lease_until.is_(None), GRANT.c.lease_until <= now)
        return self._change(grant, {"lease_owner": uuid4().hex, "lease_until": until}, free)

    def store_refreshed(self, grant: Grant, tokens: Tokens, now: datetime) -> Grant | None:
        """Replace the tokens of exactly this version and end the claim.

        None when the version has moved on meanwhile (another consent won).
        """
        values = {**_tokens(tokens, now), "version": grant.version + 1}
        if not tokens.scope:
            # A refresh that names no scopes has those of the consent.
            del values["scope"]
        if not self._change(grant, values):
            return None
        self._database.make_durable()
        return self.grant(grant.id)

    def end_claim(self, grant: Grant) -> None:
        """Let others try (the refresh failed and the old refresh token is still good)."""
        self._change(grant, _NO_CLAIM)

    def mark_reconnection(self, grant: Grant) -> None:
        """This version of the grant is dead until the user consents again; ends the claim."""
        self._change(grant, {**_NO_CLAIM, "state": NEEDS_RECONNECTION})

    def idle_grants(self, before: datetime) -> list[Grant]:
        """Live grants whose refresh token was issued before `before`."""
        wanted = sa.select(GRANT).where(
            GRANT.c.state == ACTIVE, GRANT.c.refreshed_at < before, GRANT.c.revoked_at.is_(None)
        )
        with self._database.reading() as connection:
            return [_grant(row) for row in connection.execute(wanted.order_by(GRANT.c.id))]

    def connections_of(self, grant_id: int) -> Sequence[str]:
        """Names of the connections that use a grant: it is revoked only with the last of them."""
        wanted = sa.select(CONNECTION.c.name).where(CONNECTION.c.grant_id == grant_id)
        with self._database.reading() as connection:
            return connection.execute(wanted.order_by(CONNECTION.c.name)).scalars().all()

    def forget_revoked(self, grant_id: int, now: datetime) -> None:
        """The grant was revoked at Xero: its tokens are dropped, its row tells when."""
        values = {
            **_NO_CLAIM,
            "access_token": "",
            "refresh_token": "",
            "state": NEEDS_RECONNECTION,
            "revoked_at": now,
            "version": GRANT.c.version + 1,
        }
        with self._database.writing() as connection:
            connection.execute(sa.update(GRANT).where(GRANT.c.id == grant_id).values(values))

    def _change(self, grant: Grant, values: dict[str, Any], *free: sa.ColumnElement[bool]) -> bool:
        """Compare and set: only while the stored version is the grant's."""
        same = (GRANT.c.id == grant.id, GRANT.c.version == grant.version)
        with self._database.writing() as connection:
            changed = connection.execute(sa.update(GRANT).where(*same, *free).values(values))
            return changed.rowcount == 1


def _tokens(tokens: Tokens, now: datetime) -> dict[str, Any]:
    return {
        **_NO_CLAIM,
        "access_token": tokens.access_token,
        "refresh_token": tokens.refresh_token,
        "expires_at": tokens.expires_at,
        "scope": " ".join(sorted(tokens.scope)),
        "refreshed_at": now,
        "state": ACTIVE,
    }


def _grant(row: sa.Row[Any]) -> Grant:
    return Grant(
        id=row.id,
        client_id=row.client_id,
        user_id=row.xero_user_id,
        tokens=Tokens(
            access_token=row.access_token or "",
            refresh_token=row.refresh_token or "",
            expires_at=row.expires_at,
            scope=frozenset(row.scope.split()),
        ),
        version=row.version,
        refreshed_at=row.refreshed_at,
        needs_reconnection=row.state != ACTIVE,
    )
