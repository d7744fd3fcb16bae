"""Two plain kinds, in which only the engine can go wrong: cards (customers) and bills (invoices).

`ghost` is the identity of a document in the eyes of people. The bridge carries it along and never
looks at it: it survives renaming, so a duplicate cannot hide behind another number.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from xero_bridge.core.books import Books
from xero_bridge.core.entity import (
    Agreement,
    Codec,
    Decoded,
    Encoding,
    Entity,
    Facet,
    Fit,
    Owner,
    Payload,
)
from xero_bridge.core.record import Mirror, Money, Record
from xero_bridge.core.vocabulary import Births, Direction, Kind, Side


class Card(Record, frozen=True, kw_only=True):
    """A customer."""

    ghost: int
    name: str
    city: str = ""

    @property
    def label(self) -> str:
        return self.name


class Bill(Record, frozen=True, kw_only=True):
    """An invoice of a customer."""

    ghost: int
    number: str
    customer: str
    total: Decimal
    memo: str = ""
    void: bool = False

    @property
    def label(self) -> str:
        return self.number

    @property
    def money(self) -> Money:
        return Money(self.total, "EUR")

    @property
    def closed(self) -> bool:
        return self.void


def trimmed(record: Record) -> Record:
    """What this Xero does to what it is given: no blanks at the ends of a text."""
    match record:
        case Card():
            return Card(ghost=record.ghost, name=record.name.strip(), city=record.city.strip())
        case Bill():
            return Bill(
                ghost=record.ghost,
                number=record.number.strip(),
                customer=record.customer,
                total=record.total,
                memo=record.memo.strip(),
                void=record.void,
            )
        case _:
            return record


def _undecoded(_wire: object, _lookups: object) -> Decoded:
    raise AssertionError("the side in memory decodes by itself")


def _codec(**more: Any) -> Codec:
    return Codec(path="", wire=Record, decode=_undecoded, id_field="", **more)


def _chosen(encoding: Encoding, body: dict[str, Any]) -> dict[str, Any]:
    return {name: body[name] for name in encoding.facets or body}


# --- cards -----------------------------------------------------------------------------------------


def _card_mark(perfex_id: str, _books: Books) -> str:
    return f"PX-C-{perfex_id}"


def _card_body(record: Card) -> dict[str, Any]:
    return {"name": record.name, "city": record.city}


def _create_card(encoding: Encoding, books: Books) -> Payload:
    assert isinstance(encoding.source, Card)
    body = {**_card_body(encoding.source), "ghost": encoding.source.ghost}
    return Payload(body=body, mark=_card_mark(encoding.source_id, books))


def _update_card(encoding: Encoding, _books: Books) -> Payload:
    assert isinstance(encoding.source, Card)
    return Payload(body=_chosen(encoding, _card_body(encoding.source)))


def _fit_cards(perfex: Mirror, xero: Mirror, _books: Books) -> Fit:
    assert isinstance(perfex.record, Card)
    assert isinstance(xero.record, Card)
    same = perfex.record.name.strip() == xero.record.name
    return Fit(agreement=Agreement.SAME if same else Agreement.MAYBE, why="the same name")


def _shown_card(record: Record, _books: Books) -> dict[str, object]:
    shown = trimmed(record)
    assert isinstance(shown, Card)
    return _card_body(shown)


CARD = Entity(
    kind=Kind.CUSTOMER,
    record=Card,
    singular="card",
    plural="cards",
    facets={
        "name": Facet(get=lambda card: card.name, owner=Owner.BIRTH),
        "city": Facet(get=lambda card: card.city, owner=Owner.BIRTH),
    },
    perfex=_codec(),
    xero=_codec(since=True, paged=True, create=_create_card, update=_update_card, batch=2),
    direction=Direction.PERFEX_TO_XERO,
    births={Side.PERFEX: Births.CREATE, Side.XERO: Births.IGNORE},
    keys=lambda record, _side: [record.name.strip()] if isinstance(record, Card) else [],
    fit=_fit_cards,
    mark=_card_mark,
    shown_on_xero=_shown_card,
)


# --- bills -----------------------------------------------------------------------------------------


def _bill_mark(perfex_id: str, _books: Books) -> str:
    return f"https://crm.example/invoice/{perfex_id}"


def _bill_body(record: Bill) -> dict[str, Any]:
    return {"number": record.number, "total": str(record.total), "memo": record.memo}


def _create_bill(encoding: Encoding, books: Books) -> Payload:
    assert isinstance(encoding.source, Bill)
    customer = books.xero_id(Kind.CUSTOMER, encoding.source.customer)
    body = {
        **_bill_body(encoding.source),
        "ghost": encoding.source.ghost,
        "customer": customer,
    }
    return Payload(body=body, mark=_bill_mark(encoding.source_id, books))


def _update_bill(encoding: Encoding, _books: Books) -> Payload:
    assert isinstance(encoding.source, Bill)
    return Payload(body=_chosen(encoding, _bill_body(encoding.source)))


def _void_bill(_encoding: Encoding, _books: Books) -> Payload:
    return Payload(body={"void": True})


def _fit_bills(perfex: Mirror, xero: Mirror, books: Books) -> Fit:
    assert isinstance(perfex.record, Bill)
    assert isinstance(xero.record, Bill)
    customer = books.xero_id(Kind.CUSTOMER, perfex.record.customer)
    agrees = (perfex.record.number.strip(), perfex.record.total, customer) == (
        xero.record.number,
        xero.record.total,
        xero.record.customer,
    )
    return Fit(agreement=Agreement.SAME if agrees else Agreement.MAYBE, why="the same number")


def _shown_bill(record: Record, _books: Books) -> dict[str, object]:
    shown = trimmed(record)
    assert isinstance(shown, Bill)
    return {"number": shown.number, "total": shown.total, "memo": shown.memo}


BILL = Entity(
    kind=Kind.INVOICE,
    record=Bill,
    singular="bill",
    plural="bills",
    parents={"customer": Kind.CUSTOMER},
    facets={
        "number": Facet(get=lambda bill: bill.number, sensitive=True),
        "total": Facet(get=lambda bill: bill.total, sensitive=True),
        "memo": Facet(get=lambda bill: bill.memo, owner=Owner.BIRTH),
    },
    perfex=_codec(),
    xero=_codec(
        since=True, paged=True, create=_create_bill, update=_update_bill, void=_void_bill, batch=3
    ),
    direction=Direction.PERFEX_TO_XERO,
    births={Side.PERFEX: Births.CREATE, Side.XERO: Births.ASK},
    keys=lambda record, _side: [record.number.strip()] if isinstance(record, Bill) else [],
    fit=_fit_bills,
    mark=_bill_mark,
    doubt="number_taken",
    shown_on_xero=_shown_bill,
    locks_on=lambda _record: None,
)

PLAIN = {CARD.kind: CARD, BILL.kind: BILL}
