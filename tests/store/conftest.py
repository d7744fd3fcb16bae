"""A store of each sort, over a small document of the tests' own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.store.samples import CODEC, NOON, AnyStore, add_connection
from tests.support import postgres
from xero_bridge.engine.memory import MemoryStore
from xero_bridge.store import models
from xero_bridge.store.database import Database, open_engine
from xero_bridge.store.repository import SqlStore, open_store
from xero_bridge.store.vault import Vault, make_key


@contextmanager
def tables_at(url: str) -> Iterator[Database]:
    """A database with all tables and nothing in them."""
    engine = open_engine(url, Vault([make_key()]))
    models.Base.metadata.create_all(engine)
    try:
        yield Database(engine)
    finally:
        engine.dispose()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """All tables, on SQLite and on PostgreSQL."""
    with tables_at(database_url) as database:
        yield database


@pytest.fixture
def sql_store(database: Database) -> SqlStore:
    """The store of the connection `acme`, on SQLite and on PostgreSQL."""
    add_connection(database)
    return open_store(database, "acme", CODEC, now=lambda: NOON)


@pytest.fixture(
    params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)],
)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AnyStore]:
    """The store of `acme` in memory, on SQLite and on PostgreSQL."""
    if request.param == "memory":
        yield MemoryStore("acme")
        return
    with _address(request, tmp_path) as url, tables_at(url) as database:
        add_connection(database)
        yield open_store(database, "acme", CODEC, now=lambda: NOON)


@contextmanager
def _address(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{folder / 'bridge.sqlite'}"
        return
    with postgres.fresh_database(request.getfixturevalue("postgres_url")) as url:
        yield url
