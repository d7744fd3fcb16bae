"""The Purchase module: no endpoints of its own, only tables that an administrator allowed."""

from __future__ import annotations

import pytest

from tests.simulator.perfex.conftest import Serve
from tests.simulator.perfex.site import Perfex
from xero_bridge.simulator.perfex.purchase_staff import Approval, PurchaseStaff

CHAIRS = {"item_name": "Chair", "item_code": "9", "quantity": "10", "unit_price": "100"}
TABLES = {"tblpur_vendor", "tblpur_contacts", "tblpur_orders", "tblpur_order_detail"}


@pytest.fixture
def shop(perfex: Perfex) -> Perfex:
    perfex.simulator.settings.custom_tables |= TABLES
    return perfex


def staff(perfex: Perfex) -> PurchaseStaff:
    return perfex.simulator.staff.purchases


def table(perfex: Perfex, name: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = perfex.get(f"thirdparty/customtable/tblpur_{name}")
    return rows


def test_vendors_are_read_as_a_whole_table_but_not_by_id(shop: Perfex) -> None:
    vendor = staff(shop).create_vendor("Ridgeway Timber", vat="GB 123", vendor_code="RT")
    staff(shop).create_contact(vendor, "Ines", "Moreau", "ines@ridgeway.example")
    staff(shop).edit_vendor(vendor, city="Leeds")
    (row,) = table(shop, "vendor")
    assert (row["userid"], row["company"], row["city"]) == (str(vendor), "Ridgeway Timber", "Leeds")
    assert "id" not in row
    assert shop.call("GET", f"thirdparty/customtable/tblpur_vendor/{vendor}").status_code == 500
    (person,) = table(shop, "contacts")
    assert (person["userid"], person["is_primary"]) == (str(vendor), "1")


def test_an_order_sums_parallel_taxes_per_line(shop: Perfex) -> None:
    vendor = staff(shop).create_vendor("Ridgeway Timber")
    order = staff(shop).create_order(vendor, [{**CHAIRS, "taxes": ["1", "3"]}])
    (header,) = table(shop, "orders")
    assert (header["subtotal"], header["total_tax"], header["total"]) == (
        "1000.00",
        "225.00",
        "1225.00",
    )
    assert (header["pur_order_number"], header["currency"]) == ("#PO-00001-2026", "0")
    assert (header["approve_status"], header["vendor"]) == ("1", str(vendor))
    (line,) = table(shop, "order_detail")
    assert (line["pur_order"], line["tax"], line["tax_name"]) == (str(order), "1|3", "VAT|ECO")
    assert (line["tax_rate"], line["tax_value"]) == ("20.00|2.50", "225.00")
    assert (line["into_money"], line["total_money"]) == ("1000.00", "1225.00")
    assert line["discount_%"] == "0.00"


def test_a_discount_of_the_order_lowers_its_tax(shop: Perfex) -> None:
    vendor = staff(shop).create_vendor("Ridgeway Timber")
    lines = [{**CHAIRS, "taxes": ["1"]}]
    staff(shop).create_order(vendor, lines, discount_percent="10")
    (header,) = table(shop, "orders")
    assert (header["discount_total"], header["total_tax"], header["total"]) == (
        "100.00",
        "180.00",
        "1080.00",
    )


def test_an_edit_replaces_lines_and_overwrites_the_date_of_creation(serve: Serve) -> None:
    shop = serve()
    shop.simulator.settings.custom_tables |= TABLES
    vendor = staff(shop).create_vendor("Ridgeway Timber")
    order = staff(shop).create_order(vendor, [CHAIRS])
    staff(shop).decide(order, Approval.APPROVED)
    shop.simulator.clock.move(days=2)
    staff(shop).edit_order(order, [{**CHAIRS, "quantity": "3"}], vendornote="Fewer")
    (header,) = table(shop, "orders")
    assert (header["total"], header["approve_status"]) == ("300.00", "2")
    assert (header["datecreated"], header["order_date"]) == ("2026-03-12", "2026-03-10")
    assert len(table(shop, "order_detail")) == 1
    staff(shop).delete_order(order)
    assert table(shop, "orders") == table(shop, "order_detail") == []


def test_a_purchase_invoice_is_unpaid_and_keeps_its_tax_under_another_name(shop: Perfex) -> None:
    shop.simulator.settings.custom_tables |= {"tblpur_invoices", "tblpur_invoice_details"}
    vendor = staff(shop).create_vendor("Ridgeway Timber")
    lines = [{**CHAIRS, "taxes": ["1"]}]
    staff(shop).create_invoice(vendor, lines, vendor_invoice_number="RT-1")
    (header,) = table(shop, "invoices")
    assert (header["tax"], header["total"], header["payment_status"]) == (
        "200.00",
        "1200.00",
        "unpaid",
    )
    (line,) = table(shop, "invoice_details")
    assert (line["tax_value"], line["discount_percent"]) == ("200.00", "0.00")


def test_only_approved_payments_pay_a_purchase_invoice(shop: Perfex) -> None:
    vendor = staff(shop).create_vendor("Ridgeway Timber")
    bill = staff(shop).create_invoice(vendor, [CHAIRS])

    def state() -> str | None:
        return shop.simulator.rows("pur_invoices")[0]["payment_status"]

    staff(shop).pay_invoice(bill, "1000.00", approved=False)
    assert state() == "unpaid"
    staff(shop).pay_invoice(bill, "400.00")
    assert state() == "partially_paid"
    staff(shop).pay_invoice(bill, "600.00")
    assert state() == "paid"
    with pytest.raises(LookupError, match="no purchase invoice 9"):
        staff(shop).pay_invoice(9, "1.00")


def test_tables_that_nobody_allowed_look_like_missing_ones(perfex: Perfex) -> None:
    answer = perfex.call("GET", "thirdparty/customtable/tblpur_orders")
    assert answer.status_code == 404
    assert answer.json()["message"] == "Table 'tblpur_orders' does not exist"


def test_an_order_or_tax_that_is_not_there_is_an_error(perfex: Perfex) -> None:
    with pytest.raises(LookupError, match="no order 9"):
        staff(perfex).decide(9, Approval.REJECTED)
    with pytest.raises(LookupError, match="no tax 9"):
        staff(perfex).create_order(1, [{**CHAIRS, "taxes": ["9"]}])
