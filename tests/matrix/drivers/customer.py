"""Customers of Perfex, who are contacts in Xero."""

from __future__ import annotations

from tests.matrix.cells import Cell
from tests.matrix.drivers import books
from tests.matrix.drivers.registry import drives
from tests.matrix.trial import Trial
from tests.scenarios.world import World
from xero_bridge.core.vocabulary import Kind, Side


@drives(Kind.CUSTOMER, Side.PERFEX, "create")
def is_added(world: World, _cell: Cell) -> Trial:
    """Staff add a customer: its contact has the same name and numbers."""
    books.customer(world)

    def act() -> None:
        new = world.perfex.staff.create_customer("Ash & Co", vat="GB9", phonenumber="0113 496")
        world.perfex.staff.create_contact(
            new, email="ann@ash.example", firstname="Ann", lastname="Ash"
        )

    return Trial(
        act=act,
        shown=lambda: [one for one in _contacts(world) if one[0] != books.NAME],
        wanted=[("Ash & Co", "GB9", "ann@ash.example", "ACTIVE")],
    )


@drives(Kind.CUSTOMER, Side.PERFEX, "change")
def is_changed(world: World, _cell: Cell) -> Trial:
    """Staff correct the name and the tax number: the same contact shows both."""
    customer = books.customer(world)
    return Trial(
        act=lambda: world.perfex.staff.edit_customer(
            customer, company="Harbour & Sons Ltd", vat="GB456"
        ),
        shown=lambda: _contacts(world),
        wanted=[("Harbour & Sons Ltd", "GB456", "jo@harbour.example", "ACTIVE")],
    )


@drives(Kind.CUSTOMER, Side.PERFEX, "void")
def is_made_inactive(world: World, _cell: Cell) -> Trial:
    """Staff switch a customer off: its contact stays active."""
    customer = books.customer(world)
    return Trial(
        act=lambda: world.perfex.staff.edit_customer(customer, active="0"),
        shown=lambda: _contacts(world),
    )


@drives(Kind.CUSTOMER, Side.PERFEX, "delete")
def is_deleted(world: World, _cell: Cell) -> Trial:
    """Staff delete a customer without documents: the contact stays, and somebody is asked."""
    # Another customer shows that the list of customers is still answered.
    world.perfex.staff.create_customer("Ash & Co")
    customer = books.customer(world)
    return Trial(
        act=lambda: world.perfex.staff.delete_customer(customer),
        shown=lambda: _contacts(world),
        record=str(customer),
        settle=lambda: world.answer("deleted_in_perfex", "leave"),
    )


def _contacts(world: World) -> list[tuple[str, str, str, str]]:
    """What Xero shows of its contacts, by name."""
    found = [
        (
            one["Name"],
            one.get("TaxNumber") or "",
            one.get("EmailAddress") or "",
            one["ContactStatus"],
        )
        for one in world.xero_contacts()
    ]
    return sorted(found)
