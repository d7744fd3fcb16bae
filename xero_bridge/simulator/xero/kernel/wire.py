"""How values look on Xero's wire: dates, decimals, ids, JSON."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID, uuid4

ZERO_ID = "00000000-0000-0000-0000-000000000000"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MS_DATE = re.compile(r"/Date\((-?\d+)(?:[+-]\d{4})?\)/")
ISO_DATE = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
)


def new_id() -> str:
    """Return a fresh GUID."""
    return str(uuid4())


def is_guid(text: str) -> bool:
    """Tell whether the text is a GUID."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def milliseconds(at: datetime) -> int:
    """Return milliseconds since 1970."""
    return (at - EPOCH) // timedelta(milliseconds=1)


def stamp(at: datetime) -> str:
    """Write an instant as most endpoints do."""
    return f"/Date({milliseconds(at)}+0000)/"


def bare_stamp(at: datetime) -> str:
    """Write an instant without offset, as DateTimeUTC and the items do."""
    return f"/Date({milliseconds(at)})/"


def day(on: date) -> str:
    """Write a business date."""
    return stamp(datetime(on.year, on.month, on.day, tzinfo=UTC))


def day_text(on: date) -> str:
    """Write a business date as its ...String twin does."""
    return f"{on.isoformat()}T00:00:00"


def instant_text(at: datetime) -> str:
    """Write an instant as UpdatedDateUTCString does."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def seven_digits(at: datetime) -> str:
    """Write an instant as /connections does: seven fractional digits, no zone."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f") + "0"


def parse_day(text: str) -> date | None:
    """Read a business date in any of the forms Xero takes; None when it is none of them."""
    try:
        if match := MS_DATE.fullmatch(text):
            return (EPOCH + timedelta(milliseconds=int(match[1]))).date()
        match = ISO_DATE.fullmatch(text)
        return date.fromisoformat(match[1]) if match else None
    except (ValueError, OverflowError):
        return None


def rounded(value: Decimal, places: int = 2) -> Decimal:
    """Round half-up, away from zero at the half."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def dumps(value: object) -> str:
    """Write JSON; a Decimal becomes a number as a double prints it."""
    return json.dumps(value, default=_number, ensure_ascii=False, separators=(",", ":"))


def loads(body: bytes) -> Any:
    """Read JSON with exact decimals; raises ValueError."""
    return json.loads(body, parse_float=Decimal)


def _number(value: object) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{value!r} has no JSON form.")
