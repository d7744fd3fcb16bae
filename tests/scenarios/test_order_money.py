"""Orders of the Purchase module in Xero: their money, their numbers, and sites without tables."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.scenarios.buying import (
    allow_tables,
    boards,
    buyers,
    change_in_xero,
    number,
    order,
    set_up_buying,
    stays_in_step,
    total,
    xero_order,
    xero_orders,
)
from tests.scenarios.world import World, a_world
from xero_bridge.core.record import Link, Roles
from xero_bridge.core.vocabulary import Kind, RunState


def test_an_order_entered_in_xero_by_hand_is_linked_by_number_vendor_and_total(
    shop: World,
) -> None:
    contact = next(one for one in shop.xero_contacts() if one["Name"].startswith("Ridgeway"))
    line = {"Description": "Oak", "Quantity": 1, "UnitAmount": 100, "TaxType": "INPUT2"}
    body = {
        "PurchaseOrderNumber": "#PO-00001-2026",
        "Contact": {"ContactID": contact["ContactID"]},
        "LineItems": [{**line, "AccountCode": "310"}],
    }
    shop.xero_call("PUT", "PurchaseOrders", {"PurchaseOrders": [body]})
    order(shop, order_date="2026-11-20")
    report = shop.sync(wait=timedelta(hours=25))
    assert report.done == {"purchase_order": {"link": 1}}
    stays_in_step(shop)


def test_a_number_taken_by_another_order_is_asked_about_with_both(shop: World) -> None:
    shop.xero_call("PUT", "Contacts", {"Contacts": [{"Name": "Somebody else"}]})
    contact = next(one for one in shop.xero_contacts() if one["Name"] == "Somebody else")
    line = {"Description": "Nails", "Quantity": 1, "UnitAmount": 9, "AccountCode": "310"}
    body = {
        "PurchaseOrderNumber": "#PO-00001-2026",
        "Contact": {"ContactID": contact["ContactID"]},
        "LineItems": [line],
    }
    shop.xero_call("PUT", "PurchaseOrders", {"PurchaseOrders": [body]})
    order(shop)
    shop.sync(wait=timedelta(hours=25))
    asked = shop.question("number_taken")
    assert "another vendor" in asked.details["why"]
    assert len(xero_orders(shop)) == 1


def test_the_number_of_a_deleted_order_stays_taken_and_is_said_so(shop: World) -> None:
    made = order(shop)
    shop.sync()
    change_in_xero(shop, made, Status="DELETED")
    taken = number(shop, made)
    buyers(shop).delete_order(made)
    order(shop)
    shop.sync(wait=timedelta(hours=25))
    order(shop, pur_order_number=taken)
    shop.sync()
    assert "Deleted PurchaseOrders" in shop.question("duplicate_number").details["message"]
    assert [one["PurchaseOrderNumber"] for one in xero_orders(shop)].count(taken) == 1


def test_a_number_that_xero_would_change_is_asked_about(shop: World) -> None:
    order(shop, pur_order_number="PO-é-7")
    shop.sync()
    assert shop.question("number_not_ascii").kind is Kind.PURCHASE_ORDER
    assert xero_orders(shop) == []


def test_a_discount_of_the_order_becomes_a_rate_on_every_line(shop: World) -> None:
    made = order(shop, boards("48.20", "10"), boards("17.99", "4"), discount_percent="5")
    assert shop.sync().state is RunState.IN_STEP
    found = xero_order(shop, made)
    assert [line["DiscountRate"] for line in found["LineItems"]][:2] == [5.0, 5.0]
    assert f"{found['Total']:.2f}" == total(shop, made)
    stays_in_step(shop)


def test_freight_and_discounts_of_lines_are_a_line_of_their_own(shop: World) -> None:
    freight = order(shop, boards("10.00"), shipping_fee="12.50")
    both = order(shop, boards("10.00", discount_money="1.20"), shipping_fee="12.50")
    off = order(shop, boards("10.00", discount_money="1.20"))
    assert shop.sync().state is RunState.IN_STEP
    told = [
        (xero_order(shop, one)["LineItems"][-1]["Description"], xero_order(shop, one)["Total"])
        for one in (freight, both, off)
    ]
    assert told == [
        ("Shipping", 24.5),
        ("Shipping less discounts of lines", 23.3),
        ("Discounts of lines", 10.8),
    ]
    stays_in_step(shop)


def test_a_tax_on_the_whole_order_is_held_with_its_amount(shop: World) -> None:
    order(shop, tax_order_amount="2.00")
    shop.sync()
    assert shop.question("order_tax").details["amount"] == "2.00 GBP"


def test_several_taxes_on_a_line_need_one_tax_of_their_sum(shop: World) -> None:
    made = order(shop, boards("40.00", taxes=["1", "3"]))
    shop.sync()
    assert shop.question("tax_unmapped").details["tax"] == "ECO|2.50+VAT|20.00"
    answer = shop.xero_call(
        "PUT",
        "TaxRates",
        {
            "TaxRates": [
                {
                    "Name": "VAT and eco levy",
                    "ReportTaxType": "INPUT",
                    "TaxComponents": [
                        {"Name": "VAT", "Rate": 20, "IsCompound": False},
                        {"Name": "Eco", "Rate": 2.5, "IsCompound": False},
                    ],
                }
            ]
        },
    )
    both = answer["TaxRates"][0]["TaxType"]
    shop.clock.move(days=1)
    shop.reference_lists()
    link = Link(kind=Kind.TAX, perfex_id="ECO|2.50+VAT|20.00", xero_id=both, by_person=True)
    with shop.store.atomically():
        shop.store.save_link(Link(**{**_members(link), "roles": Roles(purchase=both)}))
        shop.store.make_all_dirty(linked=False)
    shop.sync()
    assert f"{xero_order(shop, made)['Total']:.2f}" == total(shop, made) == "49.00"
    stays_in_step(shop)


def _members(link: Link) -> dict[str, Any]:
    return {name: getattr(link, name) for name in link.__struct_fields__}


def test_many_lines_whose_tax_is_rounded_one_by_one_come_to_the_cent(shop: World) -> None:
    made = order(shop, *[boards("0.33", "1", item_name=f"Screw {one}") for one in range(12)])
    assert shop.sync().state is RunState.IN_STEP
    assert f"{xero_order(shop, made)['Total']:.2f}" == total(shop, made)
    stays_in_step(shop)


def test_an_order_in_another_currency_goes_in_it_or_says_that_xero_lacks_it(shop: World) -> None:
    made = order(shop, currency="3")
    shop.sync()
    enabled = {one["Code"] for one in shop.xero_call("GET", "Currencies")["Currencies"]}
    if "EUR" in enabled:
        assert xero_order(shop, made)["CurrencyCode"] == "EUR"
    else:
        assert shop.question("currency_missing").details["currency"] == "EUR"


def test_without_the_tables_of_orders_they_are_off_and_vendors_go_on(world: World) -> None:
    set_up_buying(world)
    world.perfex.settings.custom_tables -= {"tblpur_order_detail"}
    vendor = buyers(world).create_vendor("Ridgeway Timber Supplies")
    buyers(world).create_order(vendor, [boards()])
    done = world.sync().done
    assert (done["vendor"], "purchase_order" in done) == ({"create": 1}, False)
    for _again in range(2):
        assert world.sync().state is RunState.IN_STEP
    asked = [call.path for call in world.perfex.calls if "tblpur_order_detail" in call.path]
    assert len(asked) == 1


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_orders_arrive_from_every_module_with_custom_tables(version: str) -> None:
    with a_world(version=version) as made:
        made.map_usual()
        made.go_live()
        set_up_buying(made)
        buyers(made).create_vendor("Ridgeway Timber Supplies")
        one = order(made)
        assert made.sync().done["purchase_order"] == {"create": 1}
        assert f"{xero_order(made, one)['Total']:.2f}" == total(made, one)
        stays_in_step(made)


def test_module_2_has_no_custom_tables_so_orders_are_off() -> None:
    with a_world(version="2.0.8") as made:
        made.map_usual()
        made.go_live()
        allow_tables(made)
        buyers(made).create_vendor("Ridgeway Timber Supplies")
        order(made)
        assert made.sync().state is RunState.IN_STEP
        assert xero_orders(made) == []
