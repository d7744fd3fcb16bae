"""Fixtures that every test may use: databases, the network guard, what this machine lacks."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import check
from tests.matrix import tally
from tests.support import available, network, postgres, profiles, stores

profiles.register()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    available.leave_out(config, items)
    stores.share_out(config, items)


def pytest_addoption(parser: pytest.Parser) -> None:
    stores.add_option(parser)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of a parallel run tells the run's main process what it left out and checked."""
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["left_out"] = dict(available.left_out(session.config))
        output["checked"] = dict(check.tally_of(session.config).sums)
        output["cells"] = dict(tally.tally_of(session.config))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Every worker collects the same tests, so the last one to end speaks for all."""
    left_out = getattr(node, "workeroutput", {}).get("left_out", {})
    node.config.stash[available.KEY] = Counter(left_out)
    check.tally_of(node.config).merge(getattr(node, "workeroutput", {}).get("checked", {}))
    tally.tally_of(node.config).update(getattr(node, "workeroutput", {}).get("cells", {}))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    terminalreporter.section("what this machine offers")
    for line in available.closing_lines(available.left_out(config)):
        terminalreporter.line(line)
    terminalreporter.section("what was said to Xero and Perfex")
    for line in check.closing_lines(config):
        terminalreporter.line(line)
    terminalreporter.section("what arrives on the other side")
    terminalreporter.line(tally.closing_line(config))


@pytest.fixture(scope="session")
def exchanges(pytestconfig: pytest.Config) -> Iterator[check.Check | None]:
    """The check of what is said to the stand-ins; None without the descriptions."""
    with check.checking(pytestconfig) as opened:
        yield opened


@pytest.fixture(autouse=True)
def speaks_as_described(
    exchanges: check.Check | None, request: pytest.FixtureRequest
) -> Iterator[None]:
    """Every request and answer of the test is as both systems describe them."""
    yield
    contradictions = exchanges.settle(request.node) if exchanges else []
    assert not contradictions, "\n".join(contradictions)


@pytest.fixture(scope="session")
def guard() -> Iterator[network.Guard]:
    """The network guard of this process."""
    with network.only_loopback() as guard:
        yield guard


@pytest.fixture(autouse=True)
def stays_on_this_machine(guard: network.Guard, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test reaches another host, and the developer's own settings steer none."""
    for name in network.foreign_variables():
        monkeypatch.delenv(name)
    yield
    refused = guard.take_refused()
    assert not refused, f"this test tried to reach {', '.join(refused)}"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server: the one given, or one of this process's own (mark tests `postgres`)."""
    given = postgres.given_url()
    if given:
        yield postgres.driver_url(given)
        return
    folder = postgres.binaries()
    assert folder, "a test without the marker `postgres` asked for postgres_url"
    with postgres.running_server(folder) as url:
        yield url


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)],
)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of this test's own, once as SQLite and once as PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bridge.sqlite'}"
        return
    with postgres.fresh_database(request.getfixturevalue("postgres_url")) as url:
        yield url
