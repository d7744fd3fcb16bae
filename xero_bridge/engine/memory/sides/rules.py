"""What both systems check and compute, in the little that the engine depends on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from xero_bridge.core.entity import Json
from xero_bridge.core.vocabulary import Kind

_CENT = Decimal("0.01")


class RefusalError(Exception):
    """A system says no: its reason code and its own words."""

    def __init__(self, reason: str, message: str) -> None:
        """Keep both apart."""
        super().__init__(message)
        self.reason = reason
        self.message = message


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What the rules of a side look at: its records, its lock date, its rates, new ids."""

    rows: Callable[[Kind], dict[str, Json]]
    new_id: Callable[[], str]
    lock: date | None = None
    #: TaxType -> percent.
    rates: dict[str, Decimal]


def cents(value: Decimal) -> Decimal:
    """Half up, as both systems round money."""
    return value.quantize(_CENT, ROUND_HALF_UP)


def number(value: object) -> Decimal:
    """An exact number of a JSON value."""
    return Decimal(str(value))


def slashed(instant: datetime) -> str:
    """An instant as Xero writes it."""
    return f"/Date({int(instant.timestamp() * 1000)}+0000)/"


def check_open(desk: Desk, *days: str) -> None:
    """Nothing is written in a locked period."""
    for day in days:
        if desk.lock and date.fromisoformat(day[:10]) <= desk.lock:
            message = "The document date cannot be before the period lock date."
            raise RefusalError("refused_period_locked", message)


def check_unique(rows: dict[str, Json], member: str, value: str, own: str, reason: str) -> None:
    """No other of these records bears the value, in any case of letters."""
    for id_, row in rows.items():
        if id_ != own and str(row.get(member) or "").casefold() == value.casefold():
            raise RefusalError(reason, f"{value} must be unique.")
