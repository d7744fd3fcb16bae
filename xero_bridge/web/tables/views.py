"""Tables that are only looked at: runs, actions, records, calls, the audit."""

from __future__ import annotations

from typing import Any

from flask import url_for
from markupsafe import Markup

from xero_bridge.core.reasons import headline
from xero_bridge.store import models
from xero_bridge.web import words
from xero_bridge.web.access import reachable_names
from xero_bridge.web.tables.base import Table

Row = Any


def _state(_view: Any, _context: Any, row: Row, _name: str) -> Markup:
    return words.state(row.state)


def _kind(_view: Any, _context: Any, row: Row, _name: str) -> str:
    return words.kind_word(row.kind)


def _money(_view: Any, _context: Any, row: Row, _name: str) -> Markup:
    return Markup('<span class="num">{}</span>').format(words.money(row.amount, row.currency))


def _reason(_view: Any, _context: Any, row: Row, _name: str) -> str:
    if not row.reason:
        return ""
    details = getattr(row, "reason_details", None) or {"label": row.label}
    return headline(row.reason, details)


def _tally(_view: Any, _context: Any, row: Row, name: str) -> str:
    return words.tally(getattr(row, name) or {})


def _record(_view: Any, _context: Any, row: Row, _name: str) -> Markup:
    href = url_for(
        "records.show", name=row.connection.name, kind=row.kind, side=row.side, id=row.remote_id
    )
    return Markup('<a href="{}">{}</a>').format(href, row.label or row.remote_id)


def _run(_view: Any, _context: Any, row: Row, _name: str) -> Markup:
    href = url_for("runs.show", name=row.connection.name, run_id=row.id)
    return Markup('<a href="{}">{}</a>').format(href, row.id)


class RunTable(Table):
    """Runs, the newest first."""

    lede = "Every run: when, why, what it did, what it cost."
    column_list = (
        *("id", "connection.name", "state", "trigger", "started_at", "ended_at", "done"),
        *("questions", "xero_calls", "perfex_calls", "error"),
    )
    column_details_list = (*column_list, "planned", "resumes_at", "dry")
    column_labels = {"connection.name": "Connection", "id": "Run"}
    column_default_sort = ("id", True)
    column_filters = ("connection.name", "state", "trigger")
    column_select_related_list = (models.Run.connection,)
    column_formatters = {"state": _state, "done": _tally, "planned": _tally, "id": _run}
    column_formatters_detail = {"state": _state, "done": _tally, "planned": _tally}


class ActionTable(Table):
    """What runs did."""

    lede = "What runs wrote, record by record, and what came of it."
    column_list = (
        *("at", "connection.name", "run_id", "kind", "verb", "side", "label", "amount"),
        *("state", "reason", "note"),
    )
    column_details_list = (*column_list, "perfex_id", "xero_id", "currency", "changes")
    column_labels = {"connection.name": "Connection", "run_id": "Run", "reason": "Why"}
    column_default_sort = ("id", True)
    column_searchable_list = ("label", "perfex_id", "xero_id")
    column_filters = ("connection.name", "run_id", "kind", "verb", "side", "state")
    column_select_related_list = (models.Action.connection,)
    column_formatters = {"state": _state, "kind": _kind, "amount": _money, "reason": _reason}
    column_formatters_detail = column_formatters


class RecordTable(Table):
    """Records of both sides as last seen."""

    lede = "Records of both sides as they were last seen, with their state and why."
    column_list = (
        *("label", "connection.name", "kind", "side", "state", "reason", "dated"),
        *("amount", "amount_due", "seen_at"),
    )
    column_details_list = (
        *("label", "connection.name", "kind", "side", "remote_id", "state", "reason", "dated"),
        *("amount", "tax", "amount_due", "currency", "party", "closed", "gone", "mark", "stamp"),
        *("version", "first_seen_at", "seen_at", "updated_at"),
    )
    column_labels = {"connection.name": "Connection", "reason": "Why", "party": "Customer"}
    column_default_sort = ("id", True)
    column_searchable_list = ("label", "number", "remote_id")
    column_filters = ("connection.name", "kind", "side", "state", "dated", "gone")
    column_select_related_list = (models.Record.connection,)
    column_formatters = {
        "state": _state,
        "kind": _kind,
        "amount": _money,
        "reason": _reason,
        "label": _record,
    }
    column_formatters_detail = column_formatters
    simple_list_pager = True


class CallTable(Table):
    """Requests that the bridge made."""

    lede = "Every request to Perfex and Xero, without secrets. Kept for 30 days."
    column_list = (
        *("at", "connection.name", "run_id", "side", "method", "path", "status", "ms", "cost"),
        *("remaining", "note"),
    )
    column_labels = {
        "connection.name": "Connection",
        "run_id": "Run",
        "ms": "Milliseconds",
        "remaining": "Left today",
    }
    column_default_sort = ("id", True)
    column_searchable_list = ("path",)
    column_filters = ("connection.name", "run_id", "side", "method", "status")
    column_select_related_list = (models.Call.connection,)
    simple_list_pager = True


class AuditTable(Table):
    """Who did what."""

    lede = "Who did what, and when."
    column_list = ("at", "user_name", "connection", "act", "details")
    column_labels = {"user_name": "Who", "act": "What"}
    column_default_sort = ("id", True)
    column_searchable_list = ("user_name", "act")
    column_filters = ("connection", "act")
    simple_list_pager = True

    def _within_reach(self, query: Any) -> Any:
        names = reachable_names()
        return query if names is None else query.filter(self.model.connection.in_(names))
