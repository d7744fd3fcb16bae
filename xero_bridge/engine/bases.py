"""Bases: what each side showed when both last agreed, and how they move on."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from xero_bridge.core import differences
from xero_bridge.core.entity import Entity
from xero_bridge.core.merge import moved
from xero_bridge.core.record import Link, Mirror, Record
from xero_bridge.engine.wording import text

#: Opens the name of a declared difference that a person accepted.
ACCEPTED = differences.ACCEPTED


def moved_since(entity: Entity, link: Link, mirror: Mirror) -> frozenset[str]:
    """The facets that this side changed since both last agreed."""
    side = mirror.key.side
    base = link.base_on(side)
    if base is None:
        return frozenset()
    return moved(entity.facets_of(mirror.record, side), entity.facets_of(base, side))


def rebase(link: Link, perfex: Mirror, xero: Mirror) -> Link:
    """The link with both bases at what the sides show now."""
    return msgspec.structs.replace(link, base_perfex=perfex.record, base_xero=xero.record)


def rebase_part(
    entity: Entity, link: Link, perfex: Mirror, xero: Mirror, facets: Iterable[str]
) -> Link:
    """The link with both bases at what the sides show now, in these facets alone."""
    names = frozenset(facets)
    return msgspec.structs.replace(
        link,
        base_perfex=advanced(entity, link.base_perfex, perfex.record, names),
        base_xero=advanced(entity, link.base_xero, xero.record, names),
    )


def advanced(
    entity: Entity, base: Record | None, now: Record | None, facets: frozenset[str]
) -> Record | None:
    """The base with what these facets are made of as it is now."""
    if base is None or now is None:
        return base
    members = (m for name in facets for m in entity.facets[name].members or (name,))
    known = [name for name in members if name in base.__struct_fields__]
    return msgspec.structs.replace(base, **{name: getattr(now, name) for name in known})


def accepted(
    entity: Entity, link: Link, perfex: Mirror, xero: Mirror, facets: Iterable[str]
) -> Link:
    """The link with the difference of these facets declared as accepted by a person."""
    declared = {
        f"{ACCEPTED}{name}": (text(entity, name, perfex.record), text(entity, name, xero.record))
        for name in facets
    }
    return msgspec.structs.replace(link, declared={**link.declared, **declared})
