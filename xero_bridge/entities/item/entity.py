"""Items as data: policy, keys, and when two of them are the same."""

from __future__ import annotations

from collections.abc import Sequence

from xero_bridge.core.books import Books
from xero_bridge.core.entity import Agreement, Codec, Entity, Facet, Fit, Owner
from xero_bridge.core.record import Mirror, Record
from xero_bridge.core.vocabulary import Births, Direction, Kind, Side
from xero_bridge.entities.item import perfex, xero
from xero_bridge.entities.item.record import Item, item_of
from xero_bridge.entities.item.xero import NAME_LIMIT
from xero_bridge.entities.marks import item_mark
from xero_bridge.entities.text import fold

_BOTH = frozenset(Side)


def _keys(record: Record, _side: Side) -> Sequence[str]:
    item = item_of(record)
    code = (f"code:{item.code.casefold()}",) if item.code else ()
    return (*code, f"name:{fold(item.name)[:NAME_LIMIT]}")


def _fit(ours_seen: Mirror, theirs_seen: Mirror, books: Books) -> Fit:
    ours, theirs = item_of(ours_seen.record), item_of(theirs_seen.record)
    code = ours.code or item_mark(books.settings.site_tag, ours_seen.key.id)
    if code.casefold() == theirs.code.casefold():
        return Fit(agreement=Agreement.SAME, why="same code")
    if fold(ours.name)[:NAME_LIMIT] == fold(theirs.name)[:NAME_LIMIT]:
        return Fit(agreement=Agreement.MAYBE, why=f"same name, but the code {theirs.code}")
    return Fit(agreement=Agreement.NO)


ITEM = Entity(
    kind=Kind.ITEM,
    record=Item,
    singular="item",
    plural="items",
    facets={
        "name": Facet(get=lambda item: item.name, owner=Owner.BIRTH, written=_BOTH),
        "description": Facet(get=lambda item: item.description, owner=Owner.BIRTH, written=_BOTH),
        "price": Facet(
            get=lambda item: item.price, owner=Owner.BIRTH, sensitive=True, written=_BOTH
        ),
        "tax": Facet(get=lambda item: item.tax, sensitive=True, written=_BOTH),
        "account": Facet(
            get=lambda item: item.account,
            owner=Owner.XERO,
            held=frozenset({Side.XERO}),
            written=frozenset(),
        ),
    },
    perfex=Codec(
        path="items",
        wire=perfex.PerfexItemWire,
        decode=perfex.from_perfex,
        create=perfex.create,
        update=perfex.update,
        by_hand=perfex.by_hand,
        id_field="itemid",
    ),
    xero=Codec(
        path="Items",
        wire=xero.XeroItemWire,
        decode=xero.from_xero,
        create=xero.create,
        update=xero.update,
        id_field="ItemID",
        since=True,
        four_places=True,
        cadence="hourly",
        batch=50,
    ),
    direction=Direction.PERFEX_TO_XERO,
    births={Side.PERFEX: Births.CREATE, Side.XERO: Births.IGNORE},
    keys=_keys,
    fit=_fit,
    mark=lambda perfex_id, books: item_mark(books.settings.site_tag, perfex_id),
    shown_on_xero=xero.shown,
    shown_on_perfex=perfex.shown,
    pages={
        Side.XERO: "Inventory/",
    },
)
