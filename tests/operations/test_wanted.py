"""What people type when they look for a record."""

from __future__ import annotations

from decimal import Decimal

import pytest

from xero_bridge.core.record import Key
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.operations.wanted import amount_of, sought

ID = "0d3c3f6e-1b2a-4c5d-8e9f-000000000001"


@pytest.mark.parametrize(
    ("typed", "amount", "currency"),
    [
        ("1,234.50", "1234.50", ""),
        ("1234.5", "1234.5", ""),
        ("1.234,50", "1234.50", ""),
        ("1234,5", "1234.5", ""),
        ("1,234", "1234", ""),
        ("1 234.50", "1234.50", ""),
        ("1'234.50 CHF", "1234.50", "CHF"),
        ("EUR 12", "12", "EUR"),
        ("£1,080.00", "1080.00", "GBP"),
        ("12.50€", "12.50", "EUR"),
        ("1,234,567.89", "1234567.89", ""),
        ("512", "512", ""),
    ],
)
def test_an_amount_is_read_however_it_is_written(typed: str, amount: str, currency: str) -> None:
    assert amount_of(typed) == (Decimal(amount), currency)


@pytest.mark.parametrize("typed", ["INV-000076", "Harbour", "", "12-34", "1.2.3,4,5", ID, ".,"])
def test_what_is_no_amount_is_looked_for_as_text_only(typed: str) -> None:
    assert amount_of(typed) == (None, "")


def test_the_very_record_may_be_named() -> None:
    assert sought("invoice:perfex:512").key == Key(Kind.INVOICE, Side.PERFEX, "512")
    assert sought("invoice:512").key is None


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (f"https://go.xero.com/AccountsReceivable/View.aspx?InvoiceID={ID.upper()}", ID),
        ("https://crm.example/admin/invoices/list_invoices/512", "512"),
        ("https://crm.example/admin/payments/payment/7/", "7"),
        ("  two   words ", "two words"),
    ],
)
def test_an_address_is_looked_for_by_the_id_in_it(typed: str, text: str) -> None:
    assert text in sought(typed).texts
