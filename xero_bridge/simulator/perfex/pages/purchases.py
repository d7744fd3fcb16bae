"""Staff pages of what is bought: expenses, vendors and orders."""

from __future__ import annotations

from collections.abc import Callable

from werkzeug.wrappers import Response

from xero_bridge.simulator.perfex.pages import forms
from xero_bridge.simulator.perfex.pages.payments import mode_names
from xero_bridge.simulator.perfex.pages.render import Desk
from xero_bridge.simulator.perfex.purchase_staff import Approval
from xero_bridge.simulator.perfex.staff import Staff

EXPENSES = "/admin/expenses"
ORDERS = "/admin/purchase/purchase_order"
VENDORS = "/admin/purchase/vendors"
APPROVALS = {"1": "Not yet approved", "2": "Approved", "3": "Rejected", "4": "Cancelled"}


def expenses(desk: Desk) -> Response:
    """List expenses, newest first; add one."""
    problem = _guarded(lambda: _add_expense(desk)) if desk.posting else ""
    if desk.posting and not problem:
        return desk.go(EXPENSES, "Expense added.")
    db = desk.site.db
    return desk.page(
        "expenses.html",
        status=400 if problem else 200,
        rows=db.rows("expenses")[::-1],
        categories={row["id"]: row["name"] for row in db.rows("expenses_categories")},
        taxes={row["id"]: row for row in db.rows("taxes")},
        currencies=db.rows("currencies"),
        modes=mode_names(desk),
        problem=problem,
        form=desk.form,
    )


def delete_expense(desk: Desk, expense: int) -> Response:
    """Delete an expense."""
    if not Staff(desk.site).purchases.delete_expense(expense):
        return desk.missing(f"expense {expense} that can be deleted")
    return desk.go(EXPENSES, "Expense deleted.")


def vendors(desk: Desk) -> Response:
    """List vendors; add one."""
    problem = _guarded(lambda: _add_vendor(desk)) if desk.posting else ""
    if desk.posting and not problem:
        return desk.go(VENDORS, "Vendor added.")
    rows = desk.site.db.rows("pur_vendor")
    status = 400 if problem else 200
    return desk.page("vendors.html", status=status, rows=rows, problem=problem)


def orders(desk: Desk) -> Response:
    """List purchase orders, newest first; add one of a single line."""
    problem = _guarded(lambda: _add_order(desk)) if desk.posting else ""
    if desk.posting and not problem:
        return desk.go(ORDERS, "Order added.")
    db = desk.site.db
    return desk.page(
        "orders.html",
        status=400 if problem else 200,
        rows=db.rows("pur_orders")[::-1],
        vendors={row["userid"]: row["company"] for row in db.rows("pur_vendor")},
        taxes={row["id"]: row for row in db.rows("taxes")},
        approvals=APPROVALS,
        base=desk.site.base_currency(),
        problem=problem,
        form=desk.form,
    )


def decide(desk: Desk, order: int) -> Response:
    """Approve, reject or cancel an order."""
    code = desk.form.get("approve_status", "")
    if desk.site.db.get("pur_orders", order) is None or code not in APPROVALS:
        return desk.missing(f"order {order}")
    Staff(desk.site).purchases.decide(order, Approval(code))
    return desk.go(ORDERS, f"Order is {APPROVALS[code].lower()}.")


def _guarded(act: Callable[[], object]) -> str:
    try:
        act()
    except forms.FormError as error:
        return str(error)
    return ""


def _add_expense(desk: Desk) -> None:
    form = desk.form
    Staff(desk.site).purchases.create_expense(
        int(forms.needed(form, "category", "Category")),
        forms.number(form, "amount", "Amount"),
        expense_name=form.get("expense_name", ""),
        reference_no=form.get("reference_no", ""),
        date=forms.day(form, "date", "Date") or desk.site.today().isoformat(),
        tax=form.get("tax", "0"),
        tax2=form.get("tax2", "0"),
        currency=form.get("currency") or desk.site.base_currency(),
        paymentmode=form.get("paymentmode", ""),
        note=form.get("note", ""),
    )


def _add_vendor(desk: Desk) -> None:
    company = forms.needed(desk.form, "company", "Company")
    columns = {name: desk.form.get(name, "") for name in ("vendor_code", "vat", "city")}
    Staff(desk.site).purchases.create_vendor(company, **columns)


def _add_order(desk: Desk) -> None:
    form = desk.form
    line = {
        "item_name": forms.needed(form, "item_name", "Item"),
        "quantity": forms.number(form, "quantity", "Quantity", "1"),
        "unit_price": forms.number(form, "unit_price", "Unit price"),
        "taxes": [tax for tax in desk.request.form.getlist("tax") if tax],
    }
    vendor = int(forms.needed(form, "vendor", "Vendor"))
    Staff(desk.site).purchases.create_order(vendor, [line])
