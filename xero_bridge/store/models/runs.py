"""Runs, what they did, and what they used."""

from __future__ import annotations

from datetime import datetime

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
from xero_bridge.store.types import UtcDateTime


class Run(Base):
    """One run of a connection: its plan, how far it came and how it ended."""

    __tablename__ = "run"
    __table_args__ = (sa.Index("ix_run_started", "connection_id", "started_at"),)

    id: Mapped[Id]
    connection_id: Mapped[Owner]
    state: Mapped[Word]
    trigger: Mapped[Word]
    started_at: Mapped[Instant]
    ended_at: Mapped[MaybeInstant]
    phase: Mapped[Word]
    plan: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)
    planned: Mapped[Values]
    done: Mapped[Values]
    questions: Mapped[Count]
    xero_calls: Mapped[Count]
    perfex_calls: Mapped[Count]
    total: Mapped[Count]
    ready: Mapped[Count]
    resumes_at: Mapped[MaybeInstant]
    error: Mapped[str | None] = mapped_column(sa.Text)
    dry: Mapped[Flag]

    connection: Mapped[Connection] = relationship()


class Action(Base):
    """One action of a run: the record before and after, and what came of it."""

    __tablename__ = "action"
    __table_args__ = (sa.UniqueConstraint("connection_id", "run_id", "key"),)

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("run.id", ondelete="CASCADE"))
    connection_id: Mapped[Owner]
    key: Mapped[str] = mapped_column(sa.String)
    kind: Mapped[Word]
    verb: Mapped[Word]
    side: Mapped[Word]
    perfex_id: Mapped[Name] = mapped_column(index=True)
    xero_id: Mapped[Name] = mapped_column(index=True)
    label: Mapped[Name]
    amount: Mapped[Amount]
    currency: Mapped[Word]
    reason: Mapped[Name]
    changes: Mapped[Values | None]
    state: Mapped[Word]
    note: Mapped[Prose]
    before: Mapped[bytes] = mapped_column(sa.LargeBinary)
    after: Mapped[bytes] = mapped_column(sa.LargeBinary)
    at: Mapped[Instant]

    run: Mapped[Run] = relationship()
    connection: Mapped[Connection] = relationship()


class RunRequest(Base):
    """A run that somebody asked for and that has not begun: one waits per connection and scope."""

    __tablename__ = "run_request"
    __table_args__ = (sa.UniqueConstraint("connection_id", "scope"),)

    id: Mapped[Id]
    connection_id: Mapped[Owner]
    #: What to look at: `all`, kinds or one record, as the dispatcher wrote it.
    scope: Mapped[str] = mapped_column(sa.String)
    trigger: Mapped[Word]
    asked_by: Mapped[Name]
    asked_at: Mapped[Instant]


class RunLease(Base):
    """The claim of one process on a connection's run."""

    __tablename__ = "run_lease"

    connection_id: Mapped[int] = mapped_column(
        sa.ForeignKey("connection.id", ondelete="CASCADE"), primary_key=True
    )
    #: `host:pid:start:token`.
    owner: Mapped[Name]
    heartbeat_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Goes up with every new owner.
    fence: Mapped[Count]


class Call(Base):
    """One request that the bridge made, without secrets."""

    __tablename__ = "call"
    __table_args__ = (sa.Index("ix_call_at", "connection_id", "at"),)

    id: Mapped[Id]
    connection_id: Mapped[Owner]
    run_id: Mapped[int | None]
    side: Mapped[Word]
    method: Mapped[Word]
    path: Mapped[str] = mapped_column(sa.String)
    status: Mapped[Count]
    ms: Mapped[Count]
    cost: Mapped[Count]
    #: Calls left today as the answer said.
    remaining: Mapped[int | None]
    note: Mapped[Prose]
    at: Mapped[Instant]

    connection: Mapped[Connection] = relationship()


class Budget(Base):
    """Calls that one Xero organisation or Perfex token still allows, as its answers said."""

    __tablename__ = "budget"

    #: `xero:` and the tenant id, or `perfex:` and a hash of site and token.
    key: Mapped[str] = mapped_column(sa.String, primary_key=True)
    #: Calls left today.
    day_remaining: Mapped[int | None]
    observed_at: Mapped[MaybeInstant]
    blocked_until: Mapped[MaybeInstant]
    #: Which limit blocked: `minute`, `day` or the like.
    problem: Mapped[Word]


class Turn(Base):
    """One call taken from a budget: it counts in its window, and is in flight until done."""

    __tablename__ = "turn"
    __table_args__ = (sa.Index("ix_turn_at", "key", "at"),)

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(sa.String)
    at: Mapped[Instant]
    #: Its place in flight is free from then on, whatever became of its owner.
    until: Mapped[Instant]
    #: The process that makes the call: once it is gone, its place is free at once.
    owner: Mapped[Name]
