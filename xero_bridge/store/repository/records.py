"""Finding the rows of records, a chunk at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

import sqlalchemy as sa

from xero_bridge.core.record import Key
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.store import models
from xero_bridge.store.repository.part import Part, chunks

RECORD = models.table_of(models.Record)


class Records(Part):
    """The rows of one connection's records."""

    def _list(self, kind: Kind, side: Side) -> sa.ColumnElement[bool]:
        return sa.and_(self._mine(RECORD), RECORD.c.kind == kind.value, RECORD.c.side == side.value)

    def _places(self, keys: Iterable[Key]) -> Iterator[sa.ColumnElement[bool]]:
        """Conditions that find these records, a chunk of one kind and side at a time."""
        ordered = sorted(set(keys))
        for (kind, side), group in groupby(ordered, key=lambda key: key[:2]):
            for chunk in chunks(key.id for key in group):
                yield sa.and_(self._list(Kind(kind), Side(side)), RECORD.c.remote_id.in_(chunk))

    def _ids(self, keys: Iterable[Key]) -> dict[Key, int]:
        """The row numbers of these records.

        Without statistics PostgreSQL finds single rows by their other columns slowly.
        """
        columns = [RECORD.c[name] for name in ("id", "kind", "side", "remote_id")]
        return {
            Key(Kind(row.kind), Side(row.side), row.remote_id): row.id
            for found in self._places(keys)
            for row in self._all(sa.select(*columns).where(found))
        }
