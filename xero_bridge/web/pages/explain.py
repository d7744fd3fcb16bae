"""Explain: one search box for any number, name, amount or id."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from xero_bridge.operations import connections
from xero_bridge.operations import explain as explaining
from xero_bridge.web.access import within_reach
from xero_bridge.web.here import services

blueprint = Blueprint("explain", __name__, url_prefix="/explain")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Where the records stand that the text names, in all connections within reach or in one."""
    names = within_reach(view.name for view in connections.views(services()))
    text, chosen = request.args.get("text", "").strip(), request.args.get("connection", "")
    searched = [name for name in names if not chosen or name == chosen] if text else []
    return render_template(
        "explain.html",
        text=text,
        names=names,
        chosen=chosen,
        explanations=[explaining.explain(services(), name, text) for name in searched],
    )
