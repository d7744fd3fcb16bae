"""Orders read from the Purchase module's tables, and their money in Xero."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from tests.entities import recorded
from tests.entities.ledger import decoded
from tests.entities.orders import answered, books, created, drawn, priced
from tests.entities.recorded import raw
from xero_bridge.core.errors import Held
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.entities.purchase_order import PURCHASE_ORDER, PurchaseOrder
from xero_bridge.entities.wire import WireError

VAT = {"tax_name": "VAT", "tax_rate": "20.00", "tax": "1"}


def read(**changes: Any) -> PurchaseOrder:
    answer = raw(recorded.PERFEX_ORDER, **changes)
    found = decoded(Kind.PURCHASE_ORDER, Side.PERFEX, answer).record
    assert isinstance(found, PurchaseOrder)
    return found


def line(**changes: Any) -> dict[str, Any]:
    return {**recorded.PERFEX_ORDER["lines"][0], **changes}


def test_an_order_is_read_from_its_row_and_those_of_its_lines() -> None:
    order = read()
    assert (order.number, order.vendor, order.currency) == ("#PO-00012-2025", "5", "GBP")
    assert (str(order.issued), str(order.delivery)) == ("2025-11-01", "2025-11-15")
    assert (order.status, order.total, order.total_tax) == ("issued", Decimal(1200), Decimal(200))
    assert [(one.text, one.quantity, one.price, one.tax) for one in order.lines] == [
        ("Chair", Decimal("10.00"), Decimal("100.00"), "VAT|20.00")
    ]


@pytest.mark.parametrize(
    ("approval", "status"), [("1", "draft"), ("2", "issued"), ("3", "void"), ("4", "void")]
)
def test_the_approval_says_whether_an_order_counts(approval: str, status: str) -> None:
    assert read(approve_status=approval).status == status


def test_an_approval_that_nobody_knows_is_refused_in_words() -> None:
    with pytest.raises(WireError, match="unknown approve_status '9'"):
        read(approve_status="9")


def test_several_taxes_stand_between_bars() -> None:
    both = line(tax="1|3", tax_name="VAT|ECO", tax_rate="20.00|2.50")
    assert read(lines=[both]).lines[0].tax == "ECO|2.50+VAT|20.00"


@pytest.mark.parametrize(
    "shown",
    [
        {"tax": "1", "tax_name": "", "tax_rate": ""},
        {"tax": "1|3", "tax_name": "VAT|ECO", "tax_rate": "20.00"},
        {"tax": "1", "tax_name": "A|B", "tax_rate": "20.00"},
    ],
)
def test_taxes_that_cannot_be_told_apart_are_never_guessed(shown: dict[str, str]) -> None:
    order = read(lines=[line(**shown)])
    assert order.lines[0].tax == "?"
    with pytest.raises(Held, match=r"does not show line taxes|line taxes"):
        created(order)


def test_the_base_currency_is_0_and_others_have_their_id() -> None:
    assert (read(currency="0").currency, read(currency="3").currency) == ("GBP", "EUR")


def test_a_stamp_that_every_edit_overwrites_is_no_creation_stamp() -> None:
    assert decoded(Kind.PURCHASE_ORDER, Side.PERFEX, raw(recorded.PERFEX_ORDER)).stamp == ""


def test_a_discount_without_a_type_comes_off_before_tax() -> None:
    assert read(discount_percent="5.00", discount_type=None).discount_type == "before_tax"
    assert read(discount_type="after_tax").discount_type == ""


def test_a_discount_in_money_becomes_lines_that_lower_the_tax_too() -> None:
    lines = [{"quantity": "1.00", "unit_price": "100.00", **VAT}]
    order = priced(lines)
    off = {"discount_total": "10.00", "total_tax": "18.00", "total": "108.00"}
    stored = [line(quantity="1.00", unit_price="100.00")]
    order = read(**off, subtotal="100.00", lines=stored)
    payload = created(order)
    assert [one.get("DiscountAmount") for one in payload.body["LineItems"]] == [None, None]
    assert answered(payload).total == order.total


def test_a_tax_on_the_whole_order_and_a_missing_vendor_are_held() -> None:
    for changes, reason in (
        ({"tax_order_amount": "3.00"}, "order_tax"),
        ({"vendor": "0"}, "vendor_missing"),
        ({"order_date": "0000-00-00"}, "date_missing"),
        ({"pur_order_number": ""}, "number_missing"),
        ({"total": "1201.50"}, "stored_total_differs"),
    ):
        with pytest.raises(Held) as held:
            created(read(**changes))
        assert held.value.reason == reason
        assert "…" not in str(held.value)


def test_thousands_of_orders_come_to_the_modules_total_or_are_held_with_a_reason() -> None:
    held: Counter[str] = Counter()
    for seed in range(3000):
        order = drawn(seed)
        try:
            payload = created(order)
        except Held as error:
            held[error.reason] += 1
            continue
        xero = answered(payload)
        assert payload.expects is not None
        assert (xero.total, xero.total_tax) == (payload.expects.total, payload.expects.tax), seed
        assert xero.total == order.total, seed
        shown = PURCHASE_ORDER.facets_of(xero, Side.XERO)
        assert PURCHASE_ORDER.shown_on_xero is not None
        wanted = PURCHASE_ORDER.shown_on_xero(order, books())
        assert {name: shown[name] for name in wanted} == wanted, seed
    print(f"held: {dict(held)}")
    assert held.total() == 0
