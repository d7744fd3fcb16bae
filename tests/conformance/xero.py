"""Holds one exchange with the Xero stand-in to Xero's own description."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl

from openapi_core.testing import MockRequest, MockResponse

from tests.conformance.description import HOST, NotDescribed, xero
from tests.conformance.exchange import Exchange
from tests.conformance.verdict import (
    LENIENT,
    REFUSED,
    SPOILT,
    UNLISTED,
    Freedom,
    Verdict,
    checked,
    noted,
)

BASE = "/api.xro/2.0/"
OPENID = "part of OpenID Connect, which Xero's OpenAPI files leave out"
# Addresses that the description does not list, each with the reason.
UNLISTED_PATHS = (
    (r"/_control/.*", "/_control: moves the stand-in, Xero has nothing like it"),
    (r"/identity/connect/authorize", f"/identity/connect/authorize: {OPENID}"),
    (r"/connect/(revocation|userinfo)", f"/connect/revocation and userinfo: {OPENID}"),
    (r"(/identity)?/\.well-known/.*", f"/.well-known: {OPENID}"),
)
PAGES = "pages: where a person looks at the books"
# These take a list, of which Xero also takes a single element or the bare elements.
LISTS = (
    "BankTransactions",
    "Contacts",
    "CreditNotes",
    "Invoices",
    "Items",
    "PurchaseOrders",
    "TaxRates",
)
ONE_VERB = {("PUT", "Payments"), ("POST", "Accounts")}
PARTS = ("Allocations", "History")  # What stands below a record in a list of its own.
CUT = ("drop-before", "drop-after")
SPOILING = ("empty", "html", "html-after", "500-before", "500-after")


def judge(exchange: Exchange, freedom: Freedom) -> Verdict:
    """Check a request and its answer, as far as the test is free to be careless."""
    if reason := _unlisted(exchange):
        return noted(UNLISTED, reason)
    request = _request(exchange)
    try:
        wrong = xero().faults_of_request(request)
    except NotDescribed:
        return _no_such_endpoint(exchange)
    return _asked(wrong, exchange, freedom) + _answer(exchange, request)


def _unlisted(exchange: Exchange) -> str:
    for pattern, reason in UNLISTED_PATHS:
        if re.fullmatch(pattern, exchange.path):
            return reason
    is_ours = exchange.path.lower().startswith((BASE, "/connections", "/connect/"))
    return "" if is_ours else PAGES


def _no_such_endpoint(exchange: Exchange) -> Verdict:
    """What Xero does not have must be refused."""
    if exchange.status in (401, 403, 404, 405, 501):
        reason = f"an endpoint or verb that Xero does not have: refused ({exchange.status})"
        return noted(UNLISTED, reason)
    return Verdict(faults=("the description has no such endpoint, but it was answered",))


def _asked(wrong: list[str], exchange: Exchange, freedom: Freedom) -> Verdict:
    if wrong and freedom is not Freedom.NONE and 400 <= exchange.status < 500:
        return noted(REFUSED, f"requests that the description forbids ({exchange.status})")
    if wrong and freedom is Freedom.TAKEN:
        return noted(LENIENT, "requests that the description forbids and Xero takes")
    return checked("request", wrong)


def _request(exchange: Exchange) -> MockRequest:
    return MockRequest(
        HOST,
        exchange.method,
        exchange.path,
        args=dict(parse_qsl(exchange.query, keep_blank_values=True)),
        headers=exchange.headers,
        data=_in_envelope(exchange),
        content_type=exchange.content_type or "application/json",
    )


def _in_envelope(exchange: Exchange) -> bytes:
    """The body as the description has it: a list of elements stands under the list's name."""
    name, *rest = exchange.path.removeprefix(BASE).split("/")
    if rest and rest[-1] in PARTS:
        return exchange.body
    if name not in LISTS and (exchange.method, name) not in ONE_VERB:
        return exchange.body
    try:
        body: Any = json.loads(exchange.body)
    except ValueError:
        return exchange.body
    if isinstance(body, dict) and name in body:
        return exchange.body
    elements = body if isinstance(body, list) else [body]
    return json.dumps({name: elements}).encode()


def _answer(exchange: Exchange, request: MockRequest) -> Verdict:
    if exchange.status == 0:
        cut = exchange.fault in CUT
        return noted(SPOILT, exchange.fault) if cut else Verdict(faults=("there was no answer",))
    if exchange.answer_type == "text/xml" and "json" not in exchange.headers.get("accept", ""):
        return noted(UNLISTED, "XML, because the request did not ask for JSON")
    answer = MockResponse(
        exchange.answer,
        status_code=exchange.status,
        headers=exchange.answer_headers,
        content_type=exchange.answer_type or "text/plain",
    )
    wrong = xero().faults_of_answer(request, answer)
    if exchange.status >= 400 and not exchange.answer:
        # Xero says no more than the status: the status must be one that the description has.
        wrong = [fault for fault in wrong if not fault.startswith("MissingData")]
    if wrong and exchange.fault in SPOILING:
        return noted(SPOILT, exchange.fault)
    return checked("answer", wrong)
