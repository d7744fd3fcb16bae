"""The process is killed at random moments and started again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.crash.story import Story, a_story, assert_each_once, assert_next_run_writes_nothing
from tests.support.trap import Moment
from xero_bridge.core.vocabulary import RunState

#: In each of two tests, which may run side by side: thirty in all.
KILLS = 15
#: So often at most in one story: then it comes to its end, and another one begins.
IN_A_ROW = 5
#: Calls of a whole sync.
CALLS = 120

Moments = Callable[[], Moment]


# A request that is cut in its middle is none that a description knows.
@pytest.mark.beyond_description
@pytest.mark.slow
@pytest.mark.parametrize("seed", [20261120, 20261121])
def test_thirty_kills_lose_nothing_and_make_nothing_twice(tmp_path: Path, seed: int) -> None:
    chance = Random(seed)
    kills, stories = 0, 0
    while kills < KILLS:
        stories += 1
        with a_story(tmp_path / str(stories), seed=stories) as story:
            kills += _sync_between_kills(story, lambda: _while_xero_is_written_to(chance))
            story.staff_edit_invoices()
            kills += _sync_between_kills(story, lambda: _while_invoices_are_changed(chance))
            story.bookkeeper_enters_payments()
            kills += _sync_between_kills(story, lambda: _while_perfex_is_written_to(chance))
            story.sync_until_in_step()
            assert_each_once(story)
            assert_next_run_writes_nothing(story)


def _sync_between_kills(story: Story, moment: Moments) -> int:
    """Runs until one comes to its end, or enough of them were killed; how many were."""
    for kills in range(IN_A_ROW):
        row = story.sync(killed_at=moment())
        if row is not None and row.state is RunState.IN_STEP:
            return kills
    story.sync_until_in_step()
    return IN_A_ROW


def _while_xero_is_written_to(chance: Random) -> Moment:
    """Anywhere, or mostly at a PUT: in its middle, while its answer is kept, or after that."""
    if chance.random() < 1 / 3:
        return Moment(call=chance.randint(1, CALLS), seconds=_soon(chance))
    return Moment(call=chance.randint(1, 2), method="PUT", seconds=_soon(chance))


def _while_invoices_are_changed(chance: Random) -> Moment:
    """At one of the POSTs by which invoices are changed in Xero, one by one."""
    return Moment(call=chance.randint(1, 8), method="POST", seconds=_soon(chance))


def _while_perfex_is_written_to(chance: Random) -> Moment:
    """At one of the POSTs by which payments are entered and read back."""
    return Moment(call=chance.randint(1, 40), method="POST", seconds=_soon(chance))


def _soon(chance: Random) -> float:
    return chance.choice((0.0, chance.uniform(0, 0.1), chance.uniform(0, 0.5)))
