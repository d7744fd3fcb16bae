"""A Xero organisation in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from xero_bridge.core.books import Organisation
from xero_bridge.core.entity import Entity, Json, Lookups
from xero_bridge.core.ports import Clock
from xero_bridge.core.remote import Batch, Entry, NotWritten, Result, Written
from xero_bridge.core.vocabulary import Kind, Side, Verb
from xero_bridge.engine.memory.sides import xero_cards, xero_documents
from xero_bridge.engine.memory.sides.rules import Desk, RefusalError, slashed
from xero_bridge.engine.memory.sides.side import Call, MemorySide
from xero_bridge.entities.dates import xero_instant

#: How long Xero answers a repeated idempotency key with its first answer.
KEYS_KEPT = timedelta(minutes=6)
_TICK = timedelta(milliseconds=1)

_ENTER: dict[Kind, Callable[[Desk, Json], Json]] = {
    Kind.CUSTOMER: xero_cards.enter_contact,
    Kind.ITEM: xero_cards.enter_item,
    Kind.INVOICE: xero_documents.enter_invoice,
    Kind.PAYMENT: xero_documents.enter_payment,
}
_CHANGE: dict[Kind, Callable[[Desk, Json, Json], Json]] = {
    Kind.CUSTOMER: xero_cards.change_contact,
    Kind.ITEM: xero_cards.change_item,
    Kind.INVOICE: xero_documents.change_invoice,
    Kind.PAYMENT: xero_documents.change_payment,
}
#: Members that the answer to a write lacks.
_NOT_ANSWERED = frozenset({"Payments", "AmountCredited"})


class XeroSide(MemorySide):
    """`core.remote.XeroRemote`: people and the bridge are held to the same rules."""

    side = Side.XERO

    def __init__(
        self,
        entities: Mapping[Kind, Entity],
        clock: Clock,
        lookups: Lookups,
        log: list[Call] | None = None,
    ) -> None:
        """An organisation without records."""
        super().__init__(entities, clock, lookups, log)
        self.lock: date | None = None
        #: Called when the organisation is read: somebody else acts at that moment.
        self.meanwhile: Callable[[], None] | None = None
        self._changed_at = datetime.min.replace(tzinfo=UTC)
        self._answered: dict[str, tuple[datetime, tuple[Result, ...]]] = {}

    def organisation(self) -> Organisation:
        """The organisation of this minute."""
        self._count()
        act, self.meanwhile = self.meanwhile, None
        if act is not None:
            act()
        return Organisation(
            id="organisation",
            name="Harbour Joinery",
            base_currency=self._lookups.base_currency,
            period_lock=self.lock,
        )

    def open_entries(self, kind: Kind) -> Iterator[Sequence[Entry]]:
        """What is still open, as any list."""
        return self.entries(kind, None)

    # --- people and the bridge -----------------------------------------------------------------

    def seed(self, kind: Kind, row: Json) -> None:
        """Put a reference record in (an account, a tax rate, a currency)."""
        self.rows(kind)[str(row[self._codec(kind).id_field])] = row

    def enter(self, kind: Kind, body: Json) -> str:
        """Make a record; returns its id. Raises RefusalError."""
        row = _ENTER[kind](self._desk(), body)
        return self._store(kind, row)

    def change(self, kind: Kind, id_: str, body: Json) -> None:
        """Change a record; raises RefusalError."""
        held = self.rows(kind).get(id_)
        if held is None:
            raise RefusalError("xero_id_unknown", "The supplied id was not found.")
        self._store(kind, _CHANGE[kind](self._desk(), held, body))

    def _store(self, kind: Kind, row: Json) -> str:
        id_ = str(row[self._codec(kind).id_field])
        # No two changes bear the same stamp.
        self._changed_at = max(self._clock.now(), self._changed_at + _TICK)
        stamped = {**row, "UpdatedDateUTC": slashed(self._changed_at)}
        # What was changed last stands last in a list.
        self.rows(kind).pop(id_, None)
        self.rows(kind)[id_] = stamped
        if kind is Kind.PAYMENT:
            invoice_id = row["Invoice"]["InvoiceID"]
            self._store(Kind.INVOICE, xero_documents.with_payments(self._desk(), invoice_id))
        return id_

    def _desk(self) -> Desk:
        rates = {
            id_: Decimal(str(row["EffectiveRate"])) for id_, row in self.rows(Kind.TAX).items()
        }
        return Desk(rows=self.rows, new_id=self._new_id, lock=self.lock, rates=rates)

    def _new_id(self) -> str:
        return f"00000000-0000-4000-8000-{self._next():012d}"

    # --- writes of the bridge ------------------------------------------------------------------

    def _repeated(self, batch: Batch, at: datetime) -> tuple[Result, ...] | None:
        first, results = self._answered.get(batch.key, (None, ()))
        fresh = first is not None and at - first < KEYS_KEPT
        return results if fresh else None

    def _write(self, batch: Batch, bodies: Sequence[Json]) -> tuple[Result, ...]:
        pairs = zip(batch.members, bodies, strict=True)
        results = tuple(self._one(batch, member.target_id, body) for member, body in pairs)
        if batch.verb is Verb.CREATE:
            self._answered[batch.key] = (self._clock.now(), results)
        return results

    def _one(self, batch: Batch, target: str, body: Json) -> Result:
        try:
            if batch.verb is Verb.CREATE:
                target = self.enter(batch.kind, body)
            else:
                self.change(batch.kind, target, body)
        except RefusalError as refusal:
            return NotWritten(reason=refusal.reason, message=refusal.message)
        return self._answer(batch.kind, target)

    def _answer(self, kind: Kind, id_: str) -> Written:
        row = {k: v for k, v in self.rows(kind)[id_].items() if k not in _NOT_ANSWERED}
        return Written(
            id=id_,
            seen=self.decoded(kind, row),
            line_ids=tuple(line["LineItemID"] for line in row.get("LineItems", ())),
            total=row.get("Total"),
            tax=row.get("TotalTax"),
        )

    def _stamp_of(self, row: Json) -> datetime | None:
        written = row.get("UpdatedDateUTC")
        return xero_instant(written) if written else None
