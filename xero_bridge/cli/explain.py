"""`explain`: where a record stands, and the one thing to do."""

from __future__ import annotations

import click

from xero_bridge.cli.console import as_json_option, command, print_json, services
from xero_bridge.cli.runs import connection_option, names
from xero_bridge.operations import explain as explaining
from xero_bridge.operations.explain import Explained, Explanation

_SIGNS = {"good": "+", "wait": "~", "bad": "!", "off": "-"}


@click.command()
@click.argument("text", nargs=-1, required=True)
@connection_option
@as_json_option
@command
def explain(text: tuple[str, ...], name: str | None, as_json: bool) -> None:
    """Say where the record stands that TEXT names, and the one thing to do.

    TEXT is a number, a name, an amount, an id, a mark or an address. Calls neither system.
    """
    sought = " ".join(text)
    found = [explaining.explain(services(), each, sought) for each in names(name)]
    if as_json:
        print_json(found[0] if name else found)
        return
    for each in found:
        _print(each)


def _print(found: Explanation) -> None:
    if not found.found:
        click.echo(f"{found.connection}: {found.sentence}")
    for each in found.found:
        _print_one(found.connection, each)
    if found.more:
        click.echo("More records fit: say it more exactly.")


def _print_one(connection: str, each: Explained) -> None:
    amount = f", {each.amount:,.2f} {each.currency}".rstrip() if each.amount is not None else ""
    click.echo(f"{connection}: {each.kind} {each.label or each.key.id}{amount}")
    for step in each.steps:
        click.echo(f"  {_SIGNS.get(step.look, ' ')} {step.asks} {step.answer}")
    click.echo(f"  => {each.conclusion} To do: {each.todo}\n")
