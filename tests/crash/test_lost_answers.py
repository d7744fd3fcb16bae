"""Writes are carried out, and their answers never arrive: on either side, again and again."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.crash.story import Story, a_story, assert_each_once, assert_next_run_writes_nothing
from xero_bridge.core.vocabulary import RunState

LOST = ("drop-after", "500-after", "html-after")
ROUNDS = 12


@pytest.mark.parametrize("seed", [1, 2])
def test_answers_lost_after_the_work_was_done_lose_nothing_and_make_nothing_twice(
    tmp_path: Path, seed: int
) -> None:
    with a_story(tmp_path, seed) as story:
        lost = _sync_with_losses(story, "xero", "PUT", "Contacts|Invoices|Payments", most=3)
        story.sync_until_in_step()
        story.bookkeeper_enters_payments()
        lost += _sync_with_losses(story, "perfex", "POST", "payments", most=20)
        story.sync_until_in_step()
        assert lost >= 6
        assert_each_once(story)
        assert_next_run_writes_nothing(story)


def _sync_with_losses(story: Story, side: str, method: str, path: str, *, most: int) -> int:
    """Runs that each lose an answer, until one meets none; how many answers were lost."""
    simulator = story.stage.xero if side == "xero" else story.stage.perfex
    chance: Random = story.chance
    for lost in range(ROUNDS):
        kind, skipped = chance.choice(LOST), chance.randrange(most)
        simulator.faults.add(kind, method=method, path=path, skip=skipped)
        row = story.sync_here()
        if simulator.faults.waiting():
            simulator.faults.clear()
            if row.state is RunState.IN_STEP:
                return lost
    return ROUNDS
