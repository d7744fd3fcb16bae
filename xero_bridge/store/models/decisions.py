"""What waits for a person, and what persons decided."""

from __future__ import annotations

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


class Question(Base):
    """Something that only a person can decide or fix."""

    __tablename__ = "question"
    __table_args__ = (
        sa.UniqueConstraint("connection_id", "key"),
        sa.Index("ix_question_state", "connection_id", "state", "kind"),
    )

    id: Mapped[Id]
    connection_id: Mapped[int] = mapped_column(sa.ForeignKey("connection.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(sa.String)
    kind: Mapped[Word]
    reason: Mapped[Name]
    perfex_id: Mapped[Name]
    xero_id: Mapped[Name]
    label: Mapped[Name]
    amount: Mapped[Amount]
    currency: Mapped[Word]
    basis: Mapped[Name]
    #: The whole question as the planner asked it.
    content: Mapped[Values]
    #: `open`, `answered` or `closed`.
    state: Mapped[Word]
    first_seen_at: Mapped[Instant]
    asked_at: Mapped[Instant]
    closed_at: Mapped[MaybeInstant]
    answer: Mapped[Name]
    answer_value: Mapped[Prose]
    answer_basis: Mapped[Name]
    answered_by: Mapped[Name]
    answered_at: Mapped[MaybeInstant]

    connection: Mapped[Connection] = relationship()


class GuardStop(Base):
    """A guard's verdict that a person must see before anything is written."""

    __tablename__ = "guard_stop"
    __table_args__ = (sa.UniqueConstraint("connection_id", "guard"),)

    id: Mapped[Id]
    connection_id: Mapped[Owner]
    guard: Mapped[Word]
    details: Mapped[Values]
    count: Mapped[Count]
    amount: Mapped[Amount]
    typed: Mapped[Name]
    final: Mapped[Flag]
    stopped_at: Mapped[Instant]


class Approval(Base):
    """A person's consent to what a guard stopped."""

    __tablename__ = "approval"
    __table_args__ = (sa.UniqueConstraint("connection_id", "guard"),)

    id: Mapped[Id]
    connection_id: Mapped[Owner]
    guard: Mapped[Word]
    count: Mapped[Count]
    amount: Mapped[Amount]
    by: Mapped[Name]
    at: Mapped[Instant]


class Audit(Base):
    """Who did what: the user's id and name stay when the user goes."""

    __tablename__ = "audit"

    id: Mapped[Id]
    at: Mapped[Instant] = mapped_column(index=True)
    user_id: Mapped[int | None]
    user_name: Mapped[Name]
    #: Slug of the connection, kept when that goes.
    connection: Mapped[Name]
    act: Mapped[Name]
    details: Mapped[Values | None]
