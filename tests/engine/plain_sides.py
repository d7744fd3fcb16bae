"""A side of plain kinds: it gives ids and stamps, remembers idempotency keys, fails on demand.

A payload's body is a JSON object of canonical fields here; a write puts them into the record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec

from xero_bridge.core.books import Organisation, Site
from xero_bridge.core.entity import Entity, Payload
from xero_bridge.core.errors import Retriable, Unknown
from xero_bridge.core.ports import Clock
from xero_bridge.core.record import Absent, Key, Record, Seen
from xero_bridge.core.remote import Batch, Entry, NotWritten, Result, Written
from xero_bridge.core.vocabulary import Kind, Side, Verb

#: How long a side answers a repeated key with its first answer.
KEYS_KEPT = timedelta(minutes=6)
_PAGE = 3
#: Two changes never bear the same stamp.
_TICK = timedelta(microseconds=1)


class Crashed(BaseException):
    """The process of the bridge died at this moment; nothing in it may catch this."""


class Fault(StrEnum):
    """What happens to the next write."""

    NOT_SENT = "not_sent"
    LOST_BEFORE = "lost_before"
    LOST_AFTER = "lost_after"
    CRASH_BEFORE = "crash_before"
    CRASH_AFTER = "crash_after"


class Shelved(msgspec.Struct, frozen=True, kw_only=True):
    """A record as the side keeps it."""

    record: Record
    mark: str = ""
    stamp: str = ""
    updated_at: datetime


class MemoryRemote:
    """One side of a connection; `core.remote.Remote`. People change its records beside us."""

    def __init__(
        self,
        side: Side,
        entities: Mapping[Kind, Entity],
        clock: Clock,
        *,
        normalise: Callable[[Record], Record] = lambda record: record,
        keeps_keys: bool = True,
    ) -> None:
        """`normalise` is what the side does to everything that is written (trimming, rounding)."""
        self.side = side
        #: How long ago the state was that lists and reads show (a cache between).
        self.lag = timedelta()
        #: Whether reads fail, as from a side that is down.
        self.down = False
        self.faults: list[Fault] = []
        self._entities = entities
        self._clock = clock
        self._normalise = normalise
        self._keeps_keys = keeps_keys
        self._shelves: dict[Key, Shelved] = {}
        self._past: list[tuple[datetime, dict[Key, Shelved]]] = []
        self._answered: dict[str, tuple[datetime, tuple[Result, ...]]] = {}
        self._given = 0
        self._calls = 0
        self._changed_at: datetime | None = None

    # --- what people do ---

    def put(self, kind: Kind, record: Record, *, mark: str = "") -> str:
        """Enter a record; returns the id that the side gives it."""
        self._given += 1
        key = Key(kind, self.side, f"{self.side.value[0]}{self._given}")
        self._shelve(key, record, mark=mark, stamp=f"made {self._given}")
        return key.id

    def edit(self, kind: Kind, id_: str, record: Record) -> None:
        """Change a record by hand."""
        key = Key(kind, self.side, id_)
        before = self._shelves[key]
        self._shelve(key, record, mark=before.mark, stamp=before.stamp)

    def remove(self, kind: Kind, id_: str) -> None:
        """Delete a record without a trace."""
        self._remember_past()
        del self._shelves[Key(kind, self.side, id_)]

    def records(self, kind: Kind) -> dict[str, Record]:
        """All records of a kind as they are now, by id."""
        return {key.id: one.record for key, one in self._shelves.items() if key.kind is kind}

    def marks(self, kind: Kind) -> dict[str, str]:
        """Our mark in each record that bears one, by id."""
        shelves = self._shelves.items()
        return {key.id: one.mark for key, one in shelves if key.kind is kind and one.mark}

    # --- what the bridge asks ---

    def entries(self, kind: Kind, since: datetime | None) -> Iterator[Sequence[Entry]]:
        """The pages of a list: all records, or those changed since (Xero only)."""
        rows = [
            self._entry(key, one)
            for key, one in self._visible().items()
            if key.kind is kind and (since is None or one.updated_at > since)
        ]
        for start in range(0, len(rows), _PAGE) or [0]:
            self._call()
            yield rows[start : start + _PAGE]

    def open(self, kind: Kind, entries: Sequence[Entry]) -> Iterator[Seen | Absent]:
        """The records of these rows; a row whose id alone is known is read."""
        for entry in entries:
            key = Key(kind, self.side, entry.id)
            if entry.raw:
                yield self._seen(key, self._unpacked(kind, entry.raw), row=entry.row)
            else:
                yield from self.read(kind, [entry.id])

    def read(self, kind: Kind, ids: Sequence[str]) -> Iterator[Seen | Absent]:
        """These records as they are this minute, in one call."""
        self._call()
        visible = self._visible()
        for id_ in ids:
            key = Key(kind, self.side, id_)
            yield self._seen(key, visible[key]) if key in visible else Absent(key=key)

    def compose(self, kind: Kind, verb: Verb, payloads: Sequence[Payload]) -> bytes:
        """The exact bytes of a write call with these elements. No call is made."""
        return msgspec.json.encode([[payload.body, payload.mark] for payload in payloads])

    def send(self, batch: Batch) -> tuple[Result, ...]:
        """Send the bytes; one result per member, in their order."""
        fault = self.faults.pop(0) if self.faults else None
        if fault is Fault.NOT_SENT:
            raise Retriable("no_answer", side=self.side.value, message="the line is dead")
        self._calls += 1
        _fail(fault, Fault.LOST_BEFORE, Fault.CRASH_BEFORE)
        results = self._repeated(batch.key) or self._write(batch)
        self._answered[batch.key] = self._answered.get(batch.key, (self._clock.now(), results))
        _fail(fault, Fault.LOST_AFTER, Fault.CRASH_AFTER)
        return results

    def calls(self) -> int:
        """Calls made since this object was made."""
        return self._calls

    # --- parts ---

    def _call(self) -> None:
        self._calls += 1
        if self.down:
            raise Retriable("no_answer", side=self.side.value, message="the side is down")

    def _visible(self) -> dict[Key, Shelved]:
        """The state as it was `lag` ago."""
        if not self.lag:
            return dict(self._shelves)
        shown = self._clock.now() - self.lag
        # A state of the past was replaced at that instant: the first replaced later was seen then.
        return next((state for until, state in self._past if until > shown), dict(self._shelves))

    def _remember_past(self) -> None:
        now = self._clock.now()
        self._past = [one for one in self._past if now - one[0] < timedelta(hours=1)]
        self._past.append((now, dict(self._shelves)))

    def _shelve(self, key: Key, record: Record, *, mark: str, stamp: str) -> Shelved:
        self._remember_past()
        now = self._clock.now()
        last = self._changed_at
        self._changed_at = now if last is None or now > last else last + _TICK
        shelved = Shelved(record=record, mark=mark, stamp=stamp, updated_at=self._changed_at)
        self._shelves[key] = shelved
        return shelved

    def _repeated(self, key: str) -> tuple[Result, ...] | None:
        at, results = self._answered.get(key, (None, ()))
        known = self._keeps_keys and at is not None and self._clock.now() - at < KEYS_KEPT
        return results if known else None

    def _write(self, batch: Batch) -> tuple[Result, ...]:
        elements = msgspec.json.decode(batch.body, type=list[tuple[dict[str, Any], str]])
        targets = (member.target_id for member in batch.members)
        return tuple(
            self._create(batch.kind, body, mark)
            if batch.verb is Verb.CREATE
            else self._change(batch, target, body)
            for (body, mark), target in zip(elements, targets, strict=True)
        )

    def _create(self, kind: Kind, body: Mapping[str, Any], mark: str) -> Result:
        record = msgspec.convert(body, self._entities[kind].record, strict=False)
        return self._written(
            Key(kind, self.side, self.put(kind, self._normalise(record), mark=mark))
        )

    def _change(self, batch: Batch, id_: str, body: Mapping[str, Any]) -> Result:
        key = Key(batch.kind, self.side, id_)
        before = self._shelves.get(key)
        if before is None:
            return NotWritten(reason="refused", message=f"there is no {batch.kind} {id_}")
        if batch.verb is Verb.DELETE:
            self.remove(batch.kind, id_)
            return Written(id=id_)
        fields = {**msgspec.to_builtins(before.record), **body}
        record = msgspec.convert(fields, self._entities[batch.kind].record, strict=False)
        self._shelve(key, self._normalise(record), mark=before.mark, stamp=before.stamp)
        return self._written(key)

    def _written(self, key: Key) -> Written:
        return Written(id=key.id, seen=self._seen(key, self._shelves[key]))

    def _seen(self, key: Key, one: Shelved, *, row: str = "") -> Seen:
        return Seen(
            key=key,
            record=one.record,
            row=row,
            stamp=one.stamp,
            mark=one.mark,
            updated_at=one.updated_at if self.side is Side.XERO else None,
        )

    def _entry(self, key: Key, one: Shelved) -> Entry:
        raw = msgspec.json.encode(one)
        row = hashlib.sha256(raw).hexdigest()
        updated_at = one.updated_at if self.side is Side.XERO else None
        return Entry(id=key.id, row=row, raw=raw, updated_at=updated_at)

    def _unpacked(self, kind: Kind, raw: bytes) -> Shelved:
        packed = msgspec.json.decode(raw)
        record = msgspec.convert(packed.pop("record"), self._entities[kind].record, strict=False)
        return Shelved(
            record=record,
            mark=packed["mark"],
            stamp=packed["stamp"],
            updated_at=datetime.fromisoformat(packed["updated_at"]),
        )


def _fail(fault: Fault | None, lost: Fault, crash: Fault) -> None:
    if fault is lost:
        raise Unknown("no_answer", side="the side", message="the answer was lost")
    if fault is crash:
        raise Crashed


class MemoryPerfex(MemoryRemote):
    """The Perfex side; `core.remote.PerfexRemote`."""

    def site(self) -> Site:
        """A site of the newest module."""
        return Site(url="https://crm.example", version="3.0.3", base_currency="EUR")


class MemoryXero(MemoryRemote):
    """The Xero side; `core.remote.XeroRemote`."""

    def open_entries(self, kind: Kind) -> Iterator[Sequence[Entry]]:
        """What is still open, as any list."""
        return self.entries(kind, None)

    def organisation(self) -> Organisation:
        """An organisation without lock dates."""
        self._call()
        return Organisation(id="org-1", name="Acme Ltd", base_currency="EUR")
