"""decode(encode(x)) keeps all that a side can hold: for every kind, in every direction written."""

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.entities import recorded
from tests.entities.kept import KEPT, TEXTS, books
from tests.entities.ledger import decoded
from tests.entities.recorded import raw
from tests.support.profiles import thorough
from xero_bridge.core.entity import Encoding, Payload
from xero_bridge.core.errors import Held
from xero_bridge.core.record import Record
from xero_bridge.core.vocabulary import REFERENCE_KINDS, Kind, Side
from xero_bridge.entities import ENTITIES, decode_record, encode_record

WRITTEN = [
    (kind, side)
    for kind, entity in ENTITIES.items()
    for side in Side
    if kind not in REFERENCE_KINDS
    and (target := entity.codec(side.other)) is not None
    and target.create is not None
]
IDS = {Kind.INVOICE: "512", Kind.CUSTOMER: "41"}


def encoded(kind: Kind, born_on: Side, record: Record) -> Payload | None:
    """The payload that creates it on the other side; None where a person is asked first."""
    codec = ENTITIES[kind].codec(born_on.other)
    assert codec is not None
    assert codec.create is not None
    try:
        return codec.create(Encoding(source=record, source_id=IDS.get(kind, "9")), books())
    except Held:
        return None


def test_every_kind_that_is_written_is_drawn_here() -> None:
    missing = sorted(f"{kind} from {side}" for kind, side in set(WRITTEN) - set(KEPT))
    assert missing == [], f"say in tests/entities/kept.py how {missing} is drawn and shown"


@pytest.mark.parametrize(("kind", "side"), [one for one in WRITTEN if one in KEPT])
@settings(max_examples=max(200, settings().max_examples))
@given(data=st.data())
def test_what_was_written_is_read_back_whole(kind: Kind, side: Side, data: st.DataObject) -> None:
    entity, kept = ENTITIES[kind], KEPT[kind, side]
    record = data.draw(kept.records)
    payload = encoded(kind, side, record)
    if payload is None:
        return
    shown = entity.facets_of(kept.shows(payload), side.other)
    wanted = kept.keeps(record) if kept.keeps else entity.shown_on(side.other, record, books())
    assert wanted
    assert {name: shown[name] for name in wanted} == dict(wanted)
    stored = decode_record(kind, encode_record(record))
    assert entity.facets_of(stored, side) == entity.facets_of(record, side)


def legible(typed: str, *, without: str = "") -> str:
    """What the eye sees of a text in Perfex's database, without blanks: judged by itself."""
    plain = html.unescape(re.sub(r"<br ?/?>", " ", typed, flags=re.IGNORECASE))
    return "".join(c for c in plain if c.isprintable() and not c.isspace() and c not in without)


@thorough()
@given(name=TEXTS, more=TEXTS)
def test_all_that_a_person_can_read_of_an_item_arrives(name: str, more: str) -> None:
    answer = raw(recorded.PERFEX_ITEM, description=f"N{name}", long_description=f"M{more}")
    payload = encoded(Kind.ITEM, Side.PERFEX, decoded(Kind.ITEM, Side.PERFEX, answer).record)
    assert payload is not None
    assert legible(f"M{more}") == legible(html.escape(payload.body["Description"]))
    arrived = legible(html.escape(payload.body["Name"]))
    assert legible(f"N{name}").startswith(arrived)
    assert len(payload.body["Name"]) > 40 or arrived == legible(f"N{name}")


@thorough()
@given(name=TEXTS)
def test_all_that_xero_takes_of_a_customers_name_arrives(name: str) -> None:
    answer = {**recorded.PERFEX_CUSTOMER, "customer": {"userid": "41", "company": f"N{name}"}}
    payload = encoded(
        Kind.CUSTOMER, Side.PERFEX, decoded(Kind.CUSTOMER, Side.PERFEX, raw(answer)).record
    )
    assert payload is not None
    arrived = legible(html.escape(payload.body["Name"]))
    assert legible(f"N{name}", without="<>").startswith(arrived)
    assert len(payload.body["Name"]) > 200 or arrived == legible(f"N{name}", without="<>")
