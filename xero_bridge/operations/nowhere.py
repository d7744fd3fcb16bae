"""Nothing found: where it was looked, and why a record may not be there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from xero_bridge.core.vocabulary import REFERENCE_KINDS, Kind, Side
from xero_bridge.entities import ENTITIES
from xero_bridge.operations import connections
from xero_bridge.operations.chain import kinds
from xero_bridge.operations.rows import connection_row, reading
from xero_bridge.operations.services import Services
from xero_bridge.store import searching
from xero_bridge.store.repository import SqlStore


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """A list that was searched: how many records it has, and when it was last read."""

    kind: Kind
    side: Side
    records: int
    read_at: datetime | None


def looked_for(
    services: Services, store: SqlStore, name: str, text: str
) -> tuple[tuple[Looked, ...], str]:
    """The lists that were searched, and what may be the reason."""
    with reading(services) as session:
        connection_id = connection_row(session, name).id
    held = searching.held(services.database, connection_id)
    looked = [_looked(store, kind, side, held) for kind in kinds() for side in Side]
    known = tuple(each for each in looked if each.records or each.read_at)
    return known, _why(services, name, text, known)


def _looked(store: SqlStore, kind: Kind, side: Side, held: dict[tuple[Kind, Side], int]) -> Looked:
    cursor = store.cursor(kind, side)
    return Looked(
        kind=kind,
        side=side,
        records=held.get((kind, side), 0),
        read_at=cursor.read_at if cursor else None,
    )


def _why(services: Services, name: str, text: str, looked: Sequence[Looked]) -> str:
    view = connections.view(services, name)
    if not any(each.read_at for each in looked):
        return f"Nothing of {name} was read yet. {view.trouble or 'Run sync first.'}"
    oldest = min(each.read_at for each in looked if each.read_at)
    newest = max(each.read_at for each in looked if each.read_at)
    reasons = [f"it is newer than the last look ({newest:%Y-%m-%d %H:%M} UTC): press Sync now"]
    if oldest < newest:
        reasons.append(f"its list was last read at {oldest:%Y-%m-%d %H:%M} UTC")
    reasons.append("it is written otherwise: try a part of it")
    if view.trouble:
        reasons.insert(0, view.trouble.rstrip("."))
    unread = _unread(looked)
    if unread:
        reasons.append(f"it is of a kind that is not read ({', '.join(unread)})")
    listed = "; or ".join(reasons)
    records = sum(each.records for each in looked)
    return f"Nothing is called {text!r} among {records:,} records of both sides. Perhaps {listed}."


def _unread(looked: Sequence[Looked]) -> list[str]:
    """Kinds of which Perfex showed nothing yet: switched off, or the site lacks what they need."""
    read = {each.kind for each in looked if each.side is Side.PERFEX and each.read_at}
    return [
        entity.plural
        for kind, entity in ENTITIES.items()
        if entity.perfex and kind not in read and kind not in REFERENCE_KINDS
    ]
