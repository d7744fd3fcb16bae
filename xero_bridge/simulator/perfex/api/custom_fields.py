"""/api/custom_fields/{type}[/{record}]: what staff defined, with the values of one record."""

from __future__ import annotations

import json
from typing import Any, Final

from xero_bridge.simulator.perfex.api.exchange import Ask, Reply, failed, no_data
from xero_bridge.simulator.perfex.database import Row
from xero_bridge.simulator.perfex.site import Site

TYPES: Final = frozenset(
    """customers contacts company invoice items credit_note estimate expenses proposal projects
    tasks tickets leads contracts staff""".split()
)
CHOICES: Final = ("select", "multiselect", "checkbox")


def one(ask: Ask) -> Reply:
    """Show the fields of a type; a record's values are filled in when its id follows."""
    if ask.id not in TYPES:
        return failed("Not valid data")
    defined = ask.site.db.where("customfields", fieldto=ask.id)
    record = ask.args[1] if len(ask.args) > 1 else ""
    shown = [_shown(ask.site, field, record) for field in defined]
    return Reply(content=shown) if shown else no_data()


def _shown(site: Site, field: Row, record: str) -> dict[str, Any]:
    values = site.db.where(
        "customfieldsvalues", relid=record, fieldid=field["id"], fieldto=field["fieldto"]
    )
    value = (values[0]["value"] or "") if values else ""
    shown: dict[str, Any] = {
        "field_name": f"custom_fields[{field['fieldto']}][{field['id']}]",
        "custom_field_id": field["id"],
        "label": field["name"],
        "required": field["required"],
        "type": field["type"],
        "value": value,
    }
    if field["type"] in CHOICES:
        options = [option.strip() for option in (field["options"] or "").split(",")]
        shown |= {"value": json.dumps(value), "options": json.dumps(options)}
    return shown
