"""Long days: several things go wrong at once, and at the end the books are right."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.scenarios.world import World, line
from xero_bridge.core.vocabulary import Kind, RunState

LATER = timedelta(minutes=7)


def _agree_to_receipts(world: World) -> None:
    with world.store.atomically():
        world.store.remember("receipts_agreed", "yes")


def _until_quiet(world: World, wait: timedelta = LATER) -> None:
    for _run in range(10):
        report = world.sync(wait=wait)
        if not report.done and report.state is not RunState.WAITING:
            return
    raise AssertionError("It never came to rest.")


def _posted_to_perfex(world: World) -> int:
    return len(
        [
            call
            for call in world.perfex.calls
            if call.method == "POST" and call.path.endswith("/payments")
        ]
    )


def test_an_invoice_paid_in_perfex_while_its_creation_is_unknown_is_paid_once(
    books: World,
) -> None:
    second = books.bill("200.00")
    books.xero.faults.add("500-after", method="PUT", path="Invoices")
    books.sync()
    books.perfex.staff.record_payment(second, "240.00", "1")
    _until_quiet(books)
    assert len(books.xero_invoices()) == 2
    assert [payment["Amount"] for payment in books.xero_payments()] == [240.0]


def test_a_payment_deleted_in_perfex_while_its_creation_is_unknown_is_asked_about(
    books: World,
) -> None:
    kept = books.perfex.staff.record_payment(books.invoice, "20.00", "1")
    books.sync()
    gone = books.perfex.staff.record_payment(books.invoice, "30.00", "1")
    books.xero.faults.add("drop-after", method="PUT", path="Payments")
    books.sync()
    books.perfex.staff.delete_payment(gone)
    _until_quiet(books)
    books.answer("deleted_in_perfex", "remove")
    _until_quiet(books)
    assert [payment["Amount"] for payment in books.xero_payments()] == [20.0]
    assert kept


def test_a_payment_changed_in_perfex_while_its_creation_is_unknown_is_not_sent_twice(
    books: World,
) -> None:
    payment = books.perfex.staff.record_payment(books.invoice, "20.00", "1")
    books.xero.faults.add("drop-after", method="PUT", path="Payments")
    books.sync()
    books.perfex.staff.edit_payment(payment, amount="25.00")
    _until_quiet(books)
    assert [paid["Amount"] for paid in books.xero_payments()] == [20.0]
    books.answer("payment_changed", "replace")
    _until_quiet(books)
    assert [paid["Amount"] for paid in books.xero_payments()] == [25.0]


def test_a_xero_payment_deleted_after_it_was_entered_in_perfex_is_asked_about(
    books: World,
) -> None:
    _agree_to_receipts(books)
    payment = books.pay_in_xero(books.number(), "50.00", "2026-11-20")
    books.sync()
    books.sync()
    books.delete_payment_in_xero(payment)
    for _again in range(2):
        assert books.sync().done == {}
    books.question("payment_deleted_in_xero")
    # Redone with the same amount a day later, it takes over; Perfex mails no second receipt.
    books.answer("payment_deleted_in_xero", "leave")
    books.sync()
    mails, posted = len(books.perfex.outbox), _posted_to_perfex(books)
    books.pay_in_xero(books.number(), "50.00", "2026-11-21")
    for _again in range(3):
        books.sync(wait=timedelta(hours=9))
    assert (len(books.perfex.outbox), _posted_to_perfex(books)) == (mails, posted)
    assert len(books.perfex.rows("invoicepaymentrecords")) == 1


def test_a_xero_payment_deleted_before_its_second_look_is_never_entered(books: World) -> None:
    _agree_to_receipts(books)
    payment = books.pay_in_xero(books.number(), "50.00", "2026-11-20")
    books.sync()
    books.delete_payment_in_xero(payment)
    for _again in range(2):
        assert books.sync().done == {}
    assert books.perfex.rows("invoicepaymentrecords") == []
    assert books.questions() == []


def test_a_xero_payment_deleted_while_its_entry_in_perfex_is_unknown_is_asked_about(
    books: World,
) -> None:
    _agree_to_receipts(books)
    payment = books.pay_in_xero(books.number(), "50.00", "2026-11-20")
    books.sync()
    books.perfex.faults.add("drop-after", method="POST", path="payments")
    books.sync()
    books.delete_payment_in_xero(payment)
    _until_quiet(books)
    assert len(books.perfex.rows("invoicepaymentrecords")) == 1
    books.question("payment_deleted_in_xero")


def test_an_invoice_cancelled_while_a_xero_payment_of_it_waits_gets_no_payment(
    books: World,
) -> None:
    _agree_to_receipts(books)
    books.pay_in_xero(books.number(), "50.00", "2026-11-20")
    books.sync()
    books.perfex.staff.cancel_invoice(books.invoice)
    for _again in range(3):
        assert books.sync().done == {}
    assert books.perfex.rows("invoicepaymentrecords") == []
    assert books.questions() != []


def test_perfex_away_for_a_day_changes_nothing_and_is_made_up_for(books: World) -> None:
    books.edit_in_xero(books.number(), Reference="PO 7")
    books.perfex.staff.edit_invoice(books.invoice, [line("150.00", "Consulting")])
    for _call in range(40):
        books.perfex.faults.add("500-before", method="GET", path="")
    report = books.sync()
    assert report.done == {}
    assert report.error
    books.perfex.faults.clear()
    books.sync(wait=timedelta(days=1))
    found = books.xero_invoice(books.number())
    assert (found["Total"], found["Reference"]) == (180.0, "PO 7")
    assert len(books.xero_invoices()) == 1


@pytest.mark.parametrize("path", ["Invoices", "Payments"])
def test_a_run_that_ends_between_its_writes_goes_on_without_repeating(
    books: World, path: str
) -> None:
    for number in range(3):
        invoice = books.bill("10.00", f"Visit {number}")
        books.perfex.staff.record_payment(invoice, "12.00", "1")
    books.xero.faults.add("429-day", method="PUT", path=path, seconds=3600)
    assert books.sync().state is RunState.WAITING
    books.perfex.staff.edit_invoice(books.invoice, [line("150.00", "Consulting")])
    _until_quiet(books, timedelta(hours=1, minutes=1))
    assert len(books.xero_invoices()) == 4
    assert sorted(payment["Amount"] for payment in books.xero_payments()) == [12.0] * 3
    assert books.xero_invoice(books.number())["Total"] == 180.0


@pytest.mark.usefixtures("one_way")
def test_a_question_does_not_hold_up_the_others(books: World) -> None:
    books.edit_line_in_xero(books.number(), 0, UnitAmount="90.00")
    second = books.bill("10.00")
    zero = books.bill("0.00")
    report = books.sync()
    assert report.done == {"invoice": {"create": 1}}
    assert books.xero_invoice(books.number(second))
    assert {asked.reason for asked in books.questions()} == {"edited_in_xero", "zero_total"}
    assert zero


def test_an_invoice_recreated_in_xero_by_hand_after_it_was_voided_is_asked_about(
    books: World,
) -> None:
    """Void and reissue: the new one bears another number, the customer's copy the old."""
    ours = books.xero_invoice(books.number())
    books.edit_in_xero(books.number(), Status="VOIDED")
    kept = ("Description", "Quantity", "UnitAmount", "AccountCode", "TaxType")
    body = {
        "Type": "ACCREC",
        "Status": "AUTHORISED",
        "InvoiceNumber": f"{books.number()}-2",
        "Contact": {"ContactID": ours["Contact"]["ContactID"]},
        "Date": "2026-11-20",
        "DueDate": "2026-12-20",
        "LineItems": [{name: one[name] for name in kept} for one in ours["LineItems"]],
    }
    books.xero_call("PUT", "Invoices", {"Invoices": [body]})
    for _again in range(2):
        assert books.sync().done == {}
    assert {asked.reason for asked in books.questions()} == {"voided_in_xero", "same_prefix"}
    assert len(list(books.store.links_of(Kind.INVOICE))) == 1


def test_a_dearer_currency_is_neither_mixed_up_nor_converted(books: World) -> None:
    books.perfex.staff.create("currencies", name="USD", symbol="$", isdefault="0")
    dollar = next(str(row["id"]) for row in books.perfex.rows("currencies") if row["name"] == "USD")
    books.clock.move(days=1)
    books.bill("100.00", currency=dollar)
    for _again in range(2):
        assert "invoice" not in books.sync().done
    assert books.question("currency_missing").details["currency"] == "USD"
    assert len(books.xero_invoices()) == 1
