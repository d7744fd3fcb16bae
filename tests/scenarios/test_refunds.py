"""Credit that is paid back: the refund of Perfex is a payment of Xero's credit note."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.scenarios.crediting import credit_note, the_credit_note
from tests.scenarios.world import World
from xero_bridge.core.vocabulary import Kind, RunState

HOURS = timedelta(hours=2)


def refunds(books: World) -> list[dict[str, Any]]:
    """The payments by which Xero pays the credit note back."""
    found = books.xero_call("GET", "Payments?page=1&pageSize=1000")["Payments"]
    return [one for one in found if "CreditNote" in one and one["Status"] != "DELETED"]


def refund_in_xero(books: World, amount: str) -> None:
    """Pay a part of the only credit note back on Xero's page."""
    note = the_credit_note(books)
    body = {
        "CreditNote": {"CreditNoteID": note["CreditNoteID"]},
        "Account": {"Code": "090"},
        "Date": "2026-11-20",
        "Amount": float(amount),
    }
    books.xero_call("PUT", "Payments", {"Payments": [body]})


def test_a_refund_in_perfex_becomes_a_payment_of_the_credit_note(books: World) -> None:
    note = credit_note(books, "50.00")
    books.perfex.staff.credits.refund(note, "20.00", on=date(2026, 11, 19))
    report = books.sync()
    assert report.done == {"credit_note": {"create": 1, "update": 1}}
    (paid,) = refunds(books)
    assert (paid["Amount"], paid["Reference"]) == (20.0, "PX-RF-1")
    assert the_credit_note(books)["RemainingCredit"] == 40.0
    report = books.sync(wait=HOURS)
    assert (report.state, report.done) == (RunState.IN_STEP, {})
    # It is no payment of an invoice: Perfex gets none for it.
    assert books.perfex.rows("invoicepaymentrecords") == []


def test_two_refunds_and_a_credit_applied_use_the_note_up(books: World) -> None:
    note = credit_note(books, "50.00")
    books.perfex.staff.credits.refund(note, "20.00")
    books.perfex.staff.credits.refund(note, "20.00")
    books.perfex.staff.credits.apply(note, books.invoice, "20.00")
    assert books.sync().done == {"credit_note": {"create": 1, "update": 3}}
    assert the_credit_note(books)["Status"] == "PAID"
    assert books.xero_invoice("INV-000001")["AmountDue"] == 100.0
    assert books.sync(wait=HOURS).done == {}


def test_a_refund_by_a_mode_without_an_account_waits_while_the_rest_goes(books: World) -> None:
    note = credit_note(books, "50.00")
    mode = books.perfex.staff.create("payment_modes", name="Voucher", active="1")
    books.perfex.staff.credits.refund(note, "20.00", mode=str(mode))
    books.perfex.staff.credits.apply(note, books.invoice, "15.00")
    assert books.sync().done == {"credit_note": {"create": 1, "update": 1}}
    assert books.question("payment_mode_unmapped").label == str(mode)
    assert books.xero_invoice("INV-000001")["AmountDue"] == 105.0
    bank = next(a["AccountID"] for a in books.xero.books().accounts.values() if a["Code"] == "090")
    books.map(Kind.PAYMENT_MODE, str(mode), str(bank))
    books.sync()
    assert [one["Amount"] for one in refunds(books)] == [20.0]


def test_a_refund_made_in_xero_is_asked_about_until_perfex_shows_it(books: World) -> None:
    note = credit_note(books, "50.00")
    books.sync()
    refund_in_xero(books, "20.00")
    books.sync(wait=HOURS)
    asked = books.question("change_in_perfex")
    (row,) = asked.rows
    assert (row.facet, row.xero) == ("paid back", "20.00 on 2026-11-20")
    books.perfex.staff.credits.refund(note, "20.00", on=date(2026, 11, 18))
    books.sync(wait=timedelta(days=1))
    assert books.questions() == []
    assert [one["Amount"] for one in refunds(books)] == [20.0]


def test_a_refund_deleted_in_perfex_is_asked_about(books: World) -> None:
    note = credit_note(books, "50.00")
    refund = books.perfex.staff.credits.refund(note, "60.00")
    books.sync()
    books.perfex.staff.credits.delete_refund(refund)
    books.sync(wait=HOURS)
    assert "60.00" in books.question("refund_taken_back").details["amounts"]
    assert [one["Amount"] for one in refunds(books)] == [60.0]


def test_an_answer_lost_after_the_refund_never_pays_it_twice(books: World) -> None:
    note = credit_note(books, "50.00")
    books.sync()
    books.perfex.staff.credits.refund(note, "60.00")
    books.xero.faults.add("drop-after", path="Payments", method="PUT")
    books.sync()
    for _ in range(3):
        books.sync(wait=timedelta(minutes=4))
    assert [one["Amount"] for one in refunds(books)] == [60.0]
    assert books.sync(wait=HOURS).state is RunState.IN_STEP


def test_a_refund_that_a_person_leaves_in_xero_alone_is_not_asked_about_again(books: World) -> None:
    credit_note(books, "50.00")
    books.sync()
    refund_in_xero(books, "20.00")
    books.sync(wait=HOURS)
    books.answer("change_in_perfex", "leave")
    books.sync(wait=HOURS)
    books.sync(wait=HOURS)
    assert books.questions() == []
