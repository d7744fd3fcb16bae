"""Items: the price list. Invoice lines are copies of its texts and never refer to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import msgspec

from xero_bridge.core.books import Books
from xero_bridge.core.entity import (
    Agreement,
    Codec,
    Decoded,
    Encoding,
    Entity,
    Facet,
    Fit,
    Json,
    Lookups,
    Owner,
    Payload,
)
from xero_bridge.core.errors import Held
from xero_bridge.core.money import decimals
from xero_bridge.core.record import Mirror, Record
from xero_bridge.core.vocabulary import Births, Direction, Kind, Side
from xero_bridge.entities.dates import xero_instant
from xero_bridge.entities.marks import item_mark, mark_in
from xero_bridge.entities.tax import named_tax, tax_key
from xero_bridge.entities.text import DESCRIPTION_LIMIT, clean, fold, squeeze, tidy
from xero_bridge.entities.wire import (
    ABSENT,
    Loose,
    as_decimal,
    as_id,
    as_text,
    xero_name,
)

_NAME_LIMIT = 50
_CODE_LIMIT = 30
_PLACES = 4
#: Labels of custom fields that people use for a stock-keeping unit.
_CODE_LABELS = frozenset({"sku", "sku code", "item code", "product code", "code"})


class Item(Record, frozen=True, kw_only=True):
    """Something sold: its price is in the base currency, before tax."""

    #: Xero's Code; on Perfex the SKU, empty where the site has none.
    code: str
    name: str
    description: str
    price: Decimal
    #: Perfex: the key of its taxes. Xero: the TaxType of its sales details.
    tax: str
    unit: str = ""
    #: Xero: the account of its sales.
    account: str = ""
    #: Xero keeps its stock: such an item is only read.
    tracked: bool = False

    @property
    def label(self) -> str:
        return self.name or self.code


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


class XeroSalesDetails(msgspec.Struct, frozen=True, rename=xero_name):
    """Price, account and tax of a sale."""

    unit_price: Decimal | None = None
    account_code: str | None = None
    tax_type: str | None = None


class XeroItemWire(msgspec.Struct, frozen=True, rename=xero_name):
    """An element of `Items`."""

    item_id: str
    code: str
    name: str | None = None
    description: str | None = None
    sales_details: XeroSalesDetails | None = None
    is_tracked_as_inventory: bool | None = None
    updated_date_utc: str | None = None


def _from_perfex(wire: PerfexItemWire, _lookups: Lookups) -> Decoded:
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


def _from_xero(wire: XeroItemWire, lookups: Lookups) -> Decoded:
    sales = wire.sales_details or XeroSalesDetails()
    record = Item(
        code=wire.code,
        name=squeeze(wire.name or ""),
        description=tidy(wire.description or ""),
        price=sales.unit_price or Decimal(),
        tax=sales.tax_type or "",
        account=sales.account_code or "",
        tracked=bool(wire.is_tracked_as_inventory),
    )
    stamp = wire.updated_date_utc
    return Decoded(
        id=wire.item_id,
        record=record,
        mark=mark_in(wire.code, lookups.tag, "I"),
        updated_at=xero_instant(stamp) if stamp else None,
    )


def _item(record: Record) -> Item:
    assert isinstance(record, Item)
    return record


def _create(encoding: Encoding, books: Books) -> Payload:
    """A new untracked item: its Code is the SKU, or our mark where it has none."""
    item = _item(encoding.source)
    mark = item_mark(books.settings.site_tag, encoding.source_id)
    code = item.code if 0 < len(item.code) <= _CODE_LIMIT else mark
    account = books.account(books.settings.sales_account, "sales account")
    sales = {**_price(item, books), "AccountCode": account.code, **_tax(item, books)}
    body = {"Code": code, **_name(item), **_description(item), "SalesDetails": sales}
    return Payload(body=body, declared=_declared(item), mark=mark if code == mark else "")


def _update(encoding: Encoding, books: Books) -> Payload:
    """The given facets; Xero wants the Code with every update. Raises Held for a tracked item.

    Sales details are sent whole, with the account and tax that Xero has now.
    """
    item, target = _item(encoding.source), _item(encoding.target or encoding.source)
    if target.tracked:
        raise Held("item_tracked", label=item.label, code=target.code)
    facets = encoding.facets
    body: Json = {"ItemID": encoding.target_id, "Code": target.code}
    if "name" in facets:
        body |= _name(item)
    if "description" in facets:
        body |= _description(item)
    if facets & {"price", "tax"}:
        price = _price(item, books) if "price" in facets else {"UnitPrice": target.price}
        tax = _tax(item, books) if "tax" in facets else {"TaxType": target.tax}
        sales = {**price, "AccountCode": target.account, **tax}
        body["SalesDetails"] = {member: value for member, value in sales.items() if value != ""}
    return Payload(body=body, declared=_declared(item))


def _name(item: Item) -> Json:
    if not item.name:
        raise Held("name_missing", label=item.label)
    return {"Name": item.name[:_NAME_LIMIT].rstrip()}


def _description(item: Item) -> Json:
    if len(item.description) > DESCRIPTION_LIMIT:
        raise Held("description_too_long", label=item.label, length=len(item.description))
    return {"Description": item.description or item.name[:DESCRIPTION_LIMIT]}


def _price(item: Item, books: Books) -> Json:
    """The price, which both sides keep in their base currency."""
    perfex, xero = books.site.base_currency, books.organisation.base_currency
    if perfex and perfex != xero:
        raise Held("base_currency_differs", label=item.label, perfex=perfex, xero=xero)
    if decimals(item.price) > _PLACES:
        details = {"figure": "price", "value": item.price, "places": _PLACES}
        raise Held("too_many_decimals", label=item.label, **details)
    return {"UnitPrice": item.price}


def _tax(item: Item, books: Books) -> Json:
    return {"TaxType": books.tax(item.tax).sales}


def _declared(item: Item) -> dict[str, tuple[str, str]]:
    short = item.name[:_NAME_LIMIT].rstrip()
    return {"name": (item.name, short)} if short != item.name else {}


def _shown(record: Record, books: Books) -> Mapping[str, object]:
    """The facets of a Perfex item as Xero would show them; raises Held as encoding does."""
    item = _item(record)
    return {
        "name": item.name[:_NAME_LIMIT].rstrip(),
        "description": item.description or item.name,
        "price": item.price,
        "tax": books.tax(item.tax).sales,
    }


def _keys(record: Record, _side: Side) -> Sequence[str]:
    item = _item(record)
    code = (f"code:{item.code.casefold()}",) if item.code else ()
    return (*code, f"name:{fold(item.name)[:_NAME_LIMIT]}")


def _fit(perfex: Mirror, xero: Mirror, books: Books) -> Fit:
    ours, theirs = _item(perfex.record), _item(xero.record)
    code = ours.code or item_mark(books.settings.site_tag, perfex.key.id)
    if code.casefold() == theirs.code.casefold():
        return Fit(agreement=Agreement.SAME, why="same code")
    if fold(ours.name)[:_NAME_LIMIT] == fold(theirs.name)[:_NAME_LIMIT]:
        return Fit(agreement=Agreement.MAYBE, why=f"same name, but the code {theirs.code}")
    return Fit(agreement=Agreement.NO)


ITEM = Entity(
    kind=Kind.ITEM,
    record=Item,
    singular="item",
    plural="items",
    facets={
        "name": Facet(get=lambda item: item.name, owner=Owner.BIRTH),
        "description": Facet(get=lambda item: item.description, owner=Owner.BIRTH),
        "price": Facet(get=lambda item: item.price, owner=Owner.BIRTH, sensitive=True),
        "tax": Facet(get=lambda item: item.tax, sensitive=True),
        "account": Facet(
            get=lambda item: item.account,
            owner=Owner.XERO,
            held=frozenset({Side.XERO}),
            written=frozenset(),
        ),
    },
    perfex=Codec(path="items", wire=PerfexItemWire, decode=_from_perfex, id_field="itemid"),
    xero=Codec(
        path="Items",
        wire=XeroItemWire,
        decode=_from_xero,
        create=_create,
        update=_update,
        id_field="ItemID",
        since=True,
        four_places=True,
        cadence="hourly",
        batch=50,
    ),
    direction=Direction.PERFEX_TO_XERO,
    directions=frozenset({Direction.OFF, Direction.PERFEX_TO_XERO}),
    births={Side.PERFEX: Births.CREATE, Side.XERO: Births.IGNORE},
    keys=_keys,
    fit=_fit,
    mark=lambda perfex_id, books: item_mark(books.settings.site_tag, perfex_id),
    shown_on_xero=_shown,
)
