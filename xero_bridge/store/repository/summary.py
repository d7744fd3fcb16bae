"""The columns that people search and sum by, taken from a canonical record."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from xero_bridge.core.record import Record

#: Fields of canonical records that hold the customer's or vendor's id.
_PARTIES = ("customer", "vendor", "contact", "supplier")


def summary(record: Record) -> dict[str, Any]:
    """Label, number, date, amount, tax, amount due, currency, party and closed flag of a record."""
    money = record.money
    return {
        "label": _text(record.label),
        "number": _text(getattr(record, "number", "")),
        "dated": _day(record.dated),
        "amount": money.amount if money else None,
        "tax": _amount(getattr(record, "total_tax", None)),
        "amount_due": _amount(getattr(record, "amount_due", None)),
        "currency": money.currency if money else "",
        "party": _party(record),
        "closed": record.closed,
    }


def _party(record: Record) -> str:
    values = (getattr(record, field, None) for field in _PARTIES)
    return next((value for value in values if isinstance(value, str) and value), "")


def _text(value: object) -> str:
    # PostgreSQL refuses NUL in text.
    return value.replace("\x00", "") if isinstance(value, str) else ""


def _amount(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None
