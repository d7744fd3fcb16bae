"""`explain` as a person types it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.test_commands import data, flask, refused, told
from tests.support.bridge import NAME, Bridge, a_bridge


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bridge]:
    """Both sides were read and planned; nothing is written yet."""
    folder: Path = tmp_path_factory.mktemp("explain")
    with a_bridge(f"sqlite:///{folder / 'bridge.sqlite'}", folder) as bridge:
        bridge.set_up()
        bridge.sync()
        yield bridge


def test_explain_walks_the_chain_and_ends_with_what_to_do(read: Bridge) -> None:
    lines = told(read, "explain", "INV-000076").splitlines()
    assert lines[0].startswith(f"{NAME}: invoice INV-000076, ")
    assert any(line.startswith("  ~ Does the connection work? It is not live") for line in lines)
    assert lines[-2] == (
        "  => It is planned; nothing is written before Go live. "
        "To do: Look at the plan, then go live."
    )


def test_explain_takes_several_words_as_one_text(read: Bridge) -> None:
    name = data(read, "explain", "customer:perfex:1", "--connection", NAME)["found"][0]["label"]
    found = data(read, "explain", *name.split(), "--connection", NAME)["found"]
    assert found[0]["perfex_id"] == "1"
    assert {"steps", "conclusion", "todo", "perfex_url", "question"} <= set(found[0])


def test_explain_says_where_it_looked_when_nothing_is_found(read: Bridge) -> None:
    assert "Nothing is called 'zzz'" in told(read, "explain", "zzz")
    assert "Usage:" in flask(read, "explain").output
    assert "no connection 'nope'" in refused(read, "explain", "x", "--connection", "nope")
