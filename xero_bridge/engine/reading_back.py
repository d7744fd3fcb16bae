"""Writes to Perfex that its answers do not show yet: its module may keep what it has read."""

from __future__ import annotations

from datetime import datetime, timedelta

from xero_bridge.core.record import Key, Mirror
from xero_bridge.engine.context import Context
from xero_bridge.engine.draft import Draft

#: The module caches reads for 300 seconds; we look again a minute later.
LOOK_AGAIN_AFTER = timedelta(minutes=6)


#: A write that was sent so often and never seen was not taken: a person is told.
TRIES = 3


def note_unseen(context: Context, key: Key, digest: str) -> bool:
    """Remember that a write to this record could not be seen in what its side shows.

    False: the same was sent `TRIES` times by now, and the side goes on without it.
    """
    noted = context.store.facts().get(_name(key), "").split()
    tries = int(noted[1]) + 1 if noted[2:] == [digest] else 1
    context.store.remember(_name(key), f"{context.clock.now().isoformat()} {tries} {digest}")
    return tries < TRIES


def note_seen(context: Context, key: Key) -> None:
    """Forget it: what was written is seen, or both sides agree anyway."""
    if _name(key) in context.store.facts():
        context.store.remember(_name(key), "")


def is_unseen(context: Context, key: Key) -> bool:
    """Whether the last write to it could not be seen in the answer."""
    return bool(context.store.facts().get(_name(key)))


def waits_for_read_back(draft: Draft, mirror: Mirror) -> bool:
    """Whether it was written to lately and Perfex may still show an older state."""
    noted = draft.facts.get(_name(mirror.key), "").split()
    return bool(noted) and draft.now - datetime.fromisoformat(noted[0]) < LOOK_AGAIN_AFTER


def _name(key: Key) -> str:
    return f"unseen:{key}"
