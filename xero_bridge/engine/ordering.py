"""The order in which a plan is carried out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from xero_bridge.core.plan import Action
from xero_bridge.core.vocabulary import Kind, Side, Verb

#: Removals come last and in reverse order: payments before the invoices that they are on.
_REMOVALS = (Verb.DELETE, Verb.VOID)
_VERBS = (Verb.UNLINK, Verb.LINK, Verb.CREATE, Verb.UPDATE, Verb.DELETE, Verb.VOID)


def in_order(kinds: Sequence[Kind], actions: Iterable[Action]) -> list[list[Action]]:
    """Groups of one kind, verb and side: links, creates, updates by dependency, then removals.

    What is written to Perfex comes after all that is written to Xero.
    """

    def place(action: Action) -> tuple[int, int, int, str]:
        removal = action.verb in _REMOVALS
        rank = kinds.index(action.kind)
        into_perfex = action.side is Side.PERFEX
        return (
            int(removal) + 2 * int(into_perfex),
            -rank if removal else rank,
            _VERBS.index(action.verb),
            action.side.value,
        )

    ordered = sorted(actions, key=place)
    return [_freeing_first(list(group)) for _place, group in groupby(ordered, key=place)]


def _freeing_first(group: list[Action]) -> list[Action]:
    """An update that gives a number (or name) free comes before the one that takes it.

    Xero refuses a number that another invoice still holds; a circle stays as it is.
    """
    waiting, ordered = group, list[Action]()
    while waiting:
        held = {_name(action, old=True) for action in waiting} - {""}
        ready = [action for action in waiting if _name(action) not in held]
        if not ready:
            return [*ordered, *waiting]
        ordered += ready
        waiting = [action for action in waiting if _name(action) in held]
    return ordered


def _name(action: Action, *, old: bool = False) -> str:
    """The number or name that an update gives a record, or takes away from it."""
    for change in action.changes:
        if change.facet in {"number", "name"}:
            return change.before if old else change.after
    return ""
