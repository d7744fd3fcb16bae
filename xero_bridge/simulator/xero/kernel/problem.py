"""The answers of Xero's gateway: no permission, limits, outages; none of them is API JSON."""

import json

from werkzeug.wrappers import Response

from xero_bridge.simulator.xero.kernel.limits import Exceeded
from xero_bridge.simulator.xero.kernel.wire import new_id

TITLES = {401: "Unauthorized", 403: "Forbidden"}
OUTAGE = (
    "<html><head><title>Service unavailable</title></head><body><h1>We'll be right back</h1>"
    "<p>The service is temporarily offline for maintenance.</p></body></html>"
)
API_STATUS = (
    "An error occurred in Xero. Check the API Status page "
    "http://status.developer.xero.com for current service status."
)


def problem(status: int, detail: str) -> Response:
    """Answer that the caller may not do this."""
    body: dict[str, object] = {
        "Type": None,
        "Title": TITLES[status],
        "Status": status,
        "Detail": detail,
        "Instance": new_id(),
        "Extensions": {},
    }
    return _json(body, status)


def missing_scope() -> Response:
    """Answer that the token lacks the scope of this endpoint."""
    answer = problem(401, "AuthorizationUnsuccessful")
    answer.headers["WWW-Authenticate"] = 'Bearer error="insufficient_scope"'
    return answer


def too_many(exceeded: Exceeded) -> Response:
    """Answer that a limit is reached: no body and no content type."""
    answer = Response(status=429)
    del answer.headers["Content-Type"]
    answer.headers["X-Rate-Limit-Problem"] = exceeded.problem
    if exceeded.retry_after is not None:
        answer.headers["Retry-After"] = str(exceeded.retry_after)
    return answer


def server_error() -> str:
    """Return the body of an internal error."""
    body: dict[str, object] = {
        "Title": "An error occurred",
        "Detail": API_STATUS,
        "Status": 500,
        "Instance": new_id(),
    }
    return json.dumps(body)


def outage(status: int) -> Response:
    """Answer with an HTML page where JSON is expected."""
    return Response(OUTAGE, status, content_type="text/html; charset=utf-8")


def nothing_here() -> Response:
    """Answer that there is no such record or address."""
    return Response(status=404, content_type="text/html; charset=utf-8")


def _json(body: object, status: int) -> Response:
    return Response(json.dumps(body), status, content_type="application/json; charset=utf-8")
