"""/api/items: the price list, read only before 3.x."""

from __future__ import annotations

from typing import Any, Final

from xero_bridge.simulator.perfex import php
from xero_bridge.simulator.perfex.api import validation
from xero_bridge.simulator.perfex.api.exchange import (
    Ask,
    Reply,
    created,
    failed,
    no_data,
    not_acceptable,
    ok,
    unknown_method,
)
from xero_bridge.simulator.perfex.api.listing import Listing, Shown, answer
from xero_bridge.simulator.perfex.books import fields
from xero_bridge.simulator.perfex.database import Row
from xero_bridge.simulator.perfex.site import Site

COLUMNS: Final = ("description", "long_description", "rate", "tax", "tax2", "unit", "group_id")


def shown(site: Site, row: Row) -> Shown:
    """Show an item with its taxes joined; the id is called `itemid`."""
    first, second = site.db.get("taxes", row["tax"]), site.db.get("taxes", row["tax2"])
    group = site.db.get("items_groups", row["group_id"])
    prices = {
        f"rate_currency_{currency['id']}": None
        for currency in site.db.rows("currencies")
        if currency["isdefault"] != "1"
    }
    return {
        "itemid": row["id"],
        "rate": row["rate"],
        "taxrate": first and first["taxrate"],
        "taxid": first and first["id"],
        "taxname": first and first["name"],
        "taxrate_2": second and second["taxrate"],
        "taxid_2": second and second["id"],
        "taxname_2": second and second["name"],
        **{name: row[name] for name in ("description", "long_description", "group_id", "unit")},
        "group_name": group and group["name"],
        **prices,
        "customfields": fields.shown(site, "items", row["id"], kept_as=fields.PRICE_LIST),
    }


def index(ask: Ask) -> Reply:
    """List all items by description."""
    site = ask.site
    rows = sorted(site.db.rows("items"), key=lambda row: (row["description"] or "").lower())
    return answer(ask, Listing(rows=rows, show=lambda row: shown(site, row)))


def one(ask: Ask) -> Reply:
    """Show one item."""
    row = ask.site.db.get("items", ask.id)
    return Reply(content=shown(ask.site, row)) if row else no_data()


def search(ask: Ask) -> Reply:
    """Find items by a part of the description, reduced to what a drop-down needs."""
    found = [
        {
            "id": row["id"],
            "rate": row["rate"],
            "name": f"({row['rate']}) {row['description']}",
            "subtext": (row["long_description"] or "")[:200],
        }
        for row in ask.site.db.rows("items")
        if ask.id.lower() in (row["description"] or "").lower()
    ]
    return Reply(content=found) if found else no_data()


def create(ask: Ask) -> Reply:
    """Add an item."""
    if not ask.site.version.writable_items:
        return unknown_method()
    body = ask.body or {}
    errors = validation.required(body, "description", "rate")
    if errors := errors | validation.numeric(body, "rate"):
        return validation.refused(ask, errors, 404)
    identity = ask.site.db.insert("items", _values(body))
    _save_fields(ask, identity)
    return created(ask, "Item created successfully", identity, item_id=identity)


def change(ask: Ask) -> Reply:
    """Change only what is sent; this PUT is a patch."""
    if not ask.site.version.writable_items:
        return unknown_method()
    if not ask.body:
        return not_acceptable()
    if ask.site.db.get("items", ask.id) is None:
        return no_data()
    changed = ask.site.db.update("items", ask.id, _values(ask.body))
    changed |= _save_fields(ask, int(ask.id))
    return ok("Item updated successfully") if changed else failed("Item Update Fail.")


def delete(ask: Ask) -> Reply:
    """Delete an item."""
    if not ask.site.version.writable_items:
        return unknown_method()
    if ask.site.db.delete("items", ask.id):
        return ok("Item Delete Successful.")
    return failed("Item Delete Fail.")


def _save_fields(ask: Ask, identity: int) -> bool:
    sent = (ask.body or {}).get("custom_fields")
    return fields.save(ask.site, "items", identity, sent, kept_as=fields.PRICE_LIST)


def _values(body: dict[str, Any]) -> dict[str, str]:
    return {name: php.scalar(body[name]) for name in COLUMNS if name in body}
