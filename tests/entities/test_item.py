"""Items: read from both sides, written to Xero, never confused with somebody's own."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.entities import recorded
from tests.entities.ledger import Ledger, decoded, mirror
from tests.entities.recorded import raw
from xero_bridge.core.books import Site
from xero_bridge.core.entity import Agreement, Encoding, Payload
from xero_bridge.core.errors import Held
from xero_bridge.core.settings import Settings
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.entities.item import ITEM, Item
from xero_bridge.entities.text import squeeze


def perfex(**changes: Any) -> Item:
    record = decoded(Kind.ITEM, Side.PERFEX, raw(recorded.PERFEX_ITEM, **changes)).record
    assert isinstance(record, Item)
    return record


def xero(**changes: Any) -> Item:
    record = decoded(Kind.ITEM, Side.XERO, raw(recorded.XERO_ITEM, **changes)).record
    assert isinstance(record, Item)
    return record


def created(item: Item, books: Ledger | None = None) -> Payload:
    assert ITEM.xero is not None
    assert ITEM.xero.create is not None
    return ITEM.xero.create(Encoding(source=item, source_id="9"), books or Ledger())


def updated(item: Item, target: Item, *facets: str) -> Payload:
    assert ITEM.xero is not None
    assert ITEM.xero.update is not None
    encoding = Encoding(
        source=item, source_id="9", target=target, target_id="i-1", facets=frozenset(facets)
    )
    return ITEM.xero.update(encoding, Ledger())


def test_an_item_is_read_with_the_key_of_its_taxes() -> None:
    found = decoded(Kind.ITEM, Side.PERFEX, raw(recorded.PERFEX_ITEM))
    assert found.id == "9"
    assert found.record == Item(
        code="",
        name="Consulting hour",
        description="",
        price=Decimal(150),
        tax="VAT|20.00",
        unit="h",
    )
    two = perfex(taxname_2="ECO", taxrate_2="2.50")
    assert two.tax == "ECO|2.50+VAT|20.00"
    assert perfex(taxname=None, taxrate=None).tax == "none"


@pytest.mark.parametrize(
    "changes",
    [
        {"sku_code": "SKU-1"},
        {"commodity_code": "SKU-1"},
        {"customfields": [{"label": "Colour", "value": "red"}, {"label": "SKU", "value": "SKU-1"}]},
        {"sku_code": "", "customfields": [{"label": "item code", "value": " SKU-1 "}]},
    ],
)
def test_a_stock_keeping_unit_is_found_in_columns_and_custom_fields(changes: Any) -> None:
    assert perfex(**changes).code == "SKU-1"


def test_a_xero_item_is_read_with_our_mark_and_its_coding() -> None:
    found = decoded(Kind.ITEM, Side.XERO, raw(recorded.XERO_ITEM))
    assert found.mark == "PX-I-77"
    assert found.updated_at is not None
    assert isinstance(found.record, Item)
    assert (found.record.price, found.record.account) == (Decimal("95.5"), "200")
    assert xero(SalesDetails={}).price == 0
    assert xero(IsTrackedAsInventory=True).tracked


def test_a_new_item_bears_our_mark_where_it_has_no_unit_of_its_own() -> None:
    payload = created(perfex())
    assert payload.mark == "PX-I-9"
    assert payload.body == {
        "Code": "PX-I-9",
        "Name": "Consulting hour",
        "Description": "Consulting hour",
        "SalesDetails": {
            "UnitPrice": Decimal(150),
            "AccountCode": "200",
            "TaxType": "OUTPUT2",
        },
    }


def test_a_unit_of_its_own_is_the_code_unless_xero_cannot_hold_it() -> None:
    assert created(perfex(sku_code="SKU-1")).body["Code"] == "SKU-1"
    assert created(perfex(sku_code="SKU-1")).mark == ""
    assert created(perfex(sku_code="S" * 31)).body["Code"] == "PX-I-9"


def test_a_long_name_is_cut_declared_and_kept_whole_in_the_description() -> None:
    name = "A very long name of an item that Xero cuts after fifty"
    payload = created(perfex(description=name))
    assert len(payload.body["Name"]) <= 50
    assert payload.body["Description"] == name
    assert payload.declared["name"] == (name, payload.body["Name"])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"long_description": "x" * 4001}, "description_too_long"),
        ({"rate": "1.00001"}, "too_many_decimals"),
        ({"taxname": "GST", "taxrate": "9.00"}, "tax_unmapped"),
        ({"description": ""}, "name_missing"),
    ],
)
def test_what_xero_cannot_hold_waits_for_a_person(changes: Any, reason: str) -> None:
    with pytest.raises(Held) as held:
        created(perfex(**changes))
    assert held.value.reason == reason
    assert str(held.value)


def test_without_a_sales_account_nothing_is_written() -> None:
    with pytest.raises(Held) as held:
        created(perfex(), Ledger(settings=Settings()))
    assert held.value.reason == "account_not_chosen"


def test_prices_are_not_carried_into_another_base_currency() -> None:
    books = Ledger(site=Site(url="https://x.test", version="3.0.3", base_currency="EUR"))
    with pytest.raises(Held) as held:
        created(perfex(), books)
    assert held.value.reason == "base_currency_differs"


def test_an_update_of_the_price_keeps_the_bookkeeper_s_account_and_tax() -> None:
    target = xero(SalesDetails={"UnitPrice": 95.5, "AccountCode": "210", "TaxType": "RROUTPUT"})
    payload = updated(perfex(), target, "price")
    assert payload.body == {
        "ItemID": "i-1",
        "Code": "PX-I-77",
        "SalesDetails": {
            "UnitPrice": Decimal(150),
            "AccountCode": "210",
            "TaxType": "RROUTPUT",
        },
    }
    assert updated(perfex(), target, "tax").body["SalesDetails"]["UnitPrice"] == Decimal("95.5")
    bare = updated(perfex(), xero(SalesDetails={}), "price").body["SalesDetails"]
    assert bare == {"UnitPrice": Decimal(150)}
    assert "SalesDetails" not in updated(perfex(), target, "name", "description").body


def test_a_tracked_item_is_only_read() -> None:
    with pytest.raises(Held) as held:
        updated(perfex(), xero(IsTrackedAsInventory=True), "price")
    assert held.value.reason == "item_tracked"


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ({"sku_code": "px-i-77"}, {}, Agreement.SAME),
        ({}, {"Code": "PX-I-1"}, Agreement.SAME),
        ({"description": "SITE visit"}, {}, Agreement.MAYBE),
        ({}, {}, Agreement.NO),
    ],
)
def test_items_are_the_same_by_code_and_questionable_by_name(
    ours: Any, theirs: Any, expected: Agreement
) -> None:
    assert ITEM.fit is not None
    pair = (
        mirror(Kind.ITEM, Side.PERFEX, perfex(**ours)),
        mirror(Kind.ITEM, Side.XERO, xero(**theirs)),
    )
    assert ITEM.fit(*pair, Ledger()).agreement is expected


ITEMS = st.builds(
    Item,
    code=st.text(alphabet="AB-1", max_size=35),
    name=st.text(max_size=80).map(squeeze).filter(bool),
    description=st.text(alphabet="ab\n &é", max_size=40).map(str.strip),
    price=st.decimals(min_value=0, max_value=10_000, places=4),
    tax=st.sampled_from(["none", "VAT|20.00", "ECO|2.50+VAT|20.00"]),
)


@given(ITEMS)
def test_a_written_item_shows_what_was_foretold(item: Item) -> None:
    assert ITEM.shown_on_xero is not None
    body = created(item).body
    sales = {**body["SalesDetails"], "UnitPrice": str(body["SalesDetails"]["UnitPrice"])}
    answer = json.dumps({**body, "SalesDetails": sales, "ItemID": "i-1"}).encode()
    stored = decoded(Kind.ITEM, Side.XERO, answer).record
    shown = ITEM.facets_of(stored, Side.XERO)
    shown.pop("account")
    assert shown == ITEM.shown_on_xero(item, Ledger())


@given(ITEMS)
def test_an_item_read_back_is_encoded_to_the_same(item: Item) -> None:
    body = created(item).body
    again = replace(item, name=body["Name"], description=body["Description"])
    assert created(again).body == body
