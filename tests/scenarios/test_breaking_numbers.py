"""Numbers passed on and swapped, discounts and adjustments edited later: to the cent, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.scenarios.world import World, line
from xero_bridge.core.plan import Answer, Question
from xero_bridge.core.vocabulary import RunState

DAY = timedelta(days=1, minutes=1)


def test_two_invoices_that_swapped_their_numbers_are_asked_about_with_both_documents(
    books: World,
) -> None:
    other = _swapped(books)
    totals = {one["InvoiceNumber"]: one["Total"] for one in books.xero_invoices()}
    assert totals == {"INV-000001": 120.0, "INV-000002": 12.0}
    held = {one["InvoiceID"]: one["InvoiceNumber"] for one in books.xero_invoices()}
    asked = {question.perfex_id: question for question in books.questions()}
    assert {question.reason for question in asked.values()} == {"duplicate_number"}
    shown = {id_: [held[one.id] for one in asked[id_].candidates] for id_ in asked}
    assert shown == {str(books.invoice): ["INV-000002"], str(other): ["INV-000001"]}


def test_swapped_numbers_end_swapped_once_one_gave_way_in_xero_for_a_moment(books: World) -> None:
    _swapped(books)
    books.edit_in_xero("INV-000002", InvoiceNumber="INV-000002-x")
    for question in books.questions():
        with books.store.atomically():
            books.give(_yes(books, question, "retry"))
    for _again in range(3):
        books.sync()
        for question in books.questions():
            with books.store.atomically():
                books.give(_yes(books, question, question.choices[0].code))
    totals = {one["InvoiceNumber"]: one["Total"] for one in books.xero_invoices()}
    assert totals == {"INV-000001": 12.0, "INV-000002": 120.0}
    assert books.questions() == []
    assert books.sync().state is RunState.IN_STEP


def _yes(world: World, question: Question, code: str) -> Answer:
    now = world.clock.now()
    return Answer(question=question.key, code=code, basis=question.basis, by="Ann", at=now)


def _swapped(world: World) -> int:
    other = world.bill("10.00", "Small")
    world.sync()
    world.perfex.staff.renumber_invoice(world.invoice, 99)
    world.perfex.staff.renumber_invoice(other, 1)
    world.perfex.staff.renumber_invoice(world.invoice, 2)
    for _again in range(3):
        world.sync()
    return other


def test_a_number_passed_on_to_another_invoice_follows(books: World) -> None:
    """The first becomes 3, the second takes the number that came free."""
    other = books.bill("10.00", "Small")
    books.sync()
    books.perfex.staff.renumber_invoice(books.invoice, 3)
    books.perfex.staff.renumber_invoice(other, 1)
    for _again in range(2):
        books.sync()
    totals = {one["InvoiceNumber"]: one["Total"] for one in books.xero_invoices()}
    assert totals == {"INV-000003": 120.0, "INV-000001": 12.0}
    assert books.questions() == []


def test_a_number_passed_on_backwards_follows_too(books: World) -> None:
    """The second becomes 3, the first takes the number that came free."""
    other = books.bill("10.00", "Small")
    books.sync()
    books.perfex.staff.renumber_invoice(other, 3)
    books.perfex.staff.renumber_invoice(books.invoice, 2)
    for _again in range(2):
        books.sync()
    totals = {one["InvoiceNumber"]: one["Total"] for one in books.xero_invoices()}
    assert totals == {"INV-000003": 12.0, "INV-000002": 120.0}
    assert books.questions() == []


def test_a_number_that_a_live_xero_invoice_holds_is_asked_about_once(books: World) -> None:
    (contact,) = [one for one in books.xero_contacts() if one["Name"] == "Harbour Joinery Ltd"]
    body = {
        "Type": "ACCREC",
        "Status": "AUTHORISED",
        "InvoiceNumber": "INV-000007",
        "Contact": {"ContactID": contact["ContactID"]},
        "Date": "2026-11-20",
        "DueDate": "2026-12-20",
        "LineItems": [
            {
                "Description": "Other",
                "Quantity": 1,
                "UnitAmount": 1,
                "AccountCode": "200",
                "TaxType": "NONE",
            }
        ],
    }
    books.xero_call("PUT", "Invoices", {"Invoices": [body]})
    books.perfex.staff.renumber_invoice(books.invoice, 7)
    writes = 0
    for _again in range(3):
        books.sync()
        now = len([call for call in books.xero.calls if call.method == "POST"])
        assert not writes or now == writes
        writes = now
    assert {one["InvoiceNumber"] for one in books.xero_invoices()} == {"INV-000001", "INV-000007"}
    assert books.number() in {asked.label for asked in books.questions()}


def test_discount_kinds_edited_one_after_another_end_to_the_cent(books: World) -> None:
    rows = [line("100.00", "Consulting"), line("33.33", "Travel", qty="3.00")]
    edits: list[dict[str, Any]] = [
        {"discount_type": "before_tax", "discount_percent": "10.00"},
        {"discount_type": "after_tax", "discount_percent": "10.00"},
        {"discount_type": "before_tax", "discount_percent": "0.00", "discount_total": "15.00"},
        {"discount_type": "after_tax", "discount_percent": "0.00", "discount_total": "15.00"},
        {"discount_type": "", "discount_percent": "0.00", "discount_total": "0.00"},
    ]
    for edit in edits:
        books.perfex.staff.edit_invoice(books.invoice, rows, **edit)
        books.sync(wait=DAY)
        perfex = books.perfex_get(f"invoices/{books.invoice}")
        xero = books.xero_invoice(books.number())
        assert f"{xero['Total']:.2f}" == perfex["total"], edit
        assert books.questions() == []


def test_an_adjustment_added_to_a_linked_invoice_is_a_line_of_its_own(books: World) -> None:
    books.perfex.staff.edit_invoice(
        books.invoice, [line("100.00", "Consulting")], adjustment="-7.50"
    )
    books.sync()
    found = books.xero_invoice(books.number())
    assert [(one["Description"], one["LineAmount"]) for one in found["LineItems"]] == [
        ("Consulting", 100.0),
        ("Adjustment", -7.5),
    ]
    books.perfex.staff.edit_invoice(
        books.invoice, [line("100.00", "Consulting")], adjustment="0.00"
    )
    books.sync()
    assert books.xero_invoice(books.number())["Total"] == 120.0
    assert books.sync().state is RunState.IN_STEP
