"""The control addresses of the Xero simulator beside faults and clock."""

from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from xero_bridge.simulator.common.control import Switch

if TYPE_CHECKING:
    from xero_bridge.simulator.xero.app import XeroSimulator


def switches(simulator: "XeroSimulator") -> dict[str, Switch]:
    """Return the switches of everything that a person or Xero itself would do."""
    return {
        "calls": partial(_calls, simulator),
        "limits": partial(_limits, simulator),
        "organisations": partial(_organisations, simulator),
        "reset": partial(_reset, simulator),
        "token": partial(_token, simulator),
        "records": partial(_records, simulator),
        "webhooks": partial(_webhooks, simulator),
    }


def _calls(simulator: "XeroSimulator", method: str, _: dict[str, Any]) -> Any:
    if method == "DELETE":
        simulator.gateway.log.clear()
    shown = [asdict(call) for call in simulator.calls]
    return {"counts": simulator.counts, "calls": shown}


def _limits(simulator: "XeroSimulator", method: str, body: dict[str, Any]) -> Any:
    if method == "POST":
        _set_limits(simulator, body)
    return asdict(simulator.limiter.limits)


def _organisations(simulator: "XeroSimulator", _method: str, _body: dict[str, Any]) -> Any:
    return {one["OrganisationID"]: one["Name"] for one in simulator.organisations}


def _reset(simulator: "XeroSimulator", _method: str, body: dict[str, Any]) -> Any:
    return {"tenant": simulator.reset_organisation(_tenant(simulator, body))}


def _token(simulator: "XeroSimulator", _method: str, body: dict[str, Any]) -> Any:
    return simulator.issue_token(_tenant(simulator, body))


def _records(simulator: "XeroSimulator", _method: str, body: dict[str, Any]) -> Any:
    books = simulator.books(_tenant(simulator, body))
    return {table.name.partition(":")[2]: table.values() for table in books.tables()}


def _webhooks(simulator: "XeroSimulator", method: str, body: dict[str, Any]) -> Any:
    """Set the address of the app (`url`), or deliver what changed (`twice`, `newest_first`)."""
    hooks, wrong = simulator.webhooks, list[str]()
    if method == "POST" and "url" in body:
        wrong = hooks.subscribe(str(body["url"]))
    elif method == "POST":
        ways = {name: bool(body.get(name)) for name in ("twice", "newest_first")}
        hooks.deliver(**ways)
    told = [asdict(one) for one in hooks.deliveries]
    return {"state": hooks.state, "url": hooks.url, "wrong": wrong, "deliveries": told}


def _tenant(simulator: "XeroSimulator", body: dict[str, Any]) -> str:
    tenant = body.get("tenant", simulator.books().tenant)
    if tenant not in {one["OrganisationID"] for one in simulator.organisations}:
        raise ValueError(f"There is no organisation {tenant}; /_control/organisations lists them.")
    return str(tenant)


def _set_limits(simulator: "XeroSimulator", body: dict[str, Any]) -> None:
    day_left = body.pop("day_left", None)
    tenant = _tenant(simulator, {"tenant": body.pop("tenant", simulator.books().tenant)})
    try:
        simulator.limiter.limits = replace(simulator.limiter.limits, **body)
    except TypeError as error:
        raise ValueError("Limits are concurrent, minute, day, app_minute and day_left.") from error
    if day_left is not None:
        client = simulator.settings.apps[0].client_id
        now = simulator.clock.now()
        simulator.limiter.use_up(client, tenant, now, day_left=int(day_left))
