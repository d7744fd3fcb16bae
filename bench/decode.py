"""A page of a thousand invoices of five lines: our decoding beside that of Xero's own SDK."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import requests
from xero_python.accounting import AccountingApi
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration

from bench.table import Figure
from tests.support.stage import Stage, a_stage
from xero_bridge.core.entity import Lookups
from xero_bridge.core.record import Seen
from xero_bridge.core.vocabulary import Kind
from xero_bridge.entities import ENTITIES
from xero_bridge.remotes.http import Answer
from xero_bridge.remotes.xero.client import XeroClient
from xero_bridge.remotes.xero.rows import entries_of, page_of

INVOICES, LINES = 1000, 5
CODEC = ENTITIES[Kind.INVOICE].xero
assert CODEC is not None


def measure() -> list[Figure]:
    """Median times of the same bytes in the same run, and how they compare."""
    with TemporaryDirectory() as folder, a_stage(Path(folder), boundless=True) as stage:
        page = _page(stage)
    # In turn, so that a busy moment of the machine meets all of them.
    rounds = [[_taken(read, page) for read in (_by_sdk, _to_wires, _to_records)] for _ in range(9)]
    sdk, wires, records = (median(times) for times in zip(*rounds, strict=True))
    return [
        Figure("size of the page", f"{len(page) / 1e6:.1f} MB"),
        Figure("Xero's Python SDK, bytes to its models", f"{sdk:.1f} ms"),
        Figure("bytes to typed wire values", f"{wires:.1f} ms"),
        Figure("  times faster than the SDK", f"{sdk / wires:.1f}", "(at least 8)"),
        Figure("bytes to canonical invoices", f"{records:.1f} ms"),
        Figure("  times faster than the SDK", f"{sdk / records:.1f}", "(at least 4)"),
    ]


def _taken(read: Callable[[bytes], int], page: bytes) -> float:
    """Milliseconds of this process in which the page becomes a thousand invoices."""
    gc.collect()
    began = time.process_time()
    assert read(page) == INVOICES
    return (time.process_time() - began) * 1000


# --- three ways of reading the same bytes ------------------------------------------------------


def _answer(page: bytes) -> Answer:
    return Answer(status=200, headers={"content-type": "application/json"}, body=page)


def _to_wires(page: bytes) -> int:
    """The rows of the answer, and the wire type of each."""
    assert CODEC is not None
    rows = page_of(_answer(page), CODEC.path).rows
    return len([msgspec.json.decode(row, type=CODEC.wire) for row in rows])


class _Unused:
    """Stands where a session would: nothing is called."""

    calls = 0


def _to_records(page: bytes) -> int:
    """The client itself, to what the engine compares: each row's id and hash are read too."""
    assert CODEC is not None
    lookups = Lookups(site_url="https://crm.example", base_currency="GBP")
    client = XeroClient(_Unused(), ENTITIES, lookups)  # type: ignore[arg-type]
    entries = list(entries_of(page_of(_answer(page), CODEC.path).rows, CODEC.id_field))
    return sum(isinstance(found, Seen) for found in client.open(Kind.INVOICE, entries))


class _SdkResponse:
    """An answer as the SDK's transport hands it over."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    @property
    def text(self) -> str:
        return self.data.decode()


def _by_sdk(page: bytes) -> int:
    client = ApiClient(Configuration())
    finder = AccountingApi(client).get_model_finder()
    return len(client.deserialize(_SdkResponse(page), "Invoices", finder).invoices)


# --- the bytes ---------------------------------------------------------------------------------


def _page(stage: Stage) -> bytes:
    """What the simulator answers to the call that the bridge makes."""
    contact = _call(stage, "PUT", "Contacts", {"Contacts": [{"Name": "Orchard & Sons"}]}).json()
    party = {"ContactID": contact["Contacts"][0]["ContactID"]}
    for start in range(0, INVOICES, 100):
        invoices = [_invoice(number, party) for number in range(start, start + 100)]
        _call(stage, "PUT", "Invoices?unitdp=4", {"Invoices": invoices})
    return _call(stage, "GET", f"Invoices?page=1&pageSize={INVOICES}&unitdp=4").content


def _invoice(number: int, party: dict[str, str]) -> dict[str, Any]:
    lines = [
        {
            "Description": f"Consulting, part {line} of order {number}",
            "Quantity": 1 + line,
            "UnitAmount": 10.25 * (1 + line),
            "TaxType": "OUTPUT2",
            "AccountCode": "200",
        }
        for line in range(LINES)
    ]
    return {
        "Type": "ACCREC",
        "InvoiceNumber": f"INV-{number:06d}",
        "Contact": party,
        "Date": "2026-11-02",
        "DueDate": "2026-12-02",
        "LineAmountTypes": "Exclusive",
        "Status": "AUTHORISED",
        "Url": f"https://crm.example/admin/invoices/list_invoices/{number}",
        "LineItems": lines,
    }


def _call(stage: Stage, method: str, path: str, body: Any = None) -> requests.Response:
    answer = requests.request(
        method,
        f"{stage.xero_url}/api.xro/2.0/{path}",
        json=body,
        headers={
            "Authorization": f"Bearer {stage.xero.issue_token()['access_token']}",
            "xero-tenant-id": stage.xero.books().tenant,
            "Accept": "application/json",
        },
        timeout=60,
    )
    assert answer.status_code == 200, answer.text[:500]
    return answer
