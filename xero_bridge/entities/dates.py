"""Days and instants as both sides write them. Business dates are never moved by a time zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from xero_bridge.entities.wire import WireError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Xero's instants: milliseconds since 1970 in UTC, whatever offset is written behind them.
_SLASHED = re.compile(r"/Date\((-?\d+)(?:[+-]\d{4})?\)/")
_DAY = len("2026-08-03")


def xero_day(text: str | None, slashed: str | None = None) -> date | None:
    """The calendar day of `2026-08-03T00:00:00`, else of `/Date(1785715200000+0000)/`."""
    if text:
        return _iso_day(text)
    if not slashed:
        return None
    return xero_instant(slashed).date() if slashed[0] == "/" else _iso_day(slashed)


def xero_instant(text: str) -> datetime:
    """The aware UTC instant of `/Date(1785730530120)/` or of `2026-08-03T04:15:30Z`.

    Raises WireError for anything else.
    """
    found = _SLASHED.fullmatch(text)
    if found:
        return _EPOCH + timedelta(milliseconds=int(found[1]))
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise WireError(f"{text!r} is not an instant of Xero.") from error
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def perfex_day(text: str) -> date | None:
    """The day of a Perfex date or naive local time; `0000-00-00` and nothing are no day."""
    if not text.strip() or text.startswith("0000-00-00"):
        return None
    return _iso_day(text.strip())


def _iso_day(text: str) -> date:
    try:
        return date.fromisoformat(text[:_DAY])
    except ValueError as error:
        raise WireError(f"{text!r} is not a date (YYYY-MM-DD).") from error
