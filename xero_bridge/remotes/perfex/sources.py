"""Where the records of a kind come from: lists for their rows, single reads by id."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import Protocol

import msgspec

from xero_bridge.core.entity import Codec
from xero_bridge.core.errors import Refused
from xero_bridge.core.ports import Entry
from xero_bridge.entities.wire import read
from xero_bridge.remotes.perfex import lists, rows
from xero_bridge.remotes.perfex.bulk import Passage
from xero_bridge.remotes.perfex.module import Module
from xero_bridge.remotes.perfex.problems import NoData
from xero_bridge.remotes.perfex.rows import Members, Row

#: Lists whose own order is by a name that people edit.
_SORTED = frozenset({"customers", "items"})
#: Pages from which on a list counts as long: each costs the module a read of the whole table.
_LONG = 10


class Source(Protocol):
    """The records of one kind on one site."""

    def entries(self) -> Iterator[list[Entry]]:
        """The pages of the complete list."""

    def fetch(self, ids: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
        """Each record by id as it is this minute; None for what the site says it does not have."""

    def complete(self, raw: bytes) -> bytes:
        """The row of an entry with what it was listed without."""


class Resource:
    """A REST resource: a paged list, records by GET with their id."""

    def __init__(self, module: Module, codec: Codec) -> None:
        """`codec` names the path and the id member."""
        self.module = module
        self.codec = codec

    def entries(self) -> Iterator[list[Entry]]:
        """The pages of the list. Raises Refused where the token may not read it."""
        for page in self.pages():
            yield [Entry(id=row.id, row=row.digest, raw=row.raw) for row in page]

    def pages(self) -> Iterator[list[Row]]:
        """The same as rows; a list that is known to be long is read by batch."""
        path, id_field = self.codec.path, self.codec.id_field
        with self.module.allowed(path):
            if self.tool and self.module.is_long(path) and (yield from self._by_batch()):
                return
            sort = {"sort": id_field} if path in _SORTED else {}
            for count, page in enumerate(lists.pages(self.module.api, path, id_field, sort)):
                yield page
                if count == _LONG:
                    self.module.grew_long(path)

    def _by_batch(self) -> Generator[list[Row], None, bool]:
        """The rows of the table; the outcome says whether they certainly were all."""
        total = lists.total(self.module.api, self.codec.path)
        passage = Passage(self.module, self.tool, self.raw_id)
        given: set[str] = set()
        for part in passage.parts():
            page = [row for row in map(self.from_table, part) if row.id not in given]
            given.update(row.id for row in page)
            yield sorted(page, key=lists.in_order)
        return passage.whole and total == len(given)

    @property
    def tool(self) -> str:
        """The batch operation that lists the table, where rows of the table will do."""
        return ""

    @property
    def raw_id(self) -> str:
        """Name of the id in the table itself."""
        return self.codec.id_field

    def from_table(self, members: Members) -> Row:
        """A row of the table in the shape of the list."""
        return rows.row(members, self.codec.id_field)

    def fetch(self, ids: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
        """One call per id."""
        for id in ids:
            yield id, self.one(id)

    def complete(self, raw: bytes) -> bytes:
        """Rows are listed whole (kinds with details are fetched instead)."""
        return raw

    def one(self, id: str) -> bytes | None:
        """One record, None for a believable *no data*."""
        try:
            with self.module.allowed(self.codec.path):
                top, _ = self.module.api.read(self.codec.path, id, query=self.module.api.uncached())
        except NoData:
            return None
        raw = rows.clean_top(top)
        found = rows.as_text(top.get(self.codec.id_field)) if isinstance(top, dict) else ""
        if found != id:
            message = f"{self.codec.path}/{id} answered with record {found or 'none'}"
            raise Refused("perfex_unreadable", message=message)
        return raw


class Lookup:
    """A short list without ids of its own in its path; the codec makes the id."""

    def __init__(self, module: Module, codec: Codec) -> None:
        """`codec` names the path (`common/tax_data`)."""
        self._module = module
        self._codec = codec

    def entries(self) -> Iterator[list[Entry]]:
        """The whole list as one page."""
        yield list({each.id: each for each in map(self._entry, self._rows())}.values())

    def fetch(self, ids: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
        """From one read of the list."""
        found = {each.id: each.raw for page in self.entries() for each in page}
        for id in ids:
            yield id, found.get(id)

    def complete(self, raw: bytes) -> bytes:
        """Rows are listed whole."""
        return raw

    def _rows(self) -> list[msgspec.Raw]:
        with self._module.allowed(self._codec.path):
            return lists.plain(self._module.api, self._codec.path)

    def _entry(self, raw: msgspec.Raw) -> Entry:
        cleaned = rows.clean(raw)
        decoded = read(self._codec, cleaned, self._module.lookups())
        return Entry(id=decoded.id, row=rows.digest(cleaned), raw=cleaned)


class Currencies(Lookup):
    """Currencies as they were looked up with the site."""

    def _rows(self) -> list[msgspec.Raw]:
        known = self._module.lookups()
        return [
            msgspec.Raw(
                msgspec.json.encode(
                    {"id": id, "name": code, "isdefault": str(int(code == known.base_currency))}
                )
            )
            for id, code in known.currencies.items()
            if id != "0"
        ]
