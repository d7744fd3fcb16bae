"""Connecting with Xero: off to its consent page, back again, and the choice of the organisation."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from xero_bridge.core.consent import Started
from xero_bridge.core.errors import BridgeError, NotConnected
from xero_bridge.operations import consent, runs, scopes
from xero_bridge.operations.consent import Connected
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.web.errors import page
from xero_bridge.web.here import by, given, services

blueprint = Blueprint("consent", __name__, url_prefix="/xero")
#: Where the session keeps consents that have begun: state -> connection and what to compare.
_BEGUN = "consents"
_MOST = 5


@blueprint.get("/connect/<name>")
def connect(name: str) -> ResponseReturnValue:
    """Send the browser to Xero's consent page."""
    try:
        started = consent.start(services(), name)
    except (BridgeError, NotAccepted) as error:
        flash(str(error), "bad")
        return redirect(url_for("setup.steps", name=name))
    begun: dict[str, Any] = dict(list(session.get(_BEGUN, {}).items())[-_MOST + 1 :])
    begun[started.state] = {"name": name, "started": msgspec.to_builtins(started)}
    session[_BEGUN] = begun
    return redirect(started.url)


@blueprint.get("/callback")
def callback() -> ResponseReturnValue:
    """What Xero answers with; only a consent begun in this browser is taken."""
    begun: dict[str, Any] = dict(session.get(_BEGUN, {}))
    found = begun.pop(request.args.get("state", ""), None)
    session[_BEGUN] = begun
    if found is None:
        return page(400, "This consent was not begun here", str(NotConnected("consent_foreign")))
    name = str(found["name"])
    started = msgspec.convert(found["started"], Started)
    try:
        connected = consent.finish(services(), name, started, request.args.to_dict(), by=by())
    except (BridgeError, NotAccepted) as error:
        flash(str(error), "bad")
        return redirect(url_for("setup.steps", name=name))
    if not connected.organisation:
        return redirect(url_for("consent.organisation", name=name))
    return _connected(name, connected)


@blueprint.route("/organisation/<name>", methods=["GET", "POST"])
def organisation(name: str) -> ResponseReturnValue:
    """Choose one of the organisations that the consent reached."""
    problem = ""
    if request.method == "POST":
        try:
            return _connected(name, consent.choose(services(), name, given("tenant_id"), by=by()))
        except NotAccepted as error:
            problem = str(error)
    reached = consent.organisations(services(), name)
    if not reached and not problem:
        return redirect(url_for("setup.steps", name=name))
    shown = render_template("organisation.html", name=name, organisations=reached, problem=problem)
    return shown, 422 if problem else 200


def _connected(name: str, connected: Connected) -> ResponseReturnValue:
    """Say who it is, and have both sides looked at: nothing is written before going live."""
    flash(f"{name} is connected with {connected.organisation}.", "good")
    if connected.missing:
        flash(f"Xero did not grant: {', '.join(connected.missing)}.", "bad")
    runs.request(services(), name, scopes.scope_of(trigger="person"), by=by())
    return redirect(url_for("setup.steps", name=name))
