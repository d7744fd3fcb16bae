"""What pages and commands show: counts, lists, histories; no record is decoded for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import sqlalchemy as sa

from xero_bridge.core.record import Key
from xero_bridge.core.vocabulary import Kind, RecordState, Side
from xero_bridge.store import models
from xero_bridge.store.database import Database

RECORD = models.table_of(models.Record)
LINK = models.table_of(models.Link)
ACTION = models.table_of(models.Action)
CALL = models.table_of(models.Call)
QUESTION = models.table_of(models.Question)


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One record of a list; a linked pair is listed once, as Perfex has it."""

    key: Key
    #: Its twin's id on the other side; empty while it is not linked.
    twin: str = ""
    label: str
    number: str
    dated: date | None
    amount: Decimal | None
    currency: str
    state: RecordState
    reason: str
    details: dict[str, str]
    gone: bool
    seen_at: datetime


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """One action that a run carried out (or tried to) on a record."""

    at: datetime
    run_id: int
    verb: str
    side: Side
    state: str
    reason: str
    note: str
    #: Canonical JSON of the record; empty where there was none.
    before: bytes
    after: bytes


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """Open questions of one reason: how many, and the money at stake by currency."""

    reason: str
    count: int
    money: dict[str, Decimal]


def counts(database: Database, connection_id: int) -> dict[Kind, dict[RecordState, int]]:
    """How many records of each kind stand where; a linked pair counts once."""
    wanted = (
        sa.select(RECORD.c.kind, RECORD.c.state, sa.func.count().label("number"))
        .where(_listed(connection_id))
        .group_by(RECORD.c.kind, RECORD.c.state)
    )
    found: dict[Kind, dict[RecordState, int]] = {}
    for row in _rows(database, wanted):
        found.setdefault(Kind(row.kind), {})[_state(row.state)] = row.number
    return found


def search(
    database: Database,
    connection_id: int,
    *,
    text: str = "",
    kind: Kind | None = None,
    state: RecordState | None = None,
    offset: int = 0,
    limit: int = 50,
) -> list[Listed]:
    """Records whose label, number or id holds the text, newest first; a linked pair once."""
    wanted = [_listed(connection_id)]
    if kind is not None:
        wanted.append(RECORD.c.kind == kind.value)
    if state is not None:
        wanted.append(RECORD.c.state == state.value)
    if text:
        columns = (RECORD.c.label, RECORD.c.number, RECORD.c.remote_id)
        wanted.append(sa.or_(*(column.icontains(text, autoescape=True) for column in columns)))
    query = (
        sa.select(RECORD, _twin().label("twin"))
        .where(*wanted)
        .order_by(RECORD.c.dated.desc().nulls_last(), RECORD.c.id.desc())
    )
    return [_a_record(row) for row in _rows(database, query.offset(offset).limit(limit))]


def record(database: Database, connection_id: int, key: Key) -> Listed | None:
    """One record with its state and reason, or None when it was never seen."""
    query = sa.select(RECORD, _twin().label("twin")).where(
        RECORD.c.connection_id == connection_id,
        RECORD.c.kind == key.kind.value,
        RECORD.c.side == key.side.value,
        RECORD.c.remote_id == key.id,
    )
    return next(map(_a_record, _rows(database, query)), None)


def history(database: Database, connection_id: int, keys: Sequence[Key]) -> list[Happened]:
    """What runs did to these records (a record and its twin), newest first."""
    about = [
        sa.and_(
            ACTION.c.kind == key.kind.value,
            (ACTION.c.perfex_id if key.side is Side.PERFEX else ACTION.c.xero_id) == key.id,
        )
        for key in keys
    ]
    query = (
        sa.select(ACTION)
        .where(ACTION.c.connection_id == connection_id, sa.or_(sa.false(), *about))
        .order_by(ACTION.c.at.desc(), ACTION.c.id.desc())
    )
    return [
        Happened(
            at=row.at,
            run_id=row.run_id,
            verb=row.verb,
            side=Side(row.side),
            state=row.state,
            reason=row.reason,
            note=row.note,
            before=row.before,
            after=row.after,
        )
        for row in _rows(database, query)
    ]


def waiting(database: Database, connection_id: int) -> list[Waiting]:
    """Open questions grouped by their reason, the most frequent first."""
    query = sa.select(QUESTION.c.reason, QUESTION.c.amount, QUESTION.c.currency).where(
        QUESTION.c.connection_id == connection_id, QUESTION.c.state == "open"
    )
    grouped: dict[str, tuple[int, dict[str, Decimal]]] = {}
    for row in _rows(database, query):
        number, money = grouped.get(row.reason, (0, {}))
        if row.amount is not None:
            money[row.currency] = money.get(row.currency, Decimal()) + row.amount
        grouped[row.reason] = (number + 1, money)
    found = [Waiting(reason=why, count=n, money=money) for why, (n, money) in grouped.items()]
    return sorted(found, key=lambda one: (-one.count, one.reason))


def calls_since(database: Database, connection_id: int, since: datetime) -> dict[str, int]:
    """Calls that count against the budgets, by side (`xero`, `perfex`), since an instant."""
    query = (
        sa.select(CALL.c.side, sa.func.sum(CALL.c.cost).label("number"))
        .where(CALL.c.connection_id == connection_id, CALL.c.at >= since)
        .group_by(CALL.c.side)
    )
    return {row.side: int(row.number) for row in _rows(database, query)}


def stamp(database: Database, connection_id: int) -> str:
    """Changes whenever a record, link, question, run or decision of the connection does."""
    run, audit = models.table_of(models.Run), models.table_of(models.Audit)
    counted = (
        _summary(RECORD, connection_id, sa.func.sum(RECORD.c.version), RECORD.c.seen_at),
        _summary(LINK, connection_id, sa.func.max(LINK.c.id)),
        _summary(QUESTION, connection_id, QUESTION.c.asked_at, QUESTION.c.answered_at),
        _summary(run, connection_id, sa.func.max(run.c.id), run.c.ended_at),
        sa.select(sa.func.max(audit.c.id)),
    )
    return "|".join(str(tuple(row)) for each in counted for row in _rows(database, each))


# --- parts ---


def _summary(
    table: sa.FromClause, connection_id: int, *values: sa.ColumnElement[Any]
) -> sa.Select[Any]:
    """How many rows there are, and the highest of these values."""
    told = [sa.func.count(), *(v if isinstance(v, sa.Function) else sa.func.max(v) for v in values)]
    chosen: sa.Select[Any] = sa.select(*told)
    return chosen.where(table.c.connection_id == connection_id)


def _rows(database: Database, query: sa.Select[Any]) -> Iterator[sa.Row[Any]]:
    with database.reading() as connection:
        yield from connection.execute(query)


def _listed(connection_id: int) -> sa.ColumnElement[bool]:
    """The records of a list: Perfex's, and Xero's that are not linked."""
    linked = sa.exists().where(
        LINK.c.connection_id == RECORD.c.connection_id,
        LINK.c.kind == RECORD.c.kind,
        LINK.c.xero_id == RECORD.c.remote_id,
        LINK.c.perfex_id != "",
    )
    return sa.and_(
        RECORD.c.connection_id == connection_id,
        sa.or_(RECORD.c.side == Side.PERFEX.value, ~linked),
    )


def _twin() -> sa.Case[str]:
    """The id on the other side that the record at hand is linked to."""
    perfex, xero = LINK.c.perfex_id, LINK.c.xero_id
    return sa.case(
        (RECORD.c.side == Side.PERFEX.value, _other(perfex, xero)), else_=_other(xero, perfex)
    )


def _other(own: sa.Column[str], other: sa.Column[str]) -> sa.ScalarSelect[str]:
    return (
        sa.select(other)
        .where(
            LINK.c.connection_id == RECORD.c.connection_id,
            LINK.c.kind == RECORD.c.kind,
            own == RECORD.c.remote_id,
        )
        .order_by(LINK.c.leads.desc(), LINK.c.id)
        .limit(1)
        .scalar_subquery()
    )


def _state(text: str) -> RecordState:
    return RecordState(text or RecordState.NEW)


def _a_record(row: sa.Row[Any]) -> Listed:
    return Listed(
        key=Key(Kind(row.kind), Side(row.side), row.remote_id),
        twin=row.twin or "",
        label=row.label,
        number=row.number,
        dated=row.dated,
        amount=row.amount,
        currency=row.currency,
        state=RecordState.GONE if row.gone else _state(row.state),
        reason=row.reason,
        details=row.reason_details or {},
        gone=row.gone,
        seen_at=row.seen_at,
    )
