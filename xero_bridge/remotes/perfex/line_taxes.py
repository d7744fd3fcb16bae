"""The taxes of lines where the module does not show them: from the table they stand in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from xero_bridge.core.errors import Refused
from xero_bridge.remotes.perfex import lists, rows
from xero_bridge.remotes.perfex.api import Api
from xero_bridge.remotes.perfex.problems import Gone, NoData
from xero_bridge.remotes.perfex.rows import Members

#: An administrator of the site may allow it; newer modules show the same in each line.
TABLE = "tblitem_tax"
_SHOWN = frozenset({"taxname", "taxrate", "taxes"})


#: Sort and id of the document that a line belongs to.
_Owner = tuple[str, str]


class _Module(Protocol):
    api: Api

    def refuses(self, feature: str) -> bool: ...

    def refused(self, feature: str) -> None: ...


class LineTaxes:
    """Adds the taxes to the lines of documents as modules of generation 3 do on invoices."""

    def __init__(self, module: _Module) -> None:
        """The table is read when a line without taxes is met, and again for younger lines."""
        self._module = module
        self._by_document: dict[_Owner, dict[str, list[Members]]] = {}
        self._newest = -1

    def added_to(self, details: Mapping[str, bytes], sort: str) -> dict[str, bytes]:
        """The documents, by id, with taxes; as they are where the table cannot be read.

        `sort` is what Perfex calls them there: `invoice` or `credit_note`.
        """
        wanting = {id: lines for id, raw in details.items() if (lines := _lines_without(raw))}
        newest = max((_number(line) for lines in wanting.values() for line in lines), default=-1)
        if not wanting or not self._covers(newest):
            return dict(details)
        return {id: self._with_taxes((sort, id), raw, id in wanting) for id, raw in details.items()}

    def _covers(self, newest: int) -> bool:
        """Whether the table was read after the youngest line was; it is read now where not."""
        if newest <= self._newest:
            return True
        table = self._read()
        if table is None:
            return False
        self._by_document = _by_document(table)
        ids = (_told(row, "itemid") for row in table)
        self._newest = max(newest, *(int(id) for id in ids if id.isdigit()), self._newest)
        return True

    def _read(self) -> list[Members] | None:
        """The whole table; None where it is not allowed, which is remembered, never probed."""
        feature = f"table:{TABLE}"
        if self._module.refuses(feature):
            return None
        api = self._module.api
        try:
            top, _ = api.read("thirdparty", "customtable", TABLE, query=api.uncached(), slow=True)
            return rows.members_of(lists.array(top))
        except (NoData, Gone, Refused):
            self._module.refused(feature)
            return None

    def _with_taxes(self, owner: _Owner, raw: bytes, wanting: bool) -> bytes:  # noqa: FBT001
        if not wanting:
            return raw
        members = msgspec.json.decode(raw, type=Members)
        lines = _lines(members)
        taxes = self._by_document.get(owner, {})
        if set(taxes) - {_told(line, "id") for line in lines}:
            return raw  # It was edited between both reads: its row moved, so it is read again.
        for line in lines:
            found = taxes.get(_told(line, "id"), [])
            line["taxname"] = _array([row["taxname"] for row in found])
            line["taxrate"] = _array([row["taxrate"] for row in found])
        members["items"] = msgspec.Raw(msgspec.json.encode(lines))
        return rows.encoded(members)


def _by_document(table: Sequence[Members]) -> dict[_Owner, dict[str, list[Members]]]:
    """Document -> line id -> its taxes in the order in which they were added."""
    found: dict[_Owner, dict[str, list[Members]]] = defaultdict(lambda: defaultdict(list))
    for row in sorted(table, key=_number):
        owner = _told(row, "rel_type"), _told(row, "rel_id")
        found[owner][_told(row, "itemid")].append(row)
    return found


def _lines_without(raw: bytes) -> list[Members]:
    """The lines of a document, if none of them shows taxes."""
    if raw[:1] != b"{":
        return []
    lines = _lines(msgspec.json.decode(raw, type=Members))
    return [] if any(_SHOWN & line.keys() for line in lines) else lines


def _lines(members: Members) -> list[Members]:
    items = members.get("items")
    return rows.members_of(items) if items and bytes(items)[:1] == b"[" else []


def _array(values: Sequence[msgspec.Raw]) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(values))


def _told(members: Members, name: str) -> str:
    """An id or word of a row."""
    return rows.as_text(members.get(name))


def _number(members: Members) -> int:
    id = _told(members, "id")
    return int(id) if id.isdigit() else -1
