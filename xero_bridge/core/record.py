"""Records as one side has them, decoded to the canonical form of their kind."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

import msgspec

from xero_bridge.core.vocabulary import Kind, Side


class Money(NamedTuple):
    """An amount and its currency (ISO code)."""

    amount: Decimal
    currency: str


class Key(NamedTuple):
    """Names one record of one side: its kind, side and the id that the side gave it."""

    kind: Kind
    side: Side
    id: str

    def __str__(self) -> str:
        """`invoice:perfex:512`, as `--record` takes it."""
        return f"{self.kind}:{self.side}:{self.id}"


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """The canonical form of a kind: a value without behaviour beyond describing itself.

    References to other records hold the ids of the side it was read from.
    """

    @property
    def label(self) -> str:
        """What a person calls it: a number or a name."""
        return ""

    @property
    def money(self) -> Money | None:
        """Its total in its own currency, where it has one."""
        return None

    @property
    def dated(self) -> date | None:
        """Its business date, where it has one."""
        return None

    @property
    def lasting(self) -> Record:
        """The record without what changes while nobody edits it: payments, being overdue."""
        return self

    @property
    def closed(self) -> bool:
        """Void, deleted or archived: it takes no further part in the books."""
        return False


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """One record as it was just read from (or answered by) a side."""

    key: Key
    record: Record
    #: Hash of the list row it came from (empty when it was not read from a list).
    row: str = ""
    #: Creation stamp as the side shows it (Perfex `datecreated` and the like); empty where none.
    stamp: str = ""
    #: Xero's UpdatedDateUTC.
    updated_at: datetime | None = None
    #: Our mark in the record, empty where it bears none.
    mark: str = ""


class Absent(msgspec.Struct, frozen=True, kw_only=True):
    """A record that the side, asked for it by id, believably says it does not have."""

    key: Key


class Unreadable(msgspec.Struct, frozen=True, kw_only=True):
    """A record that cannot be decoded: its id, and what is wrong in the side's own answer."""

    key: Key
    message: str


class Mirror(msgspec.Struct, frozen=True, kw_only=True):
    """The stored last-seen copy of a record."""

    key: Key
    record: Record
    version: int
    stamp: str = ""
    mark: str = ""
    updated_at: datetime | None = None
    #: When the bridge first stored it (aware UTC).
    first_seen_at: datetime
    seen_at: datetime
    #: The side no longer has it.
    gone: bool = False


class Roles(msgspec.Struct, frozen=True, kw_only=True):
    """Further ids of a link by role: our own Xero lines, the purchase side of a tax, a supplier."""

    #: (LineItemID, role) of each Xero line in sending order; the role is `item`,
    #: `before_tax_discount`, `after_tax_discount`, `adjustment` or `rounding`.
    lines: tuple[tuple[str, str], ...] = ()
    #: Tax mapping: the TaxType for purchases (the link's xero_id is the one for sales).
    purchase: str = ""
    #: Payment mode mapping: the account has a bank feed, so only payments on documents go there.
    bank_feed: bool = False
    #: Expense category mapping: name of the Xero contact of its expenses that name no supplier.
    supplier: str = ""


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """The pair of one record's ids, with a base per side: what each showed when they agreed."""

    kind: Kind
    perfex_id: str
    xero_id: str
    stamp: str = ""
    #: Several customers may link to one Xero contact: one leads and alone writes fields.
    leads: bool = True
    base_perfex: Record | None = None
    base_xero: Record | None = None
    roles: Roles = Roles()
    #: Differences known and accepted, facet -> (Perfex, Xero) as text, e.g. a cent of tax.
    declared: dict[str, tuple[str, str]] = {}
    #: Set by a person (mappings): never replaced by a suggestion.
    by_person: bool = False
    #: Side on which the record was first made.
    born_on: Side = Side.PERFEX

    def id_on(self, side: Side) -> str:
        """The record's id on that side."""
        return self.perfex_id if side is Side.PERFEX else self.xero_id

    def base_on(self, side: Side) -> Record | None:
        """What that side showed when both last agreed."""
        return self.base_perfex if side is Side.PERFEX else self.base_xero
