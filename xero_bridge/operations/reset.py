"""Reset: forget what is linked, so that it is found again; a snapshot can put everything back.

Nothing is written to Perfex or Xero. Records link again by mark and number, they are not created.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from xero_bridge.core.vocabulary import REFERENCE_KINDS, Kind
from xero_bridge.entities import ENTITIES
from xero_bridge.operations.problems import NotAccepted, unknown
from xero_bridge.operations.rows import connection_row, note, reading, store_of, writing
from xero_bridge.operations.runs import claimed
from xero_bridge.operations.services import By, Services
from xero_bridge.store import models

#: Facts that speak of the time before a hard reset.
_OF_A_LIFE = ("live", "organisation", "organisation_at", "settings_used", "receipts_agreed")
_LINK_COLUMNS = (
    *("kind", "key", "perfex_id", "xero_id", "stamp", "leads", "base_perfex", "base_xero"),
    *("roles", "declared", "by_person", "born_on"),
)
_SETTING_COLUMNS = ("key", "value", "set_by")


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What a snapshot holds."""

    kinds: tuple[str, ...]
    links: tuple[dict[str, Any], ...]
    hard: bool = False
    settings: tuple[dict[str, Any], ...] = ()
    facts: dict[str, str] = {}
    live_at: datetime | None = None


class SnapshotView(msgspec.Struct, frozen=True, kw_only=True):
    """A snapshot that can be restored."""

    id: int
    connection: str
    taken_at: datetime
    taken_by: str
    why: str
    links: int
    restored_at: datetime | None


def reset(
    services: Services, name: str, *, kinds: Collection[str] = (), hard: bool = False, by: By
) -> SnapshotView:
    """Drop links, bases, cursors and questions (of these kinds) after a snapshot.

    `hard` also drops mappings and settings and returns to "not live". Raises `NotAccepted` for an
    unknown kind and while a run is going on.
    """
    if hard and kinds:
        raise NotAccepted("A hard reset is of the whole connection: leave --kind out.")
    chosen = _kinds(kinds, hard=hard)
    with claimed(services, name) as lease:
        if lease is None:
            raise NotAccepted(f"A run of {name} is going on: wait for its end, then reset.")
        with writing(services) as session:
            row = connection_row(session, name)
            snapshot = _snapshot(session, services, row, chosen, hard=hard, by=by)
            _drop(session, row, chosen, hard=hard)
            note(
                session, services, by, "hard reset" if hard else "reset", name, kinds=sorted(chosen)
            )
            view = _view(snapshot, name)
        _plan_again(services, name, chosen)
    return view


def _kinds(names: Collection[str], *, hard: bool) -> list[str]:
    carried = {kind.value for kind in ENTITIES if kind not in REFERENCE_KINDS}
    for text in names:
        if text not in carried:
            raise unknown("kind with records", text, carried)
    return sorted(
        names or (carried | {kind.value for kind in REFERENCE_KINDS} if hard else carried)
    )


def _snapshot(
    session: Session,
    services: Services,
    row: models.Connection,
    kinds: Sequence[str],
    *,
    hard: bool,
    by: By,
) -> models.Snapshot:
    links = _rows(session, models.Link, row, _LINK_COLUMNS, models.Link.kind.in_(kinds))
    settings = _rows(session, models.Setting, row, _SETTING_COLUMNS) if hard else ()
    kept = Kept(
        kinds=tuple(kinds),
        links=tuple(links),
        hard=hard,
        settings=tuple(settings),
        facts=_facts(session, row) if hard else {},
        live_at=row.live_at if hard else None,
    )
    snapshot = models.Snapshot(
        connection_id=row.id,
        taken_at=services.clock.now(),
        taken_by=by.name,
        why="hard reset" if hard else "reset",
        links=len(links),
        content=msgspec.msgpack.encode(kept),
    )
    session.add(snapshot)
    session.flush()
    return snapshot


def _rows(
    session: Session,
    model: type[models.Base],
    row: models.Connection,
    columns: Sequence[str],
    *where: sa.ColumnElement[bool],
) -> list[dict[str, Any]]:
    table = models.table_of(model)
    wanted = sa.select(*(table.c[name] for name in columns))
    found = session.execute(wanted.where(table.c.connection_id == row.id, *where))
    return [dict(each) for each in found.mappings()]


def _facts(session: Session, row: models.Connection) -> dict[str, str]:
    wanted = sa.select(models.Fact.name, models.Fact.value).where(
        models.Fact.connection_id == row.id, models.Fact.name.in_(_OF_A_LIFE)
    )
    return {fact.name: fact.value for fact in session.execute(wanted)}


def _drop(session: Session, row: models.Connection, kinds: Sequence[str], *, hard: bool) -> None:
    for model in (models.Link, models.Cursor, models.Question):
        mine = models.table_of(model).c
        session.execute(sa.delete(model).where(mine.connection_id == row.id, mine.kind.in_(kinds)))
    for decision in (models.GuardStop, models.Approval):
        session.execute(sa.delete(decision).where(decision.connection_id == row.id))
    row.next_run_at = None
    if hard:
        session.execute(sa.delete(models.Setting).where(models.Setting.connection_id == row.id))
        session.execute(
            sa.delete(models.Fact).where(
                models.Fact.connection_id == row.id, models.Fact.name.in_(_OF_A_LIFE)
            )
        )
        row.live, row.live_at = False, None


def _plan_again(services: Services, name: str, kinds: Sequence[str]) -> None:
    store = store_of(services, name)
    with store.atomically():
        for kind in kinds:
            store.make_all_dirty(Kind(kind))


# --- the way back --------------------------------------------------------------------------------


def snapshots(services: Services, name: str) -> list[SnapshotView]:
    """The snapshots of a connection, newest first."""
    with reading(services) as session:
        row = connection_row(session, name)
        found = session.scalars(
            sa.select(models.Snapshot)
            .where(models.Snapshot.connection_id == row.id)
            .order_by(models.Snapshot.id.desc())
        )
        return [_view(each, name) for each in found]


def restore(services: Services, name: str, snapshot_id: int, *, by: By) -> SnapshotView:
    """Put back what a reset dropped, in place of what was linked since. Raises `NotAccepted`."""
    with claimed(services, name) as lease:
        if lease is None:
            raise NotAccepted(f"A run of {name} is going on: wait for its end, then restore.")
        with writing(services) as session:
            row = connection_row(session, name)
            snapshot = session.get(models.Snapshot, snapshot_id)
            if snapshot is None or snapshot.connection_id != row.id:
                raise NotAccepted(f"{name} has no snapshot {snapshot_id}.")
            kept = msgspec.msgpack.decode(snapshot.content, type=Kept)
            _drop(session, row, kept.kinds, hard=False)
            _put_back(session, services, row, kept)
            snapshot.restored_at = services.clock.now()
            note(session, services, by, "snapshot restored", name, snapshot=snapshot_id)
            view = _view(snapshot, name)
        _plan_again(services, name, kept.kinds)
    return view


def _put_back(session: Session, services: Services, row: models.Connection, kept: Kept) -> None:
    for link in kept.links:
        session.add(models.Link(connection_id=row.id, **link))
    if not kept.hard:
        return
    session.execute(sa.delete(models.Setting).where(models.Setting.connection_id == row.id))
    for setting in kept.settings:
        stored = {"connection_id": row.id, "set_at": services.clock.now(), **setting}
        session.add(models.Setting(**stored))
    _put_back_facts(session, row, kept.facts)
    row.live, row.live_at = kept.live_at is not None, kept.live_at


def _put_back_facts(session: Session, row: models.Connection, facts: Mapping[str, str]) -> None:
    for name, value in facts.items():
        session.execute(
            sa.delete(models.Fact).where(
                models.Fact.connection_id == row.id, models.Fact.name == name
            )
        )
        session.add(models.Fact(connection_id=row.id, name=name, value=value))


def _view(snapshot: models.Snapshot, name: str) -> SnapshotView:
    return SnapshotView(
        id=snapshot.id,
        connection=name,
        taken_at=snapshot.taken_at,
        taken_by=snapshot.taken_by,
        why=snapshot.why,
        links=snapshot.links,
        restored_at=snapshot.restored_at,
    )
