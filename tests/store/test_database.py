"""Transactions on both databases: no lost update, no half of anything, no riddle."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.store.samples import CODEC, NOON, add_connection, seen
from tests.support.tables import tables_at
from xero_bridge.core.errors import Fatal
from xero_bridge.core.remote import Batch
from xero_bridge.core.vocabulary import Kind, Side, Verb
from xero_bridge.store import models
from xero_bridge.store.database import Database, begin_writing, open_engine
from xero_bridge.store.repository import open_store
from xero_bridge.store.vault import Vault, make_key

CONNECTION = models.table_of(models.Connection)


def count_up(database: Database) -> None:
    """Read, add one, write: what a lost update shows in."""
    with database.writing() as connection:
        found = sa.select(CONNECTION.c.cadence).with_for_update()
        before = connection.execute(found).scalar_one()
        connection.execute(sa.update(CONNECTION).values(cadence=before + 1))


def test_writers_wait_for_each_other_and_lose_nothing(database: Database) -> None:
    add_connection(database)
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda _n: count_up(database), range(120)))
    with database.reading() as connection:
        assert connection.execute(sa.select(CONNECTION.c.cadence)).scalar_one() == 120


def test_sessions_can_write_in_the_same_way(database: Database) -> None:
    add_connection(database)

    def rename(number: int) -> None:
        with Session(database.engine) as session:
            begin_writing(session)
            found = session.scalars(sa.select(models.Connection).with_for_update()).one()
            found.cadence += number
            session.commit()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(rename, [1] * 60))
    with database.reading() as connection:
        assert connection.execute(sa.select(CONNECTION.c.cadence)).scalar_one() == 60


def test_readers_see_one_state_while_others_write(database: Database) -> None:
    add_connection(database)
    with database.reading() as before:
        assert before.execute(sa.select(CONNECTION.c.name)).scalars().all() == ["acme"]
        add_connection(database, "other")
    with database.reading() as after:
        assert len(after.execute(sa.select(CONNECTION.c.name)).all()) == 2


@given(amount=st.decimals(allow_nan=False, allow_infinity=False, places=4, max_value=10**15))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_amounts_come_back_digit_for_digit(sql_database: Database, amount: Decimal) -> None:
    stop = {"connection_id": 1, "guard": "g", "details": {}, "amount": amount, "stopped_at": NOON}
    with sql_database.writing() as connection:
        connection.execute(sa.delete(models.GuardStop))
        connection.execute(sa.insert(models.GuardStop).values(stop))
    with sql_database.reading() as connection:
        found = connection.execute(sa.select(models.GuardStop.amount)).scalar_one()
    assert found == amount
    assert str(found) == format(amount, "f")


@pytest.fixture
def sql_database(database: Database) -> Database:
    add_connection(database)
    return database


@pytest.mark.parametrize("amount", [1.1, "1.10", Decimal("NaN"), Decimal("Infinity")])
def test_what_is_no_exact_amount_is_refused(sql_database: Database, amount: object) -> None:
    stop = {"connection_id": 1, "guard": "g", "details": {}, "amount": amount, "stopped_at": NOON}
    with pytest.raises(sa.exc.StatementError, match="finite Decimal"), sql_database.writing() as c:
        c.execute(sa.insert(models.GuardStop).values(stop))


def test_instants_come_back_aware_in_utc_and_naive_ones_are_refused(
    sql_database: Database,
) -> None:
    elsewhere = datetime(2026, 11, 22, 13, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    with sql_database.writing() as connection:
        connection.execute(sa.update(CONNECTION).values(next_run_at=elsewhere))
    with sql_database.reading() as connection:
        found = connection.execute(sa.select(CONNECTION.c.next_run_at)).scalar_one()
    assert (found, found.tzinfo) == (elsewhere, UTC)
    with pytest.raises(sa.exc.StatementError, match="time zone"), sql_database.writing() as c:
        c.execute(sa.update(CONNECTION).values(next_run_at=datetime(2026, 1, 1)))  # noqa: DTZ001


def test_what_belongs_to_a_connection_goes_with_it(sql_database: Database) -> None:
    store = open_store(sql_database, "acme", CODEC)
    with store.atomically():
        store.save_seen([seen(1)], NOON)
        store.remember("fact", "yes")
    with sql_database.writing() as connection:
        connection.execute(sa.delete(CONNECTION))
    with sql_database.reading() as connection:
        for model in (models.Record, models.Fact):
            assert connection.execute(sa.select(model.id)).first() is None


def test_an_unknown_connection_is_named(database: Database) -> None:
    with pytest.raises(Fatal, match="There is no connection nobody"):
        open_store(database, "nobody", CODEC)


def test_a_full_disk_is_said_and_loses_nothing(tmp_path: Path) -> None:
    with tables_at(f"sqlite:///{tmp_path / 'bridge.sqlite'}") as database:
        add_connection(database)
        store = open_store(database, "acme", CODEC)
        with store.atomically():
            store.save_seen([seen(n) for n in range(50)], NOON)
        fill_up(database)
        with pytest.raises(Fatal, match="cannot take more data") as caught:
            save_many(store)
        assert "Free disk space" in str(caught.value)
        assert len(store.rows(Kind.INVOICE, Side.PERFEX)) == 50
        make_room(database)
        save_many(store)
        assert len(store.rows(Kind.INVOICE, Side.PERFEX)) == 5050


def save_many(store: object) -> None:
    with store.atomically():  # type: ignore[attr-defined]
        store.save_seen([seen(n) for n in range(50, 5050)], NOON)  # type: ignore[attr-defined]


def fill_up(database: Database) -> None:
    """No page more than there are, on every connection of the pool (there is one)."""
    with database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")


def make_room(database: Database) -> None:
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1073741823")


def test_a_database_that_cannot_be_opened_is_named_without_its_password(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'nowhere' / 'x.sqlite'}", Vault([make_key()]))
    with pytest.raises(Fatal, match=r"nowhere.*cannot be opened"), Database(engine).reading():
        pass
    engine.dispose()


@pytest.mark.postgres
def test_a_server_that_is_not_there_is_said_without_the_password() -> None:
    url = "postgresql+psycopg://ann:canary@localhost:1/bridge?connect_timeout=2"
    engine = open_engine(url, Vault([make_key()]))
    with pytest.raises(Fatal, match="XERO_BRIDGE_DATABASE_URL") as caught:
        Database(engine).reading().__enter__()
    assert "canary" not in str(caught.value)
    engine.dispose()


def test_a_record_stored_in_an_older_form_is_replaced_by_what_is_read(
    sql_database: Database,
) -> None:
    store = open_store(sql_database, "acme", CODEC)
    with store.atomically():
        store.save_seen([seen(1)], NOON)
    with sql_database.writing() as connection:
        connection.execute(sa.update(models.Record).values(content=b'{"total":[]}', digest="old"))
    with store.atomically():
        assert store.save_seen([seen(1)], NOON) == 1
    assert store.mirrors(Kind.INVOICE, Side.PERFEX, ["1"])["1"].version == 2


def test_a_batch_reaches_the_disk_before_it_is_sent(tmp_path: Path) -> None:
    """What lies in the write-ahead log only may be gone after a power cut."""
    path = tmp_path / "bridge.sqlite"
    with tables_at(f"sqlite:///{path}") as database:
        add_connection(database)
        store = open_store(database, "acme", CODEC)
        batch = Batch(
            side=Side.XERO,
            kind=Kind.INVOICE,
            verb=Verb.CREATE,
            body=b"exactly these bytes",
            key="k",
            members=(),
            created_at=NOON,
        )
        assert b"exactly these bytes" not in path.read_bytes()
        with store.atomically():
            store.add_batch(batch)
        assert b"exactly these bytes" in path.read_bytes()
