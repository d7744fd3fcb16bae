"""Linked records of which one side was voided, cancelled, deleted or archived."""

from __future__ import annotations

import msgspec

from xero_bridge.core.entity import Entity
from xero_bridge.core.plan import Answer, Choice, Side3
from xero_bridge.core.record import Link, Mirror
from xero_bridge.core.vocabulary import REFERENCE_KINDS, Kind, Side, Verb
from xero_bridge.engine.adopting import amount_of
from xero_bridge.engine.bases import moved_since, rebase
from xero_bridge.engine.draft import LEAVE, Draft
from xero_bridge.engine.hiding import ask_about_hidden
from xero_bridge.engine.making import make_action, make_question
from xero_bridge.engine.merging import follow_merge, is_led
from xero_bridge.engine.payments import unlinked_payments_on
from xero_bridge.engine.removing import (
    Pair,
    may_go_from_perfex,
    may_go_unasked,
    plan_removal,
    plan_removal_from_perfex,
    removal_of,
)
from xero_bridge.engine.wording import three_ways

#: Declared by a person who accepted that one side is closed: which sides had lost the record.
ACCEPTED_GONE = "accepted:gone"
_REMOVE = Choice(code="remove", label="Remove it from Xero")
_REMOVE_TOO = Choice(code="remove_too", label="Delete it in Perfex too")
_RESEND = Choice(code="resend", label="Enter it in Xero again")
_REENTER = Choice(code="resend", label="Enter it in Xero again, under another number")
_TAKE_OVER = Choice(code="take_over", label="The new payment replaces it; Perfex stays as it is")


def is_closed(mirror: Mirror | None) -> bool:
    """Whether the side no longer counts the record."""
    return mirror is not None and (mirror.gone or mirror.record.closed)


def decide_closed(draft: Draft, entity: Entity, link: Link, perfex: Mirror, xero: Mirror) -> None:
    """A person decides what closing one side means for the other, unless they did so before."""
    pair = Pair(entity=entity, link=link, perfex=perfex, xero=xero)
    if _was_accepted(pair):
        draft.settle(perfex, xero)
    elif perfex.gone and (hidden := ask_about_hidden(draft, entity, perfex)) is not None:
        if draft.ask(hidden, perfex) is not None:
            _accept(draft, pair)
    elif entity.kind in REFERENCE_KINDS:
        # A mapping is missed by the next document that needs it, which asks then.
        draft.settle(perfex, xero)
    elif not is_closed(xero):
        _closed_in_perfex(draft, pair)
    elif entity.kind is Kind.PAYMENT:
        _payment_closed_in_xero(draft, pair)
    elif follow_merge(draft, pair):
        return
    elif link.leads and is_led(draft, entity, link):
        draft.settle(perfex, xero)  # The one that leads is asked about.
    else:
        _closed_in_xero(draft, pair)


def _closed_in_xero(draft: Draft, pair: Pair) -> None:
    """A person closes it in Perfex too (the question then settles), enters it again, or leaves it.

    Its number stays taken in Xero: entered again it needs another one, which is asked for then.
    """
    entity, perfex, xero = pair.entity, pair.perfex, pair.xero
    again = (_REENTER,) if _may_be_entered_again(draft, entity) else ()
    too = (_REMOVE_TOO,) if may_go_from_perfex(draft, entity) else ()
    question = make_question(
        entity.kind,
        entity.closed_in_xero,
        perfex,
        xero,
        choices=(*again, *too, LEAVE),
        rows=_edits(pair),
    )
    answer = draft.ask(question, perfex, xero)
    if answer is None:
        return
    if answer.code == _REENTER.code:
        unlink = (entity.kind, Verb.UNLINK, Side.XERO, "answered", perfex, xero)
        draft.actions.append(make_action(*unlink))
        draft.used_answers.append(question.key)
    elif answer.code == _REMOVE_TOO.code:
        if plan_removal_from_perfex(draft, pair, entity.closed_in_xero):
            draft.used_answers.append(question.key)
    else:
        _accept(draft, pair)


def _may_be_entered_again(draft: Draft, entity: Entity) -> bool:
    """A document that Xero voided for good; a contact that was archived can be restored there."""
    numbered = entity.doubt == "number_taken"
    follows = draft.books.direction(entity).follows(Side.PERFEX)
    return numbered and follows and entity.xero is not None and entity.xero.create is not None


def _closed_in_perfex(draft: Draft, pair: Pair) -> None:
    entity, perfex, xero = pair.entity, pair.perfex, pair.xero
    reason = "deleted_in_perfex" if perfex.gone else "cancelled_in_perfex"
    removable = removal_of(entity) is not None
    if not _is_told(draft, pair) or not (removable or perfex.gone):
        draft.leave_out(perfex, "inactive")
        draft.settle(xero)
        return
    if (
        removable
        and draft.context.settings.void_policy == "automatic"
        and may_go_unasked(draft, pair)
    ):
        plan_removal(draft, pair, reason)
        return
    choices = (_REMOVE, LEAVE) if removable else (LEAVE,)
    question = make_question(entity.kind, reason, perfex, xero, choices=choices, rows=_edits(pair))
    answer = draft.ask(question, perfex, xero)
    if answer is None:
        return
    if answer.code != _REMOVE.code:
        _accept(draft, pair)
    elif plan_removal(draft, pair, reason):
        draft.used_answers.append(question.key)


def _edits(pair: Pair) -> tuple[Side3, ...]:
    """What was edited on either side since both agreed: it stands to be lost with the record."""
    edited = moved_since(pair.entity, pair.link, pair.perfex) | moved_since(
        pair.entity, pair.link, pair.xero
    )
    return three_ways(pair.entity, pair.link, pair.perfex, pair.xero, edited - {"status"})


def _is_told(draft: Draft, pair: Pair) -> bool:
    """Whether it matters to Xero that Perfex lost it: not where another record leads there."""
    followed = draft.books.direction(pair.entity).follows(Side.PERFEX)
    return followed and not is_led(draft, pair.entity, pair.link)


def _payment_closed_in_xero(draft: Draft, pair: Pair) -> None:
    """Bookkeepers redo payments: a new one of the same amount on the same invoice takes over."""
    others = unlinked_payments_on(draft, pair.xero)
    same = next((other for other in others if amount_of(other) == amount_of(pair.xero)), None)
    if same is not None:
        _take_over(draft, pair, same, "same_record")
        return
    reason = "payment_replaced_in_xero" if others else "payment_deleted_in_xero"
    choices = (_TAKE_OVER, _RESEND, LEAVE) if len(others) == 1 else (_RESEND, LEAVE)
    question = make_question(
        Kind.PAYMENT, reason, pair.perfex, pair.xero, choices=choices, candidates=tuple(others)
    )
    answer = draft.ask(question, pair.perfex, pair.xero)
    if answer is not None and _settle_deleted(draft, pair, others, answer):
        draft.used_answers.append(question.key)


def _settle_deleted(draft: Draft, pair: Pair, others: list[Mirror], answer: Answer) -> bool:
    """Do as told about a payment deleted in Xero. True: an action carries the answer out."""
    if answer.code == _TAKE_OVER.code and len(others) == 1:
        _take_over(draft, pair, others[0], "answered")
        return True
    if answer.code == _RESEND.code:
        unlink = (Kind.PAYMENT, Verb.UNLINK, Side.XERO, "answered", pair.perfex, pair.xero)
        draft.actions.append(make_action(*unlink))
        return True
    _accept(draft, pair)
    return False


def _take_over(draft: Draft, pair: Pair, replacement: Mirror, reason: str) -> None:
    draft.taken.add(replacement.key)
    draft.settle(pair.xero)
    link = (Kind.PAYMENT, Verb.LINK, Side.XERO, reason, pair.perfex, replacement)
    draft.actions.append(make_action(*link))


def _accept(draft: Draft, pair: Pair) -> None:
    """Both sides stay as they are, and are not asked about again until somebody edits one."""
    declared = {**pair.link.declared, ACCEPTED_GONE: _gone(pair)}
    link = msgspec.structs.replace(pair.link, declared=declared)
    draft.rebased.append(rebase(link, pair.perfex, pair.xero))
    draft.settle(pair.perfex, pair.xero)


def _was_accepted(pair: Pair) -> bool:
    """Whether a person left it so: closed on one side, and not edited on either since."""
    if pair.link.declared.get(ACCEPTED_GONE) != _gone(pair):
        return False
    return all(_stands_still(pair, side, mirror) for side, mirror in _sides(pair))


def _gone(pair: Pair) -> tuple[str, str]:
    return ("gone" if pair.perfex.gone else "", "gone" if pair.xero.gone else "")


def _stands_still(pair: Pair, side: Side, mirror: Mirror) -> bool:
    base = pair.link.base_on(side)
    same = base is not None and base.closed == mirror.record.closed
    return same and not moved_since(pair.entity, pair.link, mirror)


def _sides(pair: Pair) -> tuple[tuple[Side, Mirror], tuple[Side, Mirror]]:
    return (Side.PERFEX, pair.perfex), (Side.XERO, pair.xero)
