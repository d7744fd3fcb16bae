"""/api/expenses: joined with category, customer, mode and taxes, so names are not the expense's."""

from __future__ import annotations

from typing import Any, Final

from xero_bridge.simulator.perfex.api import validation
from xero_bridge.simulator.perfex.api.exchange import (
    Ask,
    Reply,
    created,
    failed,
    no_data,
    not_acceptable,
    ok,
)
from xero_bridge.simulator.perfex.api.listing import Listing, Shown, answer
from xero_bridge.simulator.perfex.books import expenses, fields
from xero_bridge.simulator.perfex.database import Row, SqlError
from xero_bridge.simulator.perfex.schema import TABLES
from xero_bridge.simulator.perfex.site import Site

NEEDED: Final = ("category", "date", "currency", "amount")
DOCUMENTED: Final = ("clientid", "tax", "tax2", "paymentmode")
KNOWN: Final = frozenset(TABLES["expenses"].columns) | expenses.HELPERS


def shown(site: Site, row: Row) -> Shown:
    """Show an expense; `name` is the category's and `datecreated` the customer's."""
    client = site.db.get("clients", row["clientid"]) or {}
    category = site.db.get("expenses_categories", row["category"]) or {}
    mode = site.db.get("payment_modes", row["paymentmode"]) or {}
    first = site.db.get("taxes", row["tax"]) or {}
    second = site.db.get("taxes", row["tax2"]) or {}
    return {
        **{name: client.get(name) for name in TABLES["clients"].columns},
        **row,
        "expenseid": row["id"],
        "name": category.get("name"),
        "description": category.get("description"),
        "category_name": category.get("name"),
        "payment_mode_name": mode.get("name"),
        "tax_name": first.get("name"),
        "taxrate": first.get("taxrate"),
        "tax_name2": second.get("name"),
        "taxrate2": second.get("taxrate"),
        "customfields": fields.shown(site, expenses.KIND, row["id"]),
    }


def detail(site: Site, row: Row) -> Shown:
    """Show one expense with its currency and receipt."""
    more = {"attachment": None, "filetype": None, "project_data": None}
    return {
        **shown(site, row),
        **more,
        "currency_data": site.db.get("currencies", row["currency"]),
    }


def index(ask: Ask) -> Reply:
    """List the expenses whose category exists, the latest date first."""
    site = ask.site
    rows = sorted(_rows(site), key=lambda row: row["date"] or "", reverse=True)
    return answer(ask, Listing(rows=rows, show=lambda row: shown(site, row)))


def one(ask: Ask) -> Reply:
    """Show one expense; without its category it is not there."""
    found = [row for row in _rows(ask.site) if row["id"] == ask.id]
    return Reply(content=detail(ask.site, found[0])) if found else no_data()


def search(ask: Ask) -> Reply:
    """Find expenses by name, note, category, customer, mode or a custom field."""
    site, term = ask.site, ask.id.lower()
    found = [shown(site, row) for row in _rows(site)]
    hits = [row for row in found if _hit(row, term)]
    # The join leaves the category's id under `id`.
    return Reply(content=[{**row, "id": row["category"]} for row in hits]) if hits else no_data()


def create(ask: Ask) -> Reply:
    """Add an expense; nothing about it has to be unique."""
    body = _body(ask)
    more = DOCUMENTED if ask.site.version.documented_errors else ()
    errors = validation.required(body, *NEEDED, *more)
    if errors := errors | validation.positive_decimal(body, "amount"):
        return validation.refused(ask, errors, 409)
    try:
        identity = expenses.add(ask.site, body)
    except SqlError:
        return failed("Expense add fail.")
    return created(ask, "Expense added successfully.", identity)


def change(ask: Ask) -> Reply:
    """Edit an expense; a date or note that is not sent is wiped."""
    if not ask.body:
        return not_acceptable()
    row, site = ask.site.db.get("expenses", ask.id), ask.site
    if row is None:
        return failed("Expense Update Fail.")
    if set(ask.body) == {"custom_fields"}:
        changed = fields.save(site, expenses.KIND, int(ask.id), ask.body["custom_fields"])
        return ok("Expense Updated Successfully.") if changed else failed("Expense Update Fail.")
    try:
        changed = expenses.update(site, int(ask.id), _body(ask))
    except SqlError:
        return failed("Expense Update Fail.")
    return ok("Expense Updated Successfully.") if changed else failed("Expense Update Fail.")


def delete(ask: Ask) -> Reply:
    """Delete an expense that was not put on an invoice."""
    if ask.id.isdigit() and expenses.delete(ask.site, int(ask.id)):
        return ok("Expense Delete Successful.")
    return failed("Expense Delete Fail.")


def _body(ask: Ask) -> dict[str, Any]:
    body = dict(ask.body or {})
    if not ask.site.version.drops_unknown_keys:
        return body
    return {key: value for key, value in body.items() if key in KNOWN}


def _rows(site: Site) -> list[Row]:
    """Return the expenses that the inner join with their category leaves."""
    known = {row["id"] for row in site.db.rows("expenses_categories")}
    return [row for row in site.db.rows("expenses") if row["category"] in known]


def _hit(row: Shown, term: str) -> bool:
    texts = ("expense_name", "note", "category_name", "company", "vat", "payment_mode_name")
    values = [row[name] for name in texts] + [field["value"] for field in row["customfields"]]
    return any(term in (value or "").lower() for value in values)
