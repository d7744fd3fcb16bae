"""Currencies: ISO codes that both systems know, or not."""

from __future__ import annotations

from tests.matrix.cells import Cell
from tests.matrix.drivers import books
from tests.matrix.drivers.registry import drives
from tests.matrix.trial import A_DAY, Trial
from tests.scenarios.world import World
from xero_bridge.core.vocabulary import Kind, Side


@drives(Kind.CURRENCY, Side.PERFEX, "create")
def is_added_in_perfex(world: World, _cell: Cell) -> Trial:
    """Staff add a currency and bill in it; it waits until Xero uses it too."""
    books.customer(world)

    def act() -> None:
        currency = world.perfex.staff.create("currencies", name="SEK", symbol="kr")
        world.bill("100.00", currency=str(currency))

    return Trial(
        act=act,
        shown=lambda: (_codes(world), books.numbers(world)),
        record="SEK",
        settle=lambda: world.xero_call("PUT", "Currencies", {"Code": "SEK"}),
        settled=([*_codes(world), "SEK"], ["INV-000001"]),
        wait=A_DAY,
    )


@drives(Kind.CURRENCY, Side.PERFEX, "change")
def gets_another_symbol(world: World, _cell: Cell) -> Trial:
    """Staff change a symbol: Xero knows none."""
    books.invoice(world)
    (euro,) = [row for row in world.perfex.rows("currencies") if row["name"] == "EUR"]
    return Trial(
        act=lambda: world.perfex.staff.edit("currencies", euro["id"], symbol="Eu"),
        shown=lambda: _codes(world),
        wait=A_DAY,
    )


@drives(Kind.CURRENCY, Side.PERFEX, "void")
def has_no_archive(world: World, _cell: Cell) -> None:
    """A currency in Perfex has nothing to switch it off by."""
    assert not {"active", "status", "archived"} & set(world.perfex.rows("currencies")[0])


@drives(Kind.CURRENCY, Side.PERFEX, "delete")
def is_deleted_in_perfex(world: World, _cell: Cell) -> Trial:
    """Staff delete a currency: Xero keeps it."""
    books.invoice(world)
    (euro,) = [row for row in world.perfex.rows("currencies") if row["name"] == "EUR"]
    return Trial(
        act=lambda: world.perfex.staff.delete("currencies", euro["id"]),
        shown=lambda: _codes(world),
        wait=A_DAY,
    )


@drives(Kind.CURRENCY, Side.XERO, "change", "void", "delete")
def cannot_be_changed_in_xero(world: World, cell: Cell) -> None:
    """Xero adds currencies, and does nothing else with them."""
    method = "DELETE" if cell.operation == "delete" else "POST"
    body = {"Code": "EUR", "Description": "Euros"}
    answer = books.ask_xero(world, method, "Currencies/EUR", body)
    assert answer.status_code >= 400


def _codes(world: World) -> list[str]:
    return [one["Code"] for one in world.xero_call("GET", "Currencies")["Currencies"]]
