"""/api/batch: up to 50 operations in one call, on raw rows and core models."""

from __future__ import annotations

from typing import Any, Final

from xero_bridge.simulator.perfex import php
from xero_bridge.simulator.perfex.api.batch_kinds import KINDS, Arguments, Kind
from xero_bridge.simulator.perfex.api.exchange import Ask, Reply, failed, page_not_found
from xero_bridge.simulator.perfex.database import Row, SqlError
from xero_bridge.simulator.perfex.site import Site

LONGEST_LIST: Final = 100
LONGEST_LOOKUP: Final = 500


class ToolError(Exception):
    """Why one operation of a batch failed, in the module's words."""


LOOKUPS: Final = {
    "list_countries": "countries",
    "list_currencies": "currencies",
    "list_taxes": "taxes",
    "list_payment_modes": "payment_modes",
    "list_expense_categories": "expenses_categories",
}
CAPABILITIES: Final = {
    "list": "get",
    "get": "get",
    "search": "search_get",
    "create": "post",
    "update": "put",
    "delete": "delete",
}


def create(ask: Ask) -> Reply:
    """Run the operations one after the other; a failed one does not stop the rest."""
    if not ask.site.version.modern_routes:
        return page_not_found()
    operations = (ask.body or {}).get("operations")
    if not isinstance(operations, list) or not operations:
        return failed("operations must be a non-empty array", 422)
    limit = ask.site.settings.batch_limit
    if len(operations) > limit:
        return failed(f"A batch may hold at most {limit} operations", 422)
    results = [_run(ask, index, operation) for index, operation in enumerate(operations)]
    bad = sum(not result["status"] for result in results)
    return Reply(
        content={
            "status": bad == 0,
            "completed": len(results) - bad,
            "failed": bad,
            "results": results,
        }
    )


def _run(ask: Ask, index: int, operation: object) -> dict[str, Any]:
    tool = str(operation.get("tool", "")) if isinstance(operation, dict) else ""
    try:
        arguments = _arguments(ask, operation)
        with ask.site.db.transaction():
            result = _call(ask, tool, arguments)
    except (ToolError, SqlError) as error:
        return {"index": index, "tool": tool, "status": False, "error": str(error)}
    return {"index": index, "tool": tool, "status": True, "result": result}


def _arguments(ask: Ask, operation: object) -> Arguments:
    """Read the arguments under the name this release knows; flat fields count as data."""
    if not isinstance(operation, dict):
        raise ToolError("Operation must be an object")
    for name in ask.site.version.batch_args:
        if isinstance(operation.get(name), dict):
            found: dict[str, Any] = operation[name]
            flat = {key: value for key, value in found.items() if key not in ("id", "data")}
            return found if "data" in found or name == "arguments" else {**found, "data": flat}
    return {}


def _call(ask: Ask, tool: str, arguments: Arguments) -> Any:
    if tool in LOOKUPS:
        rows = ask.site.db.rows(LOOKUPS[tool])
        return rows[: _limit(arguments, LONGEST_LIST, LONGEST_LOOKUP)]
    if tool in ("get_current_datetime", "get_server_info"):
        return _server(ask.site, tool)
    name, _, verb = tool.rpartition("_")
    if name not in KINDS or verb not in CAPABILITIES:
        raise ToolError(f"Unknown tool: {tool}")
    if not ask.token.may(name, CAPABILITIES[verb]):
        raise ToolError(f"Permission denied: {name}.{CAPABILITIES[verb]}")
    return _operate(ask.site, KINDS[name], verb, arguments)


def _operate(site: Site, kind: Kind, verb: str, arguments: Arguments) -> Any:
    match verb:
        case "list":
            return _list(site, kind, arguments)
        case "search":
            return _search(site, kind, arguments)
        case "create":
            return {"status": True, "record_id": kind.create(site, _data(arguments))}
    identity = _identity(site, kind, arguments)
    match verb:
        case "update":
            kind.update(site, identity, _data(arguments))
            return {"status": True, "record_id": identity}
        case "delete":
            if not kind.delete(site, identity):
                raise ToolError("Delete failed")
            return {"status": True}
    return site.db.get(kind.table, identity)


def _list(site: Site, kind: Kind, arguments: Arguments) -> list[Row]:
    after, before = (str(arguments.get(name) or "") for name in ("created_after", "created_before"))
    rows = [
        row
        for row in site.db.rows(kind.table)
        if (not after or (row[kind.dated] or "") >= after)
        and (not before or (row[kind.dated] or "")[:10] <= before)
    ]
    rows.sort(key=lambda row: _order(row, kind), reverse=True)
    offset = php.whole(arguments.get("offset"))
    return rows[offset : offset + _limit(arguments, 25, LONGEST_LIST)]


def _order(row: Row, kind: Kind) -> tuple[str, int]:
    return (row[kind.dated] or "", int(row.get("id") or row.get("userid") or 0))


def _search(site: Site, kind: Kind, arguments: Arguments) -> list[Row]:
    term = php.scalar(arguments.get("q")).lower()
    found = [
        row
        for row in site.db.rows(kind.table)
        if any(term in (row[name] or "").lower() for name in kind.searched)
    ]
    return found[: _limit(arguments, 25, LONGEST_LIST)]


def _limit(arguments: Arguments, fallback: int, longest: int) -> int:
    return min(max(1, php.whole(arguments.get("limit"), fallback)), longest)


def _data(arguments: Arguments) -> Arguments:
    data = arguments.get("data")
    if not isinstance(data, dict) or not data:
        raise ToolError("Missing argument: data")
    return data


def _identity(site: Site, kind: Kind, arguments: Arguments) -> int:
    text = php.scalar(arguments.get("id"))
    if not text.isdigit():
        raise ToolError("Missing argument: id")
    if site.db.get(kind.table, text) is None:
        raise ToolError("Record not found")
    return int(text)


def _server(site: Site, tool: str) -> dict[str, Any]:
    if tool == "get_server_info":
        tools = [f"{name}_{verb}" for name in KINDS for verb in CAPABILITIES]
        return {
            "name": "Perfex CRM API",
            "version": site.version.number,
            "tools": len(tools) + len(LOOKUPS) + 2,
        }
    now = site.local_now()
    return {
        "datetime": site.stamp(),
        "date": now.date().isoformat(),
        "time": now.strftime("%H:%M:%S"),
        "timezone": site.settings.time_zone,
    }
