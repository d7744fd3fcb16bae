"""`python app.py`: bring the database up to date, then serve and poll until it is stopped."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from flask import Flask

from xero_bridge.core.errors import BridgeError
from xero_bridge.environment import Environment
from xero_bridge.store.migrating import upgrade
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


def _bind(arguments: list[str], environment: Environment) -> str:
    """Where to listen: this machine only, at the port of a local BASE_URL."""
    parts = urlsplit(environment.base_url)
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    parser = argparse.ArgumentParser(prog="python app.py", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=parts.port if local and parts.port else _PORT)
    given = parser.parse_args(arguments)
    return f"{given.host}:{given.port}"
