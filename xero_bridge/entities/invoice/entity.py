"""Invoices as data: policy, keys, and when two of them are the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xero_bridge.core.books import Books
from xero_bridge.core.entity import Agreement, Codec, Entity, Facet, Fit, Owner
from xero_bridge.core.errors import Waiting
from xero_bridge.core.money import format_cents
from xero_bridge.core.record import Key, Mirror, Record
from xero_bridge.core.vocabulary import Births, Direction, Kind, Side
from xero_bridge.entities.document.record import DRAFT, coding, line_views, status_facet
from xero_bridge.entities.invoice import to_xero
from xero_bridge.entities.invoice.perfex import PerfexInvoiceWire, from_perfex
from xero_bridge.entities.invoice.record import Invoice
from xero_bridge.entities.invoice.to_xero import invoice_of
from xero_bridge.entities.invoice.xero import XeroInvoiceWire, from_xero

_XERO_ONLY = frozenset({Side.XERO})


def _keys(record: Record, _side: Side) -> Sequence[str]:
    return tuple(_clues(invoice_of(record)))


def _clues(invoice: Invoice) -> Iterator[str]:
    """Its number; and its day and money, for an invoice that bears another number over there."""
    if invoice.number:
        yield invoice.number.casefold()
    if invoice.issued and invoice.total:
        yield f"money:{invoice.issued}:{invoice.currency}:{format_cents(invoice.total)}"


def _fit(perfex: Mirror, xero: Mirror, books: Books) -> Fit:
    ours, theirs = invoice_of(perfex.record), invoice_of(xero.record)
    if not ours.number or ours.number.casefold() != theirs.number.casefold():
        return _fit_by_money(ours, theirs, books)
    customer = _linked_customer(ours, books)
    apart = list(_apart(ours, theirs))
    if not customer and not apart:
        parent = Key(Kind.CUSTOMER, Side.PERFEX, ours.customer)
        why = "same number and total, but its customer is not linked yet"
        return Fit(agreement=Agreement.MAYBE, why=why, score=90, parent=parent)
    if customer != theirs.customer:
        apart.insert(0, "another customer" if customer else "its customer is not linked yet")
    if apart:
        why, score = f"same number, but {', '.join(apart)}", 80 if len(apart) == 1 else 50
        return Fit(agreement=Agreement.MAYBE, why=why, score=score)
    why = "same number, customer, currency and total"
    return Fit(agreement=Agreement.SAME, why=why, score=100)


def _fit_by_money(ours: Invoice, theirs: Invoice, books: Books) -> Fit:
    """Another number, but the same customer owes the same since the same day: it may be the same.

    A Xero invoice without a number cannot be told apart by it either.
    """
    same_money = (ours.issued, ours.currency, ours.total) == (
        *(theirs.issued, theirs.currency),
        theirs.total,
    )
    if not same_money or theirs.closed or _linked_customer(ours, books) != theirs.customer:
        return Fit(agreement=Agreement.NO)
    why = f"same customer, date and total, but another number ({ours.number}, {theirs.number})"
    return Fit(agreement=Agreement.MAYBE, why=why, score=85, doubt="maybe_same")


def _apart(ours: Invoice, theirs: Invoice) -> Iterator[str]:
    if ours.currency != theirs.currency:
        yield f"another currency ({ours.currency}, {theirs.currency})"
    if ours.total != theirs.total:
        yield f"another total ({format_cents(ours.total)}, {format_cents(theirs.total)})"
    if ours.closed != theirs.closed:
        yield "void on one side only"


def _linked_customer(invoice: Invoice, books: Books) -> str:
    """The Xero id of its customer; empty where that is not linked."""
    try:
        return books.xero_id(Kind.CUSTOMER, invoice.customer)
    except Waiting:
        return ""


def _excluded(mirror: Mirror, books: Books) -> str:
    """Drafts stay home, and so does what is void already or older than the connection looks."""
    invoice = invoice_of(mirror.record)
    if invoice.closed:
        return "closed_unlinked"
    if invoice.status == DRAFT or not invoice.number:
        return "draft"
    settings = books.settings
    if settings.start_date is None or invoice.issued is None:
        return ""
    if invoice.issued >= settings.start_date or (settings.open_before_start and invoice.open):
        return ""
    return "before_start"


INVOICE = Entity(
    kind=Kind.INVOICE,
    record=Invoice,
    singular="invoice",
    plural="invoices",
    parents={"customer": Kind.CUSTOMER},
    facets={
        "number": Facet(get=lambda invoice: invoice.number, sensitive=True),
        "customer": Facet(get=lambda invoice: invoice.customer, sensitive=True),
        "issued": Facet(get=lambda invoice: invoice.issued, sensitive=True, words="date"),
        "due": Facet(get=lambda invoice: invoice.due, sensitive=True, words="due date"),
        "currency": Facet(get=lambda invoice: invoice.currency, sensitive=True),
        "lines": Facet(get=line_views, sensitive=True),
        "total": Facet(get=lambda invoice: invoice.total, sensitive=True),
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
    keys=_keys,
    fit=_fit,
    mark=lambda perfex_id, books: books.record_url(Kind.INVOICE, perfex_id),
    doubt="number_taken",
    shown_on_xero=to_xero.shown,
    excluded=_excluded,
)
