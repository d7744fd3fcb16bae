"""What the demo site holds beside its sales: credit notes, expenses, vendors and their orders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from xero_bridge.simulator.perfex.books.credit import remaining
from xero_bridge.simulator.perfex.books.money import two_places
from xero_bridge.simulator.perfex.credit_staff import CREDITABLE
from xero_bridge.simulator.perfex.purchase_staff import Approval
from xero_bridge.simulator.perfex.site import Site
from xero_bridge.simulator.perfex.staff import Staff

Form: TypeAlias = Mapping[str, Any]
CLOSE_OF_DAY = "16:45:10"


def plant(site: Site, read: Callable[[str], Any]) -> None:
    """Add a handful of each to a demo site; `read` returns the content of a seed file."""
    staff, today = Staff(site), site.today()
    for form in read("credit_notes.json"):
        _credit_note(site, staff, form, today)
    currencies = {row["name"]: row["id"] for row in site.db.rows("currencies")}
    for form in read("expenses.json"):
        _expense(site, staff, {**form, "currency": currencies[form.get("currency", "GBP")]}, today)
    bought = read("purchases.json")
    for form in bought["vendors"]:
        _vendor(staff, form)
    for form in bought["orders"]:
        _order(site, staff, form, today)


def _credit_note(site: Site, staff: Staff, form: Form, today: date) -> None:
    """Add a credit note and what was done with its credit."""
    issued = today - timedelta(days=form["days"])
    off = {"discount_type": "before_tax", "discount_percent": form.get("discount", "0.00")}
    note = staff.credits.create(
        form["customer"],
        form["lines"],
        date=issued.isoformat(),
        reference_no=form.get("reference_no", ""),
        **(off if "discount" in form else {}),
    )
    staff.edit("creditnotes", note, datecreated=f"{issued} {CLOSE_OF_DAY}")
    if "refund" in form:
        row = site.db.get("creditnotes", note) or {}
        whole = two_places(remaining(site, row))
        amount = whole if form["refund"] == "all" else form["refund"]
        staff.credits.refund(note, amount, on=issued + timedelta(days=2))
    if "apply" in form:
        staff.credits.apply(note, _open_invoice(site, form), form["apply"])
    if form.get("void"):
        staff.credits.void(note)


def _open_invoice(site: Site, form: Form) -> int:
    """The first invoice of the customer in the base currency that takes so much credit."""
    owed = site.db.where("invoices", clientid=form["customer"], currency=site.base_currency())
    return next(
        int(row["id"] or 0)
        for row in owed
        if row["status"] in CREDITABLE and Decimal(row["total"] or 0) >= Decimal(form["apply"])
    )


def _expense(site: Site, staff: Staff, form: Form, today: date) -> None:
    spent = today - timedelta(days=form["days"])
    columns = {name: value for name, value in form.items() if name not in ("days", "currency")}
    expense = staff.purchases.create_expense(
        **columns, currency=form["currency"], date=spent.isoformat()
    )
    site.db.update("expenses", expense, {"dateadded": f"{spent} {CLOSE_OF_DAY}"})


def _vendor(staff: Staff, form: Form) -> None:
    columns = {name: value for name, value in form.items() if name != "contact"}
    vendor = staff.purchases.create_vendor(**columns)
    if "contact" in form:
        staff.purchases.create_contact(vendor, *form["contact"])


def _order(site: Site, staff: Staff, form: Form, today: date) -> None:
    ordered = (today - timedelta(days=form["days"])).isoformat()
    header = {"discount_percent": form.get("discount_percent", "0.00"), "order_date": ordered}
    order = staff.purchases.create_order(form["vendor"], form["lines"], **header)
    staff.purchases.decide(order, Approval(form["approve"]))
    site.db.update("pur_orders", order, {"datecreated": ordered})
