"""Customers that change or are born in Xero, and what of it arrives in Perfex."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from tests.scenarios.world import World
from xero_bridge.core.record import Seen
from xero_bridge.core.remote import Batch, Result, Written
from xero_bridge.core.vocabulary import Births, Direction, Kind, RunState, Side
from xero_bridge.engine.context import Scope

GROUPS = {"tblcustomer_groups"}
HOUR = timedelta(hours=1, minutes=1)


@pytest.fixture
def both(books: World) -> World:
    """One customer in step, followed in both directions; its groups can be read."""
    books.change_settings(direction={"customer": Direction.TWO_WAY})
    books.perfex.settings.custom_tables |= GROUPS
    books.sync(wait=timedelta(days=1, minutes=1))
    return books


def _contact(world: World) -> str:
    (found,) = world.xero_contacts()
    return str(found["ContactID"])


def _edit(world: World, **members: Any) -> None:
    world.xero_call("POST", f"Contacts/{_contact(world)}", members)


def _customer(world: World, id_: int | None = None) -> dict[str, Any]:
    row = world.perfex.row("clients", id_ or world.customer)
    assert row is not None
    return dict(row)


def _stays(world: World) -> None:
    """Two more syncs write nothing: neither side bounces the change back."""
    for wait in (timedelta(minutes=1), HOUR):
        report = world.sync(wait=wait)
        assert (report.state, report.done) == (RunState.IN_STEP, {}), report


def test_a_contact_renamed_in_xero_is_renamed_in_perfex_and_nothing_bounces(both: World) -> None:
    _edit(both, Name="Harbour & Sons Joinery Ltd")
    report = both.sync()
    assert report.done == {"customer": {"update": 1}}
    assert _customer(both)["company"] == "Harbour & Sons Joinery Ltd"
    _stays(both)


def test_a_customer_keeps_what_a_put_would_reset(both: World) -> None:
    both.perfex.staff.edit_customer(
        both.customer,
        country="235",
        default_currency="3",
        show_primary_contact="1",
        groups_in=["1", "2"],
        website="https://harbour.example",
    )
    both.sync()
    before = _customer(both)
    _edit(both, TaxNumber="GB999")
    both.sync()
    assert _customer(both) == {**before, "vat": "GB999"}
    groups = both.perfex.rows("customer_groups", customer_id=both.customer)
    assert {row["groupid"] for row in groups} == {"1", "2"}
    _stays(both)


def test_both_sides_change_different_parts_of_a_customer_and_both_arrive(both: World) -> None:
    both.perfex.staff.edit_customer(both.customer, company="Harbour Works Ltd")
    _edit(both, TaxNumber="GB777")
    report = both.sync()
    assert report.done == {"customer": {"update": 2}}
    assert _customer(both)["vat"] == "GB777"
    assert both.xero_contacts()[0]["Name"] == "Harbour Works Ltd"
    _stays(both)


def test_a_new_edit_in_perfex_is_not_a_conflict_with_our_own_half(both: World) -> None:
    both.perfex.settings.custom_tables -= GROUPS
    both.sync(wait=timedelta(days=1, minutes=1))
    both.perfex.staff.edit_customer(both.customer, company="Harbour Works Ltd")
    _edit(both, TaxNumber="GB777")
    both.sync()
    both.question("change_in_perfex")
    both.perfex.staff.edit_customer(both.customer, company="Harbour Works and Sons")
    both.sync()
    assert both.xero_contacts()[0]["Name"] == "Harbour Works and Sons"
    assert [asked.reason for asked in both.questions()] == ["change_in_perfex"]


def test_an_address_typed_in_xero_arrives_with_the_country_of_perfex(both: World) -> None:
    address = {"AddressType": "POBOX", "AddressLine1": "1 Quay", "City": "Hull", "Country": "gb"}
    _edit(both, Addresses=[{**address, "PostalCode": "HU1"}])
    both.sync()
    row = _customer(both)
    assert (row["billing_street"], row["billing_city"]) == ("1 Quay", "Hull")
    assert (row["address"], row["zip"]) == ("1 Quay", "HU1")
    assert row["billing_country"] == both.perfex.rows("countries", iso2="GB")[0]["country_id"]
    _stays(both)


def test_a_country_that_perfex_does_not_know_is_asked_about(both: World) -> None:
    _edit(both, Addresses=[{"AddressType": "POBOX", "City": "Hull", "Country": "Yorkshire"}])
    both.sync()
    assert both.question("country_unknown").details["country"] == "Yorkshire"


def test_what_only_a_person_can_change_is_one_question_that_closes_itself(books: World) -> None:
    """Without the table of groups a PUT would take the customer out of all of them."""
    books.change_settings(direction={"customer": Direction.TWO_WAY})
    _edit(books, Name="Harbour Two Ltd", TaxNumber="GB456")
    report = books.sync()
    assert (report.state, report.done) == (RunState.QUESTIONS, {})
    asked = books.question("change_in_perfex")
    assert {row.facet: row.xero for row in asked.rows} == {
        "name": "Harbour Two Ltd",
        "tax number": "GB456",
    }
    books.perfex.staff.edit_customer(books.customer, company="Harbour Two Ltd", vat="GB456")
    assert books.sync().state is RunState.IN_STEP
    assert books.questions() == []
    _stays(books)


def test_what_a_person_leaves_in_perfex_is_not_asked_about_again(books: World) -> None:
    books.change_settings(direction={"customer": Direction.TWO_WAY})
    _edit(books, Name="Harbour Two Ltd")
    books.sync()
    books.answer("change_in_perfex", "leave")
    assert books.sync().state is RunState.IN_STEP
    _stays(books)
    assert _customer(books)["company"] == "Harbour Joinery Ltd"


def test_a_contact_person_that_is_there_is_never_overwritten(both: World) -> None:
    """A PUT of a contact takes away its permissions, which cannot be read."""
    contact = both.perfex.staff.create_contact(both.customer, "Ann", "Lee", "ann@harbour.example")
    both.sync()
    _edit(both, EmailAddress="accounts@harbour.example", TaxNumber="GB55")
    report = both.sync()
    assert report.done == {"customer": {"update": 1}}
    assert _customer(both)["vat"] == "GB55"
    asked = both.question("change_in_perfex")
    assert [row.xero for row in asked.rows] == ["accounts@harbour.example"]
    both.perfex.staff.edit_contact(contact, email="accounts@harbour.example")
    both.sync()
    assert both.questions() == []
    _stays(both)


def test_a_first_contact_person_is_added_without_a_welcome_mail(both: World) -> None:
    _edit(both, FirstName="Ann", LastName="Lee", EmailAddress="ann@harbour.example")
    both.sync()
    (contact,) = both.perfex.rows("contacts", userid=both.customer)
    assert (contact["firstname"], contact["is_primary"]) == ("Ann", "1")
    assert both.perfex.outbox == []
    _stays(both)


def test_an_answer_lost_after_perfex_wrote_is_found_to_be_done(both: World) -> None:
    _edit(both, Name="Harbour Three Ltd")
    both.perfex.faults.add("drop-after", method="PUT", path="customers")
    both.sync()
    assert _customer(both)["company"] == "Harbour Three Ltd"
    assert both.sync().done == {}
    _stays(both)


def test_what_was_once_sent_without_an_answer_may_be_typed_in_perfex_later(both: World) -> None:
    """By then it is an edit of a person and no longer what we sent."""
    _edit(both, Name="Harbour Three Ltd")
    both.perfex.faults.add("drop-after", method="PUT", path="customers")
    both.sync()
    both.sync()
    for name in ("Harbour Five Ltd", "Harbour Three Ltd"):
        both.perfex.staff.edit_customer(both.customer, company=name)
        both.sync()
        assert (both.xero_contacts()[0]["Name"], _customer(both)["company"]) == (name, name)
    _stays(both)


def test_what_never_arrived_and_was_taken_back_may_be_typed_in_perfex_later(both: World) -> None:
    before = _customer(both)["company"]
    _edit(both, Name="Harbour Six Ltd")
    both.perfex.faults.add("drop-before", method="PUT", path="customers")
    both.sync()
    _edit(both, Name=before)
    _stays(both)
    both.perfex.staff.edit_customer(both.customer, company="Harbour Six Ltd")
    both.sync()
    assert both.xero_contacts()[0]["Name"] == "Harbour Six Ltd"
    assert _customer(both)["company"] == "Harbour Six Ltd"
    _stays(both)


def test_a_change_that_perfex_still_hides_is_looked_for_again(both: World) -> None:
    """The module may answer with what it has read before: that is no base."""
    _edit(both, Name="Harbour Four Ltd")
    both.clock.move(minutes=1)
    context = both.context(Scope())
    (before,) = context.perfex.read(Kind.CUSTOMER, [str(both.customer)])
    assert isinstance(before, Seen)
    send = context.perfex.send

    def send_and_read_stale(batch: Batch) -> tuple[Result, ...]:
        return tuple(
            replace(one, seen=before) if isinstance(one, Written) else one for one in send(batch)
        )

    context.perfex.send = send_and_read_stale  # type: ignore[method-assign]
    both.run(context)
    (link,) = both.store.links_of(Kind.CUSTOMER)
    assert link.base_xero is not None
    assert link.base_xero.label == "Harbour Joinery Ltd"
    assert _customer(both)["company"] == "Harbour Four Ltd"
    puts = both.perfex.count("PUT", "customers")
    _stays(both)
    assert both.perfex.count("PUT", "customers") == puts
    (link,) = both.store.links_of(Kind.CUSTOMER)
    assert link.base_xero is not None
    assert link.base_xero.label == "Harbour Four Ltd"


def test_an_edit_in_perfex_while_the_plan_is_being_written_is_carried_over_too(both: World) -> None:
    first, other = both.customer, both.perfex.staff.create_customer("Quay Ltd")
    both.customer = other
    both.bill("10.00")
    both.sync()
    for contact in both.xero_contacts():
        name = f"{contact['Name']} & Sons"
        both.xero_call("POST", f"Contacts/{contact['ContactID']}", {"Name": name})
    both.clock.move(minutes=1)
    context = both.context(Scope())
    send = context.perfex.send

    def send_while_somebody_edits(batch: Batch) -> tuple[Result, ...]:
        context.perfex.send = send  # type: ignore[method-assign]
        (target,) = {first, other} - {int(batch.members[0].target_id)}
        both.perfex.staff.edit_customer(target, vat="GB555")
        return send(batch)

    context.perfex.send = send_while_somebody_edits  # type: ignore[method-assign]
    both.run(context)
    both.sync()
    assert "GB555" in {contact.get("TaxNumber") for contact in both.xero_contacts()}
    names = {_customer(both, id_)["company"] for id_ in (first, other)}
    assert names == {"Harbour Joinery Ltd & Sons", "Quay Ltd & Sons"}
    _stays(both)


def test_the_same_field_changed_on_both_sides_is_kept_on_the_side_of_birth(both: World) -> None:
    both.perfex.staff.edit_customer(both.customer, company="Harbour of Perfex")
    _edit(both, Name="Harbour of Xero")
    both.sync()
    assert both.xero_contacts()[0]["Name"] == "Harbour of Perfex"
    assert _customer(both)["company"] == "Harbour of Perfex"
    _stays(both)


def test_a_tax_number_changed_on_both_sides_goes_where_the_person_says(both: World) -> None:
    both.perfex.staff.edit_customer(both.customer, vat="GB1")
    _edit(both, TaxNumber="GB2")
    both.sync()
    assert {choice.code for choice in both.question("conflict").choices} == {
        "keep_perfex",
        "take_xero",
        "keep_xero",
    }
    both.answer("conflict", "take_xero")
    both.sync()
    assert _customer(both)["vat"] == "GB2"
    _stays(both)


def test_a_contact_born_in_xero_becomes_a_customer_with_its_person(both: World) -> None:
    both.change_settings(births={"customer.xero": Births.CREATE})
    contact = {
        "Name": "Mill <Works> Ltd",
        "FirstName": "Bo",
        "LastName": "Ek",
        "EmailAddress": "bo@mill.example",
        "TaxNumber": "GB5",
        "Addresses": [{"AddressType": "POBOX", "AddressLine1": "2 Quay", "City": "Hull"}],
    }
    both.xero_call("PUT", "Contacts", {"Contacts": [contact | {"Name": "Mill Works Ltd"}]})
    report = both.sync()
    assert report.done == {"customer": {"create": 1, "update": 1}}
    new = max(int(row["userid"] or 0) for row in both.perfex.rows("clients"))
    row = _customer(both, new)
    assert (row["company"], row["vat"], row["billing_street"]) == (
        "Mill Works Ltd",
        "GB5",
        "2 Quay",
    )
    (person,) = both.perfex.rows("contacts", userid=new)
    assert (person["firstname"], person["email"]) == ("Bo", "bo@mill.example")
    assert both.perfex.outbox == []
    _stays(both)


def test_a_supplier_of_xero_does_not_become_a_customer(both: World) -> None:
    both.change_settings(births={"customer.xero": Births.CREATE})
    supplier = both.xero_call("PUT", "Contacts", {"Contacts": [{"Name": "Timber Supply"}]})
    bill = {
        "Type": "ACCPAY",
        "Status": "AUTHORISED",
        "InvoiceNumber": "T-1",
        "Date": "2026-11-20",
        "DueDate": "2026-12-20",
        "Contact": {"ContactID": supplier["Contacts"][0]["ContactID"]},
        "LineItems": [{"Description": "Oak", "Quantity": 1, "UnitAmount": 5, "AccountCode": "310"}],
    }
    both.xero_call("PUT", "Invoices", {"Invoices": [bill]})
    both.sync()
    assert [row["company"] for row in both.perfex.rows("clients")] == ["Harbour Joinery Ltd"]


@pytest.mark.parametrize("side", list(Side))
def test_an_edit_on_a_side_that_is_not_followed_is_asked_about(both: World, side: Side) -> None:
    follows = Direction.XERO_TO_PERFEX if side is Side.PERFEX else Direction.PERFEX_TO_XERO
    both.change_settings(direction={"customer": follows})
    if side is Side.PERFEX:
        both.perfex.staff.edit_customer(both.customer, company="Edited here")
    else:
        _edit(both, Name="Edited there")
    both.sync()
    asked = both.question(f"edited_in_{side}")
    assert "take_xero" in {choice.code for choice in asked.choices}
    both.answer(f"edited_in_{side}", "take_xero")
    both.sync()
    assert _customer(both)["company"] == both.xero_contacts()[0]["Name"]
    _stays(both)
