"""Holds one exchange with the Perfex stand-in to the module's description and to typed shapes."""

import json
from dataclasses import replace
from email import message_from_bytes, policy
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from openapi_core.testing import MockRequest

from tests.conformance import perfex_answer
from tests.conformance import perfex_shapes as shapes
from tests.conformance.description import HOST, NotDescribed, perfex
from tests.conformance.exchange import Exchange
from tests.conformance.verdict import (
    LENIENT,
    REFUSED,
    UNLISTED,
    Freedom,
    Verdict,
    checked,
    noted,
)

SIDE = "not in the module's OpenAPI document, though the module has it"
UNLISTED_PATHS = {
    "batch": "/api/batch: its request is held to a typed shape",
    "common": f"/api/common: {SIDE}",
    "custom_fields": f"/api/custom_fields: {SIDE}",
    "openapi": f"/api/openapi: {SIDE}",
    "delete": f"/api/delete/...: {SIDE}",
}
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


def judge(exchange: Exchange, freedom: Freedom) -> Verdict:
    """Check a request and its answer, as far as the test is free to be careless."""
    if exchange.path.startswith("/_control/"):
        return noted(UNLISTED, "/_control: moves the stand-in; Perfex has nothing like it")
    if not exchange.path.startswith("/api/"):
        return noted(UNLISTED, "pages, where staff work")
    exchange = _unwrapped(_untunnelled(exchange))
    return _request(exchange, freedom) + perfex_answer.judge(exchange)


def _untunnelled(exchange: Exchange) -> Exchange:
    """The exchange under the verb that it carries in a header or field of a POST."""
    fields = dict(_pairs(exchange)) if exchange.content_type in FORMS else {}
    verb = exchange.headers.get("x-http-method-override") or fields.get("_method")
    return replace(exchange, method=verb.upper()) if verb else exchange


def _unwrapped(exchange: Exchange) -> Exchange:
    """The exchange with the answer that the option for standard answers wraps up."""
    # Where it needs no token it is answered before the option is looked at.
    is_open = exchange.segments == ("openapi",) and exchange.release == "3.0.3"
    if not exchange.wrapped or is_open or exchange.answer_type != "application/json":
        return exchange
    wrapping = msgspec.json.decode(exchange.answer, type=shapes.Wrapping)
    return replace(exchange, answer=bytes(wrapping.data))


def _request(exchange: Exchange, freedom: Freedom) -> Verdict:
    parts = exchange.segments
    if parts == ("batch",) and exchange.method == "POST":
        wrong = perfex_answer.misfit(exchange.body, shapes.BatchAsked)
    elif reason := _unlisted(parts):
        return noted(UNLISTED, reason)
    else:
        try:
            wrong = perfex().faults_of_request(_as_described(exchange))
        except NotDescribed:
            return _no_such_endpoint(exchange)
    if wrong and freedom is not Freedom.NONE and 400 <= exchange.status < 500:
        return noted(REFUSED, f"requests that the description forbids ({exchange.status})")
    if wrong and freedom is Freedom.TAKEN:
        return noted(LENIENT, "requests that the description forbids and the module takes")
    return checked("request", wrong)


def _unlisted(parts: tuple[str, ...]) -> str:
    if parts[:1] == ("contacts",) and len(parts) == 3 and parts[1] != "search":
        return f"/api/contacts/CUSTOMER/CONTACT: {SIDE}"
    if parts[1:] == ("search",):
        return f"/api/RESOURCE/search?q=TERM: {SIDE}"
    if parts[-1:] == ("send",):
        return f"/api/invoices/ID/send: {SIDE}"
    return UNLISTED_PATHS.get(parts[0] if parts else "", "")


def _no_such_endpoint(exchange: Exchange) -> Verdict:
    if exchange.status in (401, 403, 404, 405, 429):
        return noted(
            UNLISTED, f"an address or verb the module does not have: refused ({exchange.status})"
        )
    return Verdict(faults=("the description has no such endpoint, but it was answered",))


def _as_described(exchange: Exchange) -> MockRequest:
    """The request with its body as JSON: the description knows no PHP form names."""
    nested = exchange.content_type in FORMS
    return MockRequest(
        HOST,
        exchange.method,
        exchange.path,
        args=dict(parse_qsl(exchange.query, keep_blank_values=True)),
        headers=exchange.headers,
        data=json.dumps(_nested(_pairs(exchange))).encode() if nested else exchange.body,
        content_type="application/json",
    )


def _pairs(exchange: Exchange) -> list[tuple[str, str]]:
    if exchange.content_type == FORMS[1]:
        return parse_qsl(exchange.body.decode(), keep_blank_values=True)
    head = f"Content-Type: {exchange.headers['content-type']}\r\n\r\n".encode()
    message = message_from_bytes(head + exchange.body, policy=policy.HTTP)
    return [
        (str(part.get_param("name", header="content-disposition")), str(part.get_content()))
        for part in message.iter_parts()
    ]


def _nested(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """`a[0][b]=c` as PHP reads it, as far as types matter: what has brackets is a list."""
    body: dict[str, Any] = {}
    for name, value in pairs:
        outer, bracket, inner = name.partition("[")
        if not bracket:
            body[outer] = value
        elif outer == "custom_fields":
            body.setdefault(outer, {})[inner.replace("][", ".").rstrip("]")] = value
        else:
            body.setdefault(outer, []).append(value)
    return body
