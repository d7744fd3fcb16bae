"""All parts of the repository together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from xero_bridge.core.errors import Fatal
from xero_bridge.store import models
from xero_bridge.store.database import Database
from xero_bridge.store.repository.decisions import Decisions
from xero_bridge.store.repository.journal import Journals
from xero_bridge.store.repository.part import Codec, utc_now
from xero_bridge.store.repository.proving import Proving
from xero_bridge.store.repository.reports import Reports
from xero_bridge.store.repository.sights import Sights


class SqlStore(Sights, Proving, Journals, Decisions, Reports):
    """The memory of one connection in the database. One object is used by one thread at a time."""


def open_store(
    database: Database, name: str, codec: Codec, *, now: Callable[[], datetime] = utc_now
) -> SqlStore:
    """The store of the connection of that name; raises `Fatal` when there is none."""
    found = sa.select(models.Connection.id).where(models.Connection.name == name)
    with database.reading() as connection:
        connection_id = connection.execute(found).scalar()
    if connection_id is None:
        raise Fatal("connection_unknown", name=name)
    return SqlStore(database, connection_id=connection_id, connection=name, codec=codec, now=now)
