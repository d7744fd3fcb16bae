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
    return minutes, now + timedelta(minutes=minutes)
