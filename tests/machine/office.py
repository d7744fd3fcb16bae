"""A small office: both systems in memory, the engine between them, and who is who in truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

from msgspec.structs import replace

from xero_bridge.core.entity import Lookups
from xero_bridge.core.errors import LeaseLost
from xero_bridge.core.ports import RunRow
from xero_bridge.core.record import Key, Link, Record, Roles
from xero_bridge.core.remote import Written
from xero_bridge.core.settings import Settings
from xero_bridge.core.vocabulary import Direction, Kind, RunState, Side, Verb
from xero_bridge.engine.context import Context, Scope
from xero_bridge.engine.memory import MemoryStore
from xero_bridge.engine.memory.sides import Call, Killed, PerfexSide, XeroSide
from xero_bridge.engine.run import run
from xero_bridge.entities import ENTITIES

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
KINDS = (Kind.CUSTOMER, Kind.ITEM, Kind.INVOICE, Kind.PAYMENT)
#: The decision to link two records as they are.
ADOPTED = "adopted"
BANK, TILL = "acc-090", "acc-091"
_LOOKUPS = Lookups(currencies={"1": "GBP"}, base_currency="GBP", site_url="https://crm.test")
#: The Perfex side in memory takes payments alone: edits of Xero's invoices are asked about.
_SETTINGS = Settings(
    sales_account="200",
    rounding_account="429",
    direction={"invoice": Direction.PERFEX_TO_XERO},
)


class HandClock:
    """Time passes when somebody says so, and a second with every look at it."""

    def __init__(self) -> None:
        self._now = START

    def now(self) -> datetime:
        return self._now

    def move(self, by: timedelta) -> None:
        self._now += by


@dataclass
class Claim:
    """The lease of one run: it ends when another run takes over."""

    number: int
    newest: Callable[[], int]

    def check(self) -> None:
        if self.newest() != self.number:
            self.lost()

    def lost(self) -> None:
        raise LeaseLost("lease_lost")


@dataclass(kw_only=True)
class Decision:
    """What a person said about records, and how these were shown at that moment."""

    code: str
    shown: dict[Key, Record]
    calls: int


@dataclass(kw_only=True)
class Edit:
    """A bookkeeper's edit of a Xero record: facets and the values that they were given."""

    values: dict[str, object]
    calls: int


@dataclass(kw_only=True)
class Office:
    """Both sides, the memory between them, and the identity of every record in people's eyes."""

    clock: HandClock = field(default_factory=HandClock)
    perfex: PerfexSide = field(init=False)
    xero: XeroSide = field(init=False)
    store: MemoryStore = field(default_factory=lambda: MemoryStore("office", settings=_SETTINGS))
    #: Every write that reached a side.
    log: list[Call] = field(default_factory=list)
    #: Which document of the real world a record stands for.
    ghosts: dict[Key, int] = field(default_factory=dict)
    #: Records that the bridge made and what from, and pairs that it has linked.
    made: dict[Key, Key] = field(default_factory=dict)
    linked: set[tuple[Key, ...]] = field(default_factory=set)
    decisions: list[Decision] = field(default_factory=list)
    #: Xero records that a person has changed.
    touched: set[Key] = field(default_factory=set)
    edits: dict[Key, Edit] = field(default_factory=dict)
    #: Links as they were when the last run began.
    links_before: dict[Key, Link] = field(default_factory=dict)
    live_since: int | None = None
    #: Consents to receipts: writes so far, and payments that each consent covers.
    receipts: list[tuple[int, int]] = field(default_factory=list)
    last: RunRow | None = None
    context: Context | None = None
    traced: int = 0
    checked: int = 0
    claims: int = 0
    _ghosts: count[int] = field(default_factory=lambda: count(1))
    _runs: count[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.perfex = PerfexSide(ENTITIES, self.clock, _LOOKUPS, self.log)
        self.xero = XeroSide(ENTITIES, self.clock, _LOOKUPS, self.log)
        _seed(self)

    def side(self, side: Side) -> PerfexSide | XeroSide:
        return self.perfex if side is Side.PERFEX else self.xero

    # --- ghosts --------------------------------------------------------------------------------

    def name(self, kind: Kind, side: Side, id_: str, ghost: int | None = None) -> int:
        """A person made this record: a new document, or one that already has a ghost."""
        found = next(self._ghosts) if ghost is None else ghost
        self.ghosts[Key(kind, side, id_)] = found
        return found

    def trace(self) -> None:
        """What writes made stands for what it was made from."""
        fresh = self.log[self.traced :]
        self.traced = len(self.log)
        journal = {row.id: row for row in self.store.journal()}
        for call in fresh:
            if not call.answered:
                # To the bridge it looks like somebody's edit until it has seen its own hand in it.
                ids = (member.target_id for member in call.batch.members)
                self.touched |= {Key(call.batch.kind, call.batch.side, id_) for id_ in ids}
            for member, result in zip(call.batch.members, call.results, strict=True):
                if call.batch.verb is Verb.CREATE and isinstance(result, Written):
                    source = journal[member.journal_id].source
                    made = Key(call.batch.kind, call.batch.side, result.id)
                    self.ghosts[made] = self.ghosts[source]
                    self.made[made] = source
        self._note_adoptions()

    def _note_adoptions(self) -> None:
        """Linking writes nothing: what differs then between records that people made may stay."""
        for kind in KINDS:
            for link in self.store.links_of(kind):
                bases = {Side.PERFEX: link.base_perfex, Side.XERO: link.base_xero}
                shown = {Key(kind, side, link.id_on(side)): bases[side] for side in Side}
                pair = tuple(shown)
                made = any(self.made.get(key) in pair for key in pair)
                if pair not in self.linked and not made:
                    held = {key: base for key, base in shown.items() if base is not None}
                    self.decisions.append(Decision(code=ADOPTED, shown=held, calls=self.written()))
                self.linked.add(pair)

    def written(self) -> int:
        """How many writes have reached either side."""
        return len(self.log)

    def record(self, key: Key) -> Record | None:
        """A record as its side has it now."""
        rows = self.side(key.side).rows(key.kind)
        return self.side(key.side).seen(key.kind, key.id).record if key.id in rows else None

    def is_live(self, key: Key) -> bool:
        """Whether the record still counts."""
        record = self.record(key)
        return record is not None and not record.closed

    def twins(self, key: Key) -> list[Key]:
        """The records of the other side that stand for the same document, and count."""
        self.trace()
        ghost, side = self.ghosts[key], key.side.other
        found = (other for other, held in self.ghosts.items() if held == ghost)
        return [k for k in found if (k.kind, k.side) == (key.kind, side) and self.is_live(k)]

    def link_of(self, key: Key) -> Link | None:
        return self.store.links(key.kind, key.side, [key.id]).get(key.id)

    # --- runs ----------------------------------------------------------------------------------

    def go_live(self) -> None:
        with self.store.atomically():
            self.store.remember("live", self.clock.now().isoformat())
        self.live_since = self.written()

    def sync(self) -> RunRow | None:
        """One run; None when its process was killed."""
        self.claims += 1
        now = self.clock.now()
        number = next(self._runs)
        row = RunRow(id=number, connection="office", state=RunState.RUNNING, started_at=now)
        self.links_before = {
            Key(kind, Side.XERO, link.xero_id): link
            for kind in KINDS
            for link in self.store.links_of(kind)
        }
        self.context = Context(
            store=self.store,
            perfex=self.perfex,
            xero=self.xero,
            clock=self.clock,
            lease=Claim(self.claims, lambda: self.claims),
            entities=ENTITIES,
            scope=Scope(),
            run=row,
            started_at=now,
        )
        try:
            self.last = run(self.context)
        except Killed:
            return None
        finally:
            self.trace()
        return self.last

    def calm(self) -> None:
        """From here on nothing goes wrong."""
        for side in (self.perfex, self.xero):
            side.faults.write = side.faults.read = None
        self.xero.meanwhile = None

    def change_settings(self, **members: object) -> None:
        with self.store.atomically():
            self.store.set_settings(replace(self.store.settings(), **members))


def _seed(office: Office) -> None:
    """Reference records of both sides, and the mappings that a person chose."""
    xero, perfex = office.xero, office.perfex
    for code, type_, id_ in (
        ("200", "REVENUE", "acc-200"),
        ("201", "REVENUE", "acc-201"),
        ("429", "EXPENSE", "acc-429"),
        ("090", "BANK", BANK),
        ("091", "BANK", TILL),
    ):
        row = {"AccountID": id_, "Code": code, "Name": f"Account {code}", "Type": type_}
        xero.seed(Kind.ACCOUNT, {**row, "Status": "ACTIVE", "Class": type_})
    for type_, rate in (("OUTPUT2", 20), ("NONE", 0)):
        row = {"TaxType": type_, "Name": type_, "Status": "ACTIVE"}
        xero.seed(Kind.TAX, {**row, "EffectiveRate": Decimal(rate)})
    xero.seed(Kind.CURRENCY, {"Code": "GBP", "Description": "Pound"})
    perfex.seed(Kind.CURRENCY, "GBP", {"id": "1", "name": "GBP", "isdefault": "1"})
    perfex.seed(Kind.TAX, "VAT|20.00", {"id": "1", "name": "VAT", "taxrate": "20.00"})
    for mode in ("1", "2"):
        perfex.seed(Kind.PAYMENT_MODE, mode, {"id": mode, "name": f"Mode {mode}", "active": "1"})
    _map(office, Kind.TAX, "VAT|20.00", "OUTPUT2")
    _map(office, Kind.TAX, "none", "NONE")
    _map(office, Kind.PAYMENT_MODE, "1", BANK)
    _map(office, Kind.PAYMENT_MODE, "2", TILL)


def _map(office: Office, kind: Kind, perfex_id: str, xero_id: str) -> None:
    link = Link(kind=kind, perfex_id=perfex_id, xero_id=xero_id, by_person=True, roles=Roles())
    with office.store.atomically():
        office.store.save_link(link)
