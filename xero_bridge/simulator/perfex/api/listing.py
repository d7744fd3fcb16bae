"""Lists: plain arrays, envelopes, pages that clamp, filters and sorts in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias

from xero_bridge.simulator.perfex import php
from xero_bridge.simulator.perfex.api.exchange import Ask, Reply, failed, no_data
from xero_bridge.simulator.perfex.database import Row

Shown: TypeAlias = dict[str, Any]

DATE_COLUMNS: Final = (
    "datecreated",
    "date_created",
    "dateadded",
    "created_at",
    "date",
    "startdate",
)
# The code's own page size of lists that always come in pages; the documents say 25.
DEFAULT_ALWAYS_PAGED: Final = 20
DEFAULT_ASKED_PAGED: Final = 25
LONGEST_PAGE: Final = 100
A_DAY: Final = timedelta(days=1)
A_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The rows of a list before paging, and how one of them is shown."""

    rows: Sequence[Shown]
    show: Callable[[Row], Shown]
    empty: Callable[[], Reply] = no_data


class FilterError(ValueError):
    """A list parameter that cannot be read."""


def answer(ask: Ask, listing: Listing) -> Reply:
    """Answer a GET of a whole resource the way this release of the module does."""
    if not listing.rows:
        return listing.empty()
    if not ask.site.version.paging:
        return Reply(content=[listing.show(row) for row in listing.rows])
    try:
        narrowed = _narrowed(ask, listing)
    except FilterError as error:
        return failed(str(error), 422)
    asked = "page" in ask.query or "per_page" in ask.query
    if not asked and ask.resource not in ask.site.version.enveloped:
        shown = [_reduced(narrowed.show(row), ask.query) for row in narrowed.rows]
        return Reply(content=shown) if shown else listing.empty()
    return Reply(content=_page(ask, narrowed))


def _page(ask: Ask, listing: Listing) -> Shown:
    rows = listing.rows
    per_page = _per_page(ask)
    last = max(1, -(-len(rows) // per_page))
    page = min(max(1, php.whole(ask.query.get("page", "1"), 1)), last)
    part = rows[(page - 1) * per_page : page * per_page]
    return {
        "data": [_reduced(listing.show(row), ask.query) for row in part],
        "meta": {
            "page": page,
            "per_page": per_page,
            "total": len(rows),
            "total_pages": last,
            "has_more": page < last,
            "current_page": page,
            "last_page": last,
        },
    }


def _per_page(ask: Ask) -> int:
    always = ask.resource in ask.site.version.enveloped
    fallback = DEFAULT_ALWAYS_PAGED if always else DEFAULT_ASKED_PAGED
    text = ask.query.get("per_page")
    if text is None and "page" in ask.query:
        text = ask.query.get("limit")
    return min(max(1, php.whole(text or "", fallback)), LONGEST_PAGE)


def _narrowed(ask: Ask, listing: Listing) -> Listing:
    """Apply filters and sort; without them nothing is built but the page itself."""
    query = ask.query
    after = _day(query, "created_after", "date_from")
    before = _day(query, "created_before", "date_to")
    if before is not None and ask.site.version.before_is_inclusive:
        before += A_DAY - A_SECOND
    sort = [part for part in query.get("sort", "").split(",") if part]
    if not (after or before or sort):
        return listing
    built = [listing.show(row) for row in listing.rows]
    kept = [row for row in built if _created_within(row, after, before)]
    for part in reversed(sort):
        kept.sort(key=_text_of(part.lstrip("-")), reverse=part[0] == "-")
    return Listing(rows=kept, show=dict, empty=listing.empty)


def _text_of(name: str) -> Callable[[Shown], str]:
    """Compare as text: "10" comes before "9"."""
    return lambda row: str(row.get(name) or "")


def _created_within(row: Shown, after: datetime | None, before: datetime | None) -> bool:
    """Compare as the module does: rows without a date of creation are kept."""
    text = next((str(row[name]) for name in DATE_COLUMNS if row.get(name)), "")
    if not text or text.startswith("0000"):
        return True
    moment = _local(text)
    return (after is None or moment >= after) and (before is None or moment <= before)


def _day(query: Mapping[str, str], *names: str) -> datetime | None:
    for name in names:
        if query.get(name):
            try:
                return _local(query[name][:10])
            except ValueError:
                raise FilterError(f"Invalid {name} date") from None
    return None


def _local(text: str) -> datetime:
    """Read a naive text of the server; compared only with texts of the same server."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _reduced(row: Shown, query: Mapping[str, str]) -> Shown:
    wanted = [name.strip() for name in query.get("fields", "").split(",") if name.strip()]
    if not wanted:
        return row
    return {name: value for name, value in row.items() if name in wanted or name == "id"}
