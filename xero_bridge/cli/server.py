"""`doctor`, `rotate-keys` and `scheduler`: looking after an installation."""

from __future__ import annotations

import logging
import signal
import sys
from threading import Event

import click

from xero_bridge import jobs
from xero_bridge.cli.console import FAILED, as_json_option, command, print_json, services
from xero_bridge.logs import quieten
from xero_bridge.operations import doctor as checks
from xero_bridge.operations.doctor import Verdict
from xero_bridge.store import upkeep

#: Seconds that a run gets to end when the schedule is stopped.
_LAST_SECONDS = 20


@click.command()
@as_json_option
@command
def doctor(as_json: bool) -> None:
    """Check settings, database, both sides of every connection, and mappings.

    Ends with 1 when something is bad.
    """
    found = []
    for finding in checks.examine(services()):
        found.append(finding)
        if not as_json:
            place = f"{finding.connection} {finding.check}".strip()
            click.echo(f"{finding.verdict:<8} {place}: {finding.text}")
    if as_json:
        print_json(found)
    if any(finding.verdict is Verdict.BAD for finding in found):
        sys.exit(FAILED)


@click.command("rotate-keys")
@command
def rotate_keys() -> None:
    """Encrypt every stored secret anew, with the first of the encryption keys.

    Put a new key before the old one, run this, then take the old one out.
    """
    count = upkeep.rotate_keys(services().database)
    click.echo(f"{count} secrets are encrypted with the first key.")


@click.command()
@command
def scheduler() -> None:
    """Poll in this process until it is stopped."""
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    quieten(logging.INFO)
    schedule = jobs.start(services())
    click.echo("Polling; stop with Ctrl-C.", err=True)
    stop.wait()
    schedule.shutdown(wait=False)
    services().dispatch.wait(_LAST_SECONDS)
