"""What a site holds at its start: the reference lists, and on wish a year of business."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from xero_bridge.simulator.perfex.site import Site


def plant(site: Site, name: str | None) -> None:
    """Fill an empty site; raise ValueError for a seed that does not exist."""
    if name is not None:
        raise ValueError(f"There is no seed {name!r}; choose None or 'demo'.")
    plant_basics(site)


def plant_basics(site: Site) -> None:
    """Store the lists every installation has: currencies, countries, taxes, payment modes."""
    for table, rows in _read("basics.json").items():
        for row in rows:
            site.db.insert(table, row)
    site.set_option("next_invoice_number", "1")


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        resources.files("xero_bridge.simulator.perfex.seeds").joinpath(name).read_text("utf-8")
    )
    return found
