"""What stands between a decision and its action: locks, missing mappings, earlier refusals."""

from __future__ import annotations

from xero_bridge.core.entity import Entity
from xero_bridge.core.errors import Waiting
from xero_bridge.core.plan import Choice, Question
from xero_bridge.core.record import Mirror
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.engine.books import Encoded
from xero_bridge.engine.draft import CAUSES, LEAVE, Draft, money_of, seen_basis, side_of

RETRY = Choice(code="retry", label="Try again")


def is_locked(draft: Draft, entity: Entity, perfex: Mirror, xero: Mirror | None = None) -> bool:
    """Whether the record lies in a locked period: it is held, or asked about, but never moved."""
    lock = draft.books.organisation.lock
    days = [entity.locks_on(mirror.record) for mirror in (perfex, xero) if mirror]
    closed = [day for day in days if day and lock and day <= lock]
    if not closed:
        return False
    details = {"date": str(min(closed)), "lock": str(lock), "label": perfex.record.label}
    if draft.context.settings.lock_policy == "hold":
        draft.wait(perfex, "period_locked", details)
        return True
    answer = draft.ask(_question(entity, "period_locked", perfex, details, (LEAVE,)), perfex)
    if answer is not None:
        draft.leave_out(perfex, "person_excluded")
    return True


def hold_back(draft: Draft, mirror: Mirror, outcome: Encoded) -> None:
    """Say why a record cannot be encoded: a question about it, or about the cause it shares."""
    error = outcome.error
    assert error is not None
    details = {name: str(value) for name, value in error.details.items()}
    if isinstance(error, Waiting) or error.reason in CAUSES:
        draft.wait(mirror, error.reason, details)
        return
    details.setdefault("label", mirror.record.label)
    entity = draft.entity(mirror.key.kind)
    question = _question(entity, error.reason, mirror, details, (LEAVE,))
    if draft.ask(question, mirror) is not None:
        draft.leave_out(mirror, "person_excluded")


def was_refused(
    draft: Draft, entity: Entity, source: Mirror, other: Mirror | None, digest: str
) -> bool:
    """Whether the side refused exactly this before: then it is not sent again until a person says."""
    asked = _refusal(draft, entity.kind, source, other)
    if asked is None or asked.basis != digest:
        return False
    answer = draft.answer_to(asked)
    if answer is None:
        draft.ask(asked, source)
        return True
    if answer.code == RETRY.code:
        draft.used_answers.append(asked.key)
        return False
    draft.leave_out(source, "person_excluded")
    return True


def _refusal(draft: Draft, kind: Kind, source: Mirror, other: Mirror | None) -> Question | None:
    ids = {mirror.key.side: mirror.key.id for mirror in (source, other) if mirror}
    wanted = (kind, ids.get(Side.PERFEX), ids.get(Side.XERO))
    return draft.refusals.get(wanted)


def refusal(
    entity: Entity, reason: str, message: str, source: Mirror, other: Mirror | None, digest: str
) -> Question:
    """The question that a refusal of a side becomes."""
    mirrors = {mirror.key.side: mirror for mirror in (source, other) if mirror}
    perfex, xero = mirrors.get(Side.PERFEX), mirrors.get(Side.XERO)
    return Question(
        kind=entity.kind,
        reason=reason,
        details={"message": message, "label": source.record.label},
        perfex_id=perfex.key.id if perfex else None,
        xero_id=xero.key.id if xero else None,
        label=source.record.label,
        choices=(RETRY, LEAVE),
        basis=digest,
        **money_of(source),  # type: ignore[arg-type]
    )


def _question(
    entity: Entity,
    reason: str,
    mirror: Mirror,
    details: dict[str, str],
    choices: tuple[Choice, ...],
) -> Question:
    perfex, xero = side_of(mirror, Side.PERFEX), side_of(mirror, Side.XERO)
    return Question(
        kind=entity.kind,
        reason=reason,
        details=details,
        perfex_id=perfex.key.id if perfex else None,
        xero_id=xero.key.id if xero else None,
        label=mirror.record.label,
        choices=choices,
        basis=seen_basis(mirror),
        **money_of(mirror),  # type: ignore[arg-type]
    )
