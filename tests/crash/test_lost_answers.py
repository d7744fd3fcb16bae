"""Writes are carried out, and their answers never arrive: on either side, again and again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.story import Story, a_story, assert_each_once, assert_next_run_writes_nothing
from xero_bridge.core.vocabulary import RunState
from xero_bridge.simulator.common import Faults

LOST = ("drop-after", "500-after", "html-after")
ROUNDS = 12
#: Answers that each run may lose, on Xero of few and on Perfex of many.
ON_XERO, ON_PERFEX = 2, 8


@pytest.mark.parametrize("seed", [1, 2])
def test_answers_lost_after_the_work_was_done_lose_nothing_and_make_nothing_twice(
    tmp_path: Path, seed: int
) -> None:
    with a_story(tmp_path, seed) as story:
        in_xero = _sync_with_losses(story, story.stage.xero.faults, "PUT", ON_XERO)
        story.sync_until_in_step()
        story.bookkeeper_enters_payments()
        in_perfex = _sync_with_losses(story, story.stage.perfex.faults, "POST", ON_PERFEX)
        story.sync_until_in_step()
        assert in_xero >= 3
        assert in_perfex >= ON_PERFEX
        assert_each_once(story)
        assert_next_run_writes_nothing(story)


def _sync_with_losses(story: Story, faults: Faults, method: str, most: int) -> int:
    """Runs that each lose some answers to writes, until one has nothing to write; how many."""
    lost = 0
    for _ in range(ROUNDS):
        for _ in range(most):
            kind, skip = story.chance.choice(LOST), story.chance.randrange(most // 2)
            faults.add(kind, method=method, path="Contacts|Invoices|[Pp]ayments", skip=skip)
        row = story.sync_here()
        lost += most - len(faults.waiting())
        faults.clear()
        if row.state is RunState.IN_STEP and not row.planned:
            break
    return lost
