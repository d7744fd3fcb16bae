"""/api/thirdparty/customtable/{table}[/{id}]: raw rows of the tables an administrator allowed."""

from __future__ import annotations

from typing import Final

from xero_bridge.simulator.perfex import php
from xero_bridge.simulator.perfex.api.exchange import (
    Ask,
    Reply,
    database_error,
    failed,
    not_acceptable,
    ok,
)
from xero_bridge.simulator.perfex.database import SqlError
from xero_bridge.simulator.perfex.schema import PREFIX, TABLES

DENIED: Final = frozenset(
    """options staff staff_permissions roles user_api user_api_permissions api_webhooks
    api_webhook_queue api_idempotency_keys migrations sessions consents""".split()
)


def read(ask: Ask) -> Reply:
    """Show the whole table, or the row whose column `id` is asked for."""
    name = _table(ask)
    if name is None:
        return _denied(ask)
    if len(ask.args) == 1:
        return Reply(content=ask.site.db.rows(name))
    row = _row(ask, name)
    return row if isinstance(row, Reply) else Reply(content=row)


def create(ask: Ask) -> Reply:
    """Insert a bare row: no numbering, no totals, no mail."""
    name = _table(ask)
    if name is None:
        return _denied(ask)
    if not ask.body:
        return not_acceptable()
    try:
        identity = ask.site.db.insert(name, _flat(ask.body))
    except SqlError as error:
        return failed(str(error), ask.site.version.table_unknown_column)
    content = {"status": True, "message": "Record created successfully", "id": identity}
    return Reply(status=201, content=content)


def change(ask: Ask) -> Reply:
    """Change columns of a row; the observed 3.0.3 fails whatever is sent."""
    name = _table(ask)
    if name is None:
        return _denied(ask)
    if ask.site.version.table_put_broken:
        return database_error("Call to undefined method CI_Input::put()")
    row = _row(ask, name)
    if isinstance(row, Reply):
        return row
    if not ask.body:
        return not_acceptable()
    try:
        changed = ask.site.db.update(name, ask.args[1], _flat(ask.body))
    except SqlError as error:
        return failed(str(error), ask.site.version.table_unknown_column)
    return ok("Record updated successfully" if changed else "No changes made to the record")


def delete(ask: Ask) -> Reply:
    """Delete a row and nothing that hangs on it."""
    name = _table(ask)
    if name is None:
        return _denied(ask)
    row = _row(ask, name)
    if isinstance(row, Reply):
        return row
    ask.site.db.delete(name, ask.args[1])
    return ok("Record deleted successfully")


def _table(ask: Ask) -> str | None:
    """Return the table's own name when it exists and is allowed."""
    name = ask.id.removeprefix(PREFIX)
    allowed = {entry.removeprefix(PREFIX) for entry in ask.site.settings.custom_tables}
    full = ask.id.startswith(PREFIX)
    return name if full and name in TABLES and name in allowed - DENIED else None


def _denied(ask: Ask) -> Reply:
    return failed(f"Table '{ask.id}' does not exist", ask.site.version.table_denied)


def _row(ask: Ask, name: str) -> dict[str, str | None] | Reply:
    if len(ask.args) < 2:
        return failed("Record id is required", 400)
    if TABLES[name].key != "id":
        return database_error("Unknown column 'id' in 'where clause'")
    return ask.site.db.get(name, ask.args[1]) or failed("Record not found")


def _flat(body: php.Body) -> dict[str, str | None]:
    return {key: None if value is None else php.scalar(value) for key, value in body.items()}
