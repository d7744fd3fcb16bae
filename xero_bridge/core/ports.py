"""What the engine needs of the outside world beside the two sides: store, clock, lease."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol

import msgspec

from xero_bridge.core.plan import Answer, Approval, GuardStop, Plan, Question, Version
from xero_bridge.core.proof import Standing
from xero_bridge.core.record import Key, Link, Mirror, Seen
from xero_bridge.core.remote import Batch
from xero_bridge.core.settings import Settings
from xero_bridge.core.vocabulary import JournalState, Kind, RecordState, RunState, Side, Verb


class Clock(Protocol):
    """The time, as an argument."""

    def now(self) -> datetime:
        """Aware UTC instant."""


class Cursor(msgspec.Struct, frozen=True, kw_only=True):
    """How far a list has been read: the highest UpdatedDateUTC stored, for one filter."""

    kind: Kind
    side: Side
    at: datetime | None = None
    #: Hash of what the cursor belongs to (start date, kinds, tenant, decoder version).
    filter: str = ""
    #: When the last complete read began, and the last complete read of everything.
    read_at: datetime | None = None
    full_at: datetime | None = None


class JournalRow(msgspec.Struct, frozen=True, kw_only=True):
    """One create, void or delete, written down before it is sent."""

    id: int | None = None
    kind: Kind
    verb: Verb
    #: The side written to.
    side: Side
    #: The record that it starts from (creates) or writes to.
    source: Key
    state: JournalState
    generation: int = 1
    mark: str = ""
    batch_id: int | None = None
    #: Highest id of that kind before sending, where no mark is possible.
    high_water: str = ""
    #: Hash of the payload.
    digest: str = ""
    #: Canonical JSON of the source as it was sent: the base once the write turns out to be done.
    record: bytes = b""
    made_at: datetime
    sent_at: datetime | None = None
    #: Id that the side gave (creates).
    result_id: str = ""
    message: str = ""
    #: Complete pulls begun after the row could be judged in which the record was not found.
    looked: int = 0


class RunRow(msgspec.Struct, frozen=True, kw_only=True):
    """A run's report, as `sync --json` prints it."""

    id: int
    connection: str
    state: RunState
    trigger: str = ""
    started_at: datetime
    ended_at: datetime | None = None
    phase: str = ""
    planned: dict[str, dict[str, int]] = {}
    done: dict[str, dict[str, int]] = {}
    questions: int = 0
    xero_calls: int = 0
    perfex_calls: int = 0
    #: Actions to do and done, for the progress bar.
    total: int = 0
    ready: int = 0
    resumes_at: datetime | None = None
    error: str | None = None
    dry: bool = False


class Store(Protocol):
    """The memory of one connection.

    Every write happens inside `with store.atomically():`; no remote call is made inside one.
    """

    connection: str

    def atomically(self) -> AbstractContextManager[None]:
        """One short write transaction; nested use joins the outer one."""

    # settings and facts about both sides
    def settings(self) -> Settings:
        """The connection's settings."""

    def facts(self) -> Mapping[str, str]:
        """Small remembered facts, by name: organisation and site as JSON, when it went live."""

    def remember(self, name: str, value: str) -> None:
        """Set a fact; empty text forgets it."""

    # mirrors
    def rows(self, kind: Kind, side: Side) -> dict[str, str]:
        """Remote id -> hash of the list row, of all mirrors that are not gone."""

    def save_seen(self, seen: Iterable[Seen], now: datetime) -> int:
        """Store what was read. Returns how many records became dirty.

        One that differs from its mirror (or is new, or was gone) does, and gets a new version.
        """

    def touch_rows(self, kind: Kind, side: Side, rows: Mapping[str, str]) -> None:
        """Store new row hashes of mirrors whose record did not change."""

    def mark_gone(self, keys: Iterable[Key]) -> None:
        """The side no longer has these records; they become dirty."""

    def mirrors(self, kind: Kind, side: Side, ids: Iterable[str]) -> dict[str, Mirror]:
        """The mirrors of these ids (gone ones too)."""

    def mirrors_of(self, kind: Kind, side: Side) -> Iterator[Mirror]:
        """All mirrors of a kind on one side, gone ones too."""

    def stale(
        self, kind: Kind, side: Side, seen_before: datetime, dated_from: date | None, limit: int
    ) -> list[str]:
        """Ids of mirrors not read since, the longest unread first.

        With `dated_from` only those dated from then on, or with an amount due.
        """

    def unlinked(self, kind: Kind, side: Side) -> list[Mirror]:
        """Mirrors without a link, not gone."""

    def dirty(self, kind: Kind) -> list[Mirror]:
        """Mirrors of both sides that the planner has to look at, linked or not."""

    def settle(self, versions: Iterable[Version]) -> None:
        """Clear the dirty flag where the mirror still has that version."""

    def make_dirty(self, keys: Iterable[Key]) -> None:
        """Have the planner look at these records again."""

    def make_all_dirty(self, kind: Kind | None = None, *, linked: bool | None = None) -> None:
        """Have the planner look again at all records (of a kind; linked or unlinked ones only)."""

    def find_marks(self, kind: Kind, side: Side, marks: Iterable[str]) -> dict[str, list[Mirror]]:
        """Mark -> mirrors that bear it."""

    # links
    def links(self, kind: Kind, side: Side, ids: Iterable[str]) -> dict[str, Link]:
        """Links of these records, by their id on that side (the leading one where several)."""

    def links_of(self, kind: Kind) -> Iterator[Link]:
        """All links of a kind."""

    def save_link(self, link: Link) -> None:
        """Insert or replace the link of this Perfex id (Xero id for Xero-only mappings)."""

    def drop_link(self, link: Link) -> None:
        """Forget a link."""

    # cursors
    def cursor(self, kind: Kind, side: Side) -> Cursor | None:
        """How far the list has been read."""

    def save_cursor(self, cursor: Cursor) -> None:
        """Remember how far the list has been read."""

    # journal and batches
    def add_journal(self, rows: Sequence[JournalRow]) -> list[JournalRow]:
        """Write rows down; returned with their ids."""

    def save_journal(self, row: JournalRow) -> None:
        """Replace a row by its id."""

    def unfinished(self) -> list[JournalRow]:
        """Rows that are neither done nor refused, oldest first."""

    def done_creates(self, kind: Kind, side: Side, ids: Iterable[str]) -> dict[str, JournalRow]:
        """Done create rows by the id they made."""

    def add_batch(self, batch: Batch) -> Batch:
        """Write a batch down before it is sent; returned with its id."""

    def batch(self, batch_id: int) -> Batch | None:
        """A batch by id."""

    # questions and answers
    def keep_questions(
        self, questions: Sequence[Question], looked_at: Iterable[Key], now: datetime
    ) -> None:
        """Open or refresh these; close open ones about records looked at that are not among them.

        An answered question stays answered while its basis is the same, else it opens again.
        """

    def answers(self) -> dict[str, Answer]:
        """Answers in force, by question key."""

    def drop_answer(self, question: str) -> None:
        """An answer has been carried out: forget it and close its question."""

    def open_questions(self) -> int:
        """How many questions wait for a person."""

    def asked(self) -> dict[str, Question]:
        """Questions that are open or answered, by key."""

    def note_states(
        self, states: Iterable[tuple[Key, RecordState, str, Mapping[str, str]]]
    ) -> None:
        """Where records stand, for their pages: state, reason code and its values."""

    # proof
    def standings(self, keys: Iterable[Key]) -> dict[Key, Standing]:
        """Where these records stand; those that were never seen are left out."""

    def apart(self, kind: Kind) -> list[Link]:
        """Links whose records differ in what `core.proof.is_apart` compares."""

    def strays(self, kind: Kind) -> list[Mirror]:
        """Open records whose mark another one of their side bears too, or that have no link."""

    # guards
    def keep_stops(self, stops: Sequence[GuardStop], now: datetime) -> None:
        """Replace the guard stops that wait for a person."""

    def approvals(self) -> list[Approval]:
        """Consents in force."""

    def drop_approvals(self) -> None:
        """Consents are used up once the run that they were given for has applied its plan."""

    # runs
    def keep_plan(self, run_id: int, plan: Plan) -> None:
        """Store the plan of a run (the dashboard's plan page shows the newest)."""

    def record_action(
        self, run_id: int, action_key: str, state: str, *, before: bytes, after: bytes, note: str
    ) -> None:
        """Store one action's outcome with the record before and after (canonical JSON)."""

    def progress(self, run: RunRow) -> None:
        """Store how far the run is."""


class Lease(Protocol):
    """The claim of a run on its connection."""

    def check(self) -> None:
        """Renew the heartbeat; raises `LeaseLost` when another process took over."""
