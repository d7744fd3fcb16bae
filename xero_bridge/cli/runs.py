"""`sync`, `plan`, `approve` and `status`."""

from __future__ import annotations

import sys

import click
import msgspec

from xero_bridge.cli.console import as_json_option, command, print_json, services
from xero_bridge.core.reasons import sentence
from xero_bridge.operations import connections, plans, runs, scopes
from xero_bridge.operations import status as states
from xero_bridge.operations.plans import PlanView
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.runs import RunReport
from xero_bridge.operations.services import COMMAND_LINE
from xero_bridge.operations.status import Status

#: Actions of a kind that a terminal shows; the dashboard shows them all.
_SHOWN = 10

connection_option = click.option("--connection", "name", help="Only this connection.")


def names(name: str | None) -> list[str]:
    """The connection of that name, or all; raises `NotAccepted` where there is none."""
    if name is not None:
        return [connections.view(services(), name).name]
    found = [view.name for view in connections.views(services())]
    if not found:
        raise NotAccepted("There is no connection yet: add one by `connection add`.")
    return found


@click.command()
@connection_option
@click.option("--kind", "kinds", multiple=True, help="Only this kind of records (repeatable).")
@click.option("--record", "records", multiple=True, help="Only this record: KIND:SIDE:ID.")
@click.option("--dry-run", "dry", is_flag=True, help="Plan only, write nothing.")
@as_json_option
@command
def sync(
    name: str | None, kinds: tuple[str, ...], records: tuple[str, ...], dry: bool, as_json: bool
) -> None:
    """Carry out one run now, of one connection or of all.

    Ends with 0 (in step, or planned only), 1 (failed, waiting or busy), 2 (a person has to decide)
    or 3 (not connected). With --json, prints one JSON object a line for each connection.
    """
    scope = scopes.scope_of(kinds=kinds, records=records, dry=dry, trigger="command")
    reports = []
    for each in names(name):
        report = runs.report(runs.run_now(services(), each, scope))
        reports.append(report)
        if as_json:
            click.echo(msgspec.json.encode(report).decode())
        else:
            _print_report(report)
    sys.exit(max(report.state.exit_code for report in reports))


def _print_report(report: RunReport) -> None:
    state = report.state.value.replace("_", " ")
    calls = f"{report.calls['xero']} calls to Xero, {report.calls['perfex']} to Perfex"
    click.echo(f"{report.connection}: {state} in {report.seconds:.1f} s ({calls})")
    for title, counts in (("planned", report.planned), ("done", report.done)):
        for kind, verbs in counts.items():
            told = ", ".join(f"{verb} {count}" for verb, count in verbs.items())
            click.echo(f"  {title:<8} {kind}: {told}")
    if report.questions:
        click.echo(f"  {report.questions} open questions: see `questions list`.")
    if report.resumes_at:
        click.echo(f"  goes on at {report.resumes_at:%Y-%m-%d %H:%M} UTC")
    if report.error:
        click.echo(f"  {report.error}")


@click.command()
@connection_option
@click.option("--last", is_flag=True, help="The plan of the last run, without looking anew.")
@as_json_option
@command
def plan(name: str | None, last: bool, as_json: bool) -> None:
    """Show what the next run would do; nothing is written."""
    found = []
    for each in names(name):
        if not last:
            scope = scopes.scope_of(dry=True, trigger="command")
            _look(each, runs.report(runs.run_now(services(), each, scope)))
        view = plans.newest(services(), each)
        if view is None:
            raise NotAccepted(f"{each} has no plan yet: run `plan` without --last.")
        found.append(view)
    if as_json:
        print_json(found[0] if name else found)
        return
    for view in found:
        _print_plan(view)


def _look(name: str, report: RunReport) -> None:
    """Stop where no plan came about."""
    if report.state.exit_code and report.error:
        click.echo(f"Error: {name}: {report.error}", err=True)
        sys.exit(report.state.exit_code)


def _print_plan(view: PlanView) -> None:
    click.echo(f"{view.connection}: {view.count} actions, {view.cost.xero} calls to Xero.")
    for group in view.groups:
        money = ", ".join(f"{amount:,.2f} {code}".strip() for code, amount in group.money.items())
        click.echo(f"\n{group.verb} {group.words} in {group.side.capitalize()}  {money}".rstrip())
        for action in group.actions[:_SHOWN]:
            click.echo(f"  {action.label}: {plans.why(action)}")
        if group.count > _SHOWN:
            click.echo(f"  ... and {group.count - _SHOWN} more")
    for stop in view.stops:
        click.echo(f"\nStopped: {stop.text} {stop.advice} (approve {view.connection} {stop.guard})")
    if view.questions:
        click.echo(f"\n{len(view.questions)} questions:")
        for question in view.questions[:_SHOWN]:
            click.echo(f"  {sentence(question.reason, question.details)}")
    if view.excluded:
        click.echo(f"\n{len(view.excluded)} records stay out by a rule.")


@click.command()
@click.argument("name")
@click.argument("guard")
@click.option("--type", "typed", default="", help="The word that a grave stop asks for.")
@command
def approve(name: str, guard: str, typed: str) -> None:
    """Consent to what GUARD stopped, for the next run of connection NAME."""
    stop = plans.approve(services(), name, guard, typed=typed, by=COMMAND_LINE)
    click.echo(f"Consented to at most {stop.count} records: {stop.text}")


@click.command()
@connection_option
@as_json_option
@command
def status(name: str | None, as_json: bool) -> None:
    """Say whether the connections are in step, and what they need."""
    found = [states.status(services(), each) for each in names(name)]
    if as_json:
        print_json(found[0] if name else found)
        return
    for each in found:
        _print_status(each)


def _print_status(found: Status) -> None:
    click.echo(f"{found.connection.name}: {found.sentence}")
    if found.last_run:
        click.echo(f"  last run {found.last_run.started_at:%Y-%m-%d %H:%M} UTC")
    if found.connection.next_run_at:
        click.echo(f"  next run {found.connection.next_run_at:%Y-%m-%d %H:%M} UTC")
    for kind, counts in found.counts.items():
        told = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in counts.items())
        click.echo(f"  {kind}: {told}")
    if found.calls_left is not None:
        click.echo(f"  {found.calls_left} calls to Xero left today")
    if found.read_whole_since is not None:
        since = f"{found.read_whole_since:%Y-%m-%d %H:%M} UTC"
        click.echo(f"  open and recent documents of Perfex all read whole since {since}")
    for why in found.off:
        click.echo(f"  {why}")
