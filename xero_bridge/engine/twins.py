"""Twins: unlinked records of Perfex that a record of Xero may already be."""

from __future__ import annotations

from collections import defaultdict

from xero_bridge.core.entity import Agreement, Entity
from xero_bridge.core.errors import Held, Waiting
from xero_bridge.core.record import Mirror
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.engine.draft import Draft
from xero_bridge.engine.matching import MOST, Candidate


def twins_of(draft: Draft, entity: Entity, xero: Mirror) -> list[Candidate]:
    """The Perfex records that share a key with it and agree in some way, the best first."""
    if entity.fit is None:
        return []
    index = _index(draft, entity)
    found = {
        mirror.key: mirror
        for key in entity.keys(xero.record, Side.XERO)
        for mirror in index.get(key, ())
        if mirror.key not in draft.books.born
    }
    candidates = []
    for mirror in found.values():
        try:
            fit = entity.fit(mirror, xero, draft.books)
        except (Held, Waiting):
            continue
        if fit.agreement is not Agreement.NO:
            candidates.append((mirror, fit))
    return sorted(candidates, key=lambda pair: -pair[1].score)[:MOST]


def _index(draft: Draft, entity: Entity) -> dict[str, list[Mirror]]:
    kept: dict[Kind, dict[str, list[Mirror]]] = draft.twins
    if entity.kind not in kept:
        by_key: dict[str, list[Mirror]] = defaultdict(list)
        for mirror in draft.context.store.unlinked(entity.kind, Side.PERFEX):
            if not mirror.gone and not mirror.record.closed:
                for key in entity.keys(mirror.record, Side.PERFEX):
                    by_key[key].append(mirror)
        kept[entity.kind] = by_key
    return kept[entity.kind]
