"""What a bookkeeper does in Xero, and what comes of it: fees, credits, tracking, recurring work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.scenarios.world import World, line
from xero_bridge.core.vocabulary import Direction, Kind, RunState

_TODAY = "2026-11-20"


def credit_note(world: World, gross: str, contact: str) -> str:
    """A credit note without tax, approved on Xero's page; its id."""
    row = {"Description": "Returned", "Quantity": 1, "UnitAmount": float(gross)}
    body = {
        "Type": "ACCRECCREDIT",
        "Contact": {"ContactID": contact},
        "Date": _TODAY,
        "Status": "AUTHORISED",
        "LineAmountTypes": "NoTax",
        "LineItems": [{**row, "AccountCode": "200"}],
    }
    (made,) = world.xero_call("PUT", "CreditNotes", {"CreditNotes": [body]})["CreditNotes"]
    return str(made["CreditNoteID"])


def advance(world: World, kind: str, amount: str, contact: str) -> str:
    """Money of a customer ahead of a document, entered on Xero's page; its id."""
    row: dict[str, Any] = {
        "Description": "In advance",
        "Quantity": 1,
        "UnitAmount": float(amount),
    }
    if kind == "RECEIVE-PREPAYMENT":
        row |= {"AccountCode": "200", "TaxType": "NONE"}
    body = {
        "Type": kind,
        "Contact": {"ContactID": contact},
        "BankAccount": {"Code": "090"},
        "Date": _TODAY,
        "LineAmountTypes": "NoTax",
        "LineItems": [row],
    }
    sent = world.xero_call("PUT", "BankTransactions", {"BankTransactions": [body]})
    (made,) = sent["BankTransactions"]
    return str(made.get("OverpaymentID") or made.get("PrepaymentID"))


def apply_credit(world: World, amount: str, how: str) -> None:
    """Credit of a sort is applied to the invoice on Xero's page."""
    invoice = world.xero_invoice(world.number())
    contact = invoice["Contact"]["ContactID"]
    if how == "CreditNotes":
        source = credit_note(world, amount, contact)
    else:
        source = advance(world, f"RECEIVE-{how[:-1].upper()}", amount, contact)
    one = {"Amount": float(amount), "Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Date": _TODAY}
    world.xero_call("PUT", f"{how}/{source}/Allocations", {"Allocations": [one]})


@pytest.mark.parametrize("how", ["CreditNotes", "Overpayments", "Prepayments"])
def test_a_credit_applied_in_xero_is_one_question_and_never_a_payment_in_perfex(
    books: World, how: str
) -> None:
    apply_credit(books, "50.00", how)
    for _again in range(2):
        report = books.sync()
        assert (report.state, report.done) == (RunState.QUESTIONS, {})
    asked = books.question("credited_in_xero")
    assert len(books.questions()) == 1
    assert "50.00" in asked.details["credit"]
    due = next(row for row in asked.rows if row.facet == "amount due")
    assert (due.perfex, due.xero) == ("120.00", "70.00")
    books.answer("credited_in_xero", "leave")
    assert books.sync().done == {}
    assert books.sync().state is RunState.IN_STEP
    assert books.perfex.rows("invoicepaymentrecords") == []


def test_more_credit_applied_in_xero_later_is_asked_about_again(books: World) -> None:
    apply_credit(books, "50.00", "CreditNotes")
    books.sync()
    books.answer("credited_in_xero", "leave")
    books.sync()
    apply_credit(books, "20.00", "CreditNotes")
    books.sync()
    assert books.question("credited_in_xero").details["credit"].startswith("70.00")


def test_the_question_about_a_credit_closes_when_perfex_has_the_same_credit(books: World) -> None:
    apply_credit(books, "50.00", "CreditNotes")
    books.change_settings(direction={"credit_note": Direction.OFF})
    books.sync()
    staff = books.perfex.staff.credits
    note = staff.create(books.customer, [line("50.00", "Returned", tax=None)])
    staff.apply(note, books.invoice, "50.00")
    books.sync()
    assert books.questions() == []
    assert books.sync().state is RunState.IN_STEP


def test_a_price_edited_in_perfex_beside_a_credit_in_xero_asks_about_both(books: World) -> None:
    apply_credit(books, "50.00", "CreditNotes")
    books.perfex.staff.edit_invoice(books.invoice, [line("150.00", "Consulting")])
    books.sync()
    assert sorted(asked.reason for asked in books.questions()) == [
        "credited_in_xero",
        "has_payments",
    ]
    assert books.xero_invoice(books.number())["Total"] == 120.0


# --- gateways and their fees -----------------------------------------------------------------------


def clearing_account(world: World) -> str:
    """An account of its own for what a gateway has taken and not paid out yet; its id."""
    body = {"Code": "095", "Name": "Stripe", "Type": "BANK", "BankAccountNumber": "000-1"}
    made = world.xero_call("PUT", "Accounts", body)["Accounts"][0]
    world.sync(wait=timedelta(days=1))  # The chart of accounts is read once a day.
    world.map(Kind.PAYMENT_MODE, "stripe", made["AccountID"])
    return str(made["AccountID"])


def test_a_gateway_payment_stays_whole_on_its_invoice_and_the_fee_is_left_on_the_clearing_account(
    books: World,
) -> None:
    account = clearing_account(books)
    books.perfex.staff.record_payment(books.invoice, "120.00", "stripe", transactionid="ch_1")
    assert books.sync().done == {"payment": {"create": 1}}
    (payment,) = books.xero_payments()
    assert (payment["Amount"], payment["Account"]["AccountID"]) == (120.0, account)
    assert books.xero_invoice(books.number())["Status"] == "PAID"
    # The payout: what the bank received is moved, the fee is spent; neither belongs to Perfex.
    fee = {"Description": "Fee", "Quantity": 1, "UnitAmount": 3.6, "AccountCode": "404"}
    body = {
        "Type": "SPEND",
        "Contact": {"Name": "Stripe"},
        "BankAccount": {"AccountID": account},
        "Date": _TODAY,
        "LineAmountTypes": "NoTax",
        "LineItems": [fee],
    }
    books.xero_call("PUT", "BankTransactions", {"BankTransactions": [body]})
    report = books.sync()
    assert (report.state, report.done) == (RunState.IN_STEP, {})
    assert len(books.perfex.rows("invoicepaymentrecords")) == 1


def test_a_fee_split_off_in_xero_by_hand_is_the_same_money_when_a_person_says_so(
    books: World,
) -> None:
    """The bank received 116.40 of 120.00; the bookkeeper paid the invoice in two parts."""
    books.perfex.staff.record_payment(books.invoice, "120.00", "stripe", transactionid="ch_1")
    books.pay_in_xero(books.number(), "116.40", _TODAY)
    books.pay_in_xero(books.number(), "3.60", _TODAY)
    assert books.sync().done == {}
    asked = books.question("payments_on_both")
    assert asked.choices[0].code == "same"
    books.answer("payments_on_both", "same")
    assert books.sync().done == {}
    for _again in range(2):
        report = books.sync()
        assert (report.state, report.done) == (RunState.IN_STEP, {})
    assert [payment["Amount"] for payment in books.xero_payments()] in ([116.4, 3.6], [3.6, 116.4])
    assert len(books.perfex.rows("invoicepaymentrecords")) == 1
    assert books.xero_invoice(books.number())["Status"] == "PAID"


def test_part_payments_of_a_gateway_arrive_one_by_one_and_leave_what_is_due(books: World) -> None:
    clearing_account(books)
    for amount in ("20.00", "30.50"):
        books.perfex.staff.record_payment(books.invoice, amount, "stripe")
        books.sync()
    assert books.xero_invoice(books.number())["AmountDue"] == 69.5
    assert sorted(payment["Amount"] for payment in books.xero_payments()) == [20.0, 30.5]
    assert books.sync().state is RunState.IN_STEP


# --- paid too much ---------------------------------------------------------------------------------


def test_an_overpayment_in_perfex_pays_what_is_due_and_says_what_to_enter_for_the_rest(
    books: World,
) -> None:
    books.perfex.staff.record_payment(books.invoice, "150.00", "1", transactionid="BACS-7")
    assert books.sync().done == {}
    asked = books.question("overpaid_in_perfex")
    assert (asked.details["due"], asked.details["rest"]) == ("120.00", "30.00")
    enter = {row.facet: row.xero for row in asked.rows}
    assert (enter["overpayment"], enter["reference"]) == ("30.00", "BACS-7")
    assert enter["bank account"].startswith("090")
    books.answer("overpaid_in_perfex", "pay_due")
    assert books.sync().done == {"payment": {"create": 1}}
    (payment,) = books.xero_payments()
    assert payment["Amount"] == 120.0
    assert books.xero_invoice(books.number())["Status"] == "PAID"
    (link,) = books.store.links_of(Kind.PAYMENT)
    assert link.declared["amount"] == ("150.00", "120.00")
    # The bookkeeper enters the rest; nothing of it comes to Perfex.
    contact = books.xero_invoice(books.number())["Contact"]["ContactID"]
    advance(books, "RECEIVE-OVERPAYMENT", "30.00", contact)
    for wait in (timedelta(minutes=1), timedelta(days=1)):
        report = books.sync(wait=wait)
        assert (report.state, report.done) == (RunState.IN_STEP, {})
    assert [row["amount"] for row in books.perfex.rows("invoicepaymentrecords")] == ["150.00"]


def test_two_payments_that_are_too_much_together_are_told_apart(books: World) -> None:
    """The first fits, so it goes; the second waits with what is left."""
    books.perfex.staff.record_payment(books.invoice, "100.00", "1")
    books.perfex.staff.record_payment(books.invoice, "50.00", "1")
    assert books.sync().done == {"payment": {"create": 1}}
    asked = books.question("overpaid_in_perfex")
    assert (asked.details["due"], asked.details["rest"]) == ("20.00", "30.00")
    books.perfex.staff.edit_payment(int(asked.perfex_id or 0), amount="20.00")
    assert books.sync().done == {"payment": {"create": 1}}
    assert books.xero_invoice(books.number())["Status"] == "PAID"
    assert books.sync().state is RunState.IN_STEP


def test_an_invoice_and_its_overpayment_that_are_both_new_are_not_refused_first(
    books: World,
) -> None:
    new = books.bill("10.00")
    books.perfex.staff.record_payment(new, "20.00", "1")
    assert books.sync().done == {"invoice": {"create": 1}}
    assert books.question("overpaid_in_perfex").details["due"] == "12.00"
    refused = [call for call in books.xero.calls if call.status == 400]
    assert refused == []


def test_an_invoice_made_dearer_together_with_its_payment_is_no_overpayment(books: World) -> None:
    books.perfex.staff.edit_invoice(books.invoice, [line("150.00", "Consulting")])
    books.perfex.staff.record_payment(books.invoice, "180.00", "1")
    assert books.sync().done == {"invoice": {"update": 1}, "payment": {"create": 1}}
    assert books.xero_invoice(books.number())["Status"] == "PAID"
    assert books.sync().state is RunState.IN_STEP


# --- coding, and work that repeats -----------------------------------------------------------------


def test_a_bookkeepers_account_tax_code_and_tracking_are_kept_when_perfex_fixes_a_typo(
    books: World,
) -> None:
    region = [{"Name": "Region", "Option": "North"}]
    books.edit_line_in_xero(books.number(), 0, AccountCode="260", Tracking=region)
    assert books.sync().done == {}
    books.perfex.staff.edit_invoice(books.invoice, [line("100.00", "Consulting, two days")])
    assert books.sync(wait=timedelta(days=1)).done == {"invoice": {"update": 1}}
    (found,) = books.xero_invoice(books.number())["LineItems"]
    assert (found["Description"], found["AccountCode"]) == ("Consulting, two days", "260")
    assert [(one["Name"], one["Option"]) for one in found["Tracking"]] == [("Region", "North")]
    assert books.sync().state is RunState.IN_STEP


def test_the_child_of_a_recurring_invoice_is_an_invoice_of_its_own(books: World) -> None:
    """Perfex copies the template's admin note, in which an older bridge may have left a mark."""
    books.perfex.staff.edit_invoice(
        books.invoice, recurring="1", recurring_type="month", adminnote=f"Xero {books.number()}"
    )
    books.sync(wait=timedelta(days=1))
    child = books.perfex.staff.copy_invoice(books.invoice)
    books.perfex.staff.edit_invoice(child, is_recurring_from=str(books.invoice), recurring="0")
    report = books.sync()
    assert report.done == {"invoice": {"create": 1}}
    links = {link.perfex_id: link.xero_id for link in books.store.links_of(Kind.INVOICE)}
    assert links.keys() == {str(books.invoice), str(child)}
    assert len(set(links.values())) == 2
    assert [one["InvoiceNumber"] for one in books.xero_invoices()] == [
        books.number(),
        books.number(child),
    ]
    report = books.sync(wait=timedelta(days=1))
    assert (report.state, report.done) == (RunState.IN_STEP, {})
