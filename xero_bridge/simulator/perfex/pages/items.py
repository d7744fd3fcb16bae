"""Staff pages of the price list."""

from __future__ import annotations

from werkzeug.wrappers import Response

from xero_bridge.simulator.perfex.pages import forms
from xero_bridge.simulator.perfex.pages.render import Desk
from xero_bridge.simulator.perfex.staff import Staff


def index(desk: Desk, problem: str = "") -> Response:
    """List the items and offer an empty form."""
    db = desk.site.db
    return desk.page(
        "items.html",
        status=400 if problem else 200,
        rows=sorted(db.rows("items"), key=lambda row: (row["description"] or "").lower()),
        taxes={row["id"]: row for row in db.rows("taxes")},
        problem=problem,
        edited=db.get("items", desk.request.args.get("edit", "")),
    )


def save(desk: Desk, item: int = 0) -> Response:
    """Store a new or edited item."""
    try:
        columns = {
            "description": forms.needed(desk.form, "description", "Description"),
            "rate": forms.number(desk.form, "rate", "Rate"),
            **{
                name: desk.form.get(name, "")
                for name in ("long_description", "unit", "tax", "tax2")
            },
        }
    except forms.FormError as error:
        return index(desk, str(error))
    staff = Staff(desk.site)
    if item:
        staff.edit("items", item, **columns)
    else:
        staff.create_item(columns.pop("description"), columns.pop("rate"), **columns)
    return desk.go("/admin/invoice_items", "Item saved.")


def delete(desk: Desk, item: int) -> Response:
    """Delete an item."""
    Staff(desk.site).delete("items", item)
    return desk.go("/admin/invoice_items", f"Item {item} deleted.")
