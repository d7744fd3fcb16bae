"""Anything may happen between two systems and the bridge; the laws hold all the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.machine import laws, person
from tests.machine.office import Office
from tests.machine.people import People
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.engine.memory.sides import ReadFault, WriteFault

T = TypeVar("T")

WHICH = st.integers(0, 7)
_SIDES = st.sampled_from(list(Side))
_MINUTES = st.sampled_from([1, 4, 7, 65, 1500])
_KINDS = st.sampled_from([Kind.INVOICE, Kind.PAYMENT, Kind.CUSTOMER])


class Desk(RuleBasedStateMachine):
    """An office and the laws that hold in it, whatever the rules of a machine let happen."""

    def __init__(self) -> None:
        super().__init__()
        self.office = Office()
        self.people = People(self.office)
        self.random = Random(0)

    @initialize(
        seed=st.integers(0, 2**16),
        policy=st.sampled_from(["ask", "automatic"]),
        live=st.sampled_from([True, True, True, False]),
    )
    def open_the_office(self, seed: int, policy: str, live: bool) -> None:
        self.random = Random(seed)
        self.office.change_settings(void_policy=policy)
        if live:
            self.office.go_live()
        for _ in range(2):
            self.people.add_customer()

    # --- the laws ------------------------------------------------------------------------------

    @invariant()
    def laws_hold(self) -> None:
        laws.check_moment(self.office, self.people)

    def teardown(self) -> None:
        if self.office.live_since is None:
            self.office.go_live()
        laws.come_to_rest(self.office, self.choose, self.people)
        laws.check_rest(self.office)

    # --- parts ---------------------------------------------------------------------------------

    def run_now(self) -> None:
        self.office.sync()

    def choose(self, options: Sequence[T]) -> T:
        return self.random.choice(options)


class Machine(Desk):
    """People, time, faults and runs in any order."""

    # --- staff in Perfex -----------------------------------------------------------------------

    @rule()
    def add_customer(self) -> None:
        self.people.add_customer()

    @rule(which=WHICH, member=st.sampled_from(["company", "phonenumber", "vat"]))
    def edit_customer(self, which: int, member: str) -> None:
        self.people.edit_customer(which, member)

    @rule(which=WHICH, is_new=st.booleans())
    def price_list(self, which: int, is_new: bool) -> None:
        if is_new:
            self.people.add_item()
        else:
            self.people.edit_item(which)

    @rule(
        which=WHICH,
        lines=st.integers(1, 2),
        ago=st.sampled_from([0, 0, 40]),
        draft=st.sampled_from([False, False, True]),
    )
    def bill(self, which: int, lines: int, ago: int, draft: bool) -> None:
        self.people.bill(which, lines, ago, draft=draft)

    @rule(
        which=WHICH,
        what=st.sampled_from(["text", "price", "line", "due", "number", "number", "issue"]),
    )
    def edit_bill(self, which: int, what: str) -> None:
        self.people.edit_bill(which, what)

    @rule(which=WHICH)
    def copy_bill(self, which: int) -> None:
        self.people.copy_bill(which)

    @rule(which=WHICH)
    def cancel_bill(self, which: int) -> None:
        self.people.cancel_bill(which)

    @rule(which=WHICH, kind=_KINDS)
    def delete_in_perfex(self, which: int, kind: Kind) -> None:
        self.people.delete_in_perfex(kind, which)

    @rule(which=WHICH, mode=st.sampled_from(["1", "2"]))
    def pay_in_perfex(self, which: int, mode: str) -> None:
        self.people.pay_in_perfex(which, mode)

    @rule(which=WHICH)
    def edit_payment(self, which: int) -> None:
        self.people.edit_payment(which)

    # --- bookkeepers in Xero -------------------------------------------------------------------

    @rule(which=WHICH, known=st.booleans())
    def enter_contact(self, which: int, known: bool) -> None:
        self.people.enter_contact(which, known=known)

    @rule(which=WHICH, archive=st.sampled_from([False, False, True]))
    def change_contact(self, which: int, archive: bool) -> None:
        act = self.people.archive_contact if archive else self.people.rename_contact
        act(which)

    @rule(which=WHICH, number_of=st.none() | WHICH)
    def enter_bill(self, which: int, number_of: int | None) -> None:
        self.people.enter_bill(which, number_of=number_of)

    @rule(which=WHICH)
    def enter_same_bill(self, which: int) -> None:
        self.people.enter_same_bill(which)

    @rule(
        which=WHICH,
        what=st.sampled_from(["number", "due", "reference", "text", "price", "account", "void"]),
    )
    def edit_bill_in_xero(self, which: int, what: str) -> None:
        self.people.edit_bill_in_xero(which, what)

    @rule(which=WHICH)
    def copy_bill_in_xero(self, which: int) -> None:
        self.people.copy_bill_in_xero(which)

    @rule(which=WHICH, same=st.booleans())
    def pay_in_xero(self, which: int, same: bool) -> None:
        act = self.people.pay_the_same_in_xero if same else self.people.pay_in_xero
        act(which)

    @rule(which=WHICH, again=st.booleans())
    def delete_payment_in_xero(self, which: int, again: bool) -> None:
        act = self.people.redo_payment if again else self.people.delete_payment_in_xero
        act(which)

    @rule(ago=st.sampled_from([20, 3, 60]))
    def lock_books(self, ago: int) -> None:
        self.office.xero.lock = (self.office.clock.now() - timedelta(days=ago)).date()

    # --- time, faults, the bridge --------------------------------------------------------------

    @rule(minutes=_MINUTES)
    def wait(self, minutes: int) -> None:
        self.office.clock.move(timedelta(minutes=minutes))

    @rule(
        side=st.sampled_from([Side.XERO, Side.XERO, Side.PERFEX]),
        fault=st.sampled_from(list(WriteFault)),
    )
    def next_write_fails(self, side: Side, fault: WriteFault) -> None:
        self.office.side(side).faults.write = fault

    @rule(side=_SIDES, fault=st.sampled_from(list(ReadFault)), kind=_KINDS)
    def next_read_fails(self, side: Side, fault: ReadFault, kind: Kind) -> None:
        # The client of Xero reads a list again whose rows moved: it leaves no page out unnoticed.
        if (side, fault) != (Side.XERO, ReadFault.PAGE_MISSING):
            self.office.side(side).faults.read = fault
            self.office.side(side).faults.kind = kind

    @rule(which=WHICH, what=st.sampled_from(["number", "due", "text", "price", "void"]))
    def edit_in_xero_during_the_next_run(self, which: int, what: str) -> None:
        self.office.xero.meanwhile = lambda: self.people.edit_bill_in_xero(which, what)

    @rule(which=WHICH, what=st.sampled_from(["number", "due", "text", "price"]))
    def edit_in_perfex_during_the_next_run(self, which: int, what: str) -> None:
        self.office.xero.meanwhile = lambda: self.people.edit_bill(which, what)

    @rule()
    def the_next_run_is_overtaken(self) -> None:
        self.office.xero.meanwhile = self.run_now

    @rule()
    def sync(self) -> None:
        self.run_now()

    @rule()
    def sync_with_fresh_work(self) -> None:
        self.people.bill(0, 1, 0)
        self.run_now()

    @rule(minutes=_MINUTES)
    def sync_later(self, minutes: int) -> None:
        self.office.clock.move(timedelta(minutes=minutes))
        self.run_now()

    @rule(times=st.integers(1, 3))
    def answer(self, times: int) -> None:
        for question in person.open_questions(self.office)[:times]:
            options = person.replies(self.office, question)
            if options:
                person.answer(self.office, question, self.choose(options))

    @rule()
    def approve(self) -> None:
        for stop in self.office.store.stops():
            person.approve(self.office, stop.guard)

    @precondition(lambda self: self.office.live_since is None)
    @rule()
    def go_live(self) -> None:
        self.office.go_live()
