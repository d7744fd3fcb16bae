"""One run per connection at a time, whatever the number of processes: a claim in the database.

The claim is one statement; who finds another owner's claim takes over at once when that process is
gone on this machine, else once its heartbeat is older than `SILENCE`.
"""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from xero_bridge.core.errors import LeaseLost
from xero_bridge.core.ports import Clock
from xero_bridge.store import models
from xero_bridge.store.database import Database
from xero_bridge.store.repository.part import insert_for

LEASE = models.table_of(models.RunLease)
#: A claim whose heartbeat is older may be taken over by anybody.
SILENCE = timedelta(seconds=60)


class RunLease:
    """A claim that this process holds; `core.ports.Lease`."""

    def __init__(
        self, database: Database, connection_id: int, clock: Clock, *, owner: str, fence: int
    ) -> None:
        self.owner = owner
        #: Goes up with every new owner of the connection's claim.
        self.fence = fence
        self._database = database
        self._connection_id = connection_id
        self._clock = clock

    def check(self) -> None:
        """Renew the heartbeat; raises `LeaseLost` when another process took over.

        Never called inside `store.atomically()`: it is a write transaction of its own.
        """
        renewed = sa.update(LEASE).where(*self._mine()).values(heartbeat_at=self._clock.now())
        with self._database.writing() as connection:
            if connection.execute(renewed).rowcount != 1:
                raise LeaseLost("lease_lost")

    def release(self) -> None:
        """Give the claim back; one that another process took over stays theirs."""
        # The row stays, because its fence must go on rising.
        given_back = sa.update(LEASE).where(*self._mine()).values(owner="")
        with self._database.writing() as connection:
            connection.execute(given_back)

    def _mine(self) -> tuple[sa.ColumnElement[bool], ...]:
        return (
            LEASE.c.connection_id == self._connection_id,
            LEASE.c.owner == self.owner,
            LEASE.c.fence == self.fence,
        )


def claim_run(database: Database, connection_id: int, clock: Clock) -> RunLease | None:
    """The claim on the connection's run, or None while another run of it is alive."""
    owner = owner_name()
    now = clock.now()
    with database.writing() as connection:
        held = connection.execute(
            sa.select(LEASE.c.owner).where(LEASE.c.connection_id == connection_id)
        ).scalar()
        dead = held if held and is_gone(held) else ""
        fence = connection.execute(
            _claim(connection, connection_id, owner=owner, dead=dead, now=now)
        ).scalar()
    if fence is None:
        return None
    return RunLease(database, connection_id, clock, owner=owner, fence=fence)


def _claim(
    connection: sa.Connection, connection_id: int, *, owner: str, dead: str, now: datetime
) -> sa.Executable:
    """One statement: insert the claim, or take it from an owner who is done, dead or silent."""
    statement: Any = insert_for(connection, LEASE).values(
        connection_id=connection_id, owner=owner, heartbeat_at=now, fence=1
    )
    claim: sa.Executable = statement.on_conflict_do_update(
        index_elements=["connection_id"],
        set_={"owner": owner, "heartbeat_at": now, "fence": LEASE.c.fence + 1},
        where=sa.or_(LEASE.c.owner.in_(["", dead]), LEASE.c.heartbeat_at < now - SILENCE),
    ).returning(LEASE.c.fence)
    return claim


def owner_name() -> str:
    """A name for one claim of this process, by which others see whether it still lives."""
    return f"{_host()}:{_process(os.getpid())}:{uuid4().hex[:8]}"


def is_gone(owner: str) -> bool:
    """Whether the owner is a process of this machine that lives no more."""
    host, _, rest = owner.partition(":")
    process, _, _ = rest.rpartition(":")
    number = process.partition(":")[0]
    return host == _host() and number.isdigit() and _process(int(number)) != process


def _host() -> str:
    """This machine, or this container: a name alone may be shared by several."""
    return f"{socket.gethostname()}/{_boot()}".replace(":", "-")


def _boot() -> str:
    try:
        namespace = Path("/proc/self/ns/pid").readlink()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot[:8]}/{namespace.name}"
    except OSError:
        return ""


def _process(number: int) -> str:
    """`pid:start`: a number alone may be given to another process later."""
    try:
        # The name before the last bracket may itself hold blanks and brackets.
        after_name = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
        return f"{number}:{after_name[19]}"
    except (OSError, IndexError):
        return f"{number}:" if _is_alive(number) else ""


def _is_alive(number: int) -> bool:
    """Whether a process has that number, where /proc does not tell."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
