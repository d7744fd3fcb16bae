"""`connection`: pairs of a Perfex site and a Xero organisation."""

from __future__ import annotations

from datetime import date

import click

from xero_bridge.cli.console import (
    as_json_option,
    command,
    print_json,
    print_table,
    secret,
    services,
)
from xero_bridge.operations import connections, settings
from xero_bridge.operations.connections import ConnectionView, NewConnection
from xero_bridge.operations.history import History, Pile, history
from xero_bridge.operations.keys import parsed
from xero_bridge.operations.services import COMMAND_LINE


@click.group()
def connection() -> None:
    """Add, show, set and remove connections."""


@connection.command()
@click.argument("name")
@click.option("--perfex-url", required=True, help="Root address of the Perfex site.")
@click.option("--perfex-token", help="API token; - reads it from the standard input.")
@click.option("--allow-private-address", is_flag=True, help="The site is in your own network.")
@click.option("--xero-client-id", default="", help="App at Xero; else the server's.")
@click.option("--xero-client-secret", help="Its secret; - reads it from the standard input.")
@click.option("--xero-webhook-key", default="", help="Its webhook signing key.")
@as_json_option
@command
def add(
    name: str,
    perfex_url: str,
    perfex_token: str | None,
    allow_private_address: bool,
    xero_client_id: str,
    xero_client_secret: str | None,
    xero_webhook_key: str,
    as_json: bool,
) -> None:
    """Look at a Perfex site and keep it as connection NAME."""
    new = NewConnection(
        name=name,
        perfex_url=perfex_url,
        perfex_token=secret(perfex_token, "Perfex token"),
        allow_private_address=allow_private_address,
        xero_client_id=xero_client_id,
        xero_client_secret=secret(xero_client_secret, "client secret"),
        xero_webhook_key=xero_webhook_key,
    )
    added = connections.add(services(), new, by=COMMAND_LINE)
    if as_json:
        print_json(added)
        return
    base_url = services().environment.base_url
    click.echo(f"{name} is added: {added.perfex_url}, REST API module {added.perfex_version}.")
    click.echo(f"Next: open {base_url}/xero/connect/{name} and consent in Xero.")


@connection.command("list")
@as_json_option
@command
def list_(as_json: bool) -> None:
    """List the connections."""
    found = connections.views(services())
    if as_json:
        print_json(found)
    elif not found:
        click.echo("There is no connection yet: add one by `connection add`.")
    else:
        rows = [(c.name, c.stage, c.perfex_url, c.organisation, c.trouble) for c in found]
        print_table(("name", "stage", "perfex", "organisation", "trouble"), rows)


@connection.command()
@click.argument("name")
@click.option("--start-date", help="Count documents before and after this day (YYYY-MM-DD).")
@as_json_option
@command
def show(name: str, start_date: str | None, as_json: bool) -> None:
    """Show a connection, all its settings, and what lies before and after its start date."""
    found = connections.view(services(), name)
    listed = settings.setting_views(services(), name)
    chosen = next(view.value for view in listed if view.key == "start_date")
    past = _past(name, start_date or chosen)
    if as_json:
        print_json({"connection": found, "settings": listed, "history": past})
        return
    _show(found)
    click.echo()
    rows = [(s.key, s.value, "" if s.chosen else "default", s.meaning, s.accepts) for s in listed]
    print_table(("setting", "value", "", "meaning", "takes"), rows)
    if past and past.lines:
        click.echo()
        _show_past(past)


def _past(name: str, day: str) -> History | None:
    if not day:
        return None
    return history(services(), name, date.fromisoformat(str(parsed("start_date", day))))


def _show_past(past: History) -> None:
    since, before = f"since {past.start}", f"before {past.start}"
    rows = [
        (line.plural, line.side, _pile(line.since), _pile(line.before), _pile(line.open_before))
        for line in past.lines
    ]
    print_table(("documents", "side", since, before, "of these, left to pay"), rows)


def _pile(pile: Pile) -> str:
    money = ", ".join(f"{amount:,.2f} {code}".rstrip() for code, amount in pile.money.items())
    return f"{pile.count:,}" + (f" ({money})" if money else "")


def _show(found: ConnectionView) -> None:
    for label, value in (
        ("name", found.name),
        ("stage", found.stage),
        ("perfex", f"{found.perfex_url} (module {found.perfex_version})"),
        ("xero", found.organisation or "not connected"),
        ("live since", found.live_at or "not live: nothing is written"),
        ("next run", found.next_run_at or ""),
        ("trouble", found.trouble),
    ):
        if value:
            click.echo(f"{label + ':':<12}{value}")


@connection.command("set")
@click.argument("name")
@click.argument("values", metavar="KEY=VALUE...", nargs=-1, required=True)
@as_json_option
@command
def set_(name: str, values: tuple[str, ...], as_json: bool) -> None:
    """Set settings of a connection; an empty value returns to the default."""
    wanted = settings.pairs(values)
    changed = settings.set_settings(services(), name, wanted, by=COMMAND_LINE)
    if as_json:
        print_json({key: {"before": was, "after": now} for key, (was, now) in changed.items()})
        return
    for key, (was, now) in changed.items():
        click.echo(f"{key}: {now or '(empty)'} (was {was or '(empty)'})")
    if not changed:
        click.echo("Nothing changed.")


@connection.command("go-live")
@click.argument("name")
@command
def go_live(name: str) -> None:
    """Let runs write, from the next one on."""
    connections.go_live(services(), name, by=COMMAND_LINE)
    click.echo(f"{name} is live: the next run writes what the plan shows.")


@connection.command()
@click.argument("name")
@command
def pause(name: str) -> None:
    """Keep the schedule away from a connection."""
    connections.pause(services(), name, by=COMMAND_LINE)
    click.echo(f"{name} is paused.")


@connection.command()
@click.argument("name")
@command
def resume(name: str) -> None:
    """Put a paused connection on the schedule again."""
    connections.resume(services(), name, by=COMMAND_LINE)
    click.echo(f"{name} is on the schedule again.")


@connection.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@command
def remove(name: str, yes: bool) -> None:
    """Disconnect from Xero and forget a connection; nothing in Perfex or Xero is changed."""
    connections.view(services(), name)
    if not yes:
        click.confirm(f"Remove {name} with its links, settings and history?", abort=True)
    click.echo(connections.remove(services(), name, by=COMMAND_LINE))
    click.echo(f"{name} is removed.")
