"""Updates of linked records: what is written, and how both versions read for a person."""

from __future__ import annotations

import msgspec

from xero_bridge.core.entity import Encoding, Entity
from xero_bridge.core.merge import Merged
from xero_bridge.core.plan import Change
from xero_bridge.core.record import Link, Mirror
from xero_bridge.core.vocabulary import Side, Verb
from xero_bridge.engine.bases import accepted, rebase_part
from xero_bridge.engine.by_hand import by_hand, is_left
from xero_bridge.engine.draft import Draft
from xero_bridge.engine.making import make_action
from xero_bridge.engine.obstacles import hold_back, is_locked, was_refused
from xero_bridge.engine.reading_back import waits_for_read_back
from xero_bridge.engine.wording import facet_words, text


def plan_updates(
    draft: Draft, link: Link, perfex: Mirror, xero: Mirror, merged: Merged, reason: str = ""
) -> bool:
    """Plan what a merge asks to write on either side. True: something is written.

    What an API cannot write is asked of a person. Where more than one of these waits or is
    written, the bases move on part by part, so that nothing of either side is lost.
    """
    entity = draft.entity(link.kind)
    hand = by_hand(draft, entity, perfex, xero, merged.to_perfex)
    to = {Side.XERO: merged.to_xero, Side.PERFEX: merged.to_perfex - hand}
    later = _later(entity, to[Side.XERO])
    to[Side.XERO] -= later
    part = bool(hand or later) or all(to.values())
    agreed = merged.adopted if part else frozenset()
    if hand and is_left(draft, entity, link, perfex, xero, hand):
        link, agreed = accepted(entity, link, perfex, xero, hand), agreed | hand
    if agreed:
        link = rebase_part(entity, link, perfex, xero, agreed)
        draft.rebased.append(link)
    if hand <= agreed and not any(to.values()):
        draft.settle(perfex, xero)
    planned = False
    for side, facets in to.items():
        why = reason or f"changed_in_{side.other}"
        if facets:
            planned |= plan_update(draft, link, perfex, xero, facets, why, side=side, part=part)
    return planned


def _later(entity: Entity, facets: frozenset[str]) -> frozenset[str]:
    """What takes a call of its own, while others have to be written first."""
    apart = frozenset(name for name in facets if entity.facets[name].apart)
    return apart if facets - apart else frozenset()


def plan_update(
    draft: Draft,
    link: Link,
    perfex: Mirror,
    xero: Mirror,
    facets: frozenset[str],
    reason: str,
    *,
    side: Side = Side.XERO,
    part: bool = False,
) -> bool:
    """Plan an update of one side, if the result can be written at all; otherwise say why not."""
    entity = draft.entity(link.kind)
    source, target = (perfex, xero) if side is Side.XERO else (xero, perfex)
    codec = entity.codec(side)
    if codec is None or codec.update is None:
        draft.wait(source, "cannot_write", {"side": side.capitalize(), "kind": entity.singular})
        return False
    if not _may_write(draft, entity, perfex, xero, side, facets):
        return False
    outcome = draft.books.try_encode(codec.update, _encoding(link, source, target, facets, reason))
    if not outcome.ok:
        hold_back(draft, source, outcome)
        return False
    if was_refused(draft, source, target, outcome.digest):
        return False
    action = make_action(
        entity.kind,
        Verb.UPDATE,
        side,
        reason,
        source,
        target,
        facets=facets,
        changes=_changes(entity, link, source, target, facets),
        parents=outcome.parents,
    )
    draft.actions.append(msgspec.structs.replace(action, part=part))
    return True


def _may_write(
    draft: Draft,
    entity: Entity,
    perfex: Mirror,
    xero: Mirror,
    side: Side,
    facets: frozenset[str],
) -> bool:
    """Whether the period is open in Xero, or what was written to Perfex before can be seen."""
    if side is Side.XERO:
        dated = all(entity.facets[name].dated for name in facets)
        return dated or not is_locked(draft, entity, perfex, xero)
    if waits_for_read_back(draft, perfex):
        draft.wait(xero, "waits_for_read_back")
        return False
    return True


def _encoding(
    link: Link, source: Mirror, target: Mirror, facets: frozenset[str], reason: str
) -> Encoding:
    return Encoding(
        source=source.record,
        source_id=source.key.id,
        target=target.record,
        target_id=target.key.id,
        facets=facets,
        roles=link.roles,
        base=None if reason == "answered" else link.base_on(source.key.side),
    )


def _changes(
    entity: Entity, link: Link, source: Mirror, target: Mirror, facets: frozenset[str]
) -> tuple[Change, ...]:
    before = link.base_on(source.key.side) or target.record
    return tuple(
        Change(
            facet=facet_words(entity, name),
            before=text(entity, name, before),
            after=text(entity, name, source.record),
        )
        for name in sorted(facets)
    )
