"""Resync of one record, one kind alone, and questions answered from elsewhere."""

from __future__ import annotations

import pytest

from tests.scenarios.world import World, line
from xero_bridge.core.vocabulary import Kind, RunState, Side
from xero_bridge.engine.context import Scope


@pytest.mark.usefixtures("one_way")
def test_a_resync_of_one_invoice_leaves_the_questions_of_others_open(books: World) -> None:
    second = books.bill("10.00")
    books.sync()
    books.edit_line_in_xero(books.number(), 0, UnitAmount="90.00")
    books.sync()
    books.perfex.staff.edit_invoice(second, [line("11.00")])
    report = books.resync(Kind.INVOICE, Side.PERFEX, str(second))
    assert report.done == {"invoice": {"update": 1}}
    assert books.question("edited_in_xero").label == books.number()


def test_a_resync_in_the_middle_of_an_unknown_write_sends_nothing_twice(books: World) -> None:
    second = books.bill("200.00")
    books.xero.faults.add("drop-before", method="PUT", path="Invoices")
    books.sync()
    for _again in range(3):
        books.resync(Kind.INVOICE, Side.PERFEX, str(second))
    books.sync()
    assert len(books.xero_invoices()) == 2


def test_a_sync_of_payments_alone_enters_no_payment_before_its_invoice(books: World) -> None:
    invoice = books.bill("10.00")
    books.perfex.staff.record_payment(invoice, "12.00", "1")
    for _again in range(2):
        report = books.sync(scope=Scope(kinds=frozenset({Kind.PAYMENT})))
        assert report.done == {}
    report = books.sync()
    assert report.done == {"invoice": {"create": 1}, "payment": {"create": 1}}


def test_a_resync_of_a_xero_payment_needs_the_same_consent(books: World) -> None:
    payment = books.pay_in_xero(books.number(), "120.00", "2026-11-20")
    for _again in range(2):
        report = books.resync(Kind.PAYMENT, Side.XERO, payment)
        assert report.state is RunState.STOPPED_BY_GUARD
    assert books.perfex.outbox == []


def test_a_resync_of_a_record_that_is_gone_says_so_and_changes_nothing(books: World) -> None:
    other = books.bill("10.00")
    books.sync()
    assert books.perfex.staff.delete_invoice(other)
    report = books.resync(Kind.INVOICE, Side.PERFEX, str(other))
    assert report.done == {}
    books.question("deleted_in_perfex")
