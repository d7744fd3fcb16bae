"""The database of the commands: brought up to date, or named with what is wrong with it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.network import foreign_variables
from tests.support.paths import CHECKOUT


def flask(tmp_path: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, as a person starts it."""
    own = {name: value for name, value in os.environ.items() if name not in foreign_variables()}
    given = {f"XERO_BRIDGE_{name}": value for name, value in variables.items()}
    command = [sys.executable, "-m", "flask", "--app", "app", *words]
    return subprocess.run(
        command,
        cwd=CHECKOUT,
        env={**own, "XERO_BRIDGE_INSTANCE": str(tmp_path), **given},
        capture_output=True,
        text=True,
        check=False,
    )


def failed(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    (line,) = result.stderr.strip().splitlines()
    return line


def test_before_the_upgrade_commands_say_what_to_run(tmp_path: Path) -> None:
    assert "Run `flask --app app db upgrade`" in failed(flask(tmp_path, "sync"))


def test_the_upgrade_makes_a_database_that_commands_use(tmp_path: Path) -> None:
    upgraded = flask(tmp_path, "db", "upgrade")
    assert (upgraded.returncode, upgraded.stderr) == (0, "")
    assert "up to date" in upgraded.stdout
    listed = flask(tmp_path, "connection", "list", "--json")
    assert listed.stdout.strip() == "[]"


@pytest.mark.parametrize("words", [("sync",), ("db", "upgrade")])
def test_a_database_that_cannot_be_opened_is_named_without_its_password(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    url = "postgresql://ann:canary-1@127.0.0.1:9/bridge"
    line = failed(flask(tmp_path, *words, DATABASE_URL=url))
    assert "127.0.0.1:9/bridge cannot be opened" in line
    assert "canary" not in line


def test_a_wrong_variable_stops_every_command_in_one_line(tmp_path: Path) -> None:
    line = failed(flask(tmp_path, "sync", BASE_ULR="http://localhost:8000"))
    assert line == ("Error: XERO_BRIDGE_BASE_ULR is not known. Did you mean XERO_BRIDGE_BASE_URL?")
