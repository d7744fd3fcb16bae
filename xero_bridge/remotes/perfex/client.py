"""The Perfex side of one connection, generic over the kinds: their codecs say what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import structs

from xero_bridge.core.books import Site
from xero_bridge.core.entity import Codec, Entity, Payload
from xero_bridge.core.record import Absent, Key, Seen, Unreadable
from xero_bridge.core.remote import Batch, Entry, Result
from xero_bridge.core.vocabulary import Kind, Side, Verb
from xero_bridge.entities.customer.to_perfex import CUSTOMER_GROUPS
from xero_bridge.entities.wire import WireError, read
from xero_bridge.remotes.perfex import writes
from xero_bridge.remotes.perfex.api import Api
from xero_bridge.remotes.perfex.customers import groups_are_readable
from xero_bridge.remotes.perfex.kinds import source_of
from xero_bridge.remotes.perfex.memory import Memory
from xero_bridge.remotes.perfex.module import Module
from xero_bridge.remotes.perfex.sources import Fetched, Source, Trouble
from xero_bridge.remotes.perfex.tables import Table

Found = Seen | Absent | Unreadable


class PerfexClient:
    """Implements `core.ports.PerfexRemote` for the kinds whose entities have a Perfex codec."""

    side = Side.PERFEX

    def __init__(
        self,
        api: Api,
        entities: Mapping[Kind, Entity],
        *,
        memory: Memory | None = None,
        tag: str = "PX",
        padding: int = 6,
    ) -> None:
        """`memory` is what an earlier client of the site remembered, `tag` opens our marks."""
        known = (memory or Memory()).for_token(api.token_mark)
        self._module = Module(api, known, tag=tag, padding=padding)
        self._entities = entities

    @property
    def memory(self) -> Memory:
        """What was learned of the site: to be kept, and given to the next client."""
        return self._module.memory

    def calls(self) -> int:
        """Requests made since this object was made."""
        return self._module.api.calls()

    def site(self) -> Site:
        """Module version, base currency, time zone, capabilities; remembered for an hour to a day.

        Raises NotConnected when the address, the module or the token is wrong.
        """
        groups = {CUSTOMER_GROUPS} if groups_are_readable(self._module) else set[str]()
        allowed = {entity.needs for entity in self._entities.values() if self._is_readable(entity)}
        site = self._module.site()
        return structs.replace(site, capabilities=site.capabilities | groups | allowed - {""})

    def _is_readable(self, entity: Entity) -> bool:
        """Whether the kind stands in a custom table that is allowed."""
        source = source_of(self._module, entity.kind, entity.perfex) if entity.perfex else None
        return isinstance(source, Table) and source.readable()

    def entries(self, kind: Kind, since: datetime | None) -> Iterator[Sequence[Entry]]:
        """The pages of a complete list; Perfex does not tell what changed, so `since` is unused."""
        yield from self._source(kind).entries()

    def open(self, kind: Kind, entries: Sequence[Entry]) -> Iterator[Found]:
        """The records of these rows; details are read where the row lacks parts."""
        source = self._source(kind)
        unread: dict[str, str] = {}
        for entry in entries:
            if entry.raw and not self._codec(kind).detail:
                yield self._decoded(kind, entry.id, source.complete(entry.raw), entry.row)
            else:
                unread[entry.id] = entry.row
        for id, raw in source.fetch(list(unread)) if unread else ():
            yield self._result(kind, id, raw, unread[id])

    def read(self, kind: Kind, ids: Sequence[str]) -> Iterator[Found]:
        """These records as they are this minute."""
        for id, raw in self._source(kind).fetch(list(dict.fromkeys(ids))):
            yield self._result(kind, id, raw, "")

    def compose(self, kind: Kind, verb: Verb, payloads: Sequence[Payload]) -> bytes:
        """The body of one write: Perfex takes one record at a time."""
        (payload,) = payloads
        return writes.compose(verb, payload)

    def send(self, batch: Batch) -> tuple[Result, ...]:
        """Send a batch of one member; see `writes`."""

        def read_back(id: str) -> Seen | None:
            found = next(iter(self.read(batch.kind, [id])), None)
            return found if isinstance(found, Seen) else None

        return (writes.send(self._module, self._codec(batch.kind), batch, read_back),)

    def _result(self, kind: Kind, id: str, raw: Fetched, row: str) -> Found:
        match raw:
            case None:
                return Absent(key=Key(kind, Side.PERFEX, id))
            case Trouble(message):
                return Unreadable(key=Key(kind, Side.PERFEX, id), message=message)
            case bytes():
                return self._decoded(kind, id, raw, row)

    def _decoded(self, kind: Kind, id: str, raw: bytes, row: str) -> Seen | Unreadable:
        key = Key(kind, Side.PERFEX, id)
        try:
            decoded = read(self._codec(kind), raw, self._module.lookups())
        except WireError as error:
            return Unreadable(key=key, message=str(error))
        return Seen(
            key=key,
            record=decoded.record,
            row=row,
            stamp=decoded.stamp,
            updated_at=decoded.updated_at,
            mark=decoded.mark,
        )

    def _source(self, kind: Kind) -> Source:
        return source_of(self._module, kind, self._codec(kind))

    def _codec(self, kind: Kind) -> Codec:
        codec = self._entities[kind].perfex
        assert codec is not None, f"{kind} has no Perfex codec"
        return codec
