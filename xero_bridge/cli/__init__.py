"""Commands: the same operations as the dashboard, for scripts and terminals."""

from __future__ import annotations

from flask import Flask

from xero_bridge.cli.connections import connection
from xero_bridge.cli.users import user


def register(app: Flask) -> None:
    """Add the commands to `flask --app app`."""
    for command in (connection, user):
        app.cli.add_command(command)
