"""The canonical purchase order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from xero_bridge.entities.document import Document

#: Xero's status of an order whose bill was made from it.
BILLED = "BILLED"


class PurchaseOrder(Document, frozen=True, kw_only=True):
    """An order in its own currency: a draft until it is approved, void once it is given up."""

    #: Id of the vendor on the record's side.
    vendor: str
    delivery: date | None = None
    #: Perfex: freight on top of the lines, without tax; it is part of `adjustment`.
    shipping: Decimal = Decimal()
    #: Perfex: a tax on the whole order, in money.
    order_tax: Decimal = Decimal()

    @property
    def party(self) -> str:
        return self.vendor

    @property
    def settled(self) -> bool:
        """Its bill is there: the order has done its work in Xero."""
        return self.side_status == BILLED

    @property
    def adjustment_text(self) -> str:
        if self.adjustment == self.shipping:
            return "Shipping"
        return "Shipping less discounts of lines" if self.shipping else "Discounts of lines"
