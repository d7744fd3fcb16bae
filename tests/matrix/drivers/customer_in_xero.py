"""Contacts of Xero, and what becomes of them in Perfex when customers go both ways."""

from __future__ import annotations

from tests.matrix.cells import Cell
from tests.matrix.drivers import books
from tests.matrix.drivers.registry import drives
from tests.matrix.trial import Trial
from tests.scenarios.world import World
from xero_bridge.core.vocabulary import Births, Direction, Kind, Side


@drives(Kind.CUSTOMER, Side.XERO, "create")
def is_added(world: World, _cell: Cell) -> Trial:
    """The bookkeeper adds a contact: Perfex has the customer, and nobody gets a welcome mail."""
    _both_ways(world)
    books.customer(world)
    body = {
        "Name": "Ash & Co",
        "TaxNumber": "GB9",
        "FirstName": "Ann",
        "LastName": "Ash",
        "EmailAddress": "ann@ash.example",
    }
    return Trial(
        act=lambda: world.xero_call("PUT", "Contacts", {"Contacts": [body]}),
        shown=lambda: (_customers(world)[1:], _people(world)[1:], len(world.perfex.outbox)),
        wanted=([("Ash & Co", "GB9", "1")], ["ann@ash.example"], 0),
        born="Ash & Co",
    )


@drives(Kind.CUSTOMER, Side.XERO, "change")
def is_changed(world: World, _cell: Cell) -> Trial:
    """The bookkeeper corrects the name: the customer has it, and keeps its group."""
    _both_ways(world)
    group = world.perfex.staff.create("customers_groups", name="Joiners")
    customer = books.customer(world)
    world.perfex.staff.edit_customer(customer, groups_in=[group])
    books.in_step(world)
    contact = books.contact(world)["ContactID"]
    body = {"Name": "Harbour & Sons Ltd", "TaxNumber": "GB456"}
    return Trial(
        act=lambda: world.xero_call("POST", f"Contacts/{contact}", body),
        shown=lambda: (_customers(world), len(world.perfex.rows("customer_groups"))),
        wanted=([("Harbour & Sons Ltd", "GB456", "1")], 1),
        record=str(customer),
        settle=lambda: world.perfex.staff.edit_customer(
            customer, company="Harbour & Sons Ltd", vat="GB456"
        ),
        settled=([("Harbour & Sons Ltd", "GB456", "1")], 1),
    )


@drives(Kind.CUSTOMER, Side.XERO, "void")
def is_archived(world: World, _cell: Cell) -> Trial:
    """The bookkeeper archives a contact: the customer stays, and somebody is asked."""
    _both_ways(world)
    customer = books.customer(world)
    contact = books.contact(world)["ContactID"]
    return Trial(
        act=lambda: world.xero_call("POST", f"Contacts/{contact}", {"ContactStatus": "ARCHIVED"}),
        shown=lambda: _customers(world),
        record=str(customer),
        settle=lambda: world.answer("archived_in_xero", "leave"),
    )


@drives(Kind.CUSTOMER, Side.XERO, "delete")
def cannot_be_deleted(world: World, _cell: Cell) -> None:
    """Xero has no way to delete a contact."""
    books.customer(world)
    books.refuses_deletion(world, f"Contacts/{books.contact(world)['ContactID']}")


def _both_ways(world: World) -> None:
    world.change_settings(
        direction={"customer": Direction.TWO_WAY}, births={"customer.xero": Births.ASK}
    )


def _customers(world: World) -> list[tuple[str, str, str]]:
    """Name, tax number and whether active, of the customers in Perfex."""
    rows = world.perfex.rows("clients")
    return [(str(row["company"]), str(row["vat"] or ""), str(row["active"])) for row in rows]


def _people(world: World) -> list[str]:
    return [str(row["email"]) for row in world.perfex.rows("contacts")]
