"""Expenses of Perfex in Xero: whose money, on which account, to the cent, and what stays home."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest

from tests.scenarios import buying, spending
from tests.scenarios.spending import assert_nothing_follows, enter_in_xero, spend, spent
from tests.scenarios.world import World
from xero_bridge.core.vocabulary import Kind, RunState
from xero_bridge.engine.context import Scope


def test_a_paid_expense_is_money_spent_from_the_account_of_its_mode(office: World) -> None:
    expense = spend(office)
    report = office.sync()
    assert report.done == {"expense": {"create": 1}}
    (one,) = spent(office)
    assert (one["Type"], one["Total"], one["TotalTax"]) == ("SPEND", 96.0, 16.0)
    assert one["LineAmountTypes"] == "Exclusive"
    assert one["BankAccount"]["Code"] == "090"
    assert (one["Contact"]["Name"], one["Reference"]) == (spending.SUNDRY, "B-1001")
    assert one["Url"] == f"{office.perfex_url}/admin/expenses/list_expenses/{expense}"
    assert one["DateString"].startswith("2026-11-19")
    (line,) = one["LineItems"]
    assert (line["Description"], line["AccountCode"], line["TaxType"]) == (
        "Office chairs",
        "429",
        "INPUT2",
    )
    assert_nothing_follows(office)


def test_an_expense_without_a_reference_is_found_by_its_mark_alone(office: World) -> None:
    spend(office, reference_no="")
    office.sync()
    (one,) = spent(office)
    assert one["Reference"] == ""
    assert_nothing_follows(office)


def test_the_supplier_is_the_custom_field_else_the_categorys_and_never_the_customer(
    office: World,
) -> None:
    staff = office.perfex.staff
    field = staff.create("customfields", fieldto="expenses", name="Supplier", type="input")
    for name in ("Desks & Co", "Paper Ltd"):
        spending.add_contact(office, name)
    spending.map_category(office, spending.SUPPLIES, "461", supplier="Paper Ltd")
    customer = staff.create_customer("Rebilled Customer Ltd")
    named = spend(office, clientid=customer, billable="1", reference_no="one")
    staff.create(
        "customfieldsvalues", relid=named, fieldid=field, fieldto="expenses", value="desks & co"
    )
    spend(office, category=spending.SUPPLIES, reference_no="two")
    spend(office, reference_no="three")
    office.sync()
    found = {one["Reference"]: one["Contact"]["Name"] for one in spent(office)}
    assert found == {"one": "Desks & Co", "two": "Paper Ltd", "three": spending.SUNDRY}


@pytest.mark.parametrize("allowed", [True, False])
def test_a_vendor_of_the_purchase_module_is_the_supplier_where_it_can_be_read(
    office: World, allowed: bool
) -> None:
    if allowed:
        buying.set_up_buying(office)
        office.sync(wait=spending.A_DAY)
    vendor = buying.buyers(office).create_vendor("Desks & Co")
    spend(office, vendor=vendor)
    assert office.sync(wait=spending.A_DAY).done["expense"] == {"create": 1}
    (one,) = spent(office)
    assert one["Contact"]["Name"] == ("Desks & Co" if allowed else spending.SUNDRY)


def test_a_supplier_that_xero_does_not_know_is_one_question_until_the_contact_is_there(
    office: World,
) -> None:
    office.change_settings(expense_contact="Corner Shop")
    spend(office, "10.00", reference_no="one")
    spend(office, "20.00", reference_no="two")
    report = office.sync()
    assert (report.state, report.done) == (RunState.QUESTIONS, {})
    asked = office.question("supplier_unknown")
    assert asked.label == "Corner Shop"
    assert asked.amount == 36
    spending.add_contact(office, "Corner Shop")
    assert office.sync().done == {"expense": {"create": 2}}
    assert office.questions() == []


def test_a_category_without_an_account_is_one_question_for_all_its_expenses(office: World) -> None:
    spend(office, category=spending.SOFTWARE, reference_no="one")
    spend(office, category=spending.SOFTWARE, reference_no="two")
    spend(office, reference_no="three")
    assert office.sync().done == {"expense": {"create": 1}}
    asked = office.question("expense_category_unmapped")
    assert asked.details["name"] == "Software"
    assert asked.amount == 192
    spending.map_category(office, spending.SOFTWARE, "489")
    assert office.sync().done == {"expense": {"create": 2}}


def test_a_category_of_an_accounts_name_needs_nobody_not_even_in_the_first_run(
    world: World,
) -> None:
    spending.prepare(world)
    for link in list(world.store.links_of(Kind.EXPENSE_CATEGORY)):
        if link.perfex_id == str(spending.TRAVEL):
            with world.store.atomically():
                world.store.drop_link(link)
    spend(world, category=spending.TRAVEL)
    report = world.sync()
    assert report.done["expense_category"] == {"link": 1}
    assert report.done["expense"] == {"create": 1}
    assert spent(world)[0]["LineItems"][0]["AccountCode"] == "493"


def test_a_tax_without_a_code_for_purchases_waits_for_one(office: World) -> None:
    office.map(Kind.TAX, "VAT|20.00", "OUTPUT2")
    spend(office)
    assert office.sync().done == {}
    assert office.question("tax_not_for_purchases").details["tax"] == "VAT|20.00"


def test_two_taxes_on_an_expense_are_one_tax_of_their_sum_and_equal_to_the_cent(
    office: World,
) -> None:
    components = [{"Name": "VAT", "Rate": 20}, {"Name": "Eco levy", "Rate": 2.5}]
    body = {"Name": "Eco and VAT", "ReportTaxType": "INPUT", "TaxComponents": components}
    made = office.xero_call("PUT", "TaxRates", body)["TaxRates"][0]["TaxType"]
    office.map(Kind.TAX, "ECO|2.50+VAT|20.00", made)
    office.sync(scope=Scope(kinds=frozenset({Kind.TAX})), wait=timedelta(days=1))
    spend(office, "33.33", tax=spending.VAT, tax2=spending.ECO)
    office.sync()
    (one,) = spent(office)
    assert (one["SubTotal"], one["TotalTax"], one["Total"]) == (33.33, 7.5, 40.83)


@pytest.mark.parametrize("amount", ["0.02", "0.03", "19.99", "1234.57"])
def test_whatever_rounding_does_both_sides_show_the_same_total(office: World, amount: str) -> None:
    spend(office, amount, tax=spending.REDUCED)
    office.sync()
    (one,) = spent(office)
    net = Decimal(amount)
    gross = (net * Decimal("1.05")).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert Decimal(str(one["Total"])) == gross


def test_an_expense_before_the_start_date_stays_home(office: World) -> None:
    office.change_settings(
        start_date=date(2026, 11, 1).isoformat() if office.database else date(2026, 11, 1)
    )
    spend(office, date="2026-10-31")
    assert office.sync().done == {}
    assert "before_start" in {left.reason for left in office.last_plan().excluded}


def test_an_expense_in_a_locked_period_waits(office: World) -> None:
    office.xero.books().set_organisation(PeriodLockDate=date(2026, 11, 19))
    spend(office)
    assert office.sync(wait=timedelta(days=1)).done == {}
    assert "period_locked" in {held.reason for held in office.last_plan().held}


def test_a_recurring_expense_and_its_children_are_records_of_their_own(office: World) -> None:
    parent = spend(office, repeat_every="1-month", reference_no="")
    office.sync()
    spend(office, recurring_from=parent, reference_no="", date="2026-11-20")
    assert office.sync().done == {"expense": {"create": 1}}
    assert len(spent(office)) == 2


def test_an_expense_that_was_put_on_an_invoice_stays_one_document(office: World) -> None:
    expense = spend(office)
    office.sync()
    office.perfex.staff.purchases.edit_expense(expense, invoiceid=7)
    report = office.sync()
    assert (report.state, report.done) == (RunState.IN_STEP, {})
    assert len(spent(office)) == 1


def test_an_expense_whose_write_got_no_answer_is_not_sent_twice(office: World) -> None:
    spend(office)
    office.xero.faults.add("drop-after", method="PUT", path="BankTransactions")
    office.sync()
    for _ in range(3):
        office.sync()
    assert len(spent(office, deleted=True)) == 1
    assert len(list(office.store.links_of(Kind.EXPENSE))) == 1


def test_an_expense_that_is_in_xero_already_is_linked_and_not_written(office: World) -> None:
    enter_in_xero(office, Reference="b-1001")
    spend(office)
    assert office.sync().done == {"expense": {"link": 1}}
    assert_nothing_follows(office)


def test_money_spent_of_the_same_day_and_amount_without_a_reference_is_asked_about(
    office: World,
) -> None:
    enter_in_xero(office)
    spend(office)
    assert office.sync().done == {}
    assert "same date and amount" in office.question("maybe_same").details["why"]
    office.answer("maybe_same", "link")
    assert office.sync().done == {"expense": {"link": 1}}
    assert len(spent(office)) == 1


def test_an_expense_whose_tax_was_deleted_in_perfex_waits_for_another_one(office: World) -> None:
    expense = spend(office, tax=spending.REDUCED)
    office.perfex.staff.delete("taxes", str(spending.REDUCED))
    assert office.sync(wait=spending.A_DAY).done == {}
    office.question("expense_tax_deleted")
    office.perfex.staff.purchases.edit_expense(expense, tax=spending.VAT)
    assert office.sync().done == {"expense": {"create": 1}}
    assert office.questions() == []


def test_the_schedule_reads_expenses_of_xero_once_an_hour_whatever_else_moves(
    office: World,
) -> None:
    office.customer = office.perfex.staff.create_customer("Harbour Joinery Ltd")
    office.bill("100.00")
    polled = Scope(trigger="schedule")
    office.sync(scope=polled)
    assert read_lists(office, lambda: office.sync(scope=polled)) == 0
    assert read_lists(office, lambda: office.sync(scope=polled, wait=timedelta(hours=1))) == 1


def read_lists(world: World, act: Callable[[], object]) -> int:
    """How often the money spent was listed meanwhile."""
    before = len(world.xero.calls)
    act()
    calls = world.xero.calls[before:]
    return sum(call.method == "GET" and call.path.endswith("/BankTransactions") for call in calls)
