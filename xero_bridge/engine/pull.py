"""Pull: fetch what changed into the mirrors. Cursors move only after the last page was stored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from xero_bridge.core.entity import Codec, Entity
from xero_bridge.core.errors import Refused
from xero_bridge.core.plan import Question
from xero_bridge.core.ports import Cursor
from xero_bridge.core.record import Key
from xero_bridge.core.remote import Entry
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.engine.context import Context
from xero_bridge.engine.deeper import list_open, look_deeper, read_stirred
from xero_bridge.engine.reading import Pulled, Reading, store_entries

#: A cursor is asked again with this overlap: whether Xero compares with > or >= is not documented.
OVERLAP = timedelta(minutes=2)
_CADENCE = {"hourly": timedelta(hours=1), "daily": timedelta(hours=24)}
_FULL_EVERY = timedelta(hours=24)
_LONG_LIST_EVERY = timedelta(days=7)


def pull(context: Context) -> Pulled:
    """Bring the mirrors up to date: lists, or only the records that the run was asked for."""
    pulled = Pulled()
    if context.scope.records:
        _pull_records(context, context.scope.records, pulled)
        return pulled
    for entity in context.entities.values():
        if not context.scope.covers(entity.kind) or not context.can_read(entity):
            continue
        context.note(phase=f"Reading {entity.plural}")
        try:
            _pull_kind(context, entity, pulled)
        except Refused:
            if not entity.needs:
                raise
            context.lose(entity.needs)
    _ask_about_unreadable(context, pulled)
    return pulled


def _pull_kind(context: Context, entity: Entity, pulled: Pulled) -> None:
    """Both sides of a kind, as far as they are due."""
    for side in Side:
        codec = entity.codec(side)
        if codec is not None and _is_due(context, entity, side, codec, pulled):
            _pull_list(context, entity, side, codec, pulled)
            if side is Side.XERO:
                list_open(context, entity.kind, codec, pulled)
            if codec.detail:
                look_deeper(context, entity.kind, side, pulled)
            if side is Side.PERFEX:
                read_stirred(context, entity, side, pulled)


def _is_due(context: Context, entity: Entity, side: Side, codec: Codec, pulled: Pulled) -> bool:
    cursor = context.store.cursor(entity.kind, side)
    if cursor is None or cursor.read_at is None or codec.cadence == "poll":
        return True
    if side is Side.XERO and any(row.kind is entity.kind for row in context.store.unfinished()):
        return True  # What was written without an answer is looked for in it.
    if codec.cadence == "hourly" and (
        (entity.kind, side) in pulled.stirred
        or (Kind.INVOICE in pulled.moved and Kind.INVOICE in entity.parents.values())
        or (context.scope.by_person and _is_followed(context, entity))
    ):
        return True
    return context.started_at - cursor.read_at >= _CADENCE[codec.cadence]


def _is_followed(context: Context, entity: Entity) -> bool:
    """Whether what happens to the kind in Xero is carried over: a person waits for it."""
    return context.direction(entity).follows(Side.XERO)


def _filter_of(context: Context, entity: Entity, side: Side) -> str:
    """What a cursor belongs to: another organisation or another form of record starts anew."""
    tenant = context.store.facts().get("tenant_id", "") if side is Side.XERO else ""
    return f"{tenant}:{','.join(sorted(entity.record.__struct_fields__))}"


def _pull_list(context: Context, entity: Entity, side: Side, codec: Codec, pulled: Pulled) -> None:
    begun = context.clock.now()
    wanted = _filter_of(context, entity, side)
    cursor = context.store.cursor(entity.kind, side)
    if cursor is None or cursor.filter != wanted:
        cursor = Cursor(kind=entity.kind, side=side, filter=wanted)
    since = _since(cursor, codec, begun)
    reading = Reading(context, entity.kind, side, pulled)
    sharing = [Reading(context, kind, side, pulled) for kind in _sharing(context, entity, side)]
    for page in context.remote(side).entries(entity.kind, since):
        reading.take(page)
        for other in sharing:
            other.take(page)
    pulled.complete |= {(other.kind, side): begun for other in sharing}
    if since is None and not reading.confirm_absent():
        return
    pulled.complete[entity.kind, side] = begun
    newest = max((at for at in (cursor.at, reading.newest) if at), default=None)
    with context.store.atomically():
        context.store.save_cursor(
            Cursor(
                kind=entity.kind,
                side=side,
                filter=wanted,
                at=newest,
                read_at=begun,
                full_at=begun if since is None else cursor.full_at,
            )
        )


def _sharing(context: Context, entity: Entity, side: Side) -> list[Kind]:
    """Kinds with the same Xero records: they learn from this list too, once they had one whole."""
    return [
        other.kind
        for other in context.entities.values()
        if other.shares is entity.kind
        and side is Side.XERO
        and context.can_read(other)
        and context.store.cursor(other.kind, side) is not None
    ]


def _since(cursor: Cursor, codec: Codec, now: datetime) -> datetime | None:
    """From when on to ask; None reads everything (first time, no cursor on this list, nightly)."""
    if not codec.since or cursor.at is None or cursor.full_at is None:
        return None
    # A short unpaged list shows deletions only when it is read whole; a long one is read whole
    # now and then, because some edits in Xero do not move UpdatedDateUTC.
    if now - cursor.full_at >= (_LONG_LIST_EVERY if codec.paged else _FULL_EVERY):
        return None
    return cursor.at - OVERLAP


def _pull_records(context: Context, keys: Iterable[Key], pulled: Pulled) -> None:
    """Read single records, their counterparts and their parents."""
    waiting = list(keys)
    read: set[Key] = set()
    while waiting:
        key = waiting.pop()
        if key in read or context.entities[key.kind].codec(key.side) is None:
            continue
        read.add(key)
        store_entries(context, key.kind, key.side, [Entry(id=key.id, row="", raw=b"")], pulled)
        with context.store.atomically():
            context.store.make_dirty([key])
        waiting.extend(relatives(context, key))
    context.related |= read


def relatives(context: Context, key: Key) -> list[Key]:
    """The record's counterpart on the other side and its parents on its own."""
    related = []
    link = context.store.links(key.kind, key.side, [key.id]).get(key.id)
    if link is not None:
        related.append(Key(key.kind, key.side.other, link.id_on(key.side.other)))
    mirror = context.store.mirrors(key.kind, key.side, [key.id]).get(key.id)
    if mirror is not None:
        for name, kind in context.entities[key.kind].parents.items():
            parent = getattr(mirror.record, name)
            if parent:
                related.append(Key(kind, key.side, parent))
    return related


def _ask_about_unreadable(context: Context, pulled: Pulled) -> None:
    """A record that cannot be decoded is said aloud, and the others go on."""
    questions = [
        Question(
            kind=found.key.kind,
            reason="unreadable",
            details={"id": found.key.id, "side": found.key.side.value, "message": found.message},
            perfex_id=found.key.id if found.key.side is Side.PERFEX else None,
            xero_id=found.key.id if found.key.side is Side.XERO else None,
            label=found.key.id,
        )
        for found in pulled.unreadable
    ]
    with context.store.atomically():
        looked_at = [found.key for found in pulled.unreadable]
        context.store.keep_questions(questions, looked_at, context.clock.now())
