"""Long lists by batch: raw table rows, thousands in one call, without the joins of REST lists."""

from __future__ import annotations

from collections.abc import Iterator

from xero_bridge.remotes.perfex import rows
from xero_bridge.remotes.perfex.batch import MOST_ROWS, Operation
from xero_bridge.remotes.perfex.module import Module
from xero_bridge.remotes.perfex.rows import Members

#: Operations in the first call (most sites need no more) and in further ones: enough to be frugal,
#: few enough that no answer grows too large.
_FIRST, _TOGETHER = 3, 25
#: Each part begins with the last row of the part before, so a shift between them shows.
_STEP = MOST_ROWS - 1


class Passage:
    """One passage through a table; `whole` is true when no part was shifted against another."""

    def __init__(self, module: Module, tool: str, id_field: str) -> None:
        """`tool` is the list operation (`contacts_list`), a feature that may be refused."""
        self._module = module
        self._tool = tool
        self._id_field = id_field
        self._last = ""
        self.whole = False

    def parts(self) -> Iterator[list[Members]]:
        """The table's rows, newest first, each once; ends early where the token may not list it."""
        place, count = 0, _FIRST
        aligned = True
        while not self._module.refuses(self._tool):
            outcomes = self._module.batch(self._operations(place, count))
            if outcomes is None:
                return
            for outcome in outcomes:
                if outcome.result is None:
                    self._module.refused(self._tool)
                    return
                part = rows.members_of(outcome.result)
                aligned = aligned and self._follows(part)
                yield part[1:] if self._last and part else part
                if len(part) < MOST_ROWS:
                    self.whole = aligned
                    return
                self._last = self._id(part[-1])
            place, count = place + count, _TOGETHER

    def _operations(self, place: int, count: int) -> list[Operation]:
        return [
            Operation(tool=self._tool, arguments={"limit": MOST_ROWS, "offset": part * _STEP})
            for part in range(place, place + count)
        ]

    def _follows(self, part: list[Members]) -> bool:
        return not self._last or (bool(part) and self._id(part[0]) == self._last)

    def _id(self, members: Members) -> str:
        return rows.as_text(members.get(self._id_field))
