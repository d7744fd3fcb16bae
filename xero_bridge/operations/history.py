"""What a start date would mean: documents and money on both of its sides, as last read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from xero_bridge.core.money import exact
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.entities import ENTITIES
from xero_bridge.operations.rows import connection_row, reading, store_of
from xero_bridge.operations.services import Services
from xero_bridge.store import models
from xero_bridge.store.repository import SqlStore


class Pile(msgspec.Struct, kw_only=True):
    """Documents and their money, currency by currency."""

    count: int = 0
    money: dict[str, Decimal] = {}

    @exact()
    def add(self, amount: Decimal, currency: str) -> None:
        """Put a document on it."""
        self.count += 1
        self.money[currency] = self.money.get(currency, Decimal(0)) + amount


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One kind on one side of the bridge."""

    kind: Kind
    plural: str
    side: Side
    since: Pile
    before: Pile
    #: Of those before: with what is left to pay.
    open_before: Pile


class History(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that bears a date, cut in two by a day."""

    start: date
    first: date | None
    lines: tuple[Line, ...]


class _Dated(NamedTuple):
    kind: str
    side: str
    remote_id: str
    dated: date
    amount: Decimal | None
    amount_due: Decimal | None
    currency: str


def history(services: Services, name: str, start: date) -> History:
    """Documents since and before a day, of every kind that has been read; nothing is called.

    Voided ones and drafts count on neither side. Raises `NotAccepted` for an unknown connection.
    """
    found = _dated(services, name)
    money = _Currencies(store_of(services, name))
    piles: dict[tuple[Kind, Side], tuple[Pile, Pile, Pile]] = {}
    for row in found:
        key = (Kind(row.kind), Side(row.side))
        since, before, still_open = piles.setdefault(key, (Pile(), Pile(), Pile()))
        currency = row.currency or money.of(*key, row.remote_id)
        amount = row.amount or Decimal(0)
        (since if row.dated >= start else before).add(amount, currency)
        if row.dated < start and row.amount_due:
            still_open.add(row.amount_due, currency)
    return History(
        start=start,
        first=min((row.dated for row in found), default=None),
        lines=tuple(
            Line(
                kind=kind,
                plural=entity.plural,
                side=side,
                since=since,
                before=before,
                open_before=still_open,
            )
            for kind, entity in ENTITIES.items()
            for side in Side
            if (kind, side) in piles
            for since, before, still_open in [piles[kind, side]]
        ),
    )


def _dated(services: Services, name: str) -> list[_Dated]:
    record = models.Record
    with reading(services) as session:
        row = connection_row(session, name)
        wanted = sa.select(
            *(record.kind, record.side, record.remote_id, record.dated),
            *(record.amount, record.amount_due, record.currency),
        ).where(
            record.connection_id == row.id,
            record.kind.in_([kind.value for kind in ENTITIES]),
            record.gone.is_(False),
            record.closed.is_(False),
            record.reason != "draft",
        )
        rows = session.execute(wanted).all()
    return [
        _Dated(kind, side, remote_id, dated, amount, amount_due, currency)
        for kind, side, remote_id, dated, amount, amount_due, currency in rows
        if dated is not None
    ]


class _Currencies:
    """Currencies of records that do not name their own: a Perfex payment has its invoice's."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store
        self._found: dict[tuple[Kind, Side], dict[str, str]] = {}

    def of(self, kind: Kind, side: Side, remote_id: str) -> str:
        """The ISO code, empty where its parent was not read."""
        if (kind, side) not in self._found:
            self._found[kind, side] = self._read(kind, side)
        return self._found[kind, side].get(remote_id, "")

    def _read(self, kind: Kind, side: Side) -> dict[str, str]:
        found: dict[str, str] = {}
        for field, parent in ENTITIES[kind].parents.items():
            codes = {
                mirror.key.id: mirror.record.money.currency
                for mirror in self._store.mirrors_of(parent, side)
                if mirror.record.money
            }
            for mirror in self._store.mirrors_of(kind, side):
                code = codes.get(getattr(mirror.record, field, ""), "")
                if code:
                    found[mirror.key.id] = code
        return found
