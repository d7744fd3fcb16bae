"""Money redone, split and entered twice by people who do not know of each other."""

from __future__ import annotations

import pytest

from tests.scenarios.world import World, line
from xero_bridge.core.vocabulary import Kind, RunState


def _perfex_paid(world: World) -> list[str]:
    return sorted(str(row["amount"]) for row in world.perfex.rows("invoicepaymentrecords"))


def _xero_paid(world: World) -> list[float]:
    return sorted(payment["Amount"] for payment in world.xero_payments())


def _agree_to_receipts(world: World) -> None:
    """The first receipts were consented to long ago."""
    with world.store.atomically():
        world.store.remember("receipts_agreed", "yes")


def _part_payment_redone_in_xero_with(world: World, amount: str) -> None:
    world.perfex.staff.record_payment(world.invoice, "60.00", "1")
    world.sync()
    (payment,) = world.xero_payments()
    world.delete_payment_in_xero(payment["PaymentID"])
    world.pay_in_xero(world.number(), amount, "2026-11-20")
    world.sync()


def test_a_payment_redone_in_xero_with_another_amount_is_never_paid_twice_in_perfex(
    books: World,
) -> None:
    _agree_to_receipts(books)
    _part_payment_redone_in_xero_with(books, "50.00")
    books.question("payment_replaced_in_xero")
    books.answer("payment_replaced_in_xero", "leave")
    for _again in range(4):
        books.sync()
    assert _perfex_paid(books) == ["60.00"]
    books.question("payment_beside_deleted")
    books.answer("payment_beside_deleted", "leave")
    books.sync()
    assert books.questions() == []
    # A mapping set later has everything unlinked looked at again: still nothing is entered.
    books.map(Kind.TAX, "GST|10.00", "NONE")
    books.sync()
    assert _perfex_paid(books) == ["60.00"]


def test_a_payment_redone_with_another_amount_takes_over_when_told(books: World) -> None:
    _agree_to_receipts(books)
    _part_payment_redone_in_xero_with(books, "50.00")
    books.answer("payment_replaced_in_xero", "take_over")
    assert books.sync().done == {"payment": {"link": 1}}
    for _again in range(3):
        assert books.sync().done == {}
    assert (_perfex_paid(books), _xero_paid(books)) == (["60.00"], [50.0])
    assert books.questions() == []


def test_another_payment_beside_a_deleted_one_is_entered_when_told(books: World) -> None:
    _agree_to_receipts(books)
    _part_payment_redone_in_xero_with(books, "50.00")
    books.answer("payment_replaced_in_xero", "leave")
    books.sync()
    books.answer("payment_beside_deleted", "enter")
    books.sync()
    assert _perfex_paid(books) == ["50.00", "60.00"]
    assert books.sync().done == {}


def test_two_equal_payments_redone_as_one_do_not_share_it(books: World) -> None:
    for _part in range(2):
        books.perfex.staff.record_payment(books.invoice, "60.00", "1")
        books.sync()
    for payment in books.xero_payments():
        books.delete_payment_in_xero(payment["PaymentID"])
    books.pay_in_xero(books.number(), "60.00", "2026-11-20")
    assert books.sync().done == {"payment": {"link": 1}}
    books.question("payment_deleted_in_xero")
    links = list(books.store.links_of(Kind.PAYMENT))
    assert len({link.xero_id for link in links}) == len(links) == 2


def test_parts_paid_on_both_sides_end_as_the_same_parts_on_both(books: World) -> None:
    _agree_to_receipts(books)
    books.perfex.staff.record_payment(books.invoice, "20.00", "1")
    books.sync()
    books.pay_in_xero(books.number(), "30.00", "2026-11-20")
    books.sync()
    books.sync()
    books.perfex.staff.record_payment(books.invoice, "25.00", "2")
    books.sync()
    books.pay_in_xero(books.number(), "45.00", "2026-11-20")
    books.sync()
    books.sync()
    assert _perfex_paid(books) == ["20.00", "25.00", "30.00", "45.00"]
    assert _xero_paid(books) == [20.0, 25.0, 30.0, 45.0]
    assert books.xero_invoice(books.number())["Status"] == "PAID"
    assert books.sync().state is RunState.IN_STEP


def test_equal_parts_on_both_sides_are_not_paired_by_chance(books: World) -> None:
    """Two of 40.00 in Perfex, one in Xero: nobody knows which; nothing is entered anywhere."""
    for _part in range(2):
        books.perfex.staff.record_payment(books.invoice, "40.00", "1")
    books.pay_in_xero(books.number(), "40.00", "2026-11-20")
    assert books.sync().done == {}
    books.question("payments_on_both")
    assert books.sync().done == {}
    assert (_perfex_paid(books), _xero_paid(books)) == (["40.00", "40.00"], [40.0])


def test_more_than_perfex_has_left_is_asked_about_even_if_its_parts_fit(books: World) -> None:
    """The invoice was made smaller in Perfex after the customer paid the old amount in two."""
    _agree_to_receipts(books)
    books.pay_in_xero(books.number(), "60.00", "2026-11-20")
    books.pay_in_xero(books.number(), "60.00", "2026-11-20")
    books.perfex.staff.edit_invoice(books.invoice, [line("80.00", "Consulting")])
    for _again in range(4):
        books.sync()
    assert _perfex_paid(books) == ["60.00"]
    books.question("exceeds_left_to_pay")


def test_what_is_left_to_pay_counts_part_payments_that_perfex_took_meanwhile(
    books: World,
) -> None:
    _agree_to_receipts(books)
    for amount in ("20.00", "30.00"):
        books.perfex.staff.record_payment(books.invoice, amount, "1")
        books.sync()
    books.pay_in_xero(books.number(), "70.00", "2026-11-20")
    books.sync()
    books.sync()
    assert _perfex_paid(books) == ["20.00", "30.00", "70.00"]
    assert books.questions() == []


def test_paid_twice_in_full_is_asked_about_and_nothing_is_entered(books: World) -> None:
    """Staff take the cheque while the bank feed pays it in Xero, weeks apart."""
    _agree_to_receipts(books)
    books.perfex.staff.record_payment(books.invoice, "120.00", "1", issued="2026-11-01")
    books.pay_in_xero(books.number(), "120.00", "2026-11-20")
    for _again in range(3):
        assert books.sync().done == {}
    books.question("payments_on_both")
    assert (len(_perfex_paid(books)), len(_xero_paid(books))) == (1, 1)


def test_a_payment_beyond_the_amount_due_is_a_question_and_not_sent_again_and_again(
    books: World,
) -> None:
    books.perfex.staff.record_payment(books.invoice, "150.00", "1")
    books.sync()
    books.question("overpaid_in_perfex")
    sent = len(
        [
            call
            for call in books.xero.calls
            if call.path.endswith("/Payments") and call.method == "PUT"
        ]
    )
    report = books.sync()
    again = len(
        [
            call
            for call in books.xero.calls
            if call.path.endswith("/Payments") and call.method == "PUT"
        ]
    )
    assert (sent, again) == (sent, sent)
    assert report.state is RunState.QUESTIONS
    assert _xero_paid(books) == []


def test_a_payment_in_euro_to_a_bank_account_in_pounds_waits_for_a_person(books: World) -> None:
    books.perfex.staff.create("currencies", name="EUR", symbol="€", isdefault="0")
    books.xero_call("PUT", "Currencies", {"Code": "EUR"})
    euro = next(str(row["id"]) for row in books.perfex.rows("currencies") if row["name"] == "EUR")
    books.clock.move(days=1)
    invoice = books.bill("100.00", currency=euro)
    books.perfex.staff.record_payment(invoice, "120.00", "1")
    books.sync()
    assert books.xero_invoice(books.number(invoice))["CurrencyCode"] == "EUR"
    assert books.question("payment_currencies_differ").details["currency"] == "EUR"
    assert _xero_paid(books) == []


def test_a_perfex_payment_of_an_invoice_that_is_a_draft_in_xero_goes_when_it_is_approved(
    books: World,
) -> None:
    books.change_settings(invoice_status="DRAFT")
    draft = books.bill("50.00")
    books.perfex.staff.record_payment(draft, "60.00", "1")
    for _again in range(2):
        books.sync()
    assert books.xero_invoice(books.number(draft))["Status"] == "DRAFT"
    assert [
        call.path
        for call in books.xero.calls
        if call.path.endswith("/Payments") and call.method == "PUT"
    ] == []
    books.edit_in_xero(books.number(draft), Status="AUTHORISED")
    books.sync()
    books.sync()
    assert _xero_paid(books) == [60.0]
    assert books.questions() == []


def test_a_xero_payment_dated_in_a_period_locked_since_still_reaches_perfex(
    books: World,
) -> None:
    _agree_to_receipts(books)
    books.pay_in_xero(books.number(), "120.00", "2026-11-20")
    books.xero.books().set_organisation(PeriodLockDate=books.clock.now().date())
    books.clock.move(days=1)
    books.sync()
    books.sync()
    assert _perfex_paid(books) == ["120.00"]


def test_a_payment_that_vanished_in_perfex_and_is_reconciled_in_xero_stays_there(
    books: World,
) -> None:
    books.perfex.staff.record_payment(books.invoice, "20.00", "1")
    gone = books.perfex.staff.record_payment(books.invoice, "30.00", "1")
    books.sync()
    table = books.xero.books().payments
    for payment in books.xero_payments():
        row = table.get(payment["PaymentID"])
        assert row is not None
        table.put(payment["PaymentID"], {**row, "IsReconciled": True})
    books.perfex.staff.delete_payment(gone)
    books.sync()
    books.answer("deleted_in_perfex", "remove")
    for _again in range(3):
        assert books.sync().done == {}
    assert _xero_paid(books) == [20.0, 30.0]
    assert books.questions() != []


@pytest.mark.parametrize("answered_first", [True, False])
def test_a_cached_read_of_perfex_does_not_pay_twice(books: World, answered_first: bool) -> None:
    """The module may answer reads from a copy that is five minutes old."""
    _agree_to_receipts(books)
    books.perfex.settings.get_cache = True
    books.perfex.staff.record_payment(books.invoice, "1.00", "1")
    books.sync()
    books.pay_in_xero(books.number(), "50.00", "2026-11-20")
    books.sync()
    if not answered_first:
        books.perfex.faults.add("drop-after", method="POST", path="payments")
    for _again in range(12):
        books.sync()
    assert _perfex_paid(books) == ["1.00", "50.00"]
    assert _xero_paid(books) == [1.0, 50.0]
    assert books.questions() == []


def test_six_receipts_at_once_need_a_yes_each_time(books: World) -> None:
    _agree_to_receipts(books)
    for _part in range(6):
        books.pay_in_xero(books.number(), "10.00", "2026-11-20")
    books.sync()
    stopped = books.sync()
    assert stopped.state is RunState.STOPPED_BY_GUARD
    assert books.stops()[0].count == 6
    assert books.perfex.outbox == []
    books.approve("receipts")
    books.sync()
    assert len(books.perfex.outbox) == 6


def test_payments_dated_before_go_live_are_not_entered_without_a_typed_yes(books: World) -> None:
    _agree_to_receipts(books)
    books.pay_in_xero(books.number(), "120.00", "2026-11-01")
    books.sync()
    stopped = books.sync()
    assert stopped.state is RunState.STOPPED_BY_GUARD
    assert [(stop.guard, stop.typed) for stop in books.stops()] == [
        ("payments_before_go_live", "POST")
    ]
    assert _perfex_paid(books) == []
