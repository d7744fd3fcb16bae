"""Perfex invoices made in Xero: to the cent, or held with the reason."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests import oracle
from tests.core import documents
from tests.entities import recorded
from tests.entities.ledger import Ledger
from tests.entities.writing import (
    CONTACT,
    PLAIN,
    RATES,
    URL,
    books,
    created,
    held_reason,
    perfex,
    priced,
)
from xero_bridge.core.errors import Held, Waiting
from xero_bridge.core.settings import Settings


def test_the_worked_example_is_sent_and_gives_its_total_to_the_cent() -> None:
    payload = created(perfex())
    assert payload.body | {"LineItems": None} == {
        "Type": "ACCREC",
        "Contact": {"ContactID": CONTACT},
        "InvoiceNumber": "INV-000118",
        "Date": "2025-11-03",
        "DueDate": "2025-12-03",
        "CurrencyCode": "GBP",
        "LineAmountTypes": "Exclusive",
        "Status": "AUTHORISED",
        "Url": URL,
        "LineItems": None,
    }
    assert payload.mark == URL
    assert payload.expects is not None
    assert payload.expects.total == Decimal("481.49")
    assert oracle.text(oracle.xero_total(payload.body, RATES)) == "481.49"
    assert payload.line_roles[:3] == ("item", "item", "item")


def test_every_line_states_its_account_and_its_tax() -> None:
    invoice = priced(
        documents.line("1.00", "100.00", ("VAT", "20.00")),
        documents.line("1.00", "50.00"),
        discount_type="after_tax",
        discount_total="5.00",
        adjustment="-0.54",
    )
    payload = created(invoice)
    coding = [
        (line["Description"], line["AccountCode"], line["TaxType"])
        for line in payload.body["LineItems"]
    ]
    assert coding == [
        ("Line 0", "200", "OUTPUT2"),
        ("Line 1", "200", "NONE"),
        ("Discount", "260", "NONE"),
        ("Adjustment", "260", "NONE"),
    ]
    assert payload.line_roles == ("item", "item", "after_tax_discount", "adjustment")


def test_without_an_account_of_their_own_discounts_go_to_the_sales_account() -> None:
    settings = Settings(sales_account="200", rounding_account="860")
    invoice = priced(documents.line("1.00", "100.00"), adjustment="1.00")
    payload = created(invoice, books(settings=settings))
    assert payload.body["LineItems"][1]["AccountCode"] == "200"


def test_a_rounding_line_is_visible_and_on_the_chosen_account() -> None:
    thirds = [documents.line("1.00", "0.33", ("VAT", "20.00")) for _ in range(3)]
    payload = created(priced(*thirds))
    assert payload.line_roles == ("item", "item", "item", "rounding")
    assert payload.body["LineItems"][3]["AccountCode"] == "860"
    assert payload.body["LineItems"][3]["TaxType"] == "NONE"
    assert "tax" in payload.declared


def test_discounts_before_tax_become_discounts_of_the_lines() -> None:
    line = documents.line("1.00", "100.00", ("VAT", "20.00"))
    percent = created(priced(line, line, discount_type="before_tax", discount_percent="10.00"))
    assert [line["DiscountRate"] for line in percent.body["LineItems"]] == [10, 10]
    fixed = created(priced(line, line, discount_type="before_tax", discount_total="15.01"))
    shares = [line["DiscountAmount"] for line in fixed.body["LineItems"]]
    assert sum(shares) == Decimal("15.01")
    assert not {"DiscountRate"} & set(fixed.body["LineItems"][0])


def test_an_invoice_without_a_due_date_is_due_when_issued_and_says_so() -> None:
    payload = created(perfex(duedate=None))
    assert payload.body["DueDate"] == "2025-11-03"
    assert payload.declared["due"] == ("", "2025-11-03")


def test_the_chosen_status_is_sent() -> None:
    settings = Settings(sales_account="200", rounding_account="860", invoice_status="DRAFT")
    assert created(perfex(), books(settings=settings)).body["Status"] == "DRAFT"


def test_a_line_without_text_gets_the_dash_that_xero_wants() -> None:
    items = [{**recorded.PERFEX_INVOICE["items"][0], "description": ""}]
    invoice = perfex(items=items, total="324.00", total_tax="54.00")
    assert created(invoice).body["LineItems"][0]["Description"] == "-"


def test_an_invoice_waits_for_its_customer() -> None:
    with pytest.raises(Waiting):
        created(perfex(), Ledger())


ONE = {"items": [recorded.PERFEX_INVOICE["items"][0]], **PLAIN, "total_tax": "60.00"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"formatted_number": "FV№-1"}, "number_not_ascii"),
        ({"number": "1000000000"}, "number_missing"),
        ({"name": "USD", "currency": "9"}, "currency_missing"),
        ({"date": "0000-00-00"}, "date_missing"),
        ({**ONE, "total": "400.00"}, "stored_total_differs"),
        ({**ONE, "total": "0.00"}, "zero_total"),
        ({"items": []}, "no_lines"),
        ({"clientid": "0", "deleted_customer_name": "Gone Ltd"}, "customer_deleted"),
    ],
)
def test_what_xero_cannot_hold_waits_with_its_reason(changes: Any, reason: str) -> None:
    assert held_reason(perfex(**changes)) == reason


def test_a_line_longer_than_xero_takes_waits() -> None:
    items = [{**recorded.PERFEX_INVOICE["items"][0], "long_description": "x" * 4000}]
    assert held_reason(perfex(items=items)) == "description_too_long"


def test_line_taxes_that_cannot_be_read_wait() -> None:
    items = [{"description": "A", "qty": "1.00", "rate": "10.00"}]
    assert held_reason(perfex(items=items)) == "line_taxes_unreadable"


def test_an_unmapped_tax_waits_and_is_named() -> None:
    with pytest.raises(Held) as held:
        created(perfex(), books(taxes={"none": "NONE", "VAT|20.00": "OUTPUT2"}))
    assert held.value.reason == "tax_unmapped"
    assert held.value.details["tax"] == "ECO|2.50+VAT|20.00"


def test_a_difference_without_a_rounding_account_waits_with_the_arithmetic() -> None:
    thirds = [documents.line("1.00", "0.33", ("VAT", "20.00")) for _ in range(3)]
    ledger = books(settings=Settings(sales_account="200"))
    with pytest.raises(Held) as held:
        created(priced(*thirds), ledger)
    assert held.value.reason == "rounding_account_missing"
    assert "0.33" in str(held.value.details["arithmetic"])


def test_a_due_date_is_a_day_and_no_instant() -> None:
    invoice = perfex(duedate="2025-12-03 00:00:00")
    assert invoice.due == date(2025, 12, 3)
    assert created(invoice).body["DueDate"] == "2025-12-03"
