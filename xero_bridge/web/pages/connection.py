"""One connection: its state, its runs on demand, and everything that switches it on and off."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from xero_bridge.core.vocabulary import RunState
from xero_bridge.operations import connections, consent, reset, runs, scopes, status
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.reset import snapshots
from xero_bridge.operations.status import Status
from xero_bridge.web.here import back, by, done, given, services

blueprint = Blueprint("connection", __name__, url_prefix="/connections")
#: Tells htmx 2 to stop polling; version 4 stops because the fragment no longer asks.
_STOP_POLLING = 286


@blueprint.get("/<name>")
def index(name: str) -> ResponseReturnValue:
    """The state of one connection and what can be done with it."""
    return render_template(
        "connection.html",
        status=status.status(services(), name),
        snapshots=snapshots(services(), name),
        ends_grant=consent.ends_grant(services(), name),
    )


@blueprint.get("/<name>/progress")
def progress(name: str) -> ResponseReturnValue:
    """How far the run is, as a part of a page that asks again until it has ended."""
    found = status.status(services(), name)
    refresh = "refresh" in request.args
    answer = make_response(
        render_template("parts/progress.html", status=found, refresh=refresh, asked_again=True)
    )
    if not is_going_on(found):
        answer.status_code = _STOP_POLLING
        if refresh:
            answer.headers["HX-Refresh"] = "true"
    return answer


def is_going_on(found: Status) -> bool:
    """Whether a run is going on or about to begin."""
    last = found.last_run
    return found.waiting or (last is not None and last.state is RunState.RUNNING)


@blueprint.app_template_test("going_on")
def _going_on(found: Status) -> bool:
    return is_going_on(found)


@blueprint.post("/<name>/sync")
def sync(name: str) -> ResponseReturnValue:
    """Have everything (or one kind) looked at now."""
    kinds = (given("kind"),) if given("kind") else ()
    runs.request(services(), name, scopes.scope_of(kinds=kinds, trigger="person"), by=by())
    flash("A run was asked for. It begins at once, or after the one that is going on.", "good")
    return redirect(back(url_for("connection.index", name=name)))


@blueprint.post("/<name>/go-live")
def go_live(name: str) -> ResponseReturnValue:
    """Let runs write from now on, and begin the first one that does."""
    view = connections.view(services(), name)
    connections.go_live(services(), name, by=by())
    if not view.live:
        runs.request(services(), name, scopes.scope_of(trigger="person"), by=by())
    return done(
        f"{name} is live: the first run that writes begins now.", "connection.index", name=name
    )


@blueprint.post("/<name>/pause")
def pause(name: str) -> ResponseReturnValue:
    """Take the connection off the schedule."""
    connections.pause(services(), name, by=by())
    return done(f"{name} is paused.", "connection.index", name=name)


@blueprint.post("/<name>/resume")
def resume(name: str) -> ResponseReturnValue:
    """Put the connection back on the schedule."""
    connections.resume(services(), name, by=by())
    return done(f"{name} is on the schedule again.", "connection.index", name=name)


@blueprint.post("/<name>/reset")
def reset_links(name: str) -> ResponseReturnValue:
    """Forget what is linked, after a snapshot; with `hard`, mappings and settings too."""
    hard = given("hard") in ("on", "1", "true", "yes")
    if hard and given("typed") != name:
        raise NotAccepted(f"To reset everything, type the name of the connection: {name}.")
    kinds = (given("kind"),) if given("kind") else ()
    kept = reset.reset(services(), name, kinds=kinds, hard=hard, by=by())
    return done(
        f"{kept.links:,} links were put into snapshot {kept.id} and forgotten. "
        "Press Sync now: records are linked again, not created again.",
        "connection.index",
        name=name,
    )


@blueprint.post("/<name>/snapshots/<int:snapshot>/restore")
def restore(name: str, snapshot: int) -> ResponseReturnValue:
    """Put back what a reset dropped."""
    put_back = reset.restore(services(), name, snapshot, by=by())
    return done(f"{put_back.links:,} links are back.", "connection.index", name=name)


@blueprint.post("/<name>/disconnect")
def disconnect(name: str) -> ResponseReturnValue:
    """Cut the organisation off; links and settings stay."""
    return done(consent.disconnect(services(), name, by=by()), "connection.index", name=name)


@blueprint.post("/<name>/remove")
def remove(name: str) -> ResponseReturnValue:
    """Disconnect and forget the connection; its name has to be typed."""
    if given("typed") != name:
        raise NotAccepted(f"To remove the connection, type its name: {name}.")
    return done(connections.remove(services(), name, by=by()), "home.index")
