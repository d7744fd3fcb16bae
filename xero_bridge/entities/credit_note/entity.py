"""Credit notes as data: policy, keys, and what is carried when."""

from __future__ import annotations

from msgspec.structs import replace

from xero_bridge.core.entity import Codec, Entity, Facet, Owner, Stir
from xero_bridge.core.record import Record
from xero_bridge.core.vocabulary import Births, Direction, Kind, Side
from xero_bridge.entities.credit_note import to_xero
from xero_bridge.entities.credit_note.perfex import PerfexCreditNoteWire, from_perfex
from xero_bridge.entities.credit_note.record import (
    CreditNote,
    applied_between,
    applied_view,
    refunds_between,
    refunds_view,
)
from xero_bridge.entities.credit_note.to_xero import note_of
from xero_bridge.entities.credit_note.xero import XeroCreditNoteWire, from_xero
from xero_bridge.entities.document import coding, line_views, matching, status_facet
from xero_bridge.entities.marks import credit_note_mark

_XERO_ONLY = frozenset({Side.XERO})


def _carried(record: Record) -> Record:
    """A create carries the document; what was done with its credit are calls of their own."""
    return replace(note_of(record), applied=(), refunds=())


CREDIT_NOTE = Entity(
    kind=Kind.CREDIT_NOTE,
    record=CreditNote,
    singular="credit note",
    plural="credit notes",
    parents={"customer": Kind.CUSTOMER},
    facets={
        "number": Facet(get=lambda note: note.number, sensitive=True),
        "customer": Facet(get=lambda note: note.customer, sensitive=True),
        "issued": Facet(get=lambda note: note.issued, sensitive=True, words="date"),
        "currency": Facet(get=lambda note: note.currency, sensitive=True),
        "lines": Facet(get=line_views, sensitive=True),
        "total": Facet(get=lambda note: note.total, sensitive=True, follows="lines"),
        "status": Facet(get=status_facet, sensitive=True),
        "coding": Facet(
            get=coding,
            owner=Owner.XERO,
            held=_XERO_ONLY,
            written=frozenset(),
            words="account, tax code and tracking",
        ),
        "applied": Facet(
            get=applied_view,
            sensitive=True,
            # The invoice is paid in Xero, whatever the direction of credit notes is. Perfex's API
            # cannot write it, so a person is asked to.
            followed=_XERO_ONLY,
            dated=True,
            begun=applied_between,
            words="applied to invoices",
        ),
        "refunds": Facet(
            get=refunds_view,
            sensitive=True,
            followed=_XERO_ONLY,
            dated=True,
            begun=refunds_between,
            words="paid back",
        ),
    },
    perfex=Codec(
        path="credit_notes",
        wire=PerfexCreditNoteWire,
        decode=from_perfex,
        id_field="id",
        detail=True,
    ),
    xero=Codec(
        path="CreditNotes",
        wire=XeroCreditNoteWire,
        decode=from_xero,
        create=to_xero.create,
        update=to_xero.update,
        void=to_xero.void,
        id_field="CreditNoteID",
        since=True,
        paged=True,
        query={"where": 'Type=="ACCRECCREDIT"'},
        four_places=True,
        cadence="hourly",
        batch=50,
    ),
    direction=Direction.PERFEX_TO_XERO,
    # Perfex's API cannot apply a credit note that was born in Xero.
    directions=frozenset({Direction.OFF, Direction.PERFEX_TO_XERO}),
    births={Side.PERFEX: Births.CREATE, Side.XERO: Births.IGNORE},
    keys=matching.keys,
    fit=matching.fit_with(Kind.CUSTOMER),
    mark=lambda perfex_id, books: credit_note_mark(books.settings.site_tag, perfex_id),
    carried=_carried,
    # A credit that is applied moves the invoice, while the list of credit notes stays the same.
    stirred_by=Stir(kind=Kind.INVOICE, part=lambda invoice: invoice.credited or None),
    doubt="number_taken",
    shown_on_xero=to_xero.shown,
    shown_on_perfex=to_xero.shown_on_perfex,
    excluded=matching.excluded,
    pages={
        Side.PERFEX: "admin/credit_notes/list_credit_notes/{id}",
        Side.XERO: "AccountsReceivable/ViewCreditNote.aspx?creditNoteID={id}",
    },
)
