"""Rows of a list become mirrors; what is missing is asked for before it is believed gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from xero_bridge.core.entity import Entity
from xero_bridge.core.plan import GuardStop
from xero_bridge.core.record import Absent, Key, Record, Seen, Unreadable
from xero_bridge.core.remote import Entry
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.engine.context import Context
from xero_bridge.engine.hiding import hidden

#: Records opened and stored at a time, so that a crash loses little.
CHUNK = 50
#: Records whose absence is confirmed by id in one run; the rest waits for the next.
CONFIRMED_AT_ONCE = 50


@dataclass(kw_only=True)
class Pulled:
    """What a pull found out."""

    #: Kinds whose Xero records moved in this pull.
    moved: set[Kind] = field(default_factory=set)
    #: Kinds and sides read completely in this run, with the instant when reading began.
    complete: dict[tuple[Kind, Side], datetime] = field(default_factory=dict)
    #: Kinds of which records were used (`Entity.stirred_by`), and the parents of these.
    stirred: dict[tuple[Kind, Side], set[tuple[str, ...]]] = field(default_factory=dict)
    stops: list[GuardStop] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)


class Reading:
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
            store_entries(
                self.context, self.kind, self.side, fresh[start : start + CHUNK], self.pulled
            )
        self._drop_lost_parts(page, self.known)
        stamps = [entry.updated_at for entry in page if entry.updated_at]
        self.newest = max([*stamps, self.newest] if self.newest else stamps, default=None)

    def _drop_lost_parts(self, page: Sequence[Entry], known: Mapping[str, str]) -> None:
        """A document that came apart into fewer parts than before: the row says so itself."""
        codec = self.context.entities[self.kind].codec(self.side)
        if codec is None or codec.divide is None:
            return
        here = {entry.id for entry in page}
        lost = [
            Key(self.kind, self.side, id_)
            for id_ in known
            if "." in id_ and id_ not in here and id_.partition(".")[0] in here
        ]
        with self.context.store.atomically():
            self.context.store.mark_gone(lost)

    def confirm_absent(self) -> bool:
        """Believe that records are gone only after asking for them by id.

        False: the list is not believed at all.
        """
        known = (
            self.known if self.known is not None else self.context.store.rows(self.kind, self.side)
        )
        missing = [id_ for id_ in known if id_ not in self.ids]
        if missing and self.side is Side.PERFEX:
            spared = hidden(self.context, self.kind, missing)
            missing = [id_ for id_ in missing if id_ not in spared]
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


def store_entries(
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
    _note_stirred(context, kind, side, seen, pulled)
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


def _note_stirred(
    context: Context, kind: Kind, side: Side, seen: Sequence[Seen], pulled: Pulled
) -> None:
    """Which other records these tell to have been used."""
    for entity in context.entities.values():
        stir = entity.stirred_by
        if stir is None or stir.kind is not kind:
            continue
        known = context.store.mirrors(kind, side, [found.key.id for found in seen])
        for found in seen:
            before = known.get(found.key.id)
            part = stir.part(found.record)
            if part != stir.part(before.record) if before else part:
                parents = pulled.stirred.setdefault((entity.kind, side), set())
                parents.add(parents_of(entity, found.record))


def parents_of(entity: Entity, record: Record) -> tuple[str, ...]:
    """The ids of the kind's parents, as this record names them."""
    return tuple(getattr(record, name) for name in entity.parents)


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
