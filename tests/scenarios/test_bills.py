"""Expenses that are bills in Xero: entered, approved, paid later; never replaced, never converted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.scenarios import spending
from tests.scenarios.spending import (
    assert_nothing_follows,
    bill_payments,
    bills,
    edit_bill,
    feed,
    owe,
    pay_bill,
    spend,
    spent,
)
from tests.scenarios.world import World
from xero_bridge.core.reasons import sentence
from xero_bridge.core.vocabulary import Kind, RunState


def test_an_expense_that_is_not_paid_is_a_draft_bill_with_its_reference_as_number(
    office: World,
) -> None:
    owe(office)
    assert office.sync().done == {"expense": {"create": 1}}
    (bill,) = bills(office)
    assert (bill["InvoiceNumber"], bill["Status"], bill["Total"]) == ("B-1001", "DRAFT", 96.0)
    assert spent(office) == []
    assert_nothing_follows(office)


def test_a_euro_expense_on_a_pound_account_is_a_bill_in_euros_and_never_converted(
    office: World,
) -> None:
    office.xero_call("PUT", "Currencies", {"Code": "EUR", "Description": "Euro"})
    spend(office, currency=3, tax="")
    assert office.sync(wait=timedelta(days=1)).done["expense"] == {"create": 1}
    (bill,) = bills(office)
    assert (bill["CurrencyCode"], bill["Total"], bill["Status"]) == ("EUR", 80.0, "DRAFT")
    assert spent(office) == []
    spending.edit_bill(office, Status="AUTHORISED")
    assert office.sync().done == {}
    assert office.question("payment_currencies_differ").details["booked"] == "GBP"
    pay_bill(office)
    assert office.sync().state is RunState.IN_STEP
    assert office.questions() == []


def test_a_euro_expense_is_spent_from_a_euro_account(office: World) -> None:
    office.xero_call("PUT", "Currencies", {"Code": "EUR", "Description": "Euro"})
    euros = spending.add_account(office, "094", "Euro Account", CurrencyCode="EUR")
    office.map(Kind.PAYMENT_MODE, spending.CASH, euros)
    spend(office, currency=3, paymentmode=spending.CASH, tax="")
    assert office.sync(wait=timedelta(days=1)).done["expense"] == {"create": 1}
    (one,) = spent(office)
    assert (one["CurrencyCode"], one["Total"]) == ("EUR", 80.0)


def test_an_account_with_a_bank_feed_gets_a_bill_unless_a_person_consented(office: World) -> None:
    feed(office)
    spend(office, reference_no="one")
    office.sync()
    assert [bill["InvoiceNumber"] for bill in bills(office)] == ["one"]
    office.change_settings(expense_consent=True)
    spend(office, reference_no="two")
    office.sync()
    assert [one["Reference"] for one in spent(office)] == ["two"]


def test_spend_only_leaves_unpaid_expenses_at_home_until_they_are_paid(office: World) -> None:
    office.change_settings(expense_as="spend")
    expense = owe(office)
    assert office.sync().done == {}
    assert [left.reason for left in office.last_plan().excluded] == ["expense_unpaid"]
    office.perfex.staff.purchases.edit_expense(expense, paymentmode=spending.BANK)
    assert office.sync().done == {"expense": {"create": 1}}
    assert len(spent(office)) == 1


def test_spend_only_asks_about_a_paid_expense_that_its_account_does_not_take(office: World) -> None:
    feed(office)
    office.change_settings(expense_as="spend")
    spend(office)
    assert office.sync().done == {}
    assert "expense_consent" in sentence("expense_account_fed")
    office.question("expense_account_fed")


def test_a_bill_is_entered_as_the_settings_say(office: World) -> None:
    office.change_settings(bill_status="AUTHORISED")
    owe(office)
    office.sync()
    assert [bill["Status"] for bill in bills(office)] == ["AUTHORISED"]
    assert_nothing_follows(office)


def test_an_expense_paid_later_pays_its_bill_once_that_is_approved(office: World) -> None:
    expense = owe(office)
    office.sync()
    office.perfex.staff.purchases.edit_expense(expense, paymentmode=spending.BANK)
    assert office.sync().done == {}
    assert "bill_not_open" in {held.reason for held in office.last_plan().held}
    assert office.questions() == []
    edit_bill(office, Status="AUTHORISED")
    assert office.sync().done == {"expense": {"update": 1}}
    (bill,) = bills(office)
    assert (bill["Status"], bill["AmountPaid"]) == ("PAID", 96.0)
    (payment,) = bill_payments(office)
    assert (payment["Account"]["Code"], payment["Reference"]) == ("090", f"PX-EXP-{expense}")
    assert payment["Date"] == bill["Date"]
    assert spent(office) == []
    assert_nothing_follows(office)


def test_an_approved_bill_of_a_paid_expense_is_paid_in_the_same_run(office: World) -> None:
    feed(office)
    office.change_settings(bill_status="AUTHORISED")
    spend(office)
    assert office.sync().done == {"expense": {"create": 1, "update": 1}}
    assert [bill["Status"] for bill in bills(office)] == ["PAID"]
    assert_nothing_follows(office)


@pytest.mark.parametrize("kind", ["drop-after", "500-after", "html-after"])
def test_a_payment_of_a_bill_that_got_no_answer_is_made_once(office: World, kind: str) -> None:
    office.change_settings(bill_status="AUTHORISED")
    expense = owe(office)
    office.sync()
    office.perfex.staff.purchases.edit_expense(expense, paymentmode=spending.BANK)
    office.xero.faults.add(kind, method="PUT", path="Payments")
    office.sync()
    for _ in range(3):
        office.sync()
    assert len(bill_payments(office)) == 1
    assert [bill["Status"] for bill in bills(office)] == ["PAID"]
    assert office.questions() == []


def test_a_typo_and_a_payment_of_one_edit_both_arrive(office: World) -> None:
    office.change_settings(bill_status="AUTHORISED")
    expense = owe(office)
    office.sync()
    office.perfex.staff.purchases.edit_expense(
        expense, expense_name="Four office chairs", amount="90.00", paymentmode=spending.BANK
    )
    assert office.sync().done == {"expense": {"update": 2}}
    (bill,) = bills(office)
    assert (bill["Status"], bill["Total"]) == ("PAID", 108.0)
    assert bill["LineItems"][0]["Description"] == "Four office chairs"
    assert_nothing_follows(office)


def test_a_bill_paid_on_both_sides_by_hand_is_paid_once(office: World) -> None:
    office.change_settings(bill_status="AUTHORISED")
    expense = owe(office)
    office.sync()
    pay_bill(office)
    office.perfex.staff.purchases.edit_expense(expense, paymentmode=spending.BANK)
    report = office.sync()
    assert (report.state, report.done) == (RunState.IN_STEP, {})
    assert len(bill_payments(office)) == 1


def test_a_bill_paid_in_part_is_not_paid_beyond_that(office: World) -> None:
    office.change_settings(bill_status="AUTHORISED")
    expense = owe(office)
    office.sync()
    pay_bill(office, 40)
    office.perfex.staff.purchases.edit_expense(expense, paymentmode=spending.BANK)
    assert office.sync().done == {}
    office.question("bill_part_paid")
    pay_bill(office, 56)
    assert office.sync().state is RunState.IN_STEP
    assert office.questions() == []


def test_an_expense_that_is_unpaid_again_in_perfex_is_asked_about(office: World) -> None:
    office.change_settings(bill_status="AUTHORISED")
    expense = owe(office)
    office.sync()
    staff = office.perfex.staff.purchases
    staff.edit_expense(expense, paymentmode=spending.BANK)
    office.sync()
    staff.edit_expense(expense, paymentmode="")
    assert office.sync().done == {}
    office.question("unpaid_in_perfex")
    (payment,) = bill_payments(office)
    office.delete_payment_in_xero(payment["PaymentID"])
    report = office.sync()
    assert (report.state, report.done) == (RunState.IN_STEP, {})


def test_money_of_a_paid_bill_is_not_changed_in_xero(office: World) -> None:
    office.change_settings(bill_status="AUTHORISED")
    expense = owe(office)
    office.sync()
    pay_bill(office)
    office.perfex.staff.purchases.edit_expense(expense, paymentmode=spending.BANK, amount="90.00")
    assert office.sync().done == {}
    office.question("has_payments")
    assert [bill["Total"] for bill in bills(office)] == [96.0]


def test_two_bills_of_one_number_stand_side_by_side(office: World) -> None:
    owe(office, "10.00")
    owe(office, "20.00")
    assert office.sync().done == {"expense": {"create": 2}}
    assert [bill["InvoiceNumber"] for bill in bills(office)] == ["B-1001", "B-1001"]
    assert office.sync().done == {}


def test_the_due_date_that_a_bookkeeper_gave_a_bill_stays_when_the_date_changes_in_perfex(
    office: World,
) -> None:
    expense = owe(office)
    office.sync()
    edit_bill(office, DueDate="2026-12-31")
    office.sync()
    office.perfex.staff.purchases.edit_expense(expense, date="2026-11-12")
    office.sync()
    (bill,) = bills(office)
    dates = (bill["DateString"][:10], bill["DueDateString"][:10])
    assert dates == ("2026-11-12", "2026-12-31")
    assert_nothing_follows(office)
