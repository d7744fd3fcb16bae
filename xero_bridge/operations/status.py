"""Is it in step: the state of every connection in one look."""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from xero_bridge.core.vocabulary import Kind, RecordState, RunState, Side
from xero_bridge.engine.deeper import RECENT
from xero_bridge.entities import ENTITIES
from xero_bridge.operations import connections, plans
from xero_bridge.operations.connections import ConnectionView
from xero_bridge.operations.off import kinds_off
from xero_bridge.operations.plans import StopView
from xero_bridge.operations.rows import connection_row, reading
from xero_bridge.operations.services import Services
from xero_bridge.store import models, queries
from xero_bridge.store.lease import SILENCE


class LastRun(msgspec.Struct, frozen=True, kw_only=True):
    """How the newest run went, or how far it is."""

    id: int
    state: RunState
    trigger: str
    started_at: datetime
    ended_at: datetime | None
    phase: str
    total: int
    ready: int
    planned: dict[str, dict[str, int]]
    done: dict[str, dict[str, int]]
    resumes_at: datetime | None
    error: str | None


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """A connection as home and `status` show it."""

    connection: ConnectionView
    #: One sentence: what a person needs to know first.
    sentence: str
    questions: int
    #: How many records of each kind stand where; a linked pair counts once.
    counts: dict[Kind, dict[RecordState, int]]
    stops: tuple[StopView, ...]
    last_run: LastRun | None
    #: A run was asked for and has not begun.
    waiting: bool
    #: Calls of today that Xero still allows, where it has told.
    calls_left: int | None
    #: Every Perfex document that is unpaid or of the last 90 days was read whole since then: its
    #: lists tell no edit of lines that keeps the totals. None where there is none.
    read_whole_since: datetime | None
    #: Why kinds are not read, a sentence for each.
    off: tuple[str, ...] = ()


def statuses(services: Services) -> list[Status]:
    """The status of every connection, by name."""
    return [status(services, view.name) for view in connections.views(services)]


def status(services: Services, name: str) -> Status:
    """The status of one connection; raises `NotAccepted`."""
    view, stops = connections.view(services, name), plans.stops(services, name)
    with reading(services) as session:
        row = connection_row(session, name)
        questions = _questions(session, row)
        last = _last_run(session, row)
        return Status(
            connection=view,
            sentence=_sentence(view, questions, stops, last),
            questions=questions,
            counts=queries.counts(services.database, row.id),
            stops=stops,
            last_run=last,
            waiting=_is_asked_for(session, row, services.clock.now()),
            calls_left=_calls_left(session, row),
            read_whole_since=_read_whole_since(session, row, services.clock.now()),
            off=kinds_off(services, name),
        )


def _sentence(
    view: ConnectionView, questions: int, stops: tuple[StopView, ...], last: LastRun | None
) -> str:
    if view.stage == "connect_xero":
        return "Not connected to Xero yet: press Connect."
    if view.stage == "choose_organisation":
        return "Choose the Xero organisation."
    if view.trouble:
        return view.trouble
    if last is not None and last.state is RunState.RUNNING:
        return f"{last.phase or 'A run is going on'}."
    return _calm_sentence(view, questions, stops, last)


def _calm_sentence(
    view: ConnectionView, questions: int, stops: tuple[StopView, ...], last: LastRun | None
) -> str:
    if stops:
        if stops[0].final:
            return f"Stopped before writing: {stops[0].text}"
        return "Stopped before writing: your consent is needed."
    if questions:
        return "1 question for you." if questions == 1 else f"{questions} questions for you."
    if last is None:
        return "Nothing was looked at yet."
    if last.error:
        return last.error
    if not view.live:
        return "Not live: look at the plan, then go live."
    return "In step." if last.state is RunState.IN_STEP else "Work is left for the next run."


def _questions(session: Session, row: models.Connection) -> int:
    counted = sa.select(sa.func.count()).where(
        models.Question.connection_id == row.id, models.Question.state == "open"
    )
    return int(session.scalar(counted) or 0)


def _last_run(session: Session, row: models.Connection) -> LastRun | None:
    run = session.scalar(
        sa.select(models.Run)
        .where(models.Run.connection_id == row.id)
        .order_by(models.Run.id.desc())
        .limit(1)
    )
    if run is None:
        return None
    return LastRun(
        id=run.id,
        state=RunState(run.state),
        trigger=run.trigger,
        started_at=run.started_at,
        ended_at=run.ended_at,
        phase=run.phase,
        total=run.total,
        ready=run.ready,
        planned=run.planned,
        done=run.done,
        resumes_at=run.resumes_at,
        error=run.error,
    )


def _is_asked_for(session: Session, row: models.Connection, now: datetime) -> bool:
    """Whether a run was asked for, or its process has claimed the connection for it."""
    wanted = sa.select(models.RunRequest.id).where(models.RunRequest.connection_id == row.id)
    claimed = sa.select(models.RunLease.fence).where(
        models.RunLease.connection_id == row.id,
        models.RunLease.owner != "",
        models.RunLease.heartbeat_at > now - SILENCE,
    )
    return any(session.scalar(each.limit(1)) is not None for each in (wanted, claimed))


def _read_whole_since(session: Session, row: models.Connection, now: datetime) -> datetime | None:
    kinds = [entity.kind for entity in ENTITIES.values() if entity.perfex and entity.perfex.detail]
    record = models.Record
    wanted = sa.select(sa.func.min(record.seen_at)).where(
        record.connection_id == row.id,
        record.side == Side.PERFEX,
        record.kind.in_(kinds),
        record.gone.is_(False),
        sa.or_(record.dated >= (now - RECENT).date(), sa.cast(record.amount_due, sa.Float) != 0),
    )
    return session.scalar(wanted)


def _calls_left(session: Session, row: models.Connection) -> int | None:
    if not row.tenant_id:
        return None
    budget = session.get(models.Budget, f"xero:{row.tenant_id}")
    return budget.day_remaining if budget else None
