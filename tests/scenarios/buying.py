"""What scenarios of the Purchase module share: its tables, vendors, orders, and Xero's orders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.scenarios.world import World
from xero_bridge.core.record import Link, Roles
from xero_bridge.core.vocabulary import Kind, RunState
from xero_bridge.simulator.perfex.purchase_staff import Approval, PurchaseStaff

TABLES = frozenset({"tblpur_vendor", "tblpur_contacts", "tblpur_orders", "tblpur_order_detail"})
_PURCHASE_TAXES = {
    "VAT|20.00": ("OUTPUT2", "INPUT2"),
    "VAT|5.00": ("RROUTPUT", "RRINPUT"),
    "none": ("NONE", "NONE"),
}


def allow_tables(world: World) -> None:
    """An administrator of the site allows the tables of the Purchase module."""
    world.perfex.settings.custom_tables |= TABLES


def set_up_buying(world: World) -> None:
    """The tables are allowed; purchase account and tax codes for purchases are chosen."""
    allow_tables(world)
    world.change_settings(purchase_account="310")
    for key, (sales, purchase) in _PURCHASE_TAXES.items():
        roles = Roles(purchase=purchase)
        link = Link(kind=Kind.TAX, perfex_id=key, xero_id=sales, by_person=True, roles=roles)
        with world.store.atomically():
            world.store.save_link(link)


def buyers(world: World) -> PurchaseStaff:
    """Who buys in Perfex."""
    return world.perfex.staff.purchases


def boards(
    price: str = "100.00", quantity: str = "1", taxes: Sequence[str] = ("1",), **more: Any
) -> dict[str, Any]:
    """A line as staff type it; the tax with id 1 is VAT of 20 %."""
    line = {"item_name": "Oak boards", "quantity": quantity, "unit_price": price, "taxes": taxes}
    return {**line, **more}


def order(
    world: World, *lines: dict[str, Any], approval: Approval = Approval.APPROVED, **header: Any
) -> int:
    """An order of the first vendor, decided as said; its id."""
    vendor = min(int(str(row["userid"])) for row in buyers(world).site.db.rows("pur_vendor"))
    made = buyers(world).create_order(vendor, lines or [boards()], **header)
    buyers(world).decide(made, approval)
    return made


def number(world: World, order_id: int) -> str:
    """The number that the vendor reads."""
    row = buyers(world).site.db.get("pur_orders", order_id)
    assert row is not None
    return str(row["pur_order_number"])


def total(world: World, order_id: int) -> str:
    """The total that Perfex shows."""
    row = buyers(world).site.db.get("pur_orders", order_id)
    assert row is not None
    return str(row["total"])


def xero_orders(world: World) -> list[dict[str, Any]]:
    """The purchase orders that Xero shows, whole, deleted ones too, by number."""
    found = world.xero_call("GET", "PurchaseOrders?page=1&pageSize=1000")["PurchaseOrders"]
    return sorted(found, key=lambda one: str(one["PurchaseOrderNumber"]))


def xero_order(world: World, order_id: int) -> dict[str, Any]:
    """What Xero shows of a Perfex order: the one of its number."""
    wanted = number(world, order_id)
    (found,) = [one for one in xero_orders(world) if one["PurchaseOrderNumber"] == wanted]
    return found


def change_in_xero(world: World, order_id: int, **fields: Any) -> None:
    """Change an order on Xero's page."""
    found = xero_order(world, order_id)["PurchaseOrderID"]
    world.xero_call("POST", f"PurchaseOrders/{found}", fields)


def writes(world: World) -> int:
    """Calls so far that wanted to change something in Xero."""
    return sum(call.method != "GET" for call in world.xero.calls)


def stays_in_step(world: World) -> None:
    """Two further runs write nothing and ask nothing."""
    written = writes(world)
    for _again in range(2):
        report = world.sync()
        assert (report.state, report.done) == (RunState.IN_STEP, {})
    assert writes(world) == written
