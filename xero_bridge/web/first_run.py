"""The first account: made by whoever can read what the bridge printed when it was started."""

from __future__ import annotations

import hashlib
import hmac

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from xero_bridge.operations import users
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.operations.services import By, Services
from xero_bridge.web.here import done, given, services
from xero_bridge.web.identity import ATTEMPTS, limiter, no_users

blueprint = Blueprint("first_run", __name__)


def first_run_code(services: Services) -> str:
    """The code that the first-run page asks for: the same in every process, useless afterwards."""
    key = services.environment.secret_key.encode()
    digest = hmac.digest(key, b"first account", hashlib.sha256).hex().upper()
    return f"{digest[:4]}-{digest[4:8]}-{digest[8:12]}"


@blueprint.route("/first-run", methods=["GET", "POST"])
@limiter.limit(ATTEMPTS, methods=["POST"])
def index() -> ResponseReturnValue:
    """Make the first account; there is no such page once somebody has one."""
    if not no_users():
        abort(404)
    problems: dict[str, str] = {}
    if request.method == "POST":
        problems = _problems()
        if not problems:
            return done("The account is made: sign in with it.", "security.login")
    status = 422 if problems else 200
    return render_template("first_run.html", problems=problems, values=request.form), status


def _problems() -> dict[str, str]:
    code = given("code").upper().encode()
    if not hmac.compare_digest(code, first_run_code(services()).encode()):
        return {"code": "This is not the code that was printed when the bridge was started."}
    try:
        users.create(
            services(),
            given("email"),
            request.form.get("password", ""),
            "admin",
            by=By("first run"),
        )
    except NotAccepted as error:
        return {error.field or "email": str(error)}
    return {}
