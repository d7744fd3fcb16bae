"""Commands: the same operations as the dashboard, for scripts and terminals."""

from __future__ import annotations

import click
from flask import Flask

from xero_bridge.cli.connections import connection
from xero_bridge.cli.explain import explain
from xero_bridge.cli.mappings import mapping
from xero_bridge.cli.proof import prove
from xero_bridge.cli.questions import questions_group
from xero_bridge.cli.reset import reset
from xero_bridge.cli.runs import approve, plan, status, sync
from xero_bridge.cli.server import doctor, rotate_keys, scheduler
from xero_bridge.cli.users import user

_COMMANDS = (
    *(connection, mapping, questions_group, user),
    *(sync, plan, approve, status, prove, explain, reset),
    *(doctor, rotate_keys, scheduler),
)


def register(app: Flask) -> None:
    """Add the commands to `flask --app app`."""
    for each in _COMMANDS:
        app.cli.add_command(each)
    _say_that_run_does_not_poll()


def _say_that_run_does_not_poll() -> None:
    context = click.get_current_context(silent=True)
    if context is not None and context.info_name == "run":
        click.echo(
            "`flask run` does not poll: start `flask --app app scheduler` beside it.", err=True
        )
