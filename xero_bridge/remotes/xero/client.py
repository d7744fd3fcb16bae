"""The Xero side of one connection, generic over the kinds: their codecs say what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import quote

import msgspec

from xero_bridge.core.books import Organisation
from xero_bridge.core.entity import Codec, Entity, Lookups, Payload
from xero_bridge.core.errors import NotConnected, Retriable
from xero_bridge.core.record import Absent, Key, Seen, Unreadable
from xero_bridge.core.remote import Batch, Entry, Result, Written
from xero_bridge.core.vocabulary import Kind, Side, Verb
from xero_bridge.entities.wire import WireError, read
from xero_bridge.remotes.xero.elements import refusal_of_part, results_of
from xero_bridge.remotes.xero.organisation import organisation_of
from xero_bridge.remotes.xero.rows import (
    PAGE_SIZE,
    MissingError,
    Page,
    divided,
    entries_of,
    page_of,
)
from xero_bridge.remotes.xero.session import XeroSession

#: Ids in one read, so that the address stays below 3,000 characters.
IDS_PER_CALL = 40
#: How often a list of several pages is read while it keeps changing.
_PASSES = 3

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_FOUR_PLACES = {"unitdp": "4"}
_EACH_ON_ITS_OWN = {"summarizeErrors": "false"}


class XeroClient:
    """Implements `core.ports.XeroRemote` for the kinds whose entities have a Xero codec."""

    side = Side.XERO

    def __init__(
        self, session: XeroSession, entities: Mapping[Kind, Entity], lookups: Lookups | None = None
    ) -> None:
        """`lookups` may leave the base currency open: it is then asked for when first needed."""
        self._session = session
        self._entities = entities
        self._lookups = lookups or Lookups()

    def calls(self) -> int:
        """Accounting calls made since this object was made."""
        return self._session.calls

    def organisation(self) -> Organisation:
        """The organisation of this minute; raises as the session does."""
        page = self._session.call("Organisation", lambda answer: page_of(answer, "Organisations"))
        if not page.rows:
            raise Retriable("not_readable", side="Xero", message="no organisation in it")
        found = organisation_of(bytes(page.rows[0]))
        self._lookups = msgspec.structs.replace(self._lookups, base_currency=found.base_currency)
        return found

    def entries(self, kind: Kind, since: datetime | None) -> Iterator[Sequence[Entry]]:
        """The pages of a list, each row once as it was last shown; complete when it ends."""
        for codec in self._forms(kind):
            yield from self._entries(codec, since, {})

    def open_entries(self, kind: Kind) -> Iterator[Sequence[Entry]]:
        """The pages of what is still open, in all forms that have such a list."""
        for codec in self._forms(kind):
            if codec.open_query:
                yield from self._entries(codec, None, codec.open_query)

    def _entries(
        self, codec: Codec, since: datetime | None, query: Mapping[str, str]
    ) -> Iterator[list[Entry]]:
        known: dict[str, str] = {}
        for _ in range(_PASSES):
            pages, moved = 0, False
            for page in self._pages(codec, since, query):
                fresh = [entry for entry in page if known.get(entry.id) != entry.row]
                moved = moved or any(entry.id in known for entry in fresh)
                known.update((entry.id, entry.row) for entry in fresh)
                pages += 1
                yield fresh
            # A row changed meanwhile moves to the end, and pulls another onto a page already read.
            if pages == 1 or not moved:
                return

    def open(self, kind: Kind, entries: Sequence[Entry]) -> Iterator[Seen | Absent | Unreadable]:
        """The records of these rows; those whose row is not known are read by id."""
        for entry in entries:
            if entry.raw:
                yield self._opened(kind, entry)
        unread = [entry.id for entry in entries if not entry.raw]
        if unread:
            yield from self.read(kind, unread)

    def read(self, kind: Kind, ids: Sequence[str]) -> Iterator[Seen | Absent | Unreadable]:
        """These records as they are now: by ids in few calls, else from the whole list."""
        wanted = list(dict.fromkeys(ids))
        for codec in self._forms(kind):
            missing = []
            for some in _chunks(wanted, IDS_PER_CALL if codec.paged else len(wanted)):
                found = {entry.id: entry for entry in self._named(codec, some)}
                yield from (self._opened(kind, found[name]) for name in some if name in found)
                missing += [name for name in some if name not in found]
            wanted = missing
        yield from (self._absent(kind, name) for name in wanted)

    def compose(self, kind: Kind, verb: Verb, payloads: Sequence[Payload]) -> bytes:
        """The exact bytes of a write: creates in a list, everything else one element by itself."""
        codec = self._form(kind, payloads[0].path)
        if verb is Verb.CREATE and codec.batch > 1:
            return _ENCODER.encode({codec.path: [payload.body for payload in payloads]})
        (payload,) = payloads
        return _ENCODER.encode(payload.body)

    def send(self, batch: Batch) -> tuple[Result, ...]:
        """Create and add by PUT with the key, change one record by POST to its id."""
        codec = self._form(batch.kind, batch.members[0].path)
        headers = {"Content-Type": "application/json"}
        if batch.verb is Verb.CREATE:
            method, path = "PUT", codec.path
            headers["Idempotency-Key"] = batch.key
        elif batch.members[0].adds:
            return (self._add(batch),)
        elif batch.members[0].removes:
            return (self._take_away(batch),)
        else:
            (member,) = batch.members
            method, path = "POST", f"{codec.path}/{quote(member.target_id, safe='')}"
        self._base_currency()
        answer = self._session.call(
            path,
            # Read outside of the call: what goes wrong from here on must not send it again.
            lambda answer: answer,
            method=method,
            query={**_places(codec), **(_EACH_ON_ITS_OWN if codec.batch > 1 else {})},
            headers=headers,
            body=batch.body,
        )
        return results_of(
            answer, codec, batch.members, lambda raw: self._seen(batch.kind, codec, raw)
        )

    def _add(self, batch: Batch) -> Result:
        """Add something to a record, and read the record again: the answer shows the part alone."""
        (member,) = batch.members
        answer = self._session.call(
            member.path,
            lambda answer: answer,
            method="PUT",
            query=_EACH_ON_ITS_OWN,
            headers={"Content-Type": "application/json", "Idempotency-Key": batch.key},
            body=batch.body,
        )
        refused = refusal_of_part(answer, batch.members)
        return refused or self._with_its_parts(batch.kind, member.target_id)

    def _take_away(self, batch: Batch) -> Result:
        """Delete a part of a record, and read the record again; one that is gone is as good."""
        (member,) = batch.members
        answer = self._session.call(member.path, lambda answer: answer, method="DELETE")
        gone = answer.status in (200, 204, 404)
        refused = None if gone else refusal_of_part(answer, batch.members)
        return refused or self._with_its_parts(batch.kind, member.target_id)

    def _with_its_parts(self, kind: Kind, id_: str) -> Written:
        found = next(iter(self.read(kind, [id_])), None)
        return Written(id=id_, seen=found if isinstance(found, Seen) else None)

    def _pages(
        self, codec: Codec, since: datetime | None, query: Mapping[str, str]
    ) -> Iterator[list[Entry]]:
        number, last = 1, False
        while not last:
            page = self._page(codec, number, since, query)
            yield self._entries_of(codec, page)
            number, last = number + 1, page.last

    def _named(self, codec: Codec, ids: Sequence[str]) -> list[Entry]:
        """The rows of these ids, as far as Xero has them."""
        if codec.divide is not None:
            ids = list(dict.fromkeys(name.partition(".")[0] for name in ids))
        if codec.paged and not codec.by_ids and len(ids) == 1:
            return self._single(codec, ids[0])
        if codec.paged and not codec.filtered:
            listed = (entry for page in self._pages(codec, None, {}) for entry in page)
            return [entry for entry in listed if entry.id in ids]
        query: dict[str, str] = {}
        if codec.by_ids:
            query = {"IDs": ",".join(ids)}
        elif codec.paged:
            query = {"where": " OR ".join(f'{codec.id_field}=guid("{name}")' for name in ids)}
        return self._entries_of(codec, self._page(codec, 1, None, query))

    def _single(self, codec: Codec, name: str) -> list[Entry]:
        path = f"{codec.path}/{quote(name, safe='')}"
        try:
            page = self._session.call(
                path, lambda answer: page_of(answer, codec.path), query=_places(codec)
            )
        except MissingError:
            return []
        return self._entries_of(codec, page)

    def _entries_of(self, codec: Codec, page: Page) -> list[Entry]:
        """The rows as entries, those of several records come apart."""
        entries = entries_of(page.rows, codec.id_field)
        if codec.divide is None:
            return list(entries)
        return [
            part
            for entry in entries
            for part in divided(entry, codec.divide(entry.raw, self._lookups))
        ]

    def _page(
        self, codec: Codec, number: int, since: datetime | None, query: Mapping[str, str]
    ) -> Page:
        paging = {"page": str(number), "pageSize": str(PAGE_SIZE)} if codec.paged else {}
        headers = {}
        if since and codec.since:
            headers["If-Modified-Since"] = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
        try:
            page = self._session.call(
                codec.path,
                lambda answer: page_of(answer, codec.path),
                query={**_places(codec), **codec.query, **paging, **query},
                headers=headers,
            )
        except MissingError as error:
            raise NotConnected(
                "xero_unreachable", message=f"there is no {codec.path} at this address"
            ) from error
        return page if codec.paged else msgspec.structs.replace(page, last=True)

    def _opened(self, kind: Kind, entry: Entry) -> Seen | Unreadable:
        try:
            seen = self._seen(kind, self._form_of(kind, entry.raw), entry.raw)
        except WireError as error:
            return Unreadable(key=Key(kind, Side.XERO, entry.id), message=str(error))
        return msgspec.structs.replace(seen, row=entry.row)

    def _seen(self, kind: Kind, codec: Codec, raw: bytes) -> Seen:
        self._base_currency()
        decoded = read(codec, raw, self._lookups)
        return Seen(
            key=Key(kind, Side.XERO, decoded.id),
            record=decoded.record,
            stamp=decoded.stamp,
            mark=decoded.mark,
            updated_at=decoded.updated_at,
        )

    def _base_currency(self) -> None:
        if not self._lookups.base_currency:
            self.organisation()

    @staticmethod
    def _absent(kind: Kind, name: str) -> Absent:
        return Absent(key=Key(kind, Side.XERO, name))

    def _forms(self, kind: Kind) -> tuple[Codec, ...]:
        codec = self._entities[kind].xero
        assert codec is not None, f"{kind} has no Xero codec"
        return (codec, *codec.also)

    def _form(self, kind: Kind, path: str) -> Codec:
        """The form with this path, the kind's first one where nothing is said."""
        forms = self._forms(kind)
        return next((form for form in forms if form.path == path), forms[0])

    def _form_of(self, kind: Kind, raw: bytes) -> Codec:
        """The form that a row has: the first whose id member it bears."""
        forms = self._forms(kind)
        bears = (form for form in forms if f'"{form.id_field}"'.encode() in raw)
        return next(bears, forms[0])


def _places(codec: Codec) -> Mapping[str, str]:
    return _FOUR_PLACES if codec.four_places else {}


def _chunks(names: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(names), max(size, 1)):
        yield names[start : start + size]
