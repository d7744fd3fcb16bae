"""What a person does at the dashboard: mappings, going live, answers and consents."""

from __future__ import annotations

from tests.store.samples import AnyStore
from xero_bridge.core.plan import Answer, Approval, GuardStop, Question
from xero_bridge.core.record import Link
from xero_bridge.core.vocabulary import Kind
from xero_bridge.simulator.common import SimClock
from xero_bridge.simulator.xero import XeroSimulator

USUAL_TAXES = {
    "VAT|20.00": "OUTPUT2",
    "VAT|5.00": "RROUTPUT",
    "Zero|0.00": "ZERORATEDOUTPUT",
    "none": "NONE",
}


class Person:
    """Somebody who set the bridge up and looks after it."""

    clock: SimClock
    store: AnyStore
    xero: XeroSimulator

    def map_usual(self) -> None:
        """The mappings of the standard organisation."""
        for key, tax_type in USUAL_TAXES.items():
            self.map(Kind.TAX, key, tax_type)
        bank = next(
            a["AccountID"] for a in self.xero.books().accounts.values() if a["Code"] == "090"
        )
        for mode in ("1", "2", "stripe"):
            self.map(Kind.PAYMENT_MODE, mode, str(bank))

    def go_live(self) -> None:
        with self.store.atomically():
            self.store.remember("live", self.clock.now().isoformat())

    def map(self, kind: Kind, perfex_id: str, xero_id: str) -> None:
        """Set a mapping, as a person does on the mappings page."""
        link = Link(kind=kind, perfex_id=perfex_id, xero_id=xero_id, by_person=True)
        with self.store.atomically():
            self.store.save_link(link)
            self.store.make_all_dirty(linked=False)

    def questions(self) -> list[Question]:
        answers = self.store.answers()
        return [asked for key, asked in self.store.asked().items() if key not in answers]

    def question(self, reason: str) -> Question:
        (found,) = [asked for asked in self.questions() if asked.reason == reason]
        return found

    def answer(self, reason: str, code: str, value: str = "") -> None:
        asked = self.question(reason)
        reply = Answer(
            question=asked.key,
            code=code,
            value=value,
            basis=asked.basis,
            by="Ann",
            at=self.clock.now(),
        )
        with self.store.atomically():
            self.give(reply)

    def give(self, reply: Answer) -> None:
        assert self.store.save_answer(reply)

    def stops(self) -> list[GuardStop]:
        return self.store.stops()

    def approve(self, guard: str) -> None:
        (stop,) = [stop for stop in self.stops() if stop.guard == guard]
        with self.store.atomically():
            self.store.approve(
                Approval(
                    guard=guard, count=stop.count, amount=stop.amount, by="Ann", at=self.clock.now()
                )
            )
