"""Staff pages of customers, with the primary contact on the same form."""

from __future__ import annotations

from typing import Final

from werkzeug.wrappers import Response

from xero_bridge.simulator.perfex.books import customers
from xero_bridge.simulator.perfex.database import Row
from xero_bridge.simulator.perfex.pages import forms
from xero_bridge.simulator.perfex.pages.render import Desk
from xero_bridge.simulator.perfex.staff import Staff

COLUMNS: Final = ("company", "vat", "phonenumber", "address", "city", "state", "zip", "country")
COPIED: Final = {"address": "billing_street", "city": "billing_city", "zip": "billing_zip"}
CONTACT: Final = ("firstname", "lastname", "email")


def index(desk: Desk) -> Response:
    """List the customers, by name."""
    rows = sorted(
        desk.site.db.rows("clients"), key=lambda row: desk.customer_name(row["userid"]).lower()
    )
    contacts = {row["userid"]: row for row in desk.site.db.where("contacts", is_primary=1)}
    return desk.page("customers.html", rows=rows, contacts=contacts)


def form(desk: Desk, customer: int = 0) -> Response:
    """Show a customer or an empty form, and save what is sent."""
    row = desk.site.db.get("clients", customer)
    if customer and row is None:
        return desk.missing(f"customer {customer}")
    if not desk.posting:
        return _shown(desk, row, "")
    try:
        identity = _save(desk, customer)
    except forms.FormError as error:
        return _shown(desk, row, str(error))
    return desk.go(f"/admin/clients/client/{identity}", "Customer saved.")


def delete(desk: Desk, customer: int) -> Response:
    """Delete a customer; its invoices keep its name."""
    Staff(desk.site).delete_customer(customer)
    return desk.go("/admin/clients", f"Customer {customer} deleted.")


def _shown(desk: Desk, row: Row | None, problem: str) -> Response:
    identity = row["userid"] if row else "0"
    contacts = desk.site.db.where("contacts", userid=identity)
    primary = next((one for one in contacts if one["is_primary"] == "1"), None)
    return desk.page(
        "customer.html",
        status=400 if problem else 200,
        row=row,
        contact=primary,
        contacts=contacts,
        invoices=desk.site.db.where("invoices", clientid=identity),
        countries=sorted(desk.site.db.rows("countries"), key=lambda one: one["short_name"] or ""),
        currencies=desk.site.db.rows("currencies"),
        problem=problem,
        form=desk.form,
    )


def _save(desk: Desk, customer: int) -> int:
    form, staff = desk.form, Staff(desk.site)
    if not form.get("company"):
        forms.needed(form, "lastname", "A company, or the name of a person,")
    email = form.get("email", "")
    contact = _primary(desk, customer)
    if email and customers.email_taken(desk.site, email, int(contact["id"] or 0) if contact else 0):
        raise forms.FormError(f"Another contact already has the address {email}.")
    columns = {name: form.get(name, "") for name in COLUMNS}
    columns |= {billing: columns[name] for name, billing in COPIED.items()}
    columns |= {"billing_country": columns["country"], "active": form.get("active", "0")}
    columns["default_currency"] = form.get("default_currency", "0")
    if customer:
        staff.edit_customer(customer, **columns)
    else:
        customer = staff.create_customer(columns.pop("company"), **columns)
    _save_contact(staff, customer, contact, form)
    return customer


def _primary(desk: Desk, customer: int) -> Row | None:
    found = desk.site.db.where("contacts", userid=customer, is_primary=1)
    return found[0] if found else None


def _save_contact(staff: Staff, customer: int, contact: Row | None, form: dict[str, str]) -> None:
    values = {name: form.get(name, "") for name in CONTACT}
    if contact is not None:
        flag = form.get("invoice_emails", "0")
        staff.edit_contact(int(contact["id"] or 0), **values, invoice_emails=flag)
    elif values["email"]:
        staff.create_contact(
            customer,
            values["firstname"],
            values["lastname"],
            values["email"],
            invoice_emails=form.get("invoice_emails") == "1",
        )
