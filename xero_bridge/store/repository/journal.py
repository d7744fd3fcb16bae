"""The write-ahead list of creates, voids and deletes, their batches, and the cursors of lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from xero_bridge.core.ports import Cursor, JournalRow
from xero_bridge.core.record import Key
from xero_bridge.core.remote import Batch, Member
from xero_bridge.core.vocabulary import JournalState, Kind, Side, Verb
from xero_bridge.store import models
from xero_bridge.store.repository.part import Part, chunks

JOURNAL = models.table_of(models.Journal)
BATCH = models.table_of(models.Batch)
CURSOR = models.table_of(models.Cursor)
_FINISHED = [state.value for state in JournalState if state.finished]


class Journals(Part):
    """The journal, batches and cursors of one connection."""

    def cursor(self, kind: Kind, side: Side) -> Cursor | None:
        """How far the list has been read."""
        row = self._one(
            sa.select(CURSOR).where(
                self._mine(CURSOR), CURSOR.c.kind == kind.value, CURSOR.c.side == side.value
            )
        )
        if row is None:
            return None
        return Cursor(
            kind=kind,
            side=side,
            at=row.at,
            filter=row.filter,
            read_at=row.read_at,
            full_at=row.full_at,
        )

    def save_cursor(self, cursor: Cursor) -> None:
        """Remember how far the list has been read."""
        row = {
            "kind": cursor.kind.value,
            "side": cursor.side.value,
            "at": cursor.at,
            "filter": cursor.filter,
            "read_at": cursor.read_at,
            "full_at": cursor.full_at,
        }
        self._upsert(CURSOR, [row], ("kind", "side"))

    def add_journal(self, rows: Sequence[JournalRow]) -> list[JournalRow]:
        """Write rows down; returned with their ids."""
        if not rows:
            return []
        statement = sa.insert(JOURNAL).returning(JOURNAL.c.id, sort_by_parameter_order=True)
        ids = self._write(statement, [self._line(row) for row in rows]).scalars()
        return [msgspec.structs.replace(row, id=new) for row, new in zip(rows, ids, strict=True)]

    def save_journal(self, row: JournalRow) -> None:
        """Replace a row by its id."""
        values = {"its_number": row.id, "its_connection": self._id, **self._line(row)}
        changed = self._write(_REPLACE, values).rowcount
        assert changed == 1, f"there is no journal row {row.id}"

    def unfinished(self) -> list[JournalRow]:
        """Rows that are neither done nor refused, oldest first."""
        wanted = sa.select(JOURNAL).where(self._mine(JOURNAL), JOURNAL.c.state.not_in(_FINISHED))
        return [_journal_row(row) for row in self._all(wanted.order_by(JOURNAL.c.id))]

    def done_creates(self, kind: Kind, side: Side, ids: Iterable[str]) -> dict[str, JournalRow]:
        """Done create rows by the id they made."""
        found: dict[str, JournalRow] = {}
        for chunk in chunks(dict.fromkeys(one for one in ids if one)):
            wanted = sa.select(JOURNAL).where(
                self._mine(JOURNAL),
                JOURNAL.c.kind == kind.value,
                JOURNAL.c.side == side.value,
                JOURNAL.c.verb == Verb.CREATE.value,
                JOURNAL.c.state == JournalState.DONE.value,
                JOURNAL.c.result_id.in_(chunk),
            )
            for row in self._all(wanted.order_by(JOURNAL.c.id)):
                found[row.result_id] = _journal_row(row)
        return found

    def add_batch(self, batch: Batch) -> Batch:
        """Write a batch down before it is sent; returned with its id."""
        self._must_last = True
        statement = sa.insert(BATCH).returning(BATCH.c.id)
        values = {
            "connection_id": self._id,
            "side": batch.side.value,
            "kind": batch.kind.value,
            "verb": batch.verb.value,
            "body": batch.body,
            "key": batch.key,
            "members": batch.members,
            "created_at": batch.created_at,
        }
        return msgspec.structs.replace(batch, id=self._write(statement, values).scalar_one())

    def batch(self, batch_id: int) -> Batch | None:
        """A batch by id."""
        row = self._one(sa.select(BATCH).where(self._mine(BATCH), BATCH.c.id == batch_id))
        if row is None:
            return None
        return Batch(
            id=row.id,
            side=Side(row.side),
            kind=Kind(row.kind),
            verb=Verb(row.verb),
            body=row.body,
            key=row.key,
            members=msgspec.convert(row.members, tuple[Member, ...]),
            created_at=row.created_at,
        )

    def _line(self, row: JournalRow) -> dict[str, Any]:
        return {
            "connection_id": self._id,
            "kind": row.kind.value,
            "verb": row.verb.value,
            "side": row.side.value,
            "source_kind": row.source.kind.value,
            "source_side": row.source.side.value,
            "source_id": row.source.id,
            "state": row.state.value,
            "generation": row.generation,
            "mark": row.mark,
            "batch_id": row.batch_id,
            "high_water": row.high_water,
            "digest": row.digest,
            "record": row.record,
            "made_at": row.made_at,
            "sent_at": row.sent_at,
            "result_id": row.result_id,
            "message": row.message,
            "looked": row.looked,
        }


_REPLACE = sa.update(JOURNAL).where(
    JOURNAL.c.id == sa.bindparam("its_number"),
    JOURNAL.c.connection_id == sa.bindparam("its_connection"),
)


def _journal_row(row: sa.Row[Any]) -> JournalRow:
    return JournalRow(
        id=row.id,
        kind=Kind(row.kind),
        verb=Verb(row.verb),
        side=Side(row.side),
        source=Key(Kind(row.source_kind), Side(row.source_side), row.source_id),
        state=JournalState(row.state),
        generation=row.generation,
        mark=row.mark,
        batch_id=row.batch_id,
        high_water=row.high_water,
        digest=row.digest,
        record=row.record,
        made_at=row.made_at,
        sent_at=row.sent_at,
        result_id=row.result_id,
        message=row.message,
        looked=row.looked,
    )
