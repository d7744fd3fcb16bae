"""The pages for people: one file per task."""

from __future__ import annotations

from flask import Flask

from xero_bridge.web import first_run
from xero_bridge.web.pages import (
    account,
    calls,
    connection,
    consent,
    health,
    home,
    mappings,
    plan,
    questions,
    records,
    runs,
    settings,
    setup,
    users,
)


def init_app(app: Flask) -> None:
    """Add every page."""
    for module in (
        *(home, connection, setup, consent, plan, questions, records, runs, mappings, settings),
        *(calls, users, account, first_run, health),
    ):
        app.register_blueprint(module.blueprint)
