"""Kinds that a Perfex site does not show are off, and the status says why."""

from pathlib import Path

from tests.support.bridge import NAME, Bridge, a_bridge
from xero_bridge.operations import status as states


def test_with_its_tables_allowed_no_kind_is_off(read_once: Bridge) -> None:
    assert states.status(read_once.services, NAME).off == ()


def test_tables_that_are_not_allowed_are_named_with_what_to_do(bridge: Bridge) -> None:
    bridge.perfex.settings.custom_tables.clear()
    bridge.set_up()
    bridge.sync(dry=True)
    vendors, orders = states.status(bridge.services, NAME).off
    assert vendors.startswith("Vendors are off: the Perfex site does not show tblpur_vendor.")
    assert "does not show tblpur_orders and tblpur_order_detail." in orders
    assert "Setup > API > Settings" in orders


def test_an_old_module_is_named_as_the_reason(tmp_path: Path) -> None:
    with a_bridge(f"sqlite:///{tmp_path / 'bridge.db'}", tmp_path, version="2.0.8") as old:
        old.set_up()
        old.sync(dry=True)
        vendors, _orders = states.status(old.services, NAME).off
        assert vendors.startswith("Vendors are off: REST API module 2.x does not show tables")
