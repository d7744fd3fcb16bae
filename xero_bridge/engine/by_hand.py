"""What Perfex's API cannot write: one question per record, with the values to enter there."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from xero_bridge.core.entity import Encoding, Entity, shown
from xero_bridge.core.errors import Held, Waiting
from xero_bridge.core.plan import Choice, Question, Side3
from xero_bridge.core.record import Link, Mirror, Roles
from xero_bridge.core.vocabulary import Side
from xero_bridge.engine.draft import Draft
from xero_bridge.engine.making import make_question
from xero_bridge.engine.wording import facet_words, text

ENTER = "enter_in_perfex"
LEAVE_PERFEX = Choice(code="leave", label="Leave Perfex as it is")
LINK_ENTERED = Choice(code="link", label="It is this one", takes="record")
STAYS_IN_XERO = Choice(code="leave", label="Leave it in Xero only")


def by_hand(
    draft: Draft, entity: Entity, perfex: Mirror, xero: Mirror, facets: frozenset[str]
) -> frozenset[str]:
    """Those of the facets that a person has to enter in Perfex."""
    if not facets or entity.perfex is None or entity.perfex.update is None:
        return facets
    return entity.perfex.by_hand(_encoding(perfex, xero, facets), draft.books) & facets


def unfollowed(
    draft: Draft, entity: Entity, link: Link, perfex: Mirror, xero: Mirror, facets: frozenset[str]
) -> frozenset[str]:
    """Those of the facets that are not carried over to Perfex as both records stand."""
    if not facets or entity.perfex is None:
        return frozenset()
    encoding = _encoding(perfex, xero, facets, link.roles)
    return entity.perfex.unfollowed(encoding, draft.books) & facets


def _encoding(
    perfex: Mirror, xero: Mirror, facets: frozenset[str], roles: Roles | None = None
) -> Encoding:
    return Encoding(
        source=xero.record,
        source_id=xero.key.id,
        target=perfex.record,
        target_id=perfex.key.id,
        facets=facets,
        roles=roles or Roles(),
    )


def is_left(
    draft: Draft,
    entity: Entity,
    link: Link,
    perfex: Mirror,
    xero: Mirror,
    facets: frozenset[str],
) -> bool:
    """Ask to change Perfex by hand. True: a person said that it stays as it is.

    The question closes when Perfex shows the values: then both sides agree.
    """
    values = _values(draft, entity, xero)
    rows = tuple(
        Side3(
            facet=facet_words(entity, name),
            base=text(entity, name, link.base_xero),
            perfex=text(entity, name, perfex.record),
            xero=shown(values[name]) if name in values else text(entity, name, xero.record),
            sensitive=entity.facets[name].sensitive,
        )
        for name in sorted(facets)
    )
    question = make_question(
        entity.kind,
        "change_in_perfex",
        perfex,
        xero,
        choices=(LEAVE_PERFEX,),
        details={"facets": ", ".join(row.facet for row in rows)},
        rows=rows,
        basis=_basis(rows),
    )
    return draft.ask(question, perfex, xero) is not None


def to_enter(draft: Draft, entity: Entity, mirror: Mirror) -> Question:
    """The question to enter a Xero record in Perfex; it closes when the record appears there."""
    values = _values(draft, entity, mirror)
    shown_there = {
        name: shown(values[name]) if name in values else text(entity, name, mirror.record)
        for name, facet in entity.facets.items()
        if Side.PERFEX in facet.held
    }
    rows = tuple(
        Side3(facet=facet_words(entity, name), xero=value)
        for name, value in shown_there.items()
        if value
    )
    return make_question(
        entity.kind,
        ENTER,
        mirror,
        choices=(LINK_ENTERED, STAYS_IN_XERO),
        rows=rows,
        basis=_basis(rows),
    )


def was_entered(draft: Draft, entity: Entity, perfex: Mirror, xero: Mirror) -> bool:
    """Whether the Perfex record is the Xero one that a person was asked to enter there."""
    asked = Question(kind=entity.kind, reason=ENTER, xero_id=xero.key.id).key
    if asked not in draft.asked:
        return False
    wanted, now = _values(draft, entity, xero), entity.facets_of(perfex.record, Side.PERFEX)
    return bool(wanted) and all(now.get(name) == value for name, value in wanted.items())


def _values(draft: Draft, entity: Entity, xero: Mirror) -> Mapping[str, object]:
    """The facets as Perfex would show them; none where they cannot be translated."""
    try:
        return entity.shown_on(Side.PERFEX, xero.record, draft.books)
    except (Held, Waiting):
        return {}


def _basis(rows: tuple[Side3, ...]) -> str:
    """It rests on the values alone: money coming in does not raise it again."""
    told = "\n".join(f"{row.facet}: {row.perfex} > {row.xero}" for row in rows)
    return hashlib.sha256(told.encode()).hexdigest()[:32]
