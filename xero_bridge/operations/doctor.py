"""Checks of all that has to be right: settings, database, both sides, mappings, the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from urllib.parse import urlsplit

import msgspec
import sqlalchemy as sa

from xero_bridge.core.errors import BridgeError
from xero_bridge.operations import connections, mappings
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.rows import connection_names, connection_row, reading
from xero_bridge.operations.services import Services
from xero_bridge.store.identity import User
from xero_bridge.store.migrating import is_current
from xero_bridge.store.models import Connection


class Verdict(StrEnum):
    """What a check found."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One check: what was looked at, for which connection, and what was found."""

    check: str
    connection: str
    verdict: Verdict
    text: str


Said = tuple[Verdict, str]
_APART = timedelta(minutes=2)
_LOCAL = ("localhost", "127.0.0.1", "::1")


def examine(services: Services) -> Iterator[Finding]:
    """Every check in order; later ones are left out where an earlier one makes them useless."""
    yield _checked("settings", "", lambda: _settings(services))
    database = _checked("database", "", lambda: _database(services))
    yield database
    if database.verdict is Verdict.BAD:
        return
    yield _checked("users", "", lambda: _users(services))
    yield _checked("clock", "", lambda: _clock(services))
    with reading(services) as session:
        names = connection_names(session)
    for name in names:
        for check, look in _OF_A_CONNECTION.items():
            yield _checked(check, name, partial(look, services, name))


def _checked(check: str, connection: str, look: Callable[[], Said]) -> Finding:
    try:
        verdict, text = look()
    except (BridgeError, NotAccepted) as error:
        verdict, text = Verdict.BAD, str(error)
    return Finding(check=check, connection=connection, verdict=verdict, text=text)


def _settings(services: Services) -> Said:
    of = services.environment
    told = f"Redirect address for the app at Xero: {of.redirect_uri}"
    if not of.is_https and urlsplit(of.base_url).hostname not in _LOCAL:
        return Verdict.WARNING, f"{told}. Xero takes only https there: set XERO_BRIDGE_BASE_URL."
    return Verdict.GOOD, f"{told}."


def _database(services: Services) -> Said:
    where = services.database.engine.url.render_as_string(hide_password=True)
    if not is_current(services.database.engine):
        return Verdict.BAD, f"{where} is not up to date: run `flask --app app db upgrade`."
    return Verdict.GOOD, f"{where} is up to date."


def _users(services: Services) -> Said:
    with reading(services) as session:
        count = session.scalar(sa.select(sa.func.count(User.id)))
    if not count:
        return Verdict.WARNING, "Nobody may sign in yet: run `flask --app app user create`."
    return Verdict.GOOD, f"{count} may sign in."


def _clock(services: Services) -> Said:
    now = services.clock.now()
    if now.tzinfo is None or now < datetime(2026, 1, 1, tzinfo=UTC):
        return Verdict.BAD, f"This machine believes that it is {now}: set its clock."
    return Verdict.GOOD, f"It is {now:%Y-%m-%d %H:%M} UTC."


def _perfex(services: Services, name: str) -> Said:
    with reading(services) as session:
        row = connection_row(session, name)
    site = services.connector.check_perfex(
        row.perfex_url, row.perfex_token or "", allow_private=row.allow_private_address
    )
    late = _lateness(services, row)
    if late:
        return Verdict.WARNING, f"{site.url} answers, but its clock and ours differ by {late}."
    pinned = connections.view(services, name).perfex_version
    changed = f" (it was {pinned})" if pinned and pinned != site.version else ""
    return Verdict.GOOD, f"{site.url} answers: REST API module {site.version}{changed}."


def _lateness(services: Services, row: Connection) -> str:
    """How far the clocks of both machines are apart, where that matters; else empty."""
    told = services.connector.time_of(row.perfex_url, allow_private=row.allow_private_address)
    apart = abs(told - services.clock.now()) if told else timedelta()
    return f"{apart.total_seconds() / 60:.0f} minutes" if apart > _APART else ""


def _xero(services: Services, name: str) -> Said:
    with services.connector.remotes(name, None) as remotes:
        found = remotes.xero.organisation()
    return Verdict.GOOD, f"{found.name} answers; base currency {found.base_currency}."


def _setup(services: Services, name: str) -> Said:
    view = connections.view(services, name)
    if view.stage == "live":
        return Verdict.GOOD, f"Live since {view.live_at:%Y-%m-%d}."
    if view.stage == "settings":
        with reading(services) as session:
            missing = connections.missing_settings(session, connection_row(session, name))
        return Verdict.WARNING, f"Still to be set before going live: {', '.join(missing)}."
    return Verdict.WARNING, f"Not live ({view.stage.replace('_', ' ')}): nothing is written."


def _mappings(services: Services, name: str) -> Said:
    views = mappings.mapping_views(services, name)
    broken = [view for view in views if view.state == "broken" and view.used]
    if broken:
        return Verdict.BAD, " ".join(f"{view.perfex}: {view.trouble}" for view in broken)
    missing = [view.perfex for view in views if view.state == "unmapped" and view.used]
    if missing:
        return Verdict.WARNING, f"In use and not mapped: {', '.join(missing)}."
    return Verdict.GOOD, f"{sum(view.state == 'mapped' for view in views)} mappings."


_OF_A_CONNECTION: dict[str, Callable[[Services, str], Said]] = {
    "perfex": _perfex,
    "xero": _xero,
    "setup": _setup,
    "mappings": _mappings,
}
