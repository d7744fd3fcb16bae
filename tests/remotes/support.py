"""Small real parts that the tests of the clients hand in: a clock, a sleeper, a budget, tokens."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Thread

from xero_bridge.core.calls import Exchange
from xero_bridge.core.errors import NotConnected
from xero_bridge.core.grants import Grant, Tokens
from xero_bridge.remotes.http import Http, Patience

NOON = datetime(2026, 8, 3, 12, 0, tzinfo=UTC)


@dataclass
class MovableClock:
    """Stands still until it is moved; sleeping moves it."""

    at: datetime = NOON
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float, /) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)


class RealClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class OpenBudget:
    """Always has calls left, and remembers what it was told."""

    taken: int = 0
    observed: list[dict[str, str]] = field(default_factory=list)
    blocked: list[tuple[datetime, str]] = field(default_factory=list)

    @contextmanager
    def take(self) -> Iterator[None]:
        self.taken += 1
        yield

    def observe(self, headers: Mapping[str, str]) -> None:
        self.observed.append(dict(headers))

    def block(self, until: datetime, problem: str) -> None:
        self.blocked.append((until, problem))


@dataclass
class ListedTokens:
    """Hands out these access tokens, the next one after each refresh."""

    waiting: list[str]
    refreshed: list[str] = field(default_factory=list)

    def access_token(self) -> str:
        return self.waiting[0]

    def refresh(self, after: str) -> str:
        assert after == self.waiting.pop(0)
        self.refreshed.append(after)
        if not self.waiting:
            raise NotConnected("xero_needs_reconnection")
        return self.waiting[0]


@dataclass
class OneGrant:
    """A store with a single grant, in memory: enough where only one caller refreshes."""

    grant_now: Grant
    claimed_until: datetime | None = None
    saved: list[Tokens] = field(default_factory=list)

    def grant(self, grant_id: int) -> Grant:
        return self.grant_now

    def save_grant(self, client_id: str, user_id: str, tokens: Tokens, now: datetime) -> Grant:
        version = self.grant_now.version + 1
        self.claimed_until = None
        self.saved.append(tokens)
        self.grant_now = Grant(
            id=1,
            client_id=client_id,
            user_id=user_id,
            tokens=tokens,
            version=version,
            refreshed_at=now,
        )
        return self.grant_now

    def claim_refresh(self, grant: Grant, now: datetime, until: datetime) -> bool:
        free = self.claimed_until is None or self.claimed_until <= now
        if grant.version != self.grant_now.version or not free:
            return False
        self.claimed_until = until
        return True

    def store_refreshed(self, grant: Grant, tokens: Tokens, now: datetime) -> Grant | None:
        if grant.version != self.grant_now.version:
            return None
        return self.save_grant(grant.client_id, grant.user_id, tokens, now)

    def end_claim(self, grant: Grant) -> None:
        self.claimed_until = None

    def mark_reconnection(self, grant: Grant) -> None:
        if grant.version == self.grant_now.version:
            self.grant_now = Grant(
                id=1,
                client_id=grant.client_id,
                user_id=grant.user_id,
                tokens=grant.tokens,
                version=grant.version,
                refreshed_at=grant.refreshed_at,
                needs_reconnection=True,
            )

    def idle_grants(self, before: datetime) -> list[Grant]:
        return [self.grant_now] if self.grant_now.refreshed_at < before else []


def patient_http(
    *origins: str,
    side: str = "xero",
    clock: MovableClock | None = None,
    calls: list[Exchange] | None = None,
    patience: Patience | None = None,
) -> Http:
    """The kernel with a movable clock and without chance."""
    clock = clock or MovableClock()
    recorded = calls if calls is not None else []
    return Http(
        side=side,
        origins=origins,
        clock=clock,
        recorder=recorded.append,
        sleep=clock.sleep,
        patience=patience,
        jitter=lambda: 0.0,
    )


@contextmanager
def raw_server(*answers: bytes | None) -> Iterator[str]:
    """A server that reads a request's beginning and writes exactly these bytes, then hangs up.

    None accepts the connection and hangs up at once. Says its address.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(10)

    def serve() -> None:
        for answer in answers:
            with _spoken_to(listener) as connection:
                if answer is not None:
                    connection.sendall(answer)

    worker = Thread(target=serve, daemon=True)
    worker.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()
        worker.join(timeout=10)


def _spoken_to(listener: socket.socket) -> socket.socket:
    """The next connection over which anything is sent."""
    while True:
        connection, _ = listener.accept()
        connection.settimeout(10)
        if connection.recv(65536):
            return connection
        connection.close()
