"""Updates without an answer: what one side then shows of ours is no edit of its people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from xero_bridge.core.entity import Entity
from xero_bridge.core.errors import Held, Waiting
from xero_bridge.core.record import Key, Link, Mirror, Record
from xero_bridge.core.vocabulary import Side, Verb
from xero_bridge.engine.bases import advanced
from xero_bridge.engine.context import Context
from xero_bridge.engine.draft import Draft
from xero_bridge.engine.outcome import Sent
from xero_bridge.engine.reading_back import is_unseen


def note_sent(context: Context, sent: Sequence[Sent]) -> None:
    """Before an update goes out: remember the record that it is made from."""
    with context.store.atomically():
        for one in sent:
            target = one.action.on(one.action.side)
            if one.action.verb is Verb.UPDATE and target is not None and not one.payload.adds:
                source = one.mirrors[one.action.side.other].record
                context.store.remember(_name(target), msgspec.json.encode(source).decode())


def note_answered(context: Context, sent: Sequence[Sent]) -> None:
    """An answer was taken in: nothing has to be guessed any more, unless it shows an older state.

    Nor of the other side, whose bases have moved on by then, unless it is written too.
    """
    keys: list[Key] = []
    for one in sent:
        target = one.action.on(one.action.side)
        if target is None or is_unseen(context, target):
            continue
        if one.action.verb is Verb.UPDATE and not one.payload.adds:
            sides = [one.action.side] if one.action.part else list(Side)
            keys += [key for side in sides if (key := one.action.on(side)) is not None]
    with context.store.atomically():
        forget(context, keys)


def forget(context: Context, keys: Iterable[Key]) -> None:
    """These records are as both sides agree: what they show from now on, people have entered."""
    facts = context.store.facts()
    for name in dict.fromkeys(_name(key) for key in keys):
        if facts.get(name):
            context.store.remember(name, "")


def with_unanswered(draft: Draft, entity: Entity, link: Link, perfex: Mirror, xero: Mirror) -> Link:
    """The link, its bases moved on in the facets that a side shows as we sent them to it."""
    for target in (xero, perfex):
        noted = draft.facts.get(_name(target.key))
        if noted:
            source = msgspec.json.decode(noted, type=entity.record)
            link = _agreed(draft, entity, link, source, target)
    return link


def _agreed(draft: Draft, entity: Entity, link: Link, source: Record, target: Mirror) -> Link:
    side = target.key.side
    try:
        sent = entity.shown_on(side, source, draft.books)
    except (Held, Waiting):
        return link
    now, base = entity.facets_of(target.record, side), link.base_on(side)
    before = entity.facets_of(base, side) if base else {}
    ours = frozenset(
        name
        for name, value in sent.items()
        if name in now and now[name] == value and before.get(name) != value
    )
    if not ours:
        return link
    moved = {side: target.record, side.other: source}
    link = msgspec.structs.replace(
        link,
        base_perfex=advanced(entity, link.base_perfex, moved[Side.PERFEX], ours),
        base_xero=advanced(entity, link.base_xero, moved[Side.XERO], ours),
    )
    draft.rebased.append(link)
    return link


def _name(key: Key) -> str:
    return f"unanswered:{key}"
