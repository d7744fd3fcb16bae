"""Orders of the Purchase module in Xero: approved, changed, cancelled, billed, to the cent."""

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
    total,
    xero_order,
    xero_orders,
)
from tests.scenarios.world import World, a_world
from xero_bridge.core.record import Link, Roles
from xero_bridge.core.vocabulary import Kind, RunState
from xero_bridge.simulator.perfex.purchase_staff import Approval


@pytest.fixture
def shop(world: World) -> World:
    """A site with the Purchase module and one vendor, in step with Xero."""
    set_up_buying(world)
    buyers(world).create_vendor("Ridgeway Timber Supplies")
    report = world.sync()
    assert report.state is RunState.IN_STEP, report
    return world


def _writes(world: World) -> int:
    return sum(call.method != "GET" for call in world.xero.calls)


def _stays_in_step(world: World) -> None:
    written = _writes(world)
    for _again in range(2):
        report = world.sync()
        assert (report.state, report.done) == (RunState.IN_STEP, {})
    assert _writes(world) == written


def _lines(found: dict[str, Any]) -> list[tuple[object, ...]]:
    wanted = ("Description", "Quantity", "UnitAmount", "AccountCode", "TaxType")
    return [tuple(line[name] for name in wanted) for line in found["LineItems"]]


def test_an_approved_order_arrives_to_the_cent_under_its_number(shop: World) -> None:
    lines = [boards("21.75", "24"), boards("3.33", "7", taxes=["2"], description="Beech, planed")]
    made = order(shop, *lines, order_date="2026-11-18", delivery_date="2026-12-01")
    report = shop.sync()
    assert (report.state, report.done) == (RunState.IN_STEP, {"purchase_order": {"create": 1}})
    found = xero_order(shop, made)
    assert (found["PurchaseOrderNumber"], found["Status"]) == ("#PO-00001-2026", "AUTHORISED")
    assert found["Contact"]["Name"] == "Ridgeway Timber Supplies"
    assert found["DateString"][:10] == "2026-11-18"
    assert found["DeliveryDateString"][:10] == "2026-12-01"
    assert (found["Reference"], found["CurrencyCode"]) == (f"PX-PO-{made}", "GBP")
    assert _lines(found) == [
        ("Oak boards", 24.0, 21.75, "310", "INPUT2"),
        ("Oak boards\nBeech, planed", 7.0, 3.33, "310", "RRINPUT"),
    ]
    assert f"{found['Total']:.2f}" == total(shop, made)
    _stays_in_step(shop)


def test_an_order_waits_for_nothing_but_its_vendor(shop: World) -> None:
    vendor = buyers(shop).create_vendor("Fjord Hardware AS")
    made = buyers(shop).create_order(vendor, [boards()])
    done = shop.sync().done
    assert done == {"vendor": {"create": 1}, "purchase_order": {"create": 1}}
    assert xero_order(shop, made)["Contact"]["Name"] == "Fjord Hardware AS"
    assert xero_order(shop, made)["Status"] == "DRAFT"
    _stays_in_step(shop)


def test_approving_a_draft_in_perfex_approves_it_in_xero(shop: World) -> None:
    made = order(shop, approval=Approval.WAITING)
    shop.sync()
    assert xero_order(shop, made)["Status"] == "DRAFT"
    buyers(shop).decide(made, Approval.APPROVED)
    assert shop.sync().done == {"purchase_order": {"update": 1}}
    assert xero_order(shop, made)["Status"] == "AUTHORISED"
    _stays_in_step(shop)


def test_an_approved_order_made_a_draft_again_is_asked_about(shop: World) -> None:
    made = order(shop)
    shop.sync()
    buyers(shop).decide(made, Approval.WAITING)
    shop.sync()
    assert "AUTHORISED" in str(shop.question("order_status_forbidden").details)
    assert xero_order(shop, made)["Status"] == "AUTHORISED"
    buyers(shop).decide(made, Approval.APPROVED)
    _stays_in_step(shop)


def test_changed_lines_keep_their_ids_and_the_bookkeepers_coding(shop: World) -> None:
    made = order(shop, boards("10.00", "2"), boards("5.00", "1", item_name="Varnish"))
    shop.sync()
    before = xero_order(shop, made)
    lines = [
        {name: line[name] for name in ("LineItemID", "Description", "Quantity", "UnitAmount")}
        | {"AccountCode": "429", "TaxType": line["TaxType"]}
        for line in before["LineItems"]
    ]
    change_in_xero(shop, made, LineItems=lines)
    report = shop.sync(wait=timedelta(hours=25))
    assert (report.state, report.done) == (RunState.IN_STEP, {})
    edited = [boards("10.00", "3"), boards("5.00", "1", item_name="Varnish")]
    buyers(shop).edit_order(made, edited, delivery_date="2026-12-24")
    assert shop.sync().done == {"purchase_order": {"update": 1}}
    after = xero_order(shop, made)
    assert [line["LineItemID"] for line in after["LineItems"]] == [
        line["LineItemID"] for line in before["LineItems"]
    ]
    assert [line["AccountCode"] for line in after["LineItems"]] == ["429", "429"]
    assert after["LineItems"][0]["Quantity"] == 3.0
    assert after["DeliveryDateString"][:10] == "2026-12-24"
    assert f"{after['Total']:.2f}" == total(shop, made)
    _stays_in_step(shop)


def test_a_line_swapped_for_another_of_the_same_total_is_seen_at_once(shop: World) -> None:
    made = order(shop, boards("10.00"))
    shop.sync()
    buyers(shop).edit_order(made, [boards("10.00", item_name="Ash boards")])
    assert shop.sync().done == {"purchase_order": {"update": 1}}
    assert xero_order(shop, made)["LineItems"][0]["Description"] == "Ash boards"


@pytest.mark.parametrize("approval", [Approval.REJECTED, Approval.CANCELLED])
def test_a_cancelled_order_is_asked_about_and_deleted_when_told(
    shop: World, approval: Approval
) -> None:
    made = order(shop)
    shop.sync()
    buyers(shop).decide(made, approval)
    shop.sync()
    assert xero_order(shop, made)["Status"] == "AUTHORISED"
    shop.answer("cancelled_in_perfex", "remove")
    assert shop.sync().done == {"purchase_order": {"delete": 1}}
    assert xero_order(shop, made)["Status"] == "DELETED"
    _stays_in_step(shop)


def test_an_order_deleted_in_perfex_is_asked_about(shop: World) -> None:
    made, other = order(shop), order(shop)
    wanted = number(shop, made)
    shop.sync()
    buyers(shop).delete_order(made)
    shop.sync()
    shop.answer("deleted_in_perfex", "remove")
    assert shop.sync().done == {"purchase_order": {"delete": 1}}
    states = {one["PurchaseOrderNumber"]: one["Status"] for one in xero_orders(shop)}
    assert states == {wanted: "DELETED", number(shop, other): "AUTHORISED"}
    _stays_in_step(shop)


def test_a_billed_order_is_neither_changed_nor_deleted_but_asked_about(shop: World) -> None:
    made = order(shop)
    shop.sync()
    change_in_xero(shop, made, Status="BILLED")
    report = shop.sync(wait=timedelta(hours=25))
    assert (report.state, report.done) == (RunState.IN_STEP, {})
    buyers(shop).edit_order(made, [boards("7.00")])
    shop.sync()
    assert "BILLED" in str(shop.question("order_status_forbidden").details)
    assert xero_order(shop, made)["Total"] == 120.0
    buyers(shop).edit_order(made, [boards("100.00")])
    shop.sync()
    assert shop.questions() == []
    buyers(shop).decide(made, Approval.CANCELLED)
    shop.sync()
    shop.answer("cancelled_in_perfex", "remove")
    shop.sync()
    assert "deleting" in str(shop.question("order_status_forbidden").details)
    assert xero_order(shop, made)["Status"] == "BILLED"


def test_an_order_edited_in_xero_is_asked_about_and_never_overwritten(shop: World) -> None:
    made = order(shop)
    shop.sync()
    change_in_xero(shop, made, DeliveryDate="2026-12-31")
    shop.sync(wait=timedelta(hours=25))
    asked = shop.question("edited_in_xero")
    assert (asked.kind, [row.facet for row in asked.rows]) == (
        Kind.PURCHASE_ORDER,
        ["delivery date"],
    )
    buyers(shop).edit_order(made, delivery_date="2026-12-01")
    shop.sync()
    assert xero_order(shop, made)["DeliveryDateString"][:10] == "2026-12-31"
    shop.answer("conflict", "keep_perfex")
    shop.sync()
    assert xero_order(shop, made)["DeliveryDateString"][:10] == "2026-12-01"
    _stays_in_step(shop)


def test_an_order_deleted_in_xero_is_asked_about(shop: World) -> None:
    made = order(shop)
    shop.sync()
    change_in_xero(shop, made, Status="DELETED")
    shop.sync(wait=timedelta(hours=25))
    shop.answer("voided_in_xero", "leave")
    _stays_in_step(shop)
    assert len(xero_orders(shop)) == 1


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
    _stays_in_step(shop)


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
    _stays_in_step(shop)


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
    _stays_in_step(shop)


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
    _stays_in_step(shop)


def _members(link: Link) -> dict[str, Any]:
    return {name: getattr(link, name) for name in link.__struct_fields__}


def test_many_lines_whose_tax_is_rounded_one_by_one_come_to_the_cent(shop: World) -> None:
    made = order(shop, *[boards("0.33", "1", item_name=f"Screw {one}") for one in range(12)])
    assert shop.sync().state is RunState.IN_STEP
    assert f"{xero_order(shop, made)['Total']:.2f}" == total(shop, made)
    _stays_in_step(shop)


def test_an_order_in_another_currency_goes_in_it_or_says_that_xero_lacks_it(shop: World) -> None:
    made = order(shop, currency="3")
    shop.sync()
    enabled = {one["Code"] for one in shop.xero_call("GET", "Currencies")["Currencies"]}
    if "EUR" in enabled:
        assert xero_order(shop, made)["CurrencyCode"] == "EUR"
    else:
        assert shop.question("currency_missing").details["currency"] == "EUR"


def test_an_order_of_an_archived_contact_waits_for_a_person(shop: World) -> None:
    table = shop.xero.books().contacts
    (row,) = [one for one in table.values() if one["Name"].startswith("Ridgeway")]
    shop.clock.move(seconds=5)
    stamp = {"UpdatedDateUTC": shop.xero.books().now()}
    table.put(row["ContactID"], {**row, "ContactStatus": "ARCHIVED", **stamp})
    order(shop)
    shop.sync()
    reasons = sorted(asked.reason for asked in shop.questions())
    assert reasons == ["archived_in_xero", "contact_archived"]
    sent = [call for call in shop.xero.calls if call.path.endswith("/PurchaseOrders")]
    assert [call.method for call in sent if call.method != "GET"] == []


def test_orders_before_the_start_date_and_cancelled_ones_stay_home(shop: World) -> None:
    shop.change_settings(start_date=shop.clock.now().date())
    order(shop, order_date="2026-11-01")
    order(shop, approval=Approval.CANCELLED)
    report = shop.sync()
    assert (report.state, report.done) == (RunState.IN_STEP, {})
    stayed = [hold for hold in shop.last_plan().excluded if hold.key.kind is Kind.PURCHASE_ORDER]
    assert sorted(hold.reason for hold in stayed) == ["before_start", "closed_unlinked"]


def test_a_period_that_is_locked_does_not_hold_an_order(shop: World) -> None:
    shop.xero.books().set_organisation(PeriodLockDate=shop.clock.now().date())
    made = order(shop)
    shop.sync()
    assert xero_order(shop, made)["Status"] == "AUTHORISED"


def test_an_order_whose_answer_was_lost_is_made_once(shop: World) -> None:
    made = order(shop)
    shop.xero.faults.add("drop-after", method="PUT", path="PurchaseOrders")
    shop.sync()
    for _again in range(4):
        shop.sync(wait=timedelta(minutes=7))
    assert [one["PurchaseOrderNumber"] for one in xero_orders(shop)] == [number(shop, made)]
    _stays_in_step(shop)


def test_an_order_whose_call_never_arrived_is_made_later(shop: World) -> None:
    made = order(shop)
    shop.xero.faults.add("drop-before", method="PUT", path="PurchaseOrders")
    shop.sync()
    shop.sync(wait=timedelta(minutes=2))
    assert xero_order(shop, made)["Status"] == "AUTHORISED"
    _stays_in_step(shop)


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
        _stays_in_step(made)


def test_module_2_has_no_custom_tables_so_orders_are_off() -> None:
    with a_world(version="2.0.8") as made:
        made.map_usual()
        made.go_live()
        allow_tables(made)
        buyers(made).create_vendor("Ridgeway Timber Supplies")
        order(made)
        assert made.sync().state is RunState.IN_STEP
        assert xero_orders(made) == []
