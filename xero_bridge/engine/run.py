"""One run of a connection: recover, pull, plan, guard, apply, prove."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from xero_bridge.core.errors import BridgeError, BudgetSpent, Fatal, NotConnected, Retriable
from xero_bridge.core.guard import Surroundings, check, unapproved
from xero_bridge.core.plan import GuardStop, Plan, Question
from xero_bridge.core.ports import RunRow
from xero_bridge.core.reasons import sentence
from xero_bridge.core.record import Key, Mirror
from xero_bridge.core.vocabulary import Kind, RecordState, RunState, Side, Verb
from xero_bridge.engine.apply import Applied, apply
from xero_bridge.engine.context import Context
from xero_bridge.engine.draft import state_of
from xero_bridge.engine.judging import PROOF_REASONS
from xero_bridge.engine.looking import learn_about_sides
from xero_bridge.engine.planner import make_plan
from xero_bridge.engine.pull import pull
from xero_bridge.engine.reading import Pulled
from xero_bridge.engine.recover import explain, resend
from xero_bridge.engine.unproved import prove

Noted = tuple[Key, RecordState, str, Mapping[str, str]]

#: Questions that are not raised by planning: the plan does not close them either.
OUTSIDE_THE_PLAN = PROOF_REASONS | {"totals_differ", "unreadable", "unknown_outcome"}

#: A plan older than this is made anew before anything is written.
FRESH = timedelta(minutes=15)
#: Steps in which one run writes a record of which a call carries a part only.
MOST_STEPS = 30


def run(context: Context) -> RunRow:
    """Carry out one run; every way it can end is a state of the report."""
    try:
        learn_about_sides(context, sure=False)
        report = _run(context)
    except NotConnected as error:
        report = _end(context, RunState.NOT_CONNECTED, error=str(error))
    except BudgetSpent as error:
        report = _end(context, RunState.WAITING, error=str(error), resumes_at=error.retry_at)
    except Retriable as error:
        report = _end(context, RunState.WAITING, error=str(error), resumes_at=error.retry_at)
    except Fatal as error:
        report = _end(context, RunState.FAILED, error=str(error))
    except BridgeError as error:
        report = _end(context, RunState.FAILED, error=str(error))
    return report


def _run(context: Context) -> RunRow:
    is_live = bool(context.store.facts().get("live"))
    if is_live and not context.scope.dry:
        context.note(phase="Looking for unanswered writes")
        resend(context)
    pulled = pull(context)
    explain(context, pulled)
    plan, stops = _plan_and_guard(context, pulled)
    if context.scope.dry or not is_live:
        return _end_dry(context, plan, stops)
    if stops:
        return _end(
            context, RunState.STOPPED_BY_GUARD, planned=plan.counts(), error=_sentence(stops)
        )
    if plan.writes:
        before = context.organisation
        learn_about_sides(context, sure=True)
        is_old = context.clock.now() - plan.made_at > FRESH
        if is_old:
            pulled = pull(context)
        if is_old or before != context.organisation:
            plan, stops = _plan_and_guard(context, pulled)
            if stops:
                return _end(
                    context,
                    RunState.STOPPED_BY_GUARD,
                    planned=plan.counts(),
                    error=_sentence(stops),
                )
    applied = apply(context, plan)
    _after_apply(context, plan, applied)
    for _ in range(MOST_STEPS):
        if not applied.partly or applied.spent is not None:
            break
        plan = _follow_up(context, plan, applied)
    prove(context)
    return _end_applied(context, plan, applied)


def _follow_up(context: Context, plan: Plan, applied: Applied) -> Plan:
    """What a write could not carry is planned and written in the same run, under the same guards.

    Returns the plan with what was added to it.
    """
    context.note(phase="Planning what follows")
    later = make_plan(context, context.clock.now())
    wanted = tuple(a for a in later.actions if any(v.key in applied.partly for v in a.versions))
    later = msgspec.structs.replace(later, actions=wanted)
    both = msgspec.structs.replace(plan, actions=(*plan.actions, *wanted))
    stopped = unapproved(check(later, _surroundings(context, later)), context.store.approvals())
    with context.store.atomically():
        context.store.keep_plan(context.run.id, both)
        _keep_decisions(context, later)
    if stopped:
        applied.postponed += len(wanted)
        applied.partly = set()
        return both
    step = apply(context, later)
    applied.take_over(step)
    applied.partly = step.partly
    return both


# --- Plan and guard ----------------------------------------------------------------------------


def _plan_and_guard(context: Context, pulled: Pulled) -> tuple[Plan, tuple[GuardStop, ...]]:
    context.note(phase="Planning")
    plan = make_plan(context, context.clock.now())
    stops = (*pulled.stops, *check(plan, _surroundings(context, plan)))
    open_stops = unapproved(stops, context.store.approvals())
    with context.store.atomically():
        context.store.keep_plan(context.run.id, plan)
        context.store.keep_stops(open_stops, plan.made_at)
        _keep_decisions(context, plan)
    return plan, open_stops


def _keep_decisions(context: Context, plan: Plan) -> None:
    """Questions and states are kept even if nothing is written: a person may answer meanwhile."""
    looked_at = [
        *(version.key for action in plan.actions for version in action.versions),
        *(version.key for version in plan.settled),
        *(hold.key for hold in (*plan.held, *plan.excluded)),
        *_asked_before(context),
    ]
    questions = [*plan.questions, *_asked_elsewhere(context)]
    context.store.keep_questions(questions, looked_at, plan.made_at)
    states = [(hold.key, state_of(hold.reason), hold.reason, hold.details) for hold in plan.held]
    left = [(hold.key, RecordState.EXCLUDED, hold.reason, hold.details) for hold in plan.excluded]
    planned: list[Noted] = [
        (version.key, RecordState.PLANNED, action.reason, {})
        for action in plan.actions
        for version in action.versions
    ]
    out = {hold.key for hold in plan.excluded}
    quiet: list[Noted] = [
        (version.key, RecordState.IN_STEP, "", {})
        for version in plan.settled
        if version.key not in out
    ]
    context.store.note_states([*quiet, *left, *planned, *states])


def _asked_elsewhere(context: Context) -> list[Question]:
    """Questions about unanswered writes, until those are explained, and the proof's own."""
    unexplained = {row.source for row in context.store.unfinished()}
    return [
        one
        for one in context.store.asked().values()
        if one.reason in PROOF_REASONS
        or (one.reason == "unknown_outcome" and one.about & unexplained)
    ]


def _asked_before(context: Context) -> list[Key]:
    """What was asked before: a question that a whole plan does not repeat has settled itself.

    The records that it is about stay dirty until then, so it would have been asked again.
    """
    if context.scope.records or context.scope.kinds:
        return []
    return [
        Key(question.kind, side, id_)
        for question in context.store.asked().values()
        if question.reason not in OUTSIDE_THE_PLAN
        for side, id_ in ((Side.PERFEX, question.perfex_id), (Side.XERO, question.xero_id))
        if id_
    ]


def _surroundings(context: Context, plan: Plan) -> Surroundings:
    facts = context.store.facts()
    kinds = {action.kind for action in plan.actions if action.verb is not Verb.CREATE}
    linked = {kind: sum(1 for _link in context.store.links_of(kind)) for kind in kinds}
    return Surroundings(
        settings=context.settings,
        linked=linked,
        settings_changed=facts.get("settings_used", "") != _settings_hash(context),
        receipts_known=bool(facts.get("receipts_agreed")),
        before_go_live=_before_go_live(context, plan, facts.get("live", "")),
    )


def _settings_hash(context: Context) -> str:
    return msgspec.json.encode(context.settings, order="sorted").decode()


def _before_go_live(context: Context, plan: Plan, live: str) -> int:
    """Perfex payments of the plan whose date lies before the connection went live."""
    if not live:
        return 0
    since = datetime.fromisoformat(live).date()
    ids = [
        action.xero_id
        for action in plan.actions
        if action.kind is Kind.PAYMENT and action.sends_email and action.xero_id
    ]
    mirrors = context.store.mirrors(Kind.PAYMENT, Side.XERO, ids)
    return sum(1 for mirror in mirrors.values() if _dated_before(mirror, since))


def _dated_before(mirror: Mirror, since: object) -> bool:
    on = mirror.record.dated
    return on is not None and on < since  # type: ignore[operator]


def _sentence(stops: Sequence[GuardStop]) -> str:
    return " ".join(sentence(stop.guard, stop.details) for stop in stops)


# --- After the writes --------------------------------------------------------------------------


def _after_apply(context: Context, plan: Plan, applied: Applied) -> None:
    with context.store.atomically():
        _forget_answers(context, plan, applied)
        if applied.spent is None:
            # A budget that ended cut the plan: the consent covers the rest of it too.
            context.store.drop_approvals()
        context.store.remember("settings_used", _settings_hash(context))
        if any(action.sends_email for action in plan.actions):
            context.store.remember("receipts_agreed", "yes")


def _forget_answers(context: Context, plan: Plan, applied: Applied) -> None:
    """An answer holds until it was carried out; one to try again, until that was tried."""
    asked, in_force = context.store.asked(), context.store.answers()
    spent = [(plan.used_answers, applied.finished), (plan.retried, applied.tried)]
    for answers, through in spent:
        for name in answers:
            if name in in_force and asked[name].about & through:
                context.store.drop_answer(name)


def _end_dry(context: Context, plan: Plan, stops: Iterable[GuardStop]) -> RunRow:
    return _end(
        context,
        RunState.PLANNED,
        planned=plan.counts(),
        error=_sentence(list(stops)) or None,
        dry=True,
    )


def _end_applied(context: Context, plan: Plan, applied: Applied) -> RunRow:
    state, error, resumes_at = RunState.IN_STEP, None, None
    if applied.spent is not None:
        state, error = RunState.WAITING, str(applied.spent)
        resumes_at = applied.spent.retry_at
    elif context.store.unfinished():
        state, error = RunState.WAITING, sentence("waits_for_unknown")
    elif context.store.open_questions():
        state = RunState.QUESTIONS
    elif applied.postponed:
        state, error = RunState.WAITING, sentence("moved_since_plan")
    return _end(
        context,
        state,
        planned=plan.counts(),
        done=applied.done,
        error=error,
        resumes_at=resumes_at,
    )


def _end(context: Context, state: RunState, **members: object) -> RunRow:
    context.note(
        state=state,
        phase="",
        ended_at=context.clock.now(),
        questions=context.store.open_questions(),
        **members,
    )
    return context.run
