"""What it takes to reach both sides of a connection, read from the database."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from xero_bridge.core.errors import Fatal
from xero_bridge.operations.services import XeroApp
from xero_bridge.store import models
from xero_bridge.store.database import Database, translated


@dataclass(frozen=True, kw_only=True)
class Access:
    """Addresses, secrets and ids of one connection."""

    connection_id: int
    perfex_url: str
    perfex_token: str = field(repr=False)
    allow_private: bool
    xero_client_id: str
    xero_client_secret: str = field(repr=False)
    grant_id: int | None
    tenant_id: str
    organisation: str


def access_of(database: Database, name: str) -> Access:
    """The access of the connection of that name; raises `Fatal` when there is none (any more)."""
    with translated(database.engine), Session(database.engine) as session:
        row = session.scalar(sa.select(models.Connection).where(models.Connection.name == name))
        if row is None:
            raise Fatal("connection_unknown", name=name)
        return Access(
            connection_id=row.id,
            perfex_url=row.perfex_url,
            perfex_token=row.perfex_token or "",
            allow_private=row.allow_private_address,
            xero_client_id=row.xero_client_id,
            xero_client_secret=row.xero_client_secret or "",
            grant_id=row.grant_id,
            tenant_id=row.tenant_id,
            organisation=row.organisation_name,
        )


def apps_of(database: Database) -> list[XeroApp]:
    """The apps that connections brought along."""
    wanted = sa.select(
        models.Connection.xero_client_id, models.Connection.xero_client_secret
    ).where(models.Connection.xero_client_id != "")
    with translated(database.engine), Session(database.engine) as session:
        return [
            XeroApp(client_id=client_id, client_secret=secret or "")
            for client_id, secret in session.execute(wanted)
        ]
