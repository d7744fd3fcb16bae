"""A plan in the making: what the planner has decided so far, and what it looks things up in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import msgspec

from xero_bridge.core.entity import Entity
from xero_bridge.core.plan import Action, Answer, Choice, Hold, Plan, Question, Version
from xero_bridge.core.record import Key, Link, Mirror, Money
from xero_bridge.core.vocabulary import Kind, RecordState, Side
from xero_bridge.engine.books import LedgerBooks
from xero_bridge.engine.context import Context

LEAVE = Choice(code="leave", label="Leave it as it is")

#: Reasons that belong to a mapping or setting rather than to the document: one question for all
#: documents that wait for it. Reason code -> (kind of the cause, detail that holds its id).
CAUSES: dict[str, tuple[Kind, str]] = {
    "tax_unmapped": (Kind.TAX, "tax"),
    "tax_rate_differs": (Kind.TAX, "tax"),
    "tax_compound": (Kind.TAX, "tax"),
    "tax_gone": (Kind.TAX, "tax"),
    "tax_not_for_sales": (Kind.TAX, "tax"),
    "payment_mode_unmapped": (Kind.PAYMENT_MODE, "mode"),
    "payment_account_unusable": (Kind.PAYMENT_MODE, "mode"),
    "mode_unmapped": (Kind.PAYMENT_MODE, "account"),
    "account_not_chosen": (Kind.ACCOUNT, "purpose"),
    "account_missing": (Kind.ACCOUNT, "account"),
    "account_archived": (Kind.ACCOUNT, "account"),
    "account_system": (Kind.ACCOUNT, "account"),
    "currency_missing": (Kind.CURRENCY, "currency"),
}

#: What a person may answer where the cause is a mapping: the value is the id to map to.
_MAP = {
    Kind.TAX: Choice(code="map", label="Use this Xero tax", takes="TaxType"),
    Kind.PAYMENT_MODE: Choice(code="map", label="Use this Xero account", takes="account"),
    Kind.ACCOUNT: Choice(code="map", label="Use this Xero account", takes="account"),
}

#: Reasons for waiting that nobody has to do anything about.
PATIENT = frozenset(
    {
        "waits_for_parent",
        "waits_for_unknown",
        "waits_for_replacement",
        "waits_for_poll",
        "waits_for_read_back",
        "moved_since_plan",
        "budget_cut",
        "period_locked",
    }
)


@dataclass(kw_only=True)
class Draft:
    """The decisions of one planning, kind by kind, and the look-ups that they share."""

    context: Context
    books: LedgerBooks
    now: datetime
    answers: Mapping[str, Answer]
    asked: Mapping[str, Question]
    #: Records with an unexplained create, void or delete: nothing is planned for them.
    unfinished: frozenset[Key]
    actions: list[Action] = field(default_factory=list)
    questions: dict[str, Question] = field(default_factory=dict)
    holds: list[Hold] = field(default_factory=list)
    excluded: list[Hold] = field(default_factory=list)
    settled: list[Version] = field(default_factory=list)
    rebased: list[Link] = field(default_factory=list)
    used_answers: list[str] = field(default_factory=list)
    #: Records of the other side that a birth of this plan was paired with.
    taken: set[Key] = field(default_factory=set)
    #: Linked records that need nothing.
    in_step: list[Key] = field(default_factory=list)

    @cached_property
    def refusals(self) -> dict[tuple[Kind, str | None, str | None], Question]:
        """What a side refused to take, by the ids of the record."""
        return {
            (question.kind, question.perfex_id, question.xero_id): question
            for question in self.asked.values()
            if any(choice.code == "retry" for choice in question.choices)
        }

    def plan(self, cost: object) -> Plan:
        """The finished plan."""
        return Plan(
            connection=self.context.store.connection,
            made_at=self.now,
            actions=tuple(self.actions),
            questions=tuple(self.questions.values()),
            held=tuple(self.holds),
            settled=tuple(self.settled),
            excluded=tuple(self.excluded),
            rebased=tuple(self.rebased),
            used_answers=tuple(self.used_answers),
            cost=cost,  # type: ignore[arg-type]
        )

    def answer_to(self, question: Question) -> Answer | None:
        """The answer in force: it holds only while what it rested on is the same."""
        answer = self.answers.get(question.key)
        return answer if answer and answer.basis == question.basis else None

    def ask(self, question: Question, *mirrors: Mirror) -> Answer | None:
        """Put a question, unless it is answered: then the answer, to be carried out."""
        answer = self.answer_to(question)
        if answer is None:
            self.questions[question.key] = question
            for mirror in mirrors:
                self.holds.append(hold(mirror, question.reason, question.details))
        return answer

    def wait(
        self, mirror: Mirror, reason: str, details: Mapping[str, object] | None = None
    ) -> None:
        """Hold a record: nobody but time, or the cause that it shares with others, is in the way."""
        texts = {name: str(value) for name, value in (details or {}).items()}
        self.holds.append(hold(mirror, reason, texts))
        if reason in CAUSES:
            self._share_cause(mirror, reason, texts)

    def leave_out(
        self, mirror: Mirror, reason: str, details: Mapping[str, str] | None = None
    ) -> None:
        """A rule keeps the record where it is."""
        self.excluded.append(hold(mirror, reason, details or {}))
        self.settle(mirror)

    def settle(self, *mirrors: Mirror | None) -> None:
        """These records need nothing more at this version."""
        self.settled.extend(
            Version(key=mirror.key, version=mirror.version) for mirror in mirrors if mirror
        )

    def _share_cause(self, mirror: Mirror, reason: str, details: dict[str, str]) -> None:
        """One question per cause, with the money of all documents that wait for it."""
        kind, named = CAUSES[reason]
        on_xero = reason == "mode_unmapped"
        question = Question(
            kind=kind,
            reason=reason,
            details=details,
            perfex_id=None if on_xero else details.get(named, ""),
            xero_id=details.get(named, "") if on_xero else None,
            label=details.get(named, ""),
            amount=_amount(mirror),
            currency=_currency(mirror),
            choices=tuple(choice for choice in (_MAP.get(kind),) if choice),
            basis=reason,
        )
        known = self.questions.get(question.key)
        if known is not None and known.amount is not None and question.amount is not None:
            question = msgspec.structs.replace(question, amount=known.amount + question.amount)
        self.questions[question.key] = question

    def entity(self, kind: Kind) -> Entity:
        """The entity of a kind."""
        return self.context.entities[kind]


def hold(mirror: Mirror, reason: str, details: Mapping[str, str]) -> Hold:
    """A record that is left alone, in words and money."""
    return Hold(
        key=mirror.key,
        reason=reason,
        details=dict(details),
        label=mirror.record.label,
        amount=_amount(mirror),
        currency=_currency(mirror),
    )


def state_of(reason: str) -> RecordState:
    """Whether a held record waits by itself or needs a person."""
    return RecordState.WAITING if reason in PATIENT else RecordState.QUESTION


def versions(*mirrors: Mirror | None) -> tuple[Version, ...]:
    """The versions that a decision rests on."""
    return tuple(Version(key=mirror.key, version=mirror.version) for mirror in mirrors if mirror)


def basis(*parts: object) -> str:
    """A short text of what a question rests on."""
    return "|".join(str(part) for part in parts)


def seen_basis(*mirrors: Mirror | None) -> str:
    """The basis of a question about these records as they are now."""
    return basis(*(f"{mirror.key}@{mirror.version}" for mirror in mirrors if mirror))


def money_of(mirror: Mirror) -> dict[str, object]:
    """Amount and currency of a record, for actions and questions."""
    return {"amount": _amount(mirror), "currency": _currency(mirror)}


def ids_of(perfex: Mirror | None, xero: Mirror | None) -> dict[str, str | None]:
    """Both ids, for actions and questions."""
    return {
        "perfex_id": perfex.key.id if perfex else None,
        "xero_id": xero.key.id if xero else None,
    }


def side_of(mirror: Mirror, side: Side) -> Mirror | None:
    """The mirror if it is of that side."""
    return mirror if mirror.key.side is side else None


def _money(mirror: Mirror) -> Money | None:
    return mirror.record.money


def _amount(mirror: Mirror) -> object:
    money = _money(mirror)
    return money.amount if money else None


def _currency(mirror: Mirror) -> str:
    money = _money(mirror)
    return money.currency if money else ""
