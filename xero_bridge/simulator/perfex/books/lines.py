"""Invoice lines: copies of text and price, with taxes copied by name and rate."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from xero_bridge.simulator.perfex import php
from xero_bridge.simulator.perfex.books import fields, money
from xero_bridge.simulator.perfex.database import Row
from xero_bridge.simulator.perfex.site import Site


def add(site: Site, invoice: int, line: Mapping[str, Any], rel_type: str = "invoice") -> int:
    """Store a new line with its taxes and return its id."""
    identity = site.db.insert(
        "itemable", {"rel_id": invoice, "rel_type": rel_type, **_columns(line)}
    )
    _set_taxes(site, invoice, identity, php.entries(line.get("taxname")), rel_type)
    fields.save(site, "items", identity, line.get("custom_fields"))
    return identity


def change(site: Site, line: Mapping[str, Any]) -> bool:
    """Edit the line named by `itemid`; taxes not sent are lost; an unknown id does nothing."""
    row = site.db.get("itemable", php.scalar(line.get("itemid")))
    if row is None:
        return False
    changed = site.db.update("itemable", row["id"], _columns(line))
    wanted = php.entries(line.get("taxname"))
    if [_tax_text(tax) for tax in taxes(site, row)] == _known_forms(wanted):
        return changed
    for tax in taxes(site, row):
        site.db.delete("item_tax", tax["id"])
    _set_taxes(site, row["rel_id"], row["id"], wanted, row["rel_type"])
    return True


def remove(site: Site, identity: str) -> bool:
    """Delete a line and its taxes; tell whether there was one."""
    for tax in site.db.where("item_tax", itemid=identity):
        site.db.delete("item_tax", tax["id"])
    return site.db.delete("itemable", identity)


def of(site: Site, invoice: object, rel_type: str = "invoice") -> list[Row]:
    """Return the lines of a document in their shown order."""
    rows = site.db.where("itemable", rel_id=invoice, rel_type=rel_type)
    return sorted(rows, key=lambda row: (int(row["item_order"] or 0), int(row["id"] or 0)))


def taxes(site: Site, line: Row) -> list[Row]:
    """Return the tax rows of a line."""
    return site.db.where("item_tax", itemid=line["id"])


def total_tax(site: Site, invoice: Row, rel_type: str = "invoice") -> str:
    """Compute what Perfex stores as total_tax, from the stored lines and discount."""
    parsed = [_parsed(site, line) for line in of(site, invoice["id"], rel_type)]
    return money.two_places(money.stored_tax(parsed, discount_of(invoice)))


def totals(site: Site, invoice: Row) -> money.Totals:
    """Compute the invoice anew from what is stored."""
    parsed = [_parsed(site, line) for line in of(site, invoice["id"])]
    return money.totals(parsed, discount_of(invoice), Decimal(invoice["adjustment"] or 0))


def discount_of(invoice: Row) -> money.Discount:
    """Return the discount an invoice row describes."""
    return money.Discount(
        kind=invoice["discount_type"] or "",
        percent=Decimal(invoice["discount_percent"] or 0),
        fixed=Decimal(invoice["discount_total"] or 0),
    )


def log(site: Site, invoice: object, description: str, extra: str = "") -> None:
    """Write a row of the sales activity, as changes in the staff pages do."""
    site.db.insert(
        "sales_activity",
        {
            "rel_type": "invoice",
            "rel_id": invoice,
            "description": description,
            "additional_data": extra,
            "date": site.stamp(),
        },
    )


def _parsed(site: Site, line: Row) -> money.Line:
    return money.Line(
        quantity=Decimal(line["qty"] or 0),
        rate=Decimal(line["rate"] or 0),
        taxes=tuple(
            money.Tax(name=tax["taxname"] or "", rate=Decimal(tax["taxrate"] or 0))
            for tax in taxes(site, line)
        ),
    )


def _columns(line: Mapping[str, Any]) -> dict[str, str]:
    return {
        "description": php.scalar(line.get("description")),
        "long_description": php.nl2br(php.scalar(line.get("long_description"))),
        "qty": php.scalar(line.get("qty")),
        "rate": php.scalar(line.get("rate")),
        "unit": php.scalar(line.get("unit")),
        "item_order": php.scalar(line.get("order")),
    }


def _set_taxes(
    site: Site, invoice: object, line: object, wanted: list[Any], rel_type: str | None
) -> None:
    """Store the taxes of a line; a text without a bar is silently no tax."""
    for text in dict.fromkeys(php.scalar(tax) for tax in wanted):
        name, bar, rate = text.rpartition("|")
        if bar:
            site.db.insert(
                "item_tax",
                {
                    "itemid": line,
                    "rel_id": invoice,
                    "rel_type": rel_type,
                    "taxrate": rate,
                    "taxname": name,
                },
            )


def _tax_text(tax: Row) -> str:
    return f"{tax['taxname']}|{tax['taxrate']}"


def _known_forms(wanted: list[Any]) -> list[str]:
    return [text for text in map(php.scalar, wanted) if "|" in text]
