"""A store of each sort, over a small document of the tests' own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

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


@contextmanager
def address(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """A fresh database of the sort that the fixture asks for."""
    if request.param == "sqlite":
        yield f"sqlite:///{folder / 'bridge.sqlite'}"
        return
    server = request.getfixturevalue("postgres_url")
    template = request.getfixturevalue("template_with_tables")
    with postgres.fresh_database(server, template) as url:
        yield url


@pytest.fixture(scope="session")
def template_with_tables(postgres_url: str) -> Iterator[str]:
    """Copying a database with tables is much faster than making the tables for every test."""
    with postgres.fresh_database(postgres_url) as url:
        with tables_at(url):
            pass
        yield make_url(url).database or ""
