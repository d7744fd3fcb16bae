"""Answers lost after the other side did the work: nothing twice, nothing missing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.scenarios.world import World, line
from xero_bridge.core.vocabulary import Kind, RunState
from xero_bridge.engine.context import Scope

#: The bridge looks twice before it says that something was never written.
SOON = timedelta(minutes=2)
LATER = timedelta(minutes=7)


def _several(world: World) -> None:
    staff = world.perfex.staff
    for name in ("Ash & Co", "Birch Ltd", "Cedar Trading"):
        world.customer = staff.create_customer(name)
        invoice = world.bill("100.00", name)
        staff.record_payment(invoice, "50.00", "1")


def _all_there_once(world: World) -> None:
    names = [contact["Name"] for contact in world.xero_contacts()]
    numbers = [invoice["InvoiceNumber"] for invoice in world.xero_invoices()]
    paid = [payment["Reference"] for payment in world.xero_payments()]
    for found, count in ((names, 3), (numbers, 3), (paid, 3)):
        assert len(found) == len(set(found)), found
        assert len([one for one in found if one != "Ridgeway"]) >= count
    assert len(numbers) == 3
    assert len(paid) == 3


def _sync_until_quiet(world: World, wait: timedelta) -> None:
    for _run in range(12):
        if world.sync(wait=wait).state is RunState.IN_STEP:
            break
    quiet = world.sync(wait=wait)
    assert (quiet.state, quiet.done) == (RunState.IN_STEP, {})


@pytest.mark.parametrize("wait", [SOON, LATER], ids=["within the window", "after it"])
@pytest.mark.parametrize("path", ["Contacts", "Invoices", "Payments"])
@pytest.mark.parametrize("kind", ["drop-after", "500-after", "html-after"])
def test_a_lost_answer_of_xero_duplicates_nothing(
    world: World, kind: str, path: str, wait: timedelta
) -> None:
    _several(world)
    world.xero.faults.add(kind, method="PUT", path=path)
    world.sync()
    _sync_until_quiet(world, wait)
    _all_there_once(world)


@pytest.mark.parametrize("path", ["Contacts", "Invoices", "Payments"])
@pytest.mark.parametrize("kind", ["drop-before", "500-before"])
def test_a_write_that_never_arrived_is_made_after_looking_for_it(
    world: World, kind: str, path: str
) -> None:
    _several(world)
    world.xero.faults.add(kind, method="PUT", path=path)
    world.sync()
    _sync_until_quiet(world, LATER)
    _all_there_once(world)


def test_an_edit_made_while_the_outcome_was_unknown_is_not_lost(world: World) -> None:
    world.customer = world.perfex.staff.create_customer("Ash & Co")
    world.invoice = world.bill("100.00")
    world.sync(scope=None)
    second = world.bill("200.00")
    world.xero.faults.add("drop-after", method="PUT", path="Invoices")
    world.sync()
    world.perfex.staff.edit_invoice(second, [line("300.00")])
    _sync_until_quiet(world, LATER)
    assert world.xero_invoice(world.number(second))["Total"] == 360.0
    assert len(world.xero_invoices()) == 2


def test_a_lost_answer_to_an_update_is_planned_again_and_adopted(books: World) -> None:
    books.xero.faults.add("drop-after", method="POST", path="Invoices/")
    books.perfex.staff.edit_invoice(books.invoice, [line("150.00")])
    books.sync()
    _sync_until_quiet(books, SOON)
    assert books.xero_invoice(books.number())["Total"] == 180.0


@pytest.mark.parametrize("kind", ["drop-after", "500-after", "empty"])
def test_a_perfex_payment_whose_answer_was_lost_is_not_entered_twice(
    books: World, kind: str
) -> None:
    books.pay_in_xero(books.number(), "120.00", "2026-11-20")
    books.sync()
    books.approve("receipts")
    books.perfex.faults.add(kind, method="POST", path="payments")
    books.sync()
    _sync_until_quiet(books, LATER)
    assert len(books.perfex.rows("invoicepaymentrecords")) == 1
    assert len(books.xero_payments()) == 1
    assert len(list(books.store.links_of(Kind.PAYMENT))) == 1


def test_a_lost_answer_to_a_void_is_looked_up(books: World) -> None:
    books.perfex.staff.cancel_invoice(books.invoice)
    books.sync()
    books.answer("cancelled_in_perfex", "remove")
    books.xero.faults.add("drop-after", method="POST", path="Invoices/")
    books.sync()
    _sync_until_quiet(books, LATER)
    assert books.xero_invoice(books.number())["Status"] == "VOIDED"


def test_a_dry_run_sends_no_unanswered_batch_again(world: World) -> None:
    _several(world)
    world.xero.faults.add("drop-before", method="PUT", path="Contacts")
    world.sync()
    before = [call for call in world.xero.calls if call.method != "GET"]
    report = world.sync(wait=SOON, scope=Scope(dry=True))
    assert report.state is RunState.PLANNED
    assert [call for call in world.xero.calls if call.method != "GET"] == before
    _sync_until_quiet(world, LATER)
    _all_there_once(world)
