"""Cancelling, voiding and taking back, as staff and bookkeepers do it at the worst moment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.scenarios.world import World, line
from xero_bridge.core.plan import Hold
from xero_bridge.core.vocabulary import RunState


def _paid(world: World, amount: str = "120.00") -> str:
    world.perfex.staff.record_payment(world.invoice, amount, "1")
    world.sync()
    (payment,) = world.xero_payments()
    return str(payment["PaymentID"])


def _change_in_xero(world: World, payment: str, **fields: object) -> None:
    """Do to a payment what Xero's API cannot show being done: reconcile, batch."""
    table = world.xero.books().payments
    row = table.get(payment)
    assert row is not None
    world.clock.move(seconds=5)
    table.put(payment, {**row, **fields, "UpdatedDateUTC": world.xero.books().now()})


def _held(world: World, reason: str) -> list[Hold]:
    return [hold for hold in world.last_plan().held if hold.reason == reason]


def test_an_invoice_cancelled_in_perfex_but_paid_in_xero_says_what_is_in_the_way(
    books: World,
) -> None:
    books.pay_in_xero(books.number(), "50.00", "2026-11-20")
    books.perfex.staff.cancel_invoice(books.invoice)
    books.sync()
    books.answer("cancelled_in_perfex", "remove")
    report = books.sync()
    assert report.done == {}
    assert books.question("has_payments").label == books.number()
    # The answer was not forgotten: it is carried out when the payment has been removed.
    (payment,) = books.xero_payments()
    books.delete_payment_in_xero(payment["PaymentID"])
    books.sync()
    if books.xero_invoice(books.number())["Status"] != "VOIDED":
        books.answer("cancelled_in_perfex", "remove")
        books.sync()
    assert books.xero_invoice(books.number())["Status"] == "VOIDED"
    assert books.questions() == []


def test_an_invoice_of_a_locked_period_is_not_voided_even_when_told(books: World) -> None:
    books.perfex.staff.cancel_invoice(books.invoice)
    books.sync()
    books.answer("cancelled_in_perfex", "remove")
    books.xero.books().set_organisation(PeriodLockDate=books.clock.now().date())
    writes = [call for call in books.xero.calls if call.method != "GET"]
    report = books.sync(wait=timedelta(days=1, minutes=1))
    assert report.done == {}
    assert [call for call in books.xero.calls if call.method != "GET"] == writes
    assert _held(books, "period_locked")


def test_a_lock_date_moved_while_the_plan_waits_holds_the_void(books: World) -> None:
    books.perfex.staff.cancel_invoice(books.invoice)
    books.sync()
    books.answer("cancelled_in_perfex", "remove")
    books.xero.books().set_organisation(PeriodLockDate=books.clock.now().date())
    writes = [call for call in books.xero.calls if call.method != "GET"]
    assert books.sync().done == {}
    assert [call for call in books.xero.calls if call.method != "GET"] == writes
    books.xero.books().set_organisation(PeriodLockDate=None)
    report = books.sync(wait=timedelta(days=1, minutes=1))
    assert report.done == {"invoice": {"void": 1}}


def test_a_reconciled_payment_that_was_changed_in_perfex_is_not_deleted_and_says_so(
    books: World,
) -> None:
    payment = _paid(books, "30.00")
    _change_in_xero(books, payment, IsReconciled=True)
    (row,) = books.perfex.rows("invoicepaymentrecords")
    books.perfex.staff.edit_payment(int(str(row["id"])), amount="35.00")
    books.sync()
    books.answer("payment_changed", "replace")
    report = books.sync()
    assert report.done == {}
    books.question("payment_reconciled")
    assert [paid["Amount"] for paid in books.xero_payments()] == [30.0]
    _change_in_xero(books, payment, IsReconciled=False)
    for _again in range(3):
        if any(asked.reason == "payment_changed" for asked in books.questions()):
            books.answer("payment_changed", "replace")
        books.sync()
    assert [paid["Amount"] for paid in books.xero_payments()] == [35.0]
    assert books.questions() == []


def test_a_payment_moved_to_an_unmapped_mode_is_not_deleted_before_it_can_be_entered_again(
    books: World,
) -> None:
    _paid(books, "30.00")
    mode = books.perfex.staff.create("payment_modes", name="Cheque", active="1")
    (row,) = books.perfex.rows("invoicepaymentrecords")
    books.perfex.staff.edit_payment(int(str(row["id"])), paymentmode=str(mode))
    books.sync()
    books.answer("payment_changed", "replace")
    assert books.sync().done == {}
    assert [paid["Amount"] for paid in books.xero_payments()] == [30.0]
    assert books.question("payment_mode_unmapped").perfex_id == str(mode)


def test_a_payment_moved_to_another_date_is_replaced_in_xero_when_told(books: World) -> None:
    _paid(books, "30.00")
    (row,) = books.perfex.rows("invoicepaymentrecords")
    books.perfex.staff.edit_payment(int(str(row["id"])), date="2026-11-18")
    books.sync()
    books.answer("payment_changed", "replace")
    books.sync()
    books.sync()
    (payment,) = books.xero_payments()
    assert payment["Amount"] == 30.0
    assert payment["Date"] == "/Date(1794960000000+0000)/"
    assert books.questions() == []


def test_a_cancellation_taken_back_before_the_answer_changes_nothing(books: World) -> None:
    books.perfex.staff.cancel_invoice(books.invoice)
    books.sync()
    books.answer("cancelled_in_perfex", "remove")
    books.perfex.staff.uncancel_invoice(books.invoice)
    report = books.sync()
    assert (report.state, report.done) == (RunState.IN_STEP, {})
    assert books.xero_invoice(books.number())["Status"] == "AUTHORISED"
    # An old answer is not carried out when the invoice is cancelled another time.
    books.perfex.staff.cancel_invoice(books.invoice)
    assert books.sync().done == {}
    books.question("cancelled_in_perfex")


def test_a_cancellation_taken_back_after_the_void_is_asked_about(books: World) -> None:
    books.perfex.staff.cancel_invoice(books.invoice)
    books.sync()
    books.answer("cancelled_in_perfex", "remove")
    books.sync()
    books.perfex.staff.uncancel_invoice(books.invoice)
    report = books.sync()
    assert report.state is RunState.QUESTIONS
    books.question("voided_in_xero")
    assert len(books.xero_invoices()) == 1


def test_switched_to_automatic_only_our_own_unedited_invoices_are_voided(books: World) -> None:
    books.change_settings(void_policy="automatic")
    books.edit_line_in_xero(books.number(), 0, AccountCode="260", Description="Checked by Jo")
    books.perfex.staff.cancel_invoice(books.invoice)
    report = books.sync()
    assert report.done == {}
    books.question("cancelled_in_perfex")


def test_switched_to_automatic_an_invoice_that_xero_had_first_is_asked_about(
    world: World,
) -> None:
    world.change_settings(void_policy="automatic")
    world.customer = world.perfex.staff.create_customer("Ash & Co")
    world.sync()
    (contact,) = [one for one in world.xero_contacts() if one["Name"] == "Ash & Co"]
    body = {
        "Type": "ACCREC",
        "Status": "AUTHORISED",
        "InvoiceNumber": "INV-000001",
        "Contact": {"ContactID": contact["ContactID"]},
        "Date": "2026-11-20",
        "DueDate": "2026-12-20",
        "LineItems": [
            {
                "Description": "Work",
                "Quantity": 1,
                "UnitAmount": 100,
                "AccountCode": "200",
                "TaxType": "OUTPUT2",
            }
        ],
    }
    world.xero_call("PUT", "Invoices", {"Invoices": [body]})
    world.sync()
    world.invoice = world.bill("100.00")
    assert world.sync().done == {"invoice": {"link": 1}}
    world.perfex.staff.cancel_invoice(world.invoice)
    assert world.sync().done == {}
    world.question("cancelled_in_perfex")


def test_a_void_that_met_the_daily_limit_goes_on_without_asking_again(books: World) -> None:
    books.perfex.staff.cancel_invoice(books.invoice)
    books.sync()
    books.answer("cancelled_in_perfex", "remove")
    books.xero.faults.add("429-day", method="POST", path="Invoices", seconds=7200)
    assert books.sync().state is RunState.WAITING
    assert books.sync(wait=timedelta(hours=2, minutes=1)).done == {"invoice": {"void": 1}}


@pytest.mark.usefixtures("one_way")
def test_an_edit_that_waits_for_a_locked_period_is_not_lost_by_accepting_another_one(
    books: World,
) -> None:
    """The bookkeeper moved the due date; staff changed the price; the month is locked."""
    books.edit_in_xero(books.number(), DueDate="2026-12-31")
    books.perfex.staff.edit_invoice(books.invoice, [line("150.00", "Consulting")])
    books.sync()
    books.answer("edited_in_xero", "keep_xero")
    books.xero.books().set_organisation(PeriodLockDate=books.clock.now().date())
    books.sync(wait=timedelta(days=1, minutes=1))
    assert books.xero_invoice(books.number())["Total"] == 120.0
    books.xero.books().set_organisation(PeriodLockDate=None)
    books.sync(wait=timedelta(days=1, minutes=1))
    found = books.xero_invoice(books.number())
    assert (found["Total"], found["DueDateString"][:10]) == (180.0, "2026-12-31")
