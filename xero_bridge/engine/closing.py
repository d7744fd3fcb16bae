"""Linked records of which one side was voided, cancelled, deleted or archived."""

from __future__ import annotations

from collections.abc import Mapping

from xero_bridge.core.entity import Entity
from xero_bridge.core.plan import Action, Choice, Question
from xero_bridge.core.record import Link, Mirror
from xero_bridge.core.vocabulary import Kind, Side, Verb
from xero_bridge.engine.draft import LEAVE, Draft
from xero_bridge.engine.making import make_action, make_question
from xero_bridge.engine.payments import amount_of, unlinked_payments_on
from xero_bridge.engine.updating import rebase

_REMOVE = Choice(code="remove", label="Remove it from Xero")
_RESEND = Choice(code="resend", label="Enter it in Xero again")


def is_closed(mirror: Mirror | None) -> bool:
    """Whether the side no longer counts the record."""
    return mirror is not None and (mirror.gone or mirror.record.closed)


def decide_closed(draft: Draft, entity: Entity, link: Link, perfex: Mirror, xero: Mirror) -> None:
    """A person decides what closing one side means for the other, unless they did so before."""
    if not is_closed(xero):
        _closed_in_perfex(draft, entity, link, perfex, xero)
    elif entity.kind is Kind.PAYMENT:
        _payment_closed_in_xero(draft, link, perfex, xero)
    else:
        reason = "archived_in_xero" if entity.kind is Kind.CUSTOMER else "voided_in_xero"
        question = make_question(entity.kind, reason, perfex, xero, choices=(LEAVE,))
        _carry_out(draft, question, {}, link, perfex, xero)


def _closed_in_perfex(
    draft: Draft, entity: Entity, link: Link, perfex: Mirror, xero: Mirror
) -> None:
    reason = "deleted_in_perfex" if perfex.gone else "cancelled_in_perfex"
    verb = _removal(entity)
    if verb is None or not draft.books.direction(entity).follows(Side.PERFEX):
        draft.leave_out(perfex, "inactive")
        draft.settle(xero)
        return
    action = make_action(entity.kind, verb, Side.XERO, reason, xero, perfex)
    if draft.context.settings.void_policy == "automatic" and _is_untouched(draft, xero):
        draft.actions.append(action)
        return
    question = make_question(entity.kind, reason, perfex, xero, choices=(_REMOVE, LEAVE))
    _carry_out(draft, question, {_REMOVE.code: action}, link, perfex, xero)


def _is_untouched(draft: Draft, xero: Mirror) -> bool:
    """Ours to remove without asking: in an open period and with no money on it."""
    lock = draft.books.organisation.lock
    on = xero.record.dated
    paid = getattr(xero.record, "settled", False) or getattr(xero.record, "reconciled", False)
    return not paid and not (lock and on and on <= lock)


def _removal(entity: Entity) -> Verb | None:
    """How Xero lets go of such a record; None: it does not."""
    if entity.xero is None:
        return None
    if entity.xero.void is not None:
        return Verb.VOID
    return Verb.DELETE if entity.xero.delete is not None else None


def _payment_closed_in_xero(draft: Draft, link: Link, perfex: Mirror, xero: Mirror) -> None:
    """Bookkeepers redo payments: a new one of the same amount on the same invoice takes over."""
    others = unlinked_payments_on(draft, xero)
    replacement = next((o for o in others if amount_of(o) == amount_of(xero)), None)
    if replacement is not None:
        draft.taken.add(replacement.key)
        draft.actions.append(
            make_action(Kind.PAYMENT, Verb.LINK, Side.XERO, "same_record", perfex, replacement)
        )
        return
    reason = "payment_replaced_in_xero" if others else "payment_deleted_in_xero"
    question = make_question(Kind.PAYMENT, reason, perfex, xero, choices=(_RESEND, LEAVE))
    unlink = make_action(Kind.PAYMENT, Verb.UNLINK, Side.XERO, "answered", perfex, xero)
    _carry_out(draft, question, {_RESEND.code: unlink}, link, perfex, xero)


def _carry_out(
    draft: Draft,
    question: Question,
    actions: Mapping[str, Action],
    link: Link,
    perfex: Mirror,
    xero: Mirror,
) -> None:
    """Ask, or do what the answer says; any other answer accepts both sides as they are."""
    answer = draft.ask(question, perfex, xero)
    if answer is None:
        return
    action = actions.get(answer.code)
    if action is not None:
        draft.actions.append(action)
        draft.used_answers.append(question.key)
    else:
        draft.rebased.append(rebase(link, perfex, xero))
        draft.settle(perfex, xero)
