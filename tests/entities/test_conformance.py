"""What every kind keeps to, on both sides."""

import copy
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.entities import recorded
from tests.entities.ledger import decoded
from tests.entities.recorded_credit import PERFEX_CREDIT_NOTE, XERO_CREDIT_NOTE
from tests.entities.recorded_expense import PERFEX_CATEGORY, PERFEX_EXPENSE, XERO_SPENT
from xero_bridge.core.entity import Decoded, shown
from xero_bridge.core.vocabulary import Direction, Kind, Side
from xero_bridge.entities import ENTITIES, decode_record, encode_record
from xero_bridge.entities.wire import WireError

RECORDED: dict[tuple[Kind, Side], recorded.Json] = {
    (Kind.CURRENCY, Side.PERFEX): recorded.PERFEX_CURRENCY,
    (Kind.CURRENCY, Side.XERO): recorded.XERO_CURRENCY,
    (Kind.ACCOUNT, Side.XERO): recorded.XERO_ACCOUNT,
    (Kind.TAX, Side.PERFEX): recorded.PERFEX_TAX,
    (Kind.TAX, Side.XERO): recorded.XERO_TAX,
    (Kind.PAYMENT_MODE, Side.PERFEX): recorded.PERFEX_MODE,
    (Kind.EXPENSE_CATEGORY, Side.PERFEX): PERFEX_CATEGORY,
    (Kind.CUSTOMER, Side.PERFEX): recorded.PERFEX_CUSTOMER,
    (Kind.CUSTOMER, Side.XERO): recorded.XERO_CONTACT,
    (Kind.VENDOR, Side.PERFEX): recorded.PERFEX_VENDOR,
    (Kind.VENDOR, Side.XERO): recorded.XERO_CONTACT,
    (Kind.PURCHASE_ORDER, Side.PERFEX): recorded.PERFEX_ORDER,
    (Kind.PURCHASE_ORDER, Side.XERO): recorded.XERO_ORDER,
    (Kind.ITEM, Side.PERFEX): recorded.PERFEX_ITEM,
    (Kind.ITEM, Side.XERO): recorded.XERO_ITEM,
    (Kind.INVOICE, Side.PERFEX): recorded.PERFEX_INVOICE,
    (Kind.INVOICE, Side.XERO): recorded.XERO_INVOICE,
    (Kind.CREDIT_NOTE, Side.PERFEX): PERFEX_CREDIT_NOTE,
    (Kind.CREDIT_NOTE, Side.XERO): XERO_CREDIT_NOTE,
    (Kind.PAYMENT, Side.PERFEX): recorded.PERFEX_PAYMENT,
    (Kind.PAYMENT, Side.XERO): recorded.XERO_PAYMENT,
    (Kind.EXPENSE, Side.PERFEX): PERFEX_EXPENSE,
    (Kind.EXPENSE, Side.XERO): XERO_SPENT,
}
CASES = [
    pytest.param(kind, side, answer, id=f"{kind}-{side}")
    for (kind, side), answer in RECORDED.items()
]
REQUIRED = {
    (Kind.CURRENCY, Side.PERFEX): "name",
    (Kind.CURRENCY, Side.XERO): "Code",
    (Kind.ACCOUNT, Side.XERO): "AccountID",
    (Kind.TAX, Side.PERFEX): "taxrate",
    (Kind.TAX, Side.XERO): "TaxType",
    (Kind.PAYMENT_MODE, Side.PERFEX): "id",
    (Kind.EXPENSE_CATEGORY, Side.PERFEX): "name",
    (Kind.CUSTOMER, Side.PERFEX): "customer",
    (Kind.CUSTOMER, Side.XERO): "ContactID",
    (Kind.VENDOR, Side.PERFEX): "userid",
    (Kind.VENDOR, Side.XERO): "ContactID",
    (Kind.PURCHASE_ORDER, Side.PERFEX): "pur_order_number",
    (Kind.PURCHASE_ORDER, Side.XERO): "Total",
    (Kind.ITEM, Side.PERFEX): "rate",
    (Kind.ITEM, Side.XERO): "ItemID",
    (Kind.INVOICE, Side.PERFEX): "total",
    (Kind.INVOICE, Side.XERO): "Total",
    (Kind.CREDIT_NOTE, Side.PERFEX): "total",
    (Kind.CREDIT_NOTE, Side.XERO): "CreditNoteID",
    (Kind.PAYMENT, Side.PERFEX): "paymentid",
    (Kind.PAYMENT, Side.XERO): "Amount",
    (Kind.EXPENSE, Side.PERFEX): "amount",
    (Kind.EXPENSE, Side.XERO): "Total",
}


def test_every_codec_has_a_recorded_answer() -> None:
    codecs = {(kind, side) for kind, of in ENTITIES.items() for side in Side if of.codec(side)}
    assert codecs == set(RECORDED)


def test_every_kind_comes_after_the_kinds_that_it_refers_to() -> None:
    order = list(ENTITIES)
    for kind, entity in ENTITIES.items():
        assert all(order.index(parent) < order.index(kind) for parent in entity.parents.values())
    assert order.index(Kind.ACCOUNT) < order.index(Kind.PAYMENT_MODE)


@pytest.mark.parametrize(("kind", "side", "answer"), CASES)
def test_members_that_nobody_knows_are_ignored(kind: Kind, side: Side, answer: Any) -> None:
    more = json.dumps({**answer, "NewIn2027": {"deep": [1, None]}}).encode()
    assert decoded(kind, side, more) == decoded(kind, side, recorded.raw(answer))


@pytest.mark.parametrize(("kind", "side", "answer"), CASES)
def test_a_missing_member_that_is_needed_is_named(kind: Kind, side: Side, answer: Any) -> None:
    needed = REQUIRED[kind, side]
    with pytest.raises(WireError, match=needed):
        decoded(kind, side, recorded.without(answer, needed))


@pytest.mark.parametrize(("kind", "side", "answer"), CASES)
def test_a_body_that_is_no_record_is_an_error_in_words(kind: Kind, side: Side, answer: Any) -> None:
    for body in (b"<html>", b"[]", b'"text"', b""):
        with pytest.raises(WireError, match="cannot be read"):
            decoded(kind, side, body)


@pytest.mark.parametrize(("kind", "side", "answer"), CASES)
def test_a_record_survives_the_store_unchanged(kind: Kind, side: Side, answer: Any) -> None:
    record = decoded(kind, side, recorded.raw(answer)).record
    stored = encode_record(record)
    assert decode_record(kind, stored) == record
    assert encode_record(decode_record(kind, stored)) == stored


@pytest.mark.parametrize(("kind", "side", "answer"), CASES)
def test_facets_can_be_compared_and_read(kind: Kind, side: Side, answer: Any) -> None:
    first = decoded(kind, side, recorded.raw(answer)).record
    again = decode_record(kind, encode_record(first))
    facets = ENTITIES[kind].facets_of(first, side)
    assert facets == ENTITIES[kind].facets_of(again, side)
    assert all(isinstance(shown(value), str) for value in facets.values())
    assert not any("object at" in shown(v) or "Decimal(" in shown(v) for v in facets.values())


@pytest.mark.parametrize(("kind", "side", "answer"), CASES)
def test_a_record_says_what_a_person_calls_it(kind: Kind, side: Side, answer: Any) -> None:
    decoded_record = decoded(kind, side, recorded.raw(answer))
    assert decoded_record.id
    assert decoded_record.record.label


@pytest.mark.parametrize("kind", list(ENTITIES))
def test_a_record_shares_a_key_with_itself_on_the_other_side(kind: Kind) -> None:
    entity = ENTITIES[kind]
    for side in Side:
        if (kind, side) not in RECORDED:
            continue
        record = decoded(kind, side, recorded.raw(RECORDED[kind, side])).record
        ours, theirs = entity.keys(record, Side.PERFEX), entity.keys(record, Side.XERO)
        assert set(ours) & set(theirs)


@pytest.mark.parametrize("kind", list(ENTITIES))
def test_a_side_is_written_only_where_an_encoder_exists(kind: Kind) -> None:
    entity = ENTITIES[kind]
    updatable = {side for side in Side if (codec := entity.codec(side)) and codec.update}
    for facet in entity.facets.values():
        if entity.perfex and entity.xero:
            assert facet.written <= updatable
        # What a side takes without showing it stands on the other side.
        assert facet.written - facet.held <= {side.other for side in facet.held}


@pytest.mark.parametrize("kind", list(ENTITIES))
def test_the_default_direction_is_one_of_the_allowed(kind: Kind) -> None:
    entity = ENTITIES[kind]
    assert entity.direction in entity.directions
    assert Direction.OFF in entity.directions


@pytest.mark.parametrize(("kind", "side", "answer"), CASES)
def test_money_keeps_every_digit_of_the_wire(kind: Kind, side: Side, answer: Any) -> None:
    text = recorded.raw(answer).decode()
    for written, exact in (
        ("95.5", "95.50010000000000000001"),
        ("179.97", "179.970000000000000000001"),
    ):
        text = text.replace(written, exact)
    stored = encode_record(decoded(kind, side, text.encode()).record)
    if kind is Kind.ITEM and side is Side.XERO:
        assert b"95.50010000000000000001" in stored
    if kind is Kind.INVOICE and side is Side.XERO:
        assert b"179.970000000000000000001" in stored


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)


@pytest.mark.parametrize(("kind", "side", "answer"), CASES)
@given(data=st.data())
def test_whatever_stands_in_a_member_is_read_or_refused_in_words(
    kind: Kind, side: Side, answer: Any, data: st.DataObject
) -> None:
    changed = copy.deepcopy(answer)
    place = changed
    while True:
        member = data.draw(
            st.sampled_from(list(place) if isinstance(place, dict) else range(len(place)))
        )
        inner = place[member]
        if not (isinstance(inner, dict | list) and inner and data.draw(st.booleans())):
            break
        place = inner
    place[member] = data.draw(VALUES)
    found = attempted(kind, side, json.dumps(changed).encode())
    if isinstance(found, WireError):
        assert "cannot be read" in str(found)
    else:
        assert decode_record(kind, encode_record(found.record)) == found.record


def attempted(kind: Kind, side: Side, body: bytes) -> Decoded | WireError:
    try:
        return decoded(kind, side, body)
    except WireError as error:
        return error


def test_stored_bytes_of_another_kind_are_refused() -> None:
    record = decoded(Kind.TAX, Side.PERFEX, recorded.raw(recorded.PERFEX_TAX)).record
    with pytest.raises(msgspec.ValidationError):
        decode_record(Kind.INVOICE, encode_record(record))
