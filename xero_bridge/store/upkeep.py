"""Keeping the database small, and its secrets under the newest key."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from xero_bridge.core.vocabulary import JournalState
from xero_bridge.store import models
from xero_bridge.store.database import Database
from xero_bridge.store.types import EncryptedText, vault_of
from xero_bridge.store.vault import Vault

CALL = models.table_of(models.Call)
RUN = models.table_of(models.Run)
ACTION = models.table_of(models.Action)
BATCH = models.table_of(models.Batch)
JOURNAL = models.table_of(models.Journal)
TURN = models.table_of(models.Turn)

#: Calls and the exact bytes of writes that are explained are kept this long.
MONTH = timedelta(days=30)
#: Runs without any action, and plans of runs, are kept this long.
FORTNIGHT = timedelta(days=14)
_FINISHED = [state.value for state in JournalState if state.finished]


def prune(database: Database, now: datetime) -> dict[str, int]:
    """Delete what nobody will ask for again; how many rows of each sort.

    The journal, the actions of runs and the audit are kept: they say what was done to the books.
    """
    with database.writing() as connection:
        return {
            name: connection.execute(statement).rowcount
            for name, statement in _prunings(now).items()
        }


def _prunings(now: datetime) -> dict[str, sa.Delete | sa.Update]:
    explained = ~sa.exists().where(
        JOURNAL.c.batch_id == BATCH.c.id, JOURNAL.c.state.not_in(_FINISHED)
    )
    acted = sa.exists().where(ACTION.c.run_id == RUN.c.id)
    newest = sa.select(sa.func.max(RUN.c.id)).group_by(RUN.c.connection_id).scalar_subquery()
    old = (RUN.c.started_at < now - FORTNIGHT, RUN.c.id.not_in(newest))
    return {
        "calls": sa.delete(CALL).where(CALL.c.at < now - MONTH),
        "batches": sa.delete(BATCH).where(BATCH.c.created_at < now - MONTH, explained),
        "runs": sa.delete(RUN).where(*old, ~acted),
        "plans": sa.update(RUN).where(*old, RUN.c.plan.is_not(None)).values(plan=None),
        "turns": sa.delete(TURN).where(TURN.c.until < now - timedelta(hours=2)),
    }


def rotate_keys(database: Database) -> int:
    """Encrypt every stored secret with the first key; how many there are.

    Raises `Fatal` when one cannot be decrypted with any key: then nothing was changed.
    """
    vault = vault_of(database.engine.dialect)
    tables = models.Base.metadata.sorted_tables
    secrets = [c for t in tables for c in t.columns if isinstance(c.type, EncryptedText)]
    with database.writing() as connection:
        return sum(_rotate(connection, column, vault) for column in secrets)


def _rotate(connection: sa.Connection, column: sa.Column[str], vault: Vault) -> int:
    """Read and write the column as it lies in its table, past its own encryption."""
    table = column.table
    stored = sa.select(table.c.id, sa.type_coerce(column, sa.Text)).where(column.is_not(None))
    rows = connection.execute(stored).all()
    for number, token in rows:
        turned = sa.literal(vault.rotate(token), sa.Text)
        connection.execute(
            sa.update(table).where(table.c.id == number).values({column.name: turned})
        )
    return len(rows)
