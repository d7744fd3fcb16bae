"""The tables of the Purchase module as the stand-in shows them, column by column."""

from tests.simulator.perfex.site import Perfex
from xero_bridge.simulator.perfex.purchase_staff import Approval

ALLOWED = {"tblpur_vendor", "tblpur_contacts", "tblpur_orders", "tblpur_order_detail"}
VENDOR = set(
    """userid company vendor_code vat phonenumber country city zip state address website datecreated
    active default_currency billing_street billing_city billing_state billing_zip billing_country
    shipping_street category bank_detail payment_terms""".split()
)
ORDER = set(
    """id pur_order_name vendor pur_order_number number order_date delivery_date approve_status
    delivery_status order_status status datecreated subtotal total_tax total discount_percent
    discount_total discount_type currency currency_rate vendornote terms tax_order_rate
    tax_order_amount shipping_fee""".split()
)
LINE = set(
    """id pur_order item_code item_name description unit_id unit_price quantity into_money tax
    tax_rate tax_name tax_value total discount_% discount_money total_money""".split()
)


def _rows(perfex: Perfex, name: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = perfex.get(f"thirdparty/customtable/tblpur_{name}")
    return rows


def test_orders_have_the_columns_and_the_values_of_the_module(modern: Perfex) -> None:
    modern.simulator.settings.custom_tables |= ALLOWED
    staff = modern.simulator.staff.purchases
    vendor = staff.create_vendor("Ridgeway Timber Supplies")
    staff.create_contact(vendor, "Ines", "Moreau", "ines@ridgeway.example")
    chairs = {"item_name": "Chair", "quantity": "10", "unit_price": "100", "taxes": ["1"]}
    order = staff.create_order(vendor, [chairs])
    staff.decide(order, Approval.APPROVED)
    (supplier,), (person,) = _rows(modern, "vendor"), _rows(modern, "contacts")
    (header,), (line,) = _rows(modern, "orders"), _rows(modern, "order_detail")
    assert supplier.keys() >= VENDOR
    assert "id" not in supplier
    assert (person["userid"], person["is_primary"], person["active"]) == (str(vendor), "1", "1")
    assert header.keys() >= ORDER
    assert line.keys() >= LINE
    shown = {name: header[name] for name in ("vendor", "approve_status", "currency", "total")}
    assert shown == {
        "vendor": str(vendor),
        "approve_status": "2",
        "currency": "0",
        "total": "1200.00",
    }
    assert (line["pur_order"], line["tax_name"], line["tax_rate"]) == (str(order), "VAT", "20.00")


def test_a_table_that_is_not_allowed_is_refused_as_the_release_does(modern: Perfex) -> None:
    answer = modern.call("GET", "thirdparty/customtable/tblpur_orders")
    assert answer.status_code == modern.simulator.site.version.table_denied
    assert answer.json()["status"] is False
