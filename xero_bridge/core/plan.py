"""What a run would do: actions and questions. A plan is a value: stored, shown, then applied."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from xero_bridge.core.record import Key, Link
from xero_bridge.core.vocabulary import Kind, Side, Verb


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One facet of a record that an action changes, in words for a person."""

    facet: str
    before: str = ""
    after: str = ""


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """The mirror version that a decision rested on."""

    key: Key
    version: int


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a run would do. `side` is the side that it writes to (or Xero for links)."""

    kind: Kind
    verb: Verb
    side: Side
    #: The ids known when the plan was made; the one to be created is None.
    perfex_id: str | None = None
    xero_id: str | None = None
    label: str = ""
    amount: Decimal | None = None
    currency: str = ""
    #: Facets to write (updates only).
    facets: frozenset[str] = frozenset()
    changes: tuple[Change, ...] = ()
    #: Reason code: why (`core/reasons.py`).
    reason: str
    #: Records that must be linked first (they are born in the same plan).
    parents: tuple[Key, ...] = ()
    versions: tuple[Version, ...] = ()
    #: A Perfex payment posts a receipt to the customer.
    sends_email: bool = False
    #: A payment: the part of its amount that is sent, where a person said that not all of it is.
    share: Decimal | None = None
    #: Other facets of the record are written too, or wait: the bases move on in `facets` alone.
    part: bool = False

    @property
    def key(self) -> str:
        """Identity of the action within and across plans."""
        return f"{self.kind}:{self.verb}:{self.side}:{self.perfex_id or ''}:{self.xero_id or ''}"

    @property
    def source(self) -> Key:
        """The record that the action starts from (the existing one of a birth)."""
        return self.on(self.side.other) or self.on(self.side) or Key(self.kind, self.side, "")

    def on(self, side: Side) -> Key | None:
        """The record on that side, if there is one."""
        held = self.perfex_id if side is Side.PERFEX else self.xero_id
        return Key(self.kind, side, held) if held else None


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One answer that a question accepts."""

    code: str
    label: str
    #: The answer needs a value with it (a number, an id, a typed yes).
    takes: str = ""


class Side3(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a conflict: the facet at the last agreement, in Perfex and in Xero, as text."""

    facet: str
    base: str = ""
    perfex: str = ""
    xero: str = ""
    sensitive: bool = False


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """How well a candidate fits: 0 to 100, and what agrees and what does not."""

    score: int
    why: str = ""
    #: A tax number, an e-mail address or the whole name agrees, and nothing contradicts.
    exact: bool = False


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """Something that only a person can decide or fix."""

    kind: Kind
    #: Reason code (`core/reasons.py`), with the values its sentence needs as text.
    reason: str
    details: dict[str, str] = {}
    perfex_id: str | None = None
    xero_id: str | None = None
    label: str = ""
    amount: Decimal | None = None
    currency: str = ""
    choices: tuple[Choice, ...] = ()
    #: Records of the other side that it may be.
    candidates: tuple[Key, ...] = ()
    #: How well each candidate fits, in the same order; empty where likeness is not the matter.
    judged: tuple[Judged, ...] = ()
    #: Both versions, facet by facet.
    rows: tuple[Side3, ...] = ()
    #: Hash of what the question rests on: an answer holds while this stays the same.
    basis: str = ""

    @property
    def key(self) -> str:
        """Identity of the question across plans: one per record and reason."""
        return f"{self.kind}:{self.perfex_id or ''}:{self.xero_id or ''}:{self.reason}"

    @property
    def about(self) -> frozenset[Key]:
        """The records that it is about."""
        ids = {Side.PERFEX: self.perfex_id, Side.XERO: self.xero_id}
        return frozenset(Key(self.kind, side, held) for side, held in ids.items() if held)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A person's answer to a question: it holds while the question's basis stays the same."""

    question: str
    code: str
    value: str = ""
    basis: str = ""
    by: str = ""
    at: datetime


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """A record that this plan leaves alone for now, and what it waits for."""

    key: Key
    reason: str
    details: dict[str, str] = {}
    label: str = ""
    amount: Decimal | None = None
    currency: str = ""


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """Calls that applying a plan takes (accounting calls to Xero, requests to Perfex)."""

    xero: int = 0
    perfex: int = 0


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The actions and questions that a run would carry out, made at `made_at` (aware UTC)."""

    connection: str
    made_at: datetime
    actions: tuple[Action, ...] = ()
    questions: tuple[Question, ...] = ()
    held: tuple[Hold, ...] = ()
    #: Records that need nothing (any more): their dirty flag is cleared when the plan is kept.
    settled: tuple[Version, ...] = ()
    #: Links whose bases move on without writing anything (both sides agree, or a person accepted).
    rebased: tuple[Link, ...] = ()
    #: Answers that this plan carries out: each is forgotten when its action is done.
    used_answers: tuple[str, ...] = ()
    #: Answers to try once more: each is forgotten as soon as that was tried.
    retried: tuple[str, ...] = ()
    #: Records that stay out by a rule, with the reason.
    excluded: tuple[Hold, ...] = ()
    cost: Cost = Cost()

    def counts(self) -> dict[str, dict[str, int]]:
        """Actions per kind and verb, without zeros."""
        counted: dict[str, dict[str, int]] = {}
        for action in self.actions:
            verbs = counted.setdefault(action.kind.value, {})
            verbs[action.verb.value] = verbs.get(action.verb.value, 0) + 1
        return counted

    @property
    def writes(self) -> tuple[Action, ...]:
        """The actions that send something."""
        return tuple(action for action in self.actions if action.verb.writes)


class GuardStop(msgspec.Struct, frozen=True, kw_only=True):
    """A guard's verdict that a person must see before anything is written."""

    guard: str
    details: dict[str, str] = {}
    #: What an approval would cover: at most this many actions and this much money.
    count: int = 0
    amount: Decimal = Decimal(0)
    #: The person has to type this word to go on (empty: a click is enough).
    typed: str = ""
    #: It cannot be approved at all, only mended.
    final: bool = False


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """A person's consent to what a guard stopped: it covers the same or less, never more."""

    guard: str
    count: int
    amount: Decimal
    by: str
    at: datetime

    def covers(self, stop: GuardStop) -> bool:
        """Whether the stop is the same or less than what was consented to."""
        if stop.final or stop.guard != self.guard:
            return False
        return stop.count <= self.count and stop.amount <= self.amount
