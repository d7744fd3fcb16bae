"""Edits after the first sync: what is carried over, what is asked, what is never overwritten."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.scenarios.world import World, line
from xero_bridge.core.vocabulary import Kind, RunState, Side


def test_an_invoice_edited_in_perfex_changes_in_xero(books: World) -> None:
    books.perfex.staff.edit_invoice(books.invoice, [line("150.00", "Consulting, two visits")])
    report = books.sync()
    assert report.done == {"invoice": {"update": 1}}
    found = books.xero_invoice(books.number())
    assert found["Total"] == 180.0
    assert [one["Description"] for one in found["LineItems"]] == ["Consulting, two visits"]


def test_lines_added_and_taken_away_in_perfex_follow_and_keep_their_ids(books: World) -> None:
    first = books.xero_invoice(books.number())["LineItems"][0]["LineItemID"]
    rows = [line("100.00", "Consulting"), line("20.00", "Travel")]
    books.perfex.staff.edit_invoice(books.invoice, rows)
    books.sync()
    found = books.xero_invoice(books.number())
    assert [one["Description"] for one in found["LineItems"]] == ["Consulting", "Travel"]
    assert found["LineItems"][0]["LineItemID"] == first
    books.perfex.staff.edit_invoice(books.invoice, [line("100.00", "Consulting")])
    books.sync()
    found = books.xero_invoice(books.number())
    assert [one["LineItemID"] for one in found["LineItems"]] == [first]


@pytest.mark.usefixtures("one_way")
def test_an_invoice_edited_in_xero_is_a_question_with_both_versions(books: World) -> None:
    books.edit_line_in_xero(books.number(), 0, UnitAmount="90.00")
    report = books.sync()
    assert report.state is RunState.QUESTIONS
    assert report.done == {}
    asked = books.question("edited_in_xero")
    assert "total" in {row.facet for row in asked.rows}
    total = next(row for row in asked.rows if row.facet == "total")
    assert (total.base, total.perfex, total.xero) == ("120.00", "120.00", "108.0")


@pytest.mark.usefixtures("one_way")
def test_a_later_perfex_edit_does_not_overwrite_what_was_edited_in_xero(books: World) -> None:
    books.edit_line_in_xero(books.number(), 0, UnitAmount="90.00")
    books.sync()
    books.perfex.staff.edit_invoice(books.invoice, [line("150.00", "Consulting")])
    books.sync()
    assert books.xero_invoice(books.number())["Total"] == 108.0
    assert books.question("conflict").label == books.number()


@pytest.mark.usefixtures("one_way")
def test_the_perfex_version_is_sent_when_a_person_says_so(books: World) -> None:
    books.edit_line_in_xero(books.number(), 0, UnitAmount="90.00")
    books.sync()
    books.answer("edited_in_xero", "keep_perfex")
    report = books.sync()
    assert report.done == {"invoice": {"update": 1}}
    assert books.xero_invoice(books.number())["Total"] == 120.0
    assert books.questions() == []
    assert books.sync().done == {}


@pytest.mark.usefixtures("one_way")
def test_the_xero_version_stays_when_a_person_accepts_it(books: World) -> None:
    books.edit_line_in_xero(books.number(), 0, UnitAmount="90.00")
    books.sync()
    books.answer("edited_in_xero", "keep_xero")
    assert books.sync().done == {}
    assert books.questions() == []
    assert books.xero_invoice(books.number())["Total"] == 108.0
    # What was accepted is not overwritten by the next Perfex edit unasked.
    books.perfex.staff.edit_invoice(books.invoice, [line("150.00", "Consulting")])
    books.sync()
    assert books.xero_invoice(books.number())["Total"] == 108.0
    assert books.question("conflict").label == books.number()


def test_a_bookkeepers_recoding_is_kept_when_perfex_fixes_a_typo(books: World) -> None:
    books.edit_line_in_xero(books.number(), 0, AccountCode="260")
    assert books.sync().done == {}
    books.perfex.staff.edit_invoice(books.invoice, [line("100.00", "Consulting, fixed")])
    # Perfex's list does not show such an edit: it is found by the daily deep check.
    books.sync(wait=timedelta(days=1))
    (found,) = books.xero_invoice(books.number())["LineItems"]
    assert (found["Description"], found["AccountCode"]) == ("Consulting, fixed", "260")


def test_a_renumbered_invoice_is_renamed_in_xero(books: World) -> None:
    old = books.number()
    books.perfex.staff.renumber_invoice(books.invoice, 4711)
    books.sync()
    assert books.xero_invoices(InvoiceNumber=old) == []
    assert books.xero_invoice("INV-004711")["Total"] == 120.0


def test_a_cancelled_invoice_is_asked_about_and_voided_when_told(books: World) -> None:
    books.perfex.staff.cancel_invoice(books.invoice)
    books.sync()
    assert books.xero_invoice(books.number())["Status"] == "AUTHORISED"
    books.answer("cancelled_in_perfex", "remove")
    report = books.sync()
    assert report.done == {"invoice": {"void": 1}}
    assert books.xero_invoice(books.number())["Status"] == "VOIDED"
    assert books.sync().state is RunState.IN_STEP


def test_an_invoice_deleted_in_perfex_is_asked_about(books: World) -> None:
    assert books.perfex.staff.delete_invoice(books.invoice)
    books.bill("10.00", "Another one, so that the list is not empty")
    books.sync()
    assert books.question("deleted_in_perfex").perfex_id == str(books.invoice)
    books.answer("deleted_in_perfex", "leave")
    books.sync()
    assert books.questions() == []
    assert len(books.xero_invoices(Status="AUTHORISED")) == 2


def test_an_invoice_voided_in_xero_is_asked_about_and_never_made_again(books: World) -> None:
    books.edit_in_xero(books.number(), Status="VOIDED")
    books.sync()
    assert books.question("voided_in_xero").perfex_id == str(books.invoice)
    books.answer("voided_in_xero", "leave")
    for _again in range(2):
        assert books.sync().done == {}
    assert len(books.xero_invoices()) == 1


def test_a_customer_renamed_in_perfex_is_renamed_in_xero_and_nothing_else_moves(
    books: World,
) -> None:
    (contact,) = [one for one in books.xero_contacts() if one["Name"] == "Harbour Joinery Ltd"]
    books.xero_call("POST", f"Contacts/{contact['ContactID']}", {"AccountNumber": "HJ-1"})
    books.perfex.staff.edit_customer(books.customer, company="Harbour & Joinery Ltd")
    report = books.sync()
    assert report.done == {"customer": {"update": 1}}
    (contact,) = [one for one in books.xero_contacts() if one["ContactID"] == contact["ContactID"]]
    assert contact["Name"] == "Harbour & Joinery Ltd"
    assert contact["AccountNumber"] == "HJ-1"
    assert contact["TaxNumber"] == "GB123"


def test_an_invoice_copied_by_staff_with_its_note_is_a_new_invoice(books: World) -> None:
    books.perfex.staff.edit_invoice(books.invoice, adminnote="Xero INV-000001")
    copy = books.perfex.staff.copy_invoice(books.invoice)
    report = books.sync()
    assert report.done["invoice"]["create"] == 1
    assert {one["InvoiceNumber"] for one in books.xero_invoices()} == {
        books.number(),
        books.number(copy),
    }
    links = {link.perfex_id: link.xero_id for link in books.store.links_of(Kind.INVOICE)}
    assert len(set(links.values())) == 2


def test_an_untaxed_line_stays_untaxed_on_an_account_whose_default_is_taxed(books: World) -> None:
    untaxed = books.bill("50.00", "Deposit", tax=None)
    books.sync()
    found = books.xero_invoice(books.number(untaxed))
    assert (found["Total"], found["TotalTax"]) == (50.0, 0.0)
    (sent,) = found["LineItems"]
    assert (sent["AccountCode"], sent["TaxType"]) == ("200", "NONE")


def test_an_unmapped_tax_waits_until_it_is_mapped_and_then_goes_by_itself(books: World) -> None:
    books.perfex.staff.create("taxes", name="GST", taxrate="10.00")
    waiting = books.bill("10.00", tax="GST|10.00")
    report = books.sync()
    assert report.state is RunState.QUESTIONS
    asked = books.question("tax_unmapped")
    assert (asked.perfex_id, asked.amount) == ("GST|10.00", Decimal("11.00"))
    rate = {
        "Name": "Goods tax",
        "ReportTaxType": "OUTPUT",
        "TaxComponents": [{"Name": "Goods tax", "Rate": 10}],
    }
    made = books.xero_call("PUT", "TaxRates", {"TaxRates": [rate]})["TaxRates"][0]
    books.clock.move(days=1)
    books.map(Kind.TAX, "GST|10.00", made["TaxType"])
    books.sync()
    assert books.questions() == []
    assert books.xero_invoice(books.number(waiting))["Total"] == 11.0


def test_a_document_in_a_locked_period_is_held_with_both_dates(books: World) -> None:
    books.xero.books().set_organisation(PeriodLockDate=books.clock.now().date())
    books.clock.move(days=1, minutes=1)
    late = books.bill("10.00", date="2026-11-01")
    report = books.sync()
    assert report.done == {}
    held = next(hold for hold in books.last_plan().held if hold.key.id == str(late))
    assert held.reason == "period_locked"
    assert held.details["date"] == "2026-11-01"


def test_a_fact_of_the_books_a_second_run_never_writes(books: World) -> None:
    before = [call for call in books.xero.calls if call.method != "GET"]
    for _quiet in range(3):
        assert books.sync().state is RunState.IN_STEP
    assert [call for call in books.xero.calls if call.method != "GET"] == before
    assert books.store.links(Kind.INVOICE, Side.PERFEX, [str(books.invoice)])


def test_a_long_list_of_xero_is_read_whole_once_a_week_and_nothing_comes_of_it(
    books: World,
) -> None:
    books.sync(wait=timedelta(days=1))
    first = books.store.cursor(Kind.INVOICE, Side.XERO)
    assert first is not None
    report = books.sync(wait=timedelta(days=7))
    again = books.store.cursor(Kind.INVOICE, Side.XERO)
    assert again is not None
    assert again.full_at == again.read_at
    assert again.full_at != first.full_at
    assert (report.state, report.done) == (RunState.IN_STEP, {})


@pytest.mark.usefixtures("one_way")
def test_a_due_date_moved_in_xero_on_a_part_paid_invoice_is_found_the_next_night(
    books: World,
) -> None:
    """Xero does not move the stamp of such an edit: only a list of what is open shows it."""
    books.perfex.staff.record_payment(books.invoice, "20.00", "1")
    books.sync()
    books.bill("50.00")
    books.sync(wait=timedelta(minutes=20))
    books.sync(wait=timedelta(minutes=20))
    books.edit_in_xero(books.number(), DueDate="2027-03-01")
    assert books.sync(wait=timedelta(minutes=20)).state is RunState.IN_STEP
    books.sync(wait=timedelta(hours=21))
    assert books.question("edited_in_xero").label == books.number()


def test_a_line_edit_that_keeps_the_total_is_found_among_many_documents_within_a_day(
    world: World,
) -> None:
    world.customer = world.perfex.staff.create_customer("Ash & Co")
    invoices = [world.bill("100.00", f"Visit {n}") for n in range(70)]
    world.sync()
    rows = [line("60.00", "Half a day"), line("40.00", "Travel")]
    world.perfex.staff.edit_invoice(invoices[-1], rows)
    world.sync(wait=timedelta(hours=22))
    found = world.xero_invoice(world.number(invoices[-1]))
    assert [one["Description"] for one in found["LineItems"]] == ["Half a day", "Travel"]
