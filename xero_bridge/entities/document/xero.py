"""The parts of Xero documents on the wire. Pages of a thousand are decoded: mind each line."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from xero_bridge.entities.document.record import DRAFT, ISSUED, VOID, Line, Tracking
from xero_bridge.entities.text import tidy
from xero_bridge.entities.wire import xero_name

STATUSES = {
    "DRAFT": DRAFT,
    "SUBMITTED": DRAFT,
    "AUTHORISED": ISSUED,
    "PAID": ISSUED,
    "VOIDED": VOID,
    "DELETED": VOID,
}
_ZERO = Decimal()


class XeroTrackingWire(msgspec.Struct, frozen=True, gc=False, rename=xero_name):
    """A tracking category of a line."""

    name: str | None = None
    option: str | None = None
    tracking_category_id: str | None = None
    tracking_option_id: str | None = None


class XeroLineWire(msgspec.Struct, frozen=True, gc=False, rename=xero_name):
    """A line; one of text alone has neither quantity nor amounts."""

    description: str | None = None
    quantity: Decimal | None = None
    unit_amount: Decimal | None = None
    tax_type: str | None = None
    line_amount: Decimal | None = None
    tax_amount: Decimal | None = None
    discount_rate: Decimal | None = None
    discount_amount: Decimal | None = None
    account_code: str | None = None
    tracking: list[XeroTrackingWire] | None = None
    line_item_id: str | None = None
    item_code: str | None = None


class XeroContactRef(msgspec.Struct, frozen=True, gc=False, rename=xero_name):
    """The contact of a document."""

    contact_id: str


def xero_line(line: XeroLineWire) -> Line:
    """The canonical line, its members in the order of `Line`."""
    text = line.description
    return Line(
        tidy(text) if text else "",
        _ZERO if line.quantity is None else line.quantity,
        line.unit_amount or _ZERO,
        line.tax_type or "",
        line.line_amount,
        line.tax_amount,
        line.discount_rate or None,
        line.discount_amount or None,
        line.account_code or "",
        tuple([_tracking(option) for option in line.tracking]) if line.tracking else (),
        line.line_item_id or "",
        line.item_code or "",
    )


def _tracking(wire: XeroTrackingWire) -> Tracking:
    return Tracking(
        wire.name or "",
        wire.option or "",
        wire.tracking_category_id or "",
        wire.tracking_option_id or "",
    )
