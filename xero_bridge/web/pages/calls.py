"""The log of calls to both sides."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from xero_bridge.operations import reports, status
from xero_bridge.web.here import services
from xero_bridge.web.pages.paging import page_number

blueprint = Blueprint("calls", __name__, url_prefix="/calls")


@blueprint.get("/<name>")
def index(name: str) -> ResponseReturnValue:
    """Requests of a connection, newest first, and how many of today."""
    since = services().clock.now() - timedelta(days=1)
    return render_template(
        "calls.html",
        name=name,
        page=reports.call_views(services(), name, page=page_number()),
        used=reports.calls_since(services(), name, since),
        left=status.status(services(), name).calls_left,
    )
