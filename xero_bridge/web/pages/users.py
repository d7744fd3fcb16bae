"""People who may sign in: for administrators."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from xero_bridge.operations import connections, users
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.store.identity import ROLES
from xero_bridge.web.here import by, done, given, services

blueprint = Blueprint("users", __name__, url_prefix="/users")


@blueprint.route("", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """Everybody who may sign in, and a form for one more."""
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            return _create()
        except NotAccepted as error:
            problems = {error.field or "email": str(error)}
    shown = render_template(
        "users.html",
        users=users.views(services()),
        roles=ROLES,
        connections=[view.name for view in connections.views(services())],
        problems=problems,
        values=request.form,
    )
    return shown, 422 if problems else 200


def _create() -> ResponseReturnValue:
    view = users.create(
        services(),
        given("email"),
        request.form.get("password", ""),
        given("role"),
        connections=request.form.getlist("connections"),
        by=by(),
    )
    return done(f"{view.email} may sign in now.", "users.index")


@blueprint.post("/role")
def role() -> ResponseReturnValue:
    """Give a user another role."""
    view = users.set_role(services(), given("email"), given("role"), by=by())
    return done(f"{view.email} is {', '.join(view.roles)} now.", "users.index")


@blueprint.post("/active")
def active() -> ResponseReturnValue:
    """Let a user sign in, or not any more."""
    wanted = given("active") == "yes"
    view = users.set_active(services(), given("email"), active=wanted, by=by())
    told = "may sign in again" if view.active else "can no longer sign in"
    return done(f"{view.email} {told}.", "users.index")


@blueprint.post("/password")
def password() -> ResponseReturnValue:
    """Give a user another password."""
    chosen = request.form.get("password", "")
    users.set_password(services(), given("email"), chosen, by=by())
    return done(f"{given('email')} has a new password.", "users.index")
