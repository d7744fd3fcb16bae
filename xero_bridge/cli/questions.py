"""`questions`: what only a person can decide."""

from __future__ import annotations

import click

from xero_bridge.cli.console import as_json_option, command, print_json, services
from xero_bridge.operations import questions
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
    for choice in view.choices:
        value = f" {choice.takes.upper()}" if choice.takes else ""
        click.echo(f"    questions answer {view.id} {choice.code}{value}   ({choice.label})")


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
