"""Linked records: the three-way merge of each, every side against its own base."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import msgspec

from xero_bridge.core.entity import Entity
from xero_bridge.core.errors import Held, Waiting
from xero_bridge.core.merge import Merged, merge
from xero_bridge.core.record import Link, Mirror
from xero_bridge.core.vocabulary import Side
from xero_bridge.engine.closing import decide_closed, is_closed
from xero_bridge.engine.conflict import ACCEPTED, ask_about
from xero_bridge.engine.draft import Draft
from xero_bridge.engine.updating import moved_since, plan_update, rebase


def decide_pair(
    draft: Draft, entity: Entity, link: Link, perfex: Mirror | None, xero: Mirror | None
) -> None:
    """Decide one linked record whose mirror (or surroundings) changed."""
    if xero is None or (perfex is None and entity.perfex is not None):
        return  # Its other half was not read yet: it stays dirty and comes again.
    mirrors = [mirror for mirror in (perfex, xero) if mirror]
    if any(mirror.key in draft.unfinished for mirror in mirrors):
        for mirror in mirrors:
            draft.wait(mirror, "waits_for_unknown")
    elif perfex is None or (is_closed(perfex) and is_closed(xero)):
        draft.settle(*mirrors)
    elif is_closed(perfex) or is_closed(xero):
        decide_closed(draft, entity, link, perfex, xero)
    else:
        _decide_merge(draft, entity, link, perfex, xero)


def _decide_merge(draft: Draft, entity: Entity, link: Link, perfex: Mirror, xero: Mirror) -> None:
    moved_on = {
        Side.PERFEX: moved_since(entity, link, perfex),
        Side.XERO: moved_since(entity, link, xero),
    }
    if not link.leads:
        # Another customer shares the contact and alone writes its fields.
        draft.rebased.append(rebase(link, perfex, xero))
        draft.settle(perfex)
        return
    merged = _merged(draft, entity, link, moved_on, perfex, xero)
    if merged.asks:
        ask_about(draft, link, perfex, xero, merged, in_xero=moved_on[Side.XERO])
    elif merged.to_xero:
        plan_update(draft, link, perfex, xero, merged.to_xero, "changed_in_perfex")
    else:
        if merged.adopted:
            draft.rebased.append(rebase(_agreed(link, merged.adopted), perfex, xero))
        draft.settle(perfex, xero)


def _merged(
    draft: Draft,
    entity: Entity,
    link: Link,
    moved_on: Mapping[Side, frozenset[str]],
    perfex: Mirror,
    xero: Mirror,
) -> Merged:
    direction = draft.books.direction(entity)
    same = _same(draft, entity, perfex, xero)
    return _spare_accepted(link, merge(entity, direction, link.born_on, moved_on, same))


def _agreed(link: Link, facets: frozenset[str]) -> Link:
    """Without the accepted differences of facets in which both sides agree by now."""
    over = {f"{ACCEPTED}{name}" for name in facets}
    left = {name: pair for name, pair in link.declared.items() if name not in over}
    return msgspec.structs.replace(link, declared=left)


def _spare_accepted(link: Link, merged: Merged) -> Merged:
    """What a person chose to keep in Xero is not overwritten by a later Perfex edit unasked."""
    kept = frozenset(name for name in merged.to_xero if f"{ACCEPTED}{name}" in link.declared)
    if not kept:
        return merged
    return replace(merged, to_xero=merged.to_xero - kept, conflicts=merged.conflicts | kept)


def _same(draft: Draft, entity: Entity, perfex: Mirror, xero: Mirror) -> Callable[[str], bool]:
    """Equal means equal after encoding to Xero; what cannot be encoded is equal to nothing."""
    wanted: dict[str, object] = {}
    held = entity.facets_of(xero.record, Side.XERO)

    def same(facet: str) -> bool:
        if not wanted:
            wanted.update(_shown(draft, entity, perfex), **{"": None})
        return facet in wanted and wanted[facet] == held.get(facet)

    return same


def _shown(draft: Draft, entity: Entity, perfex: Mirror) -> Mapping[str, object]:
    if entity.shown_on_xero is None:
        return {}
    try:
        return entity.shown_on_xero(perfex.record, draft.books)
    except (Held, Waiting):
        return {}
