"""Bringing a database up to date, by `flask db upgrade` or without Flask by `upgrade(engine)`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.types import TypeDecorator

from xero_bridge.store.database import translated
from xero_bridge.store.models import Base

FOLDER = Path(__file__).resolve().parent / "migrations"
#: Any number: who upgrades first takes this lock, others wait.
_LOCK = 7_013_905


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """Bring the database up to date; does nothing when it is. Several processes may call it."""
    _act(engine, command.upgrade, revision)


def downgrade(engine: sa.Engine, revision: str) -> None:
    """Take migrations back, down to this revision (`base`: all of them)."""
    _act(engine, command.downgrade, revision)


def is_current(engine: sa.Engine) -> bool:
    """Whether every migration was carried out; raises `Fatal` for one that cannot be opened."""
    with translated(engine), engine.connect() as connection:
        done = MigrationContext.configure(connection).get_current_heads()
    return set(done) == set(ScriptDirectory(str(FOLDER)).get_heads())


def differences(engine: sa.Engine) -> list[Any]:
    """What the models say and the database does not; empty when both agree."""
    _all_tables()
    with engine.connect() as connection:
        migrations = MigrationContext.configure(connection, opts=options())
        return list(compare_metadata(migrations, Base.metadata))


def options() -> dict[str, Any]:
    """How migrations are compared, written and carried out."""
    _all_tables()
    return {
        "target_metadata": Base.metadata,
        "render_as_batch": True,
        "render_item": _render,
        "compare_type": True,
    }


@contextmanager
def migrating(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection on which migrations cannot lose rows and nobody else migrates.

    Raises `Fatal` where the database cannot be opened or written.
    """
    with translated(engine), engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            with _without_foreign_keys(connection):
                yield connection
        else:
            connection.execute(sa.select(sa.func.pg_advisory_lock(_LOCK)))
            connection.commit()
            try:
                yield connection
            finally:
                connection.rollback()
                connection.execute(sa.select(sa.func.pg_advisory_unlock(_LOCK)))
                connection.commit()


@contextmanager
def _without_foreign_keys(connection: sa.Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew: dropping the old one would take its children."""
    raw = connection.connection.dbapi_connection
    assert raw is not None
    raw.cursor().execute("PRAGMA foreign_keys=OFF")
    connection.execution_options(write=True)
    try:
        yield
        connection.rollback()
        broken = raw.cursor().execute("PRAGMA foreign_key_check").fetchall()
        assert not broken, f"rows without their parents after a migration: {broken[:5]}"
    finally:
        connection.rollback()
        raw.cursor().execute("PRAGMA foreign_keys=ON")


def _act(engine: sa.Engine, act: Any, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    with migrating(engine) as connection:
        config.attributes["connection"] = connection
        act(config, revision)


def _all_tables() -> None:
    """The tables of users are known once their module was read."""
    from xero_bridge.store import identity  # noqa: F401


def _render(kind: str, item: Any, _context: Any) -> str | bool:
    """Migrations name plain types: they must run when the types of today are gone."""
    if kind != "type" or not isinstance(item, TypeDecorator):
        return False
    if item.__class__.__name__ == "ExactDecimal":
        return "sa.Numeric().with_variant(sa.String(40), 'sqlite')"
    return f"sa.{item.impl_instance!r}"
