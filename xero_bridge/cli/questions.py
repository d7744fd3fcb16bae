"""`questions`: what only a person can decide."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from xero_bridge.cli.console import as_json_option, command, print_json, services
from xero_bridge.operations import answering, questions, rows, sheet, sheet_in
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.questions import QuestionView
from xero_bridge.operations.services import COMMAND_LINE


@click.group("questions")
def questions_group() -> None:
    """List and answer questions."""


@questions_group.command("list")
@click.option("--connection", "name", help="Only this connection.")
@as_json_option
@command
def list_(name: str | None, as_json: bool) -> None:
    """List the open questions, most money first."""
    found = questions.question_views(services(), name)
    if as_json:
        print_json(found)
        return
    if not found:
        click.echo("There is no open question.")
    for group in questions.by_cause(found).values():
        for view in group:
            _print(view)


def _print(view: QuestionView) -> None:
    money = f"  {view.amount:,.2f} {view.currency}" if view.amount is not None else ""
    click.echo(f"{view.id}  {view.connection}  {view.kind}{money}")
    click.echo(f"    {view.text} {view.advice}".rstrip())
    for row in view.question.rows:
        click.echo(f"    {row.facet}: Perfex {row.perfex or '-'}; Xero {row.xero or '-'}")
    _print_candidates(view)
    for choice in view.choices:
        value = f" {choice.takes.upper()}" if choice.takes else ""
        click.echo(f"    questions answer {view.id} {choice.code}{value}   ({choice.label})")


def _print_candidates(view: QuestionView) -> None:
    if not view.question.judged:
        return
    names = sheet.candidate_names(rows.store_of(services(), view.connection), [view])
    for key, judged in zip(view.question.candidates, view.question.judged, strict=False):
        exact = ", exact" if judged.exact else ""
        click.echo(f"    {names.get(key, '')} ({key.id}): {judged.score}{exact}; {judged.why}")


@questions_group.command()
@click.argument("question")
@click.argument("choice")
@click.argument("value", default="")
@click.option("--connection", "name", help="Where QUESTION is a key that several have.")
@command
def answer(question: str, choice: str, value: str, name: str | None) -> None:
    """Answer QUESTION (its number or key) with CHOICE, and VALUE where it takes one."""
    found = questions.find(services(), question, connection=name)
    click.echo(questions.answer(services(), found, choice, value, by=COMMAND_LINE))


@questions_group.command("accept-exact")
@click.option("--connection", "name", help="Only this connection.")
@command
def accept_exact(name: str | None) -> None:
    """Link all pairs that agree exactly: one candidate, and nothing contradicts."""
    count = answering.accept_exact(services(), name, by=COMMAND_LINE)
    click.echo(f"Accepted: {count}. The next run links them." if count else "None is exact.")


@questions_group.command("export")
@click.argument("file")
@click.option("--connection", "name", help="Only this connection.")
@click.option("--kind", help="Only questions about this kind.")
@click.option("--reason", help="Only questions of this reason.")
@click.option("--replace", is_flag=True, help="Write over a file that is there already.")
@command
def export(
    file: str, name: str | None, kind: str | None, reason: str | None, replace: bool
) -> None:
    """Write the open questions as CSV to FILE (`-`: to the output), to be answered there."""
    found = questions.question_views(services(), name)
    wanted = [v for v in found if kind in (None, v.kind) and reason in (None, v.reason)]
    text = sheet.to_csv(services(), wanted)
    if file == "-":
        click.echo(text, nl=False)
        return
    _write(Path(file), text, replace=replace)
    click.echo(f"{len(wanted):,} questions in {file}: fill in the columns answer and value.")


def _write(path: Path, text: str, *, replace: bool) -> None:
    """A file that is there may hold a person's answers: it is not written over unasked."""
    try:
        with path.open("w" if replace else "x", encoding="utf-8-sig", newline="") as out:
            out.write(text)
    except FileExistsError as error:
        raise NotAccepted(
            f"{path} is there already: name another file, or say --replace."
        ) from error
    except OSError as error:
        raise NotAccepted(f"{path} cannot be written: {error.strerror}.") from error


@questions_group.command("import")
@click.argument("file")
@command
def import_(file: str) -> None:
    """Carry out the answers in FILE (`-`: from the input): all of them, or none."""
    taken = sheet_in.take_in(services(), _read(file), by=COMMAND_LINE)
    click.echo(str(taken))


def _read(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read(sheet_in.MOST_BYTES + 1)
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise NotAccepted(f"{file} cannot be read: {error.strerror}.") from error
