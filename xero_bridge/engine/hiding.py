"""Records that Perfex no longer shows because something that they depend on was deleted.

An expense whose category is gone is in no list and cannot be read by id, yet it is still there: its
absence is not believed, and a person is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from xero_bridge.core.entity import Entity
from xero_bridge.core.plan import Question
from xero_bridge.core.record import Absent, Mirror
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.engine.context import Context
from xero_bridge.engine.draft import LEAVE, Draft
from xero_bridge.engine.making import amount_of, make_question


def hidden(context: Context, kind: Kind, missing: Iterable[str]) -> set[str]:
    """Those of the missing records that Perfex hides; what hides them is marked as gone."""
    depends = context.entities[kind].hidden_without
    mirrors = context.store.mirrors(kind, Side.PERFEX, missing) if depends else {}
    found: set[str] = set()
    for name, parent in depends.items():
        needed = {getattr(mirror.record, name) for mirror in mirrors.values()}
        read = context.perfex.read(parent, sorted(needed)) if needed else ()
        gone = [one.key for one in read if isinstance(one, Absent)]
        with context.store.atomically():
            context.store.mark_gone(gone)
        lost = {key.id for key in gone}
        found |= {id_ for id_, m in mirrors.items() if getattr(m.record, name) in lost}
    return found


def ask_about_hidden(draft: Draft, parent: Entity, gone: Mirror) -> Question | None:
    """The question about records that a deleted one hides, or None where it hides none."""
    lost = list(_dependents(draft, parent, gone))
    if not lost:
        return None
    kinds = {mirror.key.kind for mirror in lost}
    plural = " and ".join(sorted(draft.entity(kind).plural for kind in kinds))
    amounts = [amount_of(mirror) or Decimal() for mirror in lost]
    total = f"{sum(amounts, Decimal()):.2f}"
    details = {"count": len(lost), "plural": plural, "total": total}
    return make_question(
        parent.kind, "hides_records", gone, choices=(LEAVE,), details=details, basis=total
    )


def _dependents(draft: Draft, parent: Entity, gone: Mirror) -> Iterator[Mirror]:
    for entity in draft.context.entities.values():
        names = [name for name, kind in entity.hidden_without.items() if kind is parent.kind]
        if not names:
            continue
        for mirror in draft.context.store.mirrors_of(entity.kind, Side.PERFEX):
            named = gone.key.id in {getattr(mirror.record, name) for name in names}
            if named and not mirror.gone:
                yield mirror
