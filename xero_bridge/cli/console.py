"""What every command does alike: services, errors in one line, output as text or JSON."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, NoReturn, ParamSpec, TypeVar

import click
import msgspec
import structlog
from flask import current_app
from flask.cli import with_appcontext

from xero_bridge.core.errors import BridgeError, NotConnected
from xero_bridge.logs import quieten
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.services import Services

P = ParamSpec("P")
R = TypeVar("R")

#: Exit codes beside 0: it failed, a side is not connected.
FAILED, NOT_CONNECTED = 1, 3

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print data as JSON.")


def services() -> Services:
    """The services of the application that the command belongs to."""
    found = current_app.extensions["xero_bridge"]
    assert isinstance(found, Services)
    return found


def command(function: Callable[P, R]) -> Callable[P, R]:
    """Run inside the application; every error becomes one line and an exit code."""

    @with_appcontext
    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        # What a command has to tell it prints; errors.log holds the rest.
        quieten()
        try:
            return function(*args, **kwargs)
        except NotConnected as error:
            stop(str(error), NOT_CONNECTED)
        except (NotAccepted, BridgeError) as error:
            stop(str(error), FAILED)
        except (click.ClickException, click.exceptions.Exit, click.Abort, SystemExit):
            raise
        except BrokenPipeError:
            raise  # Whoever reads our output has seen enough (`| head`): click ends quietly.
        except Exception as error:  # noqa: BLE001 - a person gets a sentence, the log the rest.
            stop(unexpected(error), FAILED)

    return run


def stop(message: str, code: int) -> NoReturn:
    """Say why on the error stream and end with that exit code."""
    click.echo(f"Error: {message}", err=True)
    sys.exit(code)


def unexpected(error: Exception) -> str:
    """The sentence for a defect of ours; the log has the trace under the same number."""
    number = secrets.token_hex(4)
    structlog.get_logger().error("unexpected", number=number, exc_info=error)
    return f"Something unexpected happened ({type(error).__name__}). errors.log has it as {number}."


def print_json(value: object) -> None:
    """Print a value as JSON: amounts and dates as text."""
    encoded = msgspec.json.encode(value, enc_hook=str)
    click.echo(msgspec.json.format(encoded, indent=2).decode())


def print_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows in aligned columns."""
    texts = [[_cell(value) for value in row] for row in rows]
    widths = [max(len(row[i]) for row in [list(headings), *texts]) for i in range(len(headings))]
    for row in (list(headings), *texts):
        line = "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True))
        click.echo(line.rstrip())


def _cell(value: Any) -> str:  # noqa: ANN401 - whatever a view holds
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value).replace("\n", " ")


def secret(given: str | None, what: str) -> str:
    """A secret option's value; `-` reads one line from the standard input."""
    if given != "-":
        return given or ""
    line = sys.stdin.readline().strip()
    if not line:
        message = f"There was no {what} on the standard input."
        raise NotAccepted(message)
    return line
