"""Removals from Xero: planned only where they can be carried out, otherwise it says why not."""

from __future__ import annotations

from dataclasses import dataclass

from xero_bridge.core.entity import Encoder, Encoding, Entity
from xero_bridge.core.plan import Action
from xero_bridge.core.record import Link, Mirror
from xero_bridge.core.vocabulary import Side, Verb
from xero_bridge.engine.bases import moved_since
from xero_bridge.engine.draft import Draft
from xero_bridge.engine.making import make_action
from xero_bridge.engine.obstacles import hold_back, is_locked, was_refused


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A linked record with both its mirrors."""

    entity: Entity
    link: Link
    perfex: Mirror
    xero: Mirror


def removal_of(entity: Entity) -> tuple[Verb, Encoder] | None:
    """How Xero lets go of such a record; None: it does not."""
    if entity.xero is None:
        return None
    if entity.xero.void is not None:
        return Verb.VOID, entity.xero.void
    return (Verb.DELETE, entity.xero.delete) if entity.xero.delete is not None else None


def plan_removal(draft: Draft, pair: Pair, reason: str) -> bool:
    """Plan to void or delete it in Xero, unless the period, payments or a refusal forbid it."""
    removal = removal_of(pair.entity)
    assert removal is not None
    verb, encoder = removal
    if is_locked(draft, pair.entity, pair.perfex, pair.xero):
        return False
    encoding = Encoding(
        source=pair.perfex.record,
        source_id=pair.perfex.key.id,
        target=pair.xero.record,
        target_id=pair.xero.key.id,
        roles=pair.link.roles,
    )
    outcome = draft.books.try_encode(encoder, encoding)
    if not outcome.ok:
        hold_back(draft, pair.perfex, outcome)
        return False
    if was_refused(draft, pair.perfex, pair.xero, outcome.digest):
        return False
    draft.actions.append(_action(pair, verb, reason))
    return True


def may_go_from_perfex(draft: Draft, entity: Entity) -> bool:
    """Whether Perfex's API deletes such records, and what happens in Xero is carried over."""
    deletes = entity.perfex is not None and entity.perfex.delete is not None
    return deletes and draft.books.direction(entity).follows(Side.XERO)


def plan_removal_from_perfex(draft: Draft, pair: Pair, reason: str) -> bool:
    """Plan to delete it in Perfex, unless the record or an earlier refusal forbids it."""
    codec = pair.entity.perfex
    assert codec is not None
    assert codec.delete is not None
    encoding = Encoding(
        source=pair.xero.record,
        source_id=pair.xero.key.id,
        target=pair.perfex.record,
        target_id=pair.perfex.key.id,
    )
    outcome = draft.books.try_encode(codec.delete, encoding)
    if not outcome.ok:
        hold_back(draft, pair.xero, outcome)
        return False
    if was_refused(draft, pair.xero, pair.perfex, outcome.digest):
        return False
    deleted = (pair.entity.kind, Verb.DELETE, Side.PERFEX, reason, pair.perfex, pair.xero)
    draft.actions.append(make_action(*deleted))
    return True


def plan_replacement(draft: Draft, pair: Pair, reason: str) -> bool:
    """Plan to delete it in Xero and enter it anew, if the new one can be entered at all."""
    codec = pair.entity.xero
    assert codec is not None
    assert codec.create is not None
    fresh = Encoding(source=pair.perfex.record, source_id=pair.perfex.key.id)
    outcome = draft.books.try_encode(codec.create, fresh)
    if not outcome.ok:
        hold_back(draft, pair.perfex, outcome)
        return False
    return plan_removal(draft, pair, reason)


def may_go_unasked(draft: Draft, pair: Pair) -> bool:
    """Ours, as we left it, without money on it, and in an open period."""
    lock = draft.books.organisation.lock
    record = pair.xero.record
    on = pair.entity.locks_on(record)
    bound = any(getattr(record, name, False) for name in ("settled", "reconciled", "batched"))
    ours = pair.link.born_on is Side.PERFEX
    edited = moved_since(pair.entity, pair.link, pair.xero)
    return ours and not edited and not bound and not (lock and on and on <= lock)


def _action(pair: Pair, verb: Verb, reason: str) -> Action:
    return make_action(pair.entity.kind, verb, Side.XERO, reason, pair.xero, pair.perfex)
