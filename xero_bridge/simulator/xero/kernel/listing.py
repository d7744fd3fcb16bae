"""Lists: If-Modified-Since, where, order, pages; the same rules for every endpoint."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import ceil

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.call import Call, envelope
from xero_bridge.simulator.xero.kernel.errors import bad_query
from xero_bridge.simulator.xero.kernel.idempotency import Reply
from xero_bridge.simulator.xero.kernel.where import Field, compile_order, compile_where
from xero_bridge.simulator.xero.kernel.wire import dumps

DEFAULT_PAGE = 100
LARGEST_PAGE = 1000
LARGEST_RESULT = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a list can do. `show` gives the JSON of one record; True asks for the paged shape."""

    key: str
    id_name: str
    fields: Mapping[str, Field]
    show: Callable[[Call, Record, bool], str]
    has_where: bool = True
    has_pages: bool = True
    has_modified: bool = True


def answer(call: Call, listing: Listing, rows: list[Record], *, forced: bool = False) -> Reply:
    """Answer a list of these records; `forced` pages even when no page was asked for."""
    rows = _ordered(call, listing, _filtered(call, listing, rows))
    if len(rows) > LARGEST_RESULT:
        raise bad_query("The number of records in the result is greater than 100,000.")
    if not (listing.has_pages and (forced or "page" in call.args)):
        return envelope(call, listing.key, [listing.show(call, row, False) for row in rows])
    page, size = _number(call, "page", 1), _number(call, "pageSize", DEFAULT_PAGE)
    page, size = max(1, page), min(max(1, size), LARGEST_PAGE)
    pagination = {
        "page": page,
        "pageSize": size,
        "pageCount": ceil(len(rows) / size),
        "itemCount": len(rows),
    }
    chosen = rows[(page - 1) * size : page * size]
    extra = f'"pagination":{dumps(pagination)},'
    return envelope(call, listing.key, [listing.show(call, row, True) for row in chosen], extra)


def _filtered(call: Call, listing: Listing, rows: list[Record]) -> list[Record]:
    since = _instant(call.modified_since) if listing.has_modified else None
    if since:
        rows = [row for row in rows if row["UpdatedDateUTC"] > since]
    text = call.args.get("where")
    if text is None or not listing.has_where:
        return rows
    holds = compile_where(text, listing.fields)
    return [row for row in rows if holds(row)]


def _ordered(call: Call, listing: Listing, rows: list[Record]) -> list[Record]:
    text = call.args.get("order")
    if listing.has_pages:
        rows = sorted(rows, key=lambda row: (row["UpdatedDateUTC"], row[listing.id_name]))
    if not text:
        return rows
    for get, descending in reversed(compile_order(text, listing.fields)):
        rows = sorted(rows, key=lambda row: _sortable(get(row)), reverse=descending)
    return rows


def _sortable(value: object) -> tuple[bool, object]:
    return (value is not None, value.casefold() if isinstance(value, str) else value)


def _number(call: Call, name: str, usual: int) -> int:
    text = call.args.get(name.lower(), "")
    return int(text) if text.lstrip("-").isdigit() else usual


def _instant(text: str | None) -> datetime | None:
    """Read If-Modified-Since, ISO or RFC 1123, to the second; what is neither is ignored."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        try:
            found = parsedate_to_datetime(text)
        except ValueError:
            return None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return found.replace(microsecond=0)
