"""Connections: add one after a live look, show them, let them write, pause them, remove them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from xero_bridge.core.books import Site
from xero_bridge.operations.consent import disconnect
from xero_bridge.operations.keys import KEYS
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.rows import connection_row, note, reading, remember, writing
from xero_bridge.operations.runs import claimed
from xero_bridge.operations.services import By, Services
from xero_bridge.store import models

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_SITE = "site"


@dataclass(frozen=True, kw_only=True)
class NewConnection:
    """What a person gives for a new connection; empty text: not given."""

    name: str
    perfex_url: str
    perfex_token: str = field(default="", repr=False)
    allow_private_address: bool = False
    xero_client_id: str = ""
    xero_client_secret: str = field(default="", repr=False)
    xero_webhook_key: str = field(default="", repr=False)


class ConnectionView(msgspec.Struct, frozen=True, kw_only=True):
    """A connection as it is shown: without secrets."""

    name: str
    perfex_url: str
    perfex_version: str
    organisation: str
    tenant_id: str
    #: `connect_xero`, `choose_organisation`, `settings`, `ready`, `live` or `paused`.
    stage: str
    live: bool
    paused: bool
    live_at: datetime | None
    next_run_at: datetime | None
    #: Why it cannot be used until a person does something; empty: it can.
    trouble: str
    created_at: datetime


def add(services: Services, new: NewConnection, *, by: By) -> ConnectionView:
    """Look at the Perfex site and, if it answers, keep the connection; it writes nothing yet.

    The token of the environment stands in for one that is not given. Raises `NotAccepted`, and
    `NotConnected` or `Retriable` when the site cannot be used: then nothing is kept.
    """
    name, url = valid_name(new.name), valid_url(new.perfex_url)
    token = new.perfex_token or services.environment.perfex_token
    _check_given(new, token)
    with reading(services) as session:
        _refuse_taken(session, name)
    site = services.connector.check_perfex(url, token, allow_private=new.allow_private_address)
    with writing(services) as session:
        _refuse_taken(session, name)
        row = models.Connection(
            name=name,
            perfex_url=site.url,
            perfex_token=token,
            allow_private_address=new.allow_private_address,
            site=msgspec.to_builtins(site),
            xero_client_id=new.xero_client_id,
            xero_client_secret=new.xero_client_secret or None,
            xero_webhook_key=new.xero_webhook_key or None,
            created_at=services.clock.now(),
        )
        session.add(row)
        session.flush()
        remember(session, row, _SITE, msgspec.json.encode(site).decode())
        note(session, services, by, "connection added", name, perfex=site.url)
    return view(services, name)


def valid_name(name: str) -> str:
    """The name, if it can be one; raises `NotAccepted`."""
    if not _NAME.fullmatch(name):
        raise NotAccepted(
            f"{name!r} cannot be a connection's name: use 1 to 40 small letters, digits and "
            "hyphens, "
            "e.g. acme or acme-uk.",
            field="name",
        )
    return name


def valid_url(url: str) -> str:
    """The site root of a Perfex address (a trailing `/api` is dropped); raises `NotAccepted`."""
    text = url.strip()
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise NotAccepted(
            f"{text!r} is not the address of a Perfex site: give it in full, e.g. "
            "https://crm.example.com.",
            field="perfex_url",
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise NotAccepted(
            "The address of a Perfex site has no password, query or fragment: give only the part "
            "that "
            "opens its start page.",
            field="perfex_url",
        )
    return text.rstrip("/").removesuffix("/api").rstrip("/")


def _check_given(new: NewConnection, token: str) -> None:
    if not token:
        raise NotAccepted(
            "A Perfex API token is needed: make one in Perfex under API > API Management and "
            "give it "
            "by --perfex-token, or by XERO_BRIDGE_PERFEX_TOKEN.",
            field="perfex_token",
        )
    if bool(new.xero_client_id) != bool(new.xero_client_secret):
        raise NotAccepted(
            "A client id and a client secret of a Xero app go together: give both, or neither to "
            "use "
            "those of the server.",
            field="xero_client_secret" if new.xero_client_id else "xero_client_id",
        )


def _refuse_taken(session: Session, name: str) -> None:
    if session.scalar(sa.select(models.Connection.id).where(models.Connection.name == name)):
        raise NotAccepted(
            f"There is a connection {name!r} already: choose another name, or remove that one "
            "first.",
            field="name",
        )


# --- showing -------------------------------------------------------------------------------------


def views(services: Services) -> list[ConnectionView]:
    """All connections by name."""
    with reading(services) as session:
        rows = session.scalars(sa.select(models.Connection).order_by(models.Connection.name))
        return [_view(session, row) for row in rows]


def view(services: Services, name: str) -> ConnectionView:
    """One connection; raises `NotAccepted`."""
    with reading(services) as session:
        return _view(session, connection_row(session, name))


def _view(session: Session, row: models.Connection) -> ConnectionView:
    site = msgspec.convert(row.site, Site) if row.site else None
    return ConnectionView(
        name=row.name,
        perfex_url=row.perfex_url,
        perfex_version=site.version if site else "",
        organisation=row.organisation_name,
        tenant_id=row.tenant_id,
        stage=_stage(session, row),
        live=row.live,
        paused=row.paused,
        live_at=row.live_at,
        next_run_at=row.next_run_at,
        trouble=row.trouble_text,
        created_at=row.created_at,
    )


def _stage(session: Session, row: models.Connection) -> str:
    if row.paused:
        return "paused"
    if row.live:
        return "live"
    if not row.tenant_id:
        return "choose_organisation" if row.grant_id else "connect_xero"
    return "settings" if missing_settings(session, row) else "ready"


#: What has to be chosen before anything may be written.
REQUIRED = ("start_date", "sales_account")


def missing_settings(session: Session, row: models.Connection) -> list[str]:
    """The keys that a person still has to set before going live."""
    keys = sa.select(models.Setting.key).where(models.Setting.connection_id == row.id)
    chosen = set(session.scalars(keys))
    return [key for key in REQUIRED if key not in chosen]


# --- writing or not ------------------------------------------------------------------------------


def go_live(services: Services, name: str, *, by: By) -> ConnectionView:
    """Allow runs of this connection to write, from the next one on. Raises `NotAccepted`."""
    with writing(services) as session:
        row = connection_row(session, name)
        if not row.tenant_id:
            raise NotAccepted(
                f"{name} has no Xero organisation yet: press Connect on its page first."
            )
        missing = missing_settings(session, row)
        if missing:
            means = "; ".join(f"{key}: {KEYS[key].meaning}" for key in missing)
            raise NotAccepted(
                f"{name} cannot go live before these settings are chosen: {means}. "
                f"Set them by `connection set {name} {missing[0]}=...` or on its settings page.",
                field=missing[0],
            )
        if not row.live:
            row.live, row.live_at = True, services.clock.now()
            remember(session, row, "live", row.live_at.isoformat())
            note(session, services, by, "went live", name)
        row.paused, row.next_run_at = False, None
    return view(services, name)


def pause(services: Services, name: str, *, by: By) -> ConnectionView:
    """Let the schedule leave the connection alone until it is resumed."""
    return _set_paused(services, name, paused=True, by=by)


def resume(services: Services, name: str, *, by: By) -> ConnectionView:
    """Put a paused connection on the schedule again; it is due at once."""
    return _set_paused(services, name, paused=False, by=by)


def _set_paused(services: Services, name: str, *, paused: bool, by: By) -> ConnectionView:
    with writing(services) as session:
        row = connection_row(session, name)
        if row.paused != paused:
            note(session, services, by, "paused" if paused else "resumed", name)
        row.paused, row.next_run_at = paused, None
    return view(services, name)


def remove(services: Services, name: str, *, by: By) -> str:
    """Disconnect from Xero and forget the connection; nothing is changed in Perfex or Xero.

    The sentence says what became of the consent. Raises `NotAccepted` while a run is going on.
    """
    with claimed(services, name) as lease:
        if lease is None:
            raise NotAccepted(f"A run of {name} is going on: wait for its end, then remove it.")
        told = disconnect(services, name, by=by, anyway=True)
        with writing(services) as session:
            row = connection_row(session, name)
            note(session, services, by, "connection removed", name, perfex=row.perfex_url)
            session.delete(row)
    return told
