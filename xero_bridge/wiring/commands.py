"""`demo` and `simulator`: commands that know the simulated systems."""

from __future__ import annotations

import signal
from pathlib import Path
from threading import Event

import click
from flask import Flask

from xero_bridge.cli.console import command
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.wiring.application import ROOT
from xero_bridge.wiring.demo import Demo, Ports, demonstration
from xero_bridge.wiring.playground import PERFEX_PORT, VERSIONS, XERO_PORT, Playground, playground

_version_option = click.option(
    "--perfex-version",
    type=click.Choice(VERSIONS),
    default="3.0.3",
    show_default=True,
    help="Generation of Perfex's REST API module.",
)


def register(app: Flask) -> None:
    """Add the commands to `flask --app app`."""
    app.cli.add_command(demo)
    app.cli.add_command(simulator)


@click.command()
@_version_option
@click.option("--keep", is_flag=True, help="Go on with what was done before.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=ROOT / "demo",
    help="Where everything is kept; emptied first, unless kept.",
)
@click.option("--port", type=int, default=8000, show_default=True, help="Of the dashboard.")
@command
def demo(perfex_version: str, *, keep: bool, folder: Path, port: int) -> None:
    """Show the product: both systems simulated, and the dashboard between them."""
    stop = _stopped()
    ports = Ports(bridge=port)
    with demonstration(folder, version=perfex_version, keep=keep, ports=ports) as running:
        _tell(running, perfex_version)
        stop.wait()
    click.echo("Stopped.")


def _stopped() -> Event:
    """Set when the process is asked to end."""
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _tell(running: Demo, version: str) -> None:
    for port in running.taken:
        click.echo(f"Port {port} is taken: another one is used.")
    click.echo(f"""
  Dashboard   {running.url}
  User        {running.user}
  Password    {running.password}

  Perfex CRM  {running.perfex_url}  (simulated, REST API module {version})
  Xero        {running.xero_url}  (simulated)

Sign in, press Connect, consent on Xero's page, look at the plan, press Go live.
Both simulated systems have pages on which data can be edited. Ctrl-C stops everything.
""")


@click.command()
@_version_option
@click.option("--folder", type=click.Path(path_type=Path), help="Keep what is done there.")
@click.option("--perfex-port", type=int, default=PERFEX_PORT, show_default=True)
@click.option("--xero-port", type=int, default=XERO_PORT, show_default=True)
@command
def simulator(perfex_version: str, folder: Path | None, perfex_port: int, xero_port: int) -> None:
    """Serve the two simulated systems alone; a bridge of your own can connect them."""
    stop = _stopped()
    try:
        with playground(
            version=perfex_version, state=folder, perfex_port=perfex_port, xero_port=xero_port
        ) as play:
            _tell_addresses(play)
            stop.wait()
    except OSError as error:
        raise NotAccepted(
            f"A port cannot be used ({error.strerror}): choose others by --perfex-port and "
            "--xero-port."
        ) from error
    click.echo("Stopped.")


def _tell_addresses(play: Playground) -> None:
    click.echo(f"Perfex CRM  {play.perfex_url}")
    click.echo(f"Xero        {play.xero_url}")
    click.echo("\nA bridge reaches them with:\n")
    for name, value in play.settings().items():
        click.echo(f"export XERO_BRIDGE_{name}={value}")
    click.echo(
        f"flask --app app connection add demo --perfex-url {play.perfex_url} "
        f"--perfex-token {play.perfex_token} --allow-private-address"
    )
