"""An item of Xero, and how one of Perfex is written to it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from xero_bridge.core.books import Books
from xero_bridge.core.entity import Decoded, Encoding, Json, Lookups, Payload
from xero_bridge.core.errors import Held
from xero_bridge.core.money import decimals
from xero_bridge.core.record import Record
from xero_bridge.entities.dates import xero_instant
from xero_bridge.entities.item.record import Item, item_of
from xero_bridge.entities.marks import item_mark, mark_in
from xero_bridge.entities.text import DESCRIPTION_LIMIT, squeeze, tidy
from xero_bridge.entities.wire import xero_name

NAME_LIMIT = 50
_CODE_LIMIT = 30
_PLACES = 4


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


def from_xero(wire: XeroItemWire, lookups: Lookups) -> Decoded:
    """The canonical item of an element."""
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


def create(encoding: Encoding, books: Books) -> Payload:
    """A new untracked item: its Code is the SKU, or our mark where it has none."""
    item = item_of(encoding.source)
    mark = item_mark(books.settings.site_tag, encoding.source_id)
    code = item.code if 0 < len(item.code) <= _CODE_LIMIT else mark
    account = books.account(books.settings.sales_account, "sales account")
    sales = {**_price(item, books), "AccountCode": account.code, **_tax(item, books)}
    body = {"Code": code, **_name(item), **_description(item), "SalesDetails": sales}
    return Payload(body=body, declared=_declared(item), mark=mark if code == mark else "")


def update(encoding: Encoding, books: Books) -> Payload:
    """The given facets; Xero wants the Code with every update. Raises Held for a tracked item.

    Sales details are sent whole, with the account and tax that Xero has now.
    """
    item, target = item_of(encoding.source), item_of(encoding.target or encoding.source)
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
    return {"Name": item.name[:NAME_LIMIT].rstrip()}


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
    short = item.name[:NAME_LIMIT].rstrip()
    return {"name": (item.name, short)} if short != item.name else {}


def shown(record: Record, books: Books) -> Mapping[str, object]:
    """The facets of a Perfex item as Xero would show them; raises Held as encoding does."""
    item = item_of(record)
    return {
        "name": item.name[:NAME_LIMIT].rstrip(),
        "description": item.description or item.name,
        "price": item.price,
        "tax": books.tax(item.tax).sales,
    }
