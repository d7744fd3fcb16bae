"""What every command does alike."""

from __future__ import annotations

import sys

import pytest
from flask import Flask

from xero_bridge.cli.console import command


def test_a_command_whose_output_is_cut_off_ends_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    # As with `| head`: the reader has gone, and writing to it fails.
    monkeypatch.setattr(sys, "stdout", sys.stdout)

    @command
    def talkative() -> None:
        raise BrokenPipeError

    with Flask(__name__).app_context(), pytest.raises(SystemExit) as ended:
        talkative()
    assert ended.value.code == 0
    sys.stdout.close()
