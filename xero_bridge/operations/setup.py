"""How far the set-up of a connection is, step by step."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.operations import connections, mappings, plans
from xero_bridge.operations.connections import ConnectionView
from xero_bridge.operations.mappings import MappingView
from xero_bridge.operations.plans import PlanView
from xero_bridge.operations.rows import connection_row, reading
from xero_bridge.operations.services import Services
from xero_bridge.store import models


class SetupView(msgspec.Struct, frozen=True, kw_only=True):
    """The steps of a set-up with what each has reached."""

    connection: ConnectionView
    #: Required settings that nobody has chosen yet.
    missing: tuple[str, ...]
    #: Both sides were read, so there is something to choose from.
    looked: bool
    unmapped: tuple[MappingView, ...]
    plan: PlanView | None

    @property
    def done(self) -> frozenset[str]:
        """The steps that need nothing more."""
        has_organisation = bool(self.connection.tenant_id)
        finished = {
            "perfex": True,
            "xero": has_organisation and self.connection.stage != "choose_organisation",
            "settings": not self.missing,
            "mappings": self.looked and not any(view.used for view in self.unmapped),
            "plan": self.plan is not None and not self.missing,
            "live": self.connection.live,
        }
        return frozenset(step for step, is_done in finished.items() if is_done)


def setup_view(services: Services, name: str) -> SetupView:
    """How far the set-up is; raises `NotAccepted` for an unknown connection."""
    with reading(services) as session:
        row = connection_row(session, name)
        missing = connections.missing_settings(session, row)
        seen = sa.select(models.Record.id).where(
            models.Record.connection_id == row.id,
            models.Record.kind == Kind.ACCOUNT,
            models.Record.side == Side.XERO,
        )
        looked = session.scalar(seen.limit(1)) is not None
    found = mappings.mapping_views(services, name) if looked else []
    return SetupView(
        connection=connections.view(services, name),
        missing=tuple(missing),
        looked=looked,
        # Currencies find each other by their codes.
        unmapped=tuple(
            view
            for view in found
            if view.state in ("unmapped", "broken") and view.kind != Kind.CURRENCY
        ),
        plan=plans.newest(services, name),
    )
