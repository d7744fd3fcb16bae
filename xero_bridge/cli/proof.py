"""`prove`: both books compared to the cent."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from xero_bridge.cli.console import as_json_option, command, print_json, print_table, services
from xero_bridge.cli.runs import connection_option, names
from xero_bridge.core.money import format_cents
from xero_bridge.core.proof import Sums, Verdict
from xero_bridge.operations import proof, scopes
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.proof import ProofView, Told
from xero_bridge.operations.proof_csv import as_csv

#: Differences that a terminal shows; the CSV has them all.
_SHOWN = 40
_UNEXPLAINED = 2


@click.command()
@connection_option
@click.option("--kind", "kinds", multiple=True, help="Only this kind of records (repeatable).")
@click.option("--month", default="", help="Only documents of this month: YYYY-MM.")
@click.option("--by-customer", is_flag=True, help="Sums for each customer.")
@click.option("--csv", "target", metavar="FILE", help="Write a table for a spreadsheet; - prints.")
@as_json_option
@command
def prove(
    name: str | None,
    kinds: tuple[str, ...],
    month: str,
    by_customer: bool,
    target: str | None,
    as_json: bool,
) -> None:
    """Compare both books to the cent, from what was last read; calls neither system.

    Ends with 0 when every difference is known, and with 2 when one is not.
    """
    wanted = proof.Wanted(
        kinds=scopes.scope_of(kinds=kinds, trigger="command").kinds,
        month=proof.wanted_month(month),
        by_party=by_customer,
    )
    chosen = names(name)
    if target and len(chosen) > 1:
        raise NotAccepted("A CSV is about one connection: name it with --connection.")
    if name is None:
        chosen = _that_were_read(chosen)
    views = [proof.prove(services(), each, wanted) for each in chosen]
    if target:
        _write(target, as_csv(views[0]))
    elif as_json:
        print_json(views[0] if name else views)
    else:
        for view in views:
            _print(view, by_customer=by_customer)
    if not all(view.proved for view in views):
        sys.exit(_UNEXPLAINED)


def _that_were_read(chosen: list[str]) -> list[str]:
    """Those of all connections that can be proved; of the others it is said that they cannot."""
    read = [each for each in chosen if proof.was_read(services(), each)]
    if not read:
        raise NotAccepted("Nothing was read yet: run `sync` first.")
    for each in chosen:
        if each not in read:
            click.echo(f"{each}: nothing was read yet.", err=True)
    return read


def _write(target: str, text: str) -> None:
    if target == "-":
        click.echo(text, nl=False)
        return
    try:
        # A spreadsheet knows by the mark at the beginning that the file is UTF-8.
        Path(target).write_text(text, encoding="utf-8-sig", newline="")
    except OSError as error:
        raise NotAccepted(f"{target} cannot be written: {error.strerror}.") from error
    click.echo(f"Written to {target}.")


def _print(view: ProofView, *, by_customer: bool) -> None:
    click.echo(f"{view.connection}: {view.sentence}\n")
    heads = ["kind", "month", "currency", *(["customer"] if by_customer else [])]
    rows = [
        [
            *(line.kind, f"{line.month:%Y-%m}" if line.month else "", line.currency),
            *([line.customer] if by_customer else []),
            *(_sums(line.perfex), _sums(line.xero), _sums(line.unexplained, quiet=True)),
        ]
        for line in view.lines
    ]
    print_table([*heads, "Perfex: number, total, due", "Xero: number, total, due", "open"], rows)
    shown = [told for told in view.differences if told.verdict is not Verdict.DECLARED]
    for told in shown[:_SHOWN]:
        click.echo(_difference(told))
    if len(shown) > _SHOWN:
        click.echo(f"... and {len(shown) - _SHOWN} more: --csv FILE has them all.")
    for left in view.left_out:
        click.echo(f"left out: {left.count} {left.kind} in {left.side.capitalize()}: {left.why}")


def _sums(sums: Sums, *, quiet: bool = False) -> str:
    if quiet and sums.is_zero:
        return ""
    money = "" if not (sums.total or sums.due) else f"  {_money(sums)}"
    return f"{sums.count:,}{money}"


def _money(sums: Sums) -> str:
    return f"{format_cents(sums.total)}  {format_cents(sums.due)}"


def _difference(told: Told) -> str:
    mark = "!" if told.verdict is Verdict.UNEXPLAINED else "-"
    sides = f"{told.perfex or 'nothing'} in Perfex, {told.xero or 'nothing'} in Xero"
    said = f"{mark} {told.kind} {told.label}: {told.words}: {sides}".replace("\n", "; ")
    return f"{said} [{told.verdict}] {told.why}".rstrip()
