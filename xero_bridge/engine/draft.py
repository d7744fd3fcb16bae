"""A plan in the making: what the planner has decided so far, and what it looks things up in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property

import msgspec

from xero_bridge.core.entity import Entity
from xero_bridge.core.plan import Action, Answer, Choice, Cost, Hold, Plan, Question, Version
from xero_bridge.core.record import Key, Link, Mirror
from xero_bridge.core.vocabulary import Kind, RecordState, Side
from xero_bridge.engine.books import LedgerBooks
from xero_bridge.engine.context import Context
from xero_bridge.engine.making import make_hold, versions
from xero_bridge.entities.credit_note import CreditNote

LEAVE = Choice(code="leave", label="Leave it as it is")

#: Reasons that belong to a mapping or setting rather than to the document: one question for all
#: documents that wait for it. Reason code -> (kind of the cause, detail that holds its id).
CAUSES: dict[str, tuple[Kind, str]] = {
    "tax_unmapped": (Kind.TAX, "tax"),
    "tax_rate_differs": (Kind.TAX, "tax"),
    "tax_compound": (Kind.TAX, "tax"),
    "tax_gone": (Kind.TAX, "tax"),
    "tax_not_for_sales": (Kind.TAX, "tax"),
    "tax_not_for_purchases": (Kind.TAX, "tax"),
    "expense_category_unmapped": (Kind.EXPENSE_CATEGORY, "category"),
    "supplier_unknown": (Kind.VENDOR, "supplier"),
    "supplier_twice": (Kind.VENDOR, "supplier"),
    "supplier_archived": (Kind.VENDOR, "supplier"),
    "supplier_not_chosen": (Kind.VENDOR, "category"),
    "payment_mode_unmapped": (Kind.PAYMENT_MODE, "mode"),
    "payment_account_unusable": (Kind.PAYMENT_MODE, "mode"),
    "mode_unmapped": (Kind.PAYMENT_MODE, "account"),
    "account_not_chosen": (Kind.ACCOUNT, "purpose"),
    "account_missing": (Kind.ACCOUNT, "account"),
    "account_archived": (Kind.ACCOUNT, "account"),
    "account_system": (Kind.ACCOUNT, "account"),
    "currency_missing": (Kind.CURRENCY, "currency"),
    "perfex_currency_missing": (Kind.CURRENCY, "currency"),
    "perfex_tax_unmapped": (Kind.TAX, "xero"),
}

_LEAVE_ALL = Choice(code="leave", label="Leave these documents where they are")

#: What a person may answer where the cause is a mapping: the value is the id to map to.
_MAP = {
    Kind.TAX: Choice(code="map", label="Use this Xero tax", takes="TaxType"),
    Kind.PAYMENT_MODE: Choice(code="map", label="Use this Xero account", takes="account"),
    Kind.EXPENSE_CATEGORY: Choice(code="map", label="Use this Xero account", takes="account"),
    Kind.ACCOUNT: Choice(code="map", label="Use this Xero account", takes="account"),
}

#: Causes that stand in Xero, and what is asked about them instead.
_ASKED_FROM_XERO = frozenset({"mode_unmapped", "perfex_tax_unmapped"})
_MAP_BACK = {
    "perfex_tax_unmapped": Choice(code="map", label="Use this Perfex tax", takes="Perfex tax")
}

#: Reasons for waiting that nobody has to do anything about.
PATIENT = frozenset(
    {
        "waits_for_parent",
        "waits_for_unknown",
        "waits_for_replacement",
        "waits_for_contact",
        "waits_for_credit",
        "waits_for_poll",
        "invoice_not_open",
        "credit_not_open",
        "credited_invoice_not_open",
        "bill_not_open",
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
    held_keys: set[Key] = field(default_factory=set)
    excluded: list[Hold] = field(default_factory=list)
    settled: list[Version] = field(default_factory=list)
    rebased: list[Link] = field(default_factory=list)
    used_answers: list[str] = field(default_factory=list)
    retried: list[str] = field(default_factory=list)
    #: Keys of the records that are born in this plan, by kind: see `Entity.shares`.
    born_keys: dict[Kind, set[str]] = field(default_factory=lambda: defaultdict(set))
    #: Records of the other side that a birth of this plan was paired with.
    taken: set[Key] = field(default_factory=set)

    #: The active Xero contacts by name, by kind, once somebody asked for them.
    namesakes: dict[Kind, dict[str, Mirror]] = field(default_factory=dict)
    #: Unlinked Perfex records by key, for records of Xero that may be one of them.
    twins: dict[Kind, dict[str, list[Mirror]]] = field(default_factory=dict)
    #: Xero contacts that documents were to be made for: the name of an archived one, else empty.
    archived: dict[str, str] = field(default_factory=dict)
    #: Money that payments of this plan bring to Perfex invoices, by the invoice's Perfex id.
    entering: dict[str, Decimal] = field(default_factory=dict)
    #: The same for what goes to Xero invoices, by the Perfex id of the invoice.
    leaving: dict[str, Decimal] = field(default_factory=dict)
    #: Payments of which a part is sent: how much.
    shares: dict[Key, Decimal] = field(default_factory=dict)

    @cached_property
    def facts(self) -> Mapping[str, str]:
        """Small remembered facts, read once."""
        return self.context.store.facts()

    @cached_property
    def perfex_payments(self) -> dict[str, list[Mirror]]:
        """The payments that stand in Perfex, by the Perfex id of their invoice."""
        found: dict[str, list[Mirror]] = defaultdict(list)
        for mirror in self.context.store.mirrors_of(Kind.PAYMENT, Side.PERFEX):
            if not mirror.gone:
                found[getattr(mirror.record, "invoice", "")].append(mirror)
        return found

    def applied_by_notes(self, invoice: Key) -> Decimal:
        """What linked credit notes are said to be applied to an invoice on its side."""
        return self._applied_by_notes.get((invoice.side, invoice.id), Decimal())

    @cached_property
    def _applied_by_notes(self) -> dict[tuple[Side, str], Decimal]:
        store, sums = self.context.store, defaultdict[tuple[Side, str], Decimal](Decimal)
        links = list(store.links_of(Kind.CREDIT_NOTE))
        for side in Side:
            notes = store.mirrors(Kind.CREDIT_NOTE, side, [link.id_on(side) for link in links])
            for note in notes.values():
                for one in note.record.applied if isinstance(note.record, CreditNote) else ():
                    sums[side, one.invoice] += one.amount
        return sums

    @cached_property
    def refusals(self) -> dict[tuple[Kind, str | None, str | None], Question]:
        """What a side refused to take, by the ids of the record."""
        return {
            (question.kind, question.perfex_id, question.xero_id): question
            for question in self.asked.values()
            if any(choice.code == "retry" for choice in question.choices)
        }

    def plan(self, cost: Cost) -> Plan:
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
            retried=tuple(self.retried),
            cost=cost,
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
                self._hold(make_hold(mirror, question.reason, question.details))
        return answer

    def wait(
        self, mirror: Mirror, reason: str, details: Mapping[str, object] | None = None
    ) -> None:
        """Hold a record: only time, or a cause that it shares with others, is in the way."""
        held = make_hold(mirror, reason, details or {})
        if reason in CAUSES and not self._share_cause(held):
            self.leave_out(mirror, "person_excluded")
            return
        self._hold(held)

    def _hold(self, held: Hold) -> None:
        self.holds.append(held)
        self.held_keys.add(held.key)

    def leave_out(
        self, mirror: Mirror, reason: str, details: Mapping[str, str] | None = None
    ) -> None:
        """A rule keeps the record where it is."""
        self.excluded.append(make_hold(mirror, reason, details or {}))
        self.settle(mirror)

    def share(self, *pair: Mirror) -> None:
        """What was just said about one half of a pair holds for the other half too."""
        by_key = {mirror.key: mirror for mirror in pair}
        settled = {version.key for version in self.settled[-len(pair) :]}
        for said in (self.holds, self.excluded):
            last = said[-1] if said else None
            if last is None or last.key not in by_key:
                continue
            for key in by_key.keys() - self.held_keys - settled - {last.key}:
                # The money at stake is counted once.
                said.append(msgspec.structs.replace(last, key=key, amount=None))
                if said is self.excluded:
                    self.settle(by_key[key])
                else:
                    self.held_keys.add(key)

    def echo(self, said: Hold, mirror: Mirror) -> None:
        """What was said about one record holds for this one too; the money is counted once."""
        same = msgspec.structs.replace(said, key=mirror.key, label=mirror.record.label, amount=None)
        if said in self.excluded:
            self.excluded.append(same)
            self.settle(mirror)
        else:
            self._hold(same)

    def settle(self, *mirrors: Mirror) -> None:
        """These records need nothing more at this version."""
        self.settled.extend(versions(*mirrors))

    def _share_cause(self, held: Hold) -> bool:
        """One question per cause, with the money of all documents that wait for it.

        False: a person said that these documents stay where they are.
        """
        kind, named = CAUSES[held.reason]
        cause = held.details.get(named, "")
        on_xero = held.reason in _ASKED_FROM_XERO
        mapping = _MAP_BACK.get(held.reason) or _MAP.get(kind)
        question = Question(
            kind=kind,
            reason=held.reason,
            details=held.details,
            perfex_id=None if on_xero else cause,
            xero_id=cause if on_xero else None,
            label=cause,
            amount=held.amount,
            currency=held.currency,
            choices=tuple(choice for choice in (mapping, _LEAVE_ALL) if choice),
            basis=held.reason,
        )
        answer = self.answer_to(question)
        if answer is not None and answer.code == _LEAVE_ALL.code:
            return False
        known = self.questions.get(question.key)
        if known is not None and known.amount is not None and held.amount is not None:
            question = msgspec.structs.replace(question, amount=known.amount + held.amount)
        self.questions[question.key] = question
        return True

    def entity(self, kind: Kind) -> Entity:
        """The entity of a kind."""
        return self.context.entities[kind]


def state_of(reason: str) -> RecordState:
    """Whether a held record waits by itself or needs a person."""
    return RecordState.WAITING if reason in PATIENT else RecordState.QUESTION
