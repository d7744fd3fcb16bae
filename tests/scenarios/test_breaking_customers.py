"""Customers renamed, merged, archived and deleted while their invoices go on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.scenarios.world import World, line
from xero_bridge.core.plan import Answer
from xero_bridge.core.vocabulary import Kind, RunState


def _contact(world: World, name: str) -> dict[str, Any]:
    (found,) = [one for one in world.xero_contacts() if one["Name"] == name]
    return dict(found)


def _put(world: World, contact: str, **fields: object) -> None:
    """What only a person in Xero can do to a contact."""
    table = world.xero.books().contacts
    row = table.get(contact)
    assert row is not None
    world.clock.move(seconds=5)
    table.put(contact, {**row, **fields, "UpdatedDateUTC": world.xero.books().now()})


def _merge(world: World, name: str, into: str) -> None:
    """Merge a contact into another: it is archived, its documents move."""
    gone, kept = _contact(world, name)["ContactID"], _contact(world, into)["ContactID"]
    _put(world, gone, ContactStatus="ARCHIVED", MergedToContactID=kept)
    invoices = world.xero.books().invoices
    for row in invoices.find("contact", gone):
        moved = {**row, "ContactID": kept, "UpdatedDateUTC": world.xero.books().now()}
        invoices.put(row["InvoiceID"], moved)


def test_a_contact_merged_in_xero_is_followed_with_its_invoices(books: World) -> None:
    books.xero_call("PUT", "Contacts", {"Contacts": [{"Name": "Harbour Joinery (old)"}]})
    books.sync()
    _merge(books, "Harbour Joinery Ltd", "Harbour Joinery (old)")
    books.clock.move(minutes=1)
    report = books.sync()
    assert (report.state, report.done) == (RunState.IN_STEP, {})
    new = books.bill("10.00")
    assert books.sync().done == {"invoice": {"create": 1}}
    kept = _contact(books, "Harbour Joinery (old)")["ContactID"]
    assert books.xero_invoice(books.number(new))["Contact"]["ContactID"] == kept
    assert books.sync().state is RunState.IN_STEP


def test_a_second_customer_of_a_name_shares_the_contact_when_a_person_says_so(
    books: World,
) -> None:
    """A head office and its branch: Xero refuses a second contact of one name."""
    branch = books.perfex.staff.create_customer("HARBOUR  Joinery ltd", city="Leeds")
    first, books.customer = books.customer, branch
    invoice = books.bill("10.00")
    assert books.sync().done == {}
    asked = books.question("contact_of_namesake")
    assert (asked.perfex_id, asked.details["other"]) == (str(branch), str(first))
    books.answer("contact_of_namesake", "share")
    assert books.sync().done == {"customer": {"link": 1}, "invoice": {"create": 1}}
    (contact,) = [one for one in books.xero_contacts() if "Joinery" in one["Name"]]
    assert books.xero_invoice(books.number(invoice))["Contact"]["Name"] == "Harbour Joinery Ltd"
    links = {link.perfex_id: link for link in books.store.links_of(Kind.CUSTOMER)}
    assert (links[str(first)].leads, links[str(branch)].leads) == (True, False)
    assert links[str(branch)].xero_id == contact["ContactID"]
    # The branch writes nothing to the contact of the head office.
    books.perfex.staff.edit_customer(branch, phonenumber="01234 567890")
    report = books.sync()
    assert (report.state, report.done) == (RunState.IN_STEP, {})


def test_a_second_customer_of_a_name_that_gets_another_name_becomes_a_contact_of_its_own(
    books: World,
) -> None:
    branch = books.perfex.staff.create_customer("Harbour Joinery Ltd")
    books.sync()
    books.question("contact_of_namesake")
    books.perfex.staff.edit_customer(branch, company="Harbour Joinery Ltd, Leeds")
    assert books.sync().done == {"customer": {"create": 1}}
    assert books.sync().state is RunState.IN_STEP


def test_two_new_customers_of_one_name_become_one_contact_and_a_question(world: World) -> None:
    for _twice in range(2):
        world.perfex.staff.create_customer("Ash & Co")
    assert world.sync().done["customer"] == {"create": 1}
    assert world.sync().done == {}
    world.question("contact_of_namesake")
    assert len([one for one in world.xero_contacts() if one["Name"] == "Ash & Co"]) == 1


def test_two_customers_whose_contacts_were_merged_share_the_contact(books: World) -> None:
    first = books.customer
    other = books.perfex.staff.create_customer("Ash & Co")
    books.sync()
    _merge(books, "Ash & Co", "Harbour Joinery Ltd")
    books.sync()
    books.customer = other
    new = books.bill("10.00")
    assert books.sync().done == {"invoice": {"create": 1}}
    shared = _contact(books, "Harbour Joinery Ltd")["ContactID"]
    assert books.xero_invoice(books.number(new))["Contact"]["ContactID"] == shared
    links = {link.perfex_id: link for link in books.store.links_of(Kind.CUSTOMER)}
    assert (links[str(first)].leads, links[str(other)].leads) == (True, False)
    # The one that does not lead writes nothing, and is no reason to ask.
    books.perfex.staff.edit_customer(other, phonenumber="01234 567890")
    report = books.sync()
    assert (report.state, report.done) == (RunState.IN_STEP, {})
    books.perfex.staff.edit_customer(first, phonenumber="09876 543210")
    assert books.sync().done == {"customer": {"update": 1}}
    assert books.sync().state is RunState.IN_STEP


def test_a_contact_archived_in_xero_holds_new_invoices_until_it_is_restored(
    books: World,
) -> None:
    contact = _contact(books, "Harbour Joinery Ltd")["ContactID"]
    _put(books, contact, ContactStatus="ARCHIVED")
    new = books.bill("10.00")
    for _again in range(2):
        report = books.sync()
        assert (report.state, report.done) == (RunState.QUESTIONS, {})
    assert [
        call.path
        for call in books.xero.calls
        if call.method == "PUT" and call.path.endswith("/Invoices")
    ] == ["/api.xro/2.0/Invoices"]
    _put(books, contact, ContactStatus="ACTIVE")
    books.sync()
    assert books.xero_invoice(books.number(new))["Total"] == 12.0
    assert books.questions() == []


def test_a_customer_renamed_to_the_name_of_another_contact_is_asked_about_once(
    books: World,
) -> None:
    books.xero_call("PUT", "Contacts", {"Contacts": [{"Name": "Ash & Co"}]})
    books.perfex.staff.edit_customer(books.customer, company="Ash & Co")
    counts = []
    for _again in range(3):
        books.sync()
        counts.append(len([call for call in books.xero.calls if call.method == "POST"]))
    assert counts[0] == counts[2]
    assert len(books.questions()) == 1
    names = sorted(one["Name"] for one in books.xero_contacts())
    assert names.count("Ash & Co") == 1
    assert "Harbour Joinery Ltd" in names


def test_a_new_customer_with_the_name_of_two_contacts_is_not_guessed(world: World) -> None:
    """An archived contact keeps its name beside the active one that took it."""
    world.xero_call("PUT", "Contacts", {"Contacts": [{"Name": "Ash & Co"}]})
    old = _contact(world, "Ash & Co")["ContactID"]
    _put(world, old, ContactStatus="ARCHIVED")
    world.xero_call("PUT", "Contacts", {"Contacts": [{"Name": "Ash & Co"}]})
    world.customer = world.perfex.staff.create_customer("Ash & Co")
    world.sync()
    links = list(world.store.links_of(Kind.CUSTOMER))
    assert all(link.xero_id != old for link in links)
    assert len([one for one in world.xero_contacts() if one["Name"] == "Ash & Co"]) == 2


def test_two_customers_of_one_name_do_not_both_take_the_contact(world: World) -> None:
    world.xero_call("PUT", "Contacts", {"Contacts": [{"Name": "Ash & Co"}]})
    for _twice in range(2):
        world.perfex.staff.create_customer("Ash & Co")
    assert "customer" not in world.sync().done
    assert len(world.questions()) == 2


def test_two_answers_that_name_the_same_contact_do_not_share_it_unseen(world: World) -> None:
    world.xero_call("PUT", "Contacts", {"Contacts": [{"Name": "Ash & Co"}]})
    for _twice in range(2):
        world.perfex.staff.create_customer("Ash & Co")
    world.sync()
    contact = _contact(world, "Ash & Co")["ContactID"]
    for asked in world.questions():
        with world.store.atomically():
            world.give(
                Answer(
                    question=asked.key,
                    code="link",
                    value=contact,
                    basis=asked.basis,
                    by="Ann",
                    at=world.clock.now(),
                )
            )
    world.sync()
    links = [link for link in world.store.links_of(Kind.CUSTOMER) if link.leads]
    assert len([link for link in links if link.xero_id == contact]) == 1


def test_a_customer_deleted_in_perfex_leaves_its_contact_and_invoices_alone(
    books: World,
) -> None:
    books.perfex.staff.create_customer("Ash & Co")
    books.sync()
    books.perfex.staff.delete_customer(books.customer)
    for _again in range(3):
        assert books.sync().done == {}
    assert _contact(books, "Harbour Joinery Ltd")["ContactStatus"] == "ACTIVE"
    assert books.xero_invoice("INV-000001")["Status"] == "AUTHORISED"
    assert books.xero_invoice("INV-000001")["Contact"]["Name"] == "Harbour Joinery Ltd"


def test_a_customer_renamed_while_its_creation_is_unknown_is_made_once_and_renamed(
    world: World,
) -> None:
    customer = world.perfex.staff.create_customer("Ash & Co")
    world.xero.faults.add("drop-after", method="PUT", path="Contacts")
    world.sync()
    world.perfex.staff.edit_customer(customer, company="Ash & Partners")
    for _again in range(5):
        world.sync(wait=timedelta(minutes=7))
    names = [one["Name"] for one in world.xero_contacts()]
    assert (names.count("Ash & Co"), names.count("Ash & Partners")) == (0, 1)
    assert world.sync().state is RunState.IN_STEP


def test_a_bookkeepers_edit_of_a_contact_is_kept_when_perfex_changes_something_else(
    books: World,
) -> None:
    contact = _contact(books, "Harbour Joinery Ltd")["ContactID"]
    books.xero_call("POST", f"Contacts/{contact}", {"EmailAddress": "accounts@harbour.example"})
    books.sync()
    books.question("edited_in_xero")
    books.answer("edited_in_xero", "keep_xero")
    books.sync()
    books.perfex.staff.edit_customer(books.customer, phonenumber="01234 567890")
    books.sync()
    assert _contact(books, "Harbour Joinery Ltd")["EmailAddress"] == "accounts@harbour.example"
    assert books.questions() == []


def _an_invoice_of_theirs(books: World, number: str) -> None:
    """An invoice of 50.00 that another site wrote for the same contact."""
    contact = _contact(books, "Harbour Joinery Ltd")["ContactID"]
    theirs = {
        "Type": "ACCREC",
        "Status": "AUTHORISED",
        "InvoiceNumber": number,
        "LineItems": [
            {
                "Description": "Theirs",
                "Quantity": 1,
                "UnitAmount": 50,
                "AccountCode": "200",
                "TaxType": "NONE",
            }
        ],
        "Contact": {"ContactID": contact},
        "Date": "2026-11-20",
        "DueDate": "2026-12-20",
    }
    books.xero_call("PUT", "Invoices", {"Invoices": [theirs]})


def test_the_tag_of_another_site_on_the_same_organisation_is_not_taken_for_ours(
    books: World,
) -> None:
    """A second Perfex site writes its marks with the same tag into the same organisation."""
    _an_invoice_of_theirs(books, "B-1")
    books.clock.move(minutes=1)
    payment = books.perfex.staff.record_payment(books.invoice, "50.00", "1")
    # Our payment's answer is lost before it arrives, while theirs bears the same mark.
    books.xero.faults.add("drop-before", method="PUT", path="Payments")
    books.sync()
    body = {
        "Invoice": {"InvoiceID": books.xero_invoice("B-1")["InvoiceID"]},
        "Account": {"Code": "090"},
        "Date": "2026-11-20",
        "Amount": 50,
        "Reference": f"PX-PAY-{payment}",
    }
    books.xero_call("PUT", "Payments", {"Payments": [body]})
    for _again in range(3):
        books.sync(wait=timedelta(minutes=7))
    assert list(books.store.links_of(Kind.PAYMENT)) == []
    books.answer("unknown_outcome", "absent")
    books.sync()
    books.answer("maybe_same", "create")
    books.sync()
    (link,) = [one for one in books.store.links_of(Kind.PAYMENT) if one.perfex_id == str(payment)]
    (found,) = [one for one in books.xero_payments() if one["PaymentID"] == link.xero_id]
    assert found["Invoice"]["InvoiceNumber"] == "INV-000001"


def test_an_invoice_edited_and_cancelled_while_its_creation_is_unknown_ends_asked_about(
    books: World,
) -> None:
    second = books.bill("200.00")
    books.xero.faults.add("drop-after", method="PUT", path="Invoices")
    books.sync()
    books.perfex.staff.edit_invoice(second, [line("300.00")])
    books.perfex.staff.cancel_invoice(second)
    for _again in range(5):
        books.sync(wait=timedelta(minutes=7))
    books.question("cancelled_in_perfex")
    assert len(books.xero_invoices()) == 2


def test_an_invoice_deleted_while_its_creation_is_unknown_ends_asked_about(
    books: World,
) -> None:
    second = books.bill("200.00")
    books.xero.faults.add("drop-after", method="PUT", path="Invoices")
    books.sync()
    assert books.perfex.staff.delete_invoice(second)
    for _again in range(5):
        books.sync(wait=timedelta(minutes=7))
    books.question("deleted_in_perfex")
    assert len(books.xero_invoices()) == 2
