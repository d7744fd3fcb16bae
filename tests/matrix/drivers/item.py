"""Items: the price list of both systems."""

from __future__ import annotations

from tests.matrix.cells import Cell
from tests.matrix.drivers import books
from tests.matrix.drivers.registry import drives
from tests.matrix.trial import Trial
from tests.scenarios.world import World
from xero_bridge.core.vocabulary import Kind, Side


@drives(Kind.ITEM, Side.PERFEX, "create")
def is_added(world: World, _cell: Cell) -> Trial:
    """Staff add an item: Xero has it under the same name, price and tax."""
    books.customer(world)
    tax = _tax(world)
    return Trial(
        act=lambda: world.perfex.staff.create_item("Consulting hour", "95.50", tax=tax),
        shown=lambda: shown_in_xero(world),
        wanted=[("Consulting hour", 95.5, "OUTPUT2")],
    )


@drives(Kind.ITEM, Side.PERFEX, "change")
def is_changed(world: World, _cell: Cell) -> Trial:
    """Staff change name and price: the same item shows both."""
    item = in_both(world)
    return Trial(
        act=lambda: world.perfex.staff.edit("items", item, description="Expert hour", rate="120"),
        shown=lambda: shown_in_xero(world),
        wanted=[("Expert hour", 120.0, "OUTPUT2")],
    )


@drives(Kind.ITEM, Side.PERFEX, "void")
def has_no_archive(world: World, _cell: Cell) -> None:
    """An item in Perfex has nothing to switch it off by."""
    world.perfex.staff.create_item("Consulting hour", "95.50")
    assert not {"active", "status", "archived"} & set(world.perfex.rows("items")[0])


@drives(Kind.ITEM, Side.PERFEX, "delete")
def is_deleted(world: World, _cell: Cell) -> Trial:
    """Staff delete an item: Xero keeps it, and somebody is asked."""
    # Another item shows that the list is still answered.
    world.perfex.staff.create_item("Travel", "10.00")
    item = in_both(world)
    return Trial(
        act=lambda: world.perfex.staff.delete("items", item),
        shown=lambda: shown_in_xero(world),
        record=str(item),
        settle=lambda: world.answer("deleted_in_perfex", "leave"),
    )


def in_both(world: World) -> int:
    """An item in both systems; its Perfex id."""
    item = world.perfex.staff.create_item("Consulting hour", "95.50", tax=_tax(world))
    books.customer(world)
    return item


def shown_in_xero(world: World) -> list[tuple[str, float, str]]:
    """Name, price and tax of the items of Xero, by name."""
    found = [
        (one["Name"], one["SalesDetails"]["UnitPrice"], one["SalesDetails"]["TaxType"])
        for one in world.xero_call("GET", "Items?unitdp=4")["Items"]
    ]
    return sorted(found)


def _tax(world: World) -> str:
    """The id of Perfex's tax of 20 %."""
    (tax,) = [row for row in world.perfex.rows("taxes") if row["taxrate"] == "20.00"]
    return str(tax["id"])
