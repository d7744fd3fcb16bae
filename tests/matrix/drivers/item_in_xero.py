"""Items of Xero, and what becomes of them in Perfex when items go both ways."""

from __future__ import annotations

from tests.matrix.cells import Cell
from tests.matrix.drivers import books
from tests.matrix.drivers.item import in_both
from tests.matrix.drivers.registry import drives
from tests.matrix.trial import Trial
from tests.scenarios.world import World
from xero_bridge.core.vocabulary import Births, Direction, Kind, Side


@drives(Kind.ITEM, Side.XERO, "create")
def is_added(world: World, _cell: Cell) -> Trial:
    """The bookkeeper adds an item: it is in Perfex's price list, by the API or by hand."""
    _both_ways(world)
    books.customer(world)
    details = {"UnitPrice": "12.50", "AccountCode": "200", "TaxType": "OUTPUT2"}
    body = {"Code": "OAK", "Name": "Oak board", "SalesDetails": details}
    (tax,) = [row for row in world.perfex.rows("taxes") if row["taxrate"] == "20.00"]
    entered = [("Oak board", "12.50", str(tax["id"]))]
    return Trial(
        act=lambda: world.xero_call("PUT", "Items?unitdp=4", {"Items": [body]}),
        shown=lambda: _items(world),
        wanted=entered,
        record="Oak board",
        born="Oak board",
        settle=lambda: _enter(world, str(tax["id"])),
        settled=entered,
    )


@drives(Kind.ITEM, Side.XERO, "change")
def is_changed(world: World, _cell: Cell) -> Trial:
    """The bookkeeper changes the price: Perfex has it, by the API or by hand."""
    _both_ways(world)
    item = in_both(world)
    (found,) = world.xero_call("GET", "Items?unitdp=4")["Items"]
    (tax,) = [row for row in world.perfex.rows("taxes") if row["taxrate"] == "20.00"]
    changed = [("Consulting hour", "120.00", str(tax["id"]))]
    body = {"Code": found["Code"], "SalesDetails": {**found["SalesDetails"], "UnitPrice": "120"}}
    return Trial(
        act=lambda: world.xero_call("POST", f"Items/{found['ItemID']}?unitdp=4", body),
        shown=lambda: _items(world),
        wanted=changed,
        record=str(item),
        settle=lambda: world.perfex.staff.edit("items", item, rate="120.00"),
        settled=changed,
    )


@drives(Kind.ITEM, Side.XERO, "void")
def has_no_archive(world: World, _cell: Cell) -> None:
    """An item in Xero has nothing to switch it off by."""
    in_both(world)
    (found,) = world.xero_call("GET", "Items")["Items"]
    assert not {"Status", "ItemStatus", "IsArchived", "IsActive"} & set(found)


@drives(Kind.ITEM, Side.XERO, "delete")
def is_deleted(world: World, _cell: Cell) -> Trial:
    """The bookkeeper deletes an item: Perfex still sells it, and somebody is asked."""
    _both_ways(world)
    # Another item shows that the list is still answered.
    world.perfex.staff.create_item("Travel", "10.00")
    item = in_both(world)
    shown = world.xero_call("GET", "Items")["Items"]
    (found,) = [one for one in shown if one["Name"] == "Consulting hour"]
    return Trial(
        act=lambda: books.ask_xero(world, "DELETE", f"Items/{found['ItemID']}"),
        shown=lambda: _items(world),
        record=str(item),
        settle=lambda: world.answer("voided_in_xero", "leave"),
    )


def _both_ways(world: World) -> None:
    world.change_settings(direction={"item": Direction.TWO_WAY}, births={"item.xero": Births.ASK})


def _enter(world: World, tax: str) -> None:
    """Staff enter the item with the values that the question shows."""
    world.perfex.staff.create_item("Oak board", "12.50", tax=tax)


def _items(world: World) -> list[tuple[str, str, str]]:
    """Name, price and tax of the items in Perfex."""
    return [
        (str(row["description"]), str(row["rate"]), str(row["tax"] or ""))
        for row in world.perfex.rows("items")
    ]
