"""What the tests of the Perfex module's calls share: releases, bodies and ways to read answers."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import requests

from tests.simulator.perfex.site import (
    Perfex,
)

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
MODERN = ["3.0.3", "3.1.0"]
RELEASES = ["2.0.8", *MODERN]
RESOURCES = ["customers", "items", "invoices", "payments"]
CONTACT = {
    "firstname": "Ann",
    "lastname": "Lee",
    "email": "ann@northwind.example",
    "password": "a-long-one",
    "donotsendwelcomeemail": "on",
}

Site = Callable[[str], Perfex]


def made(answer: requests.Response) -> int:
    """The id of a record that a modern release created."""
    assert answer.status_code in (200, 201), answer.text
    content = answer.json()
    assert content["status"] is True
    return int(content["record_id"])


def done(answer: requests.Response) -> None:
    assert (answer.status_code, answer.json()["status"]) == (200, True), answer.text


def rows(content: Any) -> list[dict[str, Any]]:
    """The rows of a list, in an envelope or not."""
    found = content["data"] if isinstance(content, dict) else content
    return list(found)


def refusal(answer: requests.Response) -> str:
    content = answer.json()
    return f"{answer.status_code} {content.get('message', content.get('error'))}"


def run(perfex: Perfex, *operations: dict[str, Any]) -> list[dict[str, Any]]:
    """The results of a batch."""
    answer = perfex.call("POST", "batch", json={"operations": list(operations)})
    assert answer.status_code == 200, answer.text
    results: list[dict[str, Any]] = answer.json()["results"]
    return results
