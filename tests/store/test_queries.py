"""What pages show of a connection's memory."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from tests.store.samples import LATER, NOON, key, link, question, seen, store_seen
from xero_bridge.core.calls import Exchange
from xero_bridge.core.plan import Action, Change, Plan
from xero_bridge.core.ports import RunRow
from xero_bridge.core.vocabulary import Kind, RecordState, RunState, Side, Verb
from xero_bridge.store import models, queries
from xero_bridge.store.calls import CallLog
from xero_bridge.store.database import Database
from xero_bridge.store.queries import Waiting
from xero_bridge.store.repository import SqlStore

INVOICE, PERFEX, XERO = Kind.INVOICE, Side.PERFEX, Side.XERO
ACME = 1


def run_row(database: Database) -> RunRow:
    """A run that began at noon."""
    values = {"connection_id": ACME, "state": "running", "trigger": "test", "started_at": NOON}
    with database.writing() as connection:
        statement = sa.insert(models.Run).values(**values, planned={}, done={})
        run_id = connection.execute(statement.returning(models.Run.id)).scalar_one()
    return RunRow(id=run_id, connection="acme", state=RunState.RUNNING, started_at=NOON)


@pytest.fixture
def pair(sql_store: SqlStore) -> SqlStore:
    """Invoice 1 in both systems, invoice 2 in Perfex only, x3 in Xero only."""
    store_seen(sql_store, seen(1), seen(2), seen("x1", XERO), seen("x3", XERO))
    with sql_store.atomically():
        sql_store.save_link(link("1", "x1"))
        sql_store.note_states(
            [
                (key(1), RecordState.IN_STEP, "", {}),
                (key("x1", XERO), RecordState.IN_STEP, "", {}),
                (key(2), RecordState.WAITING, "waits_for_parent", {"kind": "customer"}),
                (key("never seen"), RecordState.IN_STEP, "", {}),
            ]
        )
    return sql_store


def test_a_linked_pair_counts_once(pair: SqlStore, database: Database) -> None:
    assert queries.counts(database, ACME) == {
        INVOICE: {RecordState.IN_STEP: 1, RecordState.WAITING: 1, RecordState.NEW: 1}
    }


def test_a_list_shows_state_reason_and_twin(pair: SqlStore, database: Database) -> None:
    listed = {one.key.id: one for one in queries.search(database, ACME)}
    assert set(listed) == {"1", "2", "x3"}
    assert listed["1"].twin == "x1"
    assert (listed["2"].state, listed["2"].reason, listed["2"].details) == (
        RecordState.WAITING,
        "waits_for_parent",
        {"kind": "customer"},
    )
    assert listed["x3"].state is RecordState.NEW


@pytest.mark.parametrize(
    ("text", "ids"), [("inv-2", {"2"}), ("x3", {"x3"}), ("%", set()), ("_", set())]
)
def test_a_search_takes_its_text_as_it_stands(
    pair: SqlStore, database: Database, text: str, ids: set[str]
) -> None:
    assert {one.key.id for one in queries.search(database, ACME, text=text)} == ids


def test_a_search_is_narrowed_and_paged(pair: SqlStore, database: Database) -> None:
    assert queries.search(database, ACME, kind=Kind.PAYMENT) == []
    found = queries.search(database, ACME, kind=INVOICE, state=RecordState.WAITING)
    assert [one.key.id for one in found] == ["2"]
    pages = [queries.search(database, ACME, offset=n, limit=1)[0].key.id for n in range(3)]
    assert sorted(pages) == ["1", "2", "x3"]


def test_one_record_is_found_on_either_side(pair: SqlStore, database: Database) -> None:
    found = queries.record(database, ACME, key("x1", XERO))
    assert found is not None
    assert (found.twin, found.amount, found.currency) == ("1", Decimal("10.00"), "EUR")
    assert found.dated == date(2026, 1, 31)
    assert queries.record(database, ACME, key(9)) is None


def test_a_record_that_left_its_side_is_shown_as_gone(pair: SqlStore, database: Database) -> None:
    with pair.atomically():
        pair.mark_gone([key(2)])
    found = queries.record(database, ACME, key(2))
    assert found is not None
    assert (found.state, found.gone) == (RecordState.GONE, True)


def test_the_history_of_a_record_tells_what_runs_did(pair: SqlStore, database: Database) -> None:
    run = run_row(database)
    update = Action(
        kind=INVOICE,
        verb=Verb.UPDATE,
        side=XERO,
        perfex_id="1",
        xero_id="x1",
        label="INV-1",
        amount=Decimal("10.00"),
        currency="EUR",
        changes=(Change(facet="total", before="9.00", after="10.00"),),
        reason="changed_in_perfex",
    )
    plan = Plan(connection="acme", made_at=NOON, actions=(update,))
    with pair.atomically():
        pair.keep_plan(run.id, plan)
        pair.record_action(run.id, update.key, "done", before=b"{}", after=b'{"a":1}', note="")
        pair.record_action(
            run.id, "invoice:create:xero:1:", "unknown", before=b"", after=b"", note="no answer"
        )
    told = queries.history(database, ACME, [key(1)])
    assert {(one.verb, one.state, one.reason, one.note) for one in told} == {
        ("update", "done", "changed_in_perfex", ""),
        ("create", "unknown", "", "no answer"),
    }
    assert [one.after for one in queries.history(database, ACME, [key("x1", XERO)])] == [b'{"a":1}']
    assert queries.history(database, ACME, []) == []


def test_open_questions_are_grouped_by_reason_with_their_money(
    pair: SqlStore, database: Database
) -> None:
    with pair.atomically():
        asked = [question(1), question(2), question(3, "unmapped_tax")]
        pair.keep_questions(asked, [], NOON)
    assert queries.waiting(database, ACME) == [
        Waiting(reason="ambiguous", count=2, money={"EUR": Decimal("20.00")}),
        Waiting(reason="unmapped_tax", count=1, money={"EUR": Decimal("10.00")}),
    ]


def test_calls_are_summed_by_what_they_cost_since_an_instant(
    sql_store: SqlStore, database: Database
) -> None:
    with CallLog(database, ACME) as log:
        for side, cost, at in (
            ("xero", 1, NOON),
            ("xero", 1, LATER),
            ("identity", 0, LATER),
            ("perfex", 1, LATER),
        ):
            log(Exchange(side=side, method="GET", url="https://a/b", cost=cost, at=at))
    assert queries.calls_since(database, ACME, NOON + timedelta(minutes=1)) == {
        "xero": 1,
        "identity": 0,
        "perfex": 1,
    }
    assert queries.calls_since(database, ACME, datetime(2027, 1, 1, tzinfo=UTC)) == {}
