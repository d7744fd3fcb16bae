"""A step that does not go as its cell says is noticed, whichever way it is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.matrix.cells import Cell, Operation, Outcome
from tests.matrix.drivers import DRIVERS
from tests.matrix.trial import judge
from tests.scenarios.world import a_world
from xero_bridge.core.vocabulary import Kind, Side

_CHANGED = Cell(
    kind=Kind.CUSTOMER,
    side=Side.PERFEX,
    operation=Operation.CHANGE,
    version="3.0.3",
    outcome=Outcome.ARRIVES,
    reason="",
    fact="A customer that is changed arrives.",
)
_CANCELLED = replace(
    _CHANGED,
    kind=Kind.INVOICE,
    operation=Operation.VOID,
    outcome=Outcome.QUESTION,
    reason="cancelled_in_perfex",
)
_SYMBOL = replace(_CHANGED, kind=Kind.CURRENCY, outcome=Outcome.NOT_OFFERED, reason="names_kept")


def _wrong(cell: Cell, outcome: Outcome, reason: str = "") -> Cell:
    return replace(cell, outcome=outcome, reason=reason)


@pytest.mark.parametrize(
    "cell",
    [
        _wrong(_CHANGED, Outcome.QUESTION, "edited_in_perfex"),
        _wrong(_CHANGED, Outcome.NOT_OFFERED, "direction"),
        _wrong(_CANCELLED, Outcome.ARRIVES),
        _wrong(_CANCELLED, Outcome.QUESTION, "deleted_in_perfex"),
        _wrong(_CANCELLED, Outcome.NOT_OFFERED, "direction"),
        _wrong(_SYMBOL, Outcome.ARRIVES),
        _wrong(_SYMBOL, Outcome.QUESTION, "edited_in_perfex"),
    ],
    ids=lambda cell: f"{cell.kind}-{cell.operation}-as-{cell.answer}",
)
def test_a_wrong_answer_is_noticed(cell: Cell) -> None:
    with a_world(version=cell.version) as world:
        world.map_usual()
        world.go_live()
        trial = DRIVERS[cell.kind, cell.side, cell.operation](world, cell)
        assert trial is not None
        with pytest.raises(AssertionError):
            judge(world, cell, trial)


@pytest.mark.parametrize("cell", [_CHANGED, _CANCELLED, _SYMBOL], ids=lambda cell: cell.name)
def test_the_right_answer_is_accepted(cell: Cell) -> None:
    with a_world(version=cell.version) as world:
        world.map_usual()
        world.go_live()
        trial = DRIVERS[cell.kind, cell.side, cell.operation](world, cell)
        assert trial is not None
        judge(world, cell, trial)
