"""The engine between two plain sides, one fault at a time."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.engine.plain_sides import Fault
from tests.engine.town import Town
from xero_bridge.core.vocabulary import Kind, RunState, Side

CARD, BILL = Kind.CUSTOMER, Kind.INVOICE


@pytest.fixture
def town() -> Town:
    return Town()


def numbers(town: Town) -> list[str]:
    return sorted(bill.number for bill in town.bills(town.xero).values())


def test_parents_and_children_are_born_in_one_run_and_the_next_writes_nothing(town: Town) -> None:
    ann = town.new_card(" Ann ")
    for number in range(7):
        town.new_bill(ann, f"INV-{number}")
    first, second = town.sync(), town.sync()
    assert first is not None
    assert second is not None
    assert (first.state, second.state) == (RunState.IN_STEP, RunState.IN_STEP)
    assert first.done == {"customer": {"create": 1}, "invoice": {"create": 7}}
    assert second.done == {}
    assert [card.name for card in town.cards(town.xero).values()] == ["Ann"]
    assert [card.name for card in town.cards(town.perfex).values()] == [" Ann "]


def test_an_edit_is_carried_over_and_what_xero_trimmed_is_not_carried_back(town: Town) -> None:
    ann = town.new_card("Ann ", "Oslo")
    town.sync()
    town.change(Side.PERFEX, CARD, ann, city=" Bergen ")
    report = town.sync()
    assert report is not None
    assert report.done == {"customer": {"update": 1}}
    assert [card.city for card in town.cards(town.xero).values()] == ["Bergen"]
    assert town.cards(town.perfex)[ann].city == " Bergen "


@pytest.mark.parametrize("fault", list(Fault))
@pytest.mark.parametrize("wait", [timedelta(minutes=1), timedelta(minutes=30)])
def test_whatever_happens_to_a_create_there_is_one_record_in_the_end(
    town: Town, fault: Fault, wait: timedelta
) -> None:
    ann = town.new_card("Ann")
    town.sync()
    town.new_bill(ann, "INV-1")
    town.xero.faults.append(fault)
    town.sync()
    town.clock.at += wait
    town.settle_down()
    assert numbers(town) == ["INV-1"]
    assert town.store.unfinished() == []


@pytest.mark.parametrize("fault", [Fault.LOST_AFTER, Fault.CRASH_AFTER])
def test_a_record_renumbered_while_its_fate_was_unknown_is_not_made_twice(
    town: Town, fault: Fault
) -> None:
    """The mark is found where number and key no longer help."""
    ann = town.new_card("Ann")
    town.sync()
    bill = town.new_bill(ann, "INV-1")
    town.xero.faults.append(fault)
    town.sync()
    [created] = town.bills(town.xero)
    town.change(Side.XERO, BILL, created, number="renamed over there")
    town.change(Side.PERFEX, BILL, bill, number="INV-2")
    town.wait(hours=3)
    town.settle_down()
    assert len(town.bills(town.xero)) == 1


def test_an_edit_made_in_xero_is_asked_about_and_never_overwritten(town: Town) -> None:
    ann = town.new_card("Ann", "Oslo")
    town.sync()
    [twin] = town.cards(town.xero)
    town.change(Side.XERO, CARD, twin, city="Paris")
    town.sync()
    town.change(Side.PERFEX, CARD, ann, city="Rome")
    report = town.sync()
    assert report is not None
    assert report.state is RunState.QUESTIONS
    assert town.cards(town.xero)[twin].city == "Paris"


def test_an_edit_between_plan_and_write_is_seen_before_writing(town: Town) -> None:
    """Xero's record is read again right before an update."""
    ann = town.new_card("Ann", "Oslo")
    town.sync()
    [twin] = town.cards(town.xero)
    town.change(Side.PERFEX, CARD, ann, city="Rome")
    # The list that the plan is made from shows Xero as it was before the person's edit.
    town.wait(minutes=5)
    town.change(Side.XERO, CARD, twin, city="Paris")
    read = town.xero.read
    town.xero.lag = timedelta(minutes=1)

    def read_now(kind: Kind, ids: list[str]) -> object:
        town.xero.lag = timedelta()
        return read(kind, ids)

    town.xero.read = read_now  # type: ignore[method-assign, assignment]
    town.sync()
    assert town.cards(town.xero)[twin].city == "Paris"


def test_a_cancelled_bill_is_removed_only_when_a_person_says_so(town: Town) -> None:
    ann = town.new_card("Ann")
    bill = town.new_bill(ann, "INV-1")
    town.sync()
    town.change(Side.PERFEX, BILL, bill, void=True)
    town.sync()
    assert not any(one.void for one in town.bills(town.xero).values())
    [asked] = town.store.asked().values()
    town.answer(asked, "remove")
    town.settle_down()
    assert all(one.void for one in town.bills(town.xero).values())


def test_a_copy_of_a_bill_with_our_mark_is_another_bill(town: Town) -> None:
    ann = town.new_card("Ann")
    bill = town.new_bill(ann, "INV-1")
    town.sync()
    [first] = town.bills(town.xero)
    copied = town.copy_in_xero(first)
    town.change(Side.PERFEX, BILL, bill, total=Decimal("12.00"))
    town.settle_down()
    assert town.bills(town.xero)[first].total == Decimal("12.00")
    assert town.bills(town.xero)[copied].total == Decimal("10.00")


def test_a_side_that_is_down_loses_nothing(town: Town) -> None:
    town.new_card("Ann")
    town.xero.down = True
    report = town.sync()
    assert report is not None
    assert report.state is RunState.WAITING
    town.settle_down()
    assert len(town.cards(town.xero)) == 1
