"""Matching: which records of Xero an unlinked Perfex record may already be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from xero_bridge.core.entity import Agreement, Entity, Fit
from xero_bridge.core.errors import Held, Waiting
from xero_bridge.core.plan import Hold, Judged
from xero_bridge.core.record import Key, Mirror
from xero_bridge.core.vocabulary import Side
from xero_bridge.engine.draft import Draft
from xero_bridge.engine.resemblance import ENOUGH, Resemblance, likeness

#: Candidates that a person is shown.
MOST = 5

Candidate = tuple[Mirror, Fit]


class Matcher:
    """Finds records of Xero that a Perfex record may already be."""

    def __init__(self, draft: Draft, entity: Entity) -> None:
        """Index the unlinked Xero records of the kind by mark and by key."""
        self._draft = draft
        self._entity = entity
        self._by_key: dict[str, list[Mirror]] = defaultdict(list)
        self._by_mark: dict[str, list[Mirror]] = defaultdict(list)
        self._unlinked: dict[Key, Mirror] = {}
        #: Xero records of which something was said together with a Perfex record.
        self.spoken_for: dict[Key, Hold] = {}
        store = draft.context.store
        for mirror in store.unlinked(entity.xero_kind or entity.kind, Side.XERO):
            self._unlinked[mirror.key] = mirror
            for key in entity.keys(mirror.record, Side.XERO):
                self._by_key[key].append(mirror)
            if mirror.mark:
                self._by_mark[mirror.mark].append(mirror)

    def marked(self, perfex: Mirror) -> list[Mirror]:
        """Open records that bear the mark of this one."""
        if self._entity.mark is None:
            return []
        mark = self._entity.mark(perfex.key.id, self._draft.books)
        return [found for found in self._by_mark.get(mark, ()) if self._is_free(found)]

    def keyed(self, perfex: Mirror) -> list[Candidate]:
        """Records that share a number, name or other key and agree in some way, the best first."""
        found = {
            mirror.key: mirror
            for key in self._entity.keys(perfex.record, Side.PERFEX)
            for mirror in self._by_key.get(key, ())
            if self._is_free(mirror)
        }
        judged = [(mirror, self.fit(perfex, mirror)) for mirror in found.values()]
        return sorted((pair for pair in judged if pair[1].agreement is not Agreement.NO), key=_rank)

    def similar(self, perfex: Mirror) -> list[Candidate]:
        """Records that share a key or are spelled alike, the best first."""
        keyed = self.keyed(perfex)
        known = {mirror.key for mirror, _fit in keyed}
        spelled = [pair for pair in self._spelled_alike(perfex) if pair[0].key not in known]
        return sorted([*keyed, *spelled], key=_rank)[:MOST]

    def number_of_void(self, perfex: Mirror) -> Mirror | None:
        """A voided or deleted document with this number: the number stays taken in Xero."""
        if self._entity.doubt != "number_taken":
            return None
        keys = self._entity.keys(perfex.record, Side.PERFEX)
        number = perfex.record.label.casefold()
        found = (mirror for key in keys for mirror in self._by_key.get(key, ()))
        return next(
            (m for m in found if m.record.closed and m.record.label.casefold() == number), None
        )

    def fit(self, perfex: Mirror, xero: Mirror) -> Fit:
        """How well both agree; a parent that is not linked yet agrees with nothing."""
        if self._entity.fit is None:
            return Fit(agreement=Agreement.NO)
        try:
            fit = self._entity.fit(perfex, xero, self._draft.books)
        except (Held, Waiting):
            return Fit(agreement=Agreement.MAYBE, why="its parent is not linked yet")
        if fit.exact and not self._named_alike(perfex, xero):
            # One accountant's address, or a tax number of a group, may stand on several firms.
            return replace(fit, exact=False)
        return fit

    def _named_alike(self, perfex: Mirror, xero: Mirror) -> bool:
        name = self._entity.likeness
        return name is None or likeness(name(perfex.record), name(xero.record)) >= ENOUGH

    def _spelled_alike(self, perfex: Mirror) -> list[Candidate]:
        name = self._entity.likeness
        if name is None:
            return []
        found = self._names.like(name(perfex.record))
        pairs = [(self._unlinked[alike.id], alike.score) for alike in found]
        return [
            (mirror, self._alike(self.fit(perfex, mirror), score))
            for mirror, score in pairs
            if self._is_free(mirror)
        ]

    def _alike(self, fit: Fit, score: int) -> Fit:
        """What the spelling adds to what the records say of each other."""
        if fit.agreement is not Agreement.NO:
            return fit
        why = ", ".join(part for part in ("similar spelling", fit.why) if part)
        return Fit(agreement=Agreement.MAYBE, why=why, score=score)

    @cached_property
    def _names(self) -> Resemblance[Key]:
        name = self._entity.likeness
        assert name is not None
        free = [mirror for mirror in self._unlinked.values() if self._is_free(mirror)]
        return Resemblance({mirror.key: name(mirror.record) for mirror in free})

    def _is_free(self, mirror: Mirror) -> bool:
        return mirror.key not in self._draft.taken and not mirror.record.closed


def judged(candidates: Sequence[Candidate]) -> tuple[Judged, ...]:
    """How well each candidate fits, for the person who is asked."""
    return tuple(
        Judged(score=fit.score, why=fit.why, exact=fit.exact) for _mirror, fit in candidates
    )


def _rank(pair: Candidate) -> tuple[bool, int]:
    fit = pair[1]
    return fit.agreement is not Agreement.SAME, -fit.score
