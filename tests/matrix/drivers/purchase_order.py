"""Orders of Perfex's Purchase module, which are purchase orders in Xero."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.matrix.cells import Cell
from tests.matrix.drivers import books
from tests.matrix.drivers.registry import drives
from tests.matrix.trial import A_DAY, Trial
from tests.scenarios.buying import boards, buyers, number, order, set_up_buying, xero_orders
from tests.scenarios.world import World
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.operations.keys import parsed
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.simulator.perfex.purchase_staff import Approval

#: Number, status, total and tax, and text, quantity and price of each line.
Shown = tuple[str, str, Decimal, Decimal, tuple[tuple[str, Decimal, Decimal], ...]]


@drives(Kind.PURCHASE_ORDER, Side.PERFEX, "create")
def is_approved(world: World, _cell: Cell) -> Trial:
    """Staff write and approve an order: Xero shows the same lines and the same money."""
    _set_up(world)
    lines = (("Oak boards", Decimal(3), Decimal("33.33")),)
    return Trial(
        act=lambda: order(world, boards("33.33", "3")),
        shown=lambda: _shown(world),
        wanted=[("#PO-00001-2026", "AUTHORISED", Decimal("119.99"), Decimal("20.00"), lines)],
        wait=A_DAY,
    )


@drives(Kind.PURCHASE_ORDER, Side.PERFEX, "change")
def is_changed(world: World, _cell: Cell) -> Trial:
    """Staff correct the price: the same order shows it."""
    made = _in_both(world)
    lines = (("Oak boards", Decimal(1), Decimal(150)),)
    return Trial(
        act=lambda: buyers(world).edit_order(made, [boards("150.00")]),
        shown=lambda: _shown(world),
        wanted=[(number(world, made), "AUTHORISED", Decimal(180), Decimal(30), lines)],
        wait=A_DAY,
    )


@drives(Kind.PURCHASE_ORDER, Side.PERFEX, "void")
def is_cancelled(world: World, _cell: Cell) -> Trial:
    """Staff cancel an order: the answer deletes it in Xero."""
    made = _in_both(world)
    return Trial(
        act=lambda: buyers(world).decide(made, Approval.CANCELLED),
        shown=lambda: _statuses(world),
        record=str(made),
        settle=lambda: world.answer("cancelled_in_perfex", "remove"),
        settled=["DELETED"],
        wait=A_DAY,
    )


@drives(Kind.PURCHASE_ORDER, Side.PERFEX, "delete")
def is_deleted(world: World, _cell: Cell) -> Trial:
    """Staff delete an order: the answer deletes it in Xero."""
    made = _in_both(world)
    # Another order shows that the table is still answered.
    if world.perfex.settings.custom_tables:
        order(world)
        world.sync(wait=A_DAY)
    return Trial(
        act=lambda: buyers(world).delete_order(made),
        shown=lambda: _statuses(world),
        record=str(made),
        settle=lambda: world.answer("deleted_in_perfex", "remove"),
        settled=["DELETED", "AUTHORISED"],
        wait=A_DAY,
    )


@drives(Kind.PURCHASE_ORDER, Side.XERO, "create")
def is_written_in_xero(world: World, _cell: Cell) -> Trial:
    """The bookkeeper writes an order: no setting brings it to Perfex."""
    for way in ("two_way", "xero_to_perfex"):
        with pytest.raises(NotAccepted, match=r"direction\.purchase_order"):
            parsed("direction.purchase_order", way)
    _in_both(world)
    return Trial(
        act=lambda: _write(world, "PO-77"),
        shown=lambda: _rows(world),
        wait=A_DAY,
    )


@drives(Kind.PURCHASE_ORDER, Side.XERO, "change")
def is_changed_in_xero(world: World, _cell: Cell) -> Trial:
    """The bookkeeper moves the delivery: both versions are shown, and Xero's may stay."""
    made = _in_both(world)
    return Trial(
        act=lambda: _edit(world, DeliveryDate="2026-12-24"),
        shown=lambda: _rows(world),
        record=str(made),
        settle=lambda: world.answer("edited_in_xero", "keep_xero"),
        wait=A_DAY,
    )


@drives(Kind.PURCHASE_ORDER, Side.XERO, "void")
def cannot_be_voided(world: World, _cell: Cell) -> None:
    """Xero knows no voided order."""
    _in_both(world)
    path = f"PurchaseOrders/{xero_orders(world)[0]['PurchaseOrderID']}"
    assert books.ask_xero(world, "POST", path, {"Status": "VOIDED"}).status_code == 400
    assert _statuses(world) == ["AUTHORISED"]


@drives(Kind.PURCHASE_ORDER, Side.XERO, "delete")
def is_deleted_in_xero(world: World, _cell: Cell) -> Trial:
    """The bookkeeper deletes an order: staff cancel it in Perfex."""
    made = _in_both(world)
    return Trial(
        act=lambda: _edit(world, Status="DELETED"),
        shown=lambda: _rows(world),
        record=str(made),
        settle=lambda: world.answer("voided_in_xero", "leave"),
        wait=A_DAY,
    )


def _set_up(world: World) -> None:
    """A vendor; the tables are allowed where the module has custom tables."""
    allowed = set(world.perfex.settings.custom_tables)
    set_up_buying(world)
    world.perfex.settings.custom_tables = allowed
    buyers(world).create_vendor("Ridgeway Timber")
    books.customer(world)


def _in_both(world: World) -> int:
    """An approved order of 120.00 in both systems, linked where tables may be read."""
    _set_up(world)
    made = order(world)
    if world.perfex.settings.custom_tables:
        world.sync(wait=A_DAY)
    else:
        world.xero_call("PUT", "Contacts", {"Contacts": [{"Name": "Ridgeway Timber"}]})
        _write(world, number(world, made), name="Ridgeway Timber")
        books.in_step(world)
    return made


def _write(world: World, wanted: str, *, name: str = books.NAME) -> None:
    """An order of 100.00 and its tax, written on Xero's page."""
    line = {
        "Description": "Oak boards",
        "Quantity": "1",
        "UnitAmount": "100.00",
        "AccountCode": "310",
        "TaxType": "INPUT2",
    }
    body = {
        "Contact": {"ContactID": books.contact(world, name)["ContactID"]},
        "PurchaseOrderNumber": wanted,
        "Date": "2026-11-20",
        "Status": "AUTHORISED",
        "LineAmountTypes": "Exclusive",
        "LineItems": [line],
    }
    world.xero_call("PUT", "PurchaseOrders", {"PurchaseOrders": [body]})


def _edit(world: World, **fields: str) -> None:
    """Change the first order on Xero's page."""
    found = xero_orders(world)[0]["PurchaseOrderID"]
    world.xero_call("POST", f"PurchaseOrders/{found}", fields)


def _shown(world: World) -> list[Shown]:
    """What Xero shows of its orders."""
    return [
        (
            one["PurchaseOrderNumber"],
            one["Status"],
            Decimal(str(one["Total"])),
            Decimal(str(one["TotalTax"])),
            tuple(
                (
                    each["Description"],
                    Decimal(str(each["Quantity"])),
                    Decimal(str(each["UnitAmount"])),
                )
                for each in one["LineItems"]
            ),
        )
        for one in xero_orders(world)
    ]


def _statuses(world: World) -> list[str]:
    return [str(one["Status"]) for one in xero_orders(world)]


def _rows(world: World) -> list[tuple[str, str, str]]:
    """Number, total and approval of the orders in Perfex."""
    return [
        (str(row["pur_order_number"]), str(row["total"]), str(row["approve_status"]))
        for row in world.perfex.rows("pur_orders")
    ]
