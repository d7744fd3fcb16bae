"""Runs migrations on a given connection, or on the engine of the running Flask application."""

import sqlalchemy as sa
from alembic import context

from xero_bridge.core.errors import BridgeError
from xero_bridge.store.migrating import migrating, options


def _connection_given() -> sa.Connection | None:
    given: sa.Connection | None = context.config.attributes.get("connection")
    return given


def _run(connection: sa.Connection) -> None:
    context.configure(connection=connection, **options())
    with context.begin_transaction():
        context.run_migrations()


def _engine_of_the_application() -> sa.Engine:
    from flask import current_app

    engine: sa.Engine = current_app.extensions["migrate"].db.engine
    return engine


if context.is_offline_mode():
    raise SystemExit("The bridge upgrades a database that it is connected to: leave out --sql.")
given = _connection_given()
if given is not None:
    _run(given)
else:
    try:
        with migrating(_engine_of_the_application()) as connection:
            _run(connection)
        context.config.print_stdout("The database is up to date.")
    except BridgeError as error:
        raise SystemExit(f"Error: {error}") from error
