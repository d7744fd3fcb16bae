"""Expenses: names that belong to others, flags that count when sent, a PUT that wipes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.perfex.site import Perfex
from xero_bridge.simulator.perfex.purchase_staff import PurchaseStaff


def expense_form(**changes: str) -> dict[str, str]:
    """The form fields of office chairs for 80.00 net."""
    return {
        "expense_name": "Office chairs",
        "category": "4",
        "date": "2026-03-02",
        "currency": "2",
        "amount": "80.00",
        "tax": "1",
        "tax2": "0",
        "paymentmode": "1",
        "clientid": "0",
        "reference_no": "B-1001",
        **changes,
    }


def staff(perfex: Perfex) -> PurchaseStaff:
    return perfex.simulator.staff.purchases


def made(perfex: Perfex, **changes: str) -> int:
    answer = perfex.post("expenses", expense_form(**changes))
    assert answer.ok, answer.text
    return int(answer.json()["record_id"])


def read(perfex: Perfex, expense: int) -> Any:
    return perfex.get(f"expenses/{expense}")


def test_the_names_in_a_row_are_those_of_the_category(perfex: Perfex) -> None:
    row = read(perfex, made(perfex))
    assert (row["name"], row["category_name"]) == ("Furniture", "Furniture")
    assert row["expense_name"] == "Office chairs"
    assert (row["amount"], row["tax_name"], row["taxrate"]) == ("80.00", "VAT", "20.00")
    assert (row["tax_name2"], row["payment_mode_name"]) == (None, "Bank")
    assert (row["company"], row["datecreated"]) == (None, None)
    assert row["currency_data"]["name"] == "GBP"
    assert row["expenseid"] == row["id"]


def test_with_a_customer_the_date_of_creation_is_the_customers(perfex: Perfex) -> None:
    customer = perfex.customer()
    perfex.simulator.staff.edit_customer(customer, datecreated="2020-01-01 10:00:00")
    made(perfex, clientid=str(customer))
    (row,) = perfex.get("expenses")
    assert row["datecreated"] == "2020-01-01 10:00:00"
    assert row["dateadded"].startswith("2026-03-10")
    assert perfex.call("GET", "expenses?created_after=2026-01-01").status_code == 404


def test_lists_have_the_latest_date_first_and_hide_what_has_no_category(perfex: Perfex) -> None:
    early, late = made(perfex, date="2026-01-01"), made(perfex, date="2026-02-01", category="1")
    assert [row["expenseid"] for row in perfex.get("expenses")] == [str(late), str(early)]
    perfex.simulator.staff.delete("expenses_categories", 4)
    assert [row["expenseid"] for row in perfex.get("expenses")] == [str(late)]
    assert perfex.call("GET", f"expenses/{early}").status_code == 404


def test_the_old_module_tells_no_id(old: Perfex) -> None:
    answer = old.post("expenses", expense_form())
    assert answer.json() == {"status": True, "message": "Expense added successfully."}
    assert old.get("expenses")[0]["reference_no"] == "B-1001"


def test_what_is_needed_is_named(perfex: Perfex, documented: Perfex) -> None:
    answer = perfex.post("expenses", expense_form(amount="80", category=""))
    assert answer.status_code == 409
    assert answer.json()["error"].keys() == {"amount", "category"}
    more = documented.post("expenses", expense_form(paymentmode="", tax=""))
    assert more.status_code == 422
    assert more.json()["errors"].keys() == {"paymentmode", "tax"}


def test_a_flag_counts_as_set_when_it_is_sent_at_all(perfex: Perfex) -> None:
    assert read(perfex, made(perfex, billable="0"))["billable"] == "1"
    assert read(perfex, made(perfex))["billable"] == "0"


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ({"repeat_every": "6-month"}, ("1", "6", "month", "0")),
        (
            {
                "repeat_every": "custom",
                "repeat_every_custom": "2",
                "repeat_type_custom": "week",
            },
            ("1", "2", "week", "1"),
        ),
        ({}, ("0", None, None, "0")),
    ],
)
def test_recurrence_is_read_from_the_form(
    perfex: Perfex, sent: dict[str, str], stored: tuple[str | None, ...]
) -> None:
    row = read(perfex, made(perfex, **sent))
    names = ("recurring", "repeat_every", "recurring_type", "custom_recurring")
    assert tuple(row[name] for name in names) == stored


def test_a_put_wipes_the_note_and_date_that_it_does_not_carry(perfex: Perfex) -> None:
    expense = made(perfex, note="kept?")
    assert perfex.put(f"expenses/{expense}", {"amount": "90.00"}).ok
    row = perfex.simulator.rows("expenses")[0]
    assert (row["amount"], row["note"], row["date"]) == ("90.00", "", "0000-00-00")
    assert row["reference_no"] == "B-1001"


def test_a_form_is_taken_by_put_and_a_change_of_nothing_is_not_found(perfex: Perfex) -> None:
    expense = made(perfex)
    same = {"date": "2026-03-02", "amount": "80.00"}
    assert perfex.put(f"expenses/{expense}", same).status_code == 404
    other = {**same, "reference_no": "B-2"}
    assert perfex.call("PUT", f"expenses/{expense}", data=other).ok
    assert read(perfex, expense)["reference_no"] == "B-2"
    assert perfex.put("expenses/99", same).status_code == 404
    assert perfex.call("PUT", f"expenses/{expense}").status_code == 406


def test_an_unknown_column_fails_and_310_drops_it(perfex: Perfex, documented: Perfex) -> None:
    answer = perfex.post("expenses", expense_form(surprise="1"))
    assert (answer.status_code, answer.json()["message"]) == (404, "Expense add fail.")
    expense = made(perfex)
    body = {"date": "2026-03-02", "amount": "1.00", "surprise": "1"}
    assert perfex.put(f"expenses/{expense}", body).status_code == 404
    assert documented.post("expenses", expense_form(surprise="1")).status_code == 201


def test_custom_fields_are_written_alone_and_found(perfex: Perfex) -> None:
    field = perfex.simulator.staff.create(
        "customfields", fieldto="expenses", name="Xero ID", slug="xero", type="input"
    )
    expense = made(perfex)
    body = {"custom_fields": {"expenses": {str(field): "X-77"}}}
    assert perfex.put(f"expenses/{expense}", body).ok
    assert perfex.put(f"expenses/{expense}", body).status_code == 404
    assert read(perfex, expense)["customfields"] == [{"label": "Xero ID", "value": "X-77"}]
    assert perfex.get("expenses/search/x-77")[0]["expenseid"] == str(expense)


def test_a_search_knows_the_name_but_not_the_reference(perfex: Perfex) -> None:
    expense = made(perfex)
    (found,) = perfex.get("expenses/search/chairs")
    assert (found["expenseid"], found["id"]) == (str(expense), "4")
    assert perfex.call("GET", "expenses/search/B-1001").status_code == 404


def test_an_invoiced_expense_is_not_deleted(perfex: Perfex) -> None:
    expense = made(perfex)
    staff(perfex).edit_expense(expense, invoiceid=perfex.invoice())
    assert perfex.call("DELETE", f"expenses/{expense}").status_code == 404
    staff(perfex).edit_expense(expense, invoiceid=None)
    assert perfex.call("DELETE", f"expenses/{expense}").ok
    assert perfex.call("DELETE", f"expenses/{expense}").status_code == 404


def test_staff_record_and_delete_an_expense(perfex: Perfex) -> None:
    expense = staff(perfex).create_expense(1, "12.50", expense_name="Taxi")
    assert read(perfex, expense)["currency"] == "2"
    assert staff(perfex).delete_expense(expense)
    assert not staff(perfex).delete_expense(expense)


def test_a_batch_finds_expenses_by_note(perfex: Perfex) -> None:
    made(perfex, note="PX mark")
    operations = [{"tool": "expenses_search", "arguments": {"q": "px mark"}}]
    answer = perfex.call("POST", "batch", json={"operations": operations}).json()
    (row,) = answer["results"][0]["result"]
    assert row["expense_name"] == "Office chairs"
    assert "expenseid" not in row
