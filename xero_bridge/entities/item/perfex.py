"""A row of Perfex's price list, and how an item of Xero is written to one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

import msgspec

from xero_bridge.core.books import Books
from xero_bridge.core.entity import Decoded, Encoding, Json, Lookups, Payload
from xero_bridge.core.errors import ByHand, Held
from xero_bridge.core.money import format_cents, to_cents
from xero_bridge.core.record import Record
from xero_bridge.entities.item.record import Item, item_of
from xero_bridge.entities.tax import named_tax, tax_key, taxes_of
from xero_bridge.entities.text import clean, fold, perfex_lines, perfex_text, squeeze
from xero_bridge.entities.wire import ABSENT, Loose, as_decimal, as_id, as_text

#: Capability of a module that writes items; older ones only read them.
ITEM_WRITES = "item_writes"
#: Perfex's columns are texts without a limit of their own.
_LONGEST = 4000
_MOST_TAXES = 2
#: Labels of custom fields that people use for a stock-keeping unit.
_CODE_LABELS = frozenset({"sku", "sku code", "item code", "product code", "code"})


class PerfexCustomField(msgspec.Struct, frozen=True):
    """A custom field as Perfex shows it: by its label."""

    label: Loose = ABSENT
    value: Loose = ABSENT


class PerfexItemWire(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `items`."""

    description: Loose
    rate: Loose
    itemid: Loose = ABSENT
    id: Loose = ABSENT
    long_description: Loose = ABSENT
    unit: Loose = ABSENT
    taxname: Loose = ABSENT
    taxrate: Loose = ABSENT
    taxname_2: Loose = ABSENT
    taxrate_2: Loose = ABSENT
    sku_code: Loose = ABSENT
    commodity_code: Loose = ABSENT
    customfields: list[PerfexCustomField] | None = None


def from_perfex(wire: PerfexItemWire, _lookups: Lookups) -> Decoded:
    """The canonical item of a row."""
    name, more = squeeze(clean(as_text(wire.description))), clean(as_text(wire.long_description))
    record = Item(
        code=_sku(wire),
        name=name,
        description=more,
        price=as_decimal(wire.rate, "rate"),
        tax=tax_key(_taxes(wire)),
        unit=squeeze(clean(as_text(wire.unit))),
    )
    item_id = as_text(wire.itemid) or as_id(wire.id, "itemid")
    return Decoded(id=item_id, record=record)


def _taxes(wire: PerfexItemWire) -> Iterator[tuple[str, Decimal]]:
    pairs = ((wire.taxname, wire.taxrate), (wire.taxname_2, wire.taxrate_2))
    for name, rate in pairs:
        if as_text(name):
            yield named_tax(as_text(name), as_text(rate))


def _sku(wire: PerfexItemWire) -> str:
    fields = wire.customfields or ()
    labelled = (f.value for f in fields if fold(as_text(f.label)) in _CODE_LABELS)
    columns = (wire.sku_code, wire.commodity_code, *labelled)
    return next((code for code in (squeeze(clean(as_text(c))) for c in columns) if code), "")


def create(encoding: Encoding, books: Books) -> Payload:
    """A new item; raises ByHand where the module only reads items."""
    item = item_of(encoding.source)
    if ITEM_WRITES not in books.site.capabilities:
        raise ByHand("enter_in_perfex", label=item.label)
    return _payload(item, books, frozenset(_COLUMNS))


def update(encoding: Encoding, books: Books) -> Payload:
    """The columns of these facets: the module changes only what it is sent."""
    return _payload(item_of(encoding.source), books, encoding.facets)


def by_hand(encoding: Encoding, books: Books) -> frozenset[str]:
    """Everything, where the module only reads items."""
    return frozenset() if ITEM_WRITES in books.site.capabilities else encoding.facets


def shown(record: Record, books: Books) -> Mapping[str, object]:
    """The facets of a Xero item as Perfex would show them; raises Held as encoding does."""
    item = item_of(record)
    return {
        "name": _name(item),
        "description": perfex_lines(item.description, _LONGEST),
        "price": to_cents(item.price),
        "tax": _tax_key(item, books),
    }


def _payload(item: Item, books: Books, facets: frozenset[str]) -> Payload:
    body: Json = {}
    for facet, columns in _COLUMNS.items():
        if facet in facets:
            body |= columns(item, books)
    price = to_cents(item.price)
    differs = "price" in facets and price != item.price
    declared = {"price": (f"{price:f}", f"{item.price:f}")} if differs else {}
    return Payload(body=body, declared=declared)


def _name(item: Item) -> str:
    return perfex_text(item.name, _LONGEST) or item.code


def _price(item: Item, books: Books) -> Json:
    """The price, which both sides keep in their base currency; Perfex has two decimals."""
    perfex, xero = books.site.base_currency, books.organisation.base_currency
    if perfex and perfex != xero:
        raise Held("base_currency_differs", label=item.label, perfex=perfex, xero=xero)
    return {"rate": format_cents(to_cents(item.price))}


def _tax_key(item: Item, books: Books) -> str:
    """An item of Xero without a TaxType takes that of its account: Perfex knows none."""
    return books.perfex_tax(item.tax) if item.tax else tax_key(())


def _taxes_of(item: Item, books: Books) -> Json:
    """The keys of its taxes; the client sends their ids."""
    keys = [tax_key([(tax.name, tax.rate)]) for tax in taxes_of(_tax_key(item, books))]
    if len(keys) > _MOST_TAXES:
        raise Held("too_many_taxes", label=item.label, count=len(keys))
    return {"tax": keys[0] if keys else "", "tax2": keys[1] if len(keys) > 1 else ""}


_COLUMNS: dict[str, Callable[[Item, Books], Json]] = {
    "name": lambda item, _: {"description": _name(item)},
    "description": lambda item, _: {"long_description": perfex_lines(item.description, _LONGEST)},
    "price": _price,
    "tax": _taxes_of,
}
