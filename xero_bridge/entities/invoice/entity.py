"""Invoices as data: policy, keys, and when two of them are the same."""

from __future__ import annotations

from xero_bridge.core.entity import Codec, Entity, Facet, Owner
from xero_bridge.core.vocabulary import Births, Direction, Kind, Side
from xero_bridge.entities.document import matching
from xero_bridge.entities.document.record import coding, line_views, status_facet
from xero_bridge.entities.invoice import to_perfex, to_xero
from xero_bridge.entities.invoice.perfex import PerfexInvoiceWire, from_perfex
from xero_bridge.entities.invoice.record import Invoice
from xero_bridge.entities.invoice.xero import XeroInvoiceWire, from_xero

_XERO_ONLY = frozenset({Side.XERO})
_BOTH = frozenset(Side)
#: What the lines of an invoice are compared by, with what stands below them.
_LINES = (
    "lines",
    "discount_type",
    "discount_percent",
    "discount_total",
    "adjustment",
    "subtotal",
    "total_tax",
)


INVOICE = Entity(
    kind=Kind.INVOICE,
    record=Invoice,
    singular="invoice",
    plural="invoices",
    parents={"customer": Kind.CUSTOMER},
    facets={
        "number": Facet(get=lambda invoice: invoice.number, sensitive=True, own=True),
        "customer": Facet(get=lambda invoice: invoice.customer, sensitive=True),
        "issued": Facet(
            get=lambda invoice: invoice.issued, sensitive=True, written=_BOTH, words="date"
        ),
        "due": Facet(
            get=lambda invoice: invoice.due, sensitive=True, written=_BOTH, words="due date"
        ),
        "currency": Facet(get=lambda invoice: invoice.currency, sensitive=True),
        "lines": Facet(get=line_views, sensitive=True, written=_BOTH, members=_LINES),
        "total": Facet(
            get=lambda invoice: invoice.total, sensitive=True, follows="lines", written=_BOTH
        ),
        "status": Facet(get=status_facet, sensitive=True),
        "reference": Facet(
            get=lambda invoice: invoice.reference,
            owner=Owner.XERO,
            held=_XERO_ONLY,
            written=frozenset(),
        ),
        "coding": Facet(
            get=coding,
            owner=Owner.XERO,
            held=_XERO_ONLY,
            written=frozenset(),
            words="account, tax code and tracking",
        ),
    },
    perfex=Codec(
        path="invoices",
        wire=PerfexInvoiceWire,
        decode=from_perfex,
        create=to_perfex.create,
        update=to_perfex.update,
        by_hand=to_perfex.by_hand,
        unfollowed=to_perfex.unfollowed,
        id_field="id",
        detail=True,
    ),
    xero=Codec(
        path="Invoices",
        wire=XeroInvoiceWire,
        decode=from_xero,
        create=to_xero.create,
        update=to_xero.update,
        void=to_xero.void,
        id_field="InvoiceID",
        since=True,
        paged=True,
        query={"where": 'Type=="ACCREC"'},
        open_query={"where": 'Type=="ACCREC" AND Status=="AUTHORISED"'},
        by_ids=True,
        four_places=True,
        batch=50,
    ),
    direction=Direction.TWO_WAY,
    births={Side.PERFEX: Births.CREATE, Side.XERO: Births.ASK},
    keys=matching.keys,
    fit=matching.fit_with(Kind.CUSTOMER),
    mark=lambda perfex_id, books: books.record_url(Kind.INVOICE, perfex_id),
    doubt="number_taken",
    shown_on_xero=to_xero.shown,
    shown_on_perfex=to_perfex.shown,
    excluded=matching.excluded,
    pages={
        Side.PERFEX: "admin/invoices/list_invoices/{id}",
        Side.XERO: "AccountsReceivable/View.aspx?InvoiceID={id}",
    },
)
