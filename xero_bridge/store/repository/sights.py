"""Storing what was read: only what differs becomes a new version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any

import msgspec
import sqlalchemy as sa

from xero_bridge.core.record import Key, Record, Seen
from xero_bridge.core.vocabulary import Kind, RecordState, Side
from xero_bridge.store.repository.part import chunks
from xero_bridge.store.repository.records import RECORD, Records
from xero_bridge.store.repository.summary import summary


class Sights(Records):
    """What both sides of one connection were seen to show."""

    def save_seen(self, seen: Iterable[Seen], now: datetime) -> int:
        """Store what was read, and return how many records changed.

        A record that differs from its mirror (or is new, or was gone) gets a new version and
        becomes dirty. Its creation stamp and our mark count as parts of it.
        """
        return sum(self._save_chunk(chunk, now) for chunk in chunks(seen))

    def _save_chunk(self, chunk: list[Seen], now: datetime) -> int:
        # Only the last sight of a record counts, as if they had been stored one by one.
        latest = {seen.key: seen for seen in chunk}
        known = self._known(latest)
        values = {key: self._values(seen, now) for key, seen in latest.items()}
        other = {key for key in known if _differs(known[key], values[key])}
        other -= self._equal_though_written_otherwise(other, known, latest)
        changed, same = [], []
        for key, row in values.items():
            if key in known and key not in other:
                same.append(_confirmed(known[key], row))
            else:
                changed.append(_changed(known.get(key), row, now))
        self._upsert(RECORD, changed, ("kind", "side", "remote_id"))
        if same:
            self._write(_CONFIRM, same)
        return len(changed)

    def _known(self, keys: Iterable[Key]) -> dict[Key, sa.Row[Any]]:
        columns = [RECORD.c[name] for name in ("id", "kind", "side", "remote_id", *_COMPARED)]
        known = {}
        for found in self._places(keys):
            for row in self._all(sa.select(*columns).where(found)):
                known[Key(Kind(row.kind), Side(row.side), row.remote_id)] = row
        return known

    def _equal_though_written_otherwise(
        self, keys: set[Key], known: Mapping[Key, sa.Row[Any]], latest: Mapping[Key, Seen]
    ) -> set[Key]:
        """Records that only read differently: 1.0 is 1.00."""
        reworded = {
            key
            for key in keys
            if not known[key].gone
            and (known[key].stamp, known[key].mark) == (latest[key].stamp, latest[key].mark)
        }
        if not reworded:
            return set()
        numbers = {known[key].id: key for key in reworded}
        stored = sa.select(RECORD.c.id, RECORD.c.content).where(RECORD.c.id.in_(numbers))
        before = {numbers[row.id]: row.content for row in self._all(stored)}
        return {
            key
            for key, content in before.items()
            if self._holds(key.kind, content, latest[key].record)
        }

    def _holds(self, kind: Kind, content: bytes, record: Record) -> bool:
        try:
            return self._codec.decode(kind, content) == record
        except msgspec.ValidationError:
            return False  # It was stored by an older version of the bridge, in another form.

    def _values(self, seen: Seen, now: datetime) -> dict[str, Any]:
        content = self._codec.encode(seen.record)
        return {
            "kind": seen.key.kind.value,
            "side": seen.key.side.value,
            "remote_id": seen.key.id,
            "content": content,
            "digest": blake2b(content, digest_size=16).hexdigest(),
            "row": seen.row,
            "stamp": seen.stamp,
            "mark": seen.mark,
            "updated_at": seen.updated_at,
            "seen_at": now,
            "gone": False,
            **summary(seen.record),
        }


_COMPARED = (
    "version",
    "digest",
    "stamp",
    "mark",
    "gone",
    "row",
    "updated_at",
    "first_seen_at",
    "state",
)
_CONFIRM = (
    sa.update(RECORD)
    .where(RECORD.c.id == sa.bindparam("its_number"))
    .values(
        row=sa.bindparam("its_row"),
        updated_at=sa.bindparam("its_update", type_=RECORD.c.updated_at.type),
        seen_at=sa.bindparam("its_sight", type_=RECORD.c.seen_at.type),
    )
)


def _differs(before: sa.Row[Any], now: Mapping[str, Any]) -> bool:
    if before.gone:
        return True
    return any(getattr(before, name) != now[name] for name in ("digest", "stamp", "mark"))


def _changed(before: sa.Row[Any] | None, values: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {
        **values,
        "dirty": True,
        "version": before.version + 1 if before else 1,
        "first_seen_at": before.first_seen_at if before else now,
        "state": before.state if before else RecordState.NEW.value,
    }


def _confirmed(before: sa.Row[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """A record read by its id tells no row hash: the one of the unchanged record still holds."""
    return {
        "its_number": before.id,
        "its_row": values["row"] or before.row,
        "its_update": values["updated_at"] or before.updated_at,
        "its_sight": values["seen_at"],
    }
