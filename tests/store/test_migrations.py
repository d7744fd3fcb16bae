"""A database comes up to date by itself, and holds what the models say."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import Migrate
from flask_migrate import upgrade as flask_upgrade
from flask_sqlalchemy import SQLAlchemy

from tests.store.samples import NOON
from xero_bridge.core.errors import Fatal
from xero_bridge.store import models
from xero_bridge.store.database import Database, engine_options, open_engine, prepare_engine
from xero_bridge.store.migrating import FOLDER, differences, downgrade, is_current, upgrade
from xero_bridge.store.models import Base
from xero_bridge.store.vault import Vault, make_key


@pytest.fixture
def engine(database_url: str) -> sa.Engine:
    return open_engine(database_url, Vault([make_key()]))


def test_an_upgraded_database_holds_what_the_models_say(engine: sa.Engine) -> None:
    assert not is_current(engine)
    upgrade(engine)
    assert is_current(engine)
    assert differences(engine) == []
    engine.dispose()


def test_upgrading_twice_changes_nothing(engine: sa.Engine) -> None:
    upgrade(engine)
    database = Database(engine)
    with database.writing() as connection:
        connection.execute(sa.insert(models.Connection).values(name="acme", created_at=NOON))
    upgrade(engine)
    with database.reading() as connection:
        assert connection.execute(sa.select(models.Connection.name)).scalars().all() == ["acme"]
    engine.dispose()


def test_a_downgrade_to_the_base_leaves_no_table_and_can_be_taken_back(engine: sa.Engine) -> None:
    upgrade(engine)
    downgrade(engine, "base")
    assert set(sa.inspect(engine).get_table_names()) <= {"alembic_version"}
    upgrade(engine)
    assert differences(engine) == []
    engine.dispose()


def test_foreign_keys_hold_again_after_a_migration(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'bridge.sqlite'}", Vault([make_key()]))
    upgrade(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()


def test_a_forgotten_upgrade_is_said_in_plain_words(engine: sa.Engine) -> None:
    database = Database(engine)
    with pytest.raises(Fatal, match="db upgrade"), database.reading() as connection:
        connection.execute(sa.select(models.Connection.name))
    engine.dispose()


def test_the_flask_command_upgrades_too(database_url: str) -> None:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(database_url)
    db = SQLAlchemy(app, metadata=Base.metadata)
    Migrate(app, db, directory=str(FOLDER))
    with app.app_context():
        engine = prepare_engine(db.engine, Vault([make_key()]))
        flask_upgrade()
        assert is_current(engine)
        engine.dispose()
