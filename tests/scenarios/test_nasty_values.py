"""Whatever people type arrives once, and a sync after a sync writes nothing: for every kind."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.scenarios.nasty import STORIES, TEXTS
from tests.scenarios.world import World
from xero_bridge.core.vocabulary import REFERENCE_KINDS, Kind, RunState, Side
from xero_bridge.entities import ENTITIES

#: Kinds that the bridge creates, by the side that they are born on.
WRITTEN = [
    (kind, side)
    for kind, entity in ENTITIES.items()
    for side in Side
    if kind not in REFERENCE_KINDS
    and (target := entity.codec(side.other)) is not None
    and target.create is not None
]


def test_every_kind_that_is_written_has_its_story_of_nasty_values() -> None:
    missing = sorted(f"{kind} from {side}" for kind, side in set(WRITTEN) - set(STORIES))
    assert missing == [], f"add the story of {missing} to tests/scenarios/nasty.py"


@pytest.mark.parametrize(("kind", "side"), [one for one in WRITTEN if one in STORIES])
def test_nasty_values_arrive_once_and_are_not_written_again(
    world: World, kind: Kind, side: Side
) -> None:
    story = STORIES[kind, side]
    made = story.make(world)
    first = world.sync()
    assert first.done.get(kind.value, {}).get("create") == len(TEXTS), (first, world.questions())
    second = world.sync()
    assert (second.state, second.done) == (RunState.IN_STEP, {})
    world.change_settings(
        guard_max_count=1000, guard_max_percent=100, guard_max_amount=Decimal(10**9)
    )
    for one in made[:-1]:  # That all change at once would stop the run.
        story.edit(world, one)
    edited = world.sync()
    written = {kind.value: {"update": len(TEXTS) - 1}} if story.follows else {}
    assert edited.done == written, (edited, world.questions())
    after = world.sync()
    assert (after.state, after.done) == (RunState.IN_STEP, {})
    assert world.questions() == []
