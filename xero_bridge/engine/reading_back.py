"""Writes to Perfex that its answers do not show yet: its module may keep what it has read."""

from __future__ import annotations

from datetime import datetime, timedelta

from xero_bridge.core.record import Key, Mirror
from xero_bridge.engine.context import Context
from xero_bridge.engine.draft import Draft

#: The module caches reads for 300 seconds; we look again a minute later.
LOOK_AGAIN_AFTER = timedelta(minutes=6)


def note_unseen(context: Context, key: Key) -> None:
    """Remember that a write to this record could not be seen in what Perfex shows."""
    context.store.remember(_name(key), context.clock.now().isoformat())


def note_seen(context: Context, key: Key) -> None:
    """Forget it: what was written is seen, or both sides agree anyway."""
    if _name(key) in context.store.facts():
        context.store.remember(_name(key), "")


def is_unseen(context: Context, key: Key) -> bool:
    """Whether the last write to it could not be seen in the answer."""
    return bool(context.store.facts().get(_name(key)))


def waits_for_read_back(draft: Draft, mirror: Mirror) -> bool:
    """Whether it was written to lately and Perfex may still show an older state."""
    noted = draft.facts.get(_name(mirror.key))
    return bool(noted) and draft.now - datetime.fromisoformat(str(noted)) < LOOK_AGAIN_AFTER


def _name(key: Key) -> str:
    return f"unseen:{key}"
