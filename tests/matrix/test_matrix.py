"""The matrix, cell by cell: each step is taken on the one side and looked for on the other."""

from __future__ import annotations

import pytest

from tests.matrix import tally
from tests.matrix.cells import Cell, matrix
from tests.matrix.drivers import DRIVERS
from tests.matrix.drivers.never import REASON, is_never_paid
from tests.matrix.trial import judge
from tests.scenarios.world import a_world

#: What a site lets the bridge read: the module has custom tables since version 3.
TABLES = {
    "tblitem_tax",
    "tblcustomer_groups",
    "tblpur_vendor",
    "tblpur_contacts",
    "tblpur_orders",
    "tblpur_order_detail",
}
CELLS = matrix().cells


def _taken(cell: Cell) -> object:
    """The cell as a test; a step that a system does not know is beyond its description."""
    beyond = [pytest.mark.beyond_description] if cell.reason == "no_such_step" else []
    return pytest.param(cell, id=cell.name, marks=beyond)


def test_every_step_is_taken_and_no_other() -> None:
    steps = {(c.kind, c.side, c.operation) for c in CELLS if c.reason != REASON}
    assert set(DRIVERS) == steps


@pytest.mark.parametrize("cell", [_taken(cell) for cell in CELLS])
def test_a_step_becomes_what_its_cell_says(cell: Cell, pytestconfig: pytest.Config) -> None:
    if cell.reason == REASON:
        is_never_paid(cell)
    else:
        _take(cell)
    tally.add(pytestconfig, cell)


def _take(cell: Cell) -> None:
    """Set up the books, take the step, and hold the cell to its word."""
    with a_world(version=cell.version) as world:
        world.perfex.settings.custom_tables = set() if cell.version == "2.0.8" else set(TABLES)
        world.map_usual()
        world.go_live()
        trial = DRIVERS[cell.kind, cell.side, cell.operation](world, cell)
        if trial is not None:
            judge(world, cell, trial)
