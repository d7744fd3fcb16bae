"""The time of a simulator: real unless fixed, and movable by tests."""

from datetime import UTC, datetime, timedelta
from threading import Lock


class SimClock:
    """A clock that runs with real time, or stands still at `now` when that is given."""

    def __init__(self, now: datetime | None = None) -> None:
        self._lock = Lock()
        self._fixed = now
        self._offset = timedelta()

    def now(self) -> datetime:
        """Return the simulated instant, aware and in UTC."""
        with self._lock:
            return (self._fixed or datetime.now(UTC)) + self._offset

    def move(self, *, days: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Move the clock by this much; a negative amount moves it back."""
        with self._lock:
            self._offset += timedelta(days=days, minutes=minutes, seconds=seconds)

    def fix(self, now: datetime) -> None:
        """Stop the clock at `now` (aware)."""
        with self._lock:
            self._fixed = now
            self._offset = timedelta()

    def run(self) -> None:
        """Follow real time again."""
        with self._lock:
            self._fixed = None
            self._offset = timedelta()
