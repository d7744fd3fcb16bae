"""Home: one sentence per connection first, then the figures."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from xero_bridge.operations import status
from xero_bridge.web.access import reachable_names
from xero_bridge.web.here import services

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Every connection in one look."""
    within = reachable_names()
    shown = [
        each
        for each in status.statuses(services())
        if within is None or each.connection.name in within
    ]
    return render_template("home.html", statuses=shown)
