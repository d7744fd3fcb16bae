"""What can go wrong, by who can mend it: we wait, a person decides, the run stops, look first."""

from __future__ import annotations

from datetime import datetime

from xero_bridge.core.vocabulary import Kind


class BridgeError(Exception):
    """An error with a reason code and the values that its sentence needs."""

    def __init__(self, reason: str, /, **details: object) -> None:
        """Keep the reason code (see `core/reasons.py`) and its values."""
        super().__init__(reason, details)
        self.reason = reason
        self.details: dict[str, object] = details

    def __str__(self) -> str:
        """The sentence for a person."""
        from xero_bridge.core.reasons import sentence

        return sentence(self.reason, self.details)


class Retriable(BridgeError):
    """Nothing is wrong with the data: try again, not before `retry_at` (aware UTC) if given."""

    def __init__(
        self, reason: str, /, *, retry_at: datetime | None = None, **details: object
    ) -> None:
        """Keep when a new try makes sense."""
        when = {} if retry_at is None else {"retry_at": f"{retry_at:%Y-%m-%d %H:%M} UTC"}
        super().__init__(reason, **when, **details)
        self.retry_at = retry_at


class BudgetSpent(Retriable):
    """The day's or hour's calls of one side are used up; `retry_at` says when they are back."""


class Unknown(BridgeError):
    """A write went out and its outcome is not known: look before doing anything else."""


class Refused(BridgeError):
    """A side refused a write or a read for a reason in the data; `message` is its own text."""


class Held(BridgeError):
    """A person has to decide or fix something before this record can go on."""


class ByHand(Held):
    """The API of a side cannot write it: a person enters the values there."""


class StaysOut(Held):
    """Something of the record itself cannot be held by the other side: it stays where it is."""


class NotOffered(Held):
    """Creating it on the other side is never offered; a person may say which record it is."""


class Waiting(BridgeError):
    """The record waits for another one (its parent) that is not linked yet."""

    def __init__(self, kind: Kind, perfex_id: str) -> None:
        """Name the parent, by its Perfex id."""
        super().__init__("waits_for_parent", kind=kind.value, id=perfex_id)
        self.kind = kind
        self.perfex_id = perfex_id


class Fatal(BridgeError):
    """The run cannot go on at all."""


class NotConnected(Fatal):
    """One side cannot be used until a person reconnects or mends the settings of the connection."""


class Busy(Fatal):
    """Another run of this connection is going on."""


class LeaseLost(Fatal):
    """Another process took this run over; nothing more may be sent by us."""
