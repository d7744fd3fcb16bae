"""The log of API calls, faults on demand, the clock and the limits."""

from dataclasses import asdict, replace
from typing import Any

from werkzeug.wrappers import Response

from xero_bridge.simulator.common import FaultKind
from xero_bridge.simulator.common.faults import fault_from_json
from xero_bridge.simulator.xero.page.visit import Visit

MOST = 200


def listed(visit: Visit, wrong: tuple[str, ...] = ()) -> Response:
    """Show the latest calls with the switches beside them."""
    simulator = visit.simulator
    names = {one["OrganisationID"]: one["Name"] for one in simulator.organisations}
    calls = simulator.calls[: -MOST - 1 : -1]
    return visit.show(
        "calls.html",
        http=400 if wrong else 200,
        wrong=wrong,
        calls=[(call, names.get(call.tenant, "")) for call in calls],
        counts=sorted(simulator.counts.items()),
        kinds=[kind for kind in FaultKind if kind != FaultKind.NOTICE],
        faults=simulator.faults.waiting(),
        now=simulator.clock.now(),
        limits=asdict(simulator.limiter.limits),
    )


def add_fault(visit: Visit) -> Response:
    """Queue a fault."""
    form = visit.form()
    raw: dict[str, Any] = {name: form[name] for name in ("kind", "method", "path") if name in form}
    try:
        raw["count"] = int(form.get("count", "1"))
        raw["seconds"] = float(form.get("seconds", "0"))
        visit.simulator.faults.add(**fault_from_json(raw))
    except ValueError as error:
        return listed(visit, (str(error),))
    return _back()


def clear_faults(visit: Visit) -> Response:
    """Forget the faults that have not struck yet."""
    visit.simulator.faults.clear()
    return _back()


def move_clock(visit: Visit) -> Response:
    """Move the simulated time."""
    form = visit.form()
    try:
        visit.simulator.clock.move(
            days=float(form.get("days", "0")), minutes=float(form.get("minutes", "0"))
        )
    except (ValueError, OverflowError):
        return listed(visit, ("Days and minutes must be numbers.",))
    return _back()


def set_limits(visit: Visit) -> Response:
    """Set the limits of calls."""
    limiter, form = visit.simulator.limiter, visit.form()
    known = asdict(limiter.limits)
    try:
        limiter.limits = replace(
            limiter.limits, **{name: int(form[name]) for name in known if name in form}
        )
    except ValueError:
        return listed(visit, ("Limits must be whole numbers.",))
    return _back()


def _back() -> Response:
    return Response(status=303, headers={"Location": "/calls"})
