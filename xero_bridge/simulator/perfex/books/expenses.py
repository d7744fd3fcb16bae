"""Expenses as Perfex's own model keeps them: net amounts, up to two taxes, no supplier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from xero_bridge.simulator.perfex import php
from xero_bridge.simulator.perfex.books import fields
from xero_bridge.simulator.perfex.site import Site

KIND: Final = "expenses"
# What the model takes out of the form before it saves.
HELPERS: Final = frozenset(("repeat_every_custom", "repeat_type_custom", "custom_fields", "tags"))
# These count as set as soon as they are sent, even as 0.
FLAGS: Final = ("billable", "create_invoice_billable", "send_invoice_to_customer")


def add(site: Site, data: Mapping[str, Any]) -> int:
    """Store a new expense; raise SqlError when a key is no column."""
    values = {key: value for key, value in data.items() if key not in HELPERS}
    values |= {name: "1" if name in data else "0" for name in FLAGS} | _recurring(data)
    values["note"] = php.nl2br(php.scalar(data.get("note")))
    values["dateadded"] = site.stamp()
    identity = site.db.insert("expenses", {**values, "addedfrom": values.get("addedfrom", "0")})
    fields.save(site, KIND, identity, data.get("custom_fields"))
    return identity


def update(site: Site, identity: int, data: Mapping[str, Any]) -> bool:
    """Save an edited expense as the form does; what the form always sends is reset without it."""
    values = {key: value for key, value in data.items() if key not in HELPERS}
    values |= {name: "1" if name in data else "0" for name in FLAGS} | _recurring(data)
    values |= {
        "date": data.get("date"),
        "amount": php.scalar(data.get("amount")),
        "note": php.nl2br(php.scalar(data.get("note"))),
        "project_id": php.scalar(data.get("project_id")),
    }
    changed = site.db.update("expenses", identity, values)
    return fields.save(site, KIND, identity, data.get("custom_fields")) or changed


def delete(site: Site, identity: int) -> bool:
    """Remove an expense that was not put on an invoice; tell whether Perfex agreed."""
    row = site.db.get("expenses", identity)
    if row is None or (row["invoiceid"] or "0") != "0":
        return False
    for value in site.db.where("customfieldsvalues", relid=identity, fieldto=KIND):
        site.db.delete("customfieldsvalues", value["id"])
    return site.db.delete("expenses", identity)


def _recurring(data: Mapping[str, Any]) -> dict[str, Any]:
    """Read `6-month`, or `custom` with its two fields; anything else does not recur."""
    every = php.scalar(data.get("repeat_every"))
    count, dash, kind = every.partition("-")
    if every == "custom":
        return {
            "recurring": "1",
            "custom_recurring": "1",
            "repeat_every": php.scalar(data.get("repeat_every_custom")),
            "recurring_type": php.scalar(data.get("repeat_type_custom")),
        }
    if dash:
        values = {"recurring": "1", "repeat_every": count, "recurring_type": kind}
        return {**values, "custom_recurring": "0"}
    stopped: dict[str, Any] = {"recurring": "0", "custom_recurring": "0"}
    return {**stopped, "repeat_every": None, "recurring_type": None}
