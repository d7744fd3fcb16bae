"""How soon a connection is looked at again: often while something changes, seldom otherwise."""

from __future__ import annotations

from datetime import datetime, timedelta

from xero_bridge.core.ports import RunRow
from xero_bridge.core.vocabulary import RunState

#: Minutes between looks at a connection in which nothing happens.
LONGEST = 120
#: A change within this time keeps the looks frequent.
LIVELY = timedelta(hours=1)
#: A run that has to go on is looked at after this time, if it does not say when itself.
SOON = timedelta(minutes=5)
#: A run keeps the Perfex site busy, one request at a time: it rests nine times as long as it took.
REST = 9


def next_look(
    run: RunRow, *, cadence: int, poll: int, changed_at: datetime | None, now: datetime
) -> tuple[int, datetime]:
    """Minutes between looks from now on, and when the next one is due.

    `cadence` are the minutes until now (0: none yet), `poll` those that a person chose.
    """
    if run.state is RunState.WAITING:
        return cadence or poll, max(run.resumes_at or now + SOON, now)
    lively = changed_at is not None and now - changed_at < LIVELY
    minutes = poll if lively or not cadence else min(cadence * 2, max(LONGEST, poll))
    return minutes, now + max(timedelta(minutes=minutes), _rest(run, now))


def _rest(run: RunRow, now: datetime) -> timedelta:
    """So that a slow site is at work for us a tenth of the time at most, but read once a day."""
    return min(max(now - run.started_at, timedelta()) * REST, timedelta(hours=24))
