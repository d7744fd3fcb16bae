"""Where the records of a kind come from: lists for their rows, single reads by id."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import NamedTuple, Protocol

import msgspec

from xero_bridge.core.entity import Codec
from xero_bridge.core.errors import NotConnected, Refused, Retriable
from xero_bridge.core.remote import Entry
from xero_bridge.entities.wire import WireError, read
from xero_bridge.remotes.perfex import lists, rows
from xero_bridge.remotes.perfex.bulk import Passage
from xero_bridge.remotes.perfex.lists import Listing, TooLong
from xero_bridge.remotes.perfex.module import Module
from xero_bridge.remotes.perfex.problems import NoData
from xero_bridge.remotes.perfex.rows import Members, Row

#: Lists whose own order is by a name that people edit.
_SORTED = frozenset({"customers", "items"})
#: Pages from which on batches are the better way: each page costs the module the whole table.
LONG = 10
#: What one record can do to a site that is well otherwise.
_OF_ONE_RECORD = frozenset({"server_trouble", "not_readable", "perfex_not_json"})


class Trouble(NamedTuple):
    """A record that the site cannot show, though it shows others."""

    message: str


#: A record as JSON; None for what the site says it does not have.
Fetched = bytes | Trouble | None


class Source(Protocol):
    """The records of one kind on one site."""

    def entries(self) -> Iterator[list[Entry]]:
        """The pages of the complete list."""

    def fetch(self, ids: Sequence[str]) -> Iterator[tuple[str, Fetched]]:
        """Each record by id as it is this minute."""

    def complete(self, raw: bytes) -> bytes:
        """The row of an entry with what it was listed without."""


class Resource:
    """A REST resource: a paged list, records by GET with their id."""

    def __init__(self, module: Module, codec: Codec) -> None:
        """`codec` names the path and the id member."""
        self.module = module
        self.codec = codec

    @property
    def tool(self) -> str:
        """The batch operation that lists the table, where rows of the table will do."""
        return ""

    @property
    def raw_id(self) -> str:
        """Name of the id in the table."""
        return self.codec.id_field

    def from_list(self, members: Members) -> Row:
        """A row of the REST list."""
        return rows.row(members, self.codec.id_field)

    def from_table(self, members: Members) -> Row:
        """A row of the table, in the shape of the list."""
        return self.from_list(members)

    def entries(self) -> Iterator[list[Entry]]:
        """The pages of the list. Raises Refused where the token may not read it."""
        for page in self.pages():
            yield [Entry(id=row.id, row=row.digest, raw=row.raw) for row in page]

    def pages(self) -> Iterator[list[Row]]:
        """The same as rows; a long list by batch, with the REST list to fall back on."""
        listing = Listing(
            path=self.codec.path,
            row=self.from_list,
            query={"sort": self.codec.id_field} if self.codec.path in _SORTED else {},
            longest=LONG if self.tool and not self.module.refuses(self.tool) else None,
        )
        with self.module.allowed(self.codec.path):
            try:
                yield from lists.pages(self.module.api, listing)
            except TooLong as long:
                if (yield from self._by_batch(long.total)):
                    return
                whole = msgspec.structs.replace(listing, longest=None)
                yield from lists.pages(self.module.api, whole)

    def _by_batch(self, total: int | None) -> Generator[list[Row], None, bool]:
        """The rows of the table; the outcome says whether they certainly were all."""
        passage = Passage(self.module, self.tool, self.raw_id)
        given: set[str] = set()
        for part in passage.parts():
            page = [row for row in map(self.from_table, part) if row.id not in given]
            given.update(row.id for row in page)
            yield sorted(page, key=lists.in_order)
        return passage.whole and total == len(given)

    def fetch(self, ids: Sequence[str]) -> Iterator[tuple[str, Fetched]]:
        """One call per id; one that the site cannot show leaves the others alone."""
        for id in ids:
            yield id, self.one(id)

    def one(self, id: str) -> Fetched:
        """One record by GET."""
        try:
            return self._read(id)
        except NoData:
            return None
        except (Retriable, NotConnected, Refused) as error:
            if error.reason not in _OF_ONE_RECORD:
                raise
            self.module.check_alive()
            return Trouble(str(error))

    def _read(self, id: str) -> Fetched:
        with self.module.allowed(self.codec.path):
            top, _ = self.module.api.read(self.codec.path, id, query=self.module.api.uncached())
        found = rows.as_text(top.get(self.codec.id_field)) if isinstance(top, dict) else ""
        if found != id:
            return Trouble(f"{self.codec.path}/{id} answered with record {found or 'none'}")
        return rows.clean_top(top)

    def complete(self, raw: bytes) -> bytes:
        """Rows are listed whole (kinds with details are fetched instead)."""
        return raw


class Lookup:
    """A short list whose records are not asked for by id; the codec makes the id."""

    def __init__(self, module: Module, codec: Codec) -> None:
        """`codec` names the path (`common/tax_data`)."""
        self.module = module
        self.codec = codec

    def entries(self) -> Iterator[list[Entry]]:
        """The whole list as one page."""
        yield list({each.id: each for each in map(self._entry, self.records())}.values())

    def fetch(self, ids: Sequence[str]) -> Iterator[tuple[str, Fetched]]:
        """From one read of the list."""
        found = {each.id: each.raw for page in self.entries() for each in page}
        for id in ids:
            yield id, found.get(id)

    def complete(self, raw: bytes) -> bytes:
        """Rows are listed whole."""
        return raw

    def records(self) -> list[msgspec.Raw]:
        """The rows."""
        with self.module.allowed(self.codec.path):
            return lists.plain(self.module.api, self.codec.path)

    def _entry(self, raw: msgspec.Raw) -> Entry:
        cleaned = rows.clean(raw)
        try:
            id = read(self.codec, cleaned, self.module.lookups()).id
        except WireError:
            # Opening it says what is wrong with it.
            id = f"row {rows.digest(cleaned)[:8]}"
        return Entry(id=id, row=rows.digest(cleaned), raw=cleaned)


class Currencies(Lookup):
    """Currencies as they were looked up with the site."""

    def records(self) -> list[msgspec.Raw]:
        """Rows as the table has them."""
        known = self.module.lookups()
        return [
            msgspec.Raw(
                msgspec.json.encode(
                    {"id": id, "name": code, "isdefault": str(int(code == known.base_currency))}
                )
            )
            for id, code in known.currencies.items()
            if id != "0"
        ]
