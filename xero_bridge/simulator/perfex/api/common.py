"""/api/common/{type}: the small lists a form needs."""

from __future__ import annotations

from typing import Any, Final

from xero_bridge.simulator.perfex.api.exchange import Ask, Reply, failed, no_data
from xero_bridge.simulator.perfex.site import Site

FEATURES: Final = {
    "expense_category": "expense_categories",
    "payment_mode": "payment_methods",
    "tax_data": "taxes",
}


def one(ask: Ask) -> Reply:
    """Show one of the three lists."""
    tables = {"expense_category": "expenses_categories", "tax_data": "taxes"}
    if ask.id not in FEATURES:
        return failed("Not valid data")
    if ask.id == "payment_mode":
        rows: list[dict[str, Any]] = payment_modes(ask.site)
    else:
        rows = [dict(row) for row in ask.site.db.rows(tables[ask.id])]
    return Reply(content=rows) if rows else no_data()


def payment_modes(site: Site) -> list[dict[str, Any]]:
    """Return active offline modes that expenses may use too, then the active gateways."""
    offline: list[dict[str, Any]] = [
        dict(row)
        for row in site.db.rows("payment_modes")
        if row["active"] == "1" and row["invoices_only"] != "1"
    ]
    online = [
        {"id": key, "name": name, "description": "", "selected_by_default": "1", "active": "1"}
        for key, name in site.settings.gateways
    ]
    return offline + online
