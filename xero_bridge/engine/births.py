"""Records on one side only: adopt what is there already, before anything is created."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from xero_bridge.core.entity import Agreement, Encoding, Entity, Fit
from xero_bridge.core.errors import Held, Waiting
from xero_bridge.core.plan import Answer, Choice, Question
from xero_bridge.core.record import Key, Mirror
from xero_bridge.core.vocabulary import REFERENCE_KINDS, Births, Direction, Kind, Side, Verb
from xero_bridge.engine.draft import LEAVE, Draft
from xero_bridge.engine.entering import may_enter
from xero_bridge.engine.making import content_basis, make_action, make_question
from xero_bridge.engine.obstacles import hold_back, is_locked, was_refused
from xero_bridge.engine.payments import payment_currency, payment_words

LINK = Choice(code="link", label="It is this one", takes="record")
CREATE = Choice(code="create", label="Create it on the other side")
ACCEPT = Choice(code="leave", label="Leave it where it is")

#: Rules that keep a record from being created, but not from being linked to one that is there.
ADOPTED = frozenset({"before_start"})

Candidate = tuple[Mirror, Fit]


class Matcher:
    """Finds records of Xero that a Perfex record may already be."""

    def __init__(self, draft: Draft, entity: Entity) -> None:
        """Index the unlinked Xero records of the kind by mark and by key."""
        self._draft = draft
        self._entity = entity
        self._by_key: dict[str, list[Mirror]] = defaultdict(list)
        self._by_mark: dict[str, list[Mirror]] = defaultdict(list)
        store = draft.context.store
        for mirror in store.unlinked(entity.xero_kind or entity.kind, Side.XERO):
            for key in entity.keys(mirror.record, Side.XERO):
                self._by_key[key].append(mirror)
            if mirror.mark:
                self._by_mark[mirror.mark].append(mirror)

    def marked(self, perfex: Mirror) -> list[Mirror]:
        """Open records that bear the mark of this one."""
        if self._entity.mark is None:
            return []
        mark = self._entity.mark(perfex.key.id, self._draft.books)
        return [found for found in self._by_mark.get(mark, ()) if self._is_free(found)]

    def similar(self, perfex: Mirror) -> list[Candidate]:
        """Records that agree in some way, the best first."""
        found = {
            mirror.key: mirror
            for key in self._entity.keys(perfex.record, Side.PERFEX)
            for mirror in self._by_key.get(key, ())
            if self._is_free(mirror)
        }
        judged = [(mirror, self.fit(perfex, mirror)) for mirror in found.values()]
        fitting = [pair for pair in judged if pair[1].agreement is not Agreement.NO]
        return sorted(fitting, key=lambda pair: pair[1].agreement is not Agreement.SAME)

    def number_of_void(self, perfex: Mirror) -> Mirror | None:
        """A voided or deleted document with this number: the number stays taken in Xero."""
        if self._entity.doubt != "number_taken":
            return None
        keys = self._entity.keys(perfex.record, Side.PERFEX)
        found = (mirror for key in keys for mirror in self._by_key.get(key, ()))
        return next((mirror for mirror in found if mirror.record.closed), None)

    def fit(self, perfex: Mirror, xero: Mirror) -> Fit:
        """How well both agree; a parent that is not linked yet agrees with nothing."""
        if self._entity.fit is None:
            return Fit(agreement=Agreement.NO)
        try:
            return self._entity.fit(perfex, xero, self._draft.books)
        except (Held, Waiting):
            return Fit(agreement=Agreement.MAYBE, why="its parent is not linked yet")

    def _is_free(self, mirror: Mirror) -> bool:
        return mirror.key not in self._draft.taken and not mirror.record.closed


def decide_births(draft: Draft, entity: Entity, births: Sequence[Mirror]) -> None:
    """Decide all unlinked records of a kind that have to be looked at."""
    perfex = [mirror for mirror in births if mirror.key.side is Side.PERFEX]
    xero = [mirror for mirror in births if mirror.key.side is Side.XERO]
    wanted = [mirror for mirror in perfex if not _stays_out(draft, entity, mirror)]
    if wanted:
        matcher = Matcher(draft, entity)
        shared = _wanted_by_several(matcher, wanted)
        for mirror in wanted:
            _decide_perfex(draft, entity, matcher, mirror, shared)
    for mirror in xero:
        if mirror.key not in draft.taken and not _stays_out(draft, entity, mirror):
            _decide_xero(draft, entity, mirror)


def _stays_out(draft: Draft, entity: Entity, mirror: Mirror) -> bool:
    """Rules that keep a record where it is, before anything is matched."""
    if mirror.key in draft.unfinished:
        draft.wait(mirror, "waits_for_unknown")
        return True
    reason = _rule(draft, entity, mirror)
    if not reason or (reason in ADOPTED and mirror.key.side is Side.PERFEX):
        return False
    details = {"start_date": str(draft.context.settings.start_date), "plural": entity.plural}
    draft.leave_out(mirror, reason, details)
    return True


def _rule(draft: Draft, entity: Entity, mirror: Mirror) -> str:
    if mirror.gone or mirror.record.closed:
        return "closed_unlinked"
    if draft.books.direction(entity) is Direction.OFF:
        return "direction_off"
    return entity.excluded(mirror, draft.books)


def _wanted_by_several(matcher: Matcher, births: Iterable[Mirror]) -> set[Key]:
    """Xero records that fit more than one Perfex record: nobody gets them without a person."""
    seen: set[Key] = set()
    twice: set[Key] = set()
    for mirror in births:
        for found, fit in matcher.similar(mirror):
            if fit.agreement is Agreement.SAME:
                (twice if found.key in seen else seen).add(found.key)
    return twice


# --- Perfex births -----------------------------------------------------------------------------


def _decide_perfex(
    draft: Draft, entity: Entity, matcher: Matcher, mirror: Mirror, shared: set[Key]
) -> None:
    marked = matcher.marked(mirror)
    if len(marked) == 1 and matcher.fit(mirror, marked[0]).agreement is not Agreement.NO:
        _link(draft, entity, mirror, marked[0], "same_mark")
        return
    similar = matcher.similar(mirror)
    same = [found for found, fit in similar if fit.agreement is Agreement.SAME]
    if len(same) == 1 and same[0].key not in shared:
        _link(draft, entity, mirror, same[0], "same_record")
    elif entity.kind in REFERENCE_KINDS:
        draft.settle(mirror)  # A mapping that nobody uses yet is only suggested.
    elif similar or marked:
        known = {found.key for found, _fit in similar}
        odd = [
            (
                found,
                Fit(agreement=Agreement.MAYBE, why="it bears our mark, but its content differs"),
            )
            for found in marked
            if found.key not in known
        ]
        _ask_which(draft, entity, mirror, [*similar, *odd])
    elif (void := matcher.number_of_void(mirror)) is not None:
        _ask_about_void(draft, entity, mirror, void)
    else:
        _create_or_ask(draft, entity, mirror)


def _ask_about_void(draft: Draft, entity: Entity, mirror: Mirror, void: Mirror) -> None:
    number = mirror.record.label
    question = make_question(
        entity.kind,
        "number_of_void",
        mirror,
        choices=(LEAVE,),
        details={"number": number, "suggested": f"{number}-2"},
        candidates=(void,),
        basis=content_basis(mirror, void),
    )
    if draft.ask(question, mirror) is not None:
        draft.leave_out(mirror, "person_excluded")


def _link(draft: Draft, entity: Entity, perfex: Mirror, xero: Mirror, reason: str) -> None:
    """Linking writes nothing: each side's base is what it shows now."""
    draft.taken.add(xero.key)
    draft.books.adopt(entity.kind, perfex.key.id, xero.key.id)
    draft.actions.append(make_action(entity.kind, Verb.LINK, Side.XERO, reason, perfex, xero))


def _ask_which(
    draft: Draft, entity: Entity, mirror: Mirror, candidates: Sequence[Candidate]
) -> None:
    several = sum(fit.agreement is Agreement.SAME for _found, fit in candidates) > 1
    reason = "several_same" if several else entity.doubt
    shown = candidates[:5]
    question = make_question(
        entity.kind,
        reason,
        mirror,
        choices=(LINK, CREATE, LEAVE),
        details={
            "number": mirror.record.label,
            "candidates": "; ".join(found.record.label for found, _fit in shown),
            "why": "; ".join(fit.why for _found, fit in shown if fit.why),
        },
        candidates=tuple(found for found, _fit in candidates),
        basis=content_basis(mirror, *(found for found, _fit in candidates)),
    )
    answer = draft.ask(question, mirror)
    if answer is not None:
        _carry_out(draft, entity, mirror, question, answer)


def _carry_out(
    draft: Draft, entity: Entity, mirror: Mirror, question: Question, answer: Answer
) -> None:
    """Do what a person said about a birth."""
    if answer.code == CREATE.code:
        if plan_create(draft, entity, mirror):
            draft.used_answers.append(question.key)
    elif answer.code == LINK.code:
        _link_as_told(draft, entity, mirror, question, answer)
    else:
        draft.leave_out(mirror, "person_excluded")


def _link_as_told(
    draft: Draft, entity: Entity, mirror: Mirror, question: Question, answer: Answer
) -> None:
    """Link to the record that the person named: by id, or the only candidate."""
    side = mirror.key.side.other
    only = question.candidates[0].id if len(question.candidates) == 1 else ""
    wanted = answer.value.strip() or only
    kind = entity.xero_kind or entity.kind if side is Side.XERO else entity.kind
    found = draft.context.store.mirrors(kind, side, [wanted]).get(wanted)
    taken = found is not None and draft.context.store.links(entity.kind, side, [wanted])
    if found is None or taken:
        draft.questions[question.key] = question
        return
    pair = (mirror, found) if mirror.key.side is Side.PERFEX else (found, mirror)
    _link(draft, entity, *pair, reason="answered")
    draft.used_answers.append(question.key)


def _create_or_ask(draft: Draft, entity: Entity, mirror: Mirror) -> None:
    rule = entity.excluded(mirror, draft.books)
    if rule:
        draft.leave_out(mirror, rule, {"start_date": str(draft.context.settings.start_date)})
        return
    policy = draft.books.births(entity, mirror.key.side)
    if not draft.books.direction(entity).follows(mirror.key.side):
        policy = Births.IGNORE
    match policy:
        case Births.CREATE:
            plan_create(draft, entity, mirror)
        case Births.IGNORE:
            draft.leave_out(mirror, "births_ignore", {"plural": entity.plural})
        case Births.ASK:
            _ask_before(draft, entity, mirror)


def _ask_before(draft: Draft, entity: Entity, mirror: Mirror) -> None:
    target = entity.codec(mirror.key.side.other)
    writable = target is not None and target.create is not None
    reason = "ask_before_create" if writable else "born_in_xero"
    choices = (CREATE, LINK, ACCEPT) if writable else (LINK, ACCEPT)
    question = make_question(
        entity.kind, reason, mirror, choices=choices, basis=content_basis(mirror)
    )
    answer = draft.ask(question, mirror)
    if answer is not None:
        _carry_out(draft, entity, mirror, question, answer)


def plan_create(draft: Draft, entity: Entity, mirror: Mirror) -> bool:
    """Plan a create on the other side, if it can be written at all; otherwise say why not."""
    target = mirror.key.side.other
    codec = entity.codec(target)
    if codec is None or codec.create is None:
        draft.wait(mirror, "cannot_write", {"side": target.value, "kind": entity.singular})
        return False
    if target is Side.XERO and is_locked(draft, entity, mirror):
        return False
    encoding = Encoding(source=mirror.record, source_id=mirror.key.id)
    outcome = draft.books.try_encode(codec.create, encoding)
    if not outcome.ok:
        hold_back(draft, mirror, outcome)
        return False
    if was_refused(draft, mirror, None, outcome.digest):
        return False
    into_perfex = target is Side.PERFEX and entity.kind is Kind.PAYMENT
    if not may_enter(draft, mirror, target):
        return False
    draft.books.born.add(mirror.key)
    action = make_action(
        entity.kind,
        Verb.CREATE,
        target,
        f"new_in_{mirror.key.side}",
        mirror,
        parents=outcome.parents,
        sends_email=into_perfex,
    )
    if entity.kind is Kind.PAYMENT:
        action = msgspec.structs.replace(
            action, label=payment_words(draft, mirror), currency=payment_currency(draft, mirror)
        )
    draft.actions.append(action)
    return True


def _decide_xero(draft: Draft, entity: Entity, mirror: Mirror) -> None:
    """A Xero record that no Perfex record was paired with."""
    if entity.kind in REFERENCE_KINDS:
        draft.settle(mirror)
        return
    _create_or_ask(draft, entity, mirror)
