"""Credit set against invoices: in Perfex it goes to Xero, in Xero a person enters it in Perfex."""

from __future__ import annotations

from datetime import timedelta

from tests.scenarios.crediting import (
    allocations,
    apply_in_xero,
    credit_note,
    take_back_in_xero,
    the_credit_note,
)
from tests.scenarios.world import World
from xero_bridge.core.vocabulary import RunState

HOURS = timedelta(hours=2)


def noted(books: World, rate: str = "50.00") -> int:
    """A credit note that both sides have."""
    note = credit_note(books, rate)
    assert books.sync().state is RunState.IN_STEP
    return note


def in_step(books: World) -> None:
    """Nothing is left to write, now and after everything was read again."""
    assert books.sync().done == {}
    report = books.sync(wait=HOURS)
    assert (report.state, report.done) == (RunState.IN_STEP, {}), books.questions()


def test_a_credit_applied_in_perfex_pays_the_invoice_in_xero(books: World) -> None:
    note = noted(books)
    books.perfex.staff.credits.apply(note, books.invoice, "45.00")
    report = books.sync()
    assert report.done == {"credit_note": {"update": 1}}
    assert allocations(books) == [("INV-000001", 45.0)]
    found = books.xero_invoice("INV-000001")
    assert (found["AmountDue"], found["AmountCredited"], found["AmountPaid"]) == (75.0, 45.0, 0.0)
    assert the_credit_note(books)["RemainingCredit"] == 15.0
    in_step(books)


def test_a_credit_note_made_and_applied_at_once_arrives_whole(books: World) -> None:
    note = credit_note(books, "100.00")
    books.perfex.staff.credits.apply(note, books.invoice, "120.00")
    report = books.sync()
    assert report.done == {"credit_note": {"create": 1, "update": 1}}
    assert books.xero_invoice("INV-000001")["Status"] == "PAID"
    assert the_credit_note(books)["Status"] == "PAID"
    assert books.xero_payments() == []
    in_step(books)


def test_one_credit_note_pays_parts_of_two_invoices_one_of_them_new(books: World) -> None:
    note = noted(books, "100.00")
    second = books.bill("50.00", "Travel")
    books.perfex.staff.credits.apply(note, books.invoice, "70.00")
    books.perfex.staff.credits.apply(note, second, "30.00")
    report = books.sync()
    assert report.done == {"invoice": {"create": 1}, "credit_note": {"update": 2}}
    assert allocations(books) == [("INV-000001", 70.0), ("INV-000002", 30.0)]
    in_step(books)


def test_a_second_credit_on_the_same_invoice_adds_to_the_first(books: World) -> None:
    note = noted(books)
    books.perfex.staff.credits.apply(note, books.invoice, "20.00")
    books.sync()
    books.perfex.staff.credits.apply(note, books.invoice, "15.00")
    books.sync()
    assert allocations(books) == [("INV-000001", 15.0), ("INV-000001", 20.0)]
    in_step(books)


def test_a_credit_taken_back_in_perfex_is_taken_back_in_xero(books: World) -> None:
    note = noted(books)
    first = books.perfex.staff.credits.apply(note, books.invoice, "20.00")
    books.perfex.staff.credits.apply(note, books.invoice, "15.00")
    books.sync()
    assert allocations(books) == [("INV-000001", 35.0)]
    books.perfex.staff.credits.take_back(first)
    report = books.sync()
    assert report.done == {"credit_note": {"update": 2}}
    assert allocations(books) == [("INV-000001", 15.0)]
    in_step(books)


def test_a_credit_moved_to_another_invoice_moves_in_xero(books: World) -> None:
    note = noted(books)
    second = books.bill("50.00", "Travel")
    wrong = books.perfex.staff.credits.apply(note, books.invoice, "60.00")
    books.sync()
    books.perfex.staff.credits.take_back(wrong)
    books.perfex.staff.credits.apply(note, second, "60.00")
    books.sync()
    assert allocations(books) == [("INV-000002", 60.0)]
    assert books.xero_invoice("INV-000001")["AmountDue"] == 120.0
    in_step(books)


def test_a_credit_note_taken_back_and_edited_is_edited_in_xero_too(books: World) -> None:
    from tests.scenarios.world import line

    note = noted(books)
    applied = books.perfex.staff.credits.apply(note, books.invoice, "60.00")
    books.sync()
    books.perfex.staff.credits.take_back(applied)
    books.perfex.staff.credits.edit(note, [line("40.00", "Return, used")])
    books.perfex.staff.credits.apply(note, books.invoice, "48.00")
    books.sync()
    assert the_credit_note(books)["Total"] == 48.0
    assert allocations(books) == [("INV-000001", 48.0)]
    in_step(books)


def test_credit_and_payment_together_pay_the_invoice_once(books: World) -> None:
    note = noted(books)
    books.perfex.staff.credits.apply(note, books.invoice, "20.00")
    books.perfex.staff.record_payment(books.invoice, "100.00", "1")
    books.sync()
    found = books.xero_invoice("INV-000001")
    assert (found["Status"], found["AmountPaid"], found["AmountCredited"]) == ("PAID", 100.0, 20.0)
    in_step(books)


def test_credit_for_an_invoice_that_is_a_draft_in_xero_waits_for_its_approval(
    books: World,
) -> None:
    note = noted(books)
    books.change_settings(invoice_status="DRAFT")
    second = books.bill("50.00", "Travel")
    books.perfex.staff.credits.apply(note, second, "30.00")
    report = books.sync()
    assert report.done == {"invoice": {"create": 1}}
    assert allocations(books) == []
    books.edit_in_xero("INV-000002", Status="AUTHORISED")
    assert books.sync().done == {"credit_note": {"update": 1}}
    assert allocations(books) == [("INV-000002", 30.0)]


def test_credit_for_an_invoice_that_was_paid_in_xero_meanwhile_is_asked_about(
    books: World,
) -> None:
    note = noted(books)
    books.pay_in_xero("INV-000001", "100.00", "2026-11-20")
    books.perfex.staff.credits.apply(note, books.invoice, "45.00")
    books.sync()
    asked = books.question("credit_exceeds")
    assert asked.label == "CN-000001"
    assert "INV-000001" in asked.details["invoice"]
    assert allocations(books) == []


def test_a_credit_applied_in_xero_is_asked_about_until_perfex_shows_it(books: World) -> None:
    note = noted(books)
    apply_in_xero(books, "INV-000001", "45.00")
    report = books.sync()
    assert (report.state, report.done) == (RunState.QUESTIONS, {})
    (asked,) = books.questions()
    assert (asked.reason, asked.label) == ("change_in_perfex", "CN-000001")
    (row,) = asked.rows
    assert (row.facet, row.perfex, row.xero) == (
        "applied to invoices",
        "",
        "45.00 on INV-000001",
    )
    books.perfex.staff.credits.apply(note, books.invoice, "45.00")
    report = books.sync()
    assert (report.state, report.done) == (RunState.IN_STEP, {})
    assert books.questions() == []
    assert allocations(books) == [("INV-000001", 45.0)]
    in_step(books)


def test_a_credit_taken_back_in_xero_is_asked_about_until_perfex_shows_it(books: World) -> None:
    note = noted(books)
    applied = books.perfex.staff.credits.apply(note, books.invoice, "45.00")
    books.sync()
    take_back_in_xero(books)
    books.sync(wait=HOURS)
    (asked,) = books.questions()
    assert asked.reason == "change_in_perfex"
    books.perfex.staff.credits.take_back(applied)
    assert books.sync().state is RunState.IN_STEP
    assert allocations(books) == []


def test_the_same_credit_applied_on_both_sides_before_a_sync_is_one(books: World) -> None:
    note = noted(books)
    books.perfex.staff.credits.apply(note, books.invoice, "45.00")
    apply_in_xero(books, "INV-000001", "45.00")
    report = books.sync()
    assert (report.state, report.done) == (RunState.IN_STEP, {})
    assert allocations(books) == [("INV-000001", 45.0)]
    in_step(books)


def test_credit_applied_to_different_invoices_on_both_sides_is_a_conflict(books: World) -> None:
    note = noted(books)
    second = books.bill("50.00", "Travel")
    books.sync()
    books.perfex.staff.credits.apply(note, second, "10.00")
    apply_in_xero(books, "INV-000001", "45.00")
    books.sync()
    asked = books.question("conflict")
    (row,) = asked.rows
    assert (row.perfex, row.xero) == ("10.00 on invoice 2", "45.00 on INV-000001")
    books.answer("conflict", "keep_perfex")
    books.sync()
    assert allocations(books) == [("INV-000002", 10.0)]
    in_step(books)


def test_an_answer_lost_after_the_credit_was_applied_never_applies_it_twice(books: World) -> None:
    note = noted(books)
    second = books.bill("50.00", "Travel")
    books.sync()
    books.perfex.staff.credits.apply(note, books.invoice, "30.00")
    books.perfex.staff.credits.apply(note, second, "20.00")
    books.xero.faults.add("drop-after", path="Allocations", method="PUT")
    books.sync()
    for _ in range(3):
        books.sync(wait=timedelta(minutes=3))
    assert allocations(books) == [("INV-000001", 30.0), ("INV-000002", 20.0)]
    in_step(books)


def test_an_answer_lost_after_the_credit_was_taken_back_does_no_harm(books: World) -> None:
    note = noted(books)
    applied = books.perfex.staff.credits.apply(note, books.invoice, "30.00")
    books.sync()
    books.perfex.staff.credits.take_back(applied)
    books.xero.faults.add("drop-after", path="Allocations", method="DELETE")
    books.sync()
    books.sync()
    assert allocations(books) == []
    in_step(books)


def test_a_credit_note_of_a_locked_period_may_still_pay_an_invoice_of_an_open_one(
    books: World,
) -> None:
    note = noted(books)
    books.xero.books().set_organisation(PeriodLockDate=books.clock.now().date())
    books.clock.move(days=1, minutes=1)
    later = books.bill("50.00", "Travel")
    books.sync()
    books.perfex.staff.credits.apply(note, later, "20.00")
    assert books.sync().done == {"credit_note": {"update": 1}}
    assert allocations(books) == [("INV-000002", 20.0)]
    books.perfex.staff.credits.apply(note, books.invoice, "10.00")
    books.sync()
    assert "period_locked" in {hold.reason for hold in books.last_plan().held}
    assert allocations(books) == [("INV-000002", 20.0)]


def test_an_invoice_paid_by_credit_and_then_by_money_instead_is_paid_once(books: World) -> None:
    note = noted(books, "100.00")
    applied = books.perfex.staff.credits.apply(note, books.invoice, "120.00")
    books.sync()
    assert books.xero_invoice("INV-000001")["Status"] == "PAID"
    books.perfex.staff.credits.take_back(applied)
    books.perfex.staff.record_payment(books.invoice, "120.00", "1")
    for _ in range(3):
        books.sync()
        assert books.questions() == []
    found = books.xero_invoice("INV-000001")
    assert (found["Status"], found["AmountPaid"]) == ("PAID", 120.0)
    assert the_credit_note(books)["RemainingCredit"] == 120.0
    in_step(books)
