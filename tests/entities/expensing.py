"""Expenses of the tests: read from either side, and what the other side makes of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tests import oracle
from tests.entities.ledger import PURCHASE_TYPES, XERO_LOOKUPS, decoded
from tests.entities.recorded import raw
from tests.entities.recorded_expense import PERFEX_EXPENSE, XERO_BILL, XERO_SPENT, Json
from tests.entities.writing import rates_in
from xero_bridge.core.books import Books
from xero_bridge.core.entity import Encoding, Payload
from xero_bridge.core.record import Record
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.entities.expense import EXPENSE, Expense
from xero_bridge.entities.tax import rate_of
from xero_bridge.entities.wire import read

RATES = {type_: f"{rate_of(key):f}" for key, type_ in PURCHASE_TYPES.items()}


def perfex_expense(**changes: Any) -> Expense:
    record = decoded(Kind.EXPENSE, Side.PERFEX, raw(PERFEX_EXPENSE, **changes)).record
    assert isinstance(record, Expense)
    return record


def xero_spent(**changes: Any) -> Expense:
    record = decoded(Kind.EXPENSE, Side.XERO, raw(XERO_SPENT, **changes)).record
    assert isinstance(record, Expense)
    return record


def xero_bill(**changes: Any) -> Expense:
    assert EXPENSE.xero is not None
    record = read(EXPENSE.xero.also[0], raw(XERO_BILL, **changes), XERO_LOOKUPS).record
    assert isinstance(record, Expense)
    return record


def answered(payload: Payload) -> Expense:
    """What Xero makes of an expense that is created: the form it was sent as."""
    body = json.loads(json.dumps(payload.body, default=str))
    figures = oracle.xero_figures(body, rates_in(payload.body))
    for number, line in enumerate(body["LineItems"]):
        line |= {
            "LineItemID": f"line-{number}",
            "LineAmount": oracle.text(figures.line_amounts[number]),
            "TaxAmount": oracle.text(figures.line_taxes[number]),
        }
    sums = {"Total": oracle.text(figures.total), "TotalTax": oracle.text(figures.tax)}
    known = {"DateString": body["Date"], **sums}
    return (
        xero_spent(**body, **known)
        if payload.path == "BankTransactions"
        else xero_bill(**{"InvoiceNumber": None, **body}, **known)
    )


def kept(record: Record, books: Books) -> Mapping[str, object]:
    """What a create carries: all, but whether a bill is paid."""
    assert EXPENSE.shown_on_xero is not None
    assert EXPENSE.xero is not None
    assert EXPENSE.xero.create is not None
    wanted = dict(EXPENSE.shown_on_xero(record, books))
    payload = EXPENSE.xero.create(Encoding(source=record, source_id="9"), books)
    if not payload.whole:
        del wanted["payment"]
    return wanted


def in_perfex(payload: Payload) -> Expense:
    """What Perfex makes of the form that creates an expense."""
    ids = {"id of VAT|20.00": ("VAT", "20.00"), "id of VAT|5.00": ("VAT", "5.00")}
    name, rate = ids.get(payload.body["tax"], (None, None))
    joined: Json = {"tax_name": name, "taxrate": rate, "currency": "2", "customfields": []}
    blank = {"expense_name": None, "reference_no": None, "category_name": "Furniture"}
    return perfex_expense(**{**blank, **payload.body, **joined})


def kept_in_perfex(record: Record, books: Books) -> Mapping[str, object]:
    """All that Perfex can say of it."""
    assert EXPENSE.shown_on_perfex is not None
    return EXPENSE.shown_on_perfex(record, books)


def drawn(*, cents: int, rate: str, mode: str, texts: tuple[str, str, str], day: str) -> Expense:
    """An expense as staff may have entered it."""
    name, reference, note = texts
    return perfex_expense(
        amount=f"{Decimal(cents).scaleb(-2):f}",
        tax="1" if rate else "0",
        tax_name="VAT" if rate else None,
        taxrate=rate or None,
        paymentmode=mode,
        expense_name=name,
        reference_no=reference,
        note=note,
        date=day,
    )


def drawn_spent(*, cents: int, tax: str, texts: tuple[str, str], day: str, bill: bool) -> Expense:
    """Money spent or a bill as a bookkeeper may have entered it."""
    text, reference = texts
    net = Decimal(cents).scaleb(-2)
    known = XERO_SPENT["LineItems"][0]
    kept = {name: known[name] for name in ("Quantity", "AccountCode", "LineItemID")}
    line = {**kept, "Description": text, "TaxType": tax, "UnitAmount": f"{net:f}"}
    body = {"LineAmountTypes": "Exclusive", "LineItems": [line]}
    figures = oracle.xero_figures(body, RATES)
    sums = {"Total": oracle.text(figures.total), "TotalTax": oracle.text(figures.tax)}
    made = xero_bill if bill else xero_spent
    named = {"InvoiceNumber" if bill else "Reference": reference}
    return made(**body, **sums, **named, DateString=f"{day}T00:00:00")
