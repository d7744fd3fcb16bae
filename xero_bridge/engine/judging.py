"""Why two sides may differ: what is declared, asked, under way, ruled out, or follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from xero_bridge.core.differences import Difference, is_declared
from xero_bridge.core.entity import Codec, Encoding, Entity, shown
from xero_bridge.core.plan import Question
from xero_bridge.core.ports import Store
from xero_bridge.core.proof import UNPROVED, Figures, Standing, Verdict, figures
from xero_bridge.core.record import Key, Link, Mirror, Record
from xero_bridge.core.vocabulary import RecordState, Side
from xero_bridge.engine.books import LedgerBooks
from xero_bridge.engine.paid import PaidApart, paid_apart

#: Reason codes of the questions that proving asks.
PROOF_REASONS = frozenset({UNPROVED, "mark_twice", "mark_unlinked"})
#: Questions whose answer is that both sides stay as they are. What a person accepted about a pair
#: the next run declares on its link.
_ACCEPTING = (PROOF_REASONS - {UNPROVED}) | {"totals_differ"}
#: Parts that were no reason against linking two records, while nobody moved them since.
_COSMETIC_DAYS = timedelta(days=3)
_MONEY = frozenset({"total", "tax", "amount_due", "currency", "status"})

_VERDICTS = {
    RecordState.QUESTION: Verdict.QUESTION,
    RecordState.WAITING: Verdict.WAITING,
    RecordState.PLANNED: Verdict.WAITING,
    RecordState.EXCLUDED: Verdict.EXCLUDED,
}


class Why(NamedTuple):
    """A verdict, its reason code and the values of its sentence."""

    verdict: Verdict
    reason: str = ""
    details: Mapping[str, str] = {}


@dataclass(frozen=True, kw_only=True)
class Case:
    """A linked pair (or a record of one side) and what differs."""

    entity: Entity
    link: Link | None = None
    perfex: Mirror | None = None
    xero: Mirror | None = None
    differences: tuple[Difference, ...] = ()
    #: Why a part of the pair could not be compared.
    trouble: Why | None = None

    @property
    def mirrors(self) -> list[Mirror]:
        """The records that there are, Perfex's first."""
        return [mirror for mirror in (self.perfex, self.xero) if mirror]

    @property
    def keys(self) -> list[Key]:
        """Their keys."""
        return [mirror.key for mirror in self.mirrors]

    @property
    def shown(self) -> Record:
        """The record that gives the case its name, date and money."""
        return self.mirrors[0].record

    def has(self, part: str) -> bool:
        """Whether both sides differ in this part."""
        return any(difference.part == part for difference in self.differences)


@dataclass(kw_only=True)
class Judge:
    """Everything that is known about why records differ, read once."""

    store: Store
    books: LedgerBooks
    questions: dict[Key, Question] = field(default_factory=dict)
    #: Records with an answer that a run has to carry out, or that accepts the difference.
    answered: dict[Key, Question] = field(default_factory=dict)
    unfinished: frozenset[Key] = frozenset()
    standings: Mapping[Key, Standing] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the questions and the writes without an answer."""
        answers = self.store.answers()
        for question in self.store.asked().values():
            if question.reason == UNPROVED:
                continue
            if question.key in answers:
                self.answered |= dict.fromkeys(question.about, question)
            elif question.reason not in PROOF_REASONS:
                self.questions |= dict.fromkeys(question.about, question)
        self.unfinished = frozenset(row.source for row in self.store.unfinished())

    def look_up(self, cases: Sequence[Case]) -> None:
        """Read where the records of these cases stand, in one go."""
        keys = [key for case in cases if case.differences for key in case.keys]
        self.standings = self.store.standings(keys)

    def verdicts(self, case: Case) -> list[Why]:
        """Why each difference of the case is there, in their order."""
        found: list[Why] = []
        for difference in case.differences:
            found.append(self._verdict(case, difference, found))
        return found

    def _verdict(self, case: Case, difference: Difference, before: Sequence[Why]) -> Why:
        known = self._declared(case, difference) or self.circumstances(case.keys)
        if known is not None:
            return known
        if difference.part == "amount_due":
            return self._due(case, before)
        if difference.part == "uncompared" and case.trouble:
            return case.trouble
        return Why(Verdict.UNEXPLAINED, UNPROVED)

    def circumstances(self, keys: Iterable[Key]) -> Why | None:
        """What is being done or asked about these records, None for nothing."""
        return next(iter(self._circumstances(list(keys))), None)

    def _circumstances(self, keys: Sequence[Key]) -> Iterator[Why]:
        for key in keys:
            if key in self.questions:
                asked = self.questions[key]
                yield Why(Verdict.QUESTION, asked.reason, asked.details)
            if key in self.answered:
                accepts = self.answered[key].reason in _ACCEPTING
                yield (
                    Why(Verdict.DECLARED, "accepted")
                    if accepts
                    else Why(Verdict.WAITING, "answered")
                )
            if key in self.unfinished:
                yield Why(Verdict.WAITING, "waits_for_unknown")
        stands = [self.standings[key] for key in keys if key in self.standings]
        for stand in stands:
            if stand.state in _VERDICTS:
                yield Why(_VERDICTS[stand.state], stand.reason, stand.details)
        if any(stand.dirty for stand in stands):
            yield Why(Verdict.WAITING, "changed_since_plan")

    # --- declared ----------------------------------------------------------------------------

    def _declared(self, case: Case, difference: Difference) -> Why | None:
        link = case.link
        if link is None:
            return None
        if is_declared(link, difference) or _follows_accepted(link, case, difference):
            return Why(Verdict.DECLARED, "declared")
        if case.perfex is None or case.xero is None or difference.part == "status":
            return None
        if self._would_declare(case, difference):
            return Why(Verdict.DECLARED, "declared")
        if _is_cosmetic(case.entity, link, difference) and not self._was_created(link):
            return Why(Verdict.EXPLAINED, "differed_when_linked")
        return None

    def _would_declare(self, case: Case, difference: Difference) -> bool:
        """Whether writing the pair today would declare it: links that were found again do not."""
        assert case.link is not None
        return any(
            is_declared(_with(case.link, declared), difference)
            for declared in self._declarations(case)
        )

    def _declarations(self, case: Case) -> Iterator[dict[str, tuple[str, str]]]:
        perfex, xero = case.perfex, case.xero
        assert perfex is not None
        assert xero is not None
        yield self._declaration(case.entity.xero, perfex)
        if perfex.mark:
            yield self._declaration(case.entity.perfex, xero)

    def _declaration(self, codec: Codec | None, source: Mirror) -> dict[str, tuple[str, str]]:
        if codec is None or codec.create is None:
            return {}
        encoding = Encoding(source=source.record, source_id=source.key.id)
        payload = self.books.try_encode(codec.create, encoding).payload
        return payload.declared if payload else {}

    def _was_created(self, link: Link) -> bool:
        """Whether the bridge made one of both records: then it knows what it wrote."""
        return any(self.store.done_creates(link.kind, side, [link.id_on(side)]) for side in Side)

    # --- amounts due -------------------------------------------------------------------------

    def _due(self, case: Case, before: Sequence[Why]) -> Why:
        """An amount due follows from the total, from credits and from payments."""
        assert case.perfex is not None
        assert case.xero is not None
        apart = _due_apart(figures(case.perfex.record), figures(case.xero.record))
        if apart.rest:
            return Why(Verdict.UNEXPLAINED, UNPROVED)
        if apart.paid:
            return _paid(paid_apart(self.store, case.perfex, case.xero))
        if apart.credited:
            return Why(Verdict.EXPLAINED, "credits_applied")
        total = dict(zip((d.part for d in case.differences), before, strict=False)).get("total")
        is_known = total is not None and total.verdict is not Verdict.UNEXPLAINED
        return total if total and is_known else Why(Verdict.EXPLAINED, "follows_total")


class _DueApart(NamedTuple):
    """Parts of the difference of two amounts due (Perfex less Xero)."""

    credited: Decimal
    paid: Decimal
    #: What neither total nor credits nor payments explain.
    rest: Decimal


def _due_apart(ours: Figures, theirs: Figures) -> _DueApart:
    zero = Decimal()
    credited = (theirs.credited or zero) - (ours.credited or zero)
    paid = (theirs.paid or zero) - (ours.paid or zero)
    due = (ours.due or zero) - (theirs.due or zero)
    total = (ours.total or zero) - (theirs.total or zero)
    return _DueApart(credited=credited, paid=paid, rest=due - total - credited - paid)


def _paid(found: PaidApart) -> Why:
    if found.unclear:
        return Why(Verdict.UNEXPLAINED, UNPROVED)
    if not found.words:
        return Why(Verdict.WAITING, "shown_with_next_read")
    return Why(Verdict.EXPLAINED, "payments_apart", {"payments": found.words})


def _follows_accepted(link: Link, case: Case, difference: Difference) -> bool:
    """The tax follows from lines or a total that a person accepted as they are."""
    if difference.part != "tax":
        return False
    return any(
        is_declared(link, other) for other in case.differences if other.part in ("total", "lines")
    )


def _is_cosmetic(entity: Entity, link: Link, difference: Difference) -> bool:
    """Neither money nor status, and neither side moved it since both were linked."""
    if difference.part in _MONEY or difference.part in entity.parents:
        return False
    bases = (link.base_perfex, link.base_xero)
    if bases[0] is None or bases[1] is None:
        return False
    if difference.part == "date":
        days = (bases[0].dated, bases[1].dated)
        near = bool(days[0] and days[1] and abs(days[0] - days[1]) <= _COSMETIC_DAYS)
        return near and (shown(days[0]), shown(days[1])) == (difference.perfex, difference.xero)
    get = entity.facets[difference.part].get if difference.part in entity.facets else None
    if get is None:
        return False
    return (shown(get(bases[0])), shown(get(bases[1]))) == difference.told[difference.part]


def _with(link: Link, declared: dict[str, tuple[str, str]]) -> Link:
    return Link(kind=link.kind, perfex_id=link.perfex_id, xero_id=link.xero_id, declared=declared)
