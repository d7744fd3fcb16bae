"""The pages for people: one file per task."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

from xero_bridge.web import first_run

_PAGES = (
    *(
        "home",
        "connection",
        "setup",
        "consent",
        "plan",
        "proof",
        "explain",
        "questions",
        "records",
        "runs",
    ),
    "sheets",
    *("mappings", "settings", "calls", "users", "account", "health"),
)


def init_app(app: Flask) -> None:
    """Add every page."""
    for name in _PAGES:
        app.register_blueprint(import_module(f"{__name__}.{name}").blueprint)
    app.register_blueprint(first_run.blueprint)
