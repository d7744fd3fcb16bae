"""/api/openapi: the module's description of itself, incomplete as the real one is."""

from __future__ import annotations

from typing import Any, Final

from xero_bridge.simulator.perfex.api.exchange import Ask, Reply, page_not_found

LISTED: Final = ("customers", "contacts", "items", "invoices", "payments")


def index(ask: Ask) -> Reply:
    """Show the description with the module's version; batch and common are not in it."""
    if not ask.site.version.modern_routes:
        return page_not_found()
    return Reply(
        content={
            "openapi": "3.0.3",
            "info": {"title": "Perfex REST API", "version": ask.site.version.number},
            "paths": {path: _operations(path) for name in LISTED for path in _paths(name)},
        }
    )


def _paths(name: str) -> tuple[str, ...]:
    return (f"/{name}", f"/{name}/{{id}}", f"/{name}/search/{{keysearch}}")


def _operations(path: str) -> dict[str, Any]:
    verbs: tuple[str, ...] = ("get", "put", "delete") if path.endswith("{id}") else ("get", "post")
    if "search" in path:
        verbs = ("get",)
    return {verb: {"responses": {"200": {"description": "OK"}}} for verb in verbs}
