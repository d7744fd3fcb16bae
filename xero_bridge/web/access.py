"""Who may see and do what: everything is closed unless this page says otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import Any

import sqlalchemy as sa
from flask import Flask, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from xero_bridge.operations.rows import reading
from xero_bridge.store import models
from xero_bridge.web.here import person, services


class Rank(IntEnum):
    """Roles in rising order; each may do what those below may."""

    NOBODY = 0
    VIEWER = 1
    OPERATOR = 2
    ADMIN = 3


#: Open to strangers: each looks after itself (the callback by its state, say).
PUBLIC = frozenset(
    {
        "static",
        "admin.static",
        "security.login",
        "first_run.index",
        "health.alive",
        "health.ready",
        "consent.callback",
    }
)
#: What anybody who is signed in may do about their own account.
_OWN = frozenset({"security.logout", "security.change_password", "account.theme", "account.index"})
#: Addresses (an endpoint, or a blueprint with all of its own) that only administrators use.
_ADMIN = frozenset(
    {
        "users",
        "setup.new",
        "setup.access_page",
        "connection.go_live",
        "connection.remove",
        "connection.disconnect",
        "connection.reset_links",
        "connection.restore",
    }
)
#: Answers to GET that begin something.
_ACTING = frozenset({"consent.connect", "consent.organisation"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def rank() -> Rank:
    """The highest role of whoever is asking."""
    # There is no user at all while the application is put together.
    if not person or not person.is_authenticated:
        return Rank.NOBODY
    held = {role.name.upper() for role in person.roles}
    return max((rank for rank in Rank if rank.name in held), default=Rank.NOBODY)


def may(role: str) -> bool:
    """Whether whoever is asking has this role or a higher one (for templates)."""
    return rank() >= Rank[role.upper()]


def reachable_ids() -> list[int] | None:
    """The connections (by row) that whoever is asking is limited to; None: all of them."""
    if not person.is_authenticated:
        return []
    return [one.connection_id for one in person.access] or None


def reachable_names() -> frozenset[str] | None:
    """The same, by name."""
    ids = reachable_ids()
    if ids is None:
        return None
    wanted = sa.select(models.Connection.name).where(models.Connection.id.in_(ids))
    with reading(services()) as session:
        return frozenset(session.scalars(wanted))


def within_reach(names: Iterable[str]) -> list[str]:
    """Those of these connections that whoever is asking may see."""
    reached = reachable_names()
    return [name for name in names if reached is None or name in reached]


def reaches(name: str) -> bool:
    """Whether whoever is asking may see this connection."""
    return bool(within_reach([name]))


def needed(endpoint: str, method: str) -> Rank:
    """The role that an address asks for."""
    blueprint = endpoint.partition(".")[0]
    if endpoint in _OWN:
        return Rank.NOBODY
    if endpoint in _ADMIN or blueprint in _ADMIN:
        return Rank.ADMIN
    if method not in _SAFE or endpoint in _ACTING:
        return Rank.OPERATOR
    return Rank.VIEWER


def init_app(app: Flask) -> None:
    """Check every request before anything else looks at it."""
    app.before_request(_refuse_nul)
    app.before_request(_check)
    app.jinja_env.globals["may"] = may


def _refuse_nul() -> None:
    """No person types it, and PostgreSQL takes it in no text."""
    sent = (request.args, request.form)
    texts = (value for values in sent for each in values.listvalues() for value in each)
    if "\x00" in request.path or any("\x00" in text for text in texts):
        abort(400)


def _check() -> ResponseReturnValue | None:
    endpoint = request.endpoint
    if endpoint is None or endpoint in PUBLIC:
        return None
    if not person.is_authenticated:
        return _to_login()
    if rank() < needed(endpoint, request.method):
        abort(403)
    name = (request.view_args or {}).get("name")
    if name is not None and not reaches(name):
        # The same answer as for a connection that does not exist.
        abort(404)
    return None


def _to_login() -> ResponseReturnValue:
    if request.headers.get("HX-Request"):
        # A fragment that polls must not be replaced by a whole page.
        abort(401)
    target: dict[str, Any] = {}
    if request.method in _SAFE and request.path != "/":
        target["next"] = request.full_path.rstrip("?")
    return redirect(url_for("security.login", **target))
