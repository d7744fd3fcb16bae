"""Machines that do few things over and over: births and edits, and money."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.machine import person
from tests.machine.machine import WHICH, Desk
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.engine.memory.sides import ReadFault, WriteFault


class Births(Desk):
    """The few things that a rule of the engine is there for, over and over."""

    @rule(which=WHICH, what=st.sampled_from(["bill", "pay", "number", "price", "rename"]))
    def work_in_perfex(self, which: int, what: str) -> None:
        match what:
            case "bill":
                self.people.bill(which, 1, 0)
            case "pay":
                self.people.pay_in_perfex(which, "1")
            case "rename":
                self.people.edit_customer(which, "company")
            case _:
                self.people.edit_bill(which, what)

    @rule(which=WHICH, what=st.sampled_from(["number", "price", "rename", "enter"]))
    def work_in_xero(self, which: int, what: str) -> None:
        match what:
            case "enter":
                self.people.enter_bill(which, number_of=which)
            case "rename":
                self.people.rename_contact(which)
            case _:
                self.people.edit_bill_in_xero(which, what)

    @rule(which=WHICH)
    def edit_before_writing(self, which: int) -> None:
        self.people.edit_bill(which, "price")
        self.office.xero.meanwhile = lambda: self.people.edit_bill_in_xero(which, "price")
        self.run_now()

    @rule(fault=st.sampled_from([WriteFault.LOST_AFTER, WriteFault.KILLED_AFTER, WriteFault.LATE]))
    def a_write_fails(self, fault: WriteFault) -> None:
        self.people.bill(0, 1, 0)
        self.office.xero.faults.write = fault
        self.run_now()

    @rule(fault=st.sampled_from([WriteFault.LOST_AFTER, WriteFault.KILLED_AFTER]))
    def an_orphan_is_renumbered(self, fault: WriteFault) -> None:
        self.people.bill(0, 1, 0)
        self.office.xero.faults.write = fault
        self.run_now()
        self.people.edit_bill_in_xero(-1, "number")
        self.office.clock.move(timedelta(minutes=8))

    @rule(which=WHICH)
    def numbers_clash(self, which: int) -> None:
        self.people.bill(which, 1, 0)
        self.people.enter_bill(which, number_of=-1)

    @rule(minutes=st.sampled_from([0, 2, 8]))
    def sync(self, minutes: int) -> None:
        self.office.clock.move(timedelta(minutes=minutes))
        self.run_now()


class Till(Desk):
    """Payments entered, changed and taken back on both sides, at the worst moments."""

    @rule(which=WHICH)
    def bill(self, which: int) -> None:
        self.people.bill(which, 1, 0)
        self.run_now()

    @rule(which=WHICH, what=st.sampled_from(["pay", "edit", "delete", "cancel", "price"]))
    def in_perfex(self, which: int, what: str) -> None:
        match what:
            case "pay":
                self.people.pay_in_perfex(which, "1")
            case "edit":
                self.people.edit_payment(which)
            case "delete":
                self.people.delete_in_perfex(Kind.PAYMENT, which)
            case "cancel":
                self.people.cancel_bill(which)
            case _:
                self.people.edit_bill(which, what)

    @rule(which=WHICH, what=st.sampled_from(["pay", "same", "redo", "delete", "void"]))
    def in_xero(self, which: int, what: str) -> None:
        match what:
            case "pay":
                self.people.pay_in_xero(which)
            case "same":
                self.people.pay_the_same_in_xero(which)
            case "redo":
                self.people.redo_payment(which)
            case "delete":
                self.people.delete_payment_in_xero(which)
            case _:
                self.people.edit_bill_in_xero(which, what)

    @rule(side=st.sampled_from(list(Side)), fault=st.sampled_from(list(WriteFault)))
    def a_write_fails(self, side: Side, fault: WriteFault) -> None:
        self.office.side(side).faults.write = fault
        self.run_now()

    @rule(side=st.sampled_from(list(Side)), kind=st.sampled_from([Kind.INVOICE, Kind.PAYMENT]))
    def a_list_is_stale(self, side: Side, kind: Kind) -> None:
        self.office.side(side).faults.read = ReadFault.STALE
        self.office.side(side).faults.kind = kind

    @rule()
    def consent(self) -> None:
        for stop in self.office.store.stops():
            person.approve(self.office, stop.guard)

    @rule()
    def answer(self) -> None:
        for question in person.open_questions(self.office)[:2]:
            options = person.replies(self.office, question)
            if options:
                person.answer(self.office, question, self.choose(options))

    @rule(minutes=st.sampled_from([1, 4, 8, 65]))
    def sync(self, minutes: int) -> None:
        self.office.clock.move(timedelta(minutes=minutes))
        self.run_now()
