"""Both versions to a person: conflicts, and changes on a side that is not followed."""

from __future__ import annotations

from dataclasses import replace

from xero_bridge.core.entity import Entity
from xero_bridge.core.merge import Merged
from xero_bridge.core.plan import Choice, Question
from xero_bridge.core.record import Link, Mirror
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.engine.bases import accepted, rebase, rebase_part
from xero_bridge.engine.by_hand import by_hand, unfollowed
from xero_bridge.engine.draft import Draft
from xero_bridge.engine.making import make_question
from xero_bridge.engine.removing import Pair, plan_replacement
from xero_bridge.engine.updating import plan_updates
from xero_bridge.engine.wording import three_ways

KEEP_PERFEX = Choice(code="keep_perfex", label="Send Perfex's version to Xero")
TAKE_XERO = Choice(code="take_xero", label="Send Xero's version to Perfex")
KEEP_XERO = Choice(code="keep_xero", label="Accept Xero's version; I change Perfex if needed")
KEEP_BOTH = Choice(code="keep_both", label="Accept both as they are")
REPLACE = Choice(code="replace", label="Delete it in Xero and enter it again")


def ask_about(
    draft: Draft,
    link: Link,
    perfex: Mirror,
    xero: Mirror,
    merged: Merged,
    *,
    in_xero: frozenset[str],
) -> None:
    """Ask whose version holds, or do what the person said."""
    entity = draft.entity(link.kind)
    pair = Pair(entity=entity, link=link, perfex=perfex, xero=xero)
    reason, choices = _wording(entity, merged, in_xero)
    possible = _possible(draft, pair, merged)
    choices = tuple(choice for choice in choices if possible.get(choice.code, True))
    question = _question(pair, reason, choices, merged.asks)
    answer = draft.ask(question, perfex, xero)
    if answer is None:
        return
    match answer.code:
        case KEEP_PERFEX.code | TAKE_XERO.code:
            told = _told(
                pair, merged, Side.XERO if answer.code == KEEP_PERFEX.code else Side.PERFEX
            )
            if plan_updates(draft, link, perfex, xero, told, "answered"):
                draft.used_answers.append(question.key)
        case REPLACE.code:
            if plan_replacement(draft, pair, "payment_changed"):
                draft.used_answers.append(question.key)
        case _:
            _accept(draft, pair, merged)


def _wording(
    entity: Entity, merged: Merged, in_xero: frozenset[str]
) -> tuple[str, tuple[Choice, ...]]:
    if merged.conflicts:
        return "conflict", (KEEP_PERFEX, TAKE_XERO, KEEP_XERO)
    if merged.unfollowed & in_xero:
        return "edited_in_xero", (KEEP_XERO, KEEP_PERFEX, TAKE_XERO)
    if entity.kind is Kind.PAYMENT:
        return "payment_changed", (REPLACE, KEEP_BOTH)
    return "edited_in_perfex", (KEEP_BOTH, TAKE_XERO)


def _possible(draft: Draft, pair: Pair, merged: Merged) -> dict[str, bool]:
    """Which answers the APIs of both sides can carry out."""
    entity, wanted = pair.entity, _writable(pair.entity, merged.asks, Side.PERFEX)
    hand = by_hand(draft, entity, pair.perfex, pair.xero, wanted)
    hand |= unfollowed(draft, entity, pair.link, pair.perfex, pair.xero, wanted)
    to_xero = _writable(entity, merged.asks | merged.to_xero, Side.XERO)
    return {KEEP_PERFEX.code: bool(to_xero), TAKE_XERO.code: bool(wanted) and not hand}


def _question(
    pair: Pair, reason: str, choices: tuple[Choice, ...], facets: frozenset[str]
) -> Question:
    rows = three_ways(pair.entity, pair.link, pair.perfex, pair.xero, facets)
    details = {"facets": ", ".join(row.facet for row in rows)}
    mirrors = (pair.perfex, pair.xero)
    return make_question(
        pair.entity.kind, reason, *mirrors, choices=choices, details=details, rows=rows
    )


def _told(pair: Pair, merged: Merged, side: Side) -> Merged:
    """What is asked about goes to this side as far as it can hold it; the rest as it was."""
    won = _writable(pair.entity, merged.asks, side)
    rest = merged.asks - won
    if side is Side.XERO:
        to_xero, to_perfex = merged.to_xero | won, merged.to_perfex
    else:
        to_xero, to_perfex = merged.to_xero, merged.to_perfex | won
    return replace(merged, to_xero=to_xero, to_perfex=to_perfex, adopted=merged.adopted | rest)


def _writable(entity: Entity, facets: frozenset[str], side: Side) -> frozenset[str]:
    codec = entity.codec(side)
    if codec is None or codec.update is None:
        return frozenset()
    return frozenset(name for name in facets if side in entity.facets[name].written)


def _accept(draft: Draft, pair: Pair, merged: Merged) -> None:
    """Both stay as they are, declared as accepted; what only one side changed is carried over."""
    entity, perfex, xero = pair.entity, pair.perfex, pair.xero
    link = accepted(entity, pair.link, perfex, xero, merged.asks)
    if merged.to_xero or merged.to_perfex:
        # What cannot be carried over now stays a change: the bases do not move on without it.
        link = rebase_part(entity, link, perfex, xero, merged.asks | merged.adopted)
        draft.rebased.append(link)
        rest = replace(merged, conflicts=frozenset(), unfollowed=frozenset())
        plan_updates(draft, link, perfex, xero, rest)
        return
    draft.rebased.append(rebase(link, perfex, xero))
    draft.settle(perfex, xero)
