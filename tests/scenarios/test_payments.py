"""Money on both sides: nothing is paid twice, and no receipt leaves unannounced."""

from __future__ import annotations

from datetime import timedelta

from tests.scenarios.world import World
from xero_bridge.core.vocabulary import Kind, RunState


def test_a_perfex_payment_is_entered_in_xero_and_the_invoice_turns_paid(books: World) -> None:
    books.perfex.staff.record_payment(books.invoice, "120.00", "1")
    report = books.sync()
    assert report.done == {"payment": {"create": 1}}
    assert books.xero_invoice(books.number())["Status"] == "PAID"
    assert books.sync().state is RunState.IN_STEP
    assert len(books.xero_payments()) == 1


def test_a_xero_payment_appears_in_perfex_after_the_consent_that_names_the_receipts(
    books: World,
) -> None:
    books.pay_in_xero(books.number(), "120.00", "2026-11-20")
    stopped = books.sync()
    assert stopped.state is RunState.STOPPED_BY_GUARD
    (stop,) = books.stops()
    assert (stop.guard, stop.count) == ("receipts", 1)
    assert books.perfex.outbox == []
    books.approve("receipts")
    done = books.sync()
    assert done.done == {"payment": {"create": 1}}
    row = books.perfex.row("invoices", books.invoice)
    assert row is not None
    assert row["status"] in ("2", 2)
    assert books.sync().state is RunState.IN_STEP
    assert len(books.perfex.rows("invoicepaymentrecords")) == 1
    assert len(books.xero_payments()) == 1


def test_a_second_xero_payment_waits_one_poll_and_then_needs_no_consent(books: World) -> None:
    books.pay_in_xero(books.number(), "60.00", "2026-11-20")
    books.sync()
    books.approve("receipts")
    books.sync()
    books.pay_in_xero(books.number(), "60.00", "2026-11-20")
    assert books.sync().done == {}
    assert books.sync().done == {"payment": {"create": 1}}
    assert len(books.perfex.rows("invoicepaymentrecords")) == 2


def test_the_same_money_entered_on_both_sides_is_one_payment(books: World) -> None:
    books.perfex.staff.record_payment(books.invoice, "120.00", "1", issued="2026-11-19")
    books.pay_in_xero(books.number(), "120.00", "2026-11-20")
    report = books.sync()
    assert report.done == {"payment": {"link": 1}}
    assert books.sync().state is RunState.IN_STEP
    assert len(books.xero_payments()) == 1
    assert len(books.perfex.rows("invoicepaymentrecords")) == 1


def test_different_money_on_both_sides_of_one_invoice_is_one_question(books: World) -> None:
    books.perfex.staff.record_payment(books.invoice, "50.00", "1")
    books.pay_in_xero(books.number(), "40.00", "2026-11-20")
    report = books.sync()
    assert report.done == {}
    asked = books.question("payments_on_both")
    assert ("50.00" in asked.details["perfex"], "40.00" in asked.details["xero"]) == (True, True)


def test_a_payment_redone_in_xero_takes_over_the_link_and_nothing_is_posted(books: World) -> None:
    books.perfex.staff.record_payment(books.invoice, "120.00", "1")
    books.sync()
    (payment,) = books.xero_payments()
    books.delete_payment_in_xero(payment["PaymentID"])
    books.xero_call(
        "PUT",
        "Accounts",
        {"Code": "091", "Name": "Savings", "Type": "BANK", "BankAccountNumber": "12-34"},
    )
    new = books.pay_in_xero(books.number(), "120.00", "2026-11-20", account="091")
    report = books.sync()
    assert report.done == {"payment": {"link": 1}}
    (link,) = books.store.links_of(Kind.PAYMENT)
    assert link.xero_id == new
    assert books.sync().state is RunState.IN_STEP
    assert len(books.perfex.rows("invoicepaymentrecords")) == 1


def test_a_payment_deleted_in_xero_is_asked_about_and_sent_again_when_told(books: World) -> None:
    books.perfex.staff.record_payment(books.invoice, "120.00", "1")
    books.sync()
    (payment,) = books.xero_payments()
    books.delete_payment_in_xero(payment["PaymentID"])
    books.sync()
    books.answer("payment_deleted_in_xero", "resend")
    books.sync()
    books.sync()
    assert len(books.xero_payments()) == 1
    assert books.xero_invoice(books.number())["Status"] == "PAID"


def test_a_perfex_payment_deleted_is_asked_about_and_deleted_in_xero_when_told(
    books: World,
) -> None:
    kept = books.perfex.staff.record_payment(books.invoice, "20.00", "1")
    gone = books.perfex.staff.record_payment(books.invoice, "30.00", "1")
    books.sync()
    books.perfex.staff.delete_payment(gone)
    books.sync()
    books.answer("deleted_in_perfex", "remove")
    report = books.sync()
    assert report.done == {"payment": {"delete": 1}}
    assert [payment["Amount"] for payment in books.xero_payments()] == [20.0]
    assert kept


def test_a_changed_perfex_payment_is_replaced_in_xero_when_told(books: World) -> None:
    payment = books.perfex.staff.record_payment(books.invoice, "30.00", "1")
    books.sync()
    books.perfex.staff.edit_payment(payment, amount="35.00")
    books.sync()
    books.answer("payment_changed", "replace")
    books.sync()
    books.sync()
    assert [paid["Amount"] for paid in books.xero_payments()] == [35.0]


def test_a_payment_of_an_unmapped_mode_waits_without_a_fallback_account(books: World) -> None:
    mode = books.perfex.staff.create("payment_modes", name="Cheque", active="1")
    books.perfex.staff.record_payment(books.invoice, "120.00", str(mode))
    report = books.sync()
    assert report.done == {}
    assert books.question("payment_mode_unmapped").perfex_id == str(mode)
    assert books.xero_payments() == []


def test_more_than_is_left_to_pay_is_a_question(books: World) -> None:
    books.perfex.staff.record_payment(books.invoice, "120.00", "1")
    books.sync()
    (payment,) = books.xero_payments()
    books.perfex.staff.edit_payment(
        int(next(iter(books.store.links_of(Kind.PAYMENT))).perfex_id), transactionid="BACS-1"
    )
    assert books.sync(wait=timedelta(minutes=20)).done == {}
    assert len(books.xero_payments()) == 1
    assert payment
