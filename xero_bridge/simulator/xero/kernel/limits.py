"""Xero's rate limits: calls in flight, per minute, per day and per app, in fixed windows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from zlib import crc32

from xero_bridge.simulator.xero.settings import Limits

MINUTE = 60
DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Exceeded:
    """Which limit refuses a call; Xero promises Retry-After for minute and day only."""

    problem: str
    retry_after: int | None = None


@dataclass(slots=True)
class _Window:
    """Counts calls in a window of fixed length; `number` tells which window it is."""

    number: int = -1
    used: int = 0


class Limiter:
    """Counts the calls of every app and organisation."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._lock = Lock()
        self._windows: dict[tuple[str, str, int], _Window] = {}
        self._in_flight: dict[tuple[str, str], int] = {}

    @contextmanager
    def flight(self, client: str, tenant: str) -> Iterator[bool]:
        """Count a call in flight while it lasts; yields whether there was room for it."""
        key = (client, tenant)
        with self._lock:
            running = self._in_flight.get(key, 0)
            self._in_flight[key] = running + 1
        try:
            yield running < self.limits.concurrent
        finally:
            with self._lock:
                self._in_flight[key] -= 1

    def in_flight(self, tenant: str) -> int:
        """Return how many calls for an organisation are in flight."""
        with self._lock:
            return sum(n for (_, of), n in self._in_flight.items() if of == tenant)

    def count(self, client: str, tenant: str, now: datetime) -> Exceeded | None:
        """Count one call, or say which limit it would break."""
        with self._lock:
            windows = self._current(client, tenant, now)
            for window, limit, problem, length in windows:
                if window.used >= limit:
                    left = length - (_seconds(now, tenant) % length)
                    return Exceeded(problem=problem, retry_after=max(1, left))
            for window, _, _, _ in windows:
                window.used += 1
        return None

    def use_up(self, client: str, tenant: str, now: datetime, *, day_left: int) -> None:
        """Make the day look as if only this many calls were left."""
        with self._lock:
            for window, limit, problem, _ in self._current(client, tenant, now):
                if problem == "day":
                    window.used = limit - day_left

    def headers(self, client: str, tenant: str, now: datetime) -> dict[str, str]:
        """Return what is left, as the headers of every answer for an organisation."""
        names = {
            "day": "X-DayLimit-Remaining",
            "minute": "X-MinLimit-Remaining",
            "appminute": "X-AppMinLimit-Remaining",
        }
        with self._lock:
            return {
                names[problem]: str(max(0, limit - window.used))
                for window, limit, problem, _ in self._current(client, tenant, now)
            }

    def _current(
        self, client: str, tenant: str, now: datetime
    ) -> list[tuple[_Window, int, str, int]]:
        return [
            (self._window(client, tenant, DAY, now), self.limits.day, "day", DAY),
            (self._window(client, tenant, MINUTE, now), self.limits.minute, "minute", MINUTE),
            (self._window(client, "", MINUTE, now), self.limits.app_minute, "appminute", MINUTE),
        ]

    def _window(self, client: str, tenant: str, length: int, now: datetime) -> _Window:
        window = self._windows.setdefault((client, tenant, length), _Window())
        number = _seconds(now, tenant) // length
        if window.number != number:
            window.number, window.used = number, 0
        return window


def _seconds(now: datetime, tenant: str) -> int:
    # Windows begin at another moment for every organisation, never at UTC midnight.
    return int(now.timestamp()) + crc32(tenant.encode()) % DAY
