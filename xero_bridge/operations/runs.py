"""Runs: asked for by a person, the schedule or a command; one per connection at a time."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import msgspec
import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from xero_bridge.core.errors import BridgeError, NotConnected
from xero_bridge.core.ports import Lease, RunRow
from xero_bridge.core.vocabulary import RunState
from xero_bridge.engine.context import Context, Scope
from xero_bridge.engine.run import run as run_engine
from xero_bridge.entities import ENTITIES
from xero_bridge.operations import scopes
from xero_bridge.operations.heartbeat import beating
from xero_bridge.operations.pace import next_look
from xero_bridge.operations.rows import connection_row, reading, store_of, writing
from xero_bridge.operations.services import By, Services
from xero_bridge.store import models
from xero_bridge.store.lease import RunLease, claim_run
from xero_bridge.store.repository import SqlStore

LOG = structlog.get_logger(__name__)
#: More runs than begin within an hour at the shortest usual pause.
_RECENT = 20
_BUSY = "Another run of this connection is going on."
_DIED = "The process that carried out this run ended before it was done. Nothing was lost."


class RunReport(msgspec.Struct, frozen=True, kw_only=True):
    """A run as `sync --json` prints it."""

    connection: str
    run: int | None
    state: RunState
    planned: dict[str, dict[str, int]]
    done: dict[str, dict[str, int]]
    questions: int
    calls: dict[str, int]
    seconds: float
    resumes_at: datetime | None
    error: str | None


def report(row: RunRow) -> RunReport:
    """The report of a run that has ended."""
    took = (row.ended_at - row.started_at).total_seconds() if row.ended_at else 0.0
    return RunReport(
        connection=row.connection,
        run=row.id or None,
        state=row.state,
        planned=row.planned,
        done=row.done,
        questions=row.questions,
        calls={"xero": row.xero_calls, "perfex": row.perfex_calls},
        seconds=round(took, 3),
        resumes_at=row.resumes_at,
        error=row.error,
    )


# --- asking for a run ----------------------------------------------------------------------------


def request(services: Services, name: str, scope: Scope, *, by: By) -> None:
    """Have a run carried out soon; during another one it is remembered and runs next."""
    with writing(services) as session:
        row = connection_row(session, name)
        text = scopes.as_text(scope)
        waiting = sa.select(models.RunRequest.id).where(
            models.RunRequest.connection_id == row.id, models.RunRequest.scope == text
        )
        if session.scalar(waiting) is None:
            asked = models.RunRequest(
                connection_id=row.id,
                scope=text,
                trigger=scope.trigger,
                asked_by=by.name,
                asked_at=services.clock.now(),
            )
            session.add(asked)
    services.dispatch.wake(services, name)


def serve_requests(services: Services, name: str) -> None:
    """Carry out what was asked for, oldest first, until nothing is left or another one does it."""
    while _has_request(services, name):
        with claimed(services, name) as lease:
            if lease is None:
                return
            asked = _take_request(services, name)
            if asked is not None:
                _carry_out(services, name, asked, lease)


def _has_request(services: Services, name: str) -> bool:
    with reading(services) as session:
        waiting = (
            sa.select(models.RunRequest.id)
            .join(models.Connection, models.Connection.id == models.RunRequest.connection_id)
            .where(models.Connection.name == name)
            .limit(1)
        )
        return session.scalar(waiting) is not None


def _take_request(services: Services, name: str) -> Scope | None:
    """The oldest request; it is answered by the run that begins now."""
    with writing(services) as session:
        row = connection_row(session, name)
        oldest = session.scalar(
            sa.select(models.RunRequest)
            .where(models.RunRequest.connection_id == row.id)
            .order_by(models.RunRequest.id)
            .limit(1)
        )
        if oldest is None:
            return None
        session.delete(oldest)
        return scopes.from_text(oldest.scope, oldest.trigger)


def run_now(services: Services, name: str, scope: Scope) -> RunRow:
    """Carry out one run in this thread, and what was asked for meanwhile after it.

    A run that is going on already makes this one `busy`. Raises `NotAccepted` for an unknown name.
    """
    with claimed(services, name) as lease:
        if lease is None:
            now = services.clock.now()
            return RunRow(
                id=0,
                connection=name,
                state=RunState.BUSY,
                started_at=now,
                ended_at=now,
                error=_BUSY,
            )
        row = _carry_out(services, name, scope, lease)
    serve_requests(services, name)
    return row


# --- carrying it out -----------------------------------------------------------------------------


@contextmanager
def claimed(services: Services, name: str) -> Iterator[RunLease | None]:
    """The claim of this process on the connection; None while another one runs it."""
    with reading(services) as session:
        connection_id = connection_row(session, name).id
    lease = claim_run(services.database, connection_id, services.clock)
    if lease is None:
        yield None
        return
    try:
        with beating(lease):
            yield lease
    finally:
        lease.release()


def _carry_out(services: Services, name: str, scope: Scope, lease: Lease) -> RunRow:
    store = store_of(services, name)
    row = _begin(services, name, scope)
    with structlog.contextvars.bound_contextvars(run=row.id, connection=name):
        LOG.info("run begins", trigger=scope.trigger)
        row = _attempt(services, store, scope, lease, row)
        try:
            _after(services, store, row)
        except BridgeError as trouble:
            LOG.warning("next run not planned", error=str(trouble))
        LOG.info("run ended", outcome=row.state.value, error=row.error)
    return row


def _begin(services: Services, name: str, scope: Scope) -> RunRow:
    """Open the report; a run that did not end is dead, for we hold the claim."""
    now = services.clock.now()
    with writing(services) as session:
        connection = connection_row(session, name)
        session.execute(
            sa.update(models.Run)
            .where(
                models.Run.connection_id == connection.id,
                models.Run.state == RunState.RUNNING.value,
            )
            .values(state=RunState.FAILED.value, ended_at=now, phase="", error=_DIED)
        )
        run = models.Run(
            connection_id=connection.id,
            state=RunState.RUNNING.value,
            trigger=scope.trigger,
            started_at=now,
            planned={},
            done={},
            dry=scope.dry,
        )
        session.add(run)
        session.flush()
        return RunRow(
            id=run.id,
            connection=name,
            state=RunState.RUNNING,
            trigger=scope.trigger,
            started_at=now,
            dry=scope.dry,
        )


def _attempt(
    services: Services, store: SqlStore, scope: Scope, lease: Lease, row: RunRow
) -> RunRow:
    """The run itself; however it ends, its report says so in a sentence."""
    try:
        with services.connector.remotes(
            row.connection, row.id, by_person=scope.by_person
        ) as remotes:
            context = Context(
                store=store,
                perfex=remotes.perfex,
                xero=remotes.xero,
                clock=services.clock,
                lease=lease,
                entities=ENTITIES,
                scope=scope,
                run=row,
                started_at=row.started_at,
            )
            return run_engine(context)
    except NotConnected as error:
        return _ended(services, store, row, RunState.NOT_CONNECTED, str(error))
    except BridgeError as error:
        return _ended(services, store, row, RunState.FAILED, str(error))
    except Exception as error:  # A run ends with a sentence; the log has the trace.
        number = secrets.token_hex(4)
        LOG.exception("run failed unexpectedly", number=number)
        sort = type(error).__name__
        sentence = f"Something unexpected happened ({sort}). errors.log has it as {number}."
        return _ended(services, store, row, RunState.FAILED, sentence)


def _ended(services: Services, store: SqlStore, row: RunRow, state: RunState, error: str) -> RunRow:
    ended = msgspec.structs.replace(
        row, state=state, phase="", ended_at=services.clock.now(), error=error
    )
    try:
        with store.atomically():
            store.progress(ended)
    except BridgeError as trouble:
        # The report is told all the same; the next run closes the stored one.
        LOG.warning("report not stored", error=str(trouble))
    return ended


def _after(services: Services, store: SqlStore, row: RunRow) -> None:
    """Say on the connection what trouble there is, and when it is looked at next."""
    settings, now = store.settings(), services.clock.now()
    with writing(services) as session:
        connection = connection_row(session, row.connection)
        changed_at = _changed_at(session, connection.id)
        cadence, next_run_at = next_look(
            row,
            cadence=connection.cadence,
            poll=settings.poll_minutes,
            changed_at=changed_at,
            now=now,
        )
        connection.cadence, connection.next_run_at = cadence, next_run_at
        lost = row.state is RunState.NOT_CONNECTED
        connection.trouble = row.state.value if lost else ""
        connection.trouble_text = row.error or "" if lost else ""


def _changed_at(session: Session, connection_id: int) -> datetime | None:
    """When a run last did something, or planned something else than the one before it."""
    recent = session.execute(
        sa.select(models.Run.started_at, models.Run.planned, models.Run.done)
        .where(models.Run.connection_id == connection_id)
        .order_by(models.Run.id.desc())
        .limit(_RECENT)
    ).all()
    newer_and_older = zip(recent, [*recent[1:], None], strict=True)
    return next(
        (
            run.started_at
            for run, older in newer_and_older
            if run.done or run.planned != (older.planned if older else {})
        ),
        None,
    )
