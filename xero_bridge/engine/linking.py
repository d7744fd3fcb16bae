"""New links: each side's base is what it shows now, and our own lines are known by their roles."""

from __future__ import annotations

from xero_bridge.core.entity import Encoding, Entity
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
