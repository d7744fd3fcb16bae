"""What answers mean: one table, because the module's codes are overloaded."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from xero_bridge.core.errors import (
    BridgeError,
    BudgetSpent,
    NotConnected,
    Refused,
    Retriable,
    Unknown,
)
from xero_bridge.remotes.http import Answer
from xero_bridge.remotes.perfex.problems import Gone, NoData, read_answer, write_answer

NOW = datetime(2026, 8, 3, 12, 0, tzinfo=UTC)
URL = "https://crm.example.test"
NECESSAY = "Your API token does not have the necessay permissions for the requested operation"
PAGE = b"<!DOCTYPE html><html><body><h1>404 Page Not Found</h1></body></html>"


def said(message: str, key: str = "message") -> dict[str, Any]:
    return {"status": False, key: message}


def answer(status: int, body: object) -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status=status, headers={}, body=raw)


READS: list[tuple[int, object, type[Exception], str]] = [
    (404, said("No data were found"), NoData, ""),
    (404, {"paymentmode": False, "message": "No data were found"}, NoData, ""),
    (200, said("No data were found"), NoData, ""),
    (404, {"status": False, "data": said("No data were found"), "meta": {}}, NoData, ""),
    (404, said("Record not found"), NoData, ""),
    (404, said("Token is not found"), NotConnected, "perfex_token_wrong"),
    (404, said("Token is not defined."), NotConnected, "perfex_token_wrong"),
    (404, said("Expired token"), NotConnected, "perfex_token_wrong"),
    (404, said("Wrong number of segments"), NotConnected, "perfex_token_wrong"),
    (404, said("Signature verification failed"), NotConnected, "perfex_token_wrong"),
    (401, said("Unauthorized"), NotConnected, "perfex_token_wrong"),
    (401, said("API Module is not active"), NotConnected, "perfex_module_off"),
    (
        401,
        said("This API key has reached the time limit for this method", "error"),
        BudgetSpent,
        "rate_limit",
    ),
    (403, said(NECESSAY), Refused, "perfex_forbidden"),
    (404, said(NECESSAY), Refused, "perfex_forbidden"),
    (404, said("Not valid data"), Gone, ""),
    (404, said("Table 'tblx' does not exist"), Gone, ""),
    (405, said("Unknown method", "error"), Gone, ""),
    (404, PAGE, Gone, ""),
    (404, said("Something else"), Refused, "refused_by_perfex"),
    (422, said("Invalid created_after date"), Refused, "refused_by_perfex"),
    (200, PAGE, NotConnected, "perfex_not_json"),
    (403, PAGE, NotConnected, "perfex_not_json"),
    (200, b"", Retriable, "not_readable"),
    (200, b'{"data":[{"id":"1"}', Retriable, "not_readable"),
]


@pytest.mark.parametrize(("status", "body", "error", "reason"), READS)
def test_a_read_that_gave_nothing_says_why(
    status: int, body: object, error: type[Exception], reason: str
) -> None:
    with pytest.raises(error) as caught:
        read_answer(answer(status, body), URL, NOW)
    assert type(caught.value) is error
    assert getattr(caught.value, "reason", "") == reason


WRITES: list[tuple[int, object, type[BridgeError], str]] = [
    (200, b"", Unknown, "not_readable"),
    (200, PAGE, Unknown, "not_readable"),
    (403, PAGE, Unknown, "not_readable"),
    (200, b"<b>Fatal error</b>: out of memory", Unknown, "not_readable"),
    (
        404,
        {"status": False, "error": {"amount": "no token"}, "message": "<p>no token</p>\n"},
        Refused,
        "refused_by_perfex",
    ),
    (
        409,
        {"status": False, "error": {"email": "must be unique"}, "message": "<p>x</p>"},
        Refused,
        "refused_by_perfex",
    ),
    (
        422,
        {"status": False, "error": "validation_failed", "errors": {"total": "needs a point"}},
        Refused,
        "refused_by_perfex",
    ),
    (404, said("Invoice Add Fail"), Refused, "refused_by_perfex"),
    (404, said("No data were found"), Refused, "refused_by_perfex"),
    (405, said("Unknown method", "error"), Refused, "refused_by_perfex"),
    (406, said("Data Not Acceptable OR Not Provided"), Refused, "refused_by_perfex"),
    (200, said("Payment add fail."), Refused, "refused_by_perfex"),
    (403, said(NECESSAY), Refused, "perfex_forbidden"),
    (404, said("Token is not found"), NotConnected, "perfex_token_wrong"),
]


@pytest.mark.parametrize(("status", "body", "error", "reason"), WRITES)
def test_a_write_is_refused_only_when_json_says_so(
    status: int, body: object, error: type[BridgeError], reason: str
) -> None:
    with pytest.raises(error) as caught:
        write_answer(answer(status, body), URL, NOW)
    assert type(caught.value) is error
    assert caught.value.reason == reason


def test_the_side_s_own_words_are_kept_without_tags() -> None:
    body = {
        "status": False,
        "error": {"number": "The number is already in use"},
        "message": "<p>The number is already in use</p>\n",
    }
    with pytest.raises(Refused) as caught:
        write_answer(answer(404, body), URL, NOW)
    assert caught.value.details["message"] == "The number is already in use"
    assert "already in use" in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        {"status": True, "message": "Payment add successful.", "record_id": 301},
        {"status": True, "data": {"status": True, "record_id": 301}, "meta": {}},
    ],
)
@pytest.mark.parametrize("status", [200, 201])
def test_a_write_that_worked_gives_its_members(status: int, body: object) -> None:
    assert write_answer(answer(status, body), URL, NOW)["record_id"] == 301


def test_an_invoice_whose_status_is_a_number_is_no_failure() -> None:
    top, _ = read_answer(answer(200, {"id": "5", "status": "1"}), URL, NOW)
    assert isinstance(top, dict)
    assert set(top) == {"id", "status"}
