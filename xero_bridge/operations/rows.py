"""Rows of the database as operations use them: sessions, connections by name, the audit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from xero_bridge.operations.problems import unknown
from xero_bridge.operations.services import By, Services
from xero_bridge.store import models
from xero_bridge.store.database import begin_writing, translated
from xero_bridge.store.repository import SqlStore


@contextmanager
def reading(services: Services) -> Iterator[Session]:
    """A session that only reads; what it loaded stays usable afterwards."""
    engine = services.database.engine
    with translated(engine), Session(engine, expire_on_commit=False) as session:
        yield session


@contextmanager
def writing(services: Services) -> Iterator[Session]:
    """One short write transaction: committed at the end, rolled back on any exception."""
    engine = services.database.engine
    with translated(engine), Session(engine, expire_on_commit=False) as session:
        begin_writing(session)
        yield session
        session.commit()


def connection_row(session: Session, name: str) -> models.Connection:
    """The connection of that name; raises `NotAccepted` with those there are."""
    found = session.scalar(sa.select(models.Connection).where(models.Connection.name == name))
    if found is None:
        raise unknown("connection", name, connection_names(session))
    return found


def connection_names(session: Session) -> list[str]:
    """The names of all connections, in order."""
    return list(session.scalars(sa.select(models.Connection.name).order_by(models.Connection.name)))


def store_of(services: Services, name: str) -> SqlStore:
    """The memory of a connection, for one thread; raises `NotAccepted` when there is none."""
    with reading(services) as session:
        row = connection_row(session, name)
    return SqlStore(
        services.database,
        connection_id=row.id,
        connection=name,
        codec=services.codec,
        now=services.clock.now,
    )


def remember(session: Session, row: models.Connection, name: str, value: str) -> None:
    """Set a fact of a connection in this transaction; an empty text forgets it."""
    mine = (models.Fact.connection_id == row.id, models.Fact.name == name)
    session.execute(sa.delete(models.Fact).where(*mine))
    if value:
        session.add(models.Fact(connection_id=row.id, name=name, value=value))


def note(session: Session, services: Services, by: By, act: str, name: str, **details: Any) -> None:  # noqa: ANN401
    """Write down who did what to which connection; secrets never belong in `details`."""
    session.add(
        models.Audit(
            at=services.clock.now(),
            user_id=by.user_id,
            user_name=by.name,
            connection=name,
            act=act,
            details=details or None,
        )
    )
