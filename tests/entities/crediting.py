"""Credit notes of the tests: drawn, and answered by the independent oracle."""

import json
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from tests import oracle
from tests.core import documents
from tests.entities.ledger import decoded
from tests.entities.recorded import raw
from tests.entities.recorded_credit import PERFEX_CREDIT_NOTE, XERO_CREDIT_NOTE
from tests.entities.writing import rates_in
from xero_bridge.core.books import Books
from xero_bridge.core.entity import Payload
from xero_bridge.core.record import Record
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.entities.credit_note import CREDIT_NOTE, CreditNote


def perfex_note(**changes: Any) -> CreditNote:
    record = decoded(Kind.CREDIT_NOTE, Side.PERFEX, raw(PERFEX_CREDIT_NOTE, **changes)).record
    assert isinstance(record, CreditNote)
    return record


def xero_note(**changes: Any) -> CreditNote:
    record = decoded(Kind.CREDIT_NOTE, Side.XERO, raw(XERO_CREDIT_NOTE, **changes)).record
    assert isinstance(record, CreditNote)
    return record


def drawn(seed: int, texts: Sequence[str]) -> CreditNote:
    """Any credit note; its line taxes are shown, as the table of them tells."""
    document = documents.drawn(Random(seed))
    for number, line in enumerate(document["items"]):
        line |= {"description": texts[number % len(texts)], "id": str(number)}
    return perfex_note(applied_credits=[], **document)


def answered(payload: Payload) -> CreditNote:
    """What Xero makes of a credit note that is created."""
    body = json.loads(json.dumps(payload.body, default=str))
    figures = oracle.xero_figures(body, rates_in(payload.body))
    for number, line in enumerate(body["LineItems"]):
        line["LineItemID"] = f"line-{number}"
        line["LineAmount"] = oracle.text(figures.line_amounts[number])
        line["TaxAmount"] = oracle.text(figures.line_taxes[number])
    sums = {"Total": oracle.text(figures.total), "TotalTax": oracle.text(figures.tax)}
    return xero_note(
        **body, **sums, DateString=body["Date"], Allocations=[], Payments=[], RemainingCredit="0"
    )


def kept(record: Record, books: Books) -> Mapping[str, object]:
    """What a create carries: all but what was done with the credit."""
    assert CREDIT_NOTE.shown_on_xero is not None
    return CREDIT_NOTE.shown_on_xero(CREDIT_NOTE.carried(record), books)
