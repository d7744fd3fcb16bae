"""Purchase orders as data: policy, keys, and when two of them are the same."""

from __future__ import annotations

from xero_bridge.core.books import Books
from xero_bridge.core.entity import Codec, Entity, Facet, Owner, Part
from xero_bridge.core.record import Mirror
from xero_bridge.core.vocabulary import Births, Direction, Kind, Side
from xero_bridge.entities.document import coding, line_views, matching
from xero_bridge.entities.marks import order_mark
from xero_bridge.entities.purchase_order import xero
from xero_bridge.entities.purchase_order.perfex import PerfexOrderWire, from_perfex
from xero_bridge.entities.purchase_order.record import PurchaseOrder
from xero_bridge.entities.purchase_order.xero import order_of


def _excluded(mirror: Mirror, books: Books) -> str:
    """What was given up already or is older than the connection looks stays home."""
    order, start = order_of(mirror.record), books.settings.start_date
    if order.closed:
        return "closed_unlinked"
    return "before_start" if start and order.issued and order.issued < start else ""


_SAYS: dict[str, tuple[str, ...]] = {
    "order_status_forbidden": (
        "{label} is {status} in Xero, which does not allow {step}.",
        "Change it in Xero by hand, or leave it.",
    ),
    "order_tax": (
        "{label} bears a tax of {amount} on the whole order; Xero taxes lines only.",
        "Give its lines the tax in Perfex instead, or enter the order in Xero by hand.",
    ),
    "vendor_missing": (
        "{label} names no vendor.",
        "Give it one in Perfex.",
    ),
}

PURCHASE_ORDER = Entity(
    kind=Kind.PURCHASE_ORDER,
    record=PurchaseOrder,
    singular="purchase order",
    plural="purchase orders",
    parents={"vendor": Kind.VENDOR},
    facets={
        "number": Facet(get=lambda order: order.number, sensitive=True),
        "vendor": Facet(get=lambda order: order.vendor, sensitive=True),
        "issued": Facet(get=lambda order: order.issued, sensitive=True, words="date"),
        "delivery": Facet(get=lambda order: order.delivery, sensitive=True, words="delivery date"),
        "currency": Facet(get=lambda order: order.currency, sensitive=True),
        "lines": Facet(get=line_views, sensitive=True),
        "total": Facet(get=lambda order: order.total, sensitive=True, follows="lines"),
        "status": Facet(get=lambda order: order.status, sensitive=True),
        "coding": Facet(
            get=coding,
            owner=Owner.XERO,
            held=frozenset({Side.XERO}),
            written=frozenset(),
            words="account, tax code and tracking",
        ),
    },
    perfex=Codec(
        path="customtable/tblpur_orders",
        wire=PerfexOrderWire,
        decode=from_perfex,
        id_field="id",
        parts={"lines": Part(table="tblpur_order_detail", of="pur_order")},
    ),
    xero=Codec(
        path="PurchaseOrders",
        wire=xero.XeroOrderWire,
        decode=xero.from_xero,
        create=xero.create,
        update=xero.update,
        delete=xero.delete,
        id_field="PurchaseOrderID",
        since=True,
        paged=True,
        filtered=False,
        cadence="daily",
        batch=50,
    ),
    needs="purchase_orders",
    direction=Direction.PERFEX_TO_XERO,
    directions=frozenset({Direction.OFF, Direction.PERFEX_TO_XERO}),
    births={Side.PERFEX: Births.CREATE, Side.XERO: Births.IGNORE},
    keys=matching.keys,
    fit=matching.fit_with(Kind.VENDOR),
    mark=lambda perfex_id, books: order_mark(books.settings.site_tag, perfex_id),
    doubt="number_taken",
    shown_on_xero=xero.shown,
    says=_SAYS,
    excluded=_excluded,
    # An order posts nothing to the ledger, so no period is closed to it.
    locks_on=lambda _order: None,
    pages={
        Side.PERFEX: "admin/purchase/purchase_order/{id}",
        Side.XERO: "Accounts/Payable/PurchaseOrders/View/{id}/",
    },
)
