"""What every part of the repository shares: the connection's id, its transaction, its codec."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from xero_bridge.core.record import Record
from xero_bridge.core.vocabulary import Kind
from xero_bridge.store.database import Database, translated

T = TypeVar("T")

#: Tables with fewer new rows than that are quick in any case.
_SMALL = 250
#: Rows per statement: below the number of variables that SQLite allows in one.
CHUNK = 500


def utc_now() -> datetime:
    """The time of this machine."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Codec:
    """Canonical records to JSON bytes and back; equal records give equal bytes."""

    encode: Callable[[Record], bytes]
    decode: Callable[[Kind, bytes], Record]


class Part:
    """One connection's part of the database, used by one thread at a time."""

    def __init__(
        self,
        database: Database,
        *,
        connection_id: int,
        connection: str,
        codec: Codec,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.connection = connection
        self._now = now
        self._database = database
        self._id = connection_id
        self._codec = codec
        self._open: Connection | None = None
        self._growth = Growth(database)
        #: Whether something was written that has to survive a power cut before anything is sent.
        self._must_last = False

    @contextmanager
    def atomically(self) -> Iterator[None]:
        """One short write transaction; nested use joins the outer one."""
        if self._open is not None:
            yield
            return
        with self._database.writing() as connection:
            self._open = connection
            try:
                yield
            finally:
                self._open = None
        if self._must_last:
            self._database.make_durable()
            self._must_last = False
        self._growth.learn()

    def _reading(self) -> AbstractContextManager[Connection]:
        if self._open is not None:
            return nullcontext(self._open)
        return self._database.reading()

    @property
    def _writing(self) -> Connection:
        assert self._open is not None, "every write happens inside `with store.atomically():`"
        return self._open

    def _all(self, statement: sa.Executable) -> Sequence[sa.Row[Any]]:
        with self._reading() as connection:
            return connection.execute(statement).all()

    def _one(self, statement: sa.Executable) -> sa.Row[Any] | None:
        with self._reading() as connection:
            return connection.execute(statement).first()

    def _value(self, statement: sa.Executable) -> Any:
        with self._reading() as connection:
            return connection.execute(statement).scalar()

    def _write(self, statement: sa.Executable, values: Any = None) -> sa.CursorResult[Any]:
        with translated(self._database.engine):
            return self._writing.execute(statement, values)

    def _mine(self, table: sa.Table) -> sa.ColumnElement[bool]:
        return table.c.connection_id == self._id

    def _upsert(
        self, table: sa.Table, rows: Sequence[Mapping[str, Any]], unique: Sequence[str]
    ) -> None:
        """Insert rows, or replace those that are there under the same unique columns."""
        if rows:
            owned = [{"connection_id": self._id, **row} for row in rows]
            self._write(upsert(self._writing, table, owned[0], ("connection_id", *unique)), owned)
            self._growth.count(table, len(rows))


class Growth:
    """Has PostgreSQL look at tables that grew: its own statistics come minutes late.

    Until then it may search a table of 20,000 rows once for each of 20,000 others.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._applies = database.engine.dialect.name == "postgresql"
        self._rows: Counter[str] = Counter()
        self._looked_at: dict[str, int] = {}

    def count(self, table: sa.Table, rows: int) -> None:
        """So many rows were inserted or replaced."""
        self._rows[table.name] += rows

    def learn(self) -> None:
        """Look at the tables that doubled since the last look."""
        if not self._applies:
            return
        for name, rows in self._rows.items():
            if rows >= 2 * self._looked_at.get(name, _SMALL):
                self._looked_at[name] = rows
                with self._database.writing() as connection:
                    connection.exec_driver_sql(f'ANALYZE "{name}"')


def upsert(
    connection: Connection, table: sa.Table, example: Mapping[str, Any], unique: Sequence[str]
) -> sa.Executable:
    """INSERT that replaces the columns of `example` where the unique columns are taken."""
    return _replacing(connection.dialect.name, table, tuple(example), tuple(unique))


@cache
def _replacing(
    dialect: str, table: sa.Table, columns: tuple[str, ...], unique: tuple[str, ...]
) -> sa.Executable:
    """Kept, because making the statement takes longer than carrying it out."""
    statement: Any = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    changed = {name: statement.excluded[name] for name in columns if name not in unique}
    if not changed:
        return statement.on_conflict_do_nothing(index_elements=list(unique))  # type: ignore[no-any-return]
    return statement.on_conflict_do_update(index_elements=list(unique), set_=changed)  # type: ignore[no-any-return]


def insert_for(connection: Connection, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """INSERT in the words of the connection's database, which can say ON CONFLICT."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
