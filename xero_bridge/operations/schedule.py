"""What the schedule does at a tick: have connections run that are due, and keep the house clean."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from xero_bridge.core.errors import BridgeError
from xero_bridge.engine.context import Scope
from xero_bridge.operations import runs
from xero_bridge.operations.rows import writing
from xero_bridge.operations.services import SCHEDULE, Services
from xero_bridge.store import models
from xero_bridge.store.upkeep import prune

LOG = structlog.get_logger(__name__)
#: A connection that was claimed for a run is not due again before this time, whatever happens.
_CLAIMED_FOR = timedelta(minutes=10)


def tick(services: Services) -> list[str]:
    """Ask for a run of every connection that is due; their names. Safe in several processes."""
    asked = _waiting(services)
    for name in asked:
        services.dispatch.wake(services, name)
    due = _claim_due(services)
    for name in due:
        runs.request(services, name, Scope(trigger="schedule"), by=SCHEDULE)
    return sorted({*asked, *due})


def _waiting(services: Services) -> list[str]:
    """Connections with a request that nobody may be serving: its process may have ended."""
    with Session(services.database.engine) as session:
        wanted = (
            sa.select(models.Connection.name)
            .join(models.RunRequest, models.RunRequest.connection_id == models.Connection.id)
            .distinct()
        )
        return list(session.scalars(wanted))


def _claim_due(services: Services) -> list[str]:
    """The connections that are due, each given to one caller only."""
    now = services.clock.now()
    due = sa.and_(
        models.Connection.paused.is_(False),
        models.Connection.grant_id.is_not(None),
        models.Connection.tenant_id != "",
        sa.or_(models.Connection.next_run_at.is_(None), models.Connection.next_run_at <= now),
    )
    claim = (
        sa.update(models.Connection)
        .where(due)
        .values(next_run_at=now + _CLAIMED_FOR)
        .returning(models.Connection.name)
        .execution_options(synchronize_session=False)
    )
    with Session(services.database.engine) as session:
        if session.scalar(sa.select(models.Connection.id).where(due).limit(1)) is None:
            return []
    with writing(services) as session:
        return sorted(session.scalars(claim))


def keep_house(services: Services) -> None:
    """Refresh grants that would end unused, and drop old calls; trouble is logged."""
    try:
        refreshed = services.connector.keep_alive()
    except BridgeError as error:
        LOG.warning("grants not kept alive", error=str(error))
    else:
        LOG.info("grants kept alive", count=refreshed)
    LOG.info("pruned", **prune(services.database, services.clock.now()))
