"""The database stays small, and its secrets move to the newest key."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.store.samples import NOON, add_connection, exchange, planned_create
from xero_bridge.core.errors import Fatal
from xero_bridge.core.grants import Tokens
from xero_bridge.core.remote import Batch, Member
from xero_bridge.core.vocabulary import JournalState, Kind, Side, Verb
from xero_bridge.store import models
from xero_bridge.store.calls import CallLog
from xero_bridge.store.database import Database, open_engine
from xero_bridge.store.grants import SqlGrants
from xero_bridge.store.repository import SqlStore
from xero_bridge.store.upkeep import prune, rotate_keys
from xero_bridge.store.vault import Vault, make_key

OLD = NOON - timedelta(days=31)


def ids(database: Database, model: type[models.Base]) -> list[int]:
    table = models.table_of(model)
    with database.reading() as connection:
        return list(connection.execute(sa.select(table.c.id).order_by(table.c.id)).scalars())


def add_run(database: Database, started_at: datetime) -> int:
    values = {"connection_id": 1, "state": "in_step", "started_at": started_at, "plan": b"{}"}
    with database.writing() as connection:
        statement = sa.insert(models.Run).values(**values, planned={}, done={})
        return int(connection.execute(statement.returning(models.Run.id)).scalar_one())


def add_batch(store: SqlStore, made_at: datetime, state: JournalState) -> int:
    batch = Batch(
        side=Side.XERO,
        kind=Kind.INVOICE,
        verb=Verb.CREATE,
        body=b"{}",
        key=str(state),
        members=(Member(),),
        created_at=made_at,
    )
    with store.atomically():
        kept = store.add_batch(batch)
        store.add_journal([planned_create(1, batch_id=kept.id, state=state)])
    assert kept.id is not None
    return kept.id


def test_calls_of_the_last_thirty_days_are_kept(sql_store: SqlStore, database: Database) -> None:
    with CallLog(database, 1) as log:
        log(exchange(at=OLD))
        log(exchange(at=NOON - timedelta(days=29)))
    assert prune(database, NOON)["calls"] == 1
    assert len(ids(database, models.Call)) == 1


def test_bytes_of_writes_are_kept_until_they_are_explained(
    sql_store: SqlStore, database: Database
) -> None:
    add_batch(sql_store, OLD, JournalState.DONE)
    unknown = add_batch(sql_store, OLD, JournalState.UNKNOWN)
    recent = add_batch(sql_store, NOON, JournalState.DONE)
    prune(database, NOON)
    assert ids(database, models.Batch) == [unknown, recent]


def test_runs_that_did_something_and_the_newest_are_kept(
    sql_store: SqlStore, database: Database
) -> None:
    idle, acting, newest = (add_run(database, OLD) for _ in range(3))
    with sql_store.atomically():
        sql_store.record_action(
            acting, "invoice:create:xero:1:", "done", before=b"", after=b"{}", note=""
        )
    told = prune(database, NOON)
    assert ids(database, models.Run) == [acting, newest]
    assert (told["runs"], told["plans"]) == (1, 1)
    assert idle not in ids(database, models.Run)
    with database.reading() as connection:
        plans = connection.execute(sa.select(models.Run.plan).order_by(models.Run.id)).scalars()
        assert list(plans) == [None, b"{}"]


# --- keys ---


def add_secrets(database: Database) -> int:
    add_connection(database, perfex_token="token", xero_client_secret="secret")
    tokens = Tokens(access_token="access", refresh_token="refresh", expires_at=NOON)
    return SqlGrants(database).save_grant("client", "ann", tokens, NOON).id


def test_after_a_rotation_the_old_key_is_not_needed(database_url: str) -> None:
    old, new = make_key(), make_key()
    engine = open_engine(database_url, Vault([old]))
    models.Base.metadata.create_all(engine)
    grant_id = add_secrets(Database(engine))
    engine.dispose()

    both = open_engine(database_url, Vault([new, old]))
    assert SqlGrants(Database(both)).grant(grant_id).tokens.refresh_token == "refresh"
    assert rotate_keys(Database(both)) == 4
    both.dispose()

    only_new = open_engine(database_url, Vault([new]))
    database = Database(only_new)
    assert SqlGrants(database).grant(grant_id).tokens.refresh_token == "refresh"
    with database.reading() as connection:
        row = connection.execute(
            sa.select(models.Connection.perfex_token, models.Connection.xero_client_secret)
        ).one()
    assert tuple(row) == ("token", "secret")
    only_new.dispose()


def test_a_key_that_does_not_fit_is_said_and_nothing_is_changed(database_url: str) -> None:
    old = make_key()
    engine = open_engine(database_url, Vault([old]))
    models.Base.metadata.create_all(engine)
    grant_id = add_secrets(Database(engine))
    engine.dispose()

    wrong = open_engine(database_url, Vault([make_key()]))
    with pytest.raises(Fatal, match="XERO_BRIDGE_ENCRYPTION_KEYS"):
        SqlGrants(Database(wrong)).grant(grant_id)
    with pytest.raises(Fatal, match="cannot be decrypted"):
        rotate_keys(Database(wrong))
    wrong.dispose()

    right = open_engine(database_url, Vault([old]))
    assert SqlGrants(Database(right)).grant(grant_id).tokens.access_token == "access"
    right.dispose()


@pytest.mark.parametrize(
    ("keys", "words"),
    [([], "no key"), ([make_key(), "short"], "Key number 2"), (["ü"], "number 1")],
)
def test_missing_and_malformed_keys_are_named_without_showing_them(
    keys: list[str], words: str
) -> None:
    with pytest.raises(Fatal, match=words) as caught:
        Vault(keys)
    assert "short" not in str(caught.value)
