"""The log of calls is cheap, bounded, and never in the way."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.store.samples import NOON, add_connection, address_of, exchange
from tests.support.tables import tables_at
from xero_bridge.core.calls import Recorder
from xero_bridge.store import models
from xero_bridge.store.calls import CallLog
from xero_bridge.store.database import Database, open_engine
from xero_bridge.store.vault import Vault, make_key


def rows(database: Database) -> list[sa.Row[object]]:
    with database.reading() as connection:
        query = sa.select(models.table_of(models.Call)).order_by(models.Call.id)
        return list(connection.execute(query))


@pytest.fixture
def acme(database: Database) -> int:
    return add_connection(database)


def test_a_call_is_kept_with_its_path_time_and_what_is_left(database: Database, acme: int) -> None:
    log: Recorder
    with CallLog(database, acme, run_id=7) as log:
        log(exchange())
        log(exchange(status=0, error="time-out", remaining={}))
    [first, second] = rows(database)
    assert (first.path, first.status, first.ms, first.remaining, first.run_id) == (
        "/Invoices?page=1",
        200,
        12,
        987,
        7,
    )
    assert (second.status, second.note, second.remaining) == (0, "time-out", None)


def test_calls_are_written_together(database: Database, acme: int) -> None:
    log = CallLog(database, acme)
    for number in range(30):
        log(exchange(number))
    assert len(rows(database)) == 25
    log.close()
    log.close()
    assert [row.path for row in rows(database)] == [f"/Invoices?page={n}" for n in range(30)]


def test_the_text_of_an_answer_is_cut_and_fit_for_every_database(
    database: Database, acme: int
) -> None:
    with CallLog(database, acme) as log:
        log(exchange(status=500, body="<html>\x00" + "x" * 2000))
    [row] = rows(database)
    assert row.note == "<html>" + "x" * 494


def test_a_database_that_takes_nothing_does_not_fail_the_call(tmp_path: Path) -> None:
    """The write that the call stands for must not become an unknown one because of its log."""
    url = f"sqlite:///{tmp_path / 'bridge.sqlite'}"
    with tables_at(url) as database:
        acme = add_connection(database)
        log = CallLog(database, acme)
        with database.writing() as connection:
            connection.exec_driver_sql("ALTER TABLE call RENAME TO elsewhere")
        for number in range(1100):
            log(exchange(number))
        with database.writing() as connection:
            connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO call")
        log.flush()
        kept = rows(database)
        assert len(kept) >= 1000
        assert kept[-1].path == "/Invoices?page=1099"


def test_a_log_can_be_written_by_a_process_without_the_keys_of_secrets(
    database: Database, acme: int
) -> None:
    engine = open_engine(address_of(database), Vault([make_key()]))
    with CallLog(Database(engine), acme) as log:
        log(exchange(at=NOON + timedelta(hours=1)))
    engine.dispose()
    assert len(rows(database)) == 1
