"""Pages about the machine itself: mails that would have left, the API's log, fault switches."""

from __future__ import annotations

from werkzeug.wrappers import Response

from xero_bridge.simulator.common import FaultKind, Faults
from xero_bridge.simulator.common.faults import fault_from_json
from xero_bridge.simulator.perfex.pages.render import Desk

LATEST = 200


def outbox(desk: Desk) -> Response:
    """List the mails, newest first."""
    return desk.page("outbox.html", mails=list(reversed(desk.site.outbox)))


def empty_outbox(desk: Desk) -> Response:
    """Forget the mails."""
    desk.site.outbox.clear()
    return desk.go("/admin/outbox", "Outbox emptied.")


def log(desk: Desk, faults: Faults, problem: str = "") -> Response:
    """List the latest calls and the faults that wait for one."""
    calls = list(desk.site.calls)
    return desk.page(
        "api_log.html",
        status=400 if problem else 200,
        calls=list(reversed(calls[-LATEST:])),
        total=len(calls),
        tokens=list(desk.site.tokens),
        waiting=faults.waiting(),
        kinds=list(FaultKind),
        problem=problem,
    )


def add_fault(desk: Desk, faults: Faults) -> Response:
    """Let the next matching calls go wrong."""
    form = desk.form
    raw = {"kind": form.get("kind", ""), "method": form.get("method") or ".*"}
    try:
        details = fault_from_json(raw | {"path": form.get("path") or ".*"})
        faults.add(**details, count=int(form.get("count") or 1), seconds=float(form.get("s") or 0))
    except ValueError as error:
        return log(desk, faults, str(error))
    return desk.go("/admin/api_log", "Fault is waiting.")


def clear_faults(desk: Desk, faults: Faults) -> Response:
    """Take all waiting faults back."""
    faults.clear()
    return desk.go("/admin/api_log", "Faults taken back.")
