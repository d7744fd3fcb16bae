"""Invoices of the tests: read from Perfex, written to Xero, answered by the independent oracle."""

import json
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from tests import oracle
from tests.core import documents
from tests.entities import recorded
from tests.entities.ledger import SITE, Ledger, decoded
from tests.entities.recorded import raw
from xero_bridge.core.books import TaxTerm
from xero_bridge.core.entity import Encoding, Payload
from xero_bridge.core.errors import Held
from xero_bridge.core.record import Roles
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.entities.invoice import INVOICE, Invoice
from xero_bridge.entities.tax import rate_of

CONTACT = recorded.XERO_CONTACT["ContactID"]
URL = f"{SITE}/admin/invoices/list_invoices/512"
RATES = {"OUTPUT2": "20", "RROUTPUT": "5", "TAX001": "2.5", "TAX002": "22.5", "NONE": "0"}
PLAIN = {"discount_percent": "0.00", "discount_total": "0.00", "discount_type": ""}


def books(**changes: Any) -> Ledger:
    return Ledger(ids={(Kind.CUSTOMER, "41"): CONTACT}, **changes)


def perfex(**changes: Any) -> Invoice:
    record = decoded(Kind.INVOICE, Side.PERFEX, raw(recorded.PERFEX_INVOICE, **changes)).record
    assert isinstance(record, Invoice)
    return record


def priced(*items: dict[str, Any], **header: str) -> Invoice:
    """An invoice with the totals that Perfex computes for these lines."""
    numbered = [
        {"description": f"Line {number}", "id": str(number), **item}
        for number, item in enumerate(items)
    ]
    document = documents.invoice(*numbered, **header)
    return perfex(**{**PLAIN, "total_left_to_pay": document["total"], "payments": [], **document})


def created(invoice: Invoice, ledger: Ledger | None = None) -> Payload:
    assert INVOICE.xero is not None
    assert INVOICE.xero.create is not None
    return INVOICE.xero.create(Encoding(source=invoice, source_id="512"), ledger or books())


def answered(payload: Payload, rates: dict[str, str] | None = None, **changes: Any) -> Invoice:
    """The invoice that Xero answers, with the figures of the independent oracle."""
    texts = json.loads(json.dumps(payload.body, default=str))
    figures = oracle.xero_figures(texts, rates or RATES)
    for number, line in enumerate(texts["LineItems"]):
        line.setdefault("LineItemID", f"line-{number}")
        line["LineAmount"] = oracle.text(figures.line_amounts[number])
        line["TaxAmount"] = oracle.text(figures.line_taxes[number])
    answer = {
        **recorded.XERO_INVOICE,
        **texts,
        "DateString": texts.get("Date"),
        "DueDateString": texts.get("DueDate"),
        "Total": oracle.text(figures.total),
        "TotalTax": oracle.text(figures.tax),
        **changes,
    }
    record = decoded(Kind.INVOICE, Side.XERO, json.dumps(answer).encode()).record
    assert isinstance(record, Invoice)
    return record


def roles_of(payload: Payload) -> Roles:
    lines = tuple((f"line-{number}", role) for number, role in enumerate(payload.line_roles))
    return Roles(lines=lines)


def updated(
    invoice: Invoice, target: Invoice, roles: Roles, *facets: str, ledger: Ledger | None = None
) -> Payload:
    assert INVOICE.xero is not None
    assert INVOICE.xero.update is not None
    encoding = Encoding(
        source=invoice,
        source_id="512",
        target=target,
        target_id="i-1",
        facets=frozenset(facets),
        roles=roles,
    )
    return INVOICE.xero.update(encoding, ledger or books())


def held_reason(invoice: Invoice, ledger: Ledger | None = None) -> str:
    with pytest.raises(Held) as held:
        created(invoice, ledger)
    assert "…" not in str(held.value)  # Its sentence has all the values that it names.
    return held.value.reason


class EveryTax(Ledger):
    """Books in which every set of taxes is mapped to a TaxType of its own name."""

    def tax(self, key: str) -> TaxTerm:
        return TaxTerm(sales=key, rate=rate_of(key))

    def purchase_tax(self, key: str) -> TaxTerm:
        return TaxTerm(sales="", purchase=key, rate=rate_of(key))

    def tax_rate(self, tax_type: str) -> Decimal | None:
        return rate_of(tax_type)

    def perfex_tax(self, tax_type: str) -> str:
        return tax_type if "|" in tax_type or tax_type == "none" else super().perfex_tax(tax_type)


def drawn(seed: int) -> Invoice:
    document = documents.drawn(Random(seed))
    for number, line in enumerate(document["items"]):
        line |= {"description": f"Line {number}", "id": str(number), "item_order": str(number)}
    return perfex(**{**PLAIN, **document})


def rates_in(body: dict[str, Any]) -> dict[str, str]:
    return {line["TaxType"]: str(rate_of(line["TaxType"])) for line in body["LineItems"]}


def attempted(invoice: Invoice, ledger: Ledger) -> Payload | Held:
    try:
        return created(invoice, ledger)
    except Held as held:
        return held
