"""When two documents are the same one, and which stay where they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from xero_bridge.core.books import Books
from xero_bridge.core.entity import Agreement, Fit
from xero_bridge.core.errors import Waiting
from xero_bridge.core.money import format_cents
from xero_bridge.core.record import Key, Mirror, Record
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.entities.document.record import DRAFT, Document


def keys(record: Record, _side: Side) -> Sequence[str]:
    """Its number; and its day and money, for one that bears another number over there."""
    return tuple(_clues(_document(record)))


def _clues(document: Document) -> Iterator[str]:
    if document.number:
        yield document.number.casefold()
    if document.issued and document.total:
        total = format_cents(document.total)
        yield f"money:{document.issued}:{document.currency}:{total}"


def fit_with(parent: Kind) -> Callable[[Mirror, Mirror, Books], Fit]:
    """How well two documents agree whose party is of this kind."""

    def fit(perfex: Mirror, xero: Mirror, books: Books) -> Fit:
        ours, theirs = _document(perfex.record), _document(xero.record)
        party = _linked_party(ours, parent, books)
        if ours.number and ours.number.casefold() == theirs.number.casefold():
            return _fit_by_number(ours, theirs, party, parent)
        if not _same_money(ours, theirs) or theirs.closed:
            return Fit(agreement=Agreement.NO)
        if party is None and _is_linked(theirs, parent, books):
            return Fit(agreement=Agreement.NO)
        return _fit_by_money(ours, theirs, party, parent)

    return fit


def _fit_by_number(ours: Document, theirs: Document, party: str | None, parent: Kind) -> Fit:
    apart = list(_apart(ours, theirs))
    if party is None and not apart:
        missing = Key(parent, Side.PERFEX, ours.party)
        why = f"same number and total, but its {parent} is not linked yet"
        return Fit(agreement=Agreement.MAYBE, why=why, score=90, parent=missing)
    if party != theirs.party:
        unknown = not party
        apart.insert(0, f"its {parent} is not linked yet" if unknown else f"another {parent}")
    if apart:
        why, score = ", ".join(apart), 80 if len(apart) == 1 else 50
        return Fit(agreement=Agreement.MAYBE, why=why, score=score)
    why = f"same number, {parent}, currency and total"
    return Fit(agreement=Agreement.SAME, why=why, score=100)


def _fit_by_money(ours: Document, theirs: Document, party: str | None, parent: Kind) -> Fit:
    """Another number, but the same party, day and money: it may be the same."""
    if party is None:
        missing = Key(parent, Side.PERFEX, ours.party)
        why = f"same date and total, but its {parent} is not linked yet"
        return Fit(agreement=Agreement.MAYBE, why=why, score=40, doubt="maybe_same", parent=missing)
    if party != theirs.party:
        return Fit(agreement=Agreement.NO)
    numbers = f"{ours.number}, {theirs.number}"
    why = f"same {parent}, date and total, but another number ({numbers})"
    return Fit(agreement=Agreement.MAYBE, why=why, score=85, doubt="maybe_same")


def _same_money(ours: Document, theirs: Document) -> bool:
    here = (ours.issued, ours.currency, ours.total)
    return here == (theirs.issued, theirs.currency, theirs.total)


def _apart(ours: Document, theirs: Document) -> Iterator[str]:
    if ours.currency != theirs.currency:
        yield f"another currency ({ours.currency}, {theirs.currency})"
    if ours.total != theirs.total:
        yield f"another total ({format_cents(ours.total)}, {format_cents(theirs.total)})"
    if ours.closed != theirs.closed:
        yield "void on one side only"


def _linked_party(document: Document, parent: Kind, books: Books) -> str | None:
    """The Xero id of its party: empty for one that is to be made, None for one not linked yet."""
    try:
        return books.xero_id(parent, document.party)
    except Waiting:
        return None


def _is_linked(theirs: Document, parent: Kind, books: Books) -> bool:
    """Whether the contact of a Xero document belongs to somebody in Perfex already."""
    try:
        books.perfex_id(parent, theirs.party)
    except Waiting:
        return False
    return True


def excluded(mirror: Mirror, books: Books) -> str:
    """Drafts stay home, and so does what is void already or older than the connection looks."""
    document = _document(mirror.record)
    if document.closed:
        return "closed_unlinked"
    if document.status == DRAFT or not document.number:
        return "draft"
    settings = books.settings
    if settings.start_date is None or document.issued is None:
        return ""
    if document.issued >= settings.start_date or (settings.open_before_start and document.open):
        return ""
    return "before_start"


def _document(record: Record) -> Document:
    assert isinstance(record, Document)
    return record
