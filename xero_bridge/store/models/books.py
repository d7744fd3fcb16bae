"""What both sides showed, how it is linked, and the writes that are under way."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from xero_bridge.store.models.base import (
    Amount,
    Base,
    Count,
    Flag,
    Id,
    Instant,
    MaybeInstant,
    Name,
    Owner,
    Prose,
    Values,
    Word,
)
from xero_bridge.store.models.connection import Connection


class Record(Base):
    """The mirror of one record of one side, with the columns that people search by."""

    __tablename__ = "record"
    __table_args__ = (
        sa.UniqueConstraint("connection_id", "kind", "side", "remote_id"),
        sa.Index("ix_record_mark", "connection_id", "kind", "side", "mark"),
        sa.Index("ix_record_state", "connection_id", "state", "kind"),
        sa.Index(
            "ix_record_dirty",
            "connection_id",
            "kind",
            "id",
            sqlite_where=sa.text("dirty"),
            postgresql_where=sa.text("dirty"),
        ),
    )

    id: Mapped[Id]
    connection_id: Mapped[int] = mapped_column(sa.ForeignKey("connection.id", ondelete="CASCADE"))
    kind: Mapped[Word]
    side: Mapped[Word]
    remote_id: Mapped[Name]
    #: The canonical record as JSON, and its hash.
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)
    digest: Mapped[Word]
    version: Mapped[Count]
    dirty: Mapped[Flag]
    #: Hash of the list row that it came from.
    row: Mapped[Name]
    stamp: Mapped[Name]
    mark: Mapped[Name]
    updated_at: Mapped[MaybeInstant]
    first_seen_at: Mapped[Instant]
    seen_at: Mapped[Instant]
    gone: Mapped[Flag]

    label: Mapped[Name]
    number: Mapped[Name]
    dated: Mapped[date | None]
    amount: Mapped[Amount]
    tax: Mapped[Amount]
    amount_due: Mapped[Amount]
    currency: Mapped[Word]
    #: Id of the customer or vendor on the same side.
    party: Mapped[Name]
    closed: Mapped[Flag]

    #: Where it stands (`RecordState`), why as a reason code, and the values of the sentence.
    state: Mapped[Word]
    reason: Mapped[Name]
    reason_details: Mapped[Values | None]

    connection: Mapped[Connection] = relationship()


class Link(Base):
    """The pair of one record's ids, with a base per side."""

    __tablename__ = "link"
    __table_args__ = (
        sa.UniqueConstraint("connection_id", "kind", "key"),
        sa.Index("ix_link_perfex", "connection_id", "kind", "perfex_id"),
        sa.Index("ix_link_xero", "connection_id", "kind", "xero_id"),
    )

    id: Mapped[Id]
    connection_id: Mapped[int] = mapped_column(sa.ForeignKey("connection.id", ondelete="CASCADE"))
    kind: Mapped[Word]
    #: `p:` and the Perfex id, or `x:` and the Xero id where there is no Perfex id.
    key: Mapped[Name]
    perfex_id: Mapped[Name]
    xero_id: Mapped[Name]
    stamp: Mapped[Name]
    leads: Mapped[Flag]
    base_perfex: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    base_xero: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    roles: Mapped[Values]
    declared: Mapped[Values]
    by_person: Mapped[Flag]
    born_on: Mapped[Word]

    connection: Mapped[Connection] = relationship()


class Batch(Base):
    """One write call, written down before it is sent: exact bytes, key, members."""

    __tablename__ = "batch"

    id: Mapped[Id]
    connection_id: Mapped[Owner]
    side: Mapped[Word]
    kind: Mapped[Word]
    verb: Mapped[Word]
    body: Mapped[bytes] = mapped_column(sa.LargeBinary)
    key: Mapped[Name]
    members: Mapped[Values]
    created_at: Mapped[Instant]


class Journal(Base):
    """One create, void or delete, written down before it is sent."""

    __tablename__ = "journal"
    __table_args__ = (
        sa.Index("ix_journal_state", "connection_id", "state"),
        sa.Index("ix_journal_result", "connection_id", "kind", "side", "result_id"),
    )

    id: Mapped[Id]
    connection_id: Mapped[int] = mapped_column(sa.ForeignKey("connection.id", ondelete="CASCADE"))
    kind: Mapped[Word]
    verb: Mapped[Word]
    side: Mapped[Word]
    source_kind: Mapped[Word]
    source_side: Mapped[Word]
    source_id: Mapped[Name]
    state: Mapped[Word]
    generation: Mapped[Count]
    mark: Mapped[Name]
    batch_id: Mapped[int | None]
    high_water: Mapped[Name]
    digest: Mapped[Name]
    #: The source as it was sent (canonical JSON): the base once the write turns out to be done.
    record: Mapped[bytes] = mapped_column(sa.LargeBinary)
    made_at: Mapped[Instant]
    sent_at: Mapped[MaybeInstant]
    result_id: Mapped[Name]
    message: Mapped[Prose]
    looked: Mapped[Count]

    connection: Mapped[Connection] = relationship()
