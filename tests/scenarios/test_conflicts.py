"""Both sides touch one document: no edit is lost silently, and nothing is paid twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from tests.scenarios.world import World, line
from xero_bridge.core.vocabulary import Direction, RunState

_TODAY = "2026-11-20"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An invoice as a person reads it on one side."""

    due: str
    total: str
    lines: tuple[str, ...]
    open: bool
    paid: tuple[str, ...]


def in_perfex(world: World) -> Shown:
    row = world.perfex_get(f"invoices/{world.invoice}")
    return Shown(
        due=row["duedate"],
        total=row["total"],
        lines=tuple(f"{one['qty']} x {one['rate']} {one['description']}" for one in row["items"]),
        open=str(row["status"]) != "5",
        paid=tuple(sorted(payment["amount"] for payment in row["payments"] or ())),
    )


def in_xero(world: World) -> Shown:
    (found,) = world.xero_invoices()
    return Shown(
        due=found["DueDateString"][:10],
        total=f"{found['Total']:.2f}",
        lines=tuple(
            f"{one['Quantity']:.2f} x {one['UnitAmount']:.2f} {one['Description']}"
            for one in found["LineItems"]
        ),
        open=found["Status"] not in {"VOIDED", "DELETED"},
        paid=tuple(sorted(f"{payment['Amount']:.2f}" for payment in world.xero_payments())),
    )


def stays_quiet(world: World) -> None:
    """Nothing is asked or written any more, not even by the daily deep check."""
    assert world.questions() == []
    for wait in (timedelta(minutes=1), timedelta(days=1)):
        report = world.sync(wait=wait)
        assert (report.state, report.done) == (RunState.IN_STEP, {})


def agree_to_receipts(world: World) -> None:
    """The first receipts were consented to long ago."""
    with world.store.atomically():
        world.store.remember("receipts_agreed", "yes")


def receipts(world: World) -> int:
    """Mails that Perfex sent to customers about their payments."""
    return sum(1 for mail in world.perfex.outbox if mail.kind == "payment_receipt")


# --- the same field, and different ones ------------------------------------------------------------


def both_edit_the_price(world: World) -> None:
    world.perfex.staff.edit_invoice(world.invoice, [line("150.00", "Consulting")])
    world.edit_line_in_xero(world.number(), 0, UnitAmount="90.00")
    assert world.sync().done == {}


def test_the_same_price_edited_on_both_sides_is_shown_in_three_columns_and_left_on_both(
    books: World,
) -> None:
    both_edit_the_price(books)
    total = next(row for row in books.question("conflict").rows if row.facet == "total")
    assert (total.base, total.perfex, total.xero) == ("120.00", "180.00", "108.0")
    for _again in range(2):
        assert books.sync().done == {}
    assert (in_perfex(books).total, in_xero(books).total) == ("180.00", "108.00")


def test_the_perfex_price_holds_on_both_sides_when_a_person_says_so(books: World) -> None:
    both_edit_the_price(books)
    books.answer("conflict", "keep_perfex")
    assert books.sync().done == {"invoice": {"update": 1}}
    assert in_perfex(books) == in_xero(books)
    assert in_xero(books).lines == ("1.00 x 150.00 Consulting",)
    stays_quiet(books)


def test_the_xero_price_is_kept_when_a_person_says_so(books: World) -> None:
    both_edit_the_price(books)
    books.answer("conflict", "keep_xero")
    books.sync()
    assert in_xero(books).lines == ("1.00 x 90.00 Consulting",)
    stays_quiet(books)


def test_the_same_due_date_entered_on_both_sides_needs_nobody(books: World) -> None:
    books.perfex.staff.edit_invoice(books.invoice, duedate="2027-01-31")
    books.edit_in_xero(books.number(), DueDate="2027-01-31")
    assert books.sync().done == {}
    assert in_perfex(books) == in_xero(books)
    stays_quiet(books)


def test_a_price_edited_in_perfex_and_a_due_date_in_xero_are_both_kept(books: World) -> None:
    books.perfex.staff.edit_invoice(books.invoice, [line("150.00", "Consulting")])
    books.edit_in_xero(books.number(), DueDate="2027-01-31")
    books.sync()
    if books.questions():  # The due date cannot be written to Perfex: a person accepts it.
        assert in_xero(books).due == "2027-01-31"
        assert in_perfex(books).total == "180.00"
        books.answer("edited_in_xero", "keep_xero")
        books.sync()
    assert in_xero(books).due == "2027-01-31"
    assert in_xero(books).total == in_perfex(books).total == "180.00"
    stays_quiet(books)


def both_edit_the_phone(world: World, owner: str) -> dict[str, str]:
    """The customer's phone number on both sides, after everybody had their way."""
    world.change_settings(direction={"customer": Direction.TWO_WAY})
    if owner:
        world.change_settings(owner={"customer": owner})
    world.perfex.settings.custom_tables |= {"tblcustomer_groups"}
    world.sync(wait=timedelta(days=1))
    world.perfex.staff.edit_customer(world.customer, phonenumber="11111")
    (contact,) = world.xero_contacts()
    phone = {"PhoneType": "DEFAULT", "PhoneNumber": "22222"}
    world.xero_call("POST", f"Contacts/{contact['ContactID']}", {"Phones": [phone]})
    world.sync()
    row = world.perfex.row("clients", world.customer)
    assert row is not None
    (contact,) = world.xero_contacts()
    phones = [one for one in contact["Phones"] if one["PhoneType"] == "DEFAULT"]
    return {"perfex": str(row["phonenumber"]), "xero": phones[0]["PhoneNumber"]}


@pytest.mark.parametrize(
    ("owner", "perfex", "xero"),
    [("", "11111", "11111"), ("xero", "22222", "22222"), ("ask", "11111", "22222")],
)
def test_a_text_edited_on_both_sides_is_that_of_whom_the_policy_of_the_kind_names(
    books: World, owner: str, perfex: str, xero: str
) -> None:
    assert both_edit_the_phone(books, owner) == {"perfex": perfex, "xero": xero}
    assert [asked.reason for asked in books.questions()] == (["conflict"] if owner == "ask" else [])
    assert books.sync().done == {}


# --- one edits, the other voids --------------------------------------------------------------------


def test_an_invoice_edited_in_perfex_and_voided_in_xero_keeps_both_until_somebody_decides(
    books: World,
) -> None:
    books.perfex.staff.edit_invoice(books.invoice, [line("150.00", "Consulting")])
    books.edit_in_xero(books.number(), Status="VOIDED")
    assert books.sync().done == {}
    asked = books.question("voided_in_xero")
    total = next(row for row in asked.rows if row.facet == "total")
    assert (total.base, total.perfex) == ("120.00", "180.00")
    assert (in_perfex(books).total, in_perfex(books).open) == ("180.00", True)
    assert not in_xero(books).open
    books.answer("voided_in_xero", "leave")
    books.sync()
    assert (in_perfex(books).open, in_xero(books).open) == (True, False)
    stays_quiet(books)


def test_an_invoice_voided_in_xero_is_closed_on_both_sides_when_it_is_cancelled_in_perfex(
    books: World,
) -> None:
    books.edit_in_xero(books.number(), Status="VOIDED")
    books.sync()
    books.question("voided_in_xero")
    books.perfex.staff.cancel_invoice(books.invoice)
    assert books.sync().done == {}
    assert (in_perfex(books).open, in_xero(books).open) == (False, False)
    stays_quiet(books)


def test_an_invoice_voided_in_xero_is_entered_again_under_the_number_that_perfex_gives_it(
    books: World,
) -> None:
    books.edit_in_xero(books.number(), Status="VOIDED")
    books.sync()
    books.answer("voided_in_xero", "resend")
    books.sync()
    books.sync()
    asked = books.question("number_of_void")
    assert asked.details["suggested"] == f"{books.number()}-2"
    books.perfex.staff.renumber_invoice(books.invoice, 4711)
    assert books.sync().done == {"invoice": {"create": 1}}
    old, new = books.xero_invoices()
    assert (old["Status"], new["Status"]) == ("VOIDED", "AUTHORISED")
    assert (new["InvoiceNumber"], new["Total"]) == ("INV-004711", 120.0)
    assert in_perfex(books).open
    stays_quiet(books)


def test_an_invoice_cancelled_in_perfex_and_edited_in_xero_shows_that_edit_before_it_is_voided(
    books: World,
) -> None:
    books.perfex.staff.cancel_invoice(books.invoice)
    books.edit_line_in_xero(books.number(), 0, UnitAmount="90.00")
    assert books.sync().done == {}
    asked = books.question("cancelled_in_perfex")
    total = next(row for row in asked.rows if row.facet == "total")
    assert (total.base, total.perfex, total.xero) == ("120.00", "120.00", "108.0")
    assert in_xero(books) == Shown(
        due="2026-12-20", total="108.00", lines=("1.00 x 90.00 Consulting",), open=True, paid=()
    )
    books.answer("cancelled_in_perfex", "remove")
    assert books.sync().done == {"invoice": {"void": 1}}
    assert (in_perfex(books).open, in_xero(books).open) == (False, False)
    stays_quiet(books)


def test_an_edit_in_xero_made_after_the_yes_to_voiding_is_asked_about_again(books: World) -> None:
    books.perfex.staff.cancel_invoice(books.invoice)
    books.sync()
    books.answer("cancelled_in_perfex", "remove")
    books.edit_line_in_xero(books.number(), 0, UnitAmount="90.00")
    assert books.sync().done == {}
    books.question("cancelled_in_perfex")
    assert (in_xero(books).open, in_xero(books).total) == (True, "108.00")


# --- one pays, the other edits lines ---------------------------------------------------------------


def test_lines_edited_in_perfex_while_xero_is_paid_are_asked_about_and_the_money_arrives(
    books: World,
) -> None:
    agree_to_receipts(books)
    books.perfex.staff.edit_invoice(books.invoice, [line("150.00", "Consulting")])
    books.pay_in_xero(books.number(), "120.00", _TODAY)
    for _again in range(3):
        books.sync()
    assert books.question("has_payments").label == books.number()
    assert (in_perfex(books).total, in_perfex(books).paid) == ("180.00", ("120.00",))
    assert (in_xero(books).total, in_xero(books).paid) == ("120.00", ("120.00",))


@pytest.mark.usefixtures("one_way")
def test_lines_edited_in_xero_while_perfex_is_paid_are_asked_about_and_the_money_arrives(
    books: World,
) -> None:
    books.perfex.staff.record_payment(books.invoice, "50.00", "1")
    books.edit_line_in_xero(books.number(), 0, UnitAmount="90.00")
    assert books.sync().done == {"payment": {"create": 1}}
    books.question("edited_in_xero")
    assert (in_perfex(books).total, in_perfex(books).paid) == ("120.00", ("50.00",))
    assert (in_xero(books).total, in_xero(books).paid) == ("108.00", ("50.00",))
    assert books.sync().done == {}


def test_texts_edited_in_perfex_while_xero_is_paid_are_carried_over_with_the_money(
    books: World,
) -> None:
    agree_to_receipts(books)
    books.perfex.staff.edit_invoice(books.invoice, [line("100.00", "Consulting, two visits")])
    books.pay_in_xero(books.number(), "120.00", _TODAY)
    for wait in (timedelta(days=1), timedelta(minutes=1), timedelta(minutes=1)):
        books.sync(wait=wait)
    assert in_perfex(books) == in_xero(books)
    assert in_xero(books).paid == ("120.00",)
    assert in_xero(books).lines == ("1.00 x 100.00 Consulting, two visits",)
    stays_quiet(books)


# --- payments recorded on both sides by hand -------------------------------------------------------


@pytest.mark.parametrize("perfex_on", ["2026-11-18", _TODAY])
def test_a_payment_recorded_by_hand_on_both_sides_is_one_payment_on_each(
    books: World, perfex_on: str
) -> None:
    books.perfex.staff.record_payment(books.invoice, "120.00", "1", issued=perfex_on)
    books.pay_in_xero(books.number(), "120.00", _TODAY)
    assert books.sync().done == {"payment": {"link": 1}}
    assert in_perfex(books).paid == in_xero(books).paid == ("120.00",)
    assert receipts(books) == 0
    stays_quiet(books)


@pytest.mark.parametrize(
    ("perfex_amount", "perfex_on"), [("120.00", "2026-10-01"), ("119.00", _TODAY)]
)
def test_payments_by_hand_that_differ_in_date_or_amount_are_one_question_and_stay_as_they_are(
    books: World, perfex_amount: str, perfex_on: str
) -> None:
    books.perfex.staff.record_payment(books.invoice, perfex_amount, "1", issued=perfex_on)
    books.pay_in_xero(books.number(), "120.00", _TODAY)
    for _again in range(3):
        assert books.sync().done == {}
    assert [asked.reason for asked in books.questions()] == ["payments_on_both"]
    assert (in_perfex(books).paid, in_xero(books).paid) == ((perfex_amount,), ("120.00",))
    assert receipts(books) == 0


def test_a_part_paid_by_hand_on_each_side_arrives_on_the_other_when_told(books: World) -> None:
    agree_to_receipts(books)
    books.perfex.staff.record_payment(books.invoice, "50.00", "1")
    books.pay_in_xero(books.number(), "40.00", _TODAY)
    books.sync()
    books.answer("payments_on_both", "separate")
    for _again in range(3):
        books.sync()
    assert in_perfex(books).paid == in_xero(books).paid == ("40.00", "50.00")
    stays_quiet(books)
