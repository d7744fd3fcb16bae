"""Xero's own Python SDK reads and writes invoices and payments of the stand-in, to the cent."""

from decimal import Decimal
from typing import Any

import pytest
from xero_python.accounting import (
    CurrencyCode,
    Invoice,
    Invoices,
    PaymentDelete,
    Payments,
)
from xero_python.exceptions import AccountingBadRequestException

from tests.conformance.sdk import TODAY, Sdk, line, messages

# --- invoices ----------------------------------------------------------------------------------


def test_an_invoice_is_computed_to_the_cent(sdk: Sdk) -> None:
    made = sdk.invoice(invoice_number="INV-000118", reference="PX-118")
    assert (made.sub_total, made.total_tax, made.total) == (300, 60, 360)
    assert isinstance(made.total, Decimal)
    [read] = sdk.get_invoice(made.invoice_id).invoices
    assert (read.status, read.amount_due, read.date) == ("AUTHORISED", Decimal(360), TODAY)
    assert read.line_items[0].line_amount == Decimal(300)


def test_prices_of_four_decimals_are_kept(sdk: Sdk) -> None:
    lines = [line(unit_amount=Decimal("38.1255"), quantity=Decimal("1.75"))]
    drafts = Invoices(invoices=[sdk.draft(line_items=lines)])
    [made] = sdk.create_invoices(drafts, unitdp=4).invoices
    assert made.line_items[0].unit_amount == Decimal("38.1255")
    assert made.line_items[0].line_amount == Decimal("66.72")


def test_a_discount_is_rounded_after_it_was_taken(sdk: Sdk) -> None:
    lines = [line(quantity=Decimal(3), unit_amount=Decimal("33.33"), discount_rate=Decimal("12.5"))]
    made = sdk.invoice(line_items=lines)
    assert made.line_items[0].line_amount == Decimal("87.49")
    assert made.total_discount == Decimal("12.50")


def test_good_invoices_are_kept_beside_bad_ones(sdk: Sdk) -> None:
    bad = sdk.draft(line_items=[line(account_code="999999")])
    drafts = Invoices(invoices=[sdk.draft(), bad])
    good, refused = sdk.create_invoices(drafts, summarize_errors=False).invoices
    assert (good.status_attribute_string, refused.status_attribute_string) == ("OK", "ERROR")
    assert refused.invoice_id == "00000000-0000-0000-0000-000000000000"
    assert "999999" in refused.validation_errors[0].message


def test_one_bad_invoice_refuses_the_whole_call_by_default(sdk: Sdk) -> None:
    bad = Invoices(invoices=[sdk.draft(line_items=[line(account_code="999999")])])
    with pytest.raises(AccountingBadRequestException) as refused:
        sdk.create_invoices(bad)
    assert refused.value.error_data["ErrorNumber"] == 10
    assert any("999999" in message for message in messages(refused))


def test_a_number_is_used_once(sdk: Sdk) -> None:
    sdk.invoice(invoice_number="INV-7")
    with pytest.raises(AccountingBadRequestException) as refused:
        sdk.invoice(invoice_number="INV-7")
    assert messages(refused) == ["Invoice # must be unique."]


def test_lines_are_changed_by_their_ids(sdk: Sdk) -> None:
    made = sdk.invoice()
    kept = line(line_item_id=made.line_items[0].line_item_id, unit_amount=Decimal("90.00"))
    change = Invoices(invoices=[Invoice(line_items=[kept])])
    [changed] = sdk.update_invoice(made.invoice_id, change).invoices
    assert changed.total == Decimal(216)
    assert changed.line_items[0].line_item_id == made.line_items[0].line_item_id


def test_a_posted_invoice_is_found_by_its_number(sdk: Sdk) -> None:
    made = sdk.invoice(invoice_number="INV-8")
    again = Invoices(invoices=[sdk.draft(invoice_number="INV-8", reference="seen twice")])
    [found] = sdk.update_or_create_invoices(again).invoices
    assert (found.invoice_id, found.reference) == (made.invoice_id, "seen twice")


def test_an_invoice_is_voided(sdk: Sdk) -> None:
    made = sdk.invoice()
    void = Invoices(invoices=[Invoice(status="VOIDED")])
    assert sdk.update_invoice(made.invoice_id, void).invoices[0].status == "VOIDED"
    [read] = sdk.get_invoice(made.invoice_id).invoices
    assert (read.status, read.amount_due) == ("VOIDED", 0)


def test_a_draft_is_deleted(sdk: Sdk) -> None:
    made = sdk.invoice(status="DRAFT")
    gone = Invoices(invoices=[Invoice(status="DELETED")])
    assert sdk.update_invoice(made.invoice_id, gone).invoices[0].status == "DELETED"


def test_invoices_are_filtered_sorted_and_paged(sdk: Sdk) -> None:
    for number in ("INV-1", "INV-2", "INV-3"):
        sdk.invoice(invoice_number=number)
    found = sdk.get_invoices(
        where='Type=="ACCREC" AND Status=="AUTHORISED" AND AmountDue>=360',
        order="InvoiceNumber DESC",
        page=1,
        page_size=2,
    )
    assert [each.invoice_number for each in found.invoices] == ["INV-3", "INV-2"]
    assert (found.pagination.item_count, found.pagination.page_count) == (3, 2)
    assert len(found.invoices[0].line_items) == 1


def test_invoices_are_found_by_ids_numbers_contacts_and_statuses(sdk: Sdk) -> None:
    made = sdk.invoice(invoice_number="INV-1", status="DRAFT")
    searches: list[dict[str, Any]] = [
        {"i_ds": [made.invoice_id]},
        {"invoice_numbers": ["INV-1"]},
        {"contact_i_ds": [made.contact.contact_id], "statuses": ["DRAFT"]},
    ]
    for search in searches:
        assert [each.invoice_id for each in sdk.get_invoices(**search).invoices] == [
            made.invoice_id
        ]


def test_a_foreign_invoice_has_its_rate(sdk: Sdk) -> None:
    made = sdk.invoice(currency_code=CurrencyCode.EUR, currency_rate=Decimal("1.25"))
    assert (made.currency_code, made.currency_rate) == (CurrencyCode.EUR, Decimal("1.25"))


def test_the_same_key_creates_one_invoice(sdk: Sdk) -> None:
    drafts = Invoices(invoices=[sdk.draft()])
    [first] = sdk.create_invoices(drafts, idempotency_key="key-1").invoices
    [second] = sdk.create_invoices(drafts, idempotency_key="key-1").invoices
    assert first.invoice_id == second.invoice_id


# --- payments ----------------------------------------------------------------------------------


def test_a_payment_settles_its_invoice(sdk: Sdk) -> None:
    made = sdk.invoice()
    part = sdk.payment(made, "100.00")
    assert (part.amount, part.status) == (Decimal(100), "AUTHORISED")
    assert sdk.get_invoice(made.invoice_id).invoices[0].amount_due == Decimal(260)
    sdk.payment(made, "260.00")
    [paid] = sdk.get_invoice(made.invoice_id).invoices
    assert (paid.status, paid.amount_paid, len(paid.payments)) == ("PAID", Decimal(360), 2)


def test_payments_are_created_together_read_and_listed(sdk: Sdk) -> None:
    receipts = [sdk.receipt(sdk.invoice(), "20.00"), sdk.receipt(sdk.invoice(), "30.00")]
    made = sdk.create_payments(Payments(payments=receipts)).payments
    [read] = sdk.get_payment(made[0].payment_id).payments
    assert (read.amount, read.date, read.reference) == (Decimal(20), TODAY, "PX-PAY-1")
    listed = {each.payment_id: each.amount for each in sdk.get_payments(page=1).payments}
    assert listed[made[1].payment_id] == Decimal(30)


def test_a_deleted_payment_leaves_the_invoice_open(sdk: Sdk) -> None:
    made = sdk.invoice()
    paid = sdk.payment(made, "360.00")
    [gone] = sdk.delete_payment(paid.payment_id, PaymentDelete(status="DELETED")).payments
    assert gone.status == "DELETED"
    [read] = sdk.get_invoice(made.invoice_id).invoices
    assert (read.status, read.amount_due) == ("AUTHORISED", Decimal(360))


def test_more_than_is_due_is_refused(sdk: Sdk) -> None:
    made = sdk.invoice()
    with pytest.raises(AccountingBadRequestException) as refused:
        sdk.payment(made, "360.01")
    assert "exceeds the amount outstanding" in messages(refused)[0]
