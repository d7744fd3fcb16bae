"""Single records: found, explained with both sides and their history, and looked at anew."""

from __future__ import annotations

from dataclasses import dataclass

from xero_bridge.core.entity import shown
from xero_bridge.core.reasons import advice, headline
from xero_bridge.core.record import Key, Link, Mirror
from xero_bridge.core.vocabulary import Kind, RecordState, Side
from xero_bridge.engine.context import Scope
from xero_bridge.entities import ENTITIES
from xero_bridge.operations import questions, runs
from xero_bridge.operations.addresses import addresses
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.questions import QuestionView
from xero_bridge.operations.rows import connection_row, note, reading, store_of, writing
from xero_bridge.operations.services import By, Services
from xero_bridge.store import queries
from xero_bridge.store.queries import Happened, Listed
from xero_bridge.store.repository import SqlStore

#: Records on one page of a list.
PAGE = 50


@dataclass(frozen=True, kw_only=True)
class FacetRow:
    """One comparable part of a record as both sides show it, as text."""

    words: str
    perfex: str
    xero: str
    #: What each showed when they last agreed.
    base_perfex: str
    base_xero: str

    @property
    def differs(self) -> bool:
        """Whether a side moved since both last agreed; without a base, whether they differ.

        Each side is compared with itself: Perfex names a tax, where Xero shows its money.
        """
        if self.base_perfex or self.base_xero:
            return (self.perfex, self.xero) != (self.base_perfex, self.base_xero)
        return self.perfex != self.xero


@dataclass(frozen=True, kw_only=True)
class RecordPage:
    """All that is known about a record and its twin."""

    connection: str
    listed: Listed
    #: Why it stands where it stands, and what to do.
    text: str
    advice: str
    link: Link | None
    mirrors: dict[Side, Mirror]
    facets: tuple[FacetRow, ...]
    history: tuple[Happened, ...]
    questions: tuple[QuestionView, ...]
    #: Its pages in both systems, where it has one.
    pages: dict[Side, str]


def search(
    services: Services,
    name: str,
    *,
    text: str = "",
    kind: Kind | None = None,
    state: RecordState | None = None,
    page: int = 0,
) -> list[Listed]:
    """One page of the records whose label, number or id holds the text, newest first."""
    return queries.search(
        services.database,
        _id(services, name),
        text=text.strip(),
        kind=kind,
        state=state,
        offset=max(page, 0) * PAGE,
        limit=PAGE + 1,
    )


def _id(services: Services, name: str) -> int:
    with reading(services) as session:
        return connection_row(session, name).id


def record_page(services: Services, name: str, key: Key) -> RecordPage:
    """A record with its twin, state, differences, history and questions; raises `NotAccepted`."""
    connection_id = _id(services, name)
    listed = queries.record(services.database, connection_id, key)
    if listed is None:
        raise NotAccepted(f"{name} has not seen {key}.")
    store = store_of(services, name)
    link = store.links(key.kind, key.side, [key.id]).get(key.id)
    keys = _both(key, link)
    mirrors = {
        each.side: mirror
        for each in keys
        for mirror in store.mirrors(each.kind, each.side, [each.id]).values()
    }
    details = {"label": listed.label, **listed.details}
    places = addresses(services, store)
    return RecordPage(
        connection=name,
        listed=listed,
        text=headline(listed.reason, details) if listed.reason else "",
        advice=advice(listed.reason, details) if listed.reason else "",
        link=link,
        mirrors=mirrors,
        facets=_facets(store, key.kind, mirrors, link),
        history=tuple(queries.history(services.database, connection_id, keys)),
        questions=_questions(services, name, keys),
        pages={each.side: page for each in keys if (page := places.of(each))},
    )


def _both(key: Key, link: Link | None) -> list[Key]:
    """The record and, where it is linked, its twin: Perfex's first."""
    if link is None:
        return [key]
    return [Key(key.kind, side, link.id_on(side)) for side in Side if link.id_on(side)]


def _facets(
    store: SqlStore, kind: Kind, mirrors: dict[Side, Mirror], link: Link | None
) -> tuple[FacetRow, ...]:
    entity = ENTITIES[kind]
    values = {
        side: entity.facets_of(mirror.record, side) if mirror else {}
        for side in Side
        for mirror in [mirrors.get(side)]
    }
    bases = {
        side: entity.facets_of(base, side) if base else {}
        for side in Side
        for base in [link.base_on(side) if link else None]
    }
    return tuple(
        FacetRow(
            words=facet.words or name.replace("_", " "),
            perfex=_shown(store, kind, name, Side.PERFEX, values),
            xero=_shown(store, kind, name, Side.XERO, values),
            base_perfex=_shown(store, kind, name, Side.PERFEX, bases),
            base_xero=_shown(store, kind, name, Side.XERO, bases),
        )
        for name, facet in entity.facets.items()
    )


#: Facets that hold the id of a reference record.
_REFERRED = {("mode", Side.PERFEX): Kind.PAYMENT_MODE, ("mode", Side.XERO): Kind.ACCOUNT}


def _shown(
    store: SqlStore, kind: Kind, name: str, side: Side, values: dict[Side, dict[str, object]]
) -> str:
    """A facet as a person reads it: the customer of an invoice by name, not by id."""
    text = shown(values[side].get(name))
    parent = _REFERRED.get((name, side)) or ENTITIES[kind].parents.get(name)
    if parent is None or not text:
        return text
    mirror = store.mirrors(parent, side, [text]).get(text)
    return mirror.record.label or text if mirror else text


def _questions(services: Services, name: str, keys: list[Key]) -> tuple[QuestionView, ...]:
    ids = {(key.side, key.id) for key in keys}
    return tuple(
        view
        for view in questions.question_views(services, name)
        if view.kind == keys[0].kind
        and {(Side.PERFEX, view.perfex_id), (Side.XERO, view.xero_id)} & ids
    )


def resync(services: Services, name: str, key: Key, *, by: By) -> None:
    """Have a record and its parents read and planned anew, soon. Raises `NotAccepted`."""
    if queries.record(services.database, _id(services, name), key) is None:
        raise NotAccepted(f"{name} has not seen {key}.")
    store = store_of(services, name)
    with store.atomically():
        store.make_dirty([key])
    with writing(services) as session:
        note(session, services, by, "resync", name, record=str(key))
    runs.request(services, name, Scope(records=(key,), trigger="resync"), by=by)
