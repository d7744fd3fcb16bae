"""Taxes: name and rate in Perfex, TaxTypes in Xero, mapped to each other."""

from __future__ import annotations

from typing import Any

from tests.matrix.cells import Cell
from tests.matrix.drivers import books
from tests.matrix.drivers.registry import drives
from tests.matrix.trial import A_DAY, Trial
from tests.scenarios.world import World
from xero_bridge.core.vocabulary import Kind, Side


@drives(Kind.TAX, Side.PERFEX, "create")
def is_added_in_perfex(world: World, _cell: Cell) -> Trial:
    """Staff add a tax and use it; a person says which Xero rate it is."""
    rate = rate_in_xero(world, "Green rate", "7")
    books.customer(world)

    def act() -> None:
        world.perfex.staff.create("taxes", name="ECO", taxrate="7.00")
        world.bill("100.00", tax="ECO|7.00")

    return Trial(
        act=act,
        shown=lambda: _taxes(world),
        record="ECO|7.00",
        settle=lambda: world.map(Kind.TAX, "ECO|7.00", rate),
        settled=[(rate, 7.0)],
    )


@drives(Kind.TAX, Side.PERFEX, "change")
def is_renamed_in_perfex(world: World, _cell: Cell) -> Trial:
    """Staff rename a mapped tax and use it: for both systems it is another one."""
    rate = rate_in_xero(world, "Green rate", "7")
    tax = world.perfex.staff.create("taxes", name="ECO", taxrate="7.00")
    books.customer(world)
    world.map(Kind.TAX, "ECO|7.00", rate)

    def act() -> None:
        world.perfex.staff.edit("taxes", tax, name="GREEN")
        world.bill("100.00", tax="GREEN|7.00")

    return Trial(
        act=act,
        shown=lambda: _taxes(world),
        record="GREEN|7.00",
        settle=lambda: world.map(Kind.TAX, "GREEN|7.00", rate),
        settled=[(rate, 7.0)],
    )


@drives(Kind.TAX, Side.PERFEX, "void")
def has_no_archive(world: World, _cell: Cell) -> None:
    """A tax in Perfex has a name and a rate, nothing to switch it off by."""
    assert {tuple(sorted(row)) for row in world.perfex.rows("taxes")} == {("id", "name", "taxrate")}


@drives(Kind.TAX, Side.PERFEX, "delete")
def is_deleted_in_perfex(world: World, _cell: Cell) -> Trial:
    """Staff delete a tax that an invoice bears: the rate and the invoice stay in Xero."""
    # Module 2.0.8 shows no taxes of lines: which the totals stand for is known from before.
    world.remembers = True
    books.invoice(world)
    (tax,) = [row for row in world.perfex.rows("taxes") if row["taxrate"] == "20.00"]
    return Trial(
        act=lambda: world.perfex.staff.delete("taxes", tax["id"]),
        shown=lambda: (_taxes(world), _status(world, "OUTPUT2")),
        wait=A_DAY,
    )


@drives(Kind.TAX, Side.XERO, "change")
def is_changed_in_xero(world: World, _cell: Cell) -> Trial:
    """The bookkeeper changes the rate behind a mapped tax; the next invoice waits."""
    rate = _mapped(world)

    def act() -> None:
        _write(world, "POST", "Green rate", "8", TaxType=rate)
        _bill_a_day_later(world)

    other = rate_in_xero(world, "Greener rate", "7")
    return Trial(
        act=act,
        shown=lambda: world.perfex.rows("taxes"),
        record="ECO|7.00",
        settle=lambda: world.map(Kind.TAX, "ECO|7.00", other),
        wait=A_DAY,
    )


@drives(Kind.TAX, Side.XERO, "void", "delete")
def is_taken_away_in_xero(world: World, cell: Cell) -> Trial:
    """The bookkeeper archives or deletes the rate of a mapped tax; the next invoice waits."""
    rate = _mapped(world)
    status = "ARCHIVED" if cell.operation == "void" else "DELETED"

    def act() -> None:
        _write(world, "POST", "Green rate", "7", TaxType=rate, Status=status)
        _bill_a_day_later(world)

    other = rate_in_xero(world, "Greener rate", "7")
    return Trial(
        act=act,
        shown=lambda: world.perfex.rows("taxes"),
        record="ECO|7.00",
        settle=lambda: world.map(Kind.TAX, "ECO|7.00", other),
        wait=A_DAY,
    )


def rate_in_xero(world: World, name: str, rate: str) -> str:
    """A rate that the bookkeeper adds in Xero; its TaxType."""
    return _write(world, "PUT", name, rate)


def _write(world: World, method: str, name: str, rate: str, **more: Any) -> str:
    parts = [{"Name": "Rate", "Rate": rate, "IsCompound": False, "IsNonRecoverable": False}]
    body = {"Name": name, "TaxComponents": parts, "ReportTaxType": "OUTPUT", **more}
    return str(world.xero_call(method, "TaxRates", body)["TaxRates"][0]["TaxType"])


def _mapped(world: World) -> str:
    """A tax of 7 % in both systems, mapped; the TaxType."""
    rate = rate_in_xero(world, "Green rate", "7")
    world.perfex.staff.create("taxes", name="ECO", taxrate="7.00")
    books.customer(world)
    world.map(Kind.TAX, "ECO|7.00", rate)
    return rate


def _bill_a_day_later(world: World) -> None:
    """Reference lists are read daily: the change is known when the invoice is written."""
    world.clock.move(seconds=A_DAY.total_seconds())
    world.bill("100.00", tax="ECO|7.00")


def _taxes(world: World) -> list[tuple[str, float]]:
    """TaxType and tax of each line that Xero's invoices show."""
    lines = [line for invoice in world.xero_invoices() for line in invoice["LineItems"]]
    return [(line["TaxType"], line["TaxAmount"]) for line in lines]


def _status(world: World, tax_type: str) -> str:
    return str(world.xero_call("GET", f"TaxRates/{tax_type}")["TaxRates"][0]["Status"])
