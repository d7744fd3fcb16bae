"""The dashboard: pages, tables, sign-in."""

from __future__ import annotations

from flask import Flask

from xero_bridge.operations.services import Services


def init_app(app: Flask, services: Services) -> None:
    """Add the dashboard to an application whose database is open; starts no thread.

    The services are found again under `app.extensions["xero_bridge"]`.
    """
    # Imported late: commands do not wait for pages that they never show.
    from xero_bridge.web import access, errors, headers, identity, pages, tables, words

    app.extensions["xero_bridge"] = services
    headers.init_app(app, secure=services.environment.is_https)
    identity.init_app(app, services)
    access.init_app(app)
    words.init_app(app)
    errors.init_app(app)
    pages.init_app(app)
    tables.init_app(app)
