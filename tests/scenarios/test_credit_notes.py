"""Credit notes: made, changed and voided in Perfex, and what Xero then shows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.scenarios.crediting import (
    allocations,
    apply_in_xero,
    credit_note,
    credit_notes,
    edit_in_xero,
    in_xero,
    take_back_in_xero,
    the_credit_note,
)
from tests.scenarios.world import World, a_world, line
from xero_bridge.core.vocabulary import Kind, RunState

#: Credit notes of Xero are listed again after an hour.
HOURS = timedelta(hours=2)


def test_a_credit_note_made_in_perfex_appears_in_xero(books: World) -> None:
    credit_note(books, "50.00", "Returned desk")
    report = books.sync()
    assert report.state is RunState.IN_STEP, books.questions()
    assert report.done == {"credit_note": {"create": 1}}
    found = the_credit_note(books)
    assert found["Type"] == "ACCRECCREDIT"
    assert (found["CreditNoteNumber"], found["Reference"]) == ("CN-000001", "PX-CN-1")
    assert (found["Total"], found["RemainingCredit"], found["Status"]) == (60.0, 60.0, "AUTHORISED")
    (shown,) = found["LineItems"]
    assert (shown["Description"], shown["AccountCode"], shown["TaxType"]) == (
        "Returned desk",
        "200",
        "OUTPUT2",
    )
    assert books.sync(wait=HOURS).done == {}


def test_a_discounted_credit_note_has_net_prices_in_xero(books: World) -> None:
    books.perfex.staff.credits.create(
        books.customer,
        [line("33.33", "Chair", qty="3.00"), line("50.00", "Desk")],
        discount_type="before_tax",
        discount_percent="10.00",
    )
    books.sync()
    found = the_credit_note(books)
    assert found["Total"] == 161.99
    assert [one["UnitAmount"] for one in found["LineItems"]] == [29.9967, 45.0]


def test_a_credit_note_edited_in_perfex_changes_in_xero(books: World) -> None:
    note = credit_note(books, "50.00", "Returned desk")
    books.sync()
    first = the_credit_note(books)["LineItems"][0]["LineItemID"]
    books.perfex.staff.credits.edit(note, [line("40.00", "Returned desk, used")])
    report = books.sync()
    assert report.done == {"credit_note": {"update": 1}}
    found = the_credit_note(books)
    assert found["Total"] == 48.0
    assert found["LineItems"][0]["LineItemID"] == first
    assert books.sync(wait=HOURS).done == {}


def test_a_credit_note_renumbered_in_perfex_is_renumbered_in_xero(books: World) -> None:
    note = credit_note(books, "50.00")
    books.sync()
    books.perfex.staff.credits.edit(note, number="77", date="2026-11-18")
    books.sync()
    found = the_credit_note(books)
    assert (found["CreditNoteNumber"], found["DateString"][:10]) == ("CN-000077", "2026-11-18")
    assert (found["Total"], found["Reference"]) == (60.0, "PX-CN-1")


def test_amounts_of_a_credit_note_that_was_used_in_xero_are_asked_about(books: World) -> None:
    note = credit_note(books, "50.00", "Returned desk")
    books.perfex.staff.credits.apply(note, books.invoice, "30.00")
    books.sync()
    books.perfex.staff.credits.edit(note, [line("45.00", "Returned desk")])
    books.sync(wait=timedelta(days=1))
    assert books.question("has_payments").label == "CN-000001"
    assert the_credit_note(books)["Total"] == 60.0


def test_a_credit_note_voided_in_perfex_is_voided_in_xero_when_a_person_says_so(
    books: World,
) -> None:
    note = credit_note(books, "50.00")
    books.sync()
    books.perfex.staff.credits.void(note)
    books.sync()
    assert the_credit_note(books)["Status"] == "AUTHORISED"
    books.answer("cancelled_in_perfex", "remove")
    assert books.sync().done == {"credit_note": {"void": 1}}
    assert the_credit_note(books)["Status"] == "VOIDED"
    assert books.sync(wait=HOURS).state is RunState.IN_STEP


def test_a_used_credit_note_is_not_voided_before_its_credit_was_taken_back(books: World) -> None:
    note = credit_note(books, "50.00")
    books.sync()
    apply_in_xero(books, "INV-000001", "30.00")
    books.perfex.staff.credits.void(note)
    books.sync(wait=HOURS)
    books.answer("cancelled_in_perfex", "remove")
    assert books.sync().done == {}
    assert books.question("credit_used").label == "CN-000001"
    take_back_in_xero(books)
    # It is another document now, so the person is asked again.
    assert books.sync(wait=HOURS).done == {}
    books.answer("cancelled_in_perfex", "remove")
    assert books.sync().done == {"credit_note": {"void": 1}}


def test_a_credit_note_deleted_in_perfex_is_asked_about(books: World) -> None:
    note = credit_note(books, "50.00")
    credit_note(books, "10.00")
    books.sync()
    assert books.perfex.staff.credits.delete(note)
    books.sync()
    assert books.question("deleted_in_perfex").label == "CN-000001"
    books.answer("deleted_in_perfex", "remove")
    books.sync()
    voided = credit_notes(books, Status="VOIDED")
    assert [one["CreditNoteNumber"] for one in voided] == ["CN-000001"]


def test_a_credit_note_that_is_void_already_stays_in_perfex(books: World) -> None:
    books.perfex.staff.credits.void(credit_note(books, "50.00"))
    assert books.sync().state is RunState.IN_STEP
    assert credit_notes(books) == []


def test_a_number_that_another_credit_note_has_in_xero_is_asked_about(books: World) -> None:
    in_xero(books, "CN-000001", "12.00")
    credit_note(books, "50.00")
    assert books.sync(wait=HOURS).done == {}
    asked = books.question("number_taken")
    assert (asked.label, asked.details["candidates"]) == ("CN-000001", "CN-000001")
    assert the_credit_note(books)["Total"] == 12.0


def test_the_same_credit_note_on_both_sides_is_adopted(books: World) -> None:
    in_xero(books, "CN-000001", "50.00")
    credit_note(books, "50.00", tax=None)
    report = books.sync(wait=HOURS)
    assert report.done == {"credit_note": {"link": 1}}
    assert len(credit_notes(books)) == 1


def test_a_credit_note_born_in_xero_stays_there(books: World) -> None:
    in_xero(books, "CN-X1", "12.00")
    report = books.sync(wait=HOURS)
    assert (report.state, report.done) == (RunState.IN_STEP, {})
    (left,) = [hold for hold in books.last_plan().excluded if hold.key.kind is Kind.CREDIT_NOTE]
    assert left.reason == "births_ignore"
    assert books.perfex.rows("creditnotes") == []


def test_an_edit_in_xero_is_asked_about_and_never_overwritten(books: World) -> None:
    note = credit_note(books, "50.00", "Returned desk")
    books.sync()
    edit_in_xero(books, UnitAmount=45.0)
    books.sync(wait=HOURS)
    asked = books.question("edited_in_xero")
    assert {row.facet for row in asked.rows} >= {"lines", "total"}
    books.perfex.staff.credits.edit(note, [line("40.00", "Returned desk")])
    books.sync()
    assert books.question("conflict").label == "CN-000001"
    assert the_credit_note(books)["Total"] == 54.0


def test_line_taxes_that_two_taxes_could_explain_are_asked_about(books: World) -> None:
    books.perfex.staff.create("taxes", name="MwSt", taxrate="20.00")
    books.sync(wait=timedelta(days=1))
    credit_note(books, "50.00")
    books.sync()
    assert books.question("line_taxes_unreadable").label == "CN-000001"
    assert credit_notes(books) == []


def test_line_taxes_are_read_from_their_table_where_it_is_allowed(books: World) -> None:
    books.perfex.staff.create("taxes", name="MwSt", taxrate="20.00")
    books.perfex.settings.custom_tables = {"tblitem_tax"}
    books.sync(wait=timedelta(days=1))
    credit_note(books, "50.00")
    assert books.sync().done == {"credit_note": {"create": 1}}
    assert the_credit_note(books)["LineItems"][0]["TaxType"] == "OUTPUT2"


@pytest.mark.parametrize("version", ["2.0.8", "3.0.3", "3.1.0"])
def test_every_module_version_tells_enough_of_a_credit_note(version: str) -> None:
    with a_world(version=version) as books:
        books.map_usual()
        books.go_live()
        books.customer = books.perfex.staff.create_customer("Harbour Joinery Ltd")
        books.invoice = books.bill("100.00")
        books.sync()
        note = credit_note(books, "50.00")
        books.perfex.staff.credits.apply(note, books.invoice, "20.00")
        report = books.sync()
        assert report.done == {"credit_note": {"create": 1, "update": 1}}
        assert allocations(books) == [("INV-000001", 20.0)]
        books.perfex.staff.credits.apply(note, books.invoice, "40.00")
        assert books.sync().done == {"credit_note": {"update": 1}}
        assert the_credit_note(books)["Status"] == "PAID"
        assert books.sync(wait=HOURS).done == {}
