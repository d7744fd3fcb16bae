"""What proving asks of the database: only what needs a closer look leaves it."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from xero_bridge.core.proof import Standing
from xero_bridge.core.record import Key, Link, Mirror
from xero_bridge.core.vocabulary import Kind, RecordState, Side
from xero_bridge.store.repository.links import LINK, Links
from xero_bridge.store.repository.mirrors import Mirrors
from xero_bridge.store.repository.records import RECORD

_AMOUNTS = ("amount", "tax", "amount_due")


class Proving(Mirrors, Links):
    """Where records stand, and which of them need a closer look."""

    def standings(self, keys: Iterable[Key]) -> dict[Key, Standing]:
        """Where these records stand; those that were never seen are left out."""
        names = ("kind", "side", "remote_id", "state", "reason", "reason_details", "dirty")
        wanted = sa.select(*(RECORD.c[name] for name in names))
        return {
            Key(Kind(row.kind), Side(row.side), row.remote_id): Standing(
                state=RecordState(row.state or RecordState.NEW),
                reason=row.reason,
                details=row.reason_details or {},
                dirty=row.dirty,
            )
            for place in self._places(keys)
            for row in self._all(wanted.where(place))
        }

    def apart(self, kind: Kind) -> list[Link]:
        """Links whose records differ in what `core.proof.is_apart` compares."""
        perfex, xero = RECORD.alias("perfex"), RECORD.alias("xero")
        found = (
            sa.select(LINK)
            .join(perfex, _is_of(perfex, Side.PERFEX, LINK.c.perfex_id))
            .join(xero, _is_of(xero, Side.XERO, LINK.c.xero_id))
            .where(self._of(kind), _is_apart(perfex, xero))
            .order_by(LINK.c.id)
        )
        return [self._link(row) for row in self._all(found)]

    def strays(self, kind: Kind) -> list[Mirror]:
        """Open records whose mark another one of their side bears too, or that have no link."""
        return [stray for side in Side for stray in self._strays_of(kind, side)]

    def _strays_of(self, kind: Kind, side: Side) -> list[Mirror]:
        is_open = sa.and_(RECORD.c.mark != "", RECORD.c.gone.is_(False), RECORD.c.closed.is_(False))
        twice = (
            sa.select(RECORD.c.mark)
            .where(self._list(kind, side), is_open)
            .group_by(RECORD.c.mark)
            .having(sa.func.count() > 1)
        )
        held = LINK.c.perfex_id if side is Side.PERFEX else LINK.c.xero_id
        linked = sa.select(held).where(self._of(kind))
        is_stray = sa.or_(RECORD.c.mark.in_(twice), RECORD.c.remote_id.not_in(linked))
        return list(self._walk(self._list(kind, side), is_open, is_stray))


def _is_of(side: sa.FromClause, name: Side, held: sa.Column[str]) -> sa.ColumnElement[bool]:
    return sa.and_(
        side.c.connection_id == LINK.c.connection_id,
        side.c.kind == LINK.c.kind,
        side.c.side == name.value,
        side.c.remote_id == held,
    )


def _is_apart(perfex: sa.FromClause, xero: sa.FromClause) -> sa.ColumnElement[bool]:
    """What is null on a side is told by neither: a comparison with it is not true."""
    is_open = [sa.not_(sa.or_(side.c.gone, side.c.closed)) for side in (perfex, xero)]
    currencies = sa.and_(
        perfex.c.currency != "", xero.c.currency != "", perfex.c.currency != xero.c.currency
    )
    # SQLite keeps amounts as text, in which "0.00" is not "0".
    amounts = [
        sa.cast(perfex.c[name], sa.Float) != sa.cast(xero.c[name], sa.Float) for name in _AMOUNTS
    ]
    differ = sa.or_(perfex.c.dated != xero.c.dated, currencies, *amounts)
    return sa.or_(is_open[0] != is_open[1], sa.and_(*is_open, differ))
