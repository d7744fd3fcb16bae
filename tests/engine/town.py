"""Two sides in memory, people who change them, and a bridge that is run now and then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import TypeVar

import msgspec

from tests.engine.plain import PLAIN, Bill, Card, trimmed
from tests.engine.plain_sides import Crashed, MemoryPerfex, MemoryXero
from xero_bridge.core.plan import Answer, Approval, Question
from xero_bridge.core.ports import RunRow
from xero_bridge.core.record import Key, Record
from xero_bridge.core.settings import Settings
from xero_bridge.core.vocabulary import Kind, RunState, Side
from xero_bridge.engine.context import Context, Scope
from xero_bridge.engine.memory import MemoryStore
from xero_bridge.engine.run import run

MORNING = datetime(2026, 11, 22, 8, tzinfo=UTC)
R = TypeVar("R", Card, Bill)


class TownClock:
    """Stands still unless it is moved."""

    def __init__(self) -> None:
        self.at = MORNING

    def now(self) -> datetime:
        return self.at


class NoRival:
    """Nobody else runs."""

    def check(self) -> None:
        """The claim holds."""


class Town:
    """Perfex, Xero and the bridge between them."""

    def __init__(self) -> None:
        self.clock = TownClock()
        self.perfex = MemoryPerfex(Side.PERFEX, PLAIN, self.clock)
        self.xero = MemoryXero(Side.XERO, PLAIN, self.clock, normalise=trimmed)
        self.store = MemoryStore("town", settings=Settings(sales_account="200"))
        self.ghosts = count(1)
        self._runs = count(1)
        with self.store.atomically():
            self.store.remember("live", MORNING.isoformat())
            self.store.remember("tenant_id", "org-1")

    # --- people ---

    def new_card(self, name: str, city: str = "") -> str:
        ghost = next(self.ghosts)
        return self.perfex.put(Kind.CUSTOMER, Card(ghost=ghost, name=name, city=city))

    def new_bill(self, customer: str, number: str, total: str = "10.00") -> str:
        bill = Bill(ghost=next(self.ghosts), number=number, customer=customer, total=Decimal(total))
        return self.perfex.put(Kind.INVOICE, bill)

    def change(self, side: Side, kind: Kind, id_: str, **fields: object) -> None:
        remote = self.perfex if side is Side.PERFEX else self.xero
        record = remote.records(kind)[id_]
        remote.edit(kind, id_, msgspec.structs.replace(record, **fields))

    def copy_in_xero(self, id_: str) -> str:
        """Staff copy an invoice in Xero, our mark along with it."""
        bill = self.bills(self.xero)[id_]
        copied = msgspec.structs.replace(
            bill, ghost=next(self.ghosts), number=f"{bill.number} copy"
        )
        return self.xero.put(Kind.INVOICE, copied, mark=self.xero.marks(Kind.INVOICE).get(id_, ""))

    def cards(self, remote: MemoryPerfex | MemoryXero) -> dict[str, Card]:
        return _of(remote.records(Kind.CUSTOMER), Card)

    def bills(self, remote: MemoryPerfex | MemoryXero) -> dict[str, Bill]:
        return _of(remote.records(Kind.INVOICE), Bill)

    def wait(self, **by: float) -> None:
        self.clock.at += timedelta(**by)

    # --- the bridge ---

    def sync(self) -> RunRow | None:
        """One run; None when its process died."""
        started = self.clock.now()
        row = RunRow(
            id=next(self._runs), connection="town", state=RunState.RUNNING, started_at=started
        )
        context = Context(
            store=self.store,
            perfex=self.perfex,
            xero=self.xero,
            clock=self.clock,
            lease=NoRival(),
            entities=PLAIN,
            scope=Scope(),
            run=row,
            started_at=started,
        )
        try:
            return run(context)
        except Crashed:
            return None

    def consent(self) -> None:
        """A person lets through what a guard stopped."""
        with self.store.atomically():
            for stop in self.store.stops():
                consent = Approval(
                    guard=stop.guard,
                    count=stop.count,
                    amount=stop.amount,
                    by="Ann",
                    at=self.clock.now(),
                )
                self.store.approve(consent)

    def settle_down(self) -> list[RunRow]:
        """Nothing fails any more and time passes: runs until they say the same three times."""
        self.perfex.lag = self.xero.lag = timedelta()
        self.perfex.down = self.xero.down = False
        self.xero.faults.clear()
        rows = []
        for _ in range(8):
            self.wait(minutes=7)
            rows.append(self.sync())
            self.consent()
        return [row for row in rows if row is not None]

    def answer(self, question: Question, code: str, value: str = "") -> None:
        """A person answers, on the page as it was shown."""
        answer = Answer(
            question=question.key,
            code=code,
            value=value,
            basis=question.basis,
            by="Ann",
            at=self.clock.now(),
        )
        with self.store.atomically():
            self.store.save_answer(answer)
            self.store.make_dirty(records_of(question))


def records_of(question: Question) -> list[Key]:
    ids = {Side.PERFEX: question.perfex_id, Side.XERO: question.xero_id}
    return [Key(question.kind, side, id_) for side, id_ in ids.items() if id_]


def _of(records: dict[str, Record], type_: type[R]) -> dict[str, R]:
    return {id_: record for id_, record in records.items() if isinstance(record, type_)}
