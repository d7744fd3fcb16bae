"""Custom tables: raw rows of tables that an administrator of the site has allowed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from xero_bridge.core.entity import Codec, Part
from xero_bridge.core.errors import Refused
from xero_bridge.core.remote import Entry
from xero_bridge.remotes.perfex import lists, rows
from xero_bridge.remotes.perfex.module import Module
from xero_bridge.remotes.perfex.problems import Gone, NoData
from xero_bridge.remotes.perfex.rows import Members
from xero_bridge.remotes.perfex.sources import Fetched

#: Opens the path of a codec whose records stand in a custom table.
CUSTOM = "customtable/"
_ROUTE = ("thirdparty", "customtable")
#: Rows of the parts by the id of the record that they belong to.
_Belonging = Mapping[str, Sequence[Members]]


class Table:
    """Records of a custom table, each with its rows of further tables.

    Such a table is read whole: it knows no pages, and single rows only by a column named `id`.
    """

    def __init__(self, module: Module, codec: Codec) -> None:
        """`codec` names the table (`customtable/tblpur_orders`), its id and its parts."""
        self.module = module
        self.codec = codec
        self._name = codec.path.removeprefix(CUSTOM)

    def readable(self) -> bool:
        """Whether the table and the parts that it needs are allowed; remembered, never probed."""
        needed = [part.table for part in self.codec.parts.values() if not part.optional]
        return all(self._is_allowed(table) for table in (self._name, *needed))

    def entries(self) -> Iterator[list[Entry]]:
        """The whole table as one page. Raises Refused where it is not allowed."""
        yield sorted(self._joined(), key=lambda entry: (len(entry.id), entry.id))

    def fetch(self, ids: Sequence[str]) -> Iterator[tuple[str, Fetched]]:
        """From one read of the tables."""
        found = {entry.id: entry.raw for entry in self._joined()}
        for id in ids:
            yield id, found.get(id)

    def complete(self, raw: bytes) -> bytes:
        """Rows are read whole."""
        return raw

    def _joined(self) -> list[Entry]:
        # The parts come after: a record made between the reads is not seen, rather than bare.
        listed = self._read(self._name)
        parts = {name: self._part(part) for name, part in self.codec.parts.items()}
        return [self._entry(members, parts) for members in listed]

    def _entry(self, members: Members, parts: Mapping[str, _Belonging]) -> Entry:
        id = rows.row(members, self.codec.id_field).id
        for name, belonging in parts.items():
            kept = [msgspec.Raw(rows.encoded(row)) for row in belonging.get(id, ())]
            members[name] = msgspec.Raw(rows.encoded(kept))
        raw = rows.encoded(members)
        return Entry(id=id, row=rows.digest(raw), raw=raw)

    def _part(self, part: Part) -> _Belonging:
        found: dict[str, list[Members]] = defaultdict(list)
        if part.optional and not self._is_allowed(part.table):
            return found
        for members in self._read(part.table):
            rows.row(members, part.of)
            found[rows.as_text(members[part.of])].append(members)
        return found

    def _is_allowed(self, table: str) -> bool:
        if _feature(table) in self.module.memory.proven:
            return True
        try:
            self._read(table)
        except Refused:
            return False
        return True

    def _read(self, table: str) -> list[Members]:
        """The rows; Refused where the table is not allowed, which is remembered for an hour.

        Module 2 has no custom tables, so it is not asked.
        """
        feature = _feature(table)
        if not self.module.modern or self.module.refuses(feature):
            raise Refused("table_not_allowed", table=table)
        api = self.module.api
        try:
            top, _ = api.read(*_ROUTE, table, query=api.uncached(), slow=True)
        except (NoData, Gone, Refused) as error:
            self.module.refused(feature)
            raise Refused("table_not_allowed", table=table) from error
        self.module.works(feature)
        return rows.members_of(lists.array(top))


def _feature(table: str) -> str:
    return f"table:{table}"
