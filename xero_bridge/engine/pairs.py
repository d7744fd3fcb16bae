"""Linked records: the three-way merge of each, every side against its own base."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import msgspec

from xero_bridge.core.entity import Entity, Owner
from xero_bridge.core.errors import Held, Waiting
from xero_bridge.core.merge import Merged, merge
from xero_bridge.core.record import Link, Mirror
from xero_bridge.core.vocabulary import Side
from xero_bridge.engine.bases import ACCEPTED, moved_since, rebase
from xero_bridge.engine.by_hand import unfollowed
from xero_bridge.engine.closing import decide_closed, is_closed
from xero_bridge.engine.conflict import ask_about
from xero_bridge.engine.credits import ask_about_credits
from xero_bridge.engine.draft import Draft
from xero_bridge.engine.merging import is_led
from xero_bridge.engine.unanswered import with_unanswered
from xero_bridge.engine.updating import plan_updates


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
    if is_led(draft, entity, link):
        draft.rebased.append(rebase(link, perfex, xero))
        # The leading record of the same kind settles the contact.
        draft.settle(perfex, *([xero] if link.leads else []))
        return
    link = with_unanswered(draft, entity, link, perfex, xero)
    moved_on = {
        Side.PERFEX: _moved(entity, link, perfex),
        Side.XERO: _moved(entity, link, xero),
    }
    link, waits = ask_about_credits(draft, link, perfex, xero)
    merged = _merged(draft, entity, link, moved_on, perfex, xero)
    if merged.asks:
        ask_about(draft, link, perfex, xero, merged, in_xero=moved_on[Side.XERO])
    elif merged.to_xero or merged.to_perfex:
        plan_updates(draft, link, perfex, xero, merged)
    else:
        if merged.adopted:
            draft.rebased.append(rebase(_agreed(link, merged.adopted), perfex, xero))
        if not waits:
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
    begun = _begun(draft, entity, link, perfex, xero)
    owner = Owner(draft.context.settings.owner.get(entity.kind, Owner.BIRTH))
    merged = merge(entity, direction, link.born_on, moved_on, same, begun, owner)
    stuck = unfollowed(draft, entity, link, perfex, xero, merged.to_perfex)
    merged = replace(
        merged, to_perfex=merged.to_perfex - stuck, unfollowed=merged.unfollowed | stuck
    )
    return _spare_accepted(link, merged)


def _moved(entity: Entity, link: Link, mirror: Mirror) -> frozenset[str]:
    """What a side changed, without what each side keeps its own of."""
    return moved_since(entity, link, mirror) - _own(entity, link)


def _own(entity: Entity, link: Link) -> frozenset[str]:
    """A number that Perfex gave to an invoice of Xero is not the one that it has there."""
    perfex, xero = link.base_perfex, link.base_xero
    if perfex is None or xero is None:
        return frozenset()
    return frozenset(
        name
        for name, facet in entity.facets.items()
        if facet.own and facet.get(perfex) != facet.get(xero)
    )


def _agreed(link: Link, facets: frozenset[str]) -> Link:
    """Without the accepted differences of facets in which both sides agree by now."""
    over = {f"{ACCEPTED}{name}" for name in facets}
    left = {name: pair for name, pair in link.declared.items() if name not in over}
    return msgspec.structs.replace(link, declared=left)


def _spare_accepted(link: Link, merged: Merged) -> Merged:
    """What a person chose to keep is not overwritten by a later edit of the other side unasked."""
    kept = frozenset(
        name for name in merged.to_xero | merged.to_perfex if f"{ACCEPTED}{name}" in link.declared
    )
    return replace(
        merged,
        to_xero=merged.to_xero - kept,
        to_perfex=merged.to_perfex - kept,
        conflicts=merged.conflicts | kept,
    )


def _same(draft: Draft, entity: Entity, perfex: Mirror, xero: Mirror) -> Callable[[str], bool]:
    """Equal means equal after encoding to either side; what cannot be encoded equals nothing."""
    pairs = ((perfex, xero), (xero, perfex))
    wanted: dict[Side, Mapping[str, object]] = {}

    def same(facet: str) -> bool:
        for source, target in pairs:
            side = target.key.side
            if side not in wanted:
                wanted[side] = _shown(draft, entity, source, side)
            if facet in wanted[side] and wanted[side][facet] == _value(entity, facet, target):
                return True
        return False

    return same


def _begun(
    draft: Draft, entity: Entity, link: Link, perfex: Mirror, xero: Mirror
) -> Callable[[str], bool]:
    """Whether Xero shows a part of what Perfex shows, and nothing else."""

    def begun(facet: str) -> bool:
        judge, base = entity.facets[facet].begun, link.base_xero
        if judge is None or base is None:
            return False
        wanted = _shown(draft, entity, perfex, Side.XERO)
        get = entity.facets[facet].get
        return facet in wanted and judge(get(base), get(xero.record), wanted[facet])

    return begun


def _value(entity: Entity, facet: str, mirror: Mirror) -> object:
    return entity.facets[facet].get(mirror.record)


def _shown(draft: Draft, entity: Entity, source: Mirror, side: Side) -> Mapping[str, object]:
    try:
        return entity.shown_on(side, source.record, draft.books)
    except (Held, Waiting):
        return {}
