"""Settings, plans, actions and progress as the database keeps them."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest
import sqlalchemy as sa

from tests.store.samples import LATER, NOON, key, link
from xero_bridge.core.errors import Fatal
from xero_bridge.core.plan import Action, Hold, Plan, Question, Version
from xero_bridge.core.ports import RunRow
from xero_bridge.core.settings import Settings
from xero_bridge.core.vocabulary import Births, Direction, Kind, RunState, Side, Verb
from xero_bridge.store import models
from xero_bridge.store.database import Database
from xero_bridge.store.repository import SqlStore

RUN = models.table_of(models.Run)
ACTION = models.table_of(models.Action)


@pytest.fixture
def run(sql_store: SqlStore, database: Database) -> RunRow:
    """A run that began at noon."""
    with database.writing() as connection:
        values = {"connection_id": 1, "state": "running", "started_at": NOON}
        statement = sa.insert(RUN).values(**values, planned={}, done={}).returning(RUN.c.id)
        number = connection.execute(statement).scalar_one()
    return RunRow(id=number, connection="acme", state=RunState.RUNNING, started_at=NOON)


def create(number: int) -> Action:
    return Action(
        kind=Kind.INVOICE,
        verb=Verb.CREATE,
        side=Side.XERO,
        perfex_id=str(number),
        label=f"INV-{number}",
        amount=Decimal("10.00"),
        currency="EUR",
        reason="new_in_perfex",
    )


def set_settings(store: SqlStore, **values: object) -> None:
    with store.atomically():
        for name, value in values.items():
            store.save_setting(name.replace("__", "."), value, by="Ann", now=NOON)


def test_settings_are_defaults_until_a_person_chooses(sql_store: SqlStore) -> None:
    assert sql_store.settings() == Settings()


def test_chosen_settings_come_back_in_their_types(sql_store: SqlStore) -> None:
    set_settings(
        sql_store,
        sales_account="200",
        rounding_limit=Decimal("0.02"),
        start_date=date(2026, 1, 1),
        guard_max_count=7,
        direction__customer=Direction.TWO_WAY,
        births__customer__xero=Births.ASK,
    )
    assert sql_store.settings() == Settings(
        sales_account="200",
        rounding_limit=Decimal("0.02"),
        start_date=date(2026, 1, 1),
        guard_max_count=7,
        direction={"customer": Direction.TWO_WAY},
        births={"customer.xero": Births.ASK},
    )


def test_a_setting_can_be_replaced_and_returned_to_its_default(sql_store: SqlStore) -> None:
    set_settings(sql_store, sales_account="200", poll_minutes=30)
    set_settings(sql_store, sales_account="201", poll_minutes=None)
    assert sql_store.settings() == Settings(sales_account="201")


@pytest.mark.parametrize("name", ["rounding_policy", "no_such_setting"])
def test_a_stored_setting_that_is_not_accepted_is_named(sql_store: SqlStore, name: str) -> None:
    set_settings(sql_store, **{name: "sometimes"})
    with pytest.raises(Fatal, match="connection set"):
        sql_store.settings()


def test_a_plan_is_kept_as_a_person_reads_it(
    sql_store: SqlStore, database: Database, run: RunRow
) -> None:
    hold = Hold(key=key(3), reason="waits_for_parent", details={"kind": "customer"})
    plan = Plan(
        connection="acme",
        made_at=NOON,
        actions=(create(1), create(2)),
        questions=(Question(kind=Kind.INVOICE, reason="ambiguous", candidates=(key(4),)),),
        held=(hold,),
        settled=(Version(key=key(5), version=1),),
        rebased=(link("6", "x6"),),
    )
    with sql_store.atomically():
        sql_store.keep_plan(run.id, plan)
    with database.reading() as connection:
        row = connection.execute(sa.select(RUN.c.plan, RUN.c.planned)).one()
    kept = msgspec.json.decode(row.plan, type=Plan)
    assert kept == msgspec.structs.replace(plan, settled=(), rebased=())
    assert row.planned == {"invoice": {"create": 2}}


def test_an_action_is_kept_with_what_its_plan_said_of_it(
    sql_store: SqlStore, database: Database, run: RunRow
) -> None:
    plan = Plan(connection="acme", made_at=NOON, actions=(create(1),))
    with sql_store.atomically():
        sql_store.keep_plan(run.id, plan)
        for state in ("unknown", "done"):
            sql_store.record_action(
                run.id, create(1).key, state, before=b'{"a":1}', after=b'{"a":2}', note="slow"
            )
    with database.reading() as connection:
        [row] = connection.execute(sa.select(ACTION))
    assert (row.kind, row.verb, row.side, row.perfex_id, row.xero_id) == (
        "invoice",
        "create",
        "xero",
        "1",
        "",
    )
    assert (row.label, row.amount, row.reason) == ("INV-1", Decimal("10.00"), "new_in_perfex")
    assert (row.state, row.before, row.after, row.note) == ("done", b'{"a":1}', b'{"a":2}', "slow")
    assert row.at == NOON


def test_progress_is_visible_while_a_run_goes_on_and_after_it(
    sql_store: SqlStore, database: Database, run: RunRow
) -> None:
    ended = msgspec.structs.replace(
        run,
        state=RunState.WAITING,
        phase="",
        ended_at=LATER,
        done={"invoice": {"create": 2}},
        questions=3,
        xero_calls=4,
        total=5,
        ready=5,
        resumes_at=LATER,
        error="The calls are used up.",
    )
    with sql_store.atomically():
        sql_store.progress(ended)
    with database.reading() as connection:
        row = connection.execute(sa.select(RUN)).one()
    assert (row.state, row.ended_at, row.resumes_at) == ("waiting", LATER, LATER)
    assert (row.done, row.questions, row.xero_calls) == ({"invoice": {"create": 2}}, 3, 4)
    assert (row.total, row.ready, row.error) == (5, 5, "The calls are used up.")


def test_another_connections_run_is_not_touched(
    sql_store: SqlStore, database: Database, run: RunRow
) -> None:
    stranger = SqlStore(
        database, connection_id=2, connection="other", codec=sql_store._codec, now=lambda: NOON
    )
    with stranger.atomically():
        stranger.progress(msgspec.structs.replace(run, state=RunState.FAILED))
        stranger.keep_plan(run.id, Plan(connection="other", made_at=NOON))
    with database.reading() as connection:
        row = connection.execute(sa.select(RUN.c.state, RUN.c.plan)).one()
    assert tuple(row) == ("running", None)
