"""Credit notes: made, changed and voided in Perfex, and what Xero then shows."""

from __future__ import annotations

from datetime import timedelta

from tests.scenarios.crediting import credit_note, the_credit_note
from tests.scenarios.world import World, line
from xero_bridge.core.vocabulary import RunState


def test_a_credit_note_made_in_perfex_appears_in_xero(books: World) -> None:
    credit_note(books, "50.00", "Returned desk")
    report = books.sync()
    assert report.state is RunState.IN_STEP, books.questions()
    assert report.done == {"credit_note": {"create": 1}}
    found = the_credit_note(books)
    assert found["Type"] == "ACCRECCREDIT"
    assert (found["CreditNoteNumber"], found["Reference"]) == ("CN-000001", "PX-CN-1")
    assert (found["Total"], found["RemainingCredit"], found["Status"]) == (60.0, 60.0, "AUTHORISED")
    (shown,) = found["LineItems"]
    assert (shown["Description"], shown["AccountCode"], shown["TaxType"]) == (
        "Returned desk",
        "200",
        "OUTPUT2",
    )
    assert books.sync(wait=timedelta(hours=2)).done == {}


def test_a_discounted_credit_note_has_net_prices_in_xero(books: World) -> None:
    books.perfex.staff.credits.create(
        books.customer,
        [line("33.33", "Chair", qty="3.00"), line("50.00", "Desk")],
        discount_type="before_tax",
        discount_percent="10.00",
    )
    books.sync()
    found = the_credit_note(books)
    assert found["Total"] == 161.99
    assert [one["UnitAmount"] for one in found["LineItems"]] == [29.9967, 45.0]


def test_a_credit_note_edited_in_perfex_changes_in_xero(books: World) -> None:
    note = credit_note(books, "50.00", "Returned desk")
    books.sync()
    first = the_credit_note(books)["LineItems"][0]["LineItemID"]
    books.perfex.staff.credits.edit(note, [line("40.00", "Returned desk, used")])
    report = books.sync()
    assert report.done == {"credit_note": {"update": 1}}
    found = the_credit_note(books)
    assert found["Total"] == 48.0
    assert found["LineItems"][0]["LineItemID"] == first
    assert books.sync(wait=timedelta(hours=2)).done == {}
