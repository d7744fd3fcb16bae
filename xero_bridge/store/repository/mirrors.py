"""Mirrors: what both sides showed when they were last read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from xero_bridge.core.plan import Version
from xero_bridge.core.record import Key, Mirror
from xero_bridge.core.vocabulary import Kind, RecordState, Side
from xero_bridge.store import models
from xero_bridge.store.repository.part import chunks
from xero_bridge.store.repository.records import RECORD, Records

LINK = models.table_of(models.Link)
QUESTION = models.table_of(models.Question)
_COLUMNS = [
    RECORD.c[name]
    for name in (
        "id",
        "kind",
        "side",
        "remote_id",
        "content",
        "version",
        "stamp",
        "mark",
        "updated_at",
        "first_seen_at",
        "seen_at",
        "gone",
    )
]
#: Mirrors that are decoded at a time while walking over all of them.
_WALK = 1000


class Mirrors(Records):
    """The mirrors of one connection."""

    def rows(self, kind: Kind, side: Side) -> dict[str, str]:
        """Remote id -> hash of the list row, of all mirrors that are not gone."""
        wanted = sa.select(RECORD.c.remote_id, RECORD.c.row).where(
            self._list(kind, side), RECORD.c.gone.is_(False)
        )
        with self._reading() as connection:
            return dict(connection.execute(wanted).all())

    def touch_rows(self, kind: Kind, side: Side, rows: Mapping[str, str]) -> None:
        """Store new row hashes of mirrors whose record did not change."""
        for chunk in chunks(rows):
            ids = self._ids(Key(kind, side, remote_id) for remote_id in chunk)
            if ids:
                values = [{"its_number": n, "its_row": rows[key.id]} for key, n in ids.items()]
                self._write(_TOUCH, values)

    def stale(
        self, kind: Kind, side: Side, seen_before: datetime, dated_from: date | None, limit: int
    ) -> list[str]:
        """Ids of mirrors not read since, the longest unread first.

        With `dated_from` only those dated from then on, or with an amount due.
        """
        wanted = sa.select(RECORD.c.remote_id).where(
            self._list(kind, side), RECORD.c.gone.is_(False), RECORD.c.seen_at < seen_before
        )
        if dated_from is not None:
            # SQLite keeps amounts as text, in which "0.00" is not "0".
            is_open = sa.cast(RECORD.c.amount_due, sa.Float) != 0
            wanted = wanted.where(sa.or_(RECORD.c.dated >= dated_from, is_open))
        with self._reading() as connection:
            return list(
                connection.execute(wanted.order_by(RECORD.c.seen_at).limit(limit)).scalars()
            )

    def mark_gone(self, keys: Iterable[Key]) -> None:
        """The side no longer has these records; they become dirty."""
        for found in self._places(keys):
            self._write(
                sa.update(RECORD)
                .where(found, RECORD.c.gone.is_(False))
                .values(gone=True, dirty=True, version=RECORD.c.version + 1, row="")
            )

    def mirrors(self, kind: Kind, side: Side, ids: Iterable[str]) -> dict[str, Mirror]:
        """The mirrors of these ids (gone ones too)."""
        found: dict[str, Mirror] = {}
        for chunk in chunks(dict.fromkeys(ids)):
            wanted = sa.select(*_COLUMNS).where(
                self._list(kind, side), RECORD.c.remote_id.in_(chunk)
            )
            found.update((row.remote_id, self._mirror(row)) for row in self._all(wanted))
        return found

    def mirrors_of(self, kind: Kind, side: Side) -> Iterator[Mirror]:
        """All mirrors of a kind on one side, gone ones too."""
        return self._walk(self._list(kind, side))

    def unlinked(self, kind: Kind, side: Side) -> list[Mirror]:
        """Mirrors without a link, not gone."""
        return list(self._walk(self._list(kind, side), RECORD.c.gone.is_(False), ~_linked(side)))

    def dirty(self, kind: Kind) -> list[Mirror]:
        """Mirrors of both sides that the planner has to look at, linked or not.

        A record with an answer in force is always looked at: it may be given while a plan is made.
        """
        mine = (self._mine(RECORD), RECORD.c.kind == kind.value)
        found = list(self._walk(*mine, RECORD.c.dirty.is_(True)))
        known = {mirror.key for mirror in found}
        for side, ids in self._answered(kind).items():
            answered = self.mirrors(kind, side, ids)
            found += [mirror for mirror in answered.values() if mirror.key not in known]
        return found

    def settle(self, versions: Iterable[Version]) -> None:
        """Clear the dirty flag where the mirror still has that version."""
        for chunk in chunks(versions):
            ids = self._ids(one.key for one in chunk)
            values = [
                {"its_number": ids[one.key], "its_version": one.version}
                for one in chunk
                if one.key in ids
            ]
            if values:
                self._write(_SETTLE, values)

    def make_dirty(self, keys: Iterable[Key]) -> None:
        """Have the planner look at these records again."""
        for found in self._places(keys):
            self._write(sa.update(RECORD).where(found).values(dirty=True))

    def make_all_dirty(self, kind: Kind | None = None, *, linked: bool | None = None) -> None:
        """Have the planner look again at all records (of a kind; linked or unlinked ones only)."""
        wanted = [self._mine(RECORD)]
        if kind is not None:
            wanted.append(RECORD.c.kind == kind.value)
        if linked is not None:
            either = sa.or_(*(sa.and_(RECORD.c.side == side.value, _linked(side)) for side in Side))
            wanted.append(either if linked else ~either)
        self._write(sa.update(RECORD).where(*wanted).values(dirty=True))

    def find_marks(self, kind: Kind, side: Side, marks: Iterable[str]) -> dict[str, list[Mirror]]:
        """Mark -> mirrors that bear it."""
        found: dict[str, list[Mirror]] = {}
        for chunk in chunks(dict.fromkeys(mark for mark in marks if mark)):
            for mirror in self._walk(self._list(kind, side), RECORD.c.mark.in_(chunk)):
                found.setdefault(mirror.mark, []).append(mirror)
        return found

    def note_states(
        self, states: Iterable[tuple[Key, RecordState, str, Mapping[str, str]]]
    ) -> None:
        """Remember where records stand, with the reason code and the values of its sentence."""
        for chunk in chunks(states):
            ids = self._ids(key for key, *_ in chunk)
            values = [
                _stated(ids[key], state, reason, details)
                for key, state, reason, details in chunk
                if key in ids
            ]
            if values:
                self._write(_NOTE, values)

    # --- parts ---

    def _answered(self, kind: Kind) -> dict[Side, list[str]]:
        """Ids of the records, by side, about which an answer is in force."""
        rows = self._all(
            sa.select(QUESTION.c.perfex_id, QUESTION.c.xero_id).where(
                self._mine(QUESTION),
                QUESTION.c.state == "answered",
                QUESTION.c.kind == kind.value,
            )
        )
        return {
            Side.PERFEX: [row.perfex_id for row in rows if row.perfex_id],
            Side.XERO: [row.xero_id for row in rows if row.xero_id],
        }

    def _walk(self, *wanted: sa.ColumnElement[bool]) -> Iterator[Mirror]:
        """The mirrors in the order of their making, a bounded number in memory at a time."""
        after = 0
        page = sa.select(*_COLUMNS).where(*wanted).order_by(RECORD.c.id).limit(_WALK)
        while rows := self._all(page.where(RECORD.c.id > after)):
            for row in rows:
                yield self._mirror(row)
            after = rows[-1].id
            if len(rows) < _WALK:
                return

    def _mirror(self, row: sa.Row[Any]) -> Mirror:
        kind = Kind(row.kind)
        return Mirror(
            key=Key(kind, Side(row.side), row.remote_id),
            record=self._codec.decode(kind, row.content),
            version=row.version,
            stamp=row.stamp,
            mark=row.mark,
            updated_at=row.updated_at,
            first_seen_at=row.first_seen_at,
            seen_at=row.seen_at,
            gone=row.gone,
        )


_TOUCH = (
    sa.update(RECORD)
    .where(RECORD.c.id == sa.bindparam("its_number"))
    .values(row=sa.bindparam("its_row"))
)
_SETTLE = (
    sa.update(RECORD)
    .where(
        RECORD.c.id == sa.bindparam("its_number"), RECORD.c.version == sa.bindparam("its_version")
    )
    .values(dirty=False)
)
_NOTE = (
    sa.update(RECORD)
    .where(RECORD.c.id == sa.bindparam("its_number"))
    .values(
        state=sa.bindparam("its_state"),
        reason=sa.bindparam("its_reason"),
        reason_details=sa.bindparam("its_details", type_=RECORD.c.reason_details.type),
    )
)


def _stated(
    number: int, state: RecordState, reason: str, details: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "its_number": number,
        "its_state": state.value,
        "its_reason": reason,
        "its_details": dict(details),
    }


def _linked(side: Side) -> sa.Exists:
    """Whether the record at hand, of that side, has a link."""
    held = LINK.c.perfex_id if side is Side.PERFEX else LINK.c.xero_id
    return sa.exists().where(
        LINK.c.connection_id == RECORD.c.connection_id,
        LINK.c.kind == RECORD.c.kind,
        held == RECORD.c.remote_id,
    )
