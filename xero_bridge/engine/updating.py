"""Updates of linked records: what is written, and how both versions read for a person."""

from __future__ import annotations

import msgspec

from xero_bridge.core.entity import Encoding, Entity, shown
from xero_bridge.core.merge import moved
from xero_bridge.core.plan import Change, Side3
from xero_bridge.core.record import Link, Mirror, Record
from xero_bridge.core.vocabulary import Side, Verb
from xero_bridge.engine.draft import Draft
from xero_bridge.engine.making import make_action
from xero_bridge.engine.obstacles import hold_back, is_locked, was_refused


def plan_update(
    draft: Draft, link: Link, perfex: Mirror, xero: Mirror, facets: frozenset[str], reason: str
) -> bool:
    """Plan an update of Xero, if the result can be written at all; otherwise say why not."""
    entity = draft.entity(link.kind)
    if entity.xero is None or entity.xero.update is None:
        draft.wait(perfex, "cannot_write", {"side": "Xero", "kind": entity.singular})
        return False
    if is_locked(draft, entity, perfex, xero):
        return False
    encoding = Encoding(
        source=perfex.record,
        source_id=perfex.key.id,
        target=xero.record,
        target_id=xero.key.id,
        facets=facets,
        roles=link.roles,
    )
    outcome = draft.books.try_encode(entity.xero.update, encoding)
    if not outcome.ok:
        hold_back(draft, perfex, outcome)
        return False
    if was_refused(draft, perfex, xero, outcome.digest):
        return False
    action = make_action(
        entity.kind,
        Verb.UPDATE,
        Side.XERO,
        reason,
        perfex,
        xero,
        facets=facets,
        changes=_changes(entity, link, perfex.record, xero.record, facets),
        parents=outcome.parents,
    )
    draft.actions.append(action)
    return True


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


def _changes(
    entity: Entity, link: Link, perfex: Record, xero: Record, facets: frozenset[str]
) -> tuple[Change, ...]:
    return tuple(
        Change(
            facet=facet_words(entity, name),
            before=text(entity, name, link.base_perfex or xero),
            after=text(entity, name, perfex),
        )
        for name in sorted(facets)
    )


def facet_words(entity: Entity, name: str) -> str:
    """What a person calls a facet."""
    return entity.facets[name].words or name.replace("_", " ")


def text(entity: Entity, facet: str, record: Record | None) -> str:
    """A facet's value for a person."""
    return "" if record is None else shown(entity.facets[facet].get(record))
