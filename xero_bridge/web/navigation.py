"""The links of the header and of one connection's pages."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from flask import request, url_for

from xero_bridge.operations.rows import reading
from xero_bridge.store import models
from xero_bridge.web.access import may, reachable_ids
from xero_bridge.web.here import services


class Link(NamedTuple):
    """One entry of a navigation."""

    words: str
    href: str
    current: bool
    waiting: int = 0


def navigation() -> list[Link]:
    """The links of the header."""
    here = (request.endpoint or "").partition(".")[0]
    links = [
        Link("Home", url_for("home.index"), here == "home"),
        Link("Questions", url_for("questions.index"), here == "questions", waiting_for_you()),
        Link("Explain", url_for("explain.index"), here == "explain"),
        Link("Tables", url_for("admin.index"), request.path.startswith("/admin/")),
    ]
    if may("admin"):
        links.append(Link("Users", url_for("users.index"), here == "users"))
    return links


def waiting_for_you() -> int:
    """Open questions and guard stops of the connections within reach."""
    asked = sa.select(models.Question.connection_id).where(models.Question.state == "open")
    stopped = sa.select(models.GuardStop.connection_id)
    ids = reachable_ids()
    with reading(services()) as session:
        found = [*session.scalars(asked), *session.scalars(stopped)]
    return sum(1 for id in found if ids is None or id in ids)


_TABS = (
    ("Overview", "connection.index"),
    ("Plan", "plan.index"),
    ("Proof", "proof.index"),
    ("Records", "records.index"),
    ("Runs", "runs.index"),
    ("Mappings", "mappings.index"),
    ("Settings", "settings.index"),
    ("Calls", "calls.index"),
    ("Set-up", "setup.steps"),
)


def tabs(name: str) -> list[Link]:
    """The pages of one connection."""
    here = (request.endpoint or "").partition(".")[0]
    return [
        Link(words, url_for(endpoint, name=name), endpoint.partition(".")[0] == here)
        for words, endpoint in _TABS
    ]
