"""Documents, questions and rows that the tests of the store put into it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import sqlalchemy as sa

from xero_bridge.core.calls import Exchange
from xero_bridge.core.plan import Question
from xero_bridge.core.ports import JournalRow
from xero_bridge.core.record import Key, Link, Money, Record, Seen
from xero_bridge.core.vocabulary import JournalState, Kind, Side, Verb
from xero_bridge.engine.memory import MemoryStore
from xero_bridge.store import models
from xero_bridge.store.database import Database
from xero_bridge.store.repository import Codec, SqlStore

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 22, 13, tzinfo=UTC)
AnyStore = MemoryStore | SqlStore


class Doc(Record, frozen=True, kw_only=True):
    """A document that stands for every kind."""

    number: str = "INV-1"
    customer: str = "41"
    total: Decimal = Decimal("10.00")
    total_tax: Decimal = Decimal("1.60")
    amount_due: Decimal = Decimal("4.00")
    on: date = date(2026, 1, 31)
    void: bool = False

    @property
    def label(self) -> str:
        return self.number

    @property
    def money(self) -> Money | None:
        return Money(self.total, "EUR")

    @property
    def dated(self) -> date | None:
        return self.on

    @property
    def closed(self) -> bool:
        return self.void


CODEC = Codec(
    encode=msgspec.json.encode,
    decode=lambda _kind, content: msgspec.json.decode(content, type=Doc),
)


def key(number: int | str, side: Side = Side.PERFEX, kind: Kind = Kind.INVOICE) -> Key:
    return Key(kind, side, str(number))


def seen(number: int | str, side: Side = Side.PERFEX, doc: Doc | None = None, **sight: Any) -> Seen:
    """A document as a side just showed it."""
    record = doc or Doc(number=f"INV-{number}")
    return Seen(key=key(number, side), record=record, **sight)


def link(perfex_id: str, xero_id: str, kind: Kind = Kind.INVOICE, **told: Any) -> Link:
    return Link(kind=kind, perfex_id=perfex_id, xero_id=xero_id, **told)


def question(number: int | str, reason: str = "ambiguous", basis: str = "b1") -> Question:
    return Question(
        kind=Kind.INVOICE,
        reason=reason,
        perfex_id=str(number),
        label=f"INV-{number}",
        amount=Decimal("10.00"),
        currency="EUR",
        basis=basis,
        candidates=(key("x1", Side.XERO),),
    )


def planned_create(number: int | str, **told: Any) -> JournalRow:
    values = {"state": JournalState.PLANNED, "made_at": NOON, **told}
    return JournalRow(
        kind=Kind.INVOICE, verb=Verb.CREATE, side=Side.XERO, source=key(number), **values
    )


def store_seen(store: AnyStore, *sights: Seen, now: datetime = NOON) -> int:
    with store.atomically():
        return store.save_seen(sights, now)


def add_connection(database: Database, name: str = "acme", **values: Any) -> int:
    """A connection's row; returns its id."""
    row = sa.insert(models.Connection).values(name=name, created_at=NOON, **values)
    with database.writing() as connection:
        return int(connection.execute(row.returning(models.Connection.id)).scalar_one())


def exchange(number: int = 1, **told: Any) -> Exchange:
    values = {
        "side": "xero",
        "method": "GET",
        "url": f"https://api.example/Invoices?page={number}",
        "status": 200,
        "ms": 12,
        "remaining": {"x-daylimit-remaining": "987"},
        "at": NOON,
        **told,
    }
    return Exchange(**values)


def address_of(database: Database) -> str:
    """The address of a database, for another process."""
    return database.engine.url.render_as_string(hide_password=False)
