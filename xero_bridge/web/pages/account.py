"""What people do about their own account: password and colours."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from xero_bridge.web.here import back, given, person, services
from xero_bridge.web.words import THEMES

blueprint = Blueprint("account", __name__)
_YEAR = 365 * 24 * 3600


@blueprint.get("/account")
def index() -> ResponseReturnValue:
    """Who I am and what I may do."""
    return render_template("account.html", roles=[role.name for role in person.roles])


@blueprint.post("/account/theme")
def theme() -> ResponseReturnValue:
    """Keep the colours that this browser wants."""
    answer = make_response(redirect(back(url_for("home.index"))))
    chosen = given("theme")
    if chosen in THEMES:
        secure = services().environment.is_https
        answer.set_cookie("theme", chosen, _YEAR, secure=secure, httponly=True, samesite="Lax")
    return answer
