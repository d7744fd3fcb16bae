"""Everything forgotten: what is there is found again by mark and number, and nothing is written."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.scenarios.world import World, line
from xero_bridge.core.vocabulary import REFERENCE_KINDS, Kind


def _forget(world: World) -> None:
    """What a reset does: links go, and everything is looked at again."""
    with world.store.atomically():
        for kind in (kind for kind in Kind if kind not in REFERENCE_KINDS):
            for link in list(world.store.links_of(kind)):
                world.store.drop_link(link)
        world.store.make_all_dirty()


def _pairs(world: World) -> set[tuple[Kind, str, str]]:
    return {
        (link.kind, link.perfex_id, link.xero_id)
        for kind in Kind
        for link in world.store.links_of(kind)
        if kind not in REFERENCE_KINDS
    }


def _nothing_moves_after_forgetting(world: World) -> None:
    before = _pairs(world)
    writes = len([call for call in world.xero.calls if call.method != "GET"])
    asked = len(world.perfex.calls)
    _forget(world)
    for _again in range(3):
        world.sync()
    assert _pairs(world) == before
    assert len([call for call in world.xero.calls if call.method != "GET"]) == writes
    assert not [
        call
        for call in world.perfex.calls[asked:]
        if call.method == "POST" and call.path.endswith("/payments")
    ]
    assert world.questions() == []


def _agree_to_receipts(world: World) -> None:
    with world.store.atomically():
        world.store.remember("receipts_agreed", "yes")


def test_customers_items_invoices_and_payments_are_found_again(books: World) -> None:
    _agree_to_receipts(books)
    books.perfex.staff.create_item("Hinge", "4.00")
    rows = [line("0.33", f"Screw {n}") for n in range(3)]
    invoice = books.perfex.staff.create_invoice(
        books.customer, rows, date="2026-11-20", duedate="2026-12-20"
    )
    books.sync()
    books.perfex.staff.record_payment(books.invoice, "20.00", "1")
    books.sync()
    books.pay_in_xero(books.number(), "30.00", "2026-11-20")
    for _again in range(2):
        books.sync()
    _nothing_moves_after_forgetting(books)
    assert invoice


def test_a_xero_payment_entered_in_perfex_days_later_is_found_again_by_its_mark(
    books: World,
) -> None:
    """Perfex dates what its API enters today, whatever the true date is."""
    _agree_to_receipts(books)
    books.pay_in_xero(books.number(), "30.00", "2026-11-20")
    books.sync(wait=timedelta(days=8))
    books.sync(wait=timedelta(days=1))
    assert len(books.perfex.rows("invoicepaymentrecords")) == 1
    _nothing_moves_after_forgetting(books)


def test_equal_parts_of_one_invoice_are_found_again_each_by_its_mark(books: World) -> None:
    _agree_to_receipts(books)
    for _part in range(2):
        books.perfex.staff.record_payment(books.invoice, "20.00", "1")
        books.sync()
        books.pay_in_xero(books.number(), "20.00", "2026-11-20")
        for _again in range(2):
            books.sync()
    assert len(books.xero_payments()) == 4
    _nothing_moves_after_forgetting(books)


def test_a_reference_copied_by_a_bookkeeper_pairs_nothing_twice(books: World) -> None:
    _agree_to_receipts(books)
    books.perfex.staff.record_payment(books.invoice, "20.00", "1")
    books.sync()
    (ours,) = books.xero_payments()
    copy = {
        "Invoice": {"InvoiceID": books.xero_invoice(books.number())["InvoiceID"]},
        "Account": {"Code": "090"},
        "Date": "2026-11-20",
        "Amount": 20,
        "Reference": ours["Reference"],
    }
    books.xero_call("PUT", "Payments", {"Payments": [copy]})
    for _again in range(2):
        books.sync()
    assert len(books.perfex.rows("invoicepaymentrecords")) == 2
    before = len(books.xero_payments())
    _forget(books)
    for _again in range(3):
        books.sync()
    assert len(books.xero_payments()) == before
    assert len(books.perfex.rows("invoicepaymentrecords")) == 2
    links = list(books.store.links_of(Kind.PAYMENT))
    assert len({link.xero_id for link in links}) == len(links)


@pytest.mark.usefixtures("one_way")
def test_after_forgetting_an_edit_made_meanwhile_is_asked_about_or_left(books: World) -> None:
    """Linking takes both sides as they are: an old edit is not sent unseen, nor a later one lost."""
    books.perfex.staff.edit_invoice(books.invoice, [line("150.00", "Consulting")])
    _forget(books)
    for _again in range(2):
        assert "update" not in books.sync().done.get("invoice", {})
    assert books.xero_invoice(books.number())["Total"] == 120.0
    asked = books.question("edited_in_xero")
    assert ("180.00", "120.0") in {(row.perfex, row.xero) for row in asked.rows}
    books.answer("edited_in_xero", "keep_perfex")
    assert books.sync().done == {"invoice": {"update": 1}}
    assert books.xero_invoice(books.number())["Total"] == 180.0
