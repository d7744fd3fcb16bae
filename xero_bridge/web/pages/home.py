"""Home: one sentence per connection first, then the figures."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from xero_bridge.operations import connections, status
from xero_bridge.web.access import within_reach
from xero_bridge.web.here import services

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Every connection in one look."""
    names = within_reach(view.name for view in connections.views(services()))
    shown = [status.status(services(), name) for name in names]
    return render_template("home.html", statuses=shown)
