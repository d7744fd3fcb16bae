"""Write answers that the simulator does not give: odd orders, nested errors, missing parts."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import responses
from hypothesis import given
from hypothesis import strategies as st

from tests.remotes.support import ListedTokens
from tests.remotes.xero.books import batch_of, contact, invoice
from tests.remotes.xero.conftest import Bench, connect
from xero_bridge.core.entity import Payload
from xero_bridge.core.errors import Unknown
from xero_bridge.core.reasons import REASONS
from xero_bridge.core.remote import Member, NotWritten, Written
from xero_bridge.core.vocabulary import Kind, Verb
from xero_bridge.remotes.http import Answer
from xero_bridge.remotes.xero.elements import ZERO_ID, elements_of, paired
from xero_bridge.remotes.xero.refusals import _MEANINGS, reason_for
from xero_bridge.simulator.xero import XeroSimulator

BASE = "https://xero.example.test"
API = f"{BASE}/api.xro/2.0"


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        row = {"OrganisationID": "tenant-1", "Name": "Test", "BaseCurrency": "GBP"}
        mock.get(f"{API}/Organisation", json={"Organisations": [row]})
        yield mock


@pytest.fixture
def bench(simulator: XeroSimulator) -> Bench:
    return connect(simulator, BASE, ListedTokens(["token"]), "tenant-1")


def row(number: int, **more: Any) -> dict[str, Any]:
    return {
        "ContactID": f"5f1c2d3e-0001-4a4a-9b9b-aaaaaaaa{number:04}",
        "Name": f"Customer {number}",
        "ContactNumber": f"PX-C-{number}",
        "ContactStatus": "ACTIVE",
        "UpdatedDateUTC": "/Date(1785730530120+0000)/",
        "HasValidationErrors": False,
        "StatusAttributeString": "OK",
        **more,
    }


def answered(bench: Bench, web: responses.RequestsMock, *rows: Any, sent: int = 2) -> Any:
    web.put(f"{API}/Contacts", body=json.dumps({"Id": "x", "Status": "OK", "Contacts": rows}))
    payloads = [contact(number) for number in range(1, sent + 1)]
    return bench.client.send(batch_of(bench.client, Kind.CUSTOMER, payloads))


def test_answers_in_another_order_are_paired_by_mark(
    bench: Bench, web: responses.RequestsMock
) -> None:
    first, second = answered(bench, web, row(2), row(1))
    assert (first.id[-1], second.id[-1]) == ("1", "2")


def test_answers_without_marks_are_paired_by_position(
    bench: Bench, web: responses.RequestsMock
) -> None:
    rows = [row(1), row(2)]
    for each in rows:
        del each["ContactNumber"]
    first, second = answered(bench, web, *rows)
    assert (first.id[-1], second.id[-1]) == ("1", "2")


@pytest.mark.parametrize(
    "rows", [[row(1)], [row(1), row(1)], [], [row(1), row(2), row(3), row(3, ContactNumber="")]]
)
def test_answers_that_cannot_be_paired_are_unknown(
    bench: Bench, web: responses.RequestsMock, rows: list[Any]
) -> None:
    if len(rows) == 4:
        rows = [row(5), *rows[1:]]
    with pytest.raises(Unknown, match="cannot be paired"):
        answered(bench, web, *rows)


@pytest.mark.parametrize(
    "bad",
    [
        row(2, StatusAttributeString="ERROR", ContactID=ZERO_ID),
        row(2, StatusAttributeString="ERROR"),
        row(2, HasValidationErrors=True),
        row(2, HasErrors=True),
        row(2, ContactID=ZERO_ID),
    ],
    ids=["all signs", "status", "flag of contacts", "flag of documents", "zero id"],
)
def test_any_sign_of_failure_means_that_it_was_not_written(
    bench: Bench, web: responses.RequestsMock, bad: dict[str, Any]
) -> None:
    first, second = answered(bench, web, row(1), bad)
    assert isinstance(first, Written)
    assert isinstance(second, NotWritten)
    assert second.message == "Xero gave no reason."


def test_messages_of_nested_parts_are_found_and_said_once(
    bench: Bench, web: responses.RequestsMock
) -> None:
    nested = {
        "ValidationErrors": [{"Message": "Email address must be valid."}, {"Description": "B."}]
    }
    bad = row(
        1,
        HasValidationErrors=True,
        ValidationErrors=[{"Message": "A."}, {"Message": "A."}],
        Phones=[{"PhoneType": "DEFAULT", **nested}],
    )
    (result,) = answered(bench, web, bad, sent=1)
    assert result == NotWritten(
        reason="email_invalid", message="A. Email address must be valid. B."
    )


def test_warnings_come_with_success(bench: Bench, web: responses.RequestsMock) -> None:
    warned = row(1, StatusAttributeString="WARNING", Warnings=[{"Message": "Account dropped"}])
    (result,) = answered(bench, web, warned, sent=1)
    assert isinstance(result, Written)
    assert result.warnings == ("Account dropped",)


def test_success_without_a_status_word_is_success(
    bench: Bench, web: responses.RequestsMock
) -> None:
    plain = row(1)
    del plain["StatusAttributeString"]
    (result,) = answered(bench, web, plain, sent=1)
    assert isinstance(result, Written)


def test_a_written_record_that_cannot_be_decoded_is_written_all_the_same(
    bench: Bench, web: responses.RequestsMock
) -> None:
    (result,) = answered(bench, web, row(1, Name=None), sent=1)
    assert isinstance(result, Written)
    assert result.seen is None
    assert result.warnings


def test_a_refusal_of_the_whole_call_speaks_for_its_single_element(
    bench: Bench, web: responses.RequestsMock
) -> None:
    body = {
        "ErrorNumber": 10,
        "Type": "ValidationException",
        "Message": "A validation exception occurred",
        "Elements": [
            {"PaymentID": ZERO_ID, "ValidationErrors": [{"Message": "Account could not be found"}]}
        ],
    }
    web.post(f"{API}/Payments/p1", status=400, json=body)
    batch = batch_of(
        bench.client, Kind.PAYMENT, [Payload(body={"Status": "DELETED"})], Verb.DELETE, "p1"
    )
    (result,) = bench.client.send(batch)
    assert result == NotWritten(reason="account_invalid", message="Account could not be found")


def test_a_refusal_of_the_whole_call_leaves_several_elements_unknown(
    bench: Bench, web: responses.RequestsMock
) -> None:
    body = {
        "ErrorNumber": 10,
        "Type": "ValidationException",
        "Message": "A validation exception occurred",
        "Elements": [row(2, ContactID=ZERO_ID)],
    }
    web.put(f"{API}/Contacts", status=400, json=body)
    with pytest.raises(Unknown):
        bench.client.send(batch_of(bench.client, Kind.CUSTOMER, [contact(1), contact(2)]))


def test_a_call_too_large_for_xero_is_refused_not_unknown(
    bench: Bench, web: responses.RequestsMock
) -> None:
    web.put(f"{API}/Invoices", status=413, body="<html>Request Entity Too Large</html>")
    (result,) = bench.client.send(batch_of(bench.client, Kind.INVOICE, [invoice(1, "c")]))
    assert isinstance(result, NotWritten)
    assert result.reason == "call_rejected"


def test_an_answer_to_a_change_of_another_record_is_unknown(
    bench: Bench, web: responses.RequestsMock
) -> None:
    web.post(f"{API}/Contacts/mine", json={"Contacts": [row(1)]})
    batch = batch_of(
        bench.client, Kind.CUSTOMER, [Payload(body={"FirstName": "M"})], Verb.UPDATE, "mine"
    )
    with pytest.raises(Unknown):
        bench.client.send(batch)


def test_an_unknown_refusal_keeps_its_words() -> None:
    assert reason_for(["Something new that Xero says"]) == "refused_by_xero"


def test_messages_are_judged_together() -> None:
    both = [
        "Payment amount exceeds the amount outstanding on this document",
        "Payments can only be made against Authorised documents",
    ]
    assert reason_for(both) == reason_for(both[::-1]) == "not_authorised_document"


def test_every_reason_of_a_refusal_has_its_own_words_and_shows_xeros() -> None:
    for _, reason in _MEANINGS:
        assert reason in REASONS
        assert "{message}" in REASONS[reason].text


@given(st.permutations(range(8)), st.lists(st.booleans(), min_size=8, max_size=8))
def test_whatever_the_order_each_element_finds_its_own_fate(
    order: list[int], refused: list[bool]
) -> None:
    rows = [
        row(n, HasErrors=refused[n], ContactID=ZERO_ID if refused[n] else f"id-{n}") for n in order
    ]
    answer = Answer(status=200, headers={}, body=json.dumps({"Contacts": rows}).encode())
    members = [Member(mark=f"PX-C-{n}") for n in range(8)]
    found = paired(members, elements_of(answer, "Contacts", "ContactID"))
    assert [bool(element.messages) for element in found] == refused
    assert [element.id for element in found] == ["" if refused[n] else f"id-{n}" for n in range(8)]
