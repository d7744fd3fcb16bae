"""A request as the module reads it, and the answers it gives."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from werkzeug.wrappers import Request, Response

from xero_bridge.simulator.perfex import php
from xero_bridge.simulator.perfex.site import Site, Token

# PHP drops what exceeds max_input_vars without a word.
MAX_INPUT_VARS: Final = 1000
JSON: Final = "application/json"
HTML: Final = "text/html; charset=UTF-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A status and what stands in the body: a value to encode as JSON, or ready text."""

    status: int = 200
    content: Any = None
    text: str | None = None
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)

    def with_headers(self, headers: Mapping[str, str]) -> Reply:
        """Return the same answer with further headers."""
        return replace(self, headers={**self.headers, **headers})

    def response(self) -> Response:
        """Encode the answer for WSGI."""
        body = json.dumps(self.content) if self.text is None else self.text
        response = Response(body, status=self.status, content_type=self.content_type)
        response.headers.extend(self.headers.items())
        return response


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One call: the site, who asks, the path's further segments, the query and the body."""

    site: Site
    token: Token
    method: str
    resource: str
    args: tuple[str, ...] = ()
    query: Mapping[str, str] = field(default_factory=dict)
    body: php.Body | None = None
    form: bool = False

    @property
    def id(self) -> str:
        """The first argument of the path."""
        return self.args[0] if self.args else ""


def read_body(request: Request, site: Site, verb: str) -> tuple[php.Body | None, bool]:
    """Return the body (None when missing or undecodable) and whether it came as a form."""
    form = request.mimetype in ("multipart/form-data", "application/x-www-form-urlencoded")
    if form:
        pairs = list(request.form.items(multi=True))[:MAX_INPUT_VARS]
        return (php.nest(pairs) if pairs else None), True
    if verb == "POST" and not site.version.json_post:
        return None, False
    return php.decode_json(request.get_data(as_text=True)), False


def ok(message: str, **members: Any) -> Reply:
    """Answer a write that worked."""
    return Reply(content={"status": True, "message": message, **members})


def created(ask: Ask, message: str, record: int, **members: Any) -> Reply:
    """Answer a create that worked; 2.x does not tell the new id."""
    if not ask.site.version.record_ids:
        return ok(message)
    content = {"status": True, "message": message, "record_id": record, **members}
    return Reply(status=ask.site.version.created, content=content)


def failed(message: str, status: int = 404) -> Reply:
    """Answer with `status: false` and a message."""
    return Reply(status=status, content={"status": False, "message": message})


def no_data() -> Reply:
    """Answer an empty list or a missing record."""
    return failed("No data were found")


def unknown_method() -> Reply:
    """Answer a verb without handler: the text stands under `error`, not `message`."""
    return Reply(status=405, content={"status": False, "error": "Unknown method"})


def not_acceptable() -> Reply:
    """Answer a write whose body is missing or cannot be decoded."""
    return failed("Data Not Acceptable OR Not Provided", 406)


def page_not_found() -> Reply:
    """Answer an address the framework does not know: an HTML page."""
    return Reply(
        status=404,
        text="<!DOCTYPE html>\n<html><head><title>404 Page Not Found</title></head><body>"
        "<h1>404 Page Not Found</h1><p>The page you requested was not found.</p></body></html>\n",
        content_type=HTML,
    )


def database_error(message: str) -> Reply:
    """Answer with the framework's page for a refused statement."""
    return Reply(
        status=500,
        text="<!DOCTYPE html>\n<html><head><title>Database Error</title></head><body>"
        f"<h1>A Database Error Occurred</h1><p>{message}</p></body></html>\n",
        content_type=HTML,
    )
