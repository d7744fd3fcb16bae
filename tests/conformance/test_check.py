"""The check finds what it is there to find, and lets pass what real systems do."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.conformance import perfex, xero
from tests.conformance.exchange import Exchange
from tests.conformance.verdict import REFUSED, SPOILT, UNLISTED, Freedom, Verdict

XERO = Exchange(
    side="xero",
    release="",
    method="GET",
    path="/api.xro/2.0/Contacts",
    query="page=1",
    headers={
        "accept": "application/json",
        "content-type": "application/json",
        "xero-tenant-id": "5e6f7081-3333-4b2c-b7a9-1c2d3e4f3003",
    },
    body=b"",
    status=200,
    answer_headers={"content-type": "application/json"},
    answer=b'{"Contacts": [{"Name": "Harbour Joinery Ltd"}]}',
)
PERFEX = replace(
    XERO,
    side="perfex",
    release="3.0.3",
    path="/api/common/tax_data",
    query="",
    answer=b'[{"id": "1", "name": "VAT", "taxrate": "20.00"}]',
)
ITEM = {"description": "Hour", "rate": "85.00"}
CREATED = {"status": True, "message": "Item created successfully", "record_id": 7}

pytestmark = pytest.mark.specs


def on_xero(freedom: Freedom = Freedom.NONE, **changes: Any) -> Verdict:
    return xero.judge(_with(XERO, changes), freedom)


def on_perfex(freedom: Freedom = Freedom.NONE, **changes: Any) -> Verdict:
    return perfex.judge(_with(PERFEX, changes), freedom)


def _with(exchange: Exchange, changes: dict[str, Any]) -> Exchange:
    for name in ("body", "answer"):
        if name in changes and not isinstance(changes[name], bytes):
            changes[name] = json.dumps(changes[name]).encode()
    return replace(exchange, **changes)


def kinds(verdict: Verdict) -> list[str]:
    return [what for what, _ in verdict.counted]


def test_what_is_as_described_is_counted_and_found_right() -> None:
    assert on_xero() == Verdict(counted=(("checked", "request"), ("checked", "answer")))
    assert on_perfex().faults == ()


@pytest.mark.parametrize(
    "answer",
    [
        {"Contacts": [{"Name": 5}]},
        {"Contacts": [{"Name": "A", "Colour": "red"}]},
        {"Contacts": [{"ContactStatus": "SLEEPING"}]},
        {"Contacts": [{"UpdatedDateUTC": "yesterday"}]},
        {"Customers": []},
    ],
)
def test_an_answer_of_another_shape_is_found(answer: Any) -> None:
    assert on_xero(answer=answer).faults


@pytest.mark.parametrize(
    "body",
    [{"Contacts": [{"Name": 5}]}, [{"Nmae": "A"}], {"Name": "A", "Phones": {}}, b"{", b""],
)
def test_a_request_of_another_shape_is_found_however_it_is_wrapped(body: Any) -> None:
    assert on_xero(method="PUT", query="", body=body).faults


def test_a_query_is_checked_too() -> None:
    assert on_xero(query="page=first").faults


def test_only_a_careless_test_may_be_refused() -> None:
    wrong: dict[str, Any] = {"method": "PUT", "query": "", "body": {"Name": 5}, "status": 400}
    wrong["answer"] = {"Message": "No"}
    assert on_xero(**wrong).faults
    assert kinds(on_xero(Freedom.REFUSED, **wrong)) == [REFUSED, "checked"]
    assert on_xero(Freedom.REFUSED, **{**wrong, "status": 200, "answer": {}}).faults


def test_no_answer_and_a_spoilt_one_need_a_fault_on_purpose() -> None:
    assert on_xero(status=0).faults
    assert SPOILT in kinds(on_xero(status=0, fault="drop-after"))
    assert on_xero(answer=b"").faults
    assert SPOILT in kinds(on_xero(answer=b"", fault="empty"))


def test_an_endpoint_that_xero_does_not_have_must_be_refused() -> None:
    assert on_xero(path="/api.xro/2.0/Cashbooks").faults
    assert kinds(on_xero(path="/api.xro/2.0/Cashbooks", status=404)) == [UNLISTED]


def test_xml_is_right_for_those_only_who_did_not_ask_for_json() -> None:
    xml: dict[str, Any] = {"answer_headers": {"content-type": "text/xml"}, "answer": b"<x/>"}
    assert on_xero(**xml).faults
    assert not on_xero(**xml, headers={**XERO.headers, "accept": "*/*"}).faults


@pytest.mark.parametrize(
    "answer",
    [
        [{"id": 1, "name": "VAT", "taxrate": "20.00"}],
        [{"id": "1", "name": "VAT", "taxrate": "20"}],
        [{"id": "1", "name": "VAT"}],
        {"status": True, "data": []},
        b"<b>Notice</b> []",
    ],
)
def test_a_perfex_answer_of_another_shape_is_found(answer: Any) -> None:
    assert on_perfex(answer=answer).faults


def test_each_release_of_perfex_has_its_own_answer_to_a_creation() -> None:
    create: dict[str, Any] = {"method": "POST", "path": "/api/items", "body": ITEM}
    assert not on_perfex(**create, answer=CREATED).faults
    assert on_perfex(**create, answer=CREATED, release="2.0.8").faults
    without_id = {"status": True, "message": "Item created successfully"}
    assert on_perfex(**create, answer=without_id).faults
    assert not on_perfex(**create, answer=without_id, release="2.0.8").faults


@pytest.mark.parametrize("body", [{"description": "Hour"}, {**ITEM, "rate": "85,00"}, b"not JSON"])
def test_a_perfex_request_of_another_shape_is_found(body: Any) -> None:
    assert on_perfex(method="POST", path="/api/items", body=body, answer=CREATED).faults


def test_forms_are_read_as_php_reads_them() -> None:
    form: dict[str, Any] = {
        "method": "POST",
        "path": "/api/payments",
        "headers": {"content-type": "application/x-www-form-urlencoded"},
        "answer": CREATED,
    }
    assert not on_perfex(**form, body=b"invoiceid=1&amount=5.00&paymentmode=1").faults
    assert on_perfex(**form, body=b"invoiceid=1&amount[]=5.00").faults


def test_a_batch_is_checked_operation_by_operation() -> None:
    result = {"index": 0, "tool": "list_taxes", "status": True, "result": [{"id": "1"}]}
    done = {"status": True, "completed": 1, "failed": 0, "results": [result]}
    asked = {"operations": [{"tool": "list_taxes", "arguments": {}}]}
    batch: dict[str, Any] = {"method": "POST", "path": "/api/batch", "body": asked}
    assert on_perfex(**batch, answer=done).faults
    result["result"] = [{"id": "1", "name": "VAT", "taxrate": "20.00"}]
    assert not on_perfex(**batch, answer=done).faults
    assert on_perfex(**batch, answer={**done, "completed": 0}).faults
    assert on_perfex(**{**batch, "body": {"operations": []}}, answer=done).faults
