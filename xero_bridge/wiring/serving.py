"""`python app.py`: bring the database up to date, then serve and poll until it is stopped."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import click
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from xero_bridge import jobs
from xero_bridge.core.errors import BridgeError
from xero_bridge.environment import Environment
from xero_bridge.operations import users
from xero_bridge.operations.services import Services
from xero_bridge.store.migrating import upgrade
from xero_bridge.web.first_run import first_run_code
from xero_bridge.wiring.application import ROOT

_PORT = 8000


def serve(app: Flask) -> NoReturn:
    """Replace this process by gunicorn with the shipped configuration; never returns."""
    services = app.extensions["xero_bridge"]
    bind = _bind(sys.argv[1:], services.environment)
    try:
        upgrade(services.database.engine)
    except BridgeError as error:
        sys.exit(f"Error: {error}")
    configuration = str(Path(ROOT) / "gunicorn.conf.py")
    command = [sys.executable, "-m", "gunicorn", "-c", configuration, "--bind", bind, "app:app"]
    os.chdir(ROOT)
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter and arguments


def begin(services: Services) -> BackgroundScheduler | None:
    """In a process that serves: say how to sign in for the first time, and poll if it should.

    Call `shutdown()` on what is returned to stop.
    """
    try:
        if not users.views(services):
            code, url = first_run_code(services), f"{services.environment.base_url}/first-run"
            click.echo(f"Nobody may sign in yet: open {url} and give the code {code}.", err=True)
    except BridgeError as error:
        click.echo(f"Error: {error}", err=True)
    return jobs.start(services) if services.environment.scheduler else None


def _bind(arguments: list[str], environment: Environment) -> str:
    """Where to listen: this machine only, at the port of a local BASE_URL."""
    parts = urlsplit(environment.base_url)
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    parser = argparse.ArgumentParser(prog="python app.py", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=parts.port if local and parts.port else _PORT)
    given = parser.parse_args(arguments)
    return f"{given.host}:{given.port}"
