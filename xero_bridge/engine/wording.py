"""Facets in words: what a person calls them, and how each side shows them."""

from __future__ import annotations

from xero_bridge.core.entity import Entity, shown
from xero_bridge.core.plan import Side3
from xero_bridge.core.record import Link, Mirror, Record
from xero_bridge.core.vocabulary import Side


def three_ways(
    entity: Entity, link: Link, perfex: Mirror, xero: Mirror, facets: frozenset[str]
) -> tuple[Side3, ...]:
    """Base, Perfex and Xero of each facet, as text."""
    return tuple(
        Side3(
            facet=facet_words(entity, name),
            base=text(entity, name, link.base_perfex or link.base_xero),
            perfex=text(entity, name, perfex.record)
            if Side.PERFEX in entity.facets[name].held
            else "",
            xero=text(entity, name, xero.record),
            sensitive=entity.facets[name].sensitive,
        )
        for name in sorted(facets)
    )


def facet_words(entity: Entity, name: str) -> str:
    """What a person calls a facet."""
    return entity.facets[name].words or name.replace("_", " ")


def text(entity: Entity, facet: str, record: Record | None) -> str:
    """A facet's value for a person."""
    return "" if record is None else shown(entity.facets[facet].get(record))
