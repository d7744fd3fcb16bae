"""What a request has at hand: the services, who is asking, and where to go next."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlsplit

from flask import Response, current_app, flash, g, redirect, request, url_for
from flask_login import current_user

from xero_bridge.operations.rows import store_of
from xero_bridge.operations.services import By, Services
from xero_bridge.operations.shelf import Shelf

#: Who is signed in; Flask-Login's types do not know that ours have an address and roles.
person: Any = current_user


def services() -> Services:
    """What operations of this application work with."""
    return cast(Services, current_app.extensions["xero_bridge"])


def by() -> By:
    """Who is asking, for the audit."""
    if not person.is_authenticated:
        return By("somebody who is not signed in")
    return By(str(person.email), int(person.id))


def shelf_of(name: str) -> Shelf:
    """Reference records of a connection, read once per request."""
    shelves: dict[str, Shelf] = g.setdefault("shelves", {})
    if name not in shelves:
        shelves[name] = Shelf(store_of(services(), name))
    return shelves[name]


def given(name: str) -> str:
    """A form value without blanks around it; empty where it was not sent."""
    return request.form.get(name, "").strip()


def back(fallback: str) -> str:
    """The page of ours that the person came from, else `fallback`."""
    came = urlsplit(request.referrer or "")
    if came.netloc != request.host or came.path == request.path:
        return fallback
    return f"{came.path}?{came.query}" if came.query else came.path


def done(message: str, endpoint: str, **values: Any) -> Response:  # noqa: ANN401 - parts of the address
    """Say what was done and show a page."""
    flash(message, "good")
    return cast(Response, redirect(url_for(endpoint, **values)))
