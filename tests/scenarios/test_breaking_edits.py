"""Edits on both sides, in an order that nobody would choose."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.scenarios.world import World, line
from xero_bridge.core.vocabulary import Kind, RunState

DAY = timedelta(days=1, minutes=1)


def _three_lines(world: World) -> None:
    rows = [line("100.00", "Consulting"), line("20.00", "Travel"), line("5.00", "Parking")]
    world.perfex.staff.edit_invoice(world.invoice, rows)
    world.sync()


def _coding(world: World) -> dict[str, str]:
    lines = world.xero_invoice(world.number())["LineItems"]
    return {one["Description"]: one["AccountCode"] for one in lines}


def _with_rounding(world: World) -> int:
    """An invoice on which Xero's cents differ from Perfex's: it gets a rounding line of ours."""
    rows = [line("0.33", f"Screw {n}") for n in range(3)]
    invoice = world.perfex.staff.create_invoice(
        world.customer, rows, date="2026-11-20", duedate="2026-12-20"
    )
    world.sync()
    return invoice


def _rounding_line(invoice: dict[str, Any]) -> dict[str, Any]:
    (found,) = [one for one in invoice["LineItems"] if one["Description"] == "Rounding"]
    return dict(found)


def test_lines_put_in_another_order_in_perfex_keep_the_coding_of_the_bookkeeper(
    books: World,
) -> None:
    _three_lines(books)
    books.edit_line_in_xero(books.number(), 1, AccountCode="260")
    books.sync()
    rows = [line("5.00", "Parking"), line("20.00", "Travel"), line("100.00", "Consulting")]
    books.perfex.staff.edit_invoice(books.invoice, rows)
    books.sync(wait=DAY)
    assert _coding(books) == {"Parking": "200", "Travel": "260", "Consulting": "200"}
    rows = [line("20.00", "Travel"), line("5.00", "Parking"), line("100.00", "Consulting")]
    books.perfex.staff.edit_invoice(books.invoice, rows)
    books.sync(wait=DAY)
    found = books.xero_invoice(books.number())["LineItems"]
    assert [one["Description"] for one in found] == ["Travel", "Parking", "Consulting"]
    assert _coding(books) == {"Travel": "260", "Parking": "200", "Consulting": "200"}


def test_a_line_put_first_in_perfex_does_not_take_the_coding_of_another(books: World) -> None:
    books.edit_line_in_xero(books.number(), 0, AccountCode="260")
    books.sync()
    books.perfex.staff.edit_invoice(
        books.invoice, [line("20.00", "Travel"), line("100.00", "Consulting")]
    )
    books.sync()
    assert _coding(books) == {"Travel": "200", "Consulting": "260"}
    books.perfex.staff.edit_invoice(books.invoice, [line("110.00", "Consulting")])
    books.sync()
    assert _coding(books) == {"Consulting": "260"}


def test_a_bookkeepers_edit_of_our_rounding_line_is_a_question(books: World) -> None:
    invoice = _with_rounding(books)
    number = books.number(invoice)
    before = books.xero_invoice(number)
    index = before["LineItems"].index(_rounding_line(before))
    books.edit_line_in_xero(number, index, UnitAmount="0.05")
    assert books.sync().done == {}
    books.question("edited_in_xero")
    books.answer("edited_in_xero", "keep_perfex")
    books.sync()
    after = books.xero_invoice(number)
    assert (after["Total"], len(after["LineItems"])) == (before["Total"], len(before["LineItems"]))
    assert books.questions() == []


def test_our_rounding_line_taken_out_by_a_bookkeeper_is_a_question(books: World) -> None:
    number = books.number(_with_rounding(books))
    kept = [
        {
            name: one[name]
            for name in (
                "LineItemID",
                "Description",
                "Quantity",
                "UnitAmount",
                "AccountCode",
                "TaxType",
            )
        }
        for one in books.xero_invoice(number)["LineItems"]
        if one["Description"] != "Rounding"
    ]
    books.edit_in_xero(number, LineItems=kept)
    assert books.sync().done == {}
    books.question("edited_in_xero")


@pytest.mark.usefixtures("one_way")
def test_a_line_added_by_a_bookkeeper_is_not_deleted_by_a_perfex_edit(books: World) -> None:
    lines = books.xero_invoice(books.number())["LineItems"]
    added = {
        "Description": "Courier",
        "Quantity": 1,
        "UnitAmount": 7,
        "AccountCode": "200",
        "TaxType": "OUTPUT2",
    }
    books.edit_in_xero(books.number(), LineItems=[*lines, added])
    books.sync()
    books.perfex.staff.edit_invoice(books.invoice, [line("150.00", "Consulting")])
    for _again in range(2):
        assert books.sync().done == {}
    assert [one["Description"] for one in books.xero_invoice(books.number())["LineItems"]] == [
        "Consulting",
        "Courier",
    ]
    assert len(books.questions()) == 1


@pytest.mark.usefixtures("one_way")
def test_the_perfex_version_that_would_delete_a_bookkeepers_line_says_so_first(
    books: World,
) -> None:
    lines = books.xero_invoice(books.number())["LineItems"]
    added = {
        "Description": "Courier",
        "Quantity": 1,
        "UnitAmount": 7,
        "AccountCode": "200",
        "TaxType": "OUTPUT2",
    }
    books.edit_in_xero(books.number(), LineItems=[*lines, added])
    books.sync()
    books.answer("edited_in_xero", "keep_perfex")
    assert books.sync().done == {}
    books.question("lines_added_in_xero")


def test_an_invoice_moved_to_another_contact_in_xero_is_a_question(books: World) -> None:
    other = books.xero_call("PUT", "Contacts", {"Contacts": [{"Name": "Somebody else"}]})
    contact = other["Contacts"][0]["ContactID"]
    books.edit_in_xero(books.number(), Contact={"ContactID": contact})
    books.clock.move(minutes=1)
    assert books.sync().done == {}
    books.question("edited_in_xero")
    assert books.xero_invoice(books.number())["Contact"]["ContactID"] == contact


def test_an_invoice_moved_to_another_customer_in_perfex_moves_in_xero(books: World) -> None:
    other = books.perfex.staff.create_customer("Ash & Co")
    books.perfex.staff.edit_invoice(books.invoice, clientid=other)
    books.sync()
    assert books.xero_invoice(books.number())["Contact"]["Name"] == "Ash & Co"
    assert len(books.xero_invoices()) == 1


@pytest.mark.usefixtures("one_way")
def test_a_question_answered_after_the_record_changed_again_is_asked_anew(books: World) -> None:
    books.edit_line_in_xero(books.number(), 0, UnitAmount="90.00")
    books.sync()
    books.answer("edited_in_xero", "keep_perfex")
    books.edit_line_in_xero(books.number(), 0, UnitAmount="80.00")
    assert books.sync().done == {}
    assert books.xero_invoice(books.number())["Total"] == 96.0
    books.question("edited_in_xero")


@pytest.mark.usefixtures("one_way")
def test_an_answer_is_not_used_a_second_time(books: World) -> None:
    for price in ("90.00", "90.00"):
        books.edit_line_in_xero(books.number(), 0, UnitAmount=price)
        assert books.sync().done == {}
        books.answer("edited_in_xero", "keep_perfex")
        assert books.sync().done == {"invoice": {"update": 1}}
    assert books.xero_invoice(books.number())["Total"] == 120.0


def test_a_mapping_changed_later_does_not_rewrite_linked_invoices(books: World) -> None:
    books.map(Kind.TAX, "VAT|20.00", "ECOUTPUTSERVICES")
    books.change_settings(sales_account="260")
    assert books.sync().done == {}
    (found,) = books.xero_invoice(books.number())["LineItems"]
    assert (found["TaxType"], found["AccountCode"]) == ("OUTPUT2", "200")
    books.map(Kind.TAX, "VAT|20.00", "OUTPUT2")
    new = books.bill("10.00")
    books.sync()
    (fresh,) = books.xero_invoice(books.number(new))["LineItems"]
    assert fresh["AccountCode"] == "260"
    (found,) = books.xero_invoice(books.number())["LineItems"]
    assert found["AccountCode"] == "200"


def test_a_tax_renamed_in_perfex_leaves_old_invoices_and_asks_for_new_ones(
    books: World,
) -> None:
    (row,) = [
        r
        for r in books.perfex.rows("taxes")
        if r["name"] == "VAT" and str(r["taxrate"]).startswith("20")
    ]
    books.perfex.staff.edit("taxes", row["id"], name="MwSt")
    books.clock.move(days=1)
    assert books.sync().done == {}
    new = books.bill("10.00", tax="MwSt|20.00")
    books.sync()
    assert books.question("tax_unmapped").perfex_id == "MwSt|20.00"
    books.perfex.staff.edit_invoice(books.invoice, [line("110.00", "Consulting")])
    books.sync()
    assert books.xero_invoice(books.number())["Total"] == 132.0
    assert new


def test_a_rounding_account_taken_away_holds_the_documents_that_need_it(books: World) -> None:
    books.change_settings(rounding_account="")
    invoice = _with_rounding(books)
    assert books.xero_invoices(InvoiceNumber=books.number(invoice)) == []
    books.question("rounding_account_missing")
    books.change_settings(rounding_account="429")
    books.sync()
    perfex = books.perfex_get(f"invoices/{invoice}")
    assert f"{books.xero_invoice(books.number(invoice))['Total']:.2f}" == perfex["total"]
    assert books.questions() == []


def test_a_draft_goes_when_it_is_numbered_and_not_before(books: World) -> None:
    draft = books.perfex.staff.create_invoice(
        books.customer, [line("10.00")], draft=True, date="2026-11-20", duedate="2026-12-20"
    )
    assert books.sync().done == {}
    books.perfex.staff.issue_invoice(draft)
    assert books.sync().done == {"invoice": {"create": 1}}
    assert books.xero_invoice(books.number(draft))["Total"] == 12.0


@pytest.mark.usefixtures("one_way")
def test_a_due_date_moved_in_xero_does_not_stop_the_price_for_ever(books: World) -> None:
    books.edit_in_xero(books.number(), DueDate="2026-12-31")
    books.sync()
    books.answer("edited_in_xero", "keep_xero")
    books.sync()
    books.perfex.staff.edit_invoice(books.invoice, [line("150.00", "Consulting")])
    assert books.sync().done == {"invoice": {"update": 1}}
    found = books.xero_invoice(books.number())
    assert (found["Total"], found["DueDateString"][:10]) == (180.0, "2026-12-31")


def test_both_sides_changed_to_the_same_value_is_no_question(books: World) -> None:
    books.edit_line_in_xero(books.number(), 0, UnitAmount="150.00")
    books.perfex.staff.edit_invoice(books.invoice, [line("150.00", "Consulting")])
    report = books.sync()
    assert (report.state, report.done) == (RunState.IN_STEP, {})


@pytest.mark.usefixtures("one_way")
def test_perfex_corrected_by_hand_after_a_xero_edit_settles_the_question(books: World) -> None:
    books.edit_line_in_xero(books.number(), 0, UnitAmount="90.00")
    books.sync()
    books.question("edited_in_xero")
    books.perfex.staff.edit_invoice(books.invoice, [line("90.00", "Consulting")])
    report = books.sync()
    assert (report.state, report.done) == (RunState.IN_STEP, {})
    # Also when the bookkeeper's version was accepted first.
    books.edit_line_in_xero(books.number(), 0, UnitAmount="80.00")
    books.sync()
    books.answer("edited_in_xero", "keep_xero")
    books.sync()
    books.perfex.staff.edit_invoice(books.invoice, [line("80.00", "Consulting")])
    report = books.sync()
    assert (report.state, report.done) == (RunState.IN_STEP, {})
    assert books.questions() == []


def test_a_paid_invoice_edited_in_perfex_is_a_question_and_stays_as_paid(books: World) -> None:
    books.perfex.staff.record_payment(books.invoice, "120.00", "1")
    books.sync()
    books.perfex.staff.edit_invoice(books.invoice, [line("150.00", "Consulting")])
    for _again in range(3):
        assert books.sync().done == {}
    books.question("has_payments")
    assert books.xero_invoice(books.number())["Total"] == 120.0


def test_an_edit_undone_before_it_was_sent_sends_nothing(books: World) -> None:
    books.perfex.staff.edit_invoice(books.invoice, [line("150.00", "Consulting")])
    books.xero.faults.add("500-before", method="POST", path="Invoices/")
    books.sync()
    books.perfex.staff.edit_invoice(books.invoice, [line("100.00", "Consulting")])
    for _again in range(4):
        books.sync(wait=timedelta(minutes=7))
    assert books.xero_invoice(books.number())["Total"] == 120.0
    assert books.sync().state is RunState.IN_STEP


def test_an_edit_undone_after_its_answer_was_lost_is_undone_in_xero(books: World) -> None:
    books.perfex.staff.edit_invoice(books.invoice, [line("150.00", "Consulting")])
    books.xero.faults.add("drop-after", method="POST", path="Invoices/")
    books.sync()
    books.perfex.staff.edit_invoice(books.invoice, [line("100.00", "Consulting")])
    for _again in range(4):
        books.sync(wait=timedelta(minutes=7))
    assert books.xero_invoice(books.number())["Total"] == 120.0 or books.questions()
