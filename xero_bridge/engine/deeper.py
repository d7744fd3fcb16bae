"""What no list tells: documents that are read again in turn, because an edit may not show."""

from __future__ import annotations

from datetime import datetime, timedelta

from xero_bridge.core.entity import Codec, Entity
from xero_bridge.core.remote import Entry
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.engine.context import Context
from xero_bridge.engine.reading import CHUNK, Pulled, Reading, parents_of, store_entries

_DEEP_EVERY = timedelta(hours=20)
#: Younger documents, and unpaid ones, are read again within a day.
RECENT = timedelta(days=90)
#: Documents read again in one run at least; more where the last run was long ago.
DEEP_AT_LEAST = 50


def list_open(context: Context, kind: Kind, codec: Codec, pulled: Pulled) -> None:
    """Read what is still open once a night: not every edit in Xero moves its stamp."""
    cursor = context.store.cursor(kind, Side.XERO)
    if cursor is None or cursor.full_at is None or not _has_open_list(codec):
        return
    name, now = f"open_listed:{kind}", context.clock.now()
    noted = context.store.facts().get(name)
    listed_at = datetime.fromisoformat(noted) if noted else cursor.full_at
    if now - max(listed_at, cursor.full_at) < _DEEP_EVERY:
        return
    reading = Reading(context, kind, Side.XERO, pulled)
    for page in context.xero.open_entries(kind):
        reading.take(page)
    with context.store.atomically():
        context.store.remember(name, now.isoformat())


def _has_open_list(codec: Codec) -> bool:
    return any(form.open_query for form in (codec, *codec.also))


def look_deeper(context: Context, kind: Kind, side: Side, pulled: Pulled) -> None:
    """Read documents again whose lines may have changed while their totals stayed the same.

    Perfex has no updated-at, and its lists show no lines: unpaid and recent documents are read
    again within a day, the others in turn.
    """
    now = context.clock.now()
    recent = (now - RECENT).date()
    most = _at_once(context, kind, now)
    ids = context.store.stale(kind, side, now - _DEEP_EVERY, recent, most)
    if not ids:
        ids = context.store.stale(kind, side, now - RECENT, None, DEEP_AT_LEAST // 5)
    entries = [Entry(id=id_, row="", raw=b"") for id_ in ids]
    for start in range(0, len(entries), CHUNK):
        store_entries(context, kind, side, entries[start : start + CHUNK], pulled)


def read_stirred(context: Context, entity: Entity, side: Side, pulled: Pulled) -> None:
    """Read records again that the lists cannot show to have moved, where others tell it.

    A credit that is applied in Perfex changes the invoice's row, but not that of the credit note.
    """
    parents = pulled.stirred.get((entity.kind, side), set())
    entries = [
        Entry(id=mirror.key.id, row="", raw=b"")
        for mirror in (context.store.mirrors_of(entity.kind, side) if parents else ())
        if not mirror.gone
        and mirror.seen_at < context.started_at
        and parents_of(entity, mirror.record) in parents
    ]
    for start in range(0, len(entries), CHUNK):
        store_entries(context, entity.kind, side, entries[start : start + CHUNK], pulled)


def _at_once(context: Context, kind: Kind, now: datetime) -> int:
    """How many documents may be read again now: a quarter of our calls for the time gone by.

    So thousands of them are read within a day, and no hour is used up by them.
    """
    name, hourly = f"deep_at:{kind}", context.settings.perfex_hourly
    noted = context.store.facts().get(name)
    with context.store.atomically():
        context.store.remember(name, now.isoformat())
    gone_by = now - datetime.fromisoformat(noted) if noted else timedelta()
    earned = int(hourly * (gone_by / timedelta(hours=1))) // 4
    return max(DEEP_AT_LEAST, min(earned, hourly // 2))
