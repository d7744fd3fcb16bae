"""What runs did and what they used, as pages and commands show it: newest first, page by page."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

import msgspec
import sqlalchemy as sa

from xero_bridge.core.plan import Change
from xero_bridge.core.reasons import headline
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.rows import connection_row, reading
from xero_bridge.operations.services import Services
from xero_bridge.store import models, queries

T = TypeVar("T")
#: Rows of one page.
PAGE = 50


class Page(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """Some of many rows."""

    rows: tuple[T, ...]
    #: Number of the page, from 1.
    number: int
    #: There is another page after it.
    more: bool


class RunView(msgspec.Struct, frozen=True, kw_only=True):
    """One run."""

    id: int
    connection: str
    state: str
    trigger: str
    started_at: datetime
    ended_at: datetime | None
    planned: dict[str, dict[str, int]]
    done: dict[str, dict[str, int]]
    questions: int
    xero_calls: int
    perfex_calls: int
    resumes_at: datetime | None
    error: str | None
    dry: bool

    @property
    def seconds(self) -> float | None:
        """How long it took; None while it is going on."""
        return (self.ended_at - self.started_at).total_seconds() if self.ended_at else None


class ActionView(msgspec.Struct, frozen=True, kw_only=True):
    """One action of a run and what came of it."""

    id: int
    run: int
    at: datetime
    kind: str
    verb: str
    side: str
    label: str
    perfex_id: str
    xero_id: str
    amount: Decimal | None
    currency: str
    #: Why it was planned, in a sentence.
    why: str
    changes: tuple[Change, ...]
    #: `done`, `refused`, `dropped`, ...
    state: str
    note: str


class CallView(msgspec.Struct, frozen=True, kw_only=True):
    """One request that the bridge made, without secrets."""

    at: datetime
    run: int | None
    side: str
    method: str
    path: str
    status: int
    ms: int
    cost: int
    remaining: int | None
    note: str


def run_views(services: Services, name: str, *, page: int = 1) -> Page[RunView]:
    """Runs of a connection; raises `NotAccepted` for an unknown one."""
    with reading(services) as session:
        row = connection_row(session, name)
        wanted = (
            sa.select(models.Run)
            .where(models.Run.connection_id == row.id)
            .order_by(models.Run.id.desc())
        )
        found = session.scalars(_part(wanted, page)).all()
        return _page([_run(run, name) for run in found], page)


def run_view(services: Services, name: str, run_id: int) -> RunView:
    """One run of a connection; raises `NotAccepted`."""
    with reading(services) as session:
        row = connection_row(session, name)
        run = session.get(models.Run, run_id)
        if run is None or run.connection_id != row.id:
            raise NotAccepted(f"{name} has no run {run_id}.")
        return _run(run, name)


def action_views(
    services: Services, name: str, *, run_id: int | None = None, page: int = 1
) -> Page[ActionView]:
    """Actions of a connection, or of one of its runs, in the order in which they happened."""
    with reading(services) as session:
        row = connection_row(session, name)
        wanted = sa.select(models.Action).where(models.Action.connection_id == row.id)
        if run_id is not None:
            wanted = wanted.where(models.Action.run_id == run_id)
        found = session.scalars(_part(wanted.order_by(models.Action.id), page)).all()
        return _page([_action(each) for each in found], page)


def call_views(services: Services, name: str, *, page: int = 1) -> Page[CallView]:
    """Requests made for a connection; raises `NotAccepted` for an unknown one."""
    with reading(services) as session:
        row = connection_row(session, name)
        wanted = (
            sa.select(models.Call)
            .where(models.Call.connection_id == row.id)
            .order_by(models.Call.id.desc())
        )
        found = session.scalars(_part(wanted, page)).all()
        return _page([_call(each) for each in found], page)


def _part(wanted: sa.Select[Any], page: int) -> sa.Select[Any]:
    """One row more than is shown tells whether another page follows."""
    return wanted.limit(PAGE + 1).offset((page - 1) * PAGE)


def _page(rows: list[T], page: int) -> Page[T]:
    return Page(rows=tuple(rows[:PAGE]), number=page, more=len(rows) > PAGE)


def _run(run: models.Run, name: str) -> RunView:
    return RunView(
        id=run.id,
        connection=name,
        state=run.state,
        trigger=run.trigger,
        started_at=run.started_at,
        ended_at=run.ended_at,
        planned=run.planned or {},
        done=run.done or {},
        questions=run.questions,
        xero_calls=run.xero_calls,
        perfex_calls=run.perfex_calls,
        resumes_at=run.resumes_at,
        error=run.error,
        dry=run.dry,
    )


def _action(row: models.Action) -> ActionView:
    return ActionView(
        id=row.id,
        run=row.run_id,
        at=row.at,
        kind=row.kind,
        verb=row.verb,
        side=row.side,
        label=row.label,
        perfex_id=row.perfex_id,
        xero_id=row.xero_id,
        amount=row.amount,
        currency=row.currency,
        why=headline(row.reason, {"label": row.label}) if row.reason else "",
        changes=msgspec.convert(row.changes or [], tuple[Change, ...]),
        state=row.state,
        note=row.note,
    )


def _call(row: models.Call) -> CallView:
    return CallView(
        at=row.at,
        run=row.run_id,
        side=row.side,
        method=row.method,
        path=row.path,
        status=row.status,
        ms=row.ms,
        cost=row.cost,
        remaining=row.remaining,
        note=row.note,
    )


def calls_since(services: Services, name: str, since: datetime) -> dict[str, int]:
    """Calls that count against the budgets, by side (`xero`, `perfex`), since an instant."""
    with reading(services) as session:
        row = connection_row(session, name)
    return queries.calls_since(services.database, row.id, since)
