"""What scenarios of the Purchase module share."""

from __future__ import annotations

from tests.scenarios.world import World

TABLES = frozenset({"tblpur_vendor", "tblpur_contacts", "tblpur_orders", "tblpur_order_detail"})


def allow_tables(world: World) -> None:
    """An administrator of the site allows the tables of the Purchase module."""
    world.perfex.settings.custom_tables |= TABLES
