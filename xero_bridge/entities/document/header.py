"""Members that head a Xero document, checked before they are sent."""

from __future__ import annotations

from datetime import date

from xero_bridge.core.books import Books
from xero_bridge.core.entity import Json
from xero_bridge.core.errors import Held
from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities.document.record import Document
from xero_bridge.entities.text import NAME_LIMIT


def number(document: Document, member: str) -> Json:
    """Its number, unchanged; raises Held for what Xero takes for none."""
    written = document.number
    if not written:
        raise Held("number_missing", label=document.label)
    if not (written.isascii() and written.isprintable()) or len(written) > NAME_LIMIT:
        raise Held("number_not_ascii", label=written, number=written)
    return {member: written}


def currency(document: Document, books: Books) -> Json:
    """Its currency; raises Held where the organisation does not have it."""
    if not books.currency_enabled(document.currency):
        raise Held("currency_missing", label=document.label, currency=document.currency)
    return {"CurrencyCode": document.currency}


def issued(document: Document) -> Json:
    """Its date; raises Held where it has none."""
    if document.issued is None:
        raise Held("date_missing", label=document.label)
    return {"Date": document.issued.isoformat()}


def locked(label: str, day: date | None, books: Books) -> Held | None:
    """Why nothing can be booked on this day: its period is locked. None where it is open."""
    lock = books.organisation.lock
    is_open = not (day and lock and day <= lock)
    return None if is_open else Held("period_locked", label=label, date=day, lock=lock)


def contact(document: Document, kind: Kind, party: str, books: Books) -> Json:
    """The contact's id alone: further members would edit it. Raises Held for a deleted party."""
    if party in {"", "0"}:
        raise Held("customer_deleted", label=document.label)
    return {"Contact": {"ContactID": books.xero_id(kind, party)}}
