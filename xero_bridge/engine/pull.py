"""Pull: fetch what changed into the mirrors. Cursors move only after the last page was stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from xero_bridge.core.entity import Codec, Entity
from xero_bridge.core.plan import GuardStop, Question
from xero_bridge.core.ports import Cursor
from xero_bridge.core.record import Absent, Key, Seen, Unreadable
from xero_bridge.core.remote import Entry
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.engine.context import Context

#: A cursor is asked again with this overlap: whether Xero compares with > or >= is not documented.
OVERLAP = timedelta(minutes=2)
#: Records opened and stored at a time, so that a crash loses little.
CHUNK = 50
#: Records whose absence is confirmed by id in one run; the rest waits for the next.
CONFIRMED_AT_ONCE = 50

#: Documents read again in one run, because their lines may have changed unseen.
DEEP_AT_ONCE = 50
_DEEP_EVERY = timedelta(hours=20)
_RECENT = timedelta(days=90)

_CADENCE = {"hourly": timedelta(hours=1), "daily": timedelta(hours=24)}
_FULL_EVERY = timedelta(hours=24)
_LONG_LIST_EVERY = timedelta(days=7)


@dataclass(kw_only=True)
class Pulled:
    """What a pull found out."""

    #: Kinds whose Xero records moved in this pull.
    moved: set[Kind] = field(default_factory=set)
    #: Kinds and sides read completely in this run, with the instant when reading began.
    complete: dict[tuple[Kind, Side], datetime] = field(default_factory=dict)
    stops: list[GuardStop] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)


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
        for side in Side:
            codec = entity.codec(side)
            if codec is not None and _is_due(context, entity, side, codec, pulled):
                _pull_list(context, entity, side, codec, pulled)
                if side is Side.XERO:
                    _list_open(context, entity.kind, codec, pulled)
                if codec.detail:
                    _look_deeper(context, entity.kind, side, pulled)
    _ask_about_unreadable(context, pulled)
    return pulled


def _is_due(context: Context, entity: Entity, side: Side, codec: Codec, pulled: Pulled) -> bool:
    cursor = context.store.cursor(entity.kind, side)
    if cursor is None or cursor.read_at is None or codec.cadence == "poll":
        return True
    if codec.cadence == "hourly" and (
        Kind.INVOICE in pulled.moved or (context.scope.by_person and _is_followed(context, entity))
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
    reading = _Reading(context, entity.kind, side, pulled)
    for page in context.remote(side).entries(entity.kind, since):
        reading.take(page)
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


def _since(cursor: Cursor, codec: Codec, now: datetime) -> datetime | None:
    """From when on to ask; None reads everything (first time, no cursor on this list, nightly)."""
    if not codec.since or cursor.at is None or cursor.full_at is None:
        return None
    # A short unpaged list shows deletions only when it is read whole; a long one is read whole
    # now and then, because some edits in Xero do not move UpdatedDateUTC.
    if now - cursor.full_at >= (_LONG_LIST_EVERY if codec.paged else _FULL_EVERY):
        return None
    return cursor.at - OVERLAP


class _Reading:
    """One list being read: which rows are new, what was seen."""

    def __init__(self, context: Context, kind: Kind, side: Side, pulled: Pulled) -> None:
        self.context = context
        self.kind = kind
        self.side = side
        self.pulled = pulled
        self.known: dict[str, str] | None = None
        self.ids: set[str] = set()
        self.newest: datetime | None = None

    def take(self, page: Sequence[Entry]) -> None:
        """Open and store the rows of a page that differ from what is stored."""
        if self.known is None:
            self.known = self.context.store.rows(self.kind, self.side)
        fresh = [
            entry
            for entry in page
            if entry.id not in self.ids and self.known.get(entry.id) != entry.row
        ]
        self.ids.update(entry.id for entry in page)
        for start in range(0, len(fresh), CHUNK):
            _store(self.context, self.kind, self.side, fresh[start : start + CHUNK], self.pulled)
        stamps = [entry.updated_at for entry in page if entry.updated_at]
        self.newest = max([*stamps, self.newest] if self.newest else stamps, default=None)

    def confirm_absent(self) -> bool:
        """Believe that records are gone only after asking for them by id.

        False: the list is not believed at all.
        """
        known = (
            self.known if self.known is not None else self.context.store.rows(self.kind, self.side)
        )
        missing = [id_ for id_ in known if id_ not in self.ids]
        if not missing:
            return True
        if not self.ids and not self._emptying_is_approved(len(missing)):
            self.pulled.stops.append(self._emptied(len(missing)))
            return False
        gone = [
            found.key
            for found in self.context.remote(self.side).read(self.kind, missing[:CONFIRMED_AT_ONCE])
            if isinstance(found, Absent)
        ]
        with self.context.store.atomically():
            self.context.store.mark_gone(gone)
        return True

    def _emptying_is_approved(self, count: int) -> bool:
        stop = self._emptied(count)
        return any(approval.covers(stop) for approval in self.context.store.approvals())

    def _emptied(self, count: int) -> GuardStop:
        entity = self.context.entities[self.kind]
        details = {
            "side": self.side.value.capitalize(),
            "plural": entity.plural,
            "count": str(count),
        }
        return GuardStop(guard="side_empty", details=details, count=count, typed="GONE")


def _store(
    context: Context, kind: Kind, side: Side, entries: Sequence[Entry], pulled: Pulled
) -> None:
    """Open rows and store what they are."""
    seen: list[Seen] = []
    gone: list[Key] = []
    for found in context.remote(side).open(kind, entries):
        match found:
            case Seen():
                seen.append(found)
            case Absent():
                gone.append(found.key)
            case Unreadable():
                pulled.unreadable.append(found)
    seen = _newer(context, kind, side, seen)
    _watch_stamps(context, kind, side, seen, pulled)
    with context.store.atomically():
        if context.store.save_seen(seen, context.clock.now()) and side is Side.XERO:
            pulled.moved.add(kind)
        context.store.mark_gone(gone)


def _newer(context: Context, kind: Kind, side: Side, seen: Sequence[Seen]) -> list[Seen]:
    """Without what is older than the mirror: a list may lag behind the answer to our own write."""
    stamped = [found.key.id for found in seen if found.updated_at]
    mirrors = context.store.mirrors(kind, side, stamped) if stamped else {}
    known = {id_: mirror.updated_at for id_, mirror in mirrors.items() if mirror.updated_at}
    return [
        found
        for found in seen
        if found.updated_at is None or found.updated_at >= known.get(found.key.id, found.updated_at)
    ]


def _list_open(context: Context, kind: Kind, codec: Codec, pulled: Pulled) -> None:
    """Read what is still open once a night: not every edit in Xero moves its stamp."""
    cursor = context.store.cursor(kind, Side.XERO)
    if cursor is None or cursor.full_at is None or not _has_open_list(codec):
        return
    name, now = f"open_listed:{kind}", context.clock.now()
    noted = context.store.facts().get(name)
    listed_at = datetime.fromisoformat(noted) if noted else cursor.full_at
    if now - max(listed_at, cursor.full_at) < _DEEP_EVERY:
        return
    reading = _Reading(context, kind, Side.XERO, pulled)
    for page in context.xero.open_entries(kind):
        reading.take(page)
    with context.store.atomically():
        context.store.remember(name, now.isoformat())


def _has_open_list(codec: Codec) -> bool:
    return any(form.open_query for form in (codec, *codec.also))


def _look_deeper(context: Context, kind: Kind, side: Side, pulled: Pulled) -> None:
    """Read documents again whose lines may have changed while their totals stayed the same.

    Perfex has no updated-at, and its lists show no lines: unpaid and recent documents are read
    again within a day, the others in turn.
    """
    now = context.clock.now()
    recent = (now - _RECENT).date()
    ids = context.store.stale(kind, side, now - _DEEP_EVERY, recent, DEEP_AT_ONCE)
    if not ids:
        ids = context.store.stale(kind, side, now - _RECENT, None, DEEP_AT_ONCE // 5)
    entries = [Entry(id=id_, row="", raw=b"") for id_ in ids]
    for start in range(0, len(entries), CHUNK):
        _store(context, kind, side, entries[start : start + CHUNK], pulled)


def _watch_stamps(
    context: Context, kind: Kind, side: Side, seen: Sequence[Seen], pulled: Pulled
) -> None:
    """Another creation stamp under a known id is another record: a backup was probably restored."""
    stamped = {found.key.id: found.stamp for found in seen if found.stamp}
    links = context.store.links(kind, side, stamped) if side is Side.PERFEX else {}
    odd = [id_ for id_, link in links.items() if link.stamp and link.stamp != stamped[id_]]
    if odd:
        pulled.stops.append(
            GuardStop(
                guard="restored_backup",
                details={"count": str(len(odd)), "ids": ", ".join(odd[:5])},
                count=len(odd),
                final=True,
            )
        )


def _pull_records(context: Context, keys: Iterable[Key], pulled: Pulled) -> None:
    """Read single records, their counterparts and their parents."""
    waiting = list(keys)
    read: set[Key] = set()
    while waiting:
        key = waiting.pop()
        if key in read or context.entities[key.kind].codec(key.side) is None:
            continue
        read.add(key)
        _store(context, key.kind, key.side, [Entry(id=key.id, row="", raw=b"")], pulled)
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
