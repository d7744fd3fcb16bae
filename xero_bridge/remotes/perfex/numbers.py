"""Invoice numbers: the highest of each year, as the rows of the list go by."""

from __future__ import annotations

from xero_bridge.remotes.perfex import rows
from xero_bridge.remotes.perfex.rows import Members

#: Drafts bear this number until they are issued.
_DRAFT = 1_000_000_000


class Numbers:
    """The highest invoice number of each year. `complete` once a whole list went by."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._highest: dict[str, int] = {}
        self.complete = False

    def note(self, members: Members) -> None:
        """Take a row of the list into account."""
        text, year = rows.as_text(members.get("number")), rows.as_text(members.get("date"))[:4]
        if text.isdigit() and int(text) < _DRAFT:
            self.use(year, int(text))

    def use(self, year: str, number: int) -> None:
        """This number of the year is taken."""
        self._highest[year] = max(self._highest.get(year, 0), number)

    def next(self, year: str) -> int:
        """One more than the highest."""
        return self._highest.get(year, 0) + 1
