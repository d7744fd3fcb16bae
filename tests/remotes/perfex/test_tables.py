"""Kinds that stand in custom tables: read whole, joined, off where they are not allowed."""

import pytest

from tests.remotes.perfex.conftest import DOCUMENTED, OBSERVED, OLD, Bench, Connect
from xero_bridge.core.errors import Refused
from xero_bridge.core.record import Absent, Seen
from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities.customer import Customer
from xero_bridge.entities.purchase_order import PurchaseOrder

TABLES = {"tblpur_vendor", "tblpur_contacts", "tblpur_orders", "tblpur_order_detail"}
NEEDS = {"purchase_vendors", "purchase_orders"}
OAK = {"item_name": "Oak", "quantity": "2", "unit_price": "50", "taxes": ["1"]}


@pytest.fixture(params=[OBSERVED, DOCUMENTED])
def shop(request: pytest.FixtureRequest, connect: Connect) -> Bench:
    """A site with one vendor and one order, its tables allowed."""
    bench = connect(request.param)
    bench.simulator.settings.custom_tables = set(TABLES)
    staff = bench.simulator.staff.purchases
    vendor = staff.create_vendor("Ridgeway")
    staff.create_contact(vendor, "Ines", "Moreau", "ines@ridgeway.example")
    staff.create_order(vendor, [OAK, {**OAK, "item_name": "Ash"}])
    return bench


def asked(bench: Bench, table: str) -> int:
    return bench.asked().count(f"GET thirdparty/customtable/{table}")


def test_a_vendor_comes_with_its_primary_contact_and_an_order_with_its_lines(shop: Bench) -> None:
    (vendor,) = shop.records(Kind.VENDOR).values()
    assert isinstance(vendor, Customer)
    assert (vendor.name, vendor.email) == ("Ridgeway", "ines@ridgeway.example")
    (order,) = shop.records(Kind.PURCHASE_ORDER).values()
    assert isinstance(order, PurchaseOrder)
    assert [line.text for line in order.lines] == ["Oak", "Ash"]
    assert (asked(shop, "tblpur_orders"), asked(shop, "tblpur_order_detail")) == (1, 1)


def test_the_row_moves_when_only_a_line_does(shop: Bench) -> None:
    (before,) = shop.entries(Kind.PURCHASE_ORDER)
    shop.simulator.staff.purchases.edit_order(1, [OAK, {**OAK, "item_name": "Elm"}])
    (after,) = shop.entries(Kind.PURCHASE_ORDER)
    assert before.row != after.row


def test_records_are_read_by_id_and_one_that_is_not_there_is_absent(shop: Bench) -> None:
    found, missing = shop.client.read(Kind.VENDOR, ["1", "77"])
    assert isinstance(found, Seen)
    assert isinstance(missing, Absent)


def test_no_password_of_a_contact_and_no_public_hash_stands_in_a_row(shop: Bench) -> None:
    shop.simulator.site.db.update("pur_contacts", 1, {"password": "$2a$08$secret"})
    shop.simulator.site.db.update("pur_orders", 1, {"hash": "0123456789abcdef"})
    (vendor,), (order,) = shop.entries(Kind.VENDOR), shop.entries(Kind.PURCHASE_ORDER)
    assert b"secret" not in vendor.raw
    assert b"0123456789abcdef" not in order.raw


def test_what_can_be_read_is_said_and_a_refused_table_is_asked_for_once(shop: Bench) -> None:
    assert shop.client.site().capabilities >= NEEDS
    shop.simulator.settings.custom_tables = {"tblpur_vendor"}
    later = shop.again()
    for _again in range(3):
        assert later.site().capabilities & NEEDS == {"purchase_vendors"}
    assert asked(shop, "tblpur_orders") == 2
    known = shop.again(memory=later.memory)
    assert known.site().capabilities & NEEDS == {"purchase_vendors"}
    with pytest.raises(Refused, match="does not show the table tblpur_orders"):
        list(known.entries(Kind.PURCHASE_ORDER, None))
    assert asked(shop, "tblpur_orders") == 2


def test_vendors_are_read_without_people_where_only_their_own_table_is_allowed(
    shop: Bench,
) -> None:
    shop.simulator.settings.custom_tables = {"tblpur_vendor"}
    (vendor,) = shop.records(Kind.VENDOR).values()
    assert isinstance(vendor, Customer)
    assert (vendor.name, vendor.email) == ("Ridgeway", "")


def test_an_old_module_is_not_asked_for_tables_of_other_modules(connect: Connect) -> None:
    old = connect(OLD)
    old.simulator.settings.custom_tables = set(TABLES)
    assert not old.client.site().capabilities & NEEDS
    assert not [call for call in old.asked() if "tblpur" in call]
