"""What proving asks of the store in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from xero_bridge.core.proof import Standing, is_apart, is_closed
from xero_bridge.core.record import Key, Link, Mirror
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.engine.memory.mirrors import Books


class Proving(Books):
    """Where records stand, and which of them need a closer look."""

    def standings(self, keys: Iterable[Key]) -> dict[Key, Standing]:
        """Where these records stand; those that were never seen are left out."""
        held = self._held
        return {key: self._standing(key) for key in keys if key in held.mirrors}

    def _standing(self, key: Key) -> Standing:
        noted = self.noted(key)
        return Standing(
            state=noted.state,
            reason=noted.reason,
            details=noted.details,
            dirty=key in self._held.dirty,
        )

    def apart(self, kind: Kind) -> list[Link]:
        """Links whose records differ in what `core.proof.is_apart` compares."""
        mirrors = self._held.mirrors
        found: list[Link] = []
        for link in self.links_of(kind):
            perfex = mirrors.get(Key(kind, Side.PERFEX, link.perfex_id))
            xero = mirrors.get(Key(kind, Side.XERO, link.xero_id))
            if perfex and xero and is_apart(perfex, xero):
                found.append(link)
        return found

    def strays(self, kind: Kind) -> list[Mirror]:
        """Open records whose mark another one of their side bears too, or that have no link."""
        return [stray for side in Side for stray in self._strays_of(kind, side)]

    def _strays_of(self, kind: Kind, side: Side) -> list[Mirror]:
        linked = {link.id_on(side) for link in self.links_of(kind)}
        bearers = [one for one in self.mirrors_of(kind, side) if one.mark and not is_closed(one)]
        marks = Counter(bearer.mark for bearer in bearers)
        return [one for one in bearers if marks[one.mark] > 1 or one.key.id not in linked]
