"""Creates that leave no mark: found again by a higher id and by showing all that was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xero_bridge.core.errors import Held, Waiting
from xero_bridge.core.ports import JournalRow
from xero_bridge.core.record import Mirror, Record
from xero_bridge.core.vocabulary import Side
from xero_bridge.engine.books import LedgerBooks
from xero_bridge.engine.context import Context


def newcomers(context: Context, row: JournalRow) -> list[Mirror]:
    """Unlinked records above the highest id that was known when the create was sent."""
    if not row.high_water:
        return []
    return [
        mirror
        for mirror in context.store.unlinked(row.kind, row.side)
        if mirror.key.id.isdigit() and int(mirror.key.id) > int(row.high_water)
    ]


def that_show(
    context: Context, row: JournalRow, source: Record | None, found: Sequence[Mirror]
) -> list[Mirror]:
    """Those that show everything that the create carried: staff may have entered others."""
    entity = context.entities[row.kind]
    if source is None:
        return []
    sent = entity.carried(source)
    try:
        wanted = entity.shown_on(Side.PERFEX, sent, LedgerBooks(context))
    except (Held, Waiting):
        return []
    return [one for one in found if _shows(entity.facets_of(one.record, row.side), wanted)]


def _shows(now: Mapping[str, object], wanted: Mapping[str, object]) -> bool:
    return bool(wanted) and all(now.get(name) == value for name, value in wanted.items())
