"""Vendors of the Purchase module become Xero contacts, one for each, shared with customers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.scenarios.buying import allow_tables
from tests.scenarios.world import World, a_world
from xero_bridge.core.vocabulary import Direction, Kind, RunState, Side
from xero_bridge.simulator.perfex.purchase_staff import PurchaseStaff


@pytest.fixture
def shop(world: World) -> World:
    """A site with the Purchase module, its tables allowed and looked at; nobody is there yet."""
    allow_tables(world)
    world.sync()
    return world


def _staff(world: World) -> PurchaseStaff:
    return world.perfex.staff.purchases


def _contact(world: World, name: str) -> dict[str, Any]:
    (found,) = [one for one in world.xero_contacts() if one["Name"] == name]
    return dict(found)


def _writes(world: World) -> int:
    return sum(call.method != "GET" for call in world.xero.calls)


def _links(world: World, kind: Kind = Kind.VENDOR) -> dict[str, str]:
    return {link.perfex_id: link.xero_id for link in world.store.links_of(kind)}


def test_a_vendor_becomes_a_contact_once(shop: World) -> None:
    vendor = _staff(shop).create_vendor(
        "Ridgeway Timber Supplies",
        vat="GB 123",
        phonenumber="0113 496 0000",
        address="1 Mill Lane",
        city="Leeds",
        zip="LS1 4AP",
    )
    _staff(shop).create_contact(vendor, "Ines", "Moreau", "orders@ridgeway.example")
    report = shop.sync()
    assert (report.state, report.done) == (RunState.IN_STEP, {"vendor": {"create": 1}})
    contact = _contact(shop, "Ridgeway Timber Supplies")
    assert contact["ContactNumber"] == f"PX-V-{vendor}"
    assert (contact["TaxNumber"], contact["EmailAddress"]) == ("GB 123", "orders@ridgeway.example")
    assert (contact["FirstName"], contact["LastName"]) == ("Ines", "Moreau")
    (postal,) = [slot for slot in contact["Addresses"] if slot["AddressType"] == "POBOX"]
    assert (postal["City"], postal["PostalCode"]) == ("Leeds", "LS1 4AP")
    written = _writes(shop)
    for _again in range(2):
        assert shop.sync().state is RunState.IN_STEP
    assert _writes(shop) == written


def test_a_change_of_a_vendor_or_its_contact_person_reaches_the_contact(shop: World) -> None:
    vendor = _staff(shop).create_vendor("Fjord Hardware AS", city="Bergen")
    shop.sync()
    _staff(shop).edit_vendor(vendor, city="Oslo", phonenumber="22 00 00 00")
    _staff(shop).create_contact(vendor, "Nils", "Dahl", "nils@fjord.example")
    assert shop.sync().done == {"vendor": {"update": 1}}
    contact = _contact(shop, "Fjord Hardware AS")
    assert contact["EmailAddress"] == "nils@fjord.example"
    assert "Oslo" in [slot.get("City") for slot in contact["Addresses"]]
    assert shop.sync().state is RunState.IN_STEP


def test_a_contact_edited_in_xero_is_asked_about_and_never_overwritten(shop: World) -> None:
    vendor = _staff(shop).create_vendor("Fjord Hardware AS", vat="NO 1")
    shop.sync()
    contact = _contact(shop, "Fjord Hardware AS")["ContactID"]
    shop.xero_call("POST", f"Contacts/{contact}", {"TaxNumber": "NO 2"})
    shop.sync()
    asked = shop.question("edited_in_xero")
    assert (asked.kind, [row.xero for row in asked.rows]) == (Kind.VENDOR, ["NO 2"])
    _staff(shop).edit_vendor(vendor, vat="NO 3")
    shop.sync()
    assert _contact(shop, "Fjord Hardware AS")["TaxNumber"] == "NO 2"
    shop.answer("conflict", "keep_perfex")
    shop.sync()
    assert _contact(shop, "Fjord Hardware AS")["TaxNumber"] == "NO 3"
    assert shop.sync().state is RunState.IN_STEP


def test_a_contact_that_is_there_already_is_linked_and_not_written(shop: World) -> None:
    shop.xero_call("PUT", "Contacts", {"Contacts": [{"Name": "Fjord Hardware AS"}]})
    vendor = _staff(shop).create_vendor("Fjord  Hardware AS ")
    written = _writes(shop)
    assert shop.sync().done == {"vendor": {"link": 1}}
    assert _writes(shop) == written
    assert _links(shop) == {str(vendor): _contact(shop, "Fjord Hardware AS")["ContactID"]}


def test_a_contact_of_another_tax_number_is_asked_about(shop: World) -> None:
    body = {"Name": "Fjord Hardware AS", "TaxNumber": "NO 999"}
    shop.xero_call("PUT", "Contacts", {"Contacts": [body]})
    _staff(shop).create_vendor("Fjord Hardware AS", vat="NO 111")
    shop.sync()
    assert shop.question("maybe_same").kind is Kind.VENDOR
    assert len(shop.xero_contacts()) == 1


def test_two_vendors_of_one_name_are_not_guessed(shop: World) -> None:
    shop.xero_call("PUT", "Contacts", {"Contacts": [{"Name": "Fjord Hardware AS"}]})
    for _twice in range(2):
        _staff(shop).create_vendor("Fjord Hardware AS")
    shop.sync()
    assert _links(shop) == {}
    assert {asked.kind for asked in shop.questions()} == {Kind.VENDOR}
    assert len(shop.xero_contacts()) == 1


def test_a_customer_who_is_also_a_vendor_has_one_contact_and_the_customer_writes_it(
    shop: World,
) -> None:
    customer = shop.perfex.staff.create_customer("Ash & Co", vat="GB 5", phonenumber="1")
    vendor = _staff(shop).create_vendor("Ash & Co", vat="GB 5", phonenumber="2")
    first = shop.sync()
    assert first.done == {"customer": {"create": 1}}
    assert shop.questions() == []
    assert shop.sync().done == {"vendor": {"link": 1}}
    (contact,) = [one for one in shop.xero_contacts() if one["Name"] == "Ash & Co"]
    assert _links(shop) == {str(vendor): contact["ContactID"]}
    assert _links(shop, Kind.CUSTOMER) == {str(customer): contact["ContactID"]}
    _staff(shop).edit_vendor(vendor, phonenumber="3")
    report = shop.sync()
    assert (report.state, report.done) == (RunState.IN_STEP, {})
    shop.perfex.staff.edit_customer(customer, phonenumber="4")
    assert shop.sync().done == {"customer": {"update": 1}}
    for _again in range(2):
        report = shop.sync()
        assert (report.state, report.done) == (RunState.IN_STEP, {})


def test_a_customer_who_comes_after_the_vendor_takes_the_lead(shop: World) -> None:
    vendor = _staff(shop).create_vendor("Ash & Co")
    shop.sync()
    customer = shop.perfex.staff.create_customer("Ash & Co")
    assert shop.sync().done == {"customer": {"link": 1}}
    _staff(shop).edit_vendor(vendor, phonenumber="3")
    assert shop.sync().done == {}
    shop.perfex.staff.edit_customer(customer, phonenumber="4")
    assert shop.sync().done == {"customer": {"update": 1}}
    numbers = [slot["PhoneNumber"] for slot in _contact(shop, "Ash & Co")["Phones"]]
    assert "4" in numbers
    assert "3" not in numbers


def test_a_merged_contact_is_followed_and_an_archived_one_asked_about(shop: World) -> None:
    vendor = _staff(shop).create_vendor("Ash & Co")
    other = {"Name": "Beech Joinery"}
    shop.xero_call("PUT", "Contacts", {"Contacts": [other]})
    shop.sync()
    gone = _contact(shop, "Ash & Co")["ContactID"]
    kept = _contact(shop, "Beech Joinery")["ContactID"]
    table = shop.xero.books().contacts
    shop.clock.move(seconds=5)
    row = table.get(gone)
    assert row is not None
    stamp = {"UpdatedDateUTC": shop.xero.books().now()}
    table.put(gone, {**row, "ContactStatus": "ARCHIVED", "MergedToContactID": kept, **stamp})
    report = shop.sync()
    assert (report.state, report.done) == (RunState.IN_STEP, {})
    assert _links(shop) == {str(vendor): kept}
    shop.clock.move(seconds=5)
    row = table.get(kept)
    assert row is not None
    stamp = {"UpdatedDateUTC": shop.xero.books().now()}
    table.put(kept, {**row, "ContactStatus": "ARCHIVED", **stamp})
    assert shop.sync().state is RunState.QUESTIONS
    assert shop.question("archived_in_xero").kind is Kind.VENDOR


def test_a_vendor_made_inactive_keeps_its_contact(shop: World) -> None:
    vendor = _staff(shop).create_vendor("Ash & Co")
    shop.sync()
    _staff(shop).edit_vendor(vendor, active=0)
    report = shop.sync()
    assert (report.state, report.done) == (RunState.IN_STEP, {})
    assert _contact(shop, "Ash & Co")["ContactStatus"] == "ACTIVE"


def test_a_vendor_deleted_in_perfex_is_asked_about_once(shop: World) -> None:
    vendor = _staff(shop).create_vendor("Ash & Co")
    _staff(shop).create_vendor("Fjord Hardware AS")
    shop.sync()
    _staff(shop).delete_vendor(vendor)
    shop.sync()
    assert [choice.code for choice in shop.question("deleted_in_perfex").choices] == ["leave"]
    shop.answer("deleted_in_perfex", "leave")
    for _again in range(2):
        report = shop.sync()
        assert (report.state, report.done) == (RunState.IN_STEP, {})
    assert _contact(shop, "Ash & Co")["ContactStatus"] == "ACTIVE"


def test_a_deleted_vendor_whose_contact_is_a_customer_is_no_question(shop: World) -> None:
    shop.perfex.staff.create_customer("Ash & Co")
    shop.sync()
    vendor = _staff(shop).create_vendor("Ash & Co")
    _staff(shop).create_vendor("Fjord Hardware AS")
    shop.sync()
    assert str(vendor) in _links(shop)
    _staff(shop).delete_vendor(vendor)
    report = shop.sync()
    assert (report.state, report.done) == (RunState.IN_STEP, {})


def test_a_vendor_whose_answer_was_lost_is_made_once(shop: World) -> None:
    _staff(shop).create_vendor("Ash & Co")
    shop.xero.faults.add("drop-after", method="PUT", path="Contacts")
    shop.sync()
    for _again in range(4):
        shop.sync(wait=timedelta(minutes=7))
    assert [one["Name"] for one in shop.xero_contacts()] == ["Ash & Co"]
    assert len(_links(shop)) == 1
    assert shop.sync().state is RunState.IN_STEP


def test_a_vendor_never_goes_to_perfex_and_a_kind_that_is_off_writes_nothing(shop: World) -> None:
    shop.change_settings(direction={"vendor": Direction.OFF})
    _staff(shop).create_vendor("Ash & Co")
    shop.xero_call("PUT", "Contacts", {"Contacts": [{"Name": "Fjord Hardware AS"}]})
    report = shop.sync()
    assert (report.state, report.done, shop.questions()) == (RunState.IN_STEP, {}, [])
    assert len(_staff(shop).site.db.rows("pur_vendor")) == 1


def test_without_the_table_vendors_are_off_and_nothing_fails(world: World) -> None:
    _staff(world).create_vendor("Ash & Co")
    world.sync()
    for _again in range(3):
        report = world.sync()
        assert (report.state, report.done) == (RunState.IN_STEP, {})
    asked = [call.path for call in world.perfex.calls if "tblpur_vendor" in call.path]
    assert len(asked) == 1
    assert not list(world.store.mirrors_of(Kind.VENDOR, Side.XERO))


def test_a_table_taken_away_later_turns_vendors_off_until_the_site_is_looked_at_again(
    shop: World,
) -> None:
    vendor = _staff(shop).create_vendor("Ash & Co")
    shop.sync()
    allowed = set(shop.perfex.settings.custom_tables)
    shop.perfex.settings.custom_tables.clear()
    for _again in range(2):
        report = shop.sync()
        assert (report.state, report.done, shop.questions()) == (RunState.IN_STEP, {}, [])
    shop.perfex.settings.custom_tables |= allowed
    _staff(shop).edit_vendor(vendor, phonenumber="7")
    assert shop.sync().done == {}
    assert shop.sync(wait=timedelta(hours=2)).done == {"vendor": {"update": 1}}


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_vendors_arrive_from_every_module_with_custom_tables(version: str) -> None:
    with a_world(version=version) as made:
        made.map_usual()
        made.go_live()
        allow_tables(made)
        _staff(made).create_vendor("Ash & Co")
        assert made.sync().done["vendor"] == {"create": 1}


def test_module_2_has_no_custom_tables_and_is_not_asked_for_vendors() -> None:
    with a_world(version="2.0.8") as made:
        made.map_usual()
        made.go_live()
        allow_tables(made)
        _staff(made).create_vendor("Ash & Co")
        assert made.sync().state is RunState.IN_STEP
        assert made.xero_contacts() == []
        assert not [call for call in made.perfex.calls if "tblpur" in call.path]
