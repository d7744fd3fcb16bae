"""Records found by whatever a person knows of them: number, name, id, mark or amount."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

import sqlalchemy as sa

from xero_bridge.core.record import Key
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.store.database import Database
from xero_bridge.store.queries import RECORD

_TEXTS = (RECORD.c.label, RECORD.c.number, RECORD.c.remote_id, RECORD.c.mark)
#: More than any amount that is stored is apart from its neighbour.
_NEAR = 0.000_1


def search(
    database: Database,
    connection_id: int,
    kinds: Iterable[Kind],
    *,
    texts: Sequence[str] = (),
    amount: Decimal | None = None,
    currency: str = "",
    limit: int = 20,
) -> list[Key]:
    """Records of these kinds: what is called exactly so, of that amount, that begins or holds it.

    Each once, the best and newest first, at most `limit`.
    """
    mine = sa.and_(
        RECORD.c.connection_id == connection_id,
        RECORD.c.kind.in_([kind.value for kind in kinds]),
    )
    found: dict[Key, None] = {}
    for condition in _conditions(texts, amount, currency):
        found |= dict.fromkeys(_keys(database, sa.and_(mine, condition), limit))
    return list(found)[:limit]


def _conditions(
    texts: Sequence[str], amount: Decimal | None, currency: str
) -> Iterator[sa.ColumnElement[bool]]:
    for text in texts:
        yield sa.or_(*(sa.func.lower(column) == text.lower() for column in _TEXTS))
    if amount is not None:
        yield _is_worth(amount, currency)
    for text in texts:
        yield sa.or_(*(column.istartswith(text, autoescape=True) for column in _TEXTS))
    for text in texts:
        yield sa.or_(*(column.icontains(text, autoescape=True) for column in _TEXTS))


def _is_worth(amount: Decimal, currency: str) -> sa.ColumnElement[bool]:
    # SQLite keeps amounts as text, in which "10.0" is not "10".
    worth = sa.cast(RECORD.c.amount, sa.Float)
    due = sa.cast(RECORD.c.amount_due, sa.Float)
    is_it = sa.or_(
        *(side.between(float(amount) - _NEAR, float(amount) + _NEAR) for side in (worth, due))
    )
    # Payments of Perfex do not tell their currency.
    return sa.and_(is_it, RECORD.c.currency.in_([currency, ""])) if currency else is_it


def _keys(database: Database, condition: sa.ColumnElement[bool], limit: int) -> list[Key]:
    query = (
        sa.select(RECORD.c.kind, RECORD.c.side, RECORD.c.remote_id)
        .where(condition)
        .order_by(RECORD.c.dated.desc().nulls_last(), RECORD.c.id.desc())
        # A linked pair is found on both sides.
        .limit(limit * 2)
    )
    with database.reading() as connection:
        rows = connection.execute(query).all()
    return [Key(Kind(row.kind), Side(row.side), row.remote_id) for row in rows]


def held(database: Database, connection_id: int) -> dict[tuple[Kind, Side], int]:
    """How many records of each kind and side are known."""
    query = (
        sa.select(RECORD.c.kind, RECORD.c.side, sa.func.count().label("number"))
        .where(RECORD.c.connection_id == connection_id, RECORD.c.gone.is_(False))
        .group_by(RECORD.c.kind, RECORD.c.side)
    )
    with database.reading() as connection:
        rows = connection.execute(query).all()
    return {(Kind(row.kind), Side(row.side)): row.number for row in rows}
