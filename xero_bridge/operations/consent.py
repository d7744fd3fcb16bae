"""Connecting with Xero: the consent, the organisation that is pinned, and the way back."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from xero_bridge.core.consent import Consent, Reached, Started
from xero_bridge.core.errors import BridgeError, NotConnected
from xero_bridge.core.settings import Settings
from xero_bridge.core.vocabulary import REFERENCE_KINDS, Side
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.rows import connection_row, note, reading, remember, store_of, writing
from xero_bridge.operations.services import By, Services, XeroApp
from xero_bridge.store import models

#: Fact: organisations that the last consent reached, while the person has to choose one.
_REACHED = "reached"


class Connected(msgspec.Struct, frozen=True, kw_only=True):
    """What a consent led to: the pinned organisation's name, or empty where one must be chosen."""

    organisation: str
    #: Scopes that were asked for and not granted.
    missing: tuple[str, ...] = ()


def start(services: Services, name: str) -> Started:
    """Where to send the browser, and what to keep in its session until the callback.

    Raises `NotAccepted` when no app of Xero is known.
    """
    with services.connector.consents(app_of(services, name)) as consents:
        return consents.begin(services.environment.redirect_uri)


def finish(
    services: Services, name: str, started: Started, answer: Mapping[str, str], *, by: By
) -> Connected:
    """Turn a callback into a connected organisation, or into a choice.

    Raises `NotConnected` (foreign state, refused, failed), `Retriable`, and `NotAccepted` when the
    consent reaches no organisation, or not the one that the connection belongs to.
    """
    with services.connector.consents(app_of(services, name)) as consents:
        consent = consents.finish(started, answer)
    reached = _allowed(services, name, consent)
    missing = tuple(sorted(consent.missing))
    if len(reached) == 1:
        pin(services, name, consent.grant.id, reached[0], missing=missing, by=by)
        return Connected(organisation=reached[0].name, missing=missing)
    with writing(services) as session:
        row = connection_row(session, name)
        row.grant_id = consent.grant.id
        _note_missing(row, missing)
        remember(session, row, _REACHED, msgspec.json.encode(reached).decode())
    return Connected(organisation="", missing=missing)


def _allowed(services: Services, name: str, consent: Consent) -> tuple[Reached, ...]:
    """The organisations that may be pinned: a connection that has one keeps it."""
    reached = consent.organisations
    if not reached:
        raise NotAccepted(
            "This consent reaches no Xero organisation: press Connect again and choose one on "
            "Xero's page."
        )
    with reading(services) as session:
        row = connection_row(session, name)
        pinned = row.tenant_id if _is_settled(session, row) else ""
    if not pinned:
        return reached
    same = tuple(each for each in reached if each.tenant_id == pinned)
    if not same:
        found = ", ".join(each.name for each in reached)
        raise NotConnected("wrong_organisation", found=found, pinned=row.organisation_name)
    return same


def _is_settled(session: Session, row: models.Connection) -> bool:
    """Whether another organisation would mix up what is linked already."""
    links = sa.select(sa.func.count()).where(
        models.Link.connection_id == row.id,
        models.Link.kind.not_in(sorted(kind.value for kind in REFERENCE_KINDS)),
    )
    return bool(row.tenant_id) and (row.live or bool(session.scalar(links)))


def organisations(services: Services, name: str) -> tuple[Reached, ...]:
    """The organisations that a person may choose from after a consent (none: nothing to choose)."""
    text = store_of(services, name).facts().get(_REACHED, "")
    return msgspec.json.decode(text, type=tuple[Reached, ...]) if text else ()


def choose(services: Services, name: str, tenant_id: str, *, by: By) -> Connected:
    """Pin one of the organisations that the consent reached; raises `NotAccepted`."""
    offered = organisations(services, name)
    found = next((each for each in offered if each.tenant_id == tenant_id), None)
    if found is None:
        raise NotAccepted(
            "That organisation is not part of the consent: choose one of the list, or press "
            "Connect again.",
            field="tenant_id",
        )
    with reading(services) as session:
        grant_id = connection_row(session, name).grant_id
    if grant_id is None:
        raise NotConnected("xero_not_connected")
    pin(services, name, grant_id, found, by=by)
    return Connected(organisation=found.name)


def pin(
    services: Services,
    name: str,
    grant_id: int,
    organisation: Reached,
    *,
    missing: tuple[str, ...] = (),
    by: By,
) -> None:
    """The connection belongs to this organisation from now on; raises `NotAccepted`."""
    tag = store_of(services, name).settings().site_tag
    with writing(services) as session:
        row = connection_row(session, name)
        _refuse_same_marks(session, row, organisation, tag)
        if row.tenant_id not in ("", organisation.tenant_id):
            _forget_organisation(session, row)
        row.grant_id, row.tenant_id = grant_id, organisation.tenant_id
        row.xero_connection_id = organisation.connection_id
        row.organisation_name, row.next_run_at = organisation.name, None
        _note_missing(row, missing)
        remember(session, row, "tenant_id", organisation.tenant_id)
        remember(session, row, _REACHED, "")
        note(session, services, by, "connected", name, organisation=organisation.name)


def _forget_organisation(session: Session, row: models.Connection) -> None:
    """What was read of another organisation is no part of this one's books."""
    for model in (models.Record, models.Cursor):
        session.execute(
            sa.delete(model).where(model.connection_id == row.id, model.side == Side.XERO.value)
        )
    session.execute(
        sa.delete(models.Link).where(
            models.Link.connection_id == row.id, models.Link.by_person.is_(False)
        )
    )
    session.execute(sa.delete(models.Question).where(models.Question.connection_id == row.id))
    session.execute(
        sa.update(models.Record).where(models.Record.connection_id == row.id).values(dirty=True)
    )
    for name in ("organisation", "organisation_at"):
        remember(session, row, name, "")


def _refuse_same_marks(
    session: Session, row: models.Connection, organisation: Reached, tag: str
) -> None:
    """Two sites with the same marks in one organisation could not tell their records apart."""
    others = session.execute(
        sa.select(models.Connection.name, models.Setting.value)
        .outerjoin(
            models.Setting,
            sa.and_(
                models.Setting.connection_id == models.Connection.id,
                models.Setting.key == "site_tag",
            ),
        )
        .where(
            models.Connection.tenant_id == organisation.tenant_id, models.Connection.id != row.id
        )
    )
    for other, value in others:
        if (value or Settings().site_tag) == tag:
            raise NotAccepted(
                f"The connection {other} writes to {organisation.name} with the same marks "
                f"({tag}): "
                f"choose another tag first, e.g. `connection set {row.name} site_tag=P2`."
            )


def _note_missing(row: models.Connection, missing: tuple[str, ...]) -> None:
    row.trouble, row.trouble_text = "", ""
    if missing:
        error = NotConnected("xero_scope_missing", scope=f": {', '.join(missing)}")
        row.trouble, row.trouble_text = error.reason, str(error)


# --- the way back --------------------------------------------------------------------------------


def ends_grant(services: Services, name: str) -> bool:
    """Whether disconnecting ends the grant as well: then every organisation of that user is cut."""
    with reading(services) as session:
        row = connection_row(session, name)
        return row.grant_id is not None and not _sharing(session, row)


def disconnect(services: Services, name: str, *, by: By, anyway: bool = False) -> str:
    """Disconnect the organisation from the app; the grant ends with its last connection.

    The connection keeps its organisation, links and settings. The sentence says what was done.
    With `anyway`, an unreachable Xero does not stand in the way. Raises `BridgeError`.
    """
    with reading(services) as session:
        row = connection_row(session, name)
        last = not _sharing(session, row)
    if row.grant_id is None:
        return f"{name} was not connected to Xero."
    told = ""
    try:
        _cut(services, app_of(services, name), row, last=last)
    except NotConnected:
        told = " Xero had ended it already."
    except BridgeError as error:
        if not anyway:
            raise
        told = f" Xero could not be told ({error}): remove the app there under Connected apps."
    with writing(services) as session:
        row = connection_row(session, name)
        row.grant_id, row.xero_connection_id = None, ""
        note(session, services, by, "disconnected", name, organisation=row.organisation_name)
    ended = " The consent has ended with it." if last else " The consent serves other connections."
    return f"{name} is disconnected from {row.organisation_name or 'Xero'}.{told or ended}"


def _cut(services: Services, app: XeroApp, row: models.Connection, *, last: bool) -> None:
    assert row.grant_id is not None
    with services.connector.consents(app) as consents:
        if row.xero_connection_id:
            consents.disconnect(row.grant_id, row.xero_connection_id)
        if last:
            consents.revoke(row.grant_id)


def _sharing(session: Session, row: models.Connection) -> bool:
    """Whether another connection uses the same grant."""
    others = sa.select(sa.func.count()).where(
        models.Connection.grant_id == row.grant_id, models.Connection.id != row.id
    )
    return bool(session.scalar(others))


def app_of(services: Services, name: str) -> XeroApp:
    """The app of a connection; raises `NotAccepted` when neither it nor the server has one."""
    with reading(services) as session:
        row = connection_row(session, name)
    app = services.xero_app(row.xero_client_id, row.xero_client_secret or "")
    if not (app.client_id and app.client_secret):
        raise NotAccepted(
            "No Xero app is known: register one at Xero's developer site with the redirect address "
            f"{services.environment.redirect_uri}, then set XERO_BRIDGE_XERO_CLIENT_ID and "
            "XERO_BRIDGE_XERO_CLIENT_SECRET, or give both to the connection.",
            field="xero_client_id",
        )
    return app
