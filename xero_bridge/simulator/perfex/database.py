"""A small stand-in for MySQL: every value is text or NULL and ids count up."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from contextlib import AbstractContextManager
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from xero_bridge.simulator.common import Record, Store
from xero_bridge.simulator.perfex.books.money import two_places
from xero_bridge.simulator.perfex.schema import TABLES, ZEROS, Column

Value: TypeAlias = str | None
Row: TypeAlias = dict[str, Value]


class SqlError(Exception):
    """A statement that MySQL would refuse, with MySQL's own words."""


class Database:
    """The tables of one Perfex site; a row is replaced by an update, never changed in place."""

    def __init__(self, store: Store) -> None:
        """Open the tables of the store; rows it saved before are there again."""
        self.store = store
        self._tables = {
            name: store.table(name, **{column: _key_of(column) for column in table.indexed})
            for name, table in TABLES.items()
        }
        self._highest = {
            name: max((int(key) for key in table.keys()), default=0)  # noqa: SIM118
            for name, table in self._tables.items()
        }

    @property
    def writes(self) -> int:
        """Return a number that rises with every write."""
        return sum(table.version for table in self._tables.values())

    def transaction(self) -> AbstractContextManager[None]:
        """Hold the lock and commit at the end."""
        return self.store.transaction()

    def version(self, table: str) -> int:
        """Return a number that rises with every write to the table."""
        return self._tables[table].version

    def insert(self, table: str, values: Mapping[str, object]) -> int:
        """Add a row and return its id; raise SqlError when a column does not exist."""
        row: Row = {name: column.default for name, column in TABLES[table].columns.items()}
        row.update(_stored(table, values))
        key = TABLES[table].key
        if not values.get(key):
            row[key] = str(self._highest[table] + 1)
        identity = int(row[key] or 0)
        self._highest[table] = max(self._highest[table], identity)
        self._tables[table].put(str(identity), row)
        return identity

    def update(self, table: str, identity: object, values: Mapping[str, object]) -> bool:
        """Change a row; tell whether MySQL would report an affected row."""
        stored = _stored(table, values)
        row = self._tables[table].get(str(identity))
        if row is None or all(row[name] == value for name, value in stored.items()):
            return False
        self._tables[table].put(str(identity), {**row, **stored})
        return True

    def delete(self, table: str, identity: object) -> bool:
        """Remove a row for good (Perfex keeps no tombstones); tell whether there was one."""
        found = str(identity) in self._tables[table]
        if found:
            self._tables[table].delete(str(identity))
        return found

    def get(self, table: str, identity: object) -> Row | None:
        """Return the row of this id, or None."""
        return self._tables[table].get(str(identity))

    def rows(self, table: str) -> list[Row]:
        """Return every row in the order of insertion."""
        return self._tables[table].values()

    def count(self, table: str) -> int:
        """Return the number of rows."""
        return len(self._tables[table])

    def where(self, table: str, **equal: object) -> list[Row]:
        """Return the rows whose columns equal these values, through an index if there is one."""
        wanted = {name: str(value) for name, value in equal.items()}
        return [row for row in self._candidates(table, wanted) if _matches(row, wanted)]

    def _candidates(self, table: str, wanted: Mapping[str, str]) -> list[Record]:
        for column in TABLES[table].indexed:
            if column in wanted:
                return self._tables[table].find(column, wanted[column])
        return self._tables[table].values()


def _key_of(column: str) -> Callable[[Record], Hashable]:
    return lambda row: str(row[column])


def _matches(row: Row, wanted: Mapping[str, str]) -> bool:
    return all(row[name] == value for name, value in wanted.items())


def _stored(table: str, values: Mapping[str, object]) -> Row:
    columns = TABLES[table].columns
    for name in values:
        if name not in columns:
            raise SqlError(f"Unknown column '{name}' in 'field list'")
    return {name: _coerced(name, columns[name], value) for name, value in values.items()}


def _coerced(name: str, column: Column, value: object) -> Value:
    """Store a value the way a MySQL server without strict mode does."""
    if value is None:
        return None if column.nullable else ZEROS.get(column.type, "")
    if isinstance(value, (list, dict)):
        raise SqlError(f"Array to string conversion for column '{name}'")
    text = str(value)
    if column.type == "int":
        return str(int(_number(text)))
    if column.type == "dec":
        return two_places(_number(text))
    if column.type in ("date", "dt"):
        return text if text[:4].isdigit() else ZEROS[column.type]
    return text[: column.size] if column.size else text


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.strip() or "0")
    except InvalidOperation:
        return Decimal(0)
    return number if number.is_finite() else Decimal(0)
