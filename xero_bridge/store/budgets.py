"""The calls that a Xero organisation or a Perfex token allows, shared by all processes.

A call in a window is a row of its own: counted exactly while the window slides, and its place in
flight comes back by itself when its process dies.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn

import sqlalchemy as sa

from xero_bridge.core.errors import BudgetSpent
from xero_bridge.core.ports import Clock
from xero_bridge.store import models
from xero_bridge.store.database import Database
from xero_bridge.store.lease import is_gone, owner_name
from xero_bridge.store.repository.part import insert_for

BUDGET = models.table_of(models.Budget)
TURN = models.table_of(models.Turn)

#: The longest that a call waits for its turn before the work is put off.
PATIENCE = timedelta(seconds=75)
#: A place in flight whose call did not end by then is free again: longer than any time-out.
LOST = timedelta(seconds=180)
#: What an answer said about the day's calls is looked at anew after this long.
STALE = timedelta(hours=1)
_POLL = timedelta(seconds=0.1)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """At most `calls` per `window`, `flight` at a time; `reserve` of a day is kept for people."""

    side: str
    calls: int
    window: timedelta
    flight: int
    reserve: int = 0


def xero_limits(reserve: int) -> Limits:
    """Below Xero's 60 calls a minute and 5 at a time per organisation."""
    return Limits(side="Xero", calls=55, window=timedelta(minutes=1), flight=4, reserve=reserve)


def perfex_limits(hourly: int) -> Limits:
    """One request at a time, and our part of the token's hourly quota."""
    return Limits(side="Perfex", calls=hourly, window=timedelta(hours=1), flight=1)


def xero_key(tenant_id: str) -> str:
    """The budget of an organisation."""
    return f"xero:{tenant_id}"


def perfex_key(url: str, token: str) -> str:
    """The budget of a token, without showing it."""
    return f"perfex:{hashlib.sha256(f'{url}|{token}'.encode()).hexdigest()[:32]}"


class SqlBudget:
    """One budget in the database; `core.calls.Budget`. Safe to share between threads."""

    def __init__(
        self,
        database: Database,
        key: str,
        limits: Limits,
        clock: Clock,
        *,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._database = database
        self._key = key
        self._limits = limits
        self._clock = clock
        self._sleep = sleep

    @contextmanager
    def take(self) -> Iterator[None]:
        """Wait for a turn and hold one of the places in flight while the block runs.

        Waits about a minute at most; raises `BudgetSpent` when calls are used up for longer.
        """
        turn = self._wait_for_turn()
        try:
            yield
        finally:
            self._give_back(turn)

    def observe(self, headers: Mapping[str, str]) -> None:
        """Take over what an answer's headers (names in lower case) say is left."""
        told = headers.get("x-daylimit-remaining", "")
        if told.isdigit():
            self._set(day_remaining=int(told), observed_at=self._clock.now())

    def block(self, until: datetime, problem: str) -> None:
        """Take no call before `until` (aware UTC); `problem` is `minute`, `day` or the like."""
        self._set(blocked_until=until, problem=problem)

    def day_remaining(self) -> int | None:
        """The day's calls as last heard of; None where that is not known or too long ago."""
        with self._database.reading() as connection:
            row = connection.execute(sa.select(BUDGET).where(BUDGET.c.key == self._key)).first()
        return _fresh_remaining(row, self._clock.now()) if row else None

    def _set(self, **values: Any) -> None:
        with self._database.writing() as connection:
            self._row(connection)
            connection.execute(sa.update(BUDGET).where(BUDGET.c.key == self._key).values(**values))

    def _wait_for_turn(self) -> int:
        began = self._clock.now()
        while True:
            turn, wait = self._try()
            if turn is not None:
                return turn
            if self._clock.now() + wait - began > PATIENCE:
                self._refuse(wait)
            self._sleep(max(wait, _POLL).total_seconds())

    def _try(self) -> tuple[int | None, timedelta]:
        """A turn taken, or how long to wait before the next try."""
        now = self._clock.now()
        with self._database.writing() as connection:
            row = self._row(connection)
            wait = self._wait_of(row, now) or self._wait_in_window(connection, now)
            if wait:
                return None, wait
            taken = sa.insert(TURN).values(
                key=self._key, at=now, until=now + LOST, owner=owner_name()
            )
            turn = connection.execute(taken.returning(TURN.c.id)).scalar_one()
            return turn, timedelta()

    def _row(self, connection: sa.Connection) -> sa.Row[Any]:
        """The budget's row, locked until the transaction ends, so that two never count at once."""
        new: Any = insert_for(connection, BUDGET).values(key=self._key, problem="")
        connection.execute(new.on_conflict_do_nothing(index_elements=["key"]))
        found = sa.select(BUDGET).where(BUDGET.c.key == self._key).with_for_update()
        return connection.execute(found).one()

    def _wait_of(self, row: sa.Row[Any], now: datetime) -> timedelta:
        """How long the side itself said to wait; raises `BudgetSpent` when the day is used up."""
        until: datetime | None = row.blocked_until
        if until and until > now:
            if "day" in row.problem:
                raise BudgetSpent("day_limit", retry_at=until, side=self._limits.side, left=0)
            return until - now
        left = _fresh_remaining(row, now)
        if left is not None and left <= self._limits.reserve:
            raise BudgetSpent(
                "day_limit", retry_at=row.observed_at + STALE, side=self._limits.side, left=left
            )
        return timedelta()

    def _wait_in_window(self, connection: sa.Connection, now: datetime) -> timedelta:
        mine = TURN.c.key == self._key
        old = (TURN.c.at <= now - self._limits.window, TURN.c.until <= now)
        connection.execute(sa.delete(TURN).where(mine, *old))
        if self._in_flight(connection, now) >= self._limits.flight:
            return _POLL
        inside = sa.select(TURN.c.at).where(mine, TURN.c.at > now - self._limits.window)
        newest = inside.order_by(TURN.c.at.desc()).offset(self._limits.calls - 1).limit(1)
        full_since: datetime | None = connection.execute(newest).scalar()
        return full_since + self._limits.window - now if full_since else timedelta()

    def _in_flight(self, connection: sa.Connection, now: datetime) -> int:
        """Calls that are being made now; those of a process that is gone are over."""
        flying = sa.select(TURN.c.id, TURN.c.owner).where(
            TURN.c.key == self._key, TURN.c.until > now
        )
        turns = connection.execute(flying).all()
        dead = [turn.id for turn in turns if is_gone(turn.owner)]
        if dead:
            connection.execute(sa.update(TURN).where(TURN.c.id.in_(dead)).values(until=now))
        return len(turns) - len(dead)

    def _give_back(self, turn: int) -> None:
        ended = sa.update(TURN).where(TURN.c.id == turn).values(until=self._clock.now())
        with self._database.writing() as connection:
            connection.execute(ended)

    def _refuse(self, wait: timedelta) -> NoReturn:
        reason = "hour_limit" if self._limits.window >= timedelta(hours=1) else "rate_limit"
        raise BudgetSpent(reason, retry_at=self._clock.now() + wait, side=self._limits.side)


def _fresh_remaining(row: sa.Row[Any], now: datetime) -> int | None:
    if row.observed_at is None or now - row.observed_at >= STALE:
        return None
    return int(row.day_remaining)
