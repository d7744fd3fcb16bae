"""The canonical item."""

from __future__ import annotations

from decimal import Decimal

from xero_bridge.core.record import Record


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


def item_of(record: Record | None) -> Item:
    """The record as an item."""
    assert isinstance(record, Item)
    return record
