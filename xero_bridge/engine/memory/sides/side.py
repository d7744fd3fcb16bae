"""What both sides in memory share: lists, single records, and writes with faults."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import blake2b

import msgspec

from xero_bridge.core.entity import Codec, Entity, Json, Lookups, Payload
from xero_bridge.core.errors import BudgetSpent, Retriable, Unknown
from xero_bridge.core.ports import Clock
from xero_bridge.core.record import Absent, Key, Seen, Unreadable
from xero_bridge.core.remote import Batch, Entry, NotWritten, Result
from xero_bridge.core.vocabulary import Kind, Side, Verb
from xero_bridge.engine.memory.sides.faults import Faults, Killed, ReadFault, WriteFault
from xero_bridge.entities.wire import WireError, read

#: How long an older state of a list may be shown (Perfex's module caches reads for 300 seconds).
CACHED = timedelta(minutes=5)
#: When a write whose answer timed out is carried out after all.
LATE = timedelta(minutes=1)
_BACK = timedelta(hours=1)
_PAGE = 3

_ENCODER = msgspec.json.Encoder(decimal_format="number", order="sorted")


@dataclass(frozen=True, kw_only=True)
class Call:
    """A write that reached a side, and what became of its members."""

    batch: Batch
    results: tuple[Result, ...]
    at: datetime
    #: The bridge was told.
    answered: bool = True


@dataclass(kw_only=True)
class SideState:
    """What a side holds and remembers."""

    rows: dict[Kind, dict[str, Json]] = field(default_factory=dict)
    shown: dict[Kind, tuple[datetime, list[Entry]]] = field(default_factory=dict)
    late: list[tuple[datetime, Batch]] = field(default_factory=list)
    given: int = 0
    calls: int = 0


class MemorySide(ABC):
    """One side as `core.remote.Remote` wants it; people change its records beside the bridge."""

    side: Side

    def __init__(
        self,
        entities: Mapping[Kind, Entity],
        clock: Clock,
        lookups: Lookups,
        log: list[Call] | None = None,
    ) -> None:
        """Empty books; `lookups` is what a client would have fetched for its decoders."""
        self.faults = Faults()
        #: Every write that was carried out or refused, in order; both sides may share it.
        self.log: list[Call] = [] if log is None else log
        self._entities = entities
        self._clock = clock
        self._lookups = lookups
        self._state = SideState()

    # --- what people and tests look at ---------------------------------------------------------

    def rows(self, kind: Kind) -> dict[str, Json]:
        """The records of a kind on the wire, by id."""
        return self._state.rows.setdefault(kind, {})

    def decoded(self, kind: Kind, row: Json) -> Seen:
        """A record on the wire, decoded as the bridge reads it."""
        found = self._opened(kind, "", _bytes(row))
        assert isinstance(found, Seen), found
        return found

    def seen(self, kind: Kind, id_: str) -> Seen:
        """A record as it is now, decoded; raises KeyError where there is none."""
        return self.decoded(kind, self.rows(kind)[id_])

    # --- what the bridge asks ------------------------------------------------------------------

    def entries(self, kind: Kind, since: datetime | None) -> Iterator[Sequence[Entry]]:
        """The pages of a list; what a fault leaves out is missing without a word."""
        self._count()
        fault = self.faults.take_read(kind)
        if fault is ReadFault.SPENT:
            raise self._spent()
        rows = self._listed(kind, stale=fault is ReadFault.STALE)
        rows = [row for row in rows if since is None or _is_since(row, since)]
        pages = [rows[start : start + _PAGE] for start in range(0, len(rows), _PAGE)] or [[]]
        if fault is ReadFault.PAGE_MISSING:
            pages = pages[1:] or [[]]
        for number, page in enumerate(pages):
            if number and fault is ReadFault.KILLED:
                raise Killed
            if number and fault is ReadFault.CUT:
                raise self._down()
            yield page

    def open(self, kind: Kind, entries: Sequence[Entry]) -> Iterator[Seen | Absent | Unreadable]:
        """The records of these rows; details are read where the row lacks parts."""
        for entry in entries:
            if entry.raw and not self._codec(kind).detail:
                yield self._opened(kind, entry.id, entry.raw, row=entry.row)
            else:
                yield from self._read_one(kind, entry.id, row=entry.row)

    def read(self, kind: Kind, ids: Sequence[str]) -> Iterator[Seen | Absent | Unreadable]:
        """These records as they are this minute."""
        self._count()
        for id_ in dict.fromkeys(ids):
            yield from self._read_one(kind, id_)

    def compose(self, kind: Kind, verb: Verb, payloads: Sequence[Payload]) -> bytes:
        """The exact bytes of a write call with these elements."""
        return _ENCODER.encode([payload.body for payload in payloads])

    def send(self, batch: Batch) -> tuple[Result, ...]:
        """Carry a write out, unless a fault is in the way."""
        self._count()
        fault = self.faults.take_write()
        self._fail_before(fault, batch)
        results = self._carry_out(batch, self._clock.now(), fault=fault)
        if fault is WriteFault.KILLED_AFTER:
            raise Killed
        if fault is WriteFault.LOST_AFTER:
            raise self._unknown()
        return results

    def calls(self) -> int:
        """Calls made so far."""
        return self._state.calls

    # --- what a side does its own way ----------------------------------------------------------

    @abstractmethod
    def _write(self, batch: Batch, bodies: Sequence[Json]) -> tuple[Result, ...]:
        """Carry out the elements of a write."""

    def _repeated(self, batch: Batch, at: datetime) -> tuple[Result, ...] | None:
        """The first answer to the same key, where the side remembers it."""
        return None

    def _listed_row(self, kind: Kind, row: Json) -> Json:
        """What a list shows of a record."""
        return row

    def _stamp_of(self, row: Json) -> datetime | None:
        """When the record was last changed, where the side tells."""
        return None

    # --- parts ---------------------------------------------------------------------------------

    def _count(self) -> None:
        self._state.calls += 1
        due = [one for one in self._state.late if one[0] <= self._clock.now()]
        self._state.late = [one for one in self._state.late if one not in due]
        for at, batch in due:
            self._carry_out(batch, at, fault=WriteFault.LATE)

    def _carry_out(
        self, batch: Batch, at: datetime, *, fault: WriteFault | None
    ) -> tuple[Result, ...]:
        repeated = self._repeated(batch, at)
        if repeated is not None:
            return repeated
        if fault is WriteFault.REFUSED:
            said = NotWritten(reason="refused_by_xero", message="Not today.")
            results: tuple[Result, ...] = (said,) * len(batch.members)
        else:
            results = self._write(batch, parsed(batch.body))
        answered = fault in (None, WriteFault.REFUSED)
        self.log.append(Call(batch=batch, results=results, at=at, answered=answered))
        return results

    def _fail_before(self, fault: WriteFault | None, batch: Batch) -> None:
        match fault:
            case WriteFault.KILLED_BEFORE:
                raise Killed
            case WriteFault.LOST_BEFORE:
                raise self._unknown()
            case WriteFault.LATE:
                self._state.late.append((self._clock.now() + LATE, batch))
                raise self._unknown()
            case WriteFault.SPENT:
                raise self._spent()
            case WriteFault.DOWN:
                raise self._down()

    def _unknown(self) -> Unknown:
        return Unknown("no_answer", side=self.side.value.capitalize(), message="no answer")

    def _down(self) -> Retriable:
        return Retriable("no_answer", side=self.side.value.capitalize(), message="no connection")

    def _spent(self) -> BudgetSpent:
        back = self._clock.now() + _BACK
        return BudgetSpent("rate_limit", retry_at=back, side=self.side.value.capitalize())

    def _listed(self, kind: Kind, *, stale: bool) -> list[Entry]:
        now = self._clock.now()
        at, shown = self._state.shown.get(kind, (now, []))
        if stale and kind in self._state.shown and now - at <= CACHED:
            return shown
        rows = [self._entry(id_, self._listed_row(kind, row)) for id_, row in self._ordered(kind)]
        self._state.shown[kind] = (now, rows)
        return rows

    def _ordered(self, kind: Kind) -> list[tuple[str, Json]]:
        return list(self.rows(kind).items())

    def _entry(self, id_: str, row: Json) -> Entry:
        raw = _bytes(row)
        digest = blake2b(raw, digest_size=16).hexdigest()
        return Entry(id=id_, row=digest, raw=raw, updated_at=self._stamp_of(row))

    def _read_one(
        self, kind: Kind, id_: str, *, row: str = ""
    ) -> Iterator[Seen | Absent | Unreadable]:
        held = self.rows(kind).get(id_)
        if held is None:
            yield Absent(key=Key(kind, self.side, id_))
        else:
            yield self._opened(kind, id_, _bytes(held), row=row)

    def _opened(self, kind: Kind, id_: str, raw: bytes, *, row: str = "") -> Seen | Unreadable:
        try:
            decoded = read(self._codec(kind), raw, self._lookups)
        except WireError as error:
            return Unreadable(key=Key(kind, self.side, id_), message=str(error))
        return Seen(
            key=Key(kind, self.side, decoded.id),
            record=decoded.record,
            row=row,
            stamp=decoded.stamp,
            mark=decoded.mark,
            updated_at=decoded.updated_at,
        )

    def _codec(self, kind: Kind) -> Codec:
        codec = self._entities[kind].codec(self.side)
        assert codec is not None, f"{kind} has no codec on {self.side}"
        return codec

    def _next(self) -> int:
        self._state.given += 1
        return self._state.given


def _is_since(row: Entry, since: datetime) -> bool:
    return row.updated_at is None or row.updated_at >= since.replace(microsecond=0)


def _bytes(row: Json) -> bytes:
    return _ENCODER.encode(row)


def parsed(body: bytes) -> list[Json]:
    """The elements of a write, their numbers exact."""
    found: list[Json] = json.loads(body, parse_float=Decimal)
    return found
