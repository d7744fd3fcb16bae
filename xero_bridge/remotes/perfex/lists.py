"""Complete lists: every page, both shapes, nothing twice, counted against the total."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import msgspec

from xero_bridge.core.errors import Refused, Retriable
from xero_bridge.remotes.perfex import parse, rows
from xero_bridge.remotes.perfex.api import Api
from xero_bridge.remotes.perfex.parse import Meta, Top
from xero_bridge.remotes.perfex.problems import NoData
from xero_bridge.remotes.perfex.rows import Members, Row

PER_PAGE = 100
#: Rows move between pages while others write: the list is read again so often.
_ROUNDS = 4


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """A list to read: its path, further parameters, and how a row of it is taken."""

    path: str
    row: Callable[[Members], Row]
    query: Mapping[str, str] = {}
    #: More pages than this are not read: `TooLong` is raised before the first.
    longest: int | None = None


class TooLong(Exception):
    """A list of more pages than were wanted; `total` is the number of its records."""

    def __init__(self, total: int | None) -> None:
        """Keep the number of records."""
        super().__init__(total)
        self.total = total


class _Round:
    """One passage through all pages of a list."""

    def __init__(self) -> None:
        self.ids: set[str] = set()
        self.totals: set[int | None] = set()

    def settles(self, before: _Round | None) -> bool:
        """Whether it certainly saw every row: the total stood still and was met.

        A join can repeat rows and inflate the total: two passages that saw the same will do.
        """
        if len(self.totals) > 1:
            return False
        total = next(iter(self.totals), None)
        if total is None or total == len(self.ids):
            return True
        return before is not None and before.totals == self.totals and before.ids == self.ids


def pages(api: Api, listing: Listing) -> Iterator[list[Row]]:
    """The pages of a list, each row once, sorted by id within its page.

    Ends without an exception only when the list was complete; raises Retriable when its rows kept
    moving.
    """
    given: set[str] = set()
    before: _Round | None = None
    for _ in range(_ROUNDS):
        this = _Round()
        for page in _passage(api, listing, this):
            new = {row.id: row for row in page if row.id not in given}
            given.update(new)
            if new:
                yield sorted(new.values(), key=in_order)
        if this.settles(before):
            return
        before = this
    raise Retriable("perfex_list_moves", path=listing.path)


def in_order(row: Row) -> tuple[int, str]:
    """Sorts numeric ids as numbers."""
    return (int(row.id), "") if row.id.isdigit() else (1 << 62, row.id)


def _passage(api: Api, listing: Listing, this: _Round) -> Iterator[list[Row]]:
    number = 1
    while True:
        paging = {"page": str(number), "per_page": str(PER_PAGE)}
        try:
            top, meta = api.read(listing.path, query={**listing.query, **paging}, slow=True)
        except NoData:
            return
        _check_length(listing, meta)
        page = [listing.row(members) for members in rows.members_of(array(top))]
        fresh = {row.id for row in page} - this.ids
        this.ids |= fresh
        this.totals.add(meta.total if meta else None)
        yield page
        # A page past the end repeats the last one, so rows seen before are an end too.
        if meta is None or not fresh or not _has_next(meta, number, len(page)):
            return
        number += 1


def _check_length(listing: Listing, meta: Meta | None) -> None:
    pages = meta.pages if meta else None
    if listing.longest is not None and pages is not None and pages > listing.longest:
        raise TooLong(meta.total if meta else None)


def _has_next(meta: Meta, number: int, count: int) -> bool:
    if meta.has_more is False:
        return False
    if meta.pages is not None:
        return number < meta.pages
    if meta.total is not None:
        return number * (meta.per_page or PER_PAGE) < meta.total
    return bool(meta.has_more) or count >= PER_PAGE


def array(top: Top) -> bytes:
    """An answer as a JSON array; PHP writes lists with gaps as objects."""
    if isinstance(top, list):
        return rows.encoded(top)
    values = list(top.values())
    if not all(bytes(value)[:1] == b"{" for value in values):
        raise Refused("perfex_unreadable", message="a list was expected")
    return rows.encoded(values)


def plain(api: Api, path: str) -> list[msgspec.Raw]:
    """A list that knows no pages (look-ups); empty when the site has none."""
    try:
        top, _ = api.read(path)
    except NoData:
        return []
    return parse.rows(msgspec.Raw(array(top)))
