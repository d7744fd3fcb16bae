"""Orders of the Purchase module in Xero: approved, changed, cancelled, billed, to the cent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.scenarios.buying import (
    boards,
    buyers,
    change_in_xero,
    number,
    order,
    stays_in_step,
    total,
    xero_order,
    xero_orders,
)
from tests.scenarios.world import World
from xero_bridge.core.vocabulary import Kind, RunState, Side
from xero_bridge.simulator.perfex.purchase_staff import Approval


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
    stays_in_step(shop)


def test_an_order_waits_for_nothing_but_its_vendor(shop: World) -> None:
    vendor = buyers(shop).create_vendor("Fjord Hardware AS")
    made = buyers(shop).create_order(vendor, [boards()])
    done = shop.sync().done
    assert done == {"vendor": {"create": 1}, "purchase_order": {"create": 1}}
    assert xero_order(shop, made)["Contact"]["Name"] == "Fjord Hardware AS"
    assert xero_order(shop, made)["Status"] == "DRAFT"
    stays_in_step(shop)


def test_a_resync_of_an_order_takes_its_vendor_along(shop: World) -> None:
    vendor = buyers(shop).create_vendor("Fjord Hardware AS")
    made = buyers(shop).create_order(vendor, [boards()])
    done = shop.resync(Kind.PURCHASE_ORDER, Side.PERFEX, str(made)).done
    assert done == {"vendor": {"create": 1}, "purchase_order": {"create": 1}}
    assert xero_order(shop, made)["Contact"]["Name"] == "Fjord Hardware AS"
    stays_in_step(shop)


def test_an_order_of_a_firm_that_is_also_a_customer_goes_to_its_one_contact(shop: World) -> None:
    shop.perfex.staff.create_customer("Ash & Co", vat="GB 5")
    vendor = buyers(shop).create_vendor("Ash & Co", vat="GB 5")
    made = buyers(shop).create_order(vendor, [boards()])
    assert shop.sync().done == {"customer": {"create": 1}}
    assert shop.sync().done == {"vendor": {"link": 1}, "purchase_order": {"create": 1}}
    (contact,) = [one for one in shop.xero_contacts() if one["Name"] == "Ash & Co"]
    assert xero_order(shop, made)["Contact"]["ContactID"] == contact["ContactID"]
    stays_in_step(shop)


def test_approving_a_draft_in_perfex_approves_it_in_xero(shop: World) -> None:
    made = order(shop, approval=Approval.WAITING)
    shop.sync()
    assert xero_order(shop, made)["Status"] == "DRAFT"
    buyers(shop).decide(made, Approval.APPROVED)
    assert shop.sync().done == {"purchase_order": {"update": 1}}
    assert xero_order(shop, made)["Status"] == "AUTHORISED"
    stays_in_step(shop)


def test_an_approved_order_made_a_draft_again_is_asked_about(shop: World) -> None:
    made = order(shop)
    shop.sync()
    buyers(shop).decide(made, Approval.WAITING)
    shop.sync()
    assert "AUTHORISED" in str(shop.question("order_status_forbidden").details)
    assert xero_order(shop, made)["Status"] == "AUTHORISED"
    buyers(shop).decide(made, Approval.APPROVED)
    stays_in_step(shop)


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
    stays_in_step(shop)


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
    stays_in_step(shop)


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
    stays_in_step(shop)


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
    stays_in_step(shop)


def test_an_order_deleted_in_xero_is_asked_about(shop: World) -> None:
    made = order(shop)
    shop.sync()
    change_in_xero(shop, made, Status="DELETED")
    shop.sync(wait=timedelta(hours=25))
    shop.answer("voided_in_xero", "leave")
    stays_in_step(shop)
    assert len(xero_orders(shop)) == 1


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
    stays_in_step(shop)


def test_an_order_whose_call_never_arrived_is_made_later(shop: World) -> None:
    made = order(shop)
    shop.xero.faults.add("drop-before", method="PUT", path="PurchaseOrders")
    shop.sync()
    shop.sync(wait=timedelta(minutes=2))
    assert xero_order(shop, made)["Status"] == "AUTHORISED"
    stays_in_step(shop)
