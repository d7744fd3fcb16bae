"""A kind as data: its canonical record, both codecs, and its policy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

from xero_bridge.core.books import Books
from xero_bridge.core.record import Key, Mirror, Record, Roles
from xero_bridge.core.vocabulary import Births, Direction, Kind, Side

#: A JSON object on its way to or from a side. Lives at the border only.
Json = dict[str, Any]


class Owner(StrEnum):
    """Who wins a facet that both sides changed differently."""

    PERFEX = "perfex"
    XERO = "xero"
    BIRTH = "birth"
    ASK = "ask"


@dataclass(frozen=True, kw_only=True)
class Facet:
    """One comparable part of a record, and its policy.

    `held` and `written` say which sides can hold it and be written to by their API. Money, tax,
    date, status and number are sensitive: never resolved without a person.
    """

    get: Callable[[Any], object]
    owner: Owner = Owner.ASK
    sensitive: bool = False
    #: The facet that it comes of (a total of its lines): where both moved, they go together.
    follows: str = ""
    held: frozenset[Side] = frozenset(Side)
    written: frozenset[Side] = frozenset({Side.XERO})
    words: str = ""
    #: Sides whose changes of it are carried over in every direction but `off`: by a person, where
    #: the other side's API cannot write it.
    followed: frozenset[Side] = frozenset()
    #: Xero: it is booked on days of its own, so the record's may lie in a locked period.
    dated: bool = False
    #: Xero, a facet that takes several calls: whether what it shows lies between its base and what
    #: is wanted. Then an answer was lost on the way, or somebody did a part of the same by hand.
    begun: Callable[[Any, Any, Any], bool] | None = None
    #: Xero: it takes a call of its own (`Payload.adds`), after the one that writes the others.
    apart: bool = False
    #: Both sides may keep their own: where they agreed on different ones, neither is carried over.
    own: bool = False
    #: Members of the record that it is made of, where it is not the one of its name.
    members: tuple[str, ...] = ()


class Lookups(msgspec.Struct, frozen=True, kw_only=True):
    """What decoders need beside the record itself; the remotes fetch it once per run."""

    #: Perfex currency id -> ISO code; `"0"` is the base currency.
    currencies: dict[str, str] = {}
    #: Perfex country id -> short name.
    countries: dict[str, str] = {}
    #: ISO code of the base currency of this side.
    base_currency: str = ""
    #: Site root of Perfex, without a trailing slash.
    site_url: str = ""
    #: Tag that opens our marks, e.g. `PX`.
    tag: str = "PX"
    #: Zero padding of Perfex numbers where `formatted_number` is absent.
    padding: int = 6
    #: Keys of the taxes that Perfex knows: for modules that do not show the taxes of lines.
    taxes: tuple[str, ...] = ()


class Decoded(msgspec.Struct, frozen=True, kw_only=True):
    """A wire value decoded: the canonical record, its creation stamp, our mark."""

    id: str
    record: Record
    stamp: str = ""
    mark: str = ""
    #: Xero's UpdatedDateUTC, where the record bears one.
    updated_at: datetime | None = None


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """What the answer to a write must show, to the cent, in the document's currency."""

    total: Decimal
    tax: Decimal


class Payload(msgspec.Struct, frozen=True, kw_only=True):
    """A record encoded for a side: the JSON object to send, and what its answer must show."""

    body: Json
    expects: Expected | None = None
    #: Role of each Xero line in sending order (`item`, `rounding`, ...).
    line_roles: tuple[str, ...] = ()
    #: Differences that are known and accepted: facet -> (Perfex, Xero).
    declared: dict[str, tuple[str, str]] = {}
    mark: str = ""
    #: Xero: where it goes, if not to the path of the codec. For a create the path of one of the
    #: kind's forms (`Codec.also`); for an update the whole path of what it `adds` to the record.
    path: str = ""
    #: Xero: an update that adds something of its own to the record (an allocation, the payment of
    #: a bill): PUT to `path` with an idempotency key, and the record is read again afterwards.
    adds: bool = False
    #: A create that carries all of the record, whatever `Entity.carried` says.
    whole: bool = False
    #: Xero: an update that takes such a part away again: DELETE on `path`.
    removes: bool = False
    #: An update that is one step of several: what of the source it carries, and in which facets.
    #: The rest stays a change, and follows in the same run.
    carried: Record | None = None
    covers: frozenset[str] = frozenset()


class Encoding(msgspec.Struct, frozen=True, kw_only=True):
    """What an encoder is given: the other side's record, this side's (updates), and the link."""

    source: Record
    #: Id of `source` on its own side.
    source_id: str
    #: The part of a payment's amount to send; None: all of it.
    share: Decimal | None = None
    target: Record | None = None
    target_id: str = ""
    #: Facets to write (updates); empty means all.
    facets: frozenset[str] = frozenset()
    roles: Roles = Roles()
    #: Updates: the source as it was when both sides agreed. None where it does not matter because
    #: a person chose the source's version.
    base: Record | None = None


Encoder = Callable[[Encoding, Books], Payload]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A custom table of Perfex whose rows belong to the records of another one."""

    table: str
    #: Its column with the id of the record that a row belongs to.
    of: str
    #: The records are read without these rows where an administrator did not allow the table.
    optional: bool = False


@dataclass(frozen=True, kw_only=True)
class Codec:
    """How one side speaks about a kind. An encoder that is None: the side's API cannot do it.

    `path` is the Xero endpoint (`Invoices`) or the Perfex resource: `invoices`, `common/tax_data`,
    or `customtable/tblpur_orders` for a table that an administrator has to allow.
    """

    path: str
    wire: type[msgspec.Struct]
    decode: Callable[[Any, Lookups], Decoded]
    create: Encoder | None = None
    update: Encoder | None = None
    void: Encoder | None = None
    delete: Encoder | None = None
    #: The facets of an update that this side's API cannot write now (by its version, what its token
    #: may read, or the record): a person enters them there. A create raises `ByHand` instead.
    by_hand: Callable[[Encoding, Books], frozenset[str]] = lambda _encoding, _books: frozenset()
    #: The facets of an update that are not carried over to this side as the record stands: a person
    #: is asked with both versions.
    unfollowed: Callable[[Encoding, Books], frozenset[str]] = lambda _encoding, _books: frozenset()
    #: Name of the id member on the wire (`InvoiceID`, `userid`).
    id_field: str
    #: Xero: the list understands If-Modified-Since. Perfex: never.
    since: bool = False
    #: Xero: the list is paged.
    paged: bool = False
    #: Xero: further query parameters of lists, e.g. includeArchived.
    query: Mapping[str, str] = field(default_factory=dict)
    #: Xero: the query that lists what is still open. It is read whole every night, because some
    #: edits (the due date of a part-paid invoice) do not move UpdatedDateUTC.
    open_query: Mapping[str, str] = field(default_factory=dict)
    #: Xero: several ids can be read in one call by `IDs=`.
    by_ids: bool = False
    #: Xero: the list takes `where`.
    filtered: bool = True
    #: Xero: `unitdp=4` goes on reads and writes.
    four_places: bool = False
    #: Perfex: the list row lacks parts (lines), the record is read by GET /path/{id}.
    detail: bool = False
    #: Perfex, custom tables: further tables, as a list under this member of each row.
    parts: Mapping[str, Part] = field(default_factory=dict)
    #: How often the list is read: `poll`, `hourly`, `daily`.
    cadence: str = "poll"
    #: Elements per write call.
    batch: int = 1
    #: Xero: further forms of the kind, each with a list of its own (an expense is money spent or a
    #: bill). A row belongs to the first form whose id member it bears.
    also: tuple[Codec, ...] = ()
    #: Xero: a row that stands for several records comes apart into one for each; the first keeps
    #: its id, the others have theirs behind a point.
    divide: Callable[[bytes, Lookups], Sequence[bytes]] | None = None
    #: The reads of a batch can be paired again: index or our mark.
    answers: str = "record"


class Agreement(StrEnum):
    """How well two records of the two sides fit."""

    SAME = "same"
    MAYBE = "maybe"
    NO = "no"


@dataclass(frozen=True, kw_only=True)
class Fit:
    """A pair's agreement and, for a person, what agrees and what does not."""

    agreement: Agreement
    why: str = ""
    #: How much of the pair agrees, 0 to 100: the best is shown first.
    score: int = 0
    #: A tax number, an e-mail address or the whole name agrees, and nothing contradicts.
    exact: bool = False
    #: Reason code of the question about such a pair, where it is not the kind's own.
    doubt: str = ""
    #: The parent in Perfex whose link alone is missing: all else agrees.
    parent: Key | None = None


@dataclass(frozen=True, kw_only=True)
class Stir:
    """A part of another kind that moves when a record is used: that of the same parents."""

    kind: Kind
    #: Nothing, as long as none was used.
    part: Callable[[Any], object]


@dataclass(frozen=True, kw_only=True)
class Entity:
    """All that the engine knows about a kind."""

    kind: Kind
    record: type[Record]
    singular: str
    plural: str
    #: Record field -> kind of the parent whose id it holds.
    parents: Mapping[str, Kind] = field(default_factory=dict)
    facets: Mapping[str, Facet] = field(default_factory=dict)
    #: Record field -> kind of what Perfex has to have, or it does not show the record any more.
    hidden_without: Mapping[str, Kind] = field(default_factory=dict)
    perfex: Codec | None
    xero: Codec | None
    #: Kind whose Xero records this kind is matched with (itself, where None).
    xero_kind: Kind | None = None
    direction: Direction
    directions: frozenset[Direction] = frozenset(Direction)
    births: Mapping[Side, Births] = field(default_factory=dict)
    #: Keys under which a record may be found on the other side (normalised name, number, code).
    keys: Callable[[Record, Side], Sequence[str]] = lambda _record, _side: ()
    #: Judges a Perfex record against a Xero record; ids are translated by the books.
    fit: Callable[[Mirror, Mirror, Books], Fit] | None = None
    #: Capability of the Perfex site without which neither side of the kind is read. A kind of a
    #: custom table names what the site is said to have where the table can be read.
    needs: str = ""
    #: Kind with the same Xero records (a vendor is a contact, as a customer is). Both may link to
    #: one: that kind's link then writes its fields, and its list brings news of this kind too.
    shares: Kind | None = None
    #: Path of a record's page in its own system (`{id}`), where a person looks at it; Xero's lie
    #: behind its sign-in page, and kinds without a page of their own lead to their list.
    pages: Mapping[Side, str] = field(default_factory=dict)
    #: Reason code of the question about a linked record that was closed in Xero.
    closed_in_xero: str = "voided_in_xero"
    #: What of a record its create carries; the rest (credits applied, a bill's payment) follows as
    #: an update once both are linked.
    carried: Callable[[Record], Record] = lambda record: record
    #: What tells that records of this kind were used, though their own list does not show it.
    stirred_by: Stir | None = None
    #: The text in which records that share no key are alike (spelling); None: keys alone count.
    likeness: Callable[[Record], str] | None = None
    #: Our mark in the Xero record made from this Perfex id; None where there is no place for one.
    mark: Callable[[str, Books], str] | None = None
    #: Reason code of the question about a record that may be the same.
    doubt: str = "maybe_same"
    #: The facets of a Perfex record as Xero would show them (for `both moved to the same`).
    shown_on_xero: Callable[[Record, Books], Mapping[str, object]] | None = None
    #: The facets of a Xero record as Perfex would show them once written there.
    shown_on_perfex: Callable[[Record, Books], Mapping[str, object]] | None = None
    #: The words of reasons that only this kind has: code -> what happened, and what to do.
    says: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Reason code why a record stays out by a rule (a draft, before the start date), or empty.
    excluded: Callable[[Mirror, Books], str] = lambda _mirror, _books: ""
    #: Dates that must lie in an open period before the document is written.
    locks_on: Callable[[Record], date | None] = lambda record: record.dated

    def codec(self, side: Side) -> Codec | None:
        """The codec of one side."""
        return self.perfex if side is Side.PERFEX else self.xero

    def shown_on(self, side: Side, record: Record, books: Books) -> Mapping[str, object]:
        """The facets of a record of the other side as this side would show them.

        Raises Held or Waiting as encoding does; empty where the side is never written.
        """
        show = self.shown_on_xero if side is Side.XERO else self.shown_on_perfex
        return show(record, books) if show else {}

    def facets_of(self, record: Record, side: Side) -> dict[str, object]:
        """The comparable facets that this side can hold."""
        return {
            name: facet.get(record) for name, facet in self.facets.items() if side in facet.held
        }


def shown(value: object) -> str:
    """A facet's value as a person reads it; several values stand on lines of their own."""
    match value:
        case None:
            return ""
        case Decimal():
            return f"{value:f}"
        case str():
            return value
        case tuple() | frozenset() if type(value).__str__ is object.__str__:
            return "\n".join(text for text in map(shown, value) if text)
        case _:
            return str(value)
