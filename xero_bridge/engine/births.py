"""Records on one side only: adopt what is there already, before anything is created."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xero_bridge.core.entity import Agreement, Entity, Fit
from xero_bridge.core.plan import Answer, Question
from xero_bridge.core.record import Key, Mirror
from xero_bridge.core.vocabulary import REFERENCE_KINDS, Births, Direction, Kind, Side, Verb
from xero_bridge.engine.by_hand import was_entered
from xero_bridge.engine.creating import (
    ACCEPT,
    CREATE,
    LINK,
    instead_of_creating,
    needed_key,
    plan_create,
    stays_out,
)
from xero_bridge.engine.draft import LEAVE, Draft
from xero_bridge.engine.making import content_basis, make_action, make_question
from xero_bridge.engine.matching import Candidate, Matcher, judged
from xero_bridge.engine.sharing import may_share
from xero_bridge.engine.twins import twins_of

#: Rules that keep a record from being created, but not from being linked to one that is there.
ADOPTED = frozenset({"before_start"})

#: Score of two records whose names are the same to both systems.
WHOLE = 100


def decide_births(draft: Draft, entity: Entity, births: Sequence[Mirror]) -> None:
    """Decide all unlinked records of a kind that have to be looked at."""
    perfex = [mirror for mirror in births if mirror.key.side is Side.PERFEX]
    xero = [mirror for mirror in births if mirror.key.side is Side.XERO]
    wanted = [mirror for mirror in perfex if not _stays_out(draft, entity, mirror)]
    matcher = Matcher(draft, entity) if wanted else None
    if matcher is not None:
        shared = _wanted_by_several(matcher, wanted)
        # What is certain is linked first: it is no candidate for anybody else.
        rest = [m for m in wanted if not _link_if_certain(draft, entity, matcher, m, shared)]
        # All are matched before any is decided: two may be told to share what both may be.
        matched = [(mirror, _candidates(matcher, mirror)) for mirror in rest]
        for mirror, candidates in matched:
            _decide_perfex(draft, entity, matcher, mirror, candidates)
    spoken_for = matcher.spoken_for if matcher else {}
    for mirror in xero:
        if mirror.key in draft.taken:
            continue
        if mirror.key in spoken_for:
            draft.echo(spoken_for[mirror.key], mirror)
        elif not _stays_out(draft, entity, mirror):
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
        for found, fit in matcher.keyed(mirror):
            if fit.agreement is Agreement.SAME or fit.score == WHOLE:
                (twice if found.key in seen else seen).add(found.key)
    return twice


# --- Perfex births -----------------------------------------------------------------------------


def _link_if_certain(
    draft: Draft, entity: Entity, matcher: Matcher, mirror: Mirror, shared: set[Key]
) -> bool:
    """Link what bears our mark, and the only one that agrees in everything; whether it was."""
    marked = matcher.marked(mirror)
    if len(marked) == 1 and matcher.fit(mirror, marked[0]).agreement is not Agreement.NO:
        _link(draft, entity, mirror, marked[0], "same_mark")
        return True
    same = [f for f, fit in matcher.keyed(mirror) if fit.agreement is Agreement.SAME]
    if len(same) != 1:
        same = [f for f, _fit in matcher.keyed(mirror) if was_entered(draft, entity, mirror, f)]
    certain = len(same) == 1 and same[0].key not in shared
    if certain:
        _link(draft, entity, mirror, same[0], "same_record")
    return certain


def _decide_perfex(
    draft: Draft,
    entity: Entity,
    matcher: Matcher,
    mirror: Mirror,
    candidates: Sequence[Candidate],
) -> None:
    """Decide a record of which no other one is certain to be the same."""
    if entity.kind in REFERENCE_KINDS:
        draft.settle(mirror)  # A mapping that nobody uses yet is only suggested.
        return
    if _waits_for_parent(draft, matcher, mirror, candidates):
        return
    # Without a common parent, a day and a sum that are the same say nothing.
    candidates = [(f, fit) for f, fit in candidates if not (fit.parent and fit.doubt)]
    if candidates:
        _ask_which(draft, entity, matcher, mirror, candidates)
    elif (void := matcher.number_of_void(mirror)) is not None:
        _ask_about_void(draft, entity, mirror, void)
    else:
        _create_or_ask(draft, entity, mirror)


def _candidates(matcher: Matcher, mirror: Mirror) -> list[Candidate]:
    """What it may be, with what bears its mark although the content differs."""
    similar = matcher.similar(mirror)
    known = {found.key for found, _fit in similar}
    odd = Fit(agreement=Agreement.MAYBE, why="it bears our mark, but its content differs")
    marked = [(found, odd) for found in matcher.marked(mirror) if found.key not in known]
    return [*similar, *marked]


def _waits_for_parent(
    draft: Draft, matcher: Matcher, mirror: Mirror, candidates: Sequence[Candidate]
) -> bool:
    """Whether all that is missing is a parent of which a person is being asked, or which waits.

    Nothing is asked about its documents: once it is linked, they adopt each other.
    """
    waiting = [
        (f, fit.parent) for f, fit in candidates if fit.parent and _is_open(draft, fit.parent)
    ]
    if not waiting:
        return False
    parent = waiting[0][1]
    draft.wait(mirror, "waits_for_parent", {"kind": parent.kind, "id": parent.id})
    for found, _parent in waiting:
        matcher.spoken_for[found.key] = draft.holds[-1]
    return True


def _is_open(draft: Draft, parent: Key) -> bool:
    scope = draft.context.scope
    decided = not (scope.kinds or scope.records)
    return parent in draft.held_keys if decided else parent not in draft.books.born


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
    draft: Draft,
    entity: Entity,
    matcher: Matcher,
    mirror: Mirror,
    candidates: Sequence[Candidate],
) -> None:
    found = tuple(found for found, _fit in candidates)
    question = make_question(
        entity.kind,
        _doubt(entity, candidates),
        mirror,
        choices=(LINK, CREATE, LEAVE),
        details={
            "number": mirror.record.label,
            "candidates": "; ".join(candidate.record.label for candidate in found),
            "why": "; ".join(dict.fromkeys(fit.why for _found, fit in candidates if fit.why)),
        },
        candidates=found,
        judged=judged(candidates),
        basis=content_basis(mirror, *found),
    )
    answer = draft.ask(question, mirror)
    if answer is None:
        said = draft.holds[-1]
    else:
        _carry_out(draft, entity, mirror, question, answer)
        if answer.code != LEAVE.code:
            return
        said = draft.excluded[-1]
    matcher.spoken_for |= {candidate.key: said for candidate in found}


def _doubt(entity: Entity, candidates: Sequence[Candidate]) -> str:
    several = sum(fit.agreement is Agreement.SAME for _found, fit in candidates) > 1
    return "several_same" if several else candidates[0][1].doubt or entity.doubt


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
    leader = _taken_by(draft, entity, found) if found else None
    if found is None or (leader is not None and not may_share(mirror)):
        draft.questions[question.key] = question
        return
    pair = (mirror, found) if mirror.key.side is Side.PERFEX else (found, mirror)
    _link(draft, entity, *pair, reason="answered")
    if leader:
        draft.books.adopt(entity.kind, leader, found.key.id)  # It leads.
    draft.used_answers.append(question.key)


def _taken_by(draft: Draft, entity: Entity, found: Mirror) -> str | None:
    """Whose other half the record is already or in this plan: its id; None while it is free."""
    side, id_ = found.key.side, found.key.id
    link = draft.context.store.links(entity.kind, side, [id_]).get(id_)
    if link is not None:
        return link.id_on(side.other)
    if found.key not in draft.taken:
        return None
    if side is Side.XERO:
        return draft.books.perfex_id(entity.kind, id_)
    return draft.books.xero_id(entity.kind, id_)


def _create_or_ask(draft: Draft, entity: Entity, mirror: Mirror) -> None:
    rule = entity.excluded(mirror, draft.books)
    if rule:
        draft.leave_out(mirror, rule, {"start_date": str(draft.context.settings.start_date)})
        return
    policy = draft.books.births(entity, mirror.key.side)
    if not draft.books.direction(entity).follows(mirror.key.side):
        policy = Births.IGNORE
    if policy is not Births.IGNORE and stays_out(draft, entity, mirror):
        return
    if policy is Births.CREATE and (
        _is_ours(mirror) or instead_of_creating(draft, entity, mirror) is not None
    ):
        policy = Births.ASK
    if policy is not Births.IGNORE and _is_asked_as_twin(draft, entity, mirror):
        return
    match policy:
        case Births.CREATE:
            plan_create(draft, entity, mirror)
        case Births.IGNORE:
            draft.leave_out(mirror, "births_ignore", {"plural": entity.plural})
        case Births.ASK:
            _ask_before(draft, entity, mirror)


def _ask_before(draft: Draft, entity: Entity, mirror: Mirror) -> None:
    if (instead := instead_of_creating(draft, entity, mirror)) is not None:
        answer = draft.ask(instead, mirror)
        if answer is not None:
            _carry_out(draft, entity, mirror, instead, answer)
        return
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


def _decide_xero(draft: Draft, entity: Entity, mirror: Mirror) -> None:
    """A Xero record that no Perfex record was paired with."""
    if entity.kind in REFERENCE_KINDS:
        draft.settle(mirror)
        return
    needed = draft.asked.get(needed_key(mirror.key))
    answer = draft.answer_to(needed) if needed else None
    if needed is not None and answer is not None:
        _carry_out(draft, entity, mirror, needed, answer)
        return
    _create_or_ask(draft, entity, mirror)


def _is_ours(mirror: Mirror) -> bool:
    """Whether a Xero record was made of a Perfex one, which is gone: a person decides then."""
    made = mirror.key.side is Side.XERO and bool(mirror.mark)
    return made and mirror.key.kind is not Kind.PAYMENT


def _is_asked_as_twin(draft: Draft, entity: Entity, mirror: Mirror) -> bool:
    """Whether Perfex may have the Xero record already: a person says which one it is."""
    candidates = twins_of(draft, entity, mirror) if mirror.key.side is Side.XERO else []
    if candidates:
        matcher = Matcher(draft, entity)
        _ask_which(draft, entity, matcher, mirror, candidates)
    return bool(candidates)
