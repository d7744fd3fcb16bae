"""Credit notes over both interfaces: Xero's own SDK on notes and allocations, Perfex's own calls."""

from decimal import Decimal
from typing import Any

import pytest
from xero_python.accounting import (
    Account,
    Allocation,
    Allocations,
    Contact,
    CreditNote,
    CreditNotes,
    Invoice,
    LineAmountTypes,
    Payment,
    Payments,
)
from xero_python.exceptions import AccountingBadRequestException

from tests.conformance.perfex_calls import done, made, refusal
from tests.conformance.sdk import TODAY, Sdk, line, messages
from tests.simulator.perfex.site import Perfex

FORM = {
    "number": "7",
    "date": "2026-07-09",
    "currency": "2",
    "subtotal": "100.00",
    "total": "120.00",
    "discount_type": "",
    "billing_street": "12 Mill Lane",
    "newitems[0][description]": "Returned desk",
    "newitems[0][long_description]": "",
    "newitems[0][qty]": "1.00",
    "newitems[0][rate]": "100.00",
    "newitems[0][unit]": "",
    "newitems[0][order]": "1",
    "newitems[0][taxname][]": "VAT|20.00",
}


def note(sdk: Sdk, contact: Contact, **more: Any) -> CreditNote:
    """An approved credit note of 120.00."""
    returned = line(quantity=Decimal(1), unit_amount=Decimal("100.00"))
    usual = {
        "type": "ACCRECCREDIT",
        "contact": Contact(contact_id=contact.contact_id),
        "date": TODAY,
        "credit_note_number": "CN-000007",
        "reference": "PX-CN-7",
        "status": "AUTHORISED",
        "line_amount_types": LineAmountTypes.EXCLUSIVE,
        "line_items": [returned],
    }
    sent = CreditNotes(credit_notes=[CreditNote(**{**usual, **more})])
    return sdk.create_credit_notes(sent, summarize_errors=False, unitdp=4).credit_notes[0]


def allocate(sdk: Sdk, credit: CreditNote, invoice: Invoice, amount: str) -> Any:
    part = Allocation(
        amount=Decimal(amount), invoice=Invoice(invoice_id=invoice.invoice_id), date=TODAY
    )
    return sdk.create_credit_note_allocation(
        credit.credit_note_id, Allocations(allocations=[part]), summarize_errors=False
    )


def test_a_credit_note_is_computed_to_the_cent_and_keeps_its_mark(sdk: Sdk) -> None:
    made = note(sdk, sdk.contact())
    assert (made.status_attribute_string, made.total, made.remaining_credit) == ("OK", 120, 120)
    [read] = sdk.get_credit_note(made.credit_note_id).credit_notes
    assert (read.reference, read.credit_note_number) == ("PX-CN-7", "CN-000007")
    assert isinstance(read.total, Decimal)


def test_a_credit_pays_an_invoice_and_is_taken_back(sdk: Sdk) -> None:
    contact = sdk.contact()
    invoice, credit = sdk.invoice(contact=contact), note(sdk, contact)
    allocate(sdk, credit, invoice, "50.00")
    [read] = sdk.get_credit_note(credit.credit_note_id).credit_notes
    assert (read.remaining_credit, read.allocations[0].amount) == (70, 50)
    [owed] = sdk.get_invoice(invoice.invoice_id).invoices
    assert (owed.amount_due, owed.amount_credited) == (310, 50)
    gone = (credit.credit_note_id, read.allocations[0].allocation_id)
    # Xero's answer names no amount, and the SDK's own model cannot do without.
    with pytest.raises(ValueError, match="`amount`, must not be `None`"):
        sdk.delete_credit_note_allocations(*gone)
    [again] = sdk.get_credit_note(credit.credit_note_id).credit_notes
    assert (again.remaining_credit, again.allocations) == (120, [])


def test_more_than_is_left_is_not_applied(sdk: Sdk) -> None:
    contact = sdk.contact()
    invoice, credit = sdk.invoice(contact=contact), note(sdk, contact)
    answer = allocate(sdk, credit, invoice, "120.01").allocations[0]
    assert "amount is greater than amount outstanding" in str(answer.validation_errors[0].message)


def test_a_used_credit_note_is_neither_voided_nor_changed_in_its_amounts(sdk: Sdk) -> None:
    contact = sdk.contact()
    credit = note(sdk, contact)
    allocate(sdk, credit, sdk.invoice(contact=contact), "50.00")
    wanted = CreditNotes(credit_notes=[CreditNote(status="VOIDED")])
    with pytest.raises(AccountingBadRequestException) as refused:
        sdk.update_credit_note(credit.credit_note_id, wanted)
    assert "payments or allocations" in messages(refused)[0]


def test_a_credit_is_paid_back_by_a_payment(sdk: Sdk) -> None:
    credit = note(sdk, sdk.contact())
    refund = Payment(
        credit_note=CreditNote(credit_note_id=credit.credit_note_id),
        account=Account(code="090"),
        date=TODAY,
        amount=Decimal("20.00"),
        reference="PX-RF-1",
    )
    [paid] = sdk.create_payments(Payments(payments=[refund])).payments
    assert paid.payment_type == "ARCREDITPAYMENT"
    [read] = sdk.get_credit_note(credit.credit_note_id).credit_notes
    assert (read.remaining_credit, read.payments[0].amount) == (100, 20)


def test_perfex_shows_what_a_credit_note_was_used_for(modern: Perfex) -> None:
    customer = str(modern.customer())
    note_id = made(modern.post("credit_notes", {**FORM, "clientid": customer}))
    shown = modern.get(f"credit_notes/{note_id}")
    used = (shown["remaining_credits"], shown["applied_credits"], shown["refunds"])
    assert used == ("120.00", [], [])
    modern.simulator.staff.credits.refund(note_id, "20.00")
    assert modern.get(f"credit_notes/{note_id}")["remaining_credits"] == "100.00"
    done(modern.call("DELETE", f"credit_notes/{note_id}"))


def test_perfex_takes_a_number_once_a_year(any_release: Perfex) -> None:
    customer = str(any_release.customer())
    any_release.post("credit_notes", {**FORM, "clientid": customer})
    again = any_release.post("credit_notes", {**FORM, "clientid": customer})
    assert "already in use" in refusal(again)
