"""`mapping`: which Xero tax, account or currency stands for one of Perfex."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from xero_bridge.cli.console import as_json_option, command, print_json, print_table, services
from xero_bridge.operations import mappings
from xero_bridge.operations.mappings import MappingView, NewMapping
from xero_bridge.operations.services import COMMAND_LINE


@click.group()
def mapping() -> None:
    """List, set and suggest mappings."""


@mapping.command("list")
@click.argument("name")
@as_json_option
@command
def list_(name: str, as_json: bool) -> None:
    """List the mappings of connection NAME, and what is not mapped yet."""
    found = mappings.mapping_views(services(), name)
    if as_json:
        print_json(found)
    else:
        _print(found)


@mapping.command("set")
@click.argument("name")
@click.argument("kind")
@click.argument("perfex")
@click.option("--sales", default="", help="Tax: TaxType on sales. Currency: its ISO code.")
@click.option("--purchase", default="", help="Tax: TaxType on purchases.")
@click.option("--account", default="", help="Payment mode, expense category: code or AccountID.")
@click.option("--bank-feed", is_flag=True, help="Payment mode: the account has a bank feed.")
@click.option("--supplier", default="", help="Expense category: its usual Xero contact.")
@as_json_option
@command
def set_(
    name: str,
    kind: str,
    perfex: str,
    as_json: bool,
    **chosen: Any,  # noqa: ANN401 - the options that say what it is mapped to
) -> None:
    """Map PERFEX of KIND (tax, payment_mode, expense_category, currency) for connection NAME.

    A tax is 'VAT|20.00', a set of taxes 'ECO|2.50+VAT|20.00', no tax is 'none'.
    """
    new = NewMapping(kind=kind, perfex=perfex, **chosen)
    found = mappings.set_mapping(services(), name, new, by=COMMAND_LINE)
    if as_json:
        print_json(found)
        return
    later = " It is checked once Xero was read." if found.state == "unchecked" else ""
    click.echo(f"{found.perfex} is mapped to {found.xero_label or found.xero}.{later}")


@mapping.command()
@click.argument("name")
@click.option("--accept", is_flag=True, help="Map what has exactly one suggestion.")
@as_json_option
@command
def suggest(name: str, accept: bool, as_json: bool) -> None:
    """Suggest mappings for what is not mapped yet."""
    if accept:
        taken = mappings.accept_suggestions(services(), name, by=COMMAND_LINE)
        if as_json:
            print_json(taken)
        else:
            _print(taken)
        return
    found = mappings.suggestions(services(), name)
    if as_json:
        print_json(found)
        return
    if not found:
        click.echo("There is nothing to suggest; Xero's lists are read by the first `plan`.")
    for each in found:
        click.echo(f"{each.kind} {each.perfex}: {', '.join(each.candidates.values())}")
    offered = mappings.accounts_without_category(services(), name)
    if offered:
        click.echo(
            "Accounts without an expense category (enter one in Perfex under the account's name, "
            f"and it is mapped by itself): {', '.join(offered.values())}"
        )


def _print(found: Sequence[MappingView]) -> None:
    rows = [(v.kind, v.perfex, v.xero, v.xero_label, v.state, v.used, v.trouble) for v in found]
    print_table(("kind", "perfex", "xero", "", "state", "used", ""), rows)
