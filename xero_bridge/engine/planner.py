"""Plan: a pure decision over mirrors, links, settings and answers; it sends nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from xero_bridge.core.entity import Entity
from xero_bridge.core.plan import Action, Cost, Plan
from xero_bridge.core.record import Key, Link, Mirror
from xero_bridge.core.vocabulary import Kind, Side, Verb
from xero_bridge.engine.births import decide_births
from xero_bridge.engine.books import LedgerBooks
from xero_bridge.engine.context import Context
from xero_bridge.engine.draft import Draft
from xero_bridge.engine.pairs import decide_pair
from xero_bridge.engine.payments import pair_payments


def make_plan(context: Context, now: datetime) -> Plan:
    """What the run would do, from the mirrors as they are; nothing is changed by making it."""
    draft = Draft(
        context=context,
        books=LedgerBooks(context),
        now=now,
        answers=context.store.answers(),
        asked=context.store.asked(),
        unfinished=frozenset(row.source for row in context.store.unfinished()),
    )
    for entity in context.entities.values():
        if context.scope.covers(entity.kind):
            _plan_kind(draft, entity)
    return draft.plan(cost_of(context.entities, draft.actions))


def _plan_kind(draft: Draft, entity: Entity) -> None:
    dirty = _in_scope(draft, entity, draft.context.store.dirty(entity.kind))
    if not dirty:
        return
    links = _links(draft, entity.kind, dirty)
    _prefetch_parents(draft, entity, dirty)
    births = [mirror for mirror in dirty if mirror.key not in links]
    for link, perfex, xero in _pairs(draft, entity, dirty, links):
        decide_pair(draft, entity, link, perfex, xero)
        draft.share(*(mirror for mirror in (perfex, xero) if mirror))
    births = [mirror for mirror in births if mirror.key not in draft.taken]
    if entity.kind is Kind.PAYMENT:
        births = pair_payments(draft, births)
    decide_births(draft, entity, births)


def _in_scope(draft: Draft, entity: Entity, dirty: list[Mirror]) -> list[Mirror]:
    """A run about single records plans those, their counterparts and parents, and their twins.

    A twin is an unlinked Perfex record that a named Xero record may be: without it the Xero one
    would look as if it existed on its side only.
    """
    if not draft.context.scope.records:
        return dirty
    named = [mirror for mirror in dirty if mirror.key in draft.context.related]
    keys = {
        key
        for mirror in named
        if mirror.key.side is Side.XERO
        for key in entity.keys(mirror.record, Side.XERO)
    }
    twins = [
        mirror
        for mirror in dirty
        if mirror.key.side is Side.PERFEX
        and mirror.key not in draft.context.related
        and not keys.isdisjoint(entity.keys(mirror.record, Side.PERFEX))
    ]
    return [*named, *twins]


def _links(draft: Draft, kind: Kind, dirty: Sequence[Mirror]) -> dict[Key, Link]:
    found: dict[Key, Link] = {}
    for side in Side:
        ids = [mirror.key.id for mirror in dirty if mirror.key.side is side]
        links = draft.context.store.links(kind, side, ids) if ids else {}
        found |= {Key(kind, side, id_): link for id_, link in links.items()}
    draft.books.know(found.values())
    return found


def _prefetch_parents(draft: Draft, entity: Entity, dirty: Sequence[Mirror]) -> None:
    for name, kind in entity.parents.items():
        for side in Side:
            ids = {getattr(m.record, name) for m in dirty if m.key.side is side}
            draft.books.prefetch(kind, side, ids)


def _pairs(
    draft: Draft, entity: Entity, dirty: Sequence[Mirror], links: Mapping[Key, Link]
) -> list[tuple[Link, Mirror | None, Mirror | None]]:
    """Every link that one of the dirty mirrors belongs to, once, with both its mirrors."""
    touched = {
        (link.perfex_id, link.xero_id): link
        for mirror in dirty
        if (link := links.get(mirror.key)) is not None
    }
    known = {mirror.key: mirror for mirror in dirty}
    for side in Side:
        missing = [
            link.id_on(side)
            for link in touched.values()
            if Key(entity.kind, side, link.id_on(side)) not in known and link.id_on(side)
        ]
        kind = entity.xero_kind or entity.kind if side is Side.XERO else entity.kind
        mirrors = draft.context.store.mirrors(kind, side, missing) if missing else {}
        known |= {Key(entity.kind, side, id_): mirror for id_, mirror in mirrors.items()}
    return [
        (
            link,
            known.get(Key(entity.kind, Side.PERFEX, link.perfex_id)),
            known.get(Key(entity.kind, Side.XERO, link.xero_id)),
        )
        for link in touched.values()
    ]


def cost_of(entities: Mapping[Kind, Entity], actions: Sequence[Action]) -> Cost:
    """Calls that applying these actions takes."""
    counts: dict[tuple[Kind, Verb, Side], int] = {}
    for action in actions:
        if action.verb.writes:
            where = (action.kind, action.verb, action.side)
            counts[where] = counts.get(where, 0) + 1
    xero = sum(_calls(entities, where, n) for where, n in counts.items() if where[2] is Side.XERO)
    perfex = sum(n * 2 for where, n in counts.items() if where[2] is Side.PERFEX)
    # The organisation is read once before writing, and the targets of updates in one call a kind.
    checks = {where[0] for where in counts if where[1] is not Verb.CREATE and where[2] is Side.XERO}
    return Cost(xero=xero + len(checks) + bool(xero or perfex), perfex=perfex)


def _calls(entities: Mapping[Kind, Entity], where: tuple[Kind, Verb, Side], count: int) -> int:
    kind, verb, _side = where
    codec = entities[kind].xero
    size = codec.batch if codec and verb is Verb.CREATE else 1
    return -(-count // size)
