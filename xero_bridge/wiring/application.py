"""The Flask application: settings, database, services, commands and pages put together."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.engine import make_url

from xero_bridge import cli, web
from xero_bridge.core.ports import Clock
from xero_bridge.environment import Environment, read_environment
from xero_bridge.logs import configure_logs
from xero_bridge.operations.dispatch import ThreadDispatch
from xero_bridge.operations.runs import serve_requests
from xero_bridge.operations.services import Services
from xero_bridge.store.database import Database, engine_options, prepare_engine
from xero_bridge.store.models import Base
from xero_bridge.store.vault import Vault
from xero_bridge.wiring.clock import SystemClock
from xero_bridge.wiring.connector import CODEC, HttpConnector

ROOT = Path(__file__).resolve().parent.parent.parent
MIGRATIONS = ROOT / "xero_bridge" / "store" / "migrations"
#: Settings of Flask and its extensions that a mapping may hold beside ours.
_FLASK = ("TESTING", "SECURITY_", "WTF_", "RATELIMIT_")


def create_app(
    settings: Environment | Mapping[str, object] | None = None, *, clock: Clock | None = None
) -> Flask:
    """The application; see `xero_bridge.create_app`."""
    environment, extra = _told(settings)
    configure_logs(
        environment.log_format, secrets=_secrets(environment), folder=environment.instance
    )
    app = Flask(
        "xero_bridge",
        root_path=str(ROOT / "xero_bridge"),
        instance_path=str(environment.instance.resolve()),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    app.config.update(_configuration(environment), **extra)
    database = _open_database(app, environment)
    services = build_services(environment, database, clock or SystemClock())
    app.extensions["xero_bridge"] = services
    web.init_app(app, services)
    cli.register(app)
    # Late, because the demonstration makes an application of its own.
    from xero_bridge.wiring import commands

    commands.register(app)
    return app


def build_services(environment: Environment, database: Database, clock: Clock) -> Services:
    """What operations work with, for any process: web, commands, schedule."""
    return Services(
        environment=environment,
        database=database,
        clock=clock,
        codec=CODEC,
        connector=HttpConnector(
            environment=environment,
            database=database,
            clock=clock,
            # A clock of tests is moved instead of waited for.
            sleep=getattr(clock, "sleep", time.sleep),
        ),
        dispatch=ThreadDispatch(serve_requests),
        hash_password=PasswordHasher().hash,
    )


def _told(
    settings: Environment | Mapping[str, object] | None,
) -> tuple[Environment, dict[str, object]]:
    if settings is None or isinstance(settings, Environment):
        return settings or read_environment(), {}
    extra = {name: value for name, value in settings.items() if name.startswith(_FLASK)}
    ours = {name: value for name, value in settings.items() if name not in extra}
    return read_environment(ours), extra


def _configuration(environment: Environment) -> dict[str, Any]:
    return {
        "SECRET_KEY": environment.secret_key,
        "SQLALCHEMY_DATABASE_URI": environment.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(environment.database_url),
        "SESSION_COOKIE_SECURE": environment.is_https,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_HTTPONLY": True,
    }


def _open_database(app: Flask, environment: Environment) -> Database:
    """One engine for pages and runs alike; no connection is made yet."""
    db = SQLAlchemy(app, metadata=Base.metadata)
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    with app.app_context():
        return Database(prepare_engine(db.engine, Vault(environment.encryption_keys)))


def _secrets(environment: Environment) -> list[str]:
    """Values that may appear nowhere in the logs."""
    password = make_url(environment.database_url).password
    return [
        environment.secret_key,
        *environment.encryption_keys,
        environment.xero_client_secret,
        *environment.xero_webhook_keys,
        environment.perfex_token,
        password or "",
    ]
