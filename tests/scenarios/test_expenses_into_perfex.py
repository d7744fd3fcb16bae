"""Expenses of Xero in Perfex: by a person's rule only, once, and what is edited there later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from tests.scenarios import spending
from tests.scenarios.spending import (
    assert_nothing_follows,
    bills,
    edit_bill,
    edit_spent,
    enter_in_xero,
    expenses,
    owe,
    pay_bill,
    spend,
    spent,
)
from tests.scenarios.world import World, a_world
from xero_bridge.core.vocabulary import Kind, RunState


def admit(world: World, **settings: object) -> None:
    """The rule: whatever stands on accounts of categories, from November on."""
    start = date(2026, 11, 1)
    chosen = {"expense_rule": "accounts", "start_date": start, **settings}
    if world.database is not None:
        chosen["start_date"] = start.isoformat()
    world.change_settings(**chosen)


@pytest.fixture(params=["2.0.8", "3.0.3", "3.1.0"])
def admitting(request: pytest.FixtureRequest) -> Iterator[World]:
    """An office with the rule, whose Perfex has this version of the module."""
    with a_world(version=request.param) as made:
        made.map_usual()
        made.go_live()
        spending.prepare(made)
        made.customer = made.perfex.staff.create_customer("Harbour Joinery Ltd")
        made.bill("10.00")
        admit(made)
        made.sync()
        yield made


def test_without_a_rule_nothing_of_xero_comes_and_it_says_so(office: World) -> None:
    enter_in_xero(office)
    report = office.sync()
    assert (report.state, report.done) == (RunState.IN_STEP, {})
    assert left_out(office) == {"expense_rule"}
    assert expenses(office) == []


def test_money_spent_that_the_rule_admits_becomes_an_expense_in_every_version(
    admitting: World,
) -> None:
    enter_in_xero(admitting, Reference="R-7")
    report = admitting.sync()
    done = dict(report.done)
    assert done in ({"expense": {"create": 1}}, {}), report
    (row,) = expenses(admitting)
    assert (row["category"], row["amount"], row["date"]) == ("4", "80.00", "2026-11-19")
    assert (row["tax"], row["paymentmode"], row["reference_no"]) == ("1", "1", "R-7")
    assert (row["expense_name"], row["clientid"], row["billable"]) == ("Chairs", "0", "0")
    assert "PX-" in row["note"]
    assert_nothing_follows(admitting)
    assert len(expenses(admitting)) == 1
    assert len(spent(admitting)) == 1


def test_a_bill_that_the_rule_admits_becomes_an_unpaid_expense_and_is_paid_when_it_is(
    admitting: World,
) -> None:
    enter_bill(admitting)
    admitting.sync()
    (row,) = expenses(admitting)
    assert (row["amount"], row["reference_no"]) == ("50.00", "S-100")
    assert row["paymentmode"] in ("", "0")
    assert_nothing_follows(admitting)
    pay_bill(admitting)
    assert admitting.sync().done == {"expense": {"update": 1}}
    (row,) = expenses(admitting)
    assert row["paymentmode"] == spending.BANK
    assert_nothing_follows(admitting)
    (payment,) = spending.bill_payments(admitting)
    admitting.delete_payment_in_xero(payment["PaymentID"])
    assert admitting.sync().done == {"expense": {"update": 1}}
    assert expenses(admitting)[0]["paymentmode"] in ("", "0")
    assert_nothing_follows(admitting)


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        (
            {"LineItems": [spending.a_line(AccountCode="404", TaxType="NONE")]},
            "expense_rule_account",
        ),
        ({"Date": "2026-10-31"}, "expense_rule_start"),
        ({"Contact": {"Name": "Somebody Else"}}, "expense_rule_contact"),
        ({"Url": "{perfex}/admin/expenses/list_expenses/999"}, "expense_ours"),
    ],
)
def test_what_the_rule_does_not_admit_stays_in_xero_and_says_why(
    office: World, members: dict[str, object], reason: str
) -> None:
    admit(office, expense_rule_contacts=f"Another; {spending.SUNDRY}")
    filled = {
        name: value.replace("{perfex}", office.perfex_url) if isinstance(value, str) else value
        for name, value in members.items()
    }
    enter_in_xero(office, **filled)
    assert office.sync().done == {}
    assert left_out(office) == {reason}


def test_a_document_with_several_accounts_becomes_one_expense_for_each(admitting: World) -> None:
    office = admitting
    other = spending.a_line(AccountCode="461", UnitAmount=20, Description="Pens")
    enter_in_xero(office, LineItems=[spending.a_line(), other, spending.a_line(UnitAmount=5)])
    for _ in range(2):
        office.sync(wait=spending.A_WHILE)
    rows = {row["category"]: row for row in expenses(office)}
    assert {category: row["amount"] for category, row in rows.items()} == {
        "4": "85.00",
        "2": "20.00",
    }
    marks = [row["note"].partition(": ")[2] for row in (rows["4"], rows["2"])]
    assert marks[0].removesuffix("-1") == marks[1].removesuffix("-2")
    assert_nothing_follows(office, links=2)
    lines = spent(office)[0]["LineItems"]
    kept = ("LineItemID", "Description", "Quantity", "UnitAmount", "AccountCode", "TaxType")
    sent = [{name: line[name] for name in kept} for line in lines]
    sent[1]["UnitAmount"] = 25
    edit_spent(office, LineItems=sent)
    assert office.sync().done == {"expense": {"update": 1}}
    assert sorted(row["amount"] for row in expenses(office)) == ["25.00", "85.00"]
    assert_nothing_follows(office, links=2)


def test_a_document_that_is_divided_later_stays_linked_and_gets_a_second_expense(
    office: World,
) -> None:
    admit(office)
    enter_in_xero(office)
    office.sync()
    line = spent(office)[0]["LineItems"][0]
    kept = {name: line[name] for name in ("LineItemID", "Description", "Quantity", "AccountCode")}
    rest = spending.a_line(AccountCode="461", UnitAmount=30, Description="Pens")
    edit_spent(office, LineItems=[{**kept, "UnitAmount": 50, "TaxType": "INPUT2"}, rest])
    assert office.sync().done == {"expense": {"create": 1, "update": 1}}
    assert sorted(row["amount"] for row in expenses(office)) == ["30.00", "50.00"]
    assert_nothing_follows(office, links=2)


def test_a_part_that_is_gone_from_its_document_is_asked_about_and_deleted_in_perfex(
    office: World,
) -> None:
    admit(office)
    enter_in_xero(office, LineItems=[spending.a_line(), spending.a_line(AccountCode="461")])
    office.sync()
    line = spent(office)[0]["LineItems"][0]
    kept = {name: line[name] for name in ("LineItemID", "Description", "Quantity", "AccountCode")}
    edit_spent(office, LineItems=[{**kept, "UnitAmount": 160, "TaxType": "INPUT2"}])
    assert office.sync().done == {"expense": {"update": 1}}
    office.answer("voided_in_xero", "remove_too")
    assert office.sync().done == {"expense": {"delete": 1}}
    assert [row["amount"] for row in expenses(office)] == ["160.00"]


def test_a_part_of_a_document_is_not_changed_in_xero_and_says_so(office: World) -> None:
    admit(office)
    enter_in_xero(office, LineItems=[spending.a_line(), spending.a_line(AccountCode="461")])
    office.sync()
    before = spent(office)
    second = expenses(office)[1]["id"]
    office.perfex.staff.purchases.edit_expense(int(str(second)), amount="70.00")
    assert office.sync().done == {}
    office.question("expense_part")
    assert spent(office) == before


def test_a_write_to_perfex_without_an_answer_is_not_repeated(admitting: World) -> None:
    enter_in_xero(admitting)
    admitting.perfex.faults.add("drop-after", method="POST", path="expenses")
    admitting.sync()
    for _ in range(4):
        admitting.sync(wait=spending.A_WHILE)
    assert len(expenses(admitting)) == 1
    assert len(list(admitting.store.links_of(Kind.EXPENSE))) == 1
    assert admitting.questions() == []


def test_an_edit_in_xero_changes_the_expense_and_wipes_nothing_else(admitting: World) -> None:
    office = admitting
    customer = office.perfex.staff.create_customer("Rebilled Customer Ltd")
    spend(
        office,
        note="Fetch the receipt\nfrom Ann",
        clientid=customer,
        billable="1",
        project_id="3",
        repeat_every="2-month",
    )
    office.sync()
    before = expenses(office)[0]
    line = spent(office)[0]["LineItems"][0]
    kept = {name: line[name] for name in ("LineItemID", "Quantity", "AccountCode", "TaxType")}
    edit_spent(
        office,
        Date="2026-11-17",
        Reference="B-2002",
        LineItems=[{**kept, "Description": "Four <b>chairs</b>", "UnitAmount": 90}],
    )
    assert office.sync().done == {"expense": {"update": 1}}
    after = expenses(office)[0]
    changed = {name: after[name] for name in after if after[name] != before[name]}
    assert changed == {
        "amount": "90.00",
        "date": "2026-11-17",
        "expense_name": "Four chairs",
        "reference_no": "B-2002",
    }
    assert_nothing_follows(office)


def test_a_bill_recoded_to_the_account_of_another_category_changes_the_category(
    admitting: World,
) -> None:
    owe(admitting)
    admitting.sync()
    line = bills(admitting)[0]["LineItems"][0]
    kept = {name: line[name] for name in ("LineItemID", "Quantity", "UnitAmount", "TaxType")}
    edit_bill(
        admitting, LineItems=[{**kept, "Description": line["Description"], "AccountCode": "461"}]
    )
    assert admitting.sync().done == {"expense": {"update": 1}}
    assert expenses(admitting)[0]["category"] == str(spending.SUPPLIES)
    assert_nothing_follows(admitting)


def test_a_bill_of_ours_that_is_paid_in_xero_is_paid_in_perfex(admitting: World) -> None:
    admitting.change_settings(bill_status="AUTHORISED")
    owe(admitting)
    admitting.sync()
    pay_bill(admitting)
    assert admitting.sync().done == {"expense": {"update": 1}}
    assert expenses(admitting)[0]["paymentmode"] == spending.BANK
    assert_nothing_follows(admitting)


@pytest.mark.parametrize("kind", ["", "drop-after", "drop-before"])
def test_an_expense_that_xero_deleted_is_deleted_in_perfex_when_told(
    admitting: World, kind: str
) -> None:
    spend(admitting)
    owe(admitting, reference_no="kept")
    admitting.sync()
    edit_spent(admitting, Status="DELETED")
    assert admitting.sync().done == {}
    if kind:
        admitting.perfex.faults.add(kind, method="DELETE", path="expenses")
    admitting.answer("voided_in_xero", "remove_too")
    for _ in range(3):
        admitting.sync(wait=spending.A_WHILE)
    assert [row["reference_no"] for row in expenses(admitting)] == ["kept"]
    assert admitting.questions() == []


def test_an_expense_on_an_invoice_is_not_deleted_in_perfex_and_says_so(admitting: World) -> None:
    spend(admitting, invoiceid=1)
    admitting.sync()
    edit_spent(admitting, Status="DELETED")
    admitting.sync()
    admitting.answer("voided_in_xero", "remove_too")
    assert admitting.sync().done == {}
    admitting.question("expense_invoiced")
    assert len(expenses(admitting)) == 1


def left_out(world: World) -> set[str]:
    """Why expenses stay on their side."""
    excluded = world.last_plan().excluded
    return {left.reason for left in excluded if left.key.kind is Kind.EXPENSE}


def enter_bill(world: World) -> None:
    """A bill of 60.00 that a bookkeeper enters and approves."""
    body = {
        "Type": "ACCPAY",
        "Status": "AUTHORISED",
        "Contact": {"Name": spending.SUNDRY},
        "InvoiceNumber": "S-100",
        "Date": "2026-11-19",
        "DueDate": "2026-12-19",
        "LineAmountTypes": "Exclusive",
        "LineItems": [spending.a_line(UnitAmount=50)],
    }
    world.xero_call("PUT", "Invoices", {"Invoices": [body]})
