"""Contacts that somebody merged in Xero: the link follows to the one that is left."""

from __future__ import annotations

import msgspec

from xero_bridge.core.entity import Entity
from xero_bridge.core.record import Key, Link, Mirror
from xero_bridge.core.vocabulary import Side
from xero_bridge.engine.draft import Draft
from xero_bridge.engine.removing import Pair


def is_led(draft: Draft, entity: Entity, link: Link) -> bool:
    """Whether another link to the same contact leads, and alone writes its fields.

    A customer leads before a vendor, among customers the one that was there first.
    """
    if not link.leads:
        return True
    shared = entity.shares
    return shared is not None and draft.books.is_linked(Key(shared, Side.XERO, link.xero_id))


def follow_merge(draft: Draft, pair: Pair) -> bool:
    """Link the customer to the contact that its own was merged into; nothing is written.

    False: it was not merged, or the other contact is not there or archived itself.
    """
    kept = _kept(draft, pair.xero)
    if kept is None:
        return False
    kind = pair.entity.kind
    leader = draft.context.store.links(kind, Side.XERO, [kept.key.id]).get(kept.key.id)
    link = msgspec.structs.replace(
        pair.link,
        xero_id=kept.key.id,
        leads=(leader is None or not leader.leads) and kept.key not in draft.taken,
        base_perfex=pair.perfex.record,
        base_xero=kept.record,
    )
    draft.taken.add(kept.key)
    draft.rebased.append(link)
    if link.leads:
        draft.settle(kept)
    draft.settle(pair.perfex, pair.xero)
    draft.books.adopt(kind, pair.perfex.key.id, kept.key.id)
    if leader is not None:
        draft.books.adopt(kind, leader.perfex_id, kept.key.id)
    return True


def _kept(draft: Draft, merged: Mirror) -> Mirror | None:
    """The contact at the end of the chain of merges."""
    seen = {merged.key.id}
    wanted: str = getattr(merged.record, "merged_into", "")
    while wanted and wanted not in seen:
        seen.add(wanted)
        key = merged.key
        found = draft.context.store.mirrors(key.kind, key.side, [wanted]).get(wanted)
        if found is None or found.gone:
            return None
        if not found.record.closed:
            return found
        wanted = getattr(found.record, "merged_into", "")
    return None
