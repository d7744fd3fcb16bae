"""Bridges to operate on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.bridge import Bridge, a_bridge


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[Bridge]:
    """A bridge on SQLite between the two demo systems; nothing is connected yet."""
    with a_bridge(f"sqlite:///{tmp_path / 'bridge.sqlite'}", tmp_path) as found:
        yield found


@pytest.fixture
def either_bridge(database_url: str, tmp_path: Path) -> Iterator[Bridge]:
    """The same, once on SQLite and once on PostgreSQL."""
    with a_bridge(database_url, tmp_path) as found:
        yield found


@pytest.fixture
def empty_bridge(tmp_path: Path) -> Iterator[Bridge]:
    """A bridge between two systems without any customers or documents."""
    with a_bridge(f"sqlite:///{tmp_path / 'bridge.sqlite'}", tmp_path, demo=False) as found:
        yield found


@pytest.fixture(scope="module")
def read_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bridge]:
    """Both sides were set up, read and planned: for tests that change nothing."""
    folder = tmp_path_factory.mktemp("read")
    with a_bridge(f"sqlite:///{folder / 'bridge.sqlite'}", folder) as found:
        found.set_up()
        found.sync()
        yield found
