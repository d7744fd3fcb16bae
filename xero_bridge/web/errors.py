"""What went wrong, in our look and in words: never a stack trace."""

from __future__ import annotations

import secrets

import structlog
from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from xero_bridge.core.errors import BridgeError
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.web.here import back

LOG = structlog.get_logger(__name__)

_WORDS = {
    400: ("This cannot be read", "The request was not understood.", "Go back and try again."),
    401: ("Signed out", "You are no longer signed in.", "Sign in again."),
    403: (
        "Not allowed",
        "Your account may not do this.",
        "Ask an administrator of this bridge for the role that may.",
    ),
    404: (
        "Not found",
        "There is nothing at this address.",
        "It may have been removed, or the address was typed wrong.",
    ),
    405: ("Not possible", "This address does not work this way.", "Use the buttons of the pages."),
    413: ("Too large", "More was sent than the bridge takes.", ""),
    429: ("Too many attempts", "There were too many attempts.", "Wait a minute, then try again."),
}


def init_app(app: Flask) -> None:
    """Answer every failure with a page."""
    app.register_error_handler(NotAccepted, _not_accepted)
    app.register_error_handler(BridgeError, _trouble)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def page(status: int, title: str, message: str, advice: str = "") -> ResponseReturnValue:
    """A page that says what is wrong and what to do."""
    try:
        shown = render_template("error.html", title=title, message=message, advice=advice)
    except (BridgeError, SQLAlchemyError):
        # Without a database there is neither a person nor a navigation to show.
        shown = _BARE.format(title=title, message=message, advice=advice)
    return shown, status


_BARE = Markup(
    '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>{title} · Xero Bridge</title>'
    "<main><h1>{title}</h1><p>{message}</p><p>{advice}</p></main></html>"
)


def _not_accepted(error: NotAccepted) -> ResponseReturnValue:
    if request.method == "POST":
        return _tell(str(error))
    return page(404, "Not found", str(error))


def _trouble(error: BridgeError) -> ResponseReturnValue:
    if request.method == "POST":
        return _tell(str(error))
    return page(503, "Not possible now", str(error))


def _tell(message: str) -> ResponseReturnValue:
    flash(message, "bad")
    return redirect(back(url_for("home.index")))


def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    return page(
        400,
        "This form is out of date",
        "The form was opened in another session, or too long ago; nothing was changed.",
        "Open the page again and repeat what you did.",
    )


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < _CLIENT:
        return error
    words = _WORDS.get(error.code, (error.name, error.description or "", ""))
    return page(error.code, *words)


_CLIENT = 400


def _unexpected(error: Exception) -> ResponseReturnValue:
    number = secrets.token_hex(4)
    LOG.error("page failed", number=number, path=request.path, exc_info=error)
    return page(
        500,
        "Something unexpected happened",
        f"It is not your fault. The log has it as {number}.",
        "Try again; if it stays, report that number with what you did.",
    )
