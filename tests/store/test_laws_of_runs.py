"""What every store promises about transactions, journal, questions and runs."""

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from tests.store.samples import (
    LATER,
    NOON,
    AnyStore,
    key,
    planned_create,
    question,
    seen,
    store_seen,
)
from xero_bridge.core.plan import Answer, Approval, GuardStop, Question
from xero_bridge.core.ports import Cursor
from xero_bridge.core.remote import Batch, Member
from xero_bridge.core.vocabulary import JournalState, Kind, Side, Verb

INVOICE, PERFEX, XERO = Kind.INVOICE, Side.PERFEX, Side.XERO


class PowerCut(Exception):
    """What interrupts a transaction in these tests."""


def answer(asked: Question, code: str = "this") -> Answer:
    return Answer(question=asked.key, code=code, value="v", basis=asked.basis, by="Ann", at=NOON)


def ask(store: AnyStore, *questions: Question, looked_at: tuple[int, ...] = ()) -> None:
    with store.atomically():
        store.keep_questions(questions, [key(n) for n in looked_at], NOON)


# --- transactions ---


def test_a_transaction_that_fails_leaves_no_trace(store: AnyStore) -> None:
    store_seen(store, seen(1))

    def write_and_fail() -> None:
        with store.atomically():
            store.save_seen([seen(1, mark="m"), seen(2)], NOON)
            store.remember("live", "yes")
            store.add_journal([planned_create(1)])
            raise PowerCut

    with pytest.raises(PowerCut):
        write_and_fail()
    assert {one.key.id: one.version for one in store.mirrors_of(INVOICE, PERFEX)} == {"1": 1}
    assert store.facts() == {}
    assert store.unfinished() == []


def test_nested_transactions_stand_or_fall_together(store: AnyStore) -> None:
    def write_and_fail() -> None:
        with store.atomically():
            with store.atomically():
                store.remember("inner", "yes")
            assert store.facts() == {"inner": "yes"}
            raise PowerCut

    with pytest.raises(PowerCut):
        write_and_fail()
    assert store.facts() == {}


def test_writing_outside_a_transaction_is_our_own_mistake(store: AnyStore) -> None:
    with pytest.raises(AssertionError, match="atomically"):
        store.remember("live", "yes")


def test_facts_are_set_replaced_and_forgotten(store: AnyStore) -> None:
    with store.atomically():
        store.remember("organisation", "a")
        store.remember("organisation", "b")
        store.remember("site", "s")
        store.remember("site", "")
    assert store.facts() == {"organisation": "b"}


# --- cursors, journal, batches ---


def test_a_cursor_is_kept_per_kind_and_side(store: AnyStore) -> None:
    first = Cursor(kind=INVOICE, side=XERO, at=NOON, filter="f", read_at=NOON)
    second = msgspec.structs.replace(first, at=LATER, full_at=NOON)
    with store.atomically():
        store.save_cursor(first)
        store.save_cursor(second)
    assert store.cursor(INVOICE, XERO) == second
    assert store.cursor(INVOICE, PERFEX) is None


def test_journal_rows_get_ids_in_their_order(store: AnyStore) -> None:
    with store.atomically():
        rows = store.add_journal([planned_create(n, mark=f"m{n}") for n in range(60)])
        assert store.add_journal([]) == []
    assert [row.mark for row in rows] == [f"m{n}" for n in range(60)]
    ids = [row.id for row in rows]
    assert ids == sorted({one for one in ids if one is not None})
    assert store.unfinished() == rows


def test_a_journal_row_is_unfinished_until_done_or_refused(store: AnyStore) -> None:
    with store.atomically():
        rows = store.add_journal([planned_create(n) for n in range(4)])
        states = [JournalState.SENT, JournalState.DONE, JournalState.REFUSED, JournalState.UNKNOWN]
        changed = [
            msgspec.structs.replace(row, state=state, sent_at=LATER, result_id=f"x{row.source.id}")
            for row, state in zip(rows, states, strict=True)
        ]
        for row in changed:
            store.save_journal(row)
    assert store.unfinished() == [changed[0], changed[3]]
    assert store.done_creates(INVOICE, XERO, ["x0", "x1", "x2", ""]) == {"x1": changed[1]}
    assert store.done_creates(INVOICE, PERFEX, ["x1"]) == {}


def test_a_batch_comes_back_byte_for_byte(store: AnyStore) -> None:
    batch = Batch(
        side=XERO,
        kind=INVOICE,
        verb=Verb.CREATE,
        body=b'{"Invoices":[{"Total":10.10}]}\x00\xff',
        key="k1",
        members=(Member(journal_id=3, mark="m"), Member(target_id="x9")),
        created_at=NOON,
    )
    with store.atomically():
        kept = store.add_batch(batch)
    assert kept.id is not None
    assert store.batch(kept.id) == kept
    assert msgspec.structs.replace(kept, id=None) == batch
    assert store.batch(kept.id + 1) is None


# --- questions ---


def test_a_question_is_asked_once_however_often_it_is_found(store: AnyStore) -> None:
    ask(store, question(1), question(1))
    ask(store, question(1))
    assert store.open_questions() == 1
    assert store.asked() == {question(1).key: question(1)}


def test_a_question_closes_when_its_record_was_looked_at_and_it_is_not_found_again(
    store: AnyStore,
) -> None:
    ask(store, question(1), question(2))
    ask(store, looked_at=(1,))
    assert set(store.asked()) == {question(2).key}


def test_a_question_about_a_record_not_looked_at_stays(store: AnyStore) -> None:
    ask(store, question(1))
    ask(store, question(2), looked_at=(2, 3))
    assert store.open_questions() == 2


def test_an_answered_question_no_longer_waits(store: AnyStore) -> None:
    ask(store, question(1))
    with store.atomically():
        assert store.save_answer(answer(question(1)))
    assert store.open_questions() == 0
    assert store.answers() == {question(1).key: answer(question(1))}


def test_an_answer_stays_while_what_it_rests_on_is_the_same(store: AnyStore) -> None:
    ask(store, question(1))
    with store.atomically():
        store.save_answer(answer(question(1)))
    ask(store, question(1), looked_at=(1,))
    assert store.answers() == {question(1).key: answer(question(1))}
    assert store.open_questions() == 0


def test_an_answer_falls_when_what_it_rests_on_changes(store: AnyStore) -> None:
    ask(store, question(1))
    with store.atomically():
        store.save_answer(answer(question(1)))
    ask(store, question(1, basis="b2"), looked_at=(1,))
    assert store.answers() == {}
    assert store.asked()[question(1).key].basis == "b2"
    assert store.open_questions() == 1


def test_an_answer_to_yesterdays_question_is_not_taken(store: AnyStore) -> None:
    ask(store, question(1, basis="b2"))
    with store.atomically():
        assert not store.save_answer(answer(question(1, basis="b1")))
        assert not store.save_answer(answer(question(9)))
    assert store.answers() == {}


def test_a_closed_question_takes_no_answer(store: AnyStore) -> None:
    ask(store, question(1))
    ask(store, looked_at=(1,))
    with store.atomically():
        assert not store.save_answer(answer(question(1)))


def test_a_person_may_change_an_answer_that_was_not_carried_out_yet(store: AnyStore) -> None:
    ask(store, question(1))
    with store.atomically():
        store.save_answer(answer(question(1)))
        assert store.save_answer(answer(question(1), "other"))
    assert store.answers()[question(1).key].code == "other"


def test_a_carried_out_answer_is_forgotten_and_the_question_may_come_again(
    store: AnyStore,
) -> None:
    ask(store, question(1))
    with store.atomically():
        store.save_answer(answer(question(1)))
        store.drop_answer(question(1).key)
    assert (store.answers(), store.asked()) == ({}, {})
    ask(store, question(1))
    assert store.open_questions() == 1
    assert store.answers() == {}


# --- guards ---


def test_guard_stops_are_those_of_the_newest_plan(store: AnyStore) -> None:
    many = GuardStop(
        guard="many", details={"n": "3"}, count=30, amount=Decimal("5.10"), typed="yes"
    )
    empty = GuardStop(guard="empty_side", final=True)
    with store.atomically():
        store.keep_stops([many, empty], NOON)
    assert store.stops() == [many, empty]
    with store.atomically():
        store.keep_stops([empty], LATER)
    assert store.stops() == [empty]


def test_approvals_are_replaced_and_used_up(store: AnyStore) -> None:
    first = Approval(guard="many", count=3, amount=Decimal("5.10"), by="Ann", at=NOON)
    second = msgspec.structs.replace(first, count=4, at=NOON + timedelta(minutes=1))
    with store.atomically():
        store.approve(first)
        store.approve(second)
    assert store.approvals() == [second]
    with store.atomically():
        store.drop_approvals()
    assert store.approvals() == []
