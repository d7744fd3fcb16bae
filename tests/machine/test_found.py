"""What the machine found, each told as the person who would have met it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from tests.machine import laws, person
from tests.machine.office import Claim, Office
from tests.machine.people import People
from xero_bridge.core.record import Key
from xero_bridge.core.vocabulary import Kind, RecordState, Side
from xero_bridge.engine.memory.sides import Killed, ReadFault, WriteFault


@pytest.fixture
def office() -> Office:
    """Live, with two customers that are not in Xero yet."""
    made = Office()
    made.go_live()
    return made


@pytest.fixture
def people(office: Office) -> People:
    made = People(office)
    made.add_customer()
    return made


def sync(office: Office, minutes: int = 10) -> None:
    office.clock.move(timedelta(minutes=minutes))
    office.sync()


def asked(office: Office) -> set[str]:
    return {question.reason for question in person.open_questions(office)}


def reply(office: Office, code: str) -> None:
    (question,) = person.open_questions(office)
    (given,) = [one for one in person.replies(office, question) if one[0] == code]
    assert person.answer(office, question, given)


def rest(office: Office, people: People, *preferred: str) -> None:
    """Quiet, with these answers given where they are offered; then all laws hold."""

    def choose(options: Sequence[person.Reply]) -> person.Reply:
        wanted = [option for option in options if option[0] in preferred]
        return (wanted or options)[0]

    laws.come_to_rest(office, choose, people)
    laws.check_rest(office)


def test_a_contact_renamed_before_its_lost_answer_was_explained_is_asked_about(
    office: Office, people: People
) -> None:
    office.xero.faults.write = WriteFault.KILLED_AFTER
    sync(office)
    people.rename_contact(0)
    for _ in range(3):
        sync(office)
        if asked(office) == {"unknown_outcome"}:
            reply(office, "link")
    sync(office)
    assert asked(office) == {"edited_in_xero"}
    rest(office, people)
    assert len(office.xero.rows(Kind.CUSTOMER)) == 1


def test_an_invoice_repriced_before_its_lost_answer_was_explained_is_asked_about(
    office: Office, people: People
) -> None:
    sync(office)
    people.bill(0, 1, 0)
    office.xero.faults.write = WriteFault.KILLED_AFTER
    sync(office)
    people.edit_bill_in_xero(0, "price")
    sync(office)
    assert asked(office) == {"edited_in_xero"}
    rest(office, people)


def test_a_lost_answer_without_an_edit_is_no_question(office: Office, people: People) -> None:
    for _ in range(2):
        people.bill(0, 2, 0)
        people.add_item()
        office.xero.faults.write = WriteFault.KILLED_AFTER
        for _again in range(3):
            sync(office)
        assert asked(office) == set()
    rest(office, people)
    assert len(office.xero.rows(Kind.INVOICE)) == len(people.ids(Kind.INVOICE, Side.PERFEX))


def test_a_run_that_was_overtaken_leaves_nothing_behind_that_is_sent_again(
    office: Office, people: People
) -> None:
    sync(office)
    people.bill(0, 1, 0)
    office.xero.meanwhile = lambda: sync(office, minutes=0)
    sync(office)
    assert office.store.unfinished() == []
    sync(office, minutes=1)
    assert len(office.xero.rows(Kind.INVOICE)) == 1
    rest(office, people)


def test_a_run_that_was_overtaken_and_killed_at_once_creates_nothing_twice(
    office: Office, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(office)
    people.bill(0, 1, 0)
    office.xero.meanwhile = lambda: sync(office, minutes=0)

    def die(_claim: Claim) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Claim, "lost", die)
        sync(office)
    assert office.store.unfinished() != []
    sync(office, minutes=1)
    assert len(office.xero.rows(Kind.INVOICE)) == 1
    rest(office, people)


def test_what_was_done_before_the_process_died_is_not_shown_as_planned(
    office: Office, people: People
) -> None:
    people.bill(0, 1, 0)
    people.enter_contact(0, known=True)
    office.xero.faults.write = WriteFault.KILLED_AFTER
    sync(office)
    (contact,) = office.xero.rows(Kind.CUSTOMER)
    noted = office.store.noted(Key(Kind.CUSTOMER, Side.XERO, contact))
    assert noted.state is RecordState.IN_STEP
    rest(office, people)


def test_a_refused_change_is_said_about_both_halves_of_the_pair(
    office: Office, people: People
) -> None:
    people.bill(0, 1, 0)
    sync(office)
    people.edit_bill(0, "number")
    people.enter_bill(0, number_of=0)
    sync(office)
    assert asked(office) >= {"duplicate_number"}
    sync(office)
    (link,) = office.store.links_of(Kind.INVOICE)
    for side in Side:
        noted = office.store.noted(Key(Kind.INVOICE, side, link.id_on(side)))
        assert (noted.state, noted.reason) == (RecordState.QUESTION, "duplicate_number")
    rest(office, people, "leave")


def test_an_old_list_of_xero_is_not_taken_for_an_edit(office: Office, people: People) -> None:
    sync(office)
    people.edit_customer(0, "company")
    sync(office, minutes=1)
    office.xero.faults.read = ReadFault.STALE
    sync(office, minutes=1)
    assert asked(office) == set()
    rest(office, people)


def test_a_write_sent_again_in_vain_is_still_looked_for(office: Office, people: People) -> None:
    office.xero.faults.write = WriteFault.KILLED_AFTER
    sync(office)
    office.xero.faults.write = WriteFault.DOWN
    sync(office, minutes=1)
    people.edit_customer(0, "phonenumber")
    assert [row.state.finished for row in office.store.unfinished()] == [False]
    sync(office)
    (contact,) = office.xero.rows(Kind.CUSTOMER).values()
    assert contact["Phones"][0]["PhoneNumber"] == "<New> & 2"
    rest(office, people)
