"""A store of each sort, over a small document of the tests' own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.samples import CODEC, NOON, AnyStore, add_connection
from tests.support.tables import address, tables_at, template_with_tables
from xero_bridge.engine.memory import MemoryStore
from xero_bridge.store.database import Database
from xero_bridge.store.repository import SqlStore, open_store

__all__ = ["template_with_tables"]

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """All tables, on SQLite and on PostgreSQL."""
    with address(request, tmp_path) as url, tables_at(url) as database:
        yield database


@pytest.fixture
def sql_store(database: Database) -> SqlStore:
    """The store of the connection `acme`, on SQLite and on PostgreSQL."""
    add_connection(database)
    return open_store(database, "acme", CODEC, now=lambda: NOON)


@pytest.fixture(params=["memory", *BOTH])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AnyStore]:
    """The store of `acme` in memory, on SQLite and on PostgreSQL."""
    if request.param == "memory":
        yield MemoryStore("acme")
        return
    with address(request, tmp_path) as url, tables_at(url) as database:
        add_connection(database)
        yield open_store(database, "acme", CODEC, now=lambda: NOON)
