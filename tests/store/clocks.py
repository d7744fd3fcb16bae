"""A clock that moves when a test says so, or when somebody sleeps by it."""

from datetime import datetime, timedelta

from tests.store.samples import NOON


class Hands:
    """`core.ports.Clock`, and the sleep that goes with it."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)
