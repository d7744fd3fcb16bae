"""What stands between a decision and its action: locks, missing mappings, earlier refusals."""

from __future__ import annotations

from xero_bridge.core.entity import Entity
from xero_bridge.core.errors import Waiting
from xero_bridge.core.plan import Choice, Question
from xero_bridge.core.record import Key, Mirror
from xero_bridge.core.vocabulary import Side
from xero_bridge.engine.books import Encoded
from xero_bridge.engine.draft import CAUSES, LEAVE, PATIENT, Draft
from xero_bridge.engine.making import content_basis, make_question

RETRY = Choice(code="retry", label="Try again")


def is_locked(draft: Draft, entity: Entity, perfex: Mirror, xero: Mirror | None = None) -> bool:
    """Whether the record lies in a locked period: it is held, or asked about, but never moved."""
    lock = draft.books.organisation.lock
    days = [entity.locks_on(mirror.record) for mirror in (perfex, xero) if mirror]
    closed = [day for day in days if day and lock and day <= lock]
    if not closed:
        return False
    details = {"date": min(closed), "lock": lock}
    if draft.context.settings.lock_policy == "hold":
        draft.wait(perfex, "period_locked", details)
        return True
    question = make_question(
        entity.kind, "period_locked", perfex, choices=(LEAVE,), details=details
    )
    if draft.ask(question, perfex) is not None:
        draft.leave_out(perfex, "person_excluded")
    return True


def hold_back(draft: Draft, mirror: Mirror, outcome: Encoded) -> None:
    """Say why a record cannot be encoded: a question about it, or about the cause it shares."""
    error = outcome.error
    assert error is not None
    if isinstance(error, Waiting) and _stays_home(draft, error, mirror):
        draft.leave_out(mirror, "parent_left_out", {"kind": error.kind.value})
        return
    if isinstance(error, Waiting) or error.reason in CAUSES or error.reason in PATIENT:
        draft.wait(mirror, error.reason, error.details)
        return
    question = make_question(
        mirror.key.kind,
        error.reason,
        mirror,
        choices=(LEAVE,),
        details=error.details,
        basis=content_basis(mirror),
    )
    if draft.ask(question, mirror) is not None:
        draft.leave_out(mirror, "person_excluded")


def _stays_home(draft: Draft, error: Waiting, child: Mirror) -> bool:
    """Whether the parent stays on its side by a rule: then its children do, until it is linked.

    A parent that waits for something is held in the same plan, if the plan covers everything.
    """
    scope = draft.context.scope
    if scope.kinds or scope.records:
        return False
    parent = Key(error.kind, child.key.side, error.perfex_id)
    return parent not in draft.held_keys


def was_refused(draft: Draft, source: Mirror, other: Mirror | None, digest: str) -> bool:
    """Whether the side refused exactly this before: it is not sent again until a person says."""
    ids = {mirror.key.side: mirror.key.id for mirror in (source, other) if mirror}
    asked = draft.refusals.get((source.key.kind, ids.get(Side.PERFEX), ids.get(Side.XERO)))
    if asked is None or asked.basis != digest:
        return False
    answer = draft.answer_to(asked)
    if answer is None:
        draft.ask(asked, source)
        return True
    if answer.code == RETRY.code:
        draft.retried.append(asked.key)
        return False
    draft.leave_out(source, "person_excluded")
    return True


def refusal(
    reason: str,
    message: str,
    source: Mirror,
    other: Mirror | None,
    digest: str,
    holders: tuple[Mirror, ...] = (),
) -> Question:
    """The question that a refusal of a side becomes; `holders` have what it was refused for."""
    return make_question(
        source.key.kind,
        reason,
        *(mirror for mirror in (source, other) if mirror),
        choices=(RETRY, LEAVE),
        details={"message": message},
        candidates=holders,
        basis=digest,
    )
