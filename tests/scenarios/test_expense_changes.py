"""Expenses that are edited or deleted after they went to Xero, on either side, in every version."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from tests.scenarios import spending
from tests.scenarios.spending import (
    assert_nothing_follows,
    bills,
    edit_bill,
    edit_spent,
    owe,
    spend,
    spent,
)
from tests.scenarios.world import World, a_world
from xero_bridge.core.vocabulary import Kind, RunState


@pytest.mark.parametrize(
    ("column", "value", "shown", "expected"),
    [
        ("amount", "90.00", "Total", 108.0),
        ("date", "2026-11-18", "DateString", "2026-11-18T00:00:00"),
        ("reference_no", "B-1002", "Reference", "B-1002"),
        ("tax", spending.REDUCED, "TotalTax", 4.0),
    ],
)
def test_an_edit_in_perfex_changes_money_spent(
    office: World, column: str, value: object, shown: str, expected: object
) -> None:
    expense = spend(office)
    office.sync()
    line_before = spent(office)[0]["LineItems"][0]["LineItemID"]
    office.perfex.staff.purchases.edit_expense(expense, **{column: value})
    assert office.sync().done == {"expense": {"update": 1}}
    (one,) = spent(office)
    assert one[shown] == expected
    assert one["LineItems"][0]["LineItemID"] == line_before
    assert_nothing_follows(office)


def test_a_bookkeepers_recoding_and_tracking_stay_when_a_typo_is_fixed_in_perfex(
    office: World,
) -> None:
    expense = spend(office)
    office.sync()
    line = spent(office)[0]["LineItems"][0]
    kept = {name: line[name] for name in ("LineItemID", "Description", "Quantity", "UnitAmount")}
    other = spending.add_contact(office, "The Real Supplier")
    edit_spent(
        office,
        Contact={"ContactID": other},
        LineItems=[{**kept, "AccountCode": "408", "TaxType": "INPUT2"}],
    )
    report = office.sync()
    assert (report.state, report.done) == (RunState.IN_STEP, {})
    office.perfex.staff.purchases.edit_expense(expense, expense_name="Office chair")
    assert office.sync().done == {"expense": {"update": 1}}
    (one,) = spent(office)
    assert one["Contact"]["Name"] == "The Real Supplier"
    (line,) = one["LineItems"]
    assert (line["Description"], line["AccountCode"]) == ("Office chair", "408")


def test_a_line_split_in_xero_is_coding_and_no_change_of_the_expense(office: World) -> None:
    spend(office)
    office.sync()
    (line,) = spent(office)[0]["LineItems"]
    first = {"LineItemID": line["LineItemID"], "Description": line["Description"], "Quantity": 1}
    rest = {"Description": "Cushions", "Quantity": 1, "AccountCode": "461", "TaxType": "INPUT2"}
    edit_spent(
        office,
        LineItems=[
            {**first, "UnitAmount": 60, "AccountCode": "429", "TaxType": "INPUT2"},
            {**rest, "UnitAmount": 20},
        ],
    )
    report = office.sync()
    assert (report.state, report.done) == (RunState.IN_STEP, {})


def test_another_category_in_perfex_is_another_account_in_xero(office: World) -> None:
    expense = spend(office)
    office.sync()
    office.perfex.staff.purchases.edit_expense(expense, category=spending.SUPPLIES)
    assert office.sync().done == {"expense": {"update": 1}}
    assert spent(office)[0]["LineItems"][0]["AccountCode"] == "461"
    assert_nothing_follows(office)


def test_another_payment_mode_is_another_bank_account(office: World) -> None:
    till = spending.add_account(office, "095", "Shop till")
    office.map(Kind.PAYMENT_MODE, spending.CASH, till)
    expense = spend(office)
    office.sync(wait=spending.A_DAY)
    office.perfex.staff.purchases.edit_expense(expense, paymentmode=spending.CASH)
    assert office.sync().done == {"expense": {"update": 1}}
    assert spent(office)[0]["BankAccount"]["AccountID"] == till
    assert_nothing_follows(office)


def test_a_reconciled_expense_is_not_changed_and_says_so(office: World) -> None:
    expense = spend(office)
    office.sync()
    edit_spent(office, IsReconciled=True)
    office.perfex.staff.purchases.edit_expense(expense, amount="90.00")
    assert office.sync().done == {}
    office.question("expense_reconciled")
    assert spent(office)[0]["Total"] == 96.0


def test_money_changed_on_both_sides_is_a_conflict_with_both_versions(office: World) -> None:
    expense = spend(office)
    office.sync()
    line = spent(office)[0]["LineItems"][0]
    kept = {name: line[name] for name in ("LineItemID", "Description", "Quantity", "AccountCode")}
    edit_spent(office, LineItems=[{**kept, "UnitAmount": 70, "TaxType": "INPUT2"}])
    office.perfex.staff.purchases.edit_expense(expense, amount="90.00")
    assert office.sync().done == {}
    asked = office.question("conflict")
    net = next(row for row in asked.rows if row.facet == "net amount")
    assert (net.base, net.perfex, net.xero) == ("80.00", "90.00", "70.00")
    office.answer("conflict", "keep_perfex")
    assert office.sync().done == {"expense": {"update": 1}}
    assert spent(office)[0]["Total"] == 108.0


@pytest.mark.parametrize("paid", [True, False])
def test_an_expense_deleted_in_perfex_is_removed_from_xero_when_told(
    office: World, paid: bool
) -> None:
    expense = spend(office) if paid else owe(office)
    spend(office, reference_no="kept")
    office.sync()
    office.perfex.staff.purchases.delete_expense(expense)
    assert office.sync().done == {}
    office.answer("deleted_in_perfex", "remove")
    assert office.sync().done == {"expense": {"void": 1}}
    assert [one["Reference"] for one in spent(office)] == ["kept"]
    assert [bill["Status"] for bill in bills(office)] == ([] if paid else ["DELETED"])
    assert office.sync().state is RunState.IN_STEP


def test_an_approved_bill_of_a_deleted_expense_is_voided_and_a_paid_one_is_not(
    office: World,
) -> None:
    office.change_settings(bill_status="AUTHORISED", void_policy="automatic")
    gone, paid = owe(office), owe(office, reference_no="B-1002")
    owe(office, reference_no="kept")
    office.sync()
    office.perfex.staff.purchases.edit_expense(paid, paymentmode=spending.BANK)
    office.sync()
    for expense in (gone, paid):
        office.perfex.staff.purchases.delete_expense(expense)
    assert office.sync().done == {"expense": {"void": 1}}
    found = {bill["InvoiceNumber"]: bill["Status"] for bill in bills(office)}
    assert found == {"B-1001": "VOIDED", "B-1002": "PAID", "kept": "AUTHORISED"}
    office.question("deleted_in_perfex")


def test_a_reconciled_expense_deleted_in_perfex_stays_in_xero_and_is_asked_about(
    office: World,
) -> None:
    office.change_settings(void_policy="automatic")
    expense = spend(office)
    owe(office, reference_no="kept")
    office.sync()
    edit_spent(office, IsReconciled=True)
    office.perfex.staff.purchases.delete_expense(expense)
    assert office.sync().done == {}
    office.answer("deleted_in_perfex", "remove")
    assert office.sync().done == {}
    office.question("expense_reconciled")
    assert len(spent(office)) == 1


@pytest.mark.parametrize("others", [True, False])
def test_a_deleted_category_hides_its_expenses_and_that_is_no_deletion(
    office: World, others: bool
) -> None:
    office.change_settings(void_policy="automatic")
    spend(office)
    if others:
        spend(office, category=spending.SUPPLIES, reference_no="another")
    office.sync()
    before = spent(office)
    office.perfex.staff.delete("expenses_categories", str(spending.FURNITURE))
    assert listed(office) == (1 if others else 0)
    report = office.sync()
    assert (report.state, report.done) == (RunState.QUESTIONS, {})
    asked = office.question("hides_records")
    assert (asked.label, asked.details["count"], asked.details["total"]) == (
        "Furniture",
        "1",
        "96.00",
    )
    assert office.sync(wait=spending.A_DAY).done == {}
    assert office.stops() == []
    office.answer("hides_records", "leave")
    for _ in range(2):
        report = office.sync()
        assert (report.state, report.done) == (RunState.IN_STEP, {})
    assert spent(office) == before
    assert len(list(office.store.links_of(Kind.EXPENSE))) == 1 + others


@pytest.mark.parametrize("paid", [True, False])
def test_an_expense_removed_in_xero_is_asked_about_and_stays_in_perfex(
    office: World, paid: bool
) -> None:
    expense = spend(office) if paid else owe(office)
    office.sync()
    if paid:
        edit_spent(office, Status="DELETED")
    else:
        edit_bill(office, Status="DELETED")
    assert office.sync().done == {}
    office.answer("voided_in_xero", "leave")
    assert office.sync().state is RunState.IN_STEP
    assert office.perfex.row("expenses", expense) is not None


def test_a_bill_approved_in_xero_is_no_change(office: World) -> None:
    owe(office)
    office.sync()
    edit_bill(office, Status="AUTHORISED")
    report = office.sync()
    assert (report.state, report.done) == (RunState.IN_STEP, {})


@pytest.fixture(params=["2.0.8", "3.0.3", "3.1.0"])
def old_and_new(request: pytest.FixtureRequest) -> Iterator[World]:
    """An office whose Perfex has this version of the module."""
    with a_world(version=request.param) as made:
        made.map_usual()
        made.go_live()
        spending.prepare(made)
        # 2.0.8 tells its currencies on invoices alone.
        made.customer = made.perfex.staff.create_customer("Harbour Joinery Ltd")
        made.bill("10.00")
        made.sync()
        yield made


def test_every_version_of_the_module_carries_an_expense_through_its_life(
    old_and_new: World,
) -> None:
    office, staff = old_and_new, old_and_new.perfex.staff.purchases
    office.change_settings(bill_status="AUTHORISED")
    expense, other = owe(office), spend(office, reference_no="paid")
    assert office.sync().done == {"expense": {"create": 2}}
    staff.edit_expense(expense, amount="90.00")
    assert office.sync().done == {"expense": {"update": 1}}
    staff.edit_expense(expense, paymentmode=spending.BANK)
    assert office.sync().done == {"expense": {"update": 1}}
    assert [(bill["Status"], bill["Total"]) for bill in bills(office)] == [("PAID", 108.0)]
    staff.delete_expense(other)
    office.sync()
    office.answer("deleted_in_perfex", "remove")
    assert office.sync().done == {"expense": {"void": 1}}
    assert office.sync().state is RunState.IN_STEP


def listed(world: World) -> int:
    """How many expenses Perfex's API lists."""
    answer = requests.get(
        f"{world.perfex_url}/api/expenses",
        headers={"authtoken": world.perfex.token},
        timeout=20,
    )
    return len(answer.json()) if answer.status_code == 200 else 0
