"""Vendors of Perfex's Purchase module, who are contacts in Xero."""

from __future__ import annotations

import pytest

from tests.matrix.cells import Cell
from tests.matrix.drivers import books
from tests.matrix.drivers.registry import drives
from tests.matrix.trial import A_DAY, Trial
from tests.scenarios.world import World
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.operations.keys import parsed
from xero_bridge.operations.problems import NotAccepted

_NAME = "Ridgeway Timber"


@drives(Kind.VENDOR, Side.PERFEX, "create")
def is_added(world: World, _cell: Cell) -> Trial:
    """Staff add a vendor: Xero has the contact, where the table may be read."""
    books.customer(world)
    return Trial(
        act=lambda: _staff_add(world),
        shown=lambda: _contacts(world),
        wanted=[(_NAME, "GB77", "ACTIVE")],
        wait=A_DAY,
    )


@drives(Kind.VENDOR, Side.PERFEX, "change")
def is_changed(world: World, _cell: Cell) -> Trial:
    """Staff correct the tax number: the same contact shows it."""
    vendor = _in_both(world)
    return Trial(
        act=lambda: world.perfex.staff.purchases.edit_vendor(vendor, vat="GB88"),
        shown=lambda: _contacts(world),
        wanted=[(_NAME, "GB88", "ACTIVE")],
        wait=A_DAY,
    )


@drives(Kind.VENDOR, Side.PERFEX, "void")
def is_made_inactive(world: World, _cell: Cell) -> Trial:
    """Staff switch a vendor off: its contact stays active."""
    vendor = _in_both(world)
    return Trial(
        act=lambda: world.perfex.staff.purchases.edit_vendor(vendor, active="0"),
        shown=lambda: _contacts(world),
        wait=A_DAY,
    )


@drives(Kind.VENDOR, Side.PERFEX, "delete")
def is_deleted(world: World, _cell: Cell) -> Trial:
    """Staff delete a vendor: the contact stays, and somebody is asked."""
    # Another vendor shows that the table is still answered.
    world.perfex.staff.purchases.create_vendor("Fjord Hardware AS")
    vendor = _in_both(world)
    return Trial(
        act=lambda: world.perfex.staff.delete("pur_vendor", vendor),
        shown=lambda: _contacts(world),
        record=str(vendor),
        settle=lambda: world.answer("deleted_in_perfex", "leave"),
        wait=A_DAY,
    )


@drives(Kind.VENDOR, Side.XERO, "create")
def is_added_in_xero(world: World, _cell: Cell) -> Trial:
    """The bookkeeper adds a supplier: no setting makes a vendor of it."""
    for way in ("two_way", "xero_to_perfex"):
        with pytest.raises(NotAccepted, match=r"direction\.vendor"):
            parsed("direction.vendor", way)
    _in_both(world)
    return Trial(
        act=lambda: world.xero_call("PUT", "Contacts", {"Contacts": [{"Name": "Oak Mill"}]}),
        shown=lambda: world.perfex.rows("pur_vendor"),
        wait=A_DAY,
    )


@drives(Kind.VENDOR, Side.XERO, "change")
def is_changed_in_xero(world: World, _cell: Cell) -> Trial:
    """The bookkeeper corrects a supplier: both versions are shown, and Xero's may stay."""
    vendor = _in_both(world)
    contact = _contact_id(world)
    return Trial(
        act=lambda: world.xero_call("POST", f"Contacts/{contact}", {"TaxNumber": "GB99"}),
        shown=lambda: world.perfex.rows("pur_vendor"),
        record=str(vendor),
        settle=lambda: world.answer("edited_in_xero", "keep_xero"),
        wait=A_DAY,
    )


@drives(Kind.VENDOR, Side.XERO, "void")
def is_archived_in_xero(world: World, _cell: Cell) -> Trial:
    """The bookkeeper archives a supplier: the vendor stays, and somebody is asked."""
    vendor = _in_both(world)
    contact = _contact_id(world)
    return Trial(
        act=lambda: world.xero_call("POST", f"Contacts/{contact}", {"ContactStatus": "ARCHIVED"}),
        shown=lambda: world.perfex.rows("pur_vendor"),
        record=str(vendor),
        settle=lambda: world.answer("archived_in_xero", "leave"),
        wait=A_DAY,
    )


@drives(Kind.VENDOR, Side.XERO, "delete")
def cannot_be_deleted(world: World, _cell: Cell) -> None:
    """Xero has no way to delete a contact."""
    _in_both(world)
    books.refuses_deletion(world, f"Contacts/{_contact_id(world)}")


def _staff_add(world: World) -> int:
    return world.perfex.staff.purchases.create_vendor(_NAME, vat="GB77")


def _in_both(world: World) -> int:
    """A vendor in Perfex and a contact of its name in Xero, linked where tables may be read."""
    vendor = _staff_add(world)
    if world.perfex.settings.custom_tables:
        books.customer(world)
        return vendor
    world.xero_call("PUT", "Contacts", {"Contacts": [{"Name": _NAME, "TaxNumber": "GB77"}]})
    books.customer(world)
    return vendor


def _contact_id(world: World) -> str:
    return str(books.contact(world, _NAME)["ContactID"])


def _contacts(world: World) -> list[tuple[str, str, str]]:
    """Name, tax number and status of the suppliers that Xero shows."""
    return [
        (one["Name"], one.get("TaxNumber") or "", one["ContactStatus"])
        for one in world.xero_contacts()
        if one["Name"] != books.NAME
    ]
