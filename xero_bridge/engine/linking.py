"""New links: each side's base is what it shows now, and our own lines are known by their roles."""

from __future__ import annotations

import msgspec

from xero_bridge.core.differences import ACCEPTED, differences
from xero_bridge.core.entity import Encoding, Entity
from xero_bridge.core.errors import Held, Waiting
from xero_bridge.core.record import Link, Mirror, Record, Roles
from xero_bridge.core.vocabulary import Side
from xero_bridge.engine.books import LedgerBooks


def first_link(books: LedgerBooks, entity: Entity, perfex: Mirror, xero: Mirror) -> Link:
    """A new link: each side's base is what it shows now, so nothing is written."""
    return Link(
        kind=entity.kind,
        perfex_id=perfex.key.id,
        xero_id=xero.key.id,
        stamp=perfex.stamp,
        base_perfex=perfex.record,
        base_xero=xero.record,
        roles=found_roles(books, entity, perfex, xero.record),
        born_on=Side.PERFEX if perfex.first_seen_at <= xero.first_seen_at else Side.XERO,
    )


def agreed_link(entity: Entity, link: Link, perfex: Mirror, xero: Mirror) -> Link:
    """The link of two records that a person called the same, of a kind that cannot be changed.

    In what they differ now they may stay (a payment in another amount, or on another day).
    """
    if entity.xero is None or entity.xero.update is not None:
        return link
    agreed = {
        f"{ACCEPTED}{name}": values
        for difference in differences(entity, perfex, xero, {})
        for name, values in difference.told.items()
    }
    return msgspec.structs.replace(link, declared={**link.declared, **agreed})


def found_link(
    books: LedgerBooks, entity: Entity, perfex: Mirror, xero: Mirror, born_on: Side
) -> Link:
    """The link of a write that was found again.

    Its bases are what was sent: what somebody changed over there since is an edit like any other.
    """
    link = msgspec.structs.replace(
        first_link(books, entity, perfex, xero),
        born_on=born_on,
        base_perfex=entity.carried(perfex.record),
    )
    if born_on is Side.XERO or entity.xero is None or entity.xero.create is None:
        return link
    encoding = Encoding(source=perfex.record, source_id=perfex.key.id)
    payload = books.try_encode(entity.xero.create, encoding).payload
    return msgspec.structs.replace(
        link,
        base_perfex=perfex.record if payload and payload.whole else link.base_perfex,
        base_xero=_as_sent(books, entity, perfex.record, xero.record),
        declared=dict(payload.declared) if payload else {},
    )


#: Facets that are not a member of the record as they stand: what its base holds if it was changed.
_REBUILT: dict[str, object] = {"lines": ()}


def _as_sent(books: LedgerBooks, entity: Entity, perfex: Record, xero: Record) -> Record:
    """The Xero record with the facets that it had when it was made from this Perfex record."""
    try:
        shown = entity.shown_on_xero(perfex, books) if entity.shown_on_xero else {}
    except (Held, Waiting):
        return xero
    now = entity.facets_of(xero, Side.XERO)
    changed = {name: value for name, value in shown.items() if name in now and now[name] != value}
    return msgspec.structs.replace(xero, **{**changed, **_only(_REBUILT, changed)})


def _only(values: dict[str, object], names: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if name in names}


def found_roles(books: LedgerBooks, entity: Entity, perfex: Mirror, xero: Record) -> Roles:
    """The roles of lines that are in Xero already: ours, if it has as many as we would send."""
    ids = line_ids(xero)
    if not ids or entity.xero is None or entity.xero.create is None:
        return Roles()
    encoding = Encoding(source=perfex.record, source_id=perfex.key.id)
    payload = books.try_encode(entity.xero.create, encoding).payload
    roles = payload.line_roles if payload else ()
    if len(roles) != len(ids):
        roles = ("item",) * len(ids)
    return Roles(lines=tuple(zip(ids, roles, strict=True)))


def line_ids(record: Record) -> tuple[str, ...]:
    """Xero's LineItemIDs of a document, in order."""
    return tuple(line.id for line in getattr(record, "lines", ()))
