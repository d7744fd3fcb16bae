"""Every table of the bridge at /admin/: to search, sort, filter and, here and there, to edit."""

from __future__ import annotations

import warnings

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme

from xero_bridge.store import models
from xero_bridge.web.headers import nonce
from xero_bridge.web.tables import views
from xero_bridge.web.tables.base import Start
from xero_bridge.web.tables.mapping import MappingTable
from xero_bridge.web.tables.setting import SettingTable

_TABLES = (
    (MappingTable, models.Link, "Mappings", "mapping"),
    (SettingTable, models.Setting, "Settings", "setting"),
    (views.RunTable, models.Run, "Runs", "run"),
    (views.ActionTable, models.Action, "Actions", "action"),
    (views.RecordTable, models.Record, "Records", "record"),
    (views.CallTable, models.Call, "Calls", "call"),
    (views.AuditTable, models.Audit, "Who did what", "audit"),
)


def init_app(app: Flask) -> None:
    """Make the tables and their pages."""
    admin = Admin(
        app,
        name="Xero Bridge",
        theme=Bootstrap4Theme(base_template="tables/base.html", fluid=True),
        index_view=Start(name="Tables"),
        csp_nonce_generator=nonce,
    )
    db = app.extensions["sqlalchemy"]
    with app.app_context(), warnings.catch_warnings():
        # It warns of fields that our own forms leave out on purpose.
        warnings.filterwarnings("ignore", "Fields missing from ruleset", UserWarning)
        for view, model, name, path in _TABLES:
            admin.add_view(view(model, db, name=name, endpoint=path, url=f"/admin/{path}"))
