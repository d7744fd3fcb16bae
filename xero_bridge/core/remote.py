"""The two sides as the engine needs them: lists, records, and writes as exact bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Protocol

import msgspec

from xero_bridge.core.books import Organisation, Site
from xero_bridge.core.entity import Payload
from xero_bridge.core.record import Absent, Seen, Unreadable
from xero_bridge.core.vocabulary import Kind, Side, Verb


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a list, not decoded yet."""

    id: str
    #: Hash of the row's bytes (with its companions, e.g. a customer's primary contact).
    row: str
    raw: bytes
    updated_at: datetime | None = None


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One element of a batch: its journal row (creates, voids, deletes), mark and target."""

    journal_id: int | None = None
    mark: str = ""
    #: Id of the record written to (updates, voids, deletes); empty for creates.
    target_id: str = ""
    #: Where it goes, if not to the path of the kind; see `Payload`.
    path: str = ""
    adds: bool = False
    removes: bool = False


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """One write call: exact bytes, idempotency key, members in sending order."""

    id: int | None = None
    side: Side
    kind: Kind
    verb: Verb
    body: bytes
    key: str
    members: tuple[Member, ...]
    created_at: datetime


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """An element that was written: the record as the side shows it now.

    `seen` is None when the side gave no readable copy yet (deletes; a Perfex cache): no base then.
    `line_ids` are Xero's LineItemIDs in sending order.
    """

    id: str
    seen: Seen | None = None
    line_ids: tuple[str, ...] = ()
    total: Decimal | None = None
    tax: Decimal | None = None
    warnings: tuple[str, ...] = ()


class NotWritten(msgspec.Struct, frozen=True, kw_only=True):
    """An element that the side refused: its reason code and the side's own text."""

    reason: str
    message: str


Result = Written | NotWritten


class Remote(Protocol):
    """One side of one connection.

    All methods may raise `Retriable`, `BudgetSpent`, `NotConnected`; reads raise `Refused`; `send`
    raises `Unknown` when the outcome of a write is not known.
    """

    side: Side

    def entries(self, kind: Kind, since: datetime | None) -> Iterator[Sequence[Entry]]:
        """The pages of a list: all records, or those changed since (Xero only).

        A generator that ends without an exception was complete.
        """

    def open(self, kind: Kind, entries: Sequence[Entry]) -> Iterator[Seen | Absent | Unreadable]:
        """The records of these rows, reading details where the row lacks parts.

        A row whose id alone is known (`raw` empty) is read by id.
        """

    def read(self, kind: Kind, ids: Sequence[str]) -> Iterator[Seen | Absent | Unreadable]:
        """These records as they are this minute, in as few calls as the side allows."""

    def compose(self, kind: Kind, verb: Verb, payloads: Sequence[Payload]) -> bytes:
        """The exact bytes of a write call with these elements. No call is made."""

    def send(self, batch: Batch) -> tuple[Result, ...]:
        """Send the bytes; one result per member, in their order."""

    def calls(self) -> int:
        """Calls made since this object was made (accounting calls on Xero)."""


class XeroRemote(Remote, Protocol):
    """The Xero side."""

    def open_entries(self, kind: Kind) -> Iterator[Sequence[Entry]]:
        """The pages of what is still open, whenever it changed (`Codec.open_query`)."""

    def organisation(self) -> Organisation:
        """The organisation of this minute (one call, free of egress)."""


class PerfexRemote(Remote, Protocol):
    """The Perfex side."""

    def site(self) -> Site:
        """Module version, base currency, time zone (remembered; few calls)."""
