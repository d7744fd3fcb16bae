"""A connection, its grant, and what a person set or the bridge remembers about it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from xero_bridge.store.models.base import (
    Base,
    Count,
    Flag,
    Id,
    Instant,
    MaybeInstant,
    Name,
    Owner,
    Prose,
    Secret,
    Values,
    Word,
)


class Grant(Base):
    """One OAuth token set, of one (client id, Xero user); connections point at it."""

    __tablename__ = "grant"
    __table_args__ = (sa.UniqueConstraint("client_id", "xero_user_id"),)

    id: Mapped[Id]
    client_id: Mapped[Name]
    xero_user_id: Mapped[Name]
    user_name: Mapped[Name]
    access_token: Mapped[Secret]
    refresh_token: Mapped[Secret]
    scope: Mapped[Prose]
    expires_at: Mapped[Instant]
    refreshed_at: Mapped[Instant]
    #: `active` or `needs_reconnection`.
    state: Mapped[Word]
    #: Goes up with every stored token set: the compare-and-set of a refresh.
    version: Mapped[Count]
    lease_owner: Mapped[Name]
    lease_until: Mapped[MaybeInstant]
    created_at: Mapped[Instant]
    revoked_at: Mapped[MaybeInstant]


class Connection(Base):
    """One Perfex site paired with one Xero organisation."""

    __tablename__ = "connection"

    id: Mapped[Id]
    #: The unique slug that commands and addresses use.
    name: Mapped[str] = mapped_column(sa.String, unique=True)
    title: Mapped[Name]
    perfex_url: Mapped[Name]
    perfex_token: Mapped[Secret]
    allow_private_address: Mapped[Flag]
    #: The Perfex site as first met; a run against another one is stopped.
    site: Mapped[Values | None]
    xero_client_id: Mapped[Name]
    xero_client_secret: Mapped[Secret]
    xero_webhook_key: Mapped[Secret]
    grant_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("grant.id", ondelete="SET NULL"), index=True
    )
    #: The pinned organisation: Xero's tenant id and the connection's id at Xero.
    tenant_id: Mapped[Name]
    xero_connection_id: Mapped[Name]
    organisation_name: Mapped[Name]
    organisation: Mapped[Values | None]
    stage: Mapped[Word]
    live: Mapped[Flag]
    live_at: Mapped[MaybeInstant]
    paused: Mapped[Flag]
    #: Why the connection cannot be used, as a reason code (empty: it can).
    trouble: Mapped[Word]
    trouble_text: Mapped[Prose]
    next_run_at: Mapped[MaybeInstant]
    #: Minutes between polls at the moment.
    cadence: Mapped[Count]
    created_at: Mapped[Instant]

    grant: Mapped[Grant | None] = relationship()

    def __str__(self) -> str:
        return self.name


class Setting(Base):
    """One setting that a person chose, by the key that `connection set` takes."""

    __tablename__ = "setting"
    __table_args__ = (sa.UniqueConstraint("connection_id", "key"),)

    id: Mapped[Id]
    connection_id: Mapped[Owner]
    key: Mapped[Name]
    value: Mapped[Values]
    set_by: Mapped[Name]
    set_at: Mapped[Instant]

    connection: Mapped[Connection] = relationship()


class Fact(Base):
    """One small thing that the bridge remembers about a connection."""

    __tablename__ = "fact"
    __table_args__ = (sa.UniqueConstraint("connection_id", "name"),)

    id: Mapped[Id]
    connection_id: Mapped[Owner]
    name: Mapped[Name]
    value: Mapped[Prose]


class Cursor(Base):
    """How far a list of one side has been read."""

    __tablename__ = "cursor"
    __table_args__ = (sa.UniqueConstraint("connection_id", "kind", "side"),)

    id: Mapped[Id]
    connection_id: Mapped[Owner]
    kind: Mapped[Word]
    side: Mapped[Word]
    at: Mapped[MaybeInstant]
    filter: Mapped[Name]
    read_at: Mapped[MaybeInstant]
    full_at: Mapped[MaybeInstant]


class Hint(Base):
    """A webhook event: a reason to look, never data."""

    __tablename__ = "hint"
    __table_args__ = (sa.UniqueConstraint("connection_id", "kind", "side", "remote_id"),)

    id: Mapped[Id]
    connection_id: Mapped[Owner]
    kind: Mapped[Word]
    side: Mapped[Word]
    remote_id: Mapped[Name]
    event: Mapped[Name]
    received_at: Mapped[Instant]


class Snapshot(Base):
    """What a reset dropped, so that it can be put back."""

    __tablename__ = "snapshot"

    id: Mapped[Id]
    connection_id: Mapped[Owner]
    taken_at: Mapped[Instant]
    taken_by: Mapped[Name]
    why: Mapped[Name]
    links: Mapped[Count]
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
    restored_at: Mapped[MaybeInstant]

    connection: Mapped[Connection] = relationship()
