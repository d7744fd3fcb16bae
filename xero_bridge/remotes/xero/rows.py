"""Xero's lists: the rows of an answer as bytes, with just enough read to name and compare them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from hashlib import blake2b
from typing import Any

import msgspec

from xero_bridge.core.errors import NotConnected, Refused, Retriable
from xero_bridge.core.remote import Entry
from xero_bridge.entities.dates import xero_instant
from xero_bridge.entities.wire import WireError
from xero_bridge.remotes.http import Answer, NotJsonError
from xero_bridge.remotes.xero.session import problem_text

PAGE_SIZE = 1000


class MissingError(Exception):
    """Xero has nothing at this address (HTTP 404)."""


class Pagination(msgspec.Struct, frozen=True, rename="camel"):
    """The block that paged lists carry."""

    page: int
    page_count: int


class Page(msgspec.Struct, frozen=True):
    """The rows of one answer; `last` says that there are no more pages."""

    rows: list[msgspec.Raw]
    last: bool


def page_of(answer: Answer, path: str) -> Page:
    """The rows of a list answer.

    Raises MissingError, Refused (Xero did not understand the question), NotConnected (rejected
    altogether), Retriable (not readable).
    """
    if answer.status == 304:
        return Page([], last=True)
    _check(answer)
    try:
        members = answer.decode(dict[str, msgspec.Raw])
        named = {name.lower(): raw for name, raw in members.items()}
        rows = msgspec.json.decode(named[path.lower()], type=list[msgspec.Raw])
        block = named.get("pagination")
        pages = msgspec.json.decode(block, type=Pagination) if block else None
    except (NotJsonError, KeyError, msgspec.DecodeError) as error:
        message = f"the list of {path} is not in it: {answer.text[:200]}"
        raise Retriable("not_readable", side="Xero", message=message) from error
    last = pages.page >= pages.page_count if pages else len(rows) < PAGE_SIZE
    return Page(rows, last=last or not rows)


def entries_of(rows: Sequence[msgspec.Raw], id_field: str) -> Iterator[Entry]:
    """The rows as entries; raises Retriable for one without an id."""
    head = _head(id_field)
    for raw in rows:
        data = bytes(raw)
        try:
            name, updated = head(data)
            updated_at = xero_instant(updated) if updated else None
        except (msgspec.DecodeError, WireError) as error:
            message = f"a row without {id_field} or with a wrong stamp: {data[:200]!r}"
            raise Retriable("not_readable", side="Xero", message=message) from error
        yield Entry(id=name, row=_digest(data), raw=data, updated_at=updated_at)


def divided(entry: Entry, parts: Sequence[bytes]) -> Iterator[Entry]:
    """The entry for each part of its row: `ID`, `ID.2` and so on."""
    if len(parts) == 1:
        yield entry
        return
    for number, raw in enumerate(parts, start=1):
        id_ = entry.id if number == 1 else f"{entry.id}.{number}"
        yield msgspec.structs.replace(entry, id=id_, raw=raw, row=_digest(raw))


def _digest(data: bytes) -> str:
    # The bytes and not the stamp: some edits (DueDate of a part-paid document) do not move it.
    return blake2b(data, digest_size=16).hexdigest()


@cache
def _head(id_field: str) -> Callable[[bytes], tuple[str, str | None]]:
    """A reader of id and update stamp that skips everything else."""
    members: list[tuple[str, Any, Any]] = [("updated", str | None, None)]
    head = msgspec.defstruct(
        "Head",
        [("id", str), *members],
        rename={"id": id_field, "updated": "UpdatedDateUTC"},
    )
    decoder = msgspec.json.Decoder(head)

    def read(data: bytes) -> tuple[str, str | None]:
        row: Any = decoder.decode(data)
        return row.id, row.updated

    return read


def _check(answer: Answer) -> None:
    match answer.status:
        case 200:
            return
        case 404:
            raise MissingError
        case 400 if answer.content_type == "application/json":
            raise Refused("call_rejected", message=problem_text(answer))
        case 400:
            raise Retriable("not_readable", side="Xero", message=answer.text or "HTTP 400")
        case _:
            raise NotConnected("xero_unreachable", message=problem_text(answer))
