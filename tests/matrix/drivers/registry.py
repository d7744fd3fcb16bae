"""Which function takes which step."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from tests.matrix.cells import Cell, Operation
from tests.matrix.trial import Trial
from tests.scenarios.world import World
from xero_bridge.core.vocabulary import Kind, Side

#: Sets the books up and says how to take the step.
Driver = Callable[[World, Cell], Trial]
#: Proves that there is no such step: on the world, that has nothing in it.
Proof = Callable[[World, Cell], None]

Function = TypeVar("Function", Driver, Proof)

DRIVERS: dict[tuple[Kind, Side, Operation], Driver | Proof] = {}


def drives(kind: Kind, side: Side, *operations: str) -> Callable[[Function], Function]:
    """Let the function take these steps of the kind on that side."""

    def register(function: Function) -> Function:
        for operation in operations:
            step = (kind, side, Operation(operation))
            assert step not in DRIVERS, f"two drivers for {step}"
            DRIVERS[step] = function
        return function

    return register
