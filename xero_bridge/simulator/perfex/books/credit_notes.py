"""Credit notes as Perfex's own model keeps them: a header like an invoice's, and its lines."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from xero_bridge.simulator.perfex import php
from xero_bridge.simulator.perfex.books import fields, header, lines
from xero_bridge.simulator.perfex.books.credit import refresh_status
from xero_bridge.simulator.perfex.database import Row, SqlError
from xero_bridge.simulator.perfex.site import Site

LINES: Final = "credit_note"
COUNTER: Final = "next_credit_note_number"
NOTES: Final = ("clientnote", "terms", "adminnote", "billing_street", "shipping_street")


def add(site: Site, data: Mapping[str, Any]) -> int:
    """Store a new credit note with its lines; raise SqlError when the header names no column."""
    values = _columns(data) | {
        "datecreated": site.stamp(),
        "prefix": site.settings.credit_note_prefix,
        "number_format": str(site.settings.number_format),
        "addedfrom": php.scalar(data.get("addedfrom")) or "0",
    }
    identity = site.db.insert("creditnotes", values)
    site.set_option(COUNTER, str(next_number(site) + 1))
    for line in php.rows(data.get("newitems")):
        lines.add(site, identity, line, LINES)
    fields.save(site, LINES, identity, data.get("custom_fields"))
    settle(site, identity)
    return identity


def update(site: Site, identity: int, data: Mapping[str, Any]) -> bool:
    """Save an edited credit note as the form does; tell whether rows changed.

    The lines are written even when MySQL refuses the header.
    """
    changed = False
    for line in php.entries(data.get("removed_items")):
        changed |= lines.remove(site, php.scalar(line))
    try:
        changed |= site.db.update("creditnotes", identity, _columns(data))
    except SqlError:
        if site.settings.sql_debug:
            raise
    changed |= fields.save(site, LINES, identity, data.get("custom_fields"))
    for line in php.rows(data.get("items")):
        changed |= lines.change(site, line)
    for line in php.rows(data.get("newitems")):
        lines.add(site, identity, line, LINES)
        changed = True
    settle(site, identity)
    return changed


def delete(site: Site, identity: int) -> bool:
    """Remove a credit note of which nothing was applied; tell whether Perfex agreed."""
    if site.db.where("credits", credit_id=identity):
        return False
    for refund in site.db.where("creditnote_refunds", credit_note_id=identity):
        site.db.delete("creditnote_refunds", refund["id"])
    for line in lines.of(site, identity, LINES):
        lines.remove(site, line["id"] or "")
    for value in site.db.where("customfieldsvalues", relid=identity, fieldto=LINES):
        site.db.delete("customfieldsvalues", value["id"])
    return site.db.delete("creditnotes", identity)


def settle(site: Site, identity: int) -> None:
    """Recompute total_tax, the display number and the status from what is stored."""
    row = site.db.get("creditnotes", identity)
    if row is None:
        return
    values = {"total_tax": lines.total_tax(site, row, LINES)}
    if site.settings.formatted_numbers:
        values["formatted_number"] = display_number(site, row)
    site.db.update("creditnotes", identity, values)
    refresh_status(site, identity)


def next_number(site: Site) -> int:
    """Return the number that the form proposes for the next credit note."""
    return int(site.option(COUNTER, "1"))


def number_taken(site: Site, number: str, issued: str, except_for: int = 0) -> bool:
    """Tell whether another credit note of the same calendar year has the number."""
    wanted = number.strip().lstrip("0") or "0"
    return any(
        row["id"] != str(except_for) and (row["date"] or "")[:4] == issued[:4]
        for row in site.db.where("creditnotes", number=wanted)
    )


def display_number(site: Site, row: Row) -> str:
    """Build the number as the customer's copy shows it."""
    prefix, issued = row["prefix"] or "", row["date"] or "0000-00-00"
    number = (row["number"] or "0").zfill(site.settings.number_padding)
    year, month = issued[:4], issued[5:7]
    shapes = {
        "2": f"{prefix}{year}/{number}",
        "3": f"{prefix}{number}-{year[2:]}",
        "4": f"{prefix}{number}/{month}/{year}",
    }
    return shapes.get(row["number_format"] or "1", f"{prefix}{number}")


def _columns(data: Mapping[str, Any]) -> dict[str, Any]:
    """Filter the header the way the model does before it saves."""
    values = {key: value for key, value in data.items() if key not in header.DROPPED}
    for name in NOTES:
        if values.get(name):
            values[name] = php.nl2br(php.scalar(values[name]))
    values["adjustment"] = header.number_or_zero(values.get("adjustment"))
    if not Decimal(header.number_or_zero(values.get("discount_total"))):
        values["discount_type"] = ""
    return values | header.shipping(data)
