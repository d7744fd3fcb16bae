"""The plain path from nothing to live: every step can be left and opened again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from xero_bridge.core.errors import BridgeError
from xero_bridge.operations import access, connections, consent, settings, setup, status
from xero_bridge.operations.access import NewAccess
from xero_bridge.operations.connections import NewConnection
from xero_bridge.operations.mappings import account_choices
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.web.here import by, done, given, services
from xero_bridge.web.pages.past import past

blueprint = Blueprint("setup", __name__, url_prefix="/setup")
#: Settings of the set-up path; all others have good defaults.
_FIRST = ("start_date", "sales_account", "rounding_account")


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Where the set-up begins."""
    return redirect(url_for("setup.new"))


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Add a connection after a live look at its Perfex site."""
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            view = connections.add(services(), _given(), by=by())
        except NotAccepted as error:
            problems = {error.field or "perfex_url": str(error)}
        except BridgeError as error:
            problems = {_FIELDS.get(error.reason, "perfex_url"): str(error)}
        else:
            return done(
                f"Perfex at {view.perfex_url} answers (module {view.perfex_version}).",
                "setup.steps",
                name=view.name,
            )
    environment = services().environment
    shown = render_template(
        "setup_new.html",
        problems=problems,
        values=request.form,
        redirect_uri=environment.redirect_uri,
        has_app=bool(environment.xero_client_id),
        has_token=bool(environment.perfex_token),
    )
    return shown, 422 if problems else 200


#: Reason of a failed look -> the field that it is about.
_FIELDS = {
    "perfex_token_wrong": "perfex_token",
    "perfex_forbidden": "perfex_token",
    "address_private": "allow_private_address",
}


def _given() -> NewConnection:
    return NewConnection(name=given("name"), **_given_access())


def _given_access() -> dict[str, Any]:
    texts = ("perfex_url", "perfex_token", "xero_client_id", "xero_client_secret")
    return {
        "allow_private_address": bool(given("allow_private_address")),
        **{name: given(name) for name in texts},
    }


@blueprint.get("/<name>")
def steps(name: str) -> ResponseReturnValue:
    """All steps with what each has reached."""
    return _steps(name, {})


def _steps(name: str, problems: dict[str, str]) -> ResponseReturnValue:
    values = {view.key: view for view in settings.setting_views(services(), name)}
    reached = setup.setup_view(services(), name)
    shown = render_template(
        "setup.html",
        setup=reached,
        status=status.status(services(), name),
        organisations=consent.organisations(services(), name),
        settings={key: values[key] for key in _FIRST},
        accounts=account_choices(services(), name),
        history=past(name, values["start_date"].value, unasked=not reached.connection.live),
        start=values["start_date"].value,
        problems=problems,
        redirect_uri=services().environment.redirect_uri,
    )
    return shown, 422 if problems else 200


@blueprint.post("/<name>/settings")
def save(name: str) -> ResponseReturnValue:
    """Keep the settings of the set-up path."""
    wanted = {key: given(key) for key in _FIRST if key in request.form}
    try:
        changed = settings.set_settings(services(), name, wanted, by=by())
    except NotAccepted as error:
        return _steps(name, {error.field or "start_date": str(error)})
    if changed:
        flash("Saved. The next run plans with it.", "good")
    return redirect(url_for("setup.steps", name=name))


@blueprint.route("/<name>/access", methods=["GET", "POST"])
def access_page(name: str) -> ResponseReturnValue:
    """Give another token, address or app at Xero."""
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            changed = access.change(services(), name, NewAccess(**_given_access()), by=by())
        except NotAccepted as error:
            problems = {error.field or "perfex_url": str(error)}
        except BridgeError as error:
            problems = {_FIELDS.get(error.reason, "perfex_url"): str(error)}
        else:
            told = f"Changed: {' and '.join(changed)}." if changed else "Nothing was changed."
            return done(told, "setup.steps", name=name)
    view = connections.view(services(), name)
    shown = render_template(
        "setup_access.html", name=name, view=view, problems=problems, values=request.form
    )
    return shown, 422 if problems else 200
