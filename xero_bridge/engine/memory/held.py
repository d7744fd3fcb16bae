"""What a store in memory remembers, and its transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from datetime import datetime
from itertools import count

import msgspec

from xero_bridge.core.plan import Answer, Approval, GuardStop, Plan, Question
from xero_bridge.core.ports import Cursor, JournalRow, RunRow
from xero_bridge.core.record import Key, Link, Mirror
from xero_bridge.core.remote import Batch
from xero_bridge.core.settings import Settings
from xero_bridge.core.vocabulary import Kind, RecordState, Side


class Noted(msgspec.Struct, frozen=True, kw_only=True):
    """Where a record stands, as its page shows it."""

    state: RecordState = RecordState.NEW
    reason: str = ""
    details: dict[str, str] = {}


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one action."""

    state: str
    before: bytes
    after: bytes
    note: str


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A question and what became of it; closed when it neither waits nor has an answer."""

    question: Question
    waits: bool = True
    answer: Answer | None = None
    first_seen_at: datetime


class Held:
    """All that the store remembers, in dictionaries of values: a shallow copy is a snapshot."""

    def __init__(self) -> None:
        self.settings = Settings()
        self.facts: dict[str, str] = {}
        self.mirrors: dict[Key, Mirror] = {}
        self.rows: dict[Key, str] = {}
        self.dirty: dict[Key, None] = {}
        self.states: dict[Key, Noted] = {}
        self.links: dict[tuple[Kind, str], Link] = {}
        self.cursors: dict[tuple[Kind, Side], Cursor] = {}
        self.journal: dict[int, JournalRow] = {}
        self.batches: dict[int, Batch] = {}
        self.questions: dict[str, Asked] = {}
        self.stops: dict[str, GuardStop] = {}
        self.approvals: dict[str, Approval] = {}
        self.plans: dict[int, Plan] = {}
        self.actions: dict[tuple[int, str], Outcome] = {}
        self.runs: dict[int, RunRow] = {}

    def snapshot(self) -> Held:
        """The same values, which later changes of this object leave alone."""
        other = copy(self)
        for name, value in vars(self).items():
            setattr(other, name, copy(value))
        return other


class Part:
    """What every part of the store shares: what is held, and the transaction."""

    def __init__(self, connection: str = "acme", settings: Settings | None = None) -> None:
        self.connection = connection
        self._held = Held()
        self._held.settings = settings or Settings()
        self._depth = 0
        self._ids = count(1)

    @contextmanager
    def atomically(self) -> Iterator[None]:
        """One transaction; nested use joins the outer one."""
        before = self._held.snapshot() if self._depth == 0 else None
        self._depth += 1
        try:
            yield
        except BaseException:
            if before is not None:
                self._held = before
            raise
        finally:
            self._depth -= 1

    @property
    def _writing(self) -> Held:
        assert self._depth, "every write happens inside `with store.atomically():`"
        return self._held


def about(question: Question) -> set[Key]:
    """The records that a question is about."""
    ids = {Side.PERFEX: question.perfex_id, Side.XERO: question.xero_id}
    return {Key(question.kind, side, held) for side, held in ids.items() if held}
