"""Everybody needs a token at once: one refresh, whatever the number of threads and processes."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet

from tests.remotes.oauth import racer
from tests.support.paths import CHECKOUT
from xero_bridge.core.grants import Tokens
from xero_bridge.simulator.common import FaultKind, Server
from xero_bridge.simulator.xero import XeroSimulator, create_xero
from xero_bridge.store.database import Database, open_engine
from xero_bridge.store.grants import SqlGrants
from xero_bridge.store.models import Base
from xero_bridge.store.vault import Vault

KEY = Fernet.generate_key().decode()


@dataclass
class Counting:
    """Counts the calls of the token endpoint."""

    app: Callable[[dict[str, Any], Any], Iterable[bytes]]
    refreshes: list[str] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/connect/token":
            self.refreshes.append(environ["REQUEST_METHOD"])
        return self.app(environ, start_response)


@pytest.fixture
def simulator() -> XeroSimulator:
    return create_xero()


@pytest.fixture
def counting(simulator: XeroSimulator) -> Counting:
    return Counting(simulator.wsgi)


@pytest.fixture
def url(counting: Counting) -> Iterator[str]:
    with Server(counting) as server:
        yield server.url


@pytest.fixture
def database(database_url: str, simulator: XeroSimulator) -> Iterator[Database]:
    """A database whose only grant holds an access token that has ended."""
    engine = open_engine(database_url, Vault((KEY,)))
    Base.metadata.create_all(engine)
    issued, now = simulator.issue_token(), datetime.now(UTC)
    tokens = Tokens(
        access_token=issued["access_token"],
        refresh_token=issued["refresh_token"],
        expires_at=now - timedelta(minutes=1),
    )
    client = simulator.settings.apps[0].client_id
    SqlGrants(Database(engine)).save_grant(client, "user", tokens, now)
    yield Database(engine)
    engine.dispose()


def test_twenty_threads_cause_one_refresh(
    database: Database, url: str, counting: Counting, simulator: XeroSimulator
) -> None:
    simulator.faults.add(FaultKind.SLOW, path="token", seconds=0.3)
    tokens = racer.race(database, url, 20)
    assert len(counting.refreshes) == 1
    assert tokens == [SqlGrants(database).grant(1).tokens.access_token] * 20


def test_two_processes_of_twenty_threads_cause_one_refresh(
    database: Database,
    database_url: str,
    url: str,
    counting: Counting,
    simulator: XeroSimulator,
) -> None:
    simulator.faults.add(FaultKind.SLOW, path="token", seconds=0.5)
    command = [sys.executable, "-m", "tests.remotes.oauth.racer", database_url, KEY, url, "20"]
    racers = [
        subprocess.Popen(
            command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    for each in racers:
        assert each.stdout
        assert each.stdout.readline() == "ready\n"
    for each in racers:
        assert each.stdin
        each.stdin.write("go\n")
        each.stdin.flush()
    given: list[str] = []
    for each in racers:
        printed, _ = each.communicate(timeout=60)
        given += json.loads(printed)
    assert len(given) == 40
    assert len(counting.refreshes) == 1
    assert set(given) == {SqlGrants(database).grant(1).tokens.access_token}


def test_a_process_that_died_while_it_refreshed_holds_nobody_up_for_long(
    database: Database, url: str, counting: Counting
) -> None:
    grants = SqlGrants(database)
    dead = grants.grant(1)
    now = datetime.now(UTC)
    assert grants.claim_refresh(dead, now, now + timedelta(seconds=0.4))
    racer.source_of(database, url)._identity.refresh(dead.tokens.refresh_token)
    token = racer.source_of(database, url).access_token()
    assert token == grants.grant(1).tokens.access_token
    assert len(counting.refreshes) == 2
    assert grants.grant(1).version == dead.version + 1
