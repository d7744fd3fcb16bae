"""`user`: people who may sign in."""

from __future__ import annotations

import sys

import click

from xero_bridge.cli.console import (
    as_json_option,
    command,
    print_json,
    print_table,
    secret,
    services,
)
from xero_bridge.operations import users
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.services import COMMAND_LINE
from xero_bridge.store.identity import ADMIN, ROLES


@click.group()
def user() -> None:
    """Make and list people who may sign in."""


@user.command()
@click.argument("address", metavar="[EMAIL]", default="")
@click.option("--email", default="", help="The same as the argument.")
@click.option("--password", help="Asked for when not given; - reads it from the standard input.")
@click.option("--role", type=click.Choice(sorted(ROLES)), default=ADMIN, show_default=True)
@click.option("--connection", "connections", multiple=True, help="Only for this connection.")
@as_json_option
@command
def create(
    address: str,
    email: str,
    password: str | None,
    role: str,
    connections: tuple[str, ...],
    as_json: bool,
) -> None:
    """Make a person who may sign in with EMAIL and a password."""
    given = address or email or _asked("E-mail")
    chosen = secret(password, "password") or _asked("Password", hidden=True)
    made = users.create(services(), given, chosen, role, connections=connections, by=COMMAND_LINE)
    if as_json:
        print_json(made)
    else:
        click.echo(f"{made.email} may sign in as {role} at {services().environment.base_url}.")


def _asked(what: str, *, hidden: bool = False) -> str:
    """What the person at the terminal types; raises `NotAccepted` where nobody is there."""
    if not sys.stdin.isatty():
        raise NotAccepted(
            f"The {what.lower()} is missing: give it by --{what.lower().replace('-', '')}."
        )
    answer: str = click.prompt(what, hide_input=hidden, confirmation_prompt=hidden)
    return answer


@user.command("list")
@as_json_option
@command
def list_(as_json: bool) -> None:
    """List who may sign in."""
    found = users.views(services())
    if as_json:
        print_json(found)
        return
    rows = [
        (u.email, ", ".join(u.roles), "" if u.active else "off", ", ".join(u.connections) or "all")
        for u in found
    ]
    print_table(("e-mail", "role", "", "connections"), rows)
