"""A business between both systems, and a bridge that dies while it brings them into step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
import requests

from tests.support.stage import (
    BOOKKEEPER,
    NAME,
    PROCESSES,
    Stage,
    a_bridge,
    a_stage,
    connect,
    do_business,
    sync_in_child,
)
from tests.support.trap import Moment, Trap
from xero_bridge.core.ports import RunRow
from xero_bridge.core.vocabulary import RunState
from xero_bridge.engine.context import Scope
from xero_bridge.operations import plans
from xero_bridge.operations.runs import run_now
from xero_bridge.operations.services import COMMAND_LINE, Services

CUSTOMERS = INVOICES = 100
#: Payments that begin in Perfex, and those that the bookkeeper enters in Xero.
FROM_PERFEX, FROM_XERO = 60, 40
#: Invoices that staff edit afterwards.
EDITED = 15
#: Seconds between two runs: while an answer can be asked for again, and when it is looked for.
PAUSES = (5, 90, 400)
#: Runs within which everything has come into step.
PATIENCE = 60


@dataclass(frozen=True, kw_only=True)
class Story:
    """One pair of systems with their bridge."""

    stage: Stage
    trap: Trap
    services: Services
    chance: Random

    # --- the bridge ---------------------------------------------------------------------------

    def sync(self, *, killed_at: Moment | None = None) -> RunRow | None:
        """One run in a process of its own; None when it was killed before its end."""
        self.stage.clock.move(seconds=self.chance.choice(PAUSES))
        self.trap.set(killed_at)
        receiver, sender = PROCESSES.Pipe(duplex=False)
        clock = self.stage.clock
        process = PROCESSES.Process(
            target=sync_in_child, args=(self.stage.variables, clock.zero, clock.moved, sender)
        )
        process.start()
        self.trap.name(process)
        sender.close()
        process.join(120)
        self.trap.take_away()
        with receiver:
            row = _received(receiver)
        died = process.exitcode
        process.close()
        assert died in (0, -9), f"the bridge ended by itself with {died}"
        self._agree_to_receipts()
        return row

    def sync_here(self) -> RunRow:
        """One run in this process, which nothing ends."""
        self.stage.clock.move(seconds=self.chance.choice(PAUSES))
        row = run_now(self.services, NAME, Scope(trigger="command"))
        self._agree_to_receipts()
        return row

    def sync_until_in_step(self) -> None:
        """Runs, each left alone, until nothing is left to do."""
        for _ in range(PATIENCE):
            row = self.sync_here()
            if row.state is RunState.IN_STEP and not row.planned:
                return
        pytest.fail(f"not in step after {PATIENCE} runs: {row}")

    def _agree_to_receipts(self) -> None:
        """Payments entered in Perfex cause receipts: somebody agrees when the bridge asks."""
        for stop in plans.stops(self.services, NAME):
            plans.approve(self.services, NAME, stop.guard, typed=stop.typed, by=COMMAND_LINE)

    # --- people -------------------------------------------------------------------------------

    def staff_edit_invoices(self) -> None:
        """Other lines on invoices that nothing was paid on."""
        staff = self.stage.perfex.staff
        for row in self.stage.perfex.rows("invoices", status="1")[-EDITED:]:
            lines = [{**line, "rate": "64.20"} for line in staff.line_forms(int(str(row["id"])))]
            staff.edit_invoice(int(str(row["id"])), lines)

    def bookkeeper_enters_payments(self) -> None:
        """Payments in Xero of the invoices that have none yet, until there are a hundred."""
        unpaid = [each for each in self.invoices() if each["AmountPaid"] == 0]
        chosen = sorted(unpaid, key=lambda each: str(each["InvoiceNumber"]))[:FROM_XERO]
        payments = [
            {
                "Invoice": {"InvoiceID": each["InvoiceID"]},
                "Account": {"Code": "090"},
                "Date": "2026-11-20",
                "Amount": 12.5,
            }
            for each in chosen
        ]
        self._call("PUT", "Payments", {"Payments": payments})

    # --- what is there ------------------------------------------------------------------------

    def contacts(self) -> list[Any]:
        """Every contact in Xero."""
        return self._list("Contacts?page=1&pageSize=1000&includeArchived=true")

    def invoices(self) -> list[Any]:
        """Every invoice in Xero, those voided or deleted too."""
        return self._list("Invoices?page=1&pageSize=1000")

    def payments(self) -> list[Any]:
        """Every payment in Xero, those deleted too."""
        return self._list("Payments?page=1&pageSize=1000")

    def _list(self, path: str) -> list[Any]:
        (rows,) = (each for each in self._call("GET", path).values() if isinstance(each, list))
        return rows

    def writes(self) -> Counter[str]:
        """How often each side was written to."""
        xero = Counter({n: c for n, c in self.stage.xero.counts.items() if not n.startswith("GET")})
        xero["rows in Perfex"] = self.stage.perfex.site.db.writes
        return xero

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        answer = requests.request(
            method,
            f"{self.stage.xero_url}/api.xro/2.0/{path}",
            json=body,
            headers={
                "Authorization": f"Bearer {self.stage.xero.issue_token(user_id=BOOKKEEPER.user_id)['access_token']}",
                "xero-tenant-id": self.stage.xero.books().tenant,
                "Accept": "application/json",
            },
            timeout=20,
        )
        assert answer.status_code == 200, answer.text
        return answer.json()


def _received(receiver: Any) -> RunRow | None:
    try:
        row: RunRow = receiver.recv()
    except EOFError:
        return None
    return row


@contextmanager
def a_story(folder: Path, seed: int) -> Iterator[Story]:
    """A connected bridge, and a business that it has seen nothing of."""
    trap = Trap()
    with ExitStack() as stack:
        stage = stack.enter_context(a_stage(folder, wrap=trap.watch, boundless=True))
        services = stack.enter_context(a_bridge(stage.variables, stage.clock))
        connect(stage, services)
        do_business(stage.perfex, CUSTOMERS, INVOICES, FROM_PERFEX)
        yield Story(stage=stage, trap=trap, services=services, chance=Random(seed))


def assert_each_once(story: Story) -> None:
    """A hundred of each on both sides, none twice and none missing, with the same money."""
    perfex = story.stage.perfex
    contacts, invoices, payments = story.contacts(), story.invoices(), story.payments()
    assert sorted(each["Name"] for each in contacts) == sorted(
        str(row["company"]) for row in perfex.rows("clients")
    )
    assert len(perfex.rows("clients")) == CUSTOMERS
    assert {each["Status"] for each in invoices} <= {"AUTHORISED", "PAID"}
    assert {each["InvoiceNumber"]: f"{each['Total']:.2f}" for each in invoices} == {
        f"INV-{int(str(row['number'])):06d}": row["total"] for row in perfex.rows("invoices")
    }
    assert len(invoices) == len(perfex.rows("invoices")) == INVOICES
    assert {each["Status"] for each in payments} == {"AUTHORISED"}
    assert len(payments) == FROM_PERFEX + FROM_XERO
    paid_in_perfex = Counter(
        (f"INV-{int(str(perfex.row('invoices', row['invoiceid'])['number'])):06d}", row["amount"])  # type: ignore[index]
        for row in perfex.rows("invoicepaymentrecords")
    )
    paid_in_xero = Counter(
        (each["Invoice"]["InvoiceNumber"], f"{each['Amount']:.2f}") for each in payments
    )
    assert paid_in_xero == paid_in_perfex


def assert_next_run_writes_nothing(story: Story) -> None:
    """One more run reads and leaves both sides as they are."""
    before = story.writes()
    row = story.sync_here()
    assert row.state is RunState.IN_STEP, row
    assert (row.planned, row.done) == ({}, {})
    assert story.writes() == before
