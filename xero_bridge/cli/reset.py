"""`reset`: forget links and find them again; nothing is written to Perfex or Xero."""

from __future__ import annotations

import click

from xero_bridge.cli.console import as_json_option, command, print_json, print_table, services
from xero_bridge.operations import reset as resets
from xero_bridge.operations.services import COMMAND_LINE


@click.command()
@click.argument("name")
@click.option("--kind", "kinds", multiple=True, help="Only this kind of records (repeatable).")
@click.option("--hard", is_flag=True, help="Drop mappings and settings too; not live any more.")
@click.option("--snapshots", "listing", is_flag=True, help="List the snapshots instead.")
@click.option("--restore", type=int, metavar="SNAPSHOT", help="Put a snapshot back instead.")
@as_json_option
@command
def reset(
    name: str,
    kinds: tuple[str, ...],
    hard: bool,
    listing: bool,
    restore: int | None,
    as_json: bool,
) -> None:
    """Drop links, bases, cursors and questions of connection NAME after a snapshot.

    The next run links the same records again by mark and number instead of creating them.
    """
    if listing:
        found = resets.snapshots(services(), name)
        if as_json:
            print_json(found)
        else:
            rows = [(s.id, f"{s.taken_at:%Y-%m-%d %H:%M}", s.why, s.links) for s in found]
            print_table(("snapshot", "taken", "why", "links"), rows)
        return
    if restore is not None:
        view = resets.restore(services(), name, restore, by=COMMAND_LINE)
        told = f"Snapshot {view.id} is back: {view.links} links."
    else:
        view = resets.reset(services(), name, kinds=kinds, hard=hard, by=COMMAND_LINE)
        told = f"{view.links} links are dropped; `reset {name} --restore {view.id}` puts them back."
    if as_json:
        print_json(view)
    else:
        click.echo(told)
