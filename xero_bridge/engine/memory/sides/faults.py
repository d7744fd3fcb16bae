"""What can go wrong with the next call to a side."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xero_bridge.core.vocabulary import Kind


class Killed(BaseException):
    """The process of the bridge ends at this moment: nothing of it may catch this."""


class WriteFault(StrEnum):
    """What happens to the next write."""

    KILLED_BEFORE = "killed_before"
    KILLED_AFTER = "killed_after"
    #: The answer is lost: nothing was written, it was written, or it is written a minute later.
    LOST_BEFORE = "lost_before"
    LOST_AFTER = "lost_after"
    LATE = "late"
    #: The side says no, for a reason of its own.
    REFUSED = "refused"
    SPENT = "spent"
    #: There is no connection: nothing was sent.
    DOWN = "down"


class ReadFault(StrEnum):
    """What happens to the next list."""

    #: It is as it was when it was last read, at most five minutes ago.
    STALE = "stale"
    PAGE_MISSING = "page_missing"
    SPENT = "spent"
    #: The connection, or the process, ends after the first page.
    CUT = "cut"
    KILLED = "killed"


@dataclass(kw_only=True)
class Faults:
    """The faults that wait for the next write and the next list of a side."""

    write: WriteFault | None = None
    read: ReadFault | None = None
    #: The kind whose list the fault waits for; None: the next list of any kind.
    kind: Kind | None = None

    def take_write(self) -> WriteFault | None:
        """The fault of this write; the one after it goes well."""
        taken, self.write = self.write, None
        return taken

    def take_read(self, kind: Kind) -> ReadFault | None:
        """The fault of this list; the one after it goes well."""
        if self.kind not in (None, kind):
            return None
        taken, self.read = self.read, None
        return taken
