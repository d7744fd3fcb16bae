"""Linked records: the three-way merge of each, and what closing one side means for the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import msgspec

from xero_bridge.core.entity import Encoding, Entity, shown
from xero_bridge.core.errors import Held, Waiting
from xero_bridge.core.merge import Merged, merge, moved
from xero_bridge.core.plan import Action, Change, Choice, Question, Side3
from xero_bridge.core.record import Link, Mirror, Record
from xero_bridge.core.vocabulary import Direction, Kind, Side, Verb
from xero_bridge.engine.draft import (
    LEAVE,
    Draft,
    ids_of,
    money_of,
    seen_basis,
    versions,
)
from xero_bridge.engine.obstacles import hold_back, is_locked, was_refused
from xero_bridge.engine.payments import amount_of, unlinked_payments_on

#: Opens the name of a declared difference that a person accepted.
ACCEPTED = "accepted:"

KEEP_PERFEX = Choice(code="keep_perfex", label="Send Perfex's version to Xero")
KEEP_XERO = Choice(
    code="keep_xero", label="Accept Xero's version; I change Perfex myself if needed"
)
KEEP_BOTH = Choice(code="keep_both", label="Accept both as they are")


def decide_pair(
    draft: Draft, entity: Entity, link: Link, perfex: Mirror | None, xero: Mirror | None
) -> None:
    """Decide one linked record whose mirror (or surroundings) changed."""
    if xero is None or (perfex is None and entity.perfex is not None):
        return  # Its other half was not read yet: it stays dirty and comes again.
    if _is_unfinished(draft, perfex, xero):
        for mirror in filter(None, (perfex, xero)):
            draft.wait(mirror, "waits_for_unknown")
        return
    perfex_closed, xero_closed = _is_closed(perfex), _is_closed(xero)
    if perfex is None or (perfex_closed and xero_closed):
        draft.settle(perfex, xero)
    elif perfex_closed or xero_closed:
        _decide_closed(draft, entity, link, perfex, xero)
    else:
        _decide_merge(draft, entity, link, perfex, xero)


def _is_unfinished(draft: Draft, *mirrors: Mirror | None) -> bool:
    return any(mirror.key in draft.unfinished for mirror in mirrors if mirror)


def _is_closed(mirror: Mirror | None) -> bool:
    return mirror is not None and (mirror.gone or mirror.record.closed)


# --- One side closed ---------------------------------------------------------------------------


def _decide_closed(draft: Draft, entity: Entity, link: Link, perfex: Mirror, xero: Mirror) -> None:
    """One side voided, cancelled, deleted or archived it: a person decides, unless told otherwise."""
    if _is_closed(xero):
        _closed_in_xero(draft, entity, link, perfex, xero)
    else:
        _closed_in_perfex(draft, entity, link, perfex, xero)


def _closed_in_perfex(
    draft: Draft, entity: Entity, link: Link, perfex: Mirror, xero: Mirror
) -> None:
    reason = "deleted_in_perfex" if perfex.gone else "cancelled_in_perfex"
    verb = _removal(entity, xero)
    if verb is None or not draft.books.direction(entity).follows(Side.PERFEX):
        draft.leave_out(perfex, "inactive")
        draft.settle(xero)
        return
    action = Action(
        kind=entity.kind,
        verb=verb,
        side=Side.XERO,
        reason=reason,
        label=xero.record.label,
        versions=versions(perfex, xero),
        **ids_of(perfex, xero),  # type: ignore[arg-type]
        **money_of(xero),  # type: ignore[arg-type]
    )
    if draft.context.settings.void_policy == "automatic" and _is_untouched(draft, xero):
        draft.actions.append(action)
        return
    remove = Choice(code="remove", label="Remove it from Xero")
    question = _question(entity, reason, perfex, xero, (remove, LEAVE))
    _carry_out(draft, question, {"remove": action}, link, perfex, xero)


def _is_untouched(draft: Draft, xero: Mirror) -> bool:
    """Ours to remove without asking: in an open period and with no money on it."""
    lock = draft.books.organisation.lock
    on = xero.record.dated
    paid = getattr(xero.record, "paid", None)
    return not paid and not (lock and on and on <= lock)


def _removal(entity: Entity, xero: Mirror) -> Verb | None:
    """How Xero lets go of such a record; None: it does not."""
    if entity.xero is None:
        return None
    if entity.xero.void is not None:
        return Verb.VOID
    return Verb.DELETE if entity.xero.delete is not None else None


def _closed_in_xero(draft: Draft, entity: Entity, link: Link, perfex: Mirror, xero: Mirror) -> None:
    if entity.kind is Kind.PAYMENT:
        _payment_closed_in_xero(draft, entity, link, perfex, xero)
        return
    reason = "archived_in_xero" if entity.kind is Kind.CUSTOMER else "voided_in_xero"
    question = _question(entity, reason, perfex, xero, (LEAVE,))
    _carry_out(draft, question, {}, link, perfex, xero)


def _payment_closed_in_xero(
    draft: Draft, entity: Entity, link: Link, perfex: Mirror, xero: Mirror
) -> None:
    """Bookkeepers redo payments: a new one of the same amount on the same invoice takes over."""
    others = unlinked_payments_on(draft, xero)
    replacement = next((o for o in others if amount_of(o) == amount_of(xero)), None)
    if replacement is not None:
        action = Action(
            kind=entity.kind,
            verb=Verb.LINK,
            side=Side.XERO,
            reason="same_record",
            label=perfex.record.label,
            versions=versions(perfex, replacement),
            **ids_of(perfex, replacement),  # type: ignore[arg-type]
            **money_of(perfex),  # type: ignore[arg-type]
        )
        draft.actions.append(action)
        draft.taken.add(replacement.key)
        return
    reason = "payment_replaced_in_xero" if others else "payment_deleted_in_xero"
    resend = Choice(code="resend", label="Enter it in Xero again")
    question = _question(entity, reason, perfex, xero, (resend, LEAVE))
    unlink = Action(
        kind=entity.kind,
        verb=Verb.UNLINK,
        side=Side.XERO,
        reason="answered",
        label=perfex.record.label,
        versions=versions(perfex, xero),
        **ids_of(perfex, xero),  # type: ignore[arg-type]
        **money_of(perfex),  # type: ignore[arg-type]
    )
    _carry_out(draft, question, {"resend": unlink}, link, perfex, xero)


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
        draft.rebased.append(rebase(link, perfex.record, xero.record))
        draft.settle(perfex, xero)
        draft.in_step.append(perfex.key)


# --- Both sides open ---------------------------------------------------------------------------


def _decide_merge(draft: Draft, entity: Entity, link: Link, perfex: Mirror, xero: Mirror) -> None:
    merged = _merge(draft, entity, link, perfex, xero)
    if merged.asks:
        _ask_about(draft, entity, link, perfex, xero, merged)
    elif merged.to_xero:
        plan_update(draft, entity, link, perfex, xero, merged.to_xero, "changed_in_perfex")
    else:
        if merged.adopted:
            draft.rebased.append(rebase(link, perfex.record, xero.record))
        draft.settle(perfex, xero)
        draft.in_step.append(perfex.key)


def _merge(draft: Draft, entity: Entity, link: Link, perfex: Mirror, xero: Mirror) -> Merged:
    moved_on = {
        Side.PERFEX: moved_on_side(entity, link, perfex, Side.PERFEX),
        Side.XERO: moved_on_side(entity, link, xero, Side.XERO),
    }
    if not any(moved_on.values()):
        return Merged()
    direction = draft.books.direction(entity)
    if not link.leads:
        direction = Direction.OFF
    same = _Shown(draft, entity, perfex.record, xero.record).same
    merged = merge(entity, direction, link.born_on, moved_on, same)
    return _spare_accepted(link, merged)


def _spare_accepted(link: Link, merged: Merged) -> Merged:
    """A facet whose Xero version a person chose to keep is not overwritten by a later edit unasked."""
    kept = frozenset(name for name in merged.to_xero if f"{ACCEPTED}{name}" in link.declared)
    if not kept:
        return merged
    return replace(merged, to_xero=merged.to_xero - kept, conflicts=merged.conflicts | kept)


def moved_on_side(entity: Entity, link: Link, mirror: Mirror, side: Side) -> frozenset[str]:
    """The facets that this side changed since both last agreed."""
    base = link.base_on(side)
    if base is None:
        return frozenset()
    return moved(entity.facets_of(mirror.record, side), entity.facets_of(base, side))


class _Shown:
    """Compares a facet of both sides as Xero would show Perfex's value."""

    def __init__(self, draft: Draft, entity: Entity, perfex: Record, xero: Record) -> None:
        self._draft = draft
        self._entity = entity
        self._perfex = perfex
        self._xero = entity.facets_of(xero, Side.XERO)
        self._wanted: Mapping[str, object] | None = None

    def same(self, facet: str) -> bool:
        """Equal means equal after encoding to Xero; what cannot be encoded is not equal."""
        if self._wanted is None:
            self._wanted = self._encode()
        return facet in self._wanted and self._wanted[facet] == self._xero.get(facet)

    def _encode(self) -> Mapping[str, object]:
        if self._entity.shown_on_xero is None:
            return {}
        try:
            return self._entity.shown_on_xero(self._perfex, self._draft.books)
        except (Held, Waiting):
            return {}


def _ask_about(
    draft: Draft, entity: Entity, link: Link, perfex: Mirror, xero: Mirror, merged: Merged
) -> None:
    """Both versions to a person; their answer names whose holds."""
    replace = Choice(code="replace", label="Delete it in Xero and enter it again")
    if merged.conflicts:
        reason, choices = "conflict", (KEEP_PERFEX, KEEP_XERO)
    elif _moved_in_xero(entity, link, xero, merged):
        reason, choices = "edited_in_xero", (KEEP_XERO, KEEP_PERFEX)
    elif entity.kind is Kind.PAYMENT:
        reason, choices = "payment_changed", (replace, KEEP_BOTH)
    else:
        reason, choices = "edited_in_perfex", (KEEP_BOTH,)
    writable = _writable(entity, merged.asks | merged.to_xero)
    if not writable:
        choices = tuple(choice for choice in choices if choice is not KEEP_PERFEX)
    rows = three_ways(entity, link, perfex.record, xero.record, merged.asks)
    question = _question(entity, reason, perfex, xero, choices)
    details = {**question.details, "facets": ", ".join(row.facet for row in rows)}
    question = msgspec.structs.replace(question, rows=rows, details=details)
    answer = draft.ask(question, perfex, xero)
    if answer is None:
        return
    if answer.code == "keep_perfex":
        if plan_update(draft, entity, link, perfex, xero, writable, "answered"):
            draft.used_answers.append(question.key)
    elif answer.code == "replace":
        draft.actions.append(_delete_in_xero(entity, perfex, xero))
        draft.used_answers.append(question.key)
    else:
        rest = merged.to_xero - merged.asks
        accepted = _accept(
            entity, rebase(link, perfex.record, xero.record), perfex, xero, merged.asks
        )
        if rest and plan_update(draft, entity, accepted, perfex, xero, rest, "changed_in_perfex"):
            return
        draft.rebased.append(accepted)
        draft.settle(perfex, xero)
        draft.in_step.append(perfex.key)


def _accept(
    entity: Entity, link: Link, perfex: Mirror, xero: Mirror, facets: frozenset[str]
) -> Link:
    """The link with the differences of these facets declared as accepted by a person."""
    accepted = {
        f"{ACCEPTED}{name}": (text(entity, name, perfex.record), text(entity, name, xero.record))
        for name in facets
    }
    return msgspec.structs.replace(link, declared={**link.declared, **accepted})


def _moved_in_xero(entity: Entity, link: Link, xero: Mirror, merged: Merged) -> bool:
    return bool(merged.unfollowed & moved_on_side(entity, link, xero, Side.XERO))


def _writable(entity: Entity, facets: frozenset[str]) -> frozenset[str]:
    if entity.xero is None or entity.xero.update is None:
        return frozenset()
    return frozenset(name for name in facets if Side.XERO in entity.facets[name].written)


def _delete_in_xero(entity: Entity, perfex: Mirror, xero: Mirror) -> Action:
    return Action(
        kind=entity.kind,
        verb=Verb.DELETE,
        side=Side.XERO,
        reason="payment_changed",
        label=perfex.record.label,
        versions=versions(perfex, xero),
        **ids_of(perfex, xero),  # type: ignore[arg-type]
        **money_of(xero),  # type: ignore[arg-type]
    )


def plan_update(
    draft: Draft,
    entity: Entity,
    link: Link,
    perfex: Mirror,
    xero: Mirror,
    facets: frozenset[str],
    reason: str,
) -> bool:
    """Plan an update of Xero, if the result can be written at all; otherwise say why not."""
    if entity.xero is None or entity.xero.update is None:
        draft.wait(perfex, "cannot_write", {"side": "Xero", "kind": entity.singular})
        return False
    if is_locked(draft, entity, perfex, xero):
        return False
    encoding = Encoding(
        source=perfex.record,
        source_id=perfex.key.id,
        target=xero.record,
        target_id=xero.key.id,
        facets=facets,
        roles=link.roles,
    )
    outcome = draft.books.try_encode(entity.xero.update, encoding)
    if not outcome.ok:
        hold_back(draft, perfex, outcome)
        return False
    if was_refused(draft, entity, perfex, xero, outcome.digest):
        return False
    draft.actions.append(
        Action(
            kind=entity.kind,
            verb=Verb.UPDATE,
            side=Side.XERO,
            reason=reason,
            label=perfex.record.label,
            facets=facets,
            changes=_changes(entity, link, perfex.record, xero.record, facets),
            parents=outcome.parents,
            versions=versions(perfex, xero),
            **ids_of(perfex, xero),  # type: ignore[arg-type]
            **money_of(perfex),  # type: ignore[arg-type]
        )
    )
    return True


def rebase(link: Link, perfex: Record, xero: Record) -> Link:
    """The link with both bases at what the sides show now."""
    return msgspec.structs.replace(link, base_perfex=perfex, base_xero=xero)


# --- Words for a person ------------------------------------------------------------------------


def _question(
    entity: Entity, reason: str, perfex: Mirror, xero: Mirror, choices: tuple[Choice, ...]
) -> Question:
    return Question(
        kind=entity.kind,
        reason=reason,
        details={"label": perfex.record.label or xero.record.label},
        label=perfex.record.label or xero.record.label,
        choices=choices,
        basis=seen_basis(perfex, xero),
        **ids_of(perfex, xero),  # type: ignore[arg-type]
        **money_of(perfex),  # type: ignore[arg-type]
    )


def three_ways(
    entity: Entity, link: Link, perfex: Record, xero: Record, facets: frozenset[str]
) -> tuple[Side3, ...]:
    """Base, Perfex and Xero of each facet, as text."""
    return tuple(
        Side3(
            facet=entity.facets[name].words or name.replace("_", " "),
            base=text(entity, name, link.base_perfex or link.base_xero),
            perfex=text(entity, name, perfex) if Side.PERFEX in entity.facets[name].held else "",
            xero=text(entity, name, xero),
            sensitive=entity.facets[name].sensitive,
        )
        for name in sorted(facets)
    )


def _changes(
    entity: Entity, link: Link, perfex: Record, xero: Record, facets: frozenset[str]
) -> tuple[Change, ...]:
    return tuple(
        Change(
            facet=entity.facets[name].words or name.replace("_", " "),
            before=text(entity, name, link.base_perfex or xero),
            after=text(entity, name, perfex),
        )
        for name in sorted(facets)
    )


def text(entity: Entity, facet: str, record: Record | None) -> str:
    """A facet's value for a person."""
    return "" if record is None else shown(entity.facets[facet].get(record))
