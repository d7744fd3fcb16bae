"""The canonical invoice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from xero_bridge.entities.document.record import ISSUED, Document


class Invoice(Document, frozen=True, kw_only=True):
    """A sales invoice in its own currency."""

    #: Id of the customer on the record's side.
    customer: str
    due: date | None
    reference: str = ""
    amount_due: Decimal | None = None
    #: Paid by payments, and by credits, prepayments and overpayments.
    paid: Decimal | None = None
    credited: Decimal | None = None
    #: Ids of its payments on the record's side.
    payments: tuple[str, ...] = ()
    #: Perfex: a template that makes further invoices; it is never written on Perfex.
    recurring: bool = False
    #: Perfex: lines with custom fields, or that the customer may choose: replacing loses those.
    bound_lines: bool = False
    url: str = ""

    @property
    def lasting(self) -> Invoice:
        return replace(
            self, amount_due=None, paid=None, credited=None, payments=(), side_status=self.status
        )

    @property
    def party(self) -> str:
        return self.customer

    @property
    def settled(self) -> bool:
        """Something has been paid or credited: most of it cannot be changed any more."""
        return bool(self.paid or self.credited) or self.side_status == "PAID"

    @property
    def open(self) -> bool:
        """Issued, and something is left to pay."""
        return self.status == ISSUED and (self.amount_due is None or self.amount_due != 0)
