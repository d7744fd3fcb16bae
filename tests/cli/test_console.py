"""What every command does alike."""

from __future__ import annotations

import errno
import os

import click
from flask import Flask

from xero_bridge.cli.console import command


def test_a_command_whose_output_is_cut_off_ends_quietly() -> None:
    # As with `| head`: the reader has gone, and writing to it fails.
    def talkative() -> None:
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    app = Flask(__name__)
    app.cli.add_command(click.Command("talk", callback=command(talkative)))
    result = app.test_cli_runner().invoke(args=["talk"])
    assert (result.exit_code, result.output) == (1, "")
