"""Runs and what each of them did."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from xero_bridge.operations import reports
from xero_bridge.web.here import services
from xero_bridge.web.pages.paging import page_number

blueprint = Blueprint("runs", __name__, url_prefix="/runs")


@blueprint.get("/<name>")
def index(name: str) -> ResponseReturnValue:
    """Runs of a connection, newest first."""
    page = reports.run_views(services(), name, page=page_number())
    return render_template("runs.html", name=name, page=page)


@blueprint.get("/<name>/<int:run_id>")
def show(name: str, run_id: int) -> ResponseReturnValue:
    """One run with its actions."""
    return render_template(
        "run.html",
        name=name,
        run=reports.run_view(services(), name, run_id),
        page=reports.action_views(services(), name, run_id=run_id, page=page_number()),
    )
