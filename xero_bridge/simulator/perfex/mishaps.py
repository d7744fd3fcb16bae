"""How the common faults look when a PHP application suffers them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from xero_bridge.simulator.common import DropConnectionError, Fault, FaultKind, Faults
from xero_bridge.simulator.perfex.api.access import forbidden
from xero_bridge.simulator.perfex.api.exchange import HTML, Reply, database_error, failed

NOTICE: Final = (
    "<br />\n<b>Notice</b>:  Undefined index: unit in "
    "<b>/var/www/html/application/helpers/sales_helper.php</b> on line <b>412</b><br />\n"
)
LOGIN_PAGE: Final = (
    "<!DOCTYPE html>\n<html lang='en'><head><title>Login</title></head>"
    "<body><h1>Login</h1><form><input name='email'></form></body></html>\n"
)
TIME_LIMIT: Final = "This API key has reached the time limit for this method"


def suffered(fault: Fault, faults: Faults, run: Callable[[], Reply]) -> Reply:
    """Answer a call that a fault strikes; raise DropConnectionError where no answer comes."""
    match fault.kind:
        case FaultKind.MINUTE_LIMIT | FaultKind.CONCURRENT_LIMIT | FaultKind.DAY_LIMIT:
            return _limited(fault)
        case FaultKind.ERROR_BEFORE:
            return database_error("Server has gone away")
        case FaultKind.DROP_BEFORE:
            raise DropConnectionError
        case FaultKind.HTML:
            return _page(fault)
        case FaultKind.FORBIDDEN:
            return forbidden()
        case FaultKind.SLOW:
            faults.linger(fault)
            return run()
    return _afterwards(fault, run())


def _afterwards(fault: Fault, reply: Reply) -> Reply:
    """Spoil the answer of a call that was carried out."""
    match fault.kind:
        case FaultKind.ERROR_AFTER:
            return database_error("Server has gone away")
        case FaultKind.DROP_AFTER:
            raise DropConnectionError
        case FaultKind.HTML_AFTER:
            return _page(fault)
        case FaultKind.EMPTY:
            return Reply(text="", content_type=HTML)
    body = reply.response().get_data(as_text=True)
    return replace(reply, text=NOTICE + body, content_type=HTML)


def _limited(fault: Fault) -> Reply:
    """Refuse by the quota; a day's limit looks like the older limiter, a 401."""
    wait = {"Retry-After": f"{fault.seconds:.0f}"} if fault.seconds else {}
    if fault.kind is FaultKind.DAY_LIMIT:
        content = {"status": False, "error": TIME_LIMIT}
        return Reply(status=401, content=content).with_headers(wait)
    return failed("Rate limit exceeded", 429).with_headers(wait)


def _page(fault: Fault) -> Reply:
    return Reply(status=fault.status or 200, text=LOGIN_PAGE, content_type=HTML)
