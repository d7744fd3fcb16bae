"""One step of the matrix, taken and judged: it arrives, it is asked about, or nothing happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from tests.matrix.cells import Cell, Outcome
from tests.scenarios.world import World
from xero_bridge.core.vocabulary import RecordState, RunState, Side
from xero_bridge.engine.draft import state_of

#: Perfex may show an older copy of what was just written for this long.
BRIEFLY: Final = timedelta(minutes=7)
#: Lists of Xero that do not lead are read once an hour.
AN_HOUR: Final = timedelta(hours=1, minutes=1)
#: Reference lists are read once a day.
A_DAY: Final = timedelta(days=1, minutes=1)
#: Runs after which what has not happened does not happen any more.
_RUNS: Final = 7
#: Questions whose answer "create" is a consent that the rules demand.
_BIRTHS: Final = frozenset({"ask_before_create"})


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A step in books that are in step: what a person does, and where its outcome shows."""

    #: What the person does on the side where it starts.
    act: Callable[[], object]
    #: What the other side shows of it, read from the other system itself.
    shown: Callable[[], object]
    #: What it shows once the step arrived.
    wanted: object = None
    #: Id or label of a record, on either side, that the question names.
    record: str = ""
    #: Label of a record of Xero whose birth is agreed to when it is asked about.
    born: str = ""
    #: What the person does so that the question closes; None where the cell asks nothing.
    settle: Callable[[], object] | None = None
    #: What the other side shows when the question is closed; None: the same as before the step.
    settled: object = None
    wait: timedelta = BRIEFLY
    #: What is looked at once the cell has kept its word.
    then: Callable[[], object] | None = None


def judge(world: World, cell: Cell, trial: Trial) -> None:
    """Take the step and hold the cell to its word."""
    before = trial.shown()
    assert cell.outcome is not Outcome.ARRIVES or before != trial.wanted, "nothing would be shown"
    trial.act()
    match cell.outcome:
        case Outcome.ARRIVES:
            _arrives(world, trial)
        case Outcome.QUESTION:
            _is_asked(world, cell, trial, before)
        case Outcome.NOT_OFFERED:
            _is_left_alone(world, cell, trial, before)
    if trial.then is not None:
        trial.then()


def _arrives(world: World, trial: Trial) -> None:
    for _run in range(_RUNS):
        world.sync(wait=trial.wait)
        _consent(world, trial)
        if trial.shown() == trial.wanted:
            break
    assert trial.shown() == trial.wanted
    _is_quiet(world, trial)


def _is_quiet(world: World, trial: Trial) -> None:
    """After at most one look at what was written, a sync writes nothing and nobody is asked."""
    world.sync(wait=trial.wait)
    written = {side: writes(world, side) for side in Side}
    report = world.sync(wait=trial.wait)
    assert {side: writes(world, side) for side in Side} == written
    assert (report.state, asks(world)) == (RunState.IN_STEP, {})


def _is_asked(world: World, cell: Cell, trial: Trial, before: object) -> None:
    written = writes(world, cell.side.other)
    asked: dict[str, set[str]] = {}
    for _run in range(_RUNS):
        world.sync(wait=trial.wait)
        asked = asks(world)
        if asked and not _consent(world, trial):
            break
    assert set(asked) == {cell.reason}
    assert any(trial.record in name for name in asked[cell.reason]), asked
    assert (trial.shown(), writes(world, cell.side.other)) == (before, written)
    assert trial.settle is not None, "every question can be closed"
    trial.settle()
    wanted = before if trial.settled is None else trial.settled
    for _run in range(_RUNS):
        world.sync(wait=trial.wait)
        _consent(world, trial)
        if trial.shown() == wanted and not asks(world):
            break
    assert trial.shown() == wanted
    _is_quiet(world, trial)


def _is_left_alone(world: World, cell: Cell, trial: Trial, before: object) -> None:
    written = writes(world, cell.side.other)
    for _run in range(2):
        report = world.sync(wait=trial.wait)
        assert (report.state, asks(world)) == (RunState.IN_STEP, {})
    assert (trial.shown(), writes(world, cell.side.other)) == (before, written)


def asks(world: World) -> dict[str, set[str]]:
    """What a person is asked or shown to do: reason -> ids and labels of the records meant."""
    found: dict[str, set[str]] = {}
    for question in world.questions():
        named = {question.perfex_id or "", question.xero_id or "", question.label}
        found.setdefault(question.reason, set()).update(named)
    for held in world.last_plan().held:
        if state_of(held.reason) is RecordState.QUESTION:
            found.setdefault(held.reason, set()).update({held.key.id, held.label})
    return found


def _consent(world: World, trial: Trial) -> bool:
    """Give the consents that the rules demand: of guards, and to the birth in question."""
    stops = world.stops()
    for stop in stops:
        world.approve(stop.guard)
    births = [
        asked
        for asked in world.questions()
        if asked.reason in _BIRTHS and asked.label == trial.born
    ]
    for asked in births:
        world.answer(asked.reason, "create")
    return bool(stops or births)


def writes(world: World, side: Side) -> list[str]:
    """The calls of the log that changed something on this side."""
    calls = world.perfex.calls if side is Side.PERFEX else world.xero.calls
    # Perfex's batch is the bridge's way to read lists; what it writes there follows a POST.
    return [
        f"{call.method} {call.path}"
        for call in calls
        if call.method != "GET" and not call.path.endswith("/batch")
    ]
