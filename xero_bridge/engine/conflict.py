"""Both versions to a person: conflicts, and changes on a side that is not followed."""

from __future__ import annotations

import msgspec

from xero_bridge.core.entity import Entity
from xero_bridge.core.merge import Merged
from xero_bridge.core.plan import Choice, Question
from xero_bridge.core.record import Link, Mirror
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.engine.draft import Draft
from xero_bridge.engine.making import make_question
from xero_bridge.engine.removing import Pair, plan_replacement
from xero_bridge.engine.updating import plan_update, rebase, text, three_ways

#: Opens the name of a declared difference that a person accepted.
ACCEPTED = "accepted:"

KEEP_PERFEX = Choice(code="keep_perfex", label="Send Perfex's version to Xero")
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
    reason, choices = _wording(entity, merged, in_xero)
    writable = _writable(entity, merged.asks | merged.to_xero)
    if not writable:
        choices = tuple(choice for choice in choices if choice is not KEEP_PERFEX)
    question = _question(entity, reason, choices, link, perfex, xero, merged.asks)
    answer = draft.ask(question, perfex, xero)
    if answer is None:
        return
    match answer.code:
        case KEEP_PERFEX.code:
            if plan_update(draft, link, perfex, xero, writable, "answered"):
                draft.used_answers.append(question.key)
        case REPLACE.code:
            pair = Pair(entity=entity, link=link, perfex=perfex, xero=xero)
            if plan_replacement(draft, pair, "payment_changed"):
                draft.used_answers.append(question.key)
        case _:
            _accept(draft, link, perfex, xero, merged)


def _wording(
    entity: Entity, merged: Merged, in_xero: frozenset[str]
) -> tuple[str, tuple[Choice, ...]]:
    if merged.conflicts:
        return "conflict", (KEEP_PERFEX, KEEP_XERO)
    if merged.unfollowed & in_xero:
        return "edited_in_xero", (KEEP_XERO, KEEP_PERFEX)
    if entity.kind is Kind.PAYMENT:
        return "payment_changed", (REPLACE, KEEP_BOTH)
    return "edited_in_perfex", (KEEP_BOTH,)


def _question(
    entity: Entity,
    reason: str,
    choices: tuple[Choice, ...],
    link: Link,
    perfex: Mirror,
    xero: Mirror,
    facets: frozenset[str],
) -> Question:
    rows = three_ways(entity, link, perfex, xero, facets)
    details = {"facets": ", ".join(row.facet for row in rows)}
    return make_question(
        entity.kind, reason, perfex, xero, choices=choices, details=details, rows=rows
    )


def _writable(entity: Entity, facets: frozenset[str]) -> frozenset[str]:
    if entity.xero is None or entity.xero.update is None:
        return frozenset()
    return frozenset(name for name in facets if Side.XERO in entity.facets[name].written)


def _accept(draft: Draft, link: Link, perfex: Mirror, xero: Mirror, merged: Merged) -> None:
    """Both stay as they are, declared as accepted; what only Perfex changed is carried over."""
    entity = draft.entity(link.kind)
    accepted = {
        f"{ACCEPTED}{name}": (text(entity, name, perfex.record), text(entity, name, xero.record))
        for name in merged.asks
    }
    link = msgspec.structs.replace(link, declared={**link.declared, **accepted})
    rest = merged.to_xero - merged.asks
    if rest:
        # What cannot be carried over now stays a change: the bases do not move on without it.
        draft.rebased.append(link)
        plan_update(draft, link, perfex, xero, rest, "changed_in_perfex")
        return
    draft.rebased.append(rebase(link, perfex, xero))
    draft.settle(perfex, xero)
