"""Opening the database, and its two sorts of transactions: reading, and short writing ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from xero_bridge.core.errors import Fatal, Retriable
from xero_bridge.store.types import use_vault
from xero_bridge.store.vault import Vault

#: How long a writer waits for another one before it gives up (seconds).
BUSY_SECONDS = 15
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    f"busy_timeout={BUSY_SECONDS * 1000}",
    "foreign_keys=ON",
)
_WRITE = "write"
#: An option of connections that begin no transaction at all.
_BARE = "bare"


def engine_options(url: str | URL) -> dict[str, Any]:
    """Arguments for `create_engine` that suit the database behind the address."""
    pool = {"pool_size": 10, "max_overflow": 30, "pool_timeout": 30}
    if make_url(url).get_backend_name() == "sqlite":
        return pool
    # A generic plan on a table without statistics scans it once per id of an IN list.
    options = "-c plan_cache_mode=force_custom_plan"
    return {**pool, "pool_pre_ping": True, "connect_args": {"options": options}}


def prepare_engine(engine: Engine, vault: Vault) -> Engine:
    """Make an engine (ours or Flask-SQLAlchemy's) behave; call it before its first connection."""
    use_vault(engine, vault)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _set_pragmas)
        sa.event.listen(engine, "begin", _begin)
    return engine


def open_engine(url: str | URL, vault: Vault) -> Engine:
    """An engine for the address (SQLite or PostgreSQL by psycopg 3)."""
    return prepare_engine(sa.create_engine(url, **engine_options(url)), vault)


def begin_writing(session: Session) -> None:
    """Make the session's next transaction a writing one; ends a read transaction first.

    On SQLite a reader that begins to write late loses updates or finds the database locked.
    """
    session.rollback()
    session.connection(execution_options={_WRITE: True})


class Database:
    """An engine with the two sorts of transactions. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One read transaction: everything in it sees the same state."""
        with translated(self.engine), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One write transaction: committed at the end, rolled back on any exception.

        Keep it short and free of network calls: on SQLite nobody else can write meanwhile.
        Raises `Retriable` when others wrote for too long, `Fatal` when the disk is full.
        """
        with (
            translated(self.engine),
            self.engine.connect().execution_options(**{_WRITE: True}) as connection,
            connection.begin(),
        ):
            yield connection

    def make_durable(self) -> None:
        """What was committed so far survives a power cut.

        A commit on SQLite in this mode survives the death of the process only; PostgreSQL always
        waits for the disk.
        """
        if self.engine.dialect.name != "sqlite":
            return
        with (
            translated(self.engine),
            self.engine.connect().execution_options(**{_BARE: True}) as connection,
        ):
            connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").all()


@contextmanager
def translated(engine: Engine) -> Iterator[None]:
    """Turn the database's own troubles into errors that say who can mend them."""
    try:
        yield
    except (OperationalError, ProgrammingError) as error:
        where = engine.url.render_as_string(hide_password=True)
        said = " ".join(str(error.orig).split())
        for fragment, (kind, reason) in _TROUBLES.items():
            if fragment in said.lower():
                raise kind(reason, database=where, message=said) from error
        raise


_TROUBLES: Mapping[str, tuple[type[Fatal | Retriable], str]] = {
    "disk is full": (Fatal, "database_full"),
    "no space left": (Fatal, "database_full"),
    "disk i/o error": (Fatal, "database_unreadable"),
    "readonly database": (Fatal, "database_read_only"),
    "unable to open database": (Fatal, "database_unreachable"),
    "no such table": (Fatal, "database_not_migrated"),
    "no such column": (Fatal, "database_not_migrated"),
    "database is locked": (Retriable, "database_busy"),
    "connection refused": (Fatal, "database_unreachable"),
    "connection failed": (Fatal, "database_unreachable"),
    "connection is bad": (Fatal, "database_unreachable"),
    "fatal:": (Fatal, "database_unreachable"),
    # PostgreSQL about a table or column; a missing database is fatal to it.
    "does not exist": (Fatal, "database_not_migrated"),
}


def _set_pragmas(connection: Any, _record: object) -> None:
    # The driver must not begin transactions by itself: `_begin` says which sort it is.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(_BARE):
        return
    writes = options.get(_WRITE)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
