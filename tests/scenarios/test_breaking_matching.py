"""What is the same and what is not: numbers used again, copies, old books, things left at home."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.scenarios.world import World, line
from xero_bridge.core.plan import Hold
from xero_bridge.core.vocabulary import Births, Direction, Kind, RunState

DAY = timedelta(days=1, minutes=1)


def _contact(world: World, name: str) -> str:
    (found,) = [one for one in world.xero_contacts() if one["Name"] == name]
    return str(found["ContactID"])


def _enter_in_xero(world: World, number: str, amount: str, **fields: Any) -> str:
    """An invoice that a bookkeeper makes in Xero for our customer."""
    body = {
        "Type": "ACCREC",
        "Status": "AUTHORISED",
        "InvoiceNumber": number,
        "Contact": {"ContactID": _contact(world, "Harbour Joinery Ltd")},
        "Date": "2026-11-20",
        "DueDate": "2026-12-20",
        "LineItems": [
            {
                "Description": "Work",
                "Quantity": 1,
                "UnitAmount": float(amount),
                "AccountCode": "260",
                "TaxType": "OUTPUT2",
            }
        ],
        **fields,
    }
    made = world.xero_call("PUT", "Invoices", {"Invoices": [body]})
    world.clock.move(minutes=1)
    return str(made["Invoices"][0]["InvoiceID"])


def _writes(world: World) -> int:
    return len([call for call in world.xero.calls if call.method != "GET"])


def _held(world: World, reason: str) -> list[Hold]:
    return [hold for hold in world.last_plan().held if hold.reason == reason]


def _next_number(world: World) -> str:
    return f"INV-{len(world.perfex.rows('invoices')) + 1:06d}"


def test_linking_writes_nothing_and_keeps_the_bookkeepers_coding(books: World) -> None:
    _enter_in_xero(books, _next_number(books), "50.00")
    new = books.bill("50.00")
    before = _writes(books)
    assert books.sync().done == {"invoice": {"link": 1}}
    assert _writes(books) == before
    assert books.sync().state is RunState.IN_STEP
    books.perfex.staff.edit_invoice(new, [line("60.00")])
    books.sync()
    found = books.xero_invoice(books.number(new))
    assert (found["Total"], found["LineItems"][0]["AccountCode"]) == (72.0, "260")


def test_a_cent_apart_is_not_the_same_invoice(books: World) -> None:
    _enter_in_xero(books, _next_number(books), "50.01")
    books.bill("50.00")
    for _again in range(2):
        assert books.sync().done == {}
    asked = books.question("number_taken")
    assert "another total" in asked.details["why"]


def test_an_answer_to_link_two_that_differ_changes_neither(books: World) -> None:
    theirs = _enter_in_xero(books, _next_number(books), "50.01")
    new = books.bill("50.00")
    books.sync()
    books.answer("number_taken", "link", theirs)
    assert books.sync().done == {"invoice": {"link": 1}}
    for _again in range(2):
        assert books.sync().done == {}
    assert books.xero_invoice(books.number(new))["Total"] == 60.01


def test_an_invoice_made_in_xero_and_entered_in_perfex_by_hand_is_linked(books: World) -> None:
    number = _next_number(books)
    _enter_in_xero(books, number, "50.00")
    books.sync()
    books.question("same_prefix")
    books.bill("50.00")
    assert books.sync().done == {"invoice": {"link": 1}}
    assert books.questions() == []


def test_an_invoice_copied_in_xero_with_our_mark_is_a_record_of_its_own(books: World) -> None:
    ours = books.xero_invoice(books.number())
    _enter_in_xero(books, "COPY-1", "100.00", Url=ours["Url"])
    assert books.sync().done == {}
    books.question("ask_before_create")
    (link,) = books.store.links_of(Kind.INVOICE)
    assert link.xero_id == ours["InvoiceID"]


def test_the_number_of_an_invoice_deleted_in_perfex_and_used_again_is_asked_about(
    books: World,
) -> None:
    books.bill("10.00", "Stays")
    second = books.bill("20.00", "Deleted")
    books.sync()
    number = books.number(second)
    assert books.perfex.staff.delete_invoice(second)
    again = books.bill("30.00", "Another")
    books.perfex.staff.renumber_invoice(again, int(number[4:]))
    for _again in range(3):
        books.sync()
    assert books.xero_invoice(number)["Total"] == 24.0
    reasons = {asked.reason for asked in books.questions()}
    assert "deleted_in_perfex" in reasons
    assert len(reasons) == 2
    # Voided, the number stays taken: another one is suggested, nothing is renamed silently.
    books.answer("deleted_in_perfex", "remove")
    for _again in range(3):
        books.sync()
    assert books.xero_invoice(number)["Status"] == "VOIDED"
    books.perfex.staff.renumber_invoice(again, 900)
    books.sync()
    assert books.xero_invoice("INV-000900")["Total"] == 36.0
    assert books.questions() == []


def test_two_perfex_invoices_of_one_number_are_not_both_sent(books: World) -> None:
    first, second = books.bill("10.00"), books.bill("20.00")
    books.perfex.staff.renumber_invoice(first, 77)
    books.perfex.staff.renumber_invoice(second, 77)
    for _again in range(3):
        books.sync()
    assert len(books.xero_invoices(InvoiceNumber="INV-000077")) == 1
    assert books.questions() != []
    assert books.sync().done == {}


def test_older_documents_stay_home_with_their_payments_and_say_why(world: World) -> None:
    world.change_settings(start_date=date(2026, 11, 1))
    world.customer = world.perfex.staff.create_customer("Ash & Co")
    old = world.bill("10.00", date="2026-10-31")
    world.perfex.staff.record_payment(old, "12.00", "1")
    report = world.sync()
    assert "invoice" not in report.done
    excluded = {hold.key.kind: hold.reason for hold in world.last_plan().excluded}
    assert excluded[Kind.INVOICE] == "before_start"
    assert excluded[Kind.PAYMENT] == "parent_left_out"
    assert world.questions() == []


def test_a_start_date_moved_later_removes_nothing(books: World) -> None:
    books.change_settings(start_date=date(2027, 1, 1))
    assert books.sync(wait=DAY).done == {}
    assert books.xero_invoice(books.number())["Status"] == "AUTHORISED"
    books.perfex.staff.edit_invoice(books.invoice, [line("150.00", "Consulting")])
    assert books.sync().done == {"invoice": {"update": 1}}


def test_a_kind_switched_off_is_neither_written_nor_forgotten(books: World) -> None:
    books.change_settings(direction={"invoice": Direction.OFF})
    books.perfex.staff.edit_invoice(books.invoice, [line("150.00", "Consulting")])
    before = _writes(books)
    books.sync()
    assert _writes(books) == before
    books.change_settings(direction={"invoice": Direction.TWO_WAY})
    books.sync()
    assert books.xero_invoice(books.number())["Total"] == 180.0


def test_births_that_are_asked_about_wait_for_their_answer(books: World) -> None:
    books.change_settings(births={"invoice.perfex": Births.ASK})
    new = books.bill("10.00")
    for _again in range(2):
        assert books.sync().done == {}
    books.answer("ask_before_create", "create")
    assert books.sync().done == {"invoice": {"create": 1}}
    assert books.sync().state is RunState.IN_STEP
    assert books.xero_invoice(books.number(new))


def test_an_invoice_left_at_home_keeps_its_payments_at_home(books: World) -> None:
    books.change_settings(births={"invoice.perfex": Births.ASK})
    new = books.bill("10.00")
    books.sync()
    books.answer("ask_before_create", "leave")
    books.perfex.staff.record_payment(new, "12.00", "1")
    for _again in range(2):
        assert books.sync().done == {}
    assert books.questions() == []
    assert books.xero_payments() == []


def test_what_xero_refuses_is_sent_once_and_once_more_when_told(books: World) -> None:
    _enter_in_xero(books, "INV-000077", "5.00")
    books.perfex.staff.renumber_invoice(books.invoice, 77)
    books.sync()
    first = _writes(books)
    for _again in range(2):
        books.sync()
    assert _writes(books) == first
    (asked,) = [one for one in books.questions() if any(c.code == "retry" for c in one.choices)]
    books.answer(asked.reason, "retry")
    for _again in range(3):
        books.sync()
    assert _writes(books) == first + 1
    books.question(asked.reason)


def test_a_payment_entered_while_a_void_is_on_its_way_stops_the_void(books: World) -> None:
    books.perfex.staff.cancel_invoice(books.invoice)
    books.sync()
    books.answer("cancelled_in_perfex", "remove")

    def pay() -> None:
        books.pay_in_xero(books.number(), "10.00", "2026-11-20")

    assert books.run(books.context_that_edits_before_writing(pay)).done == {}
    for _again in range(2):
        books.sync()
    assert books.xero_invoice(books.number())["Status"] == "AUTHORISED"
    assert books.questions() != []


def test_an_invoice_paid_and_voided_on_both_sides_is_left_alone(books: World) -> None:
    books.perfex.staff.cancel_invoice(books.invoice)
    books.edit_in_xero(books.number(), Status="VOIDED")
    assert books.sync().done == {}
    assert books.questions() == []


def test_a_payment_moved_to_another_invoice_is_replaced_when_told(books: World) -> None:
    other = books.bill("50.00", "Other")
    payment = books.perfex.staff.record_payment(books.invoice, "30.00", "1")
    books.sync()
    books.perfex.staff.edit_payment(payment, invoiceid=other)
    books.sync()
    books.answer("payment_changed", "replace")
    for _again in range(2):
        books.sync()
    (paid,) = books.xero_payments()
    assert paid["Invoice"]["InvoiceNumber"] == books.number(other)
    assert books.sync().state is RunState.IN_STEP


def test_a_payment_replaced_whose_delete_got_no_answer_ends_once(books: World) -> None:
    payment = books.perfex.staff.record_payment(books.invoice, "30.00", "1")
    books.sync()
    books.perfex.staff.edit_payment(payment, amount="35.00")
    books.sync()
    books.answer("payment_changed", "replace")
    books.xero.faults.add("drop-after", method="POST", path="Payments/")
    for _again in range(4):
        books.sync(wait=timedelta(minutes=7))
    for asked in books.questions():
        books.answer(asked.reason, "resend")
    for _again in range(3):
        books.sync()
    assert [paid["Amount"] for paid in books.xero_payments()] == [35.0]
    assert books.sync().state is RunState.IN_STEP


def test_locked_periods_can_be_asked_about_instead(books: World) -> None:
    books.change_settings(lock_policy="ask")
    books.xero.books().set_organisation(PeriodLockDate=books.clock.now().date())
    books.clock.move(days=1)
    late = books.bill("10.00", date="2026-11-01")
    books.sync()
    books.question("period_locked")
    assert books.xero_invoices(InvoiceNumber=books.number(late)) == []
    books.answer("period_locked", "leave")
    books.sync()
    assert books.questions() == []


def test_a_bank_account_archived_in_xero_holds_its_payments_in_one_question(
    books: World,
) -> None:
    (bank,) = [a for a in books.xero.books().accounts.values() if a["Code"] == "090"]
    books.xero_call("POST", f"Accounts/{bank['AccountID']}", {"Status": "ARCHIVED"})
    books.clock.move(days=1)
    for amount in ("10.00", "20.00"):
        books.perfex.staff.record_payment(books.invoice, amount, "1")
    books.sync()
    asked = books.question("payment_account_unusable")
    assert (asked.perfex_id, str(asked.amount)) == ("1", "30.00")
    assert books.xero_payments() == []


def test_an_item_deleted_in_perfex_and_one_of_an_equal_name_touch_no_item_of_xero(
    books: World,
) -> None:
    item = books.perfex.staff.create_item("Hinge", "4.00")
    books.sync()
    before = {one["Code"] for one in books.xero_call("GET", "Items")["Items"]}
    books.perfex.staff.create_item("Screw", "1.00")
    books.perfex.staff.delete("items", item)
    for _again in range(2):
        books.sync(wait=DAY)
    after = {one["Code"] for one in books.xero_call("GET", "Items")["Items"]}
    assert before <= after
    assert _held(books, "waits_for_unknown") == []


def test_what_was_left_alone_is_not_asked_about_again_when_it_is_paid_or_overdue(
    books: World,
) -> None:
    _enter_in_xero(books, "ONLY-XERO", "50.00")
    voided = books.bill("10.00", "Voided", duedate="2026-11-21")
    zero = books.bill("0.00", "Nothing", duedate="2026-11-21")
    deleted = books.bill("30.00", "Deleted")
    books.sync()
    books.edit_in_xero(books.number(voided), Status="VOIDED")
    gone = books.number(deleted)
    assert books.perfex.staff.delete_invoice(deleted)
    books.sync()
    for reason in ("ask_before_create", "voided_in_xero", "zero_total", "deleted_in_perfex"):
        books.answer(reason, "leave")
    books.sync()
    assert books.questions() == []
    books.pay_in_xero("ONLY-XERO", "60.00", "2026-11-20")
    books.pay_in_xero(gone, "36.00", "2026-11-20")
    books.clock.move(days=3)
    books.perfex.staff.run_cron()
    for _again in range(2):
        report = books.sync()
        assert (books.questions(), report.done) == ([], {})
    # Somebody edits it: then it is asked about again.
    books.perfex.staff.edit_invoice(voided, [line("11.00", "Voided")])
    books.sync()
    books.question("voided_in_xero")
    assert zero
