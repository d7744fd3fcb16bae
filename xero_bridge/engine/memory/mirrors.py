"""Mirrors and links in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

import msgspec

from xero_bridge.core.plan import Version
from xero_bridge.core.record import Key, Link, Mirror, Seen
from xero_bridge.core.vocabulary import Kind, RecordState, Side
from xero_bridge.engine.memory.held import Noted, Part, about


class Books(Part):
    """The mirrors and links of one connection."""

    def rows(self, kind: Kind, side: Side) -> dict[str, str]:
        """Remote id -> hash of the list row, of all mirrors that are not gone."""
        live = (mirror for mirror in self.mirrors_of(kind, side) if not mirror.gone)
        return {mirror.key.id: self._held.rows[mirror.key] for mirror in live}

    def save_seen(self, seen: Iterable[Seen], now: datetime) -> int:
        """Store what was read, and return how many records changed."""
        latest = {one.key: one for one in seen}
        return sum(self._save_one(one, now) for one in latest.values())

    def _save_one(self, seen: Seen, now: datetime) -> bool:
        held = self._writing
        before = held.mirrors.get(seen.key)
        changed = before is None or _differs(before, seen)
        held.mirrors[seen.key] = Mirror(
            key=seen.key,
            record=seen.record,
            version=(before.version if before else 0) + changed,
            stamp=seen.stamp,
            mark=seen.mark,
            updated_at=seen.updated_at or (before.updated_at if before and not changed else None),
            first_seen_at=before.first_seen_at if before else now,
            seen_at=now,
        )
        kept = "" if changed else held.rows[seen.key]
        held.rows[seen.key] = seen.row or kept
        if changed:
            held.dirty[seen.key] = None
        return changed

    def touch_rows(self, kind: Kind, side: Side, rows: Mapping[str, str]) -> None:
        """Store new row hashes of mirrors whose record did not change."""
        for remote_id, row in rows.items():
            key = Key(kind, side, remote_id)
            if key in self._writing.mirrors:
                self._writing.rows[key] = row

    def stale(
        self, kind: Kind, side: Side, seen_before: datetime, dated_from: date | None, limit: int
    ) -> list[str]:
        """Ids of mirrors not read since, the longest unread first."""
        unread = [
            mirror
            for mirror in self.mirrors_of(kind, side)
            if not mirror.gone and mirror.seen_at < seen_before and _counts(mirror, dated_from)
        ]
        unread.sort(key=lambda mirror: mirror.seen_at)
        return [mirror.key.id for mirror in unread[:limit]]

    def mark_gone(self, keys: Iterable[Key]) -> None:
        """The side no longer has these records; they become dirty."""
        held = self._writing
        for key in keys:
            mirror = held.mirrors.get(key)
            if mirror and not mirror.gone:
                version = mirror.version + 1
                held.mirrors[key] = msgspec.structs.replace(mirror, gone=True, version=version)
                held.rows[key] = ""
                held.dirty[key] = None

    def mirrors(self, kind: Kind, side: Side, ids: Iterable[str]) -> dict[str, Mirror]:
        """The mirrors of these ids (gone ones too)."""
        found = ((one, self._held.mirrors.get(Key(kind, side, one))) for one in ids)
        return {remote_id: mirror for remote_id, mirror in found if mirror}

    def mirrors_of(self, kind: Kind, side: Side) -> Iterator[Mirror]:
        """All mirrors of a kind on one side, gone ones too."""
        everything = list(self._held.mirrors.values())
        return (one for one in everything if one.key.kind is kind and one.key.side is side)

    def unlinked(self, kind: Kind, side: Side) -> list[Mirror]:
        """Mirrors without a link, not gone."""
        linked = {link.id_on(side) for link in self.links_of(kind)}
        mirrors = self.mirrors_of(kind, side)
        return [one for one in mirrors if not one.gone and one.key.id not in linked]

    def dirty(self, kind: Kind) -> list[Mirror]:
        """Mirrors of both sides that the planner has to look at, linked or not."""
        wanted = dict.fromkeys([*self._held.dirty, *self._answered()])
        mirrors = (self._held.mirrors.get(key) for key in wanted if key.kind is kind)
        return [mirror for mirror in mirrors if mirror]

    def _answered(self) -> Iterator[Key]:
        for asked in self._held.questions.values():
            if asked.answer:
                yield from about(asked.question)

    def settle(self, versions: Iterable[Version]) -> None:
        """Clear the dirty flag where the mirror still has that version."""
        for one in versions:
            mirror = self._writing.mirrors.get(one.key)
            if mirror and mirror.version == one.version:
                self._writing.dirty.pop(one.key, None)

    def make_dirty(self, keys: Iterable[Key]) -> None:
        """Have the planner look at these records again."""
        held = self._writing
        held.dirty.update({key: None for key in keys if key in held.mirrors})

    def make_all_dirty(self, kind: Kind | None = None, *, linked: bool | None = None) -> None:
        """Have the planner look again at all records (of a kind; linked or unlinked ones only)."""
        tied = {Key(one.kind, side, one.id_on(side)) for one in self._links() for side in Side}
        self.make_dirty(
            key
            for key in self._held.mirrors
            if (kind is None or key.kind is kind) and (linked is None or (key in tied) is linked)
        )

    def find_marks(self, kind: Kind, side: Side, marks: Iterable[str]) -> dict[str, list[Mirror]]:
        """Mark -> mirrors that bear it."""
        wanted = {mark for mark in marks if mark}
        found: dict[str, list[Mirror]] = {}
        for mirror in self.mirrors_of(kind, side):
            if mirror.mark in wanted:
                found.setdefault(mirror.mark, []).append(mirror)
        return found

    def note_states(
        self, states: Iterable[tuple[Key, RecordState, str, Mapping[str, str]]]
    ) -> None:
        """Remember where records stand, with the reason code and the values of its sentence."""
        for key, state, reason, details in states:
            if key in self._writing.mirrors:
                noted = Noted(state=state, reason=reason, details=dict(details))
                self._writing.states[key] = noted

    def noted(self, key: Key) -> Noted:
        """Where a record stands."""
        return self._held.states.get(key, Noted())

    def _links(self) -> list[Link]:
        return list(self._held.links.values())

    def links(self, kind: Kind, side: Side, ids: Iterable[str]) -> dict[str, Link]:
        """Links of these records, by their id on that side (the leading one where several)."""
        wanted = {one for one in ids if one}
        found: dict[str, Link] = {}
        for link in self.links_of(kind):
            held = link.id_on(side)
            if held in wanted and (link.leads or held not in found):
                found[held] = link
        return found

    def links_of(self, kind: Kind) -> Iterator[Link]:
        """All links of a kind."""
        return (link for link in self._links() if link.kind is kind)

    def save_link(self, link: Link) -> None:
        """Insert or replace the link of this Perfex id (Xero id for Xero-only mappings)."""
        self._writing.links[_place(link)] = link

    def drop_link(self, link: Link) -> None:
        """Forget a link."""
        self._writing.links.pop(_place(link), None)


def _counts(mirror: Mirror, dated_from: date | None) -> bool:
    """Recent enough, or with an amount due."""
    dated = mirror.record.dated
    recent = dated_from is None or (dated is not None and dated >= dated_from)
    return recent or bool(getattr(mirror.record, "amount_due", None))


def _differs(before: Mirror, seen: Seen) -> bool:
    told = (before.record, before.stamp, before.mark)
    return before.gone or told != (seen.record, seen.stamp, seen.mark)


def _place(link: Link) -> tuple[Kind, str]:
    """What a link is one of a kind by: its Perfex id, or its Xero id where it has none."""
    return link.kind, f"p:{link.perfex_id}" if link.perfex_id else f"x:{link.xero_id}"
