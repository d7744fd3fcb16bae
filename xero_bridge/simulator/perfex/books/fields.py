"""Custom fields: defined by staff, written by id, shown by label."""

from __future__ import annotations

from typing import Any, Final

from xero_bridge.simulator.perfex import php
from xero_bridge.simulator.perfex.site import Site

# Values of the price list are kept apart from those of invoice lines, which share their fields.
PRICE_LIST: Final = "items_pr"


def save(site: Site, kind: str, record: int, sent: object, *, kept_as: str = "") -> bool:
    """Store `custom_fields[kind][field id]`; tell whether a value changed."""
    values = sent.get(kind) if isinstance(sent, dict) else None
    if isinstance(values, list):
        values = {str(index): value for index, value in enumerate(values)}
    if not isinstance(values, dict):
        return False
    changed = [
        _save_one(site, kind, kept_as or kind, record, str(key), value)
        for key, value in values.items()
    ]
    return any(changed)


def shown(
    site: Site, kind: str, record: object, *, kept_as: str = ""
) -> list[dict[str, str | None]]:
    """Return `[{label, value}]` of a record, one member for each field defined for its kind."""
    defined = site.db.where("customfields", fieldto=kind)
    if not defined:
        return []
    values = {
        row["fieldid"]: row["value"]
        for row in site.db.where("customfieldsvalues", relid=record, fieldto=kept_as or kind)
    }
    return [{"label": field["name"], "value": values.get(field["id"], "")} for field in defined]


def _save_one(site: Site, kind: str, kept_as: str, record: int, field: str, value: Any) -> bool:
    text = php.scalar(value)
    if not site.db.where("customfields", id=field, fieldto=kind):
        return False
    found = site.db.where("customfieldsvalues", relid=record, fieldid=field, fieldto=kept_as)
    if found:
        return site.db.update("customfieldsvalues", found[0]["id"], {"value": text})
    site.db.insert(
        "customfieldsvalues",
        {"relid": record, "fieldid": field, "fieldto": kept_as, "value": text},
    )
    return True
