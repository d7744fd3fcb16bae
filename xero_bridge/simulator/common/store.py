"""The state of a simulator: records in memory under one lock, written through to SQLite on wish."""

import json
import sqlite3
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from threading import RLock
from typing import Any, TypeAlias

# A record is replaced, never changed in place: rollback and caches rely on it.
Record: TypeAlias = dict[str, Any]
KeyOf: TypeAlias = Callable[[Record], Hashable]

SCHEMA = "CREATE TABLE IF NOT EXISTS row (tab TEXT, id TEXT, body TEXT, PRIMARY KEY (tab, id))"


class Table:
    """Records by id in order of creation, with indexes and a version per record."""

    def __init__(self, store: "Store", name: str, indexes: dict[str, KeyOf]) -> None:
        self.name = name
        self.version = 0
        self._store = store
        self._rows: dict[str, Record] = {}
        self._versions: dict[str, int] = {}
        self._key_of = indexes
        self._ids: dict[str, dict[Hashable, dict[str, None]]] = {name: {} for name in indexes}

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def get(self, key: str) -> Record | None:
        """Return the record of this id, or None."""
        return self._rows.get(key)

    def version_of(self, key: str) -> int:
        """Return a number that rises with every change of this record; 0 when there is none."""
        return self._versions.get(key, 0)

    def values(self) -> list[Record]:
        """Return all records, oldest first."""
        with self._store.lock:
            return list(self._rows.values())

    def keys(self) -> list[str]:
        """Return all ids, oldest first."""
        with self._store.lock:
            return list(self._rows)

    def find(self, index: str, key: Hashable) -> list[Record]:
        """Return the records which have this key in the named index."""
        with self._store.lock:
            return [self._rows[row] for row in self._ids[index].get(key, ())]

    def put(self, key: str, record: Record) -> None:
        """Store the record under this id, within the open transaction or one of its own."""
        with self._store.transaction():
            self._store.note(self, key, self._rows.get(key))
            self.set(key, record)

    def delete(self, key: str) -> None:
        """Remove the record of this id; nothing happens when there is none."""
        with self._store.transaction():
            self._store.note(self, key, self._rows.get(key))
            self.set(key, None)

    def set(self, key: str, record: Record | None) -> None:
        """Change memory only; for the store, which loads and rolls back by it."""
        self._unindex(key)
        self.version += 1
        if record is None:
            self._rows.pop(key, None)
            self._versions.pop(key, None)
            return
        self._rows[key] = record
        self._versions[key] = self.version
        for name, key_of in self._key_of.items():
            self._ids[name].setdefault(key_of(record), {})[key] = None

    def _unindex(self, key: str) -> None:
        old = self._rows.get(key)
        if old is None:
            return
        for name, key_of in self._key_of.items():
            ids = self._ids[name][key_of(old)]
            del ids[key]
            if not ids:
                del self._ids[name][key_of(old)]


class Store:
    """All tables of one simulator; with a folder, what was committed survives a killed process."""

    def __init__(self, folder: Path | None = None, name: str = "simulator") -> None:
        self.lock = RLock()
        self._tables: dict[str, Table] = {}
        self._undo: list[tuple[Table, str, Record | None]] = []
        self._depth = 0
        self._saved: dict[str, dict[str, Record]] = {}
        self._file = _open(folder / f"{name}.sqlite") if folder else None
        if self._file:
            for tab, key, body in self._file.execute(
                "SELECT tab, id, body FROM row ORDER BY rowid"
            ):
                self._saved.setdefault(tab, {})[key] = decode(body)

    def table(self, name: str, /, **indexes: KeyOf) -> Table:
        """Return the table of this name; the first caller decides on its indexes."""
        with self.lock:
            if name not in self._tables:
                table = self._tables[name] = Table(self, name, indexes)
                for key, record in self._saved.pop(name, {}).items():
                    table.set(key, record)
            return self._tables[name]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the lock; an exception undoes what happened inside. Nests like savepoints."""
        with self.lock:
            mark = len(self._undo)
            self._depth += 1
            try:
                yield
            except BaseException:
                self._roll_back(mark)
                raise
            finally:
                self._depth -= 1
                if not self._depth:
                    self._save()

    def note(self, table: Table, key: str, old: Record | None) -> None:
        """Remember what a record was before a change."""
        self._undo.append((table, key, old))

    def close(self) -> None:
        """Close the file, if there is one."""
        with self.lock:
            if self._file:
                self._file.close()
                self._file = None

    def _roll_back(self, mark: int) -> None:
        for table, key, old in reversed(self._undo[mark:]):
            table.set(key, old)
        del self._undo[mark:]

    def _save(self) -> None:
        changed = {(table.name, key): table.get(key) for table, key, _ in self._undo}
        self._undo.clear()
        if self._file and changed:
            _write(self._file, changed)


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    # A killed process loses nothing by this; only a machine without power would.
    file.execute("PRAGMA journal_mode=WAL")
    file.execute("PRAGMA synchronous=OFF")
    file.execute(SCHEMA)
    return file


def _write(file: sqlite3.Connection, changed: dict[tuple[str, str], Record | None]) -> None:
    gone = [name for name, record in changed.items() if record is None]
    kept = [(*name, encode(record)) for name, record in changed.items() if record is not None]
    file.execute("BEGIN")
    file.executemany("DELETE FROM row WHERE tab = ? AND id = ?", gone)
    file.executemany(
        "INSERT INTO row VALUES (?, ?, ?) ON CONFLICT (tab, id) DO UPDATE SET body = excluded.body",
        kept,
    )
    file.execute("COMMIT")


def encode(record: Record) -> str:
    """Write a record as JSON text; amounts and dates keep their type."""
    return json.dumps(record, default=_tag, ensure_ascii=False)


def decode(body: str) -> Record:
    """Read what `encode` wrote."""
    record: Record = json.loads(body, object_hook=_untag)
    return record


def _tag(value: object) -> dict[str, str]:
    match value:
        case Decimal():
            return {"$decimal": str(value)}
        case datetime():
            return {"$at": value.isoformat()}
        case date():
            return {"$on": value.isoformat()}
        case _:
            raise TypeError(f"A record cannot hold {value!r}.")


def _untag(value: dict[str, Any]) -> Any:
    if len(value) != 1:
        return value
    match value:
        case {"$decimal": text}:
            return Decimal(text)
        case {"$at": text}:
            return datetime.fromisoformat(text)
        case {"$on": text}:
            return date.fromisoformat(text)
        case _:
            return value


def first(records: Iterable[Record]) -> Record | None:
    """Return the first record, or None when there is none."""
    return next(iter(records), None)
