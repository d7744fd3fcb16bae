"""The staff pages of credit notes, expenses, vendors and orders."""

from __future__ import annotations

import pytest

from tests.simulator.perfex.conftest import Serve
from tests.simulator.perfex.site import VAT, Perfex, line

PAGES = (
    "/admin/credit_notes",
    "/admin/credit_notes/list_credit_notes/1",
    "/admin/credit_notes/list_credit_notes/3",
    "/admin/expenses",
    "/admin/purchase/vendors",
    "/admin/purchase/purchase_order",
)


def test_every_page_of_the_demo_opens(serve: Serve) -> None:
    demo = serve(seed="demo")
    for path in PAGES:
        page = demo.page(path)
        assert page.status_code == 200, path
        assert "<h1" in page.text
        assert "onclick" not in page.text


def test_what_is_missing_says_so(perfex: Perfex) -> None:
    assert perfex.page("/admin/credit_notes/list_credit_notes/9").status_code == 404
    for path in (
        "/admin/credit_notes/void/9",
        "/admin/credit_notes/delete/9",
        "/admin/credit_notes/take_back/9",
        "/admin/expenses/delete/9",
        "/admin/purchase/decide/9",
    ):
        page = perfex.page(path, approve_status="2")
        assert page.status_code == 404
        assert "There is no" in page.text


def test_staff_make_a_credit_note_apply_take_back_and_refund_it(perfex: Perfex) -> None:
    customer = perfex.customer()
    invoice = perfex.invoice(customer=customer)
    form = {"clientid": str(customer), "description": "Return", "rate": "100", "tax": VAT}
    assert "Credit note added." in perfex.page("/admin/credit_notes", **form).text
    wrong = perfex.page("/admin/credit_notes", **form, qty="x")
    assert "Quantity must be a number" in wrong.text
    sent = {"invoice": str(invoice), "amount": "70"}
    page = perfex.page("/admin/credit_notes/apply/1", **sent)
    assert "Credit applied." in page.text
    assert perfex.get(f"invoices/{invoice}")["total_left_to_pay"] == "290.00"
    refused = perfex.page("/admin/credit_notes/apply/1", **sent)
    assert (refused.status_code, "less than 70.00 left" in refused.text) == (400, True)
    undeleted = perfex.page("/admin/credit_notes/delete/1", sure="1")
    assert "cannot be deleted" in undeleted.text
    assert "Credit taken back." in perfex.page("/admin/credit_notes/take_back/1", sure="1").text
    assert "Refund recorded." in perfex.page("/admin/credit_notes/refund/1", amount="120").text
    assert perfex.get("credit_notes/1")["status"] == "2"


def test_staff_void_and_delete_a_credit_note(perfex: Perfex) -> None:
    staff = perfex.simulator.staff.credits
    note = staff.create(perfex.customer(), [line("Return", "1", "10", VAT)])
    assert "Void" in perfex.page(f"/admin/credit_notes/void/{note}", sure="1").text
    assert perfex.get(f"credit_notes/{note}")["status"] == "3"
    gone = perfex.page(f"/admin/credit_notes/delete/{note}", sure="1")
    assert "Credit note deleted." in gone.text


def test_staff_enter_and_delete_an_expense(perfex: Perfex) -> None:
    form = {"category": "4", "amount": "80", "tax": "1", "expense_name": "Chairs"}
    assert "Expense added." in perfex.page("/admin/expenses", **form).text
    (row,) = perfex.get("expenses")
    assert (row["amount"], row["tax_name"], row["date"]) == ("80.00", "VAT", "2026-03-10")
    assert "must be a number" in perfex.page("/admin/expenses", **{**form, "amount": "x"}).text
    assert "Expense deleted." in perfex.page("/admin/expenses/delete/1", sure="1").text


def test_staff_add_a_vendor_and_an_order_and_approve_it(perfex: Perfex) -> None:
    page = perfex.page("/admin/purchase/vendors", company="Ridgeway Timber")
    assert "Ridgeway Timber" in page.text
    assert "Company is missing." in perfex.page("/admin/purchase/vendors", vat="1").text
    form = {"vendor": "1", "item_name": "Chair", "quantity": "10", "unit_price": "100", "tax": "1"}
    assert "Order added." in perfex.page("/admin/purchase/purchase_order", **form).text
    missing = perfex.page("/admin/purchase/purchase_order", vendor="1")
    assert "Item is missing." in missing.text
    approved = perfex.page("/admin/purchase/decide/1", approve_status="2")
    assert "Order is approved." in approved.text
    (order,) = perfex.simulator.rows("pur_orders")
    assert (order["total"], order["approve_status"]) == ("1200.00", "2")


@pytest.mark.parametrize("path", PAGES[:1] + PAGES[3:])
def test_empty_lists_say_so(perfex: Perfex, path: str) -> None:
    assert "yet." in perfex.page(path).text
