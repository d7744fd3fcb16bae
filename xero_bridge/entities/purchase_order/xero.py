"""A Xero purchase order: on the wire, and how a Perfex order is written to one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from xero_bridge.core.books import Books
from xero_bridge.core.entity import Decoded, Encoding, Expected, Json, Lookups, Payload
from xero_bridge.core.errors import Held
from xero_bridge.core.planned_line import Discounts
from xero_bridge.core.record import Record
from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities.dates import xero_day, xero_instant
from xero_bridge.entities.document import DRAFT, ISSUED, VOID, Draft, Form, draft, header, lines
from xero_bridge.entities.document.xero import XeroContactRef, XeroLineWire, xero_line
from xero_bridge.entities.marks import mark_in, order_mark
from xero_bridge.entities.purchase_order.record import BILLED, PurchaseOrder
from xero_bridge.entities.wire import WireError, xero_name

FORM = Form(discounts=Discounts.RATE_ONLY, purchase=True)
_STATUSES = {"DRAFT": DRAFT, "SUBMITTED": DRAFT, "AUTHORISED": ISSUED, BILLED: ISSUED}
_STATUSES["DELETED"] = VOID
_WRITTEN = {DRAFT: "DRAFT", ISSUED: "AUTHORISED"}


class XeroOrderWire(msgspec.Struct, frozen=True, rename=xero_name):
    """An element of `PurchaseOrders`."""

    purchase_order_id: str
    status: str
    contact: XeroContactRef
    total: Decimal
    currency_code: str
    purchase_order_number: str | None = None
    reference: str | None = None
    date_string: str | None = None
    date: str | None = None
    delivery_date_string: str | None = None
    delivery_date: str | None = None
    line_amount_types: str | None = None
    line_items: list[XeroLineWire] | None = None
    sub_total: Decimal | None = None
    total_tax: Decimal | None = None
    updated_date_utc: str | None = None


def from_xero(wire: XeroOrderWire, lookups: Lookups) -> Decoded:
    """The canonical order; raises WireError for a status that Xero does not document."""
    status = _STATUSES.get(wire.status)
    if status is None:
        number = wire.purchase_order_number
        raise WireError(f"purchase order {number} has the unknown status {wire.status!r}.")
    order = PurchaseOrder(
        number=wire.purchase_order_number or "",
        vendor=wire.contact.contact_id,
        issued=xero_day(wire.date_string, wire.date),
        delivery=xero_day(wire.delivery_date_string, wire.delivery_date),
        currency=wire.currency_code,
        status=status,
        lines=tuple(xero_line(line) for line in wire.line_items or ()),
        total=wire.total,
        total_tax=wire.total_tax,
        subtotal=wire.sub_total,
        side_status=wire.status,
        amounts_are=wire.line_amount_types or "",
    )
    stamp = wire.updated_date_utc
    return Decoded(
        id=wire.purchase_order_id,
        record=order,
        mark=mark_in(wire.reference, lookups.tag, "PO"),
        updated_at=xero_instant(stamp) if stamp else None,
    )


def create(encoding: Encoding, books: Books) -> Payload:
    """The whole order; its Reference is our mark. Raises Held or Waiting where it cannot go."""
    order = order_of(encoding.source)
    drafted = _drafted(order, books)
    mark = order_mark(books.settings.site_tag, encoding.source_id)
    body: Json = {}
    for members in _MEMBERS.values():
        body |= members(order, books)
    body |= {"Status": _WRITTEN[order.status], "Reference": mark, **lines.all_new(drafted)}
    return Payload(
        body=body,
        expects=Expected(total=drafted.total, tax=drafted.tax),
        line_roles=drafted.roles,
        declared=drafted.declared,
        mark=mark,
    )


def update(encoding: Encoding, books: Books) -> Payload:
    """The given facets; lines keep their ids, account and tracking, and a TaxType of equal rate."""
    order, target = order_of(encoding.source), order_of(encoding.target)
    _refuse(target, "changes")
    body: Json = {"PurchaseOrderID": encoding.target_id}
    for facet, members in _MEMBERS.items():
        if facet in encoding.facets:
            body |= members(order, books)
    if "status" in encoding.facets:
        body |= _status(order, target)
    if encoding.facets & {"lines", "total"}:
        payload = lines.with_lines(body, _drafted(order, books), encoding, books)
    else:
        payload = Payload(body=body, expects=lines.unchanged_money(target))
    return replace(payload, declared=payload.declared | _kept_delivery(order, target))


def delete(encoding: Encoding, _books: Books) -> Payload:
    """DELETED, which keeps its number for ever; raises Held for one whose bill was made."""
    _refuse(order_of(encoding.target), "deleting")
    return Payload(body={"PurchaseOrderID": encoding.target_id, "Status": "DELETED"})


def shown(record: Record, books: Books) -> Mapping[str, object]:
    """The facets as Xero would show them; raises Held or Waiting as encoding does."""
    order = order_of(record)
    drafted = _drafted(order, books)
    return {
        "number": order.number,
        "vendor": books.xero_id(Kind.VENDOR, order.vendor),
        "issued": order.issued,
        "delivery": order.delivery,
        "currency": order.currency,
        "lines": tuple(line.view for line in drafted.lines),
        "total": drafted.total,
        "status": order.status,
    }


def order_of(record: Record | None) -> PurchaseOrder:
    """The record as a purchase order."""
    assert isinstance(record, PurchaseOrder)
    return record


def _drafted(order: PurchaseOrder, books: Books) -> Draft:
    if order.order_tax:
        amount = f"{order.order_tax:.2f} {order.currency}"
        raise Held("order_tax", label=order.label, amount=amount)
    return draft(order, FORM, books)


def _refuse(target: PurchaseOrder, step: str) -> None:
    if target.settled or target.closed:
        status = target.side_status
        raise Held("order_status_forbidden", label=target.label, status=status, step=step)


def _status(order: PurchaseOrder, target: PurchaseOrder) -> Json:
    """Approving goes on; an approved order does not become a draft again by itself."""
    if order.status == DRAFT:
        status, step = target.side_status, "going back to a draft"
        raise Held("order_status_forbidden", label=target.label, status=status, step=step)
    return {"Status": _WRITTEN[order.status]}


def _vendor(order: PurchaseOrder, books: Books) -> Json:
    """The contact's id alone: further members would edit it."""
    if order.vendor in {"", "0"}:
        raise Held("vendor_missing", label=order.label)
    return {"Contact": {"ContactID": books.xero_id(Kind.VENDOR, order.vendor)}}


def _delivery(order: PurchaseOrder, _books: Books) -> Json:
    return {"DeliveryDate": order.delivery.isoformat()} if order.delivery else {}


def _kept_delivery(order: PurchaseOrder, target: PurchaseOrder) -> dict[str, tuple[str, str]]:
    """A date cannot be sent as none, so the old one stays, and is known to."""
    if order.delivery is None and target.delivery:
        return {"delivery": ("", target.delivery.isoformat())}
    return {}


_MEMBERS: dict[str, Callable[[PurchaseOrder, Books], Json]] = {
    "vendor": _vendor,
    "number": lambda order, _books: header.number(order, "PurchaseOrderNumber"),
    "issued": lambda order, _books: header.issued(order),
    "delivery": _delivery,
    "currency": header.currency,
}
