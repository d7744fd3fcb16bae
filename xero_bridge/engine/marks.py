"""Marks counted: two records that bear one mark, and a mark that is linked to nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from xero_bridge.core.differences import Difference
from xero_bridge.core.entity import Entity
from xero_bridge.core.ports import Store
from xero_bridge.core.proof import Verdict
from xero_bridge.core.record import Key, Link, Mirror
from xero_bridge.core.vocabulary import Side
from xero_bridge.engine.books import LedgerBooks
from xero_bridge.engine.judging import Judge, Why

Stray = tuple[Key, Difference, Why]
#: Rules under which a record may keep a mark without being linked.
_LEFT_BY_CHOICE = frozenset({"person_excluded", "mark_copied"})


def stray_marks(
    store: Store, judge: Judge, books: LedgerBooks, entity: Entity, mirrors: Sequence[Mirror]
) -> list[Stray]:
    """What is wrong with the marks of these records; their owners are left out."""
    bearers: dict[tuple[Side, str], list[Mirror]] = defaultdict(list)
    for mirror in mirrors:
        bearers[mirror.key.side, mirror.mark].append(mirror)
    links = {
        Key(entity.kind, side, id_): link
        for side in Side
        for id_, link in store.links(
            entity.kind, side, [m.key.id for m in mirrors if m.key.side is side]
        ).items()
    }
    return [
        stray for group in bearers.values() for stray in _strays(judge, books, entity, group, links)
    ]


def _strays(
    judge: Judge, books: LedgerBooks, entity: Entity, group: list[Mirror], links: dict[Key, Link]
) -> Iterator[Stray]:
    owner = _owner(books, entity, group, links)
    for mirror in group:
        if owner is not None and mirror.key == owner.key:
            continue
        link = links.get(mirror.key)
        if len(group) == 1 and link is not None:
            continue
        part = "mark_twice" if len(group) > 1 else "mark_unlinked"
        other = next((m for m in (owner, *group) if m and m.key != mirror.key), None)
        words = "mark borne twice" if other else "mark without a link"
        in_perfex = mirror.key.side is Side.PERFEX
        difference = Difference(
            part=part,
            words=words,
            perfex=mirror.mark if in_perfex else "",
            xero="" if in_perfex else mirror.mark,
        )
        copied = owner is not None and link is not None
        yield mirror.key, difference, _why(judge, mirror, part, other, copied=copied)


def _owner(
    books: LedgerBooks, entity: Entity, group: list[Mirror], links: dict[Key, Link]
) -> Mirror | None:
    """The record that the mark was made for: it is linked to the one that the mark names."""
    linked = [mirror for mirror in group if mirror.key in links]
    for mirror in linked:
        perfex_id = links[mirror.key].perfex_id
        is_ours = mirror.key.side is Side.XERO and entity.mark is not None and perfex_id
        if is_ours and entity.mark and entity.mark(perfex_id, books) == mirror.mark:
            return mirror
    return linked[0] if len(linked) == 1 else None


def _why(judge: Judge, mirror: Mirror, part: str, other: Mirror | None, *, copied: bool) -> Why:
    known = judge.circumstances([mirror.key])
    if copied:
        return Why(Verdict.EXPLAINED, "mark_copied")
    if known is not None and (
        known.verdict is not Verdict.EXCLUDED or known.reason in _LEFT_BY_CHOICE
    ):
        return known
    details = {"mark": mirror.mark, "other": other.record.label if other else ""}
    return Why(Verdict.UNEXPLAINED, part, details)
