"""Databases with all tables and nothing in them, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tests.support import postgres
from xero_bridge.store import models
from xero_bridge.store.database import Database, open_engine
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
    """Copying a database with tables is much faster than making the tables for every test.

    A conftest whose tests use `address` imports this fixture.
    """
    with postgres.fresh_database(postgres_url) as url:
        with tables_at(url):
            pass
        yield make_url(url).database or ""
