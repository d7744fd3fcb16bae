"""Expenses over both interfaces: Xero's own SDK on spent money and bills, Perfex's own calls."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from xero_python.accounting import (
    Account,
    BankTransaction,
    BankTransactions,
    Contact,
    Invoice,
    Invoices,
    LineAmountTypes,
    Payment,
    PaymentDelete,
)
from xero_python.exceptions import AccountingBadRequestException

from tests.conformance.perfex_calls import done, made, refusal
from tests.conformance.sdk import DUE, TODAY, Sdk, line, messages
from tests.simulator.perfex.site import Perfex

FORM = {
    "category": "4",
    "date": "2026-07-09",
    "currency": "2",
    "amount": "80.00",
    "clientid": "0",
    "tax": "1",
    "tax2": "0",
    "paymentmode": "1",
    "note": "PX-0123456789ab-1",
}


def chairs(sdk: Sdk) -> BankTransaction:
    """Money spent: 80.00 and its tax."""
    bought = line(
        quantity=Decimal(1), unit_amount=Decimal("80.00"), account_code="429", tax_type="INPUT2"
    )
    body = BankTransaction(
        type="SPEND",
        contact=Contact(name="Desks & Co"),
        bank_account=Account(code="090"),
        date=TODAY,
        reference="B-1001",
        url="https://crm.example.test/admin/expenses/list_expenses/66",
        line_items=[bought],
        line_amount_types=LineAmountTypes.EXCLUSIVE,
    )
    sent = BankTransactions(bank_transactions=[body])
    return sdk.create_bank_transactions(sent, summarize_errors=False).bank_transactions[0]


def again(spent: BankTransaction, **changes: Any) -> BankTransaction:
    """The transaction with what the SDK demands, and changes."""
    usual = {
        "bank_transaction_id": spent.bank_transaction_id,
        "type": "SPEND",
        "bank_account": Account(code="090"),
        "line_items": spent.line_items,
    }
    return BankTransaction(**{**usual, **changes})


def test_money_spent_is_changed_by_its_line_and_deleted(sdk: Sdk) -> None:
    spent = chairs(sdk)
    assert (spent.sub_total, spent.total_tax, spent.total) == (80, 16, 96)
    changed = line(
        line_item_id=spent.line_items[0].line_item_id,
        quantity=Decimal(1),
        unit_amount=Decimal("90.00"),
        account_code="461",
        tax_type="INPUT2",
    )
    key = spent.bank_transaction_id
    body = again(spent, line_items=[changed], line_amount_types=LineAmountTypes.EXCLUSIVE)
    sdk.update_bank_transaction(key, BankTransactions(bank_transactions=[body]), unitdp=4)
    (read,) = sdk.get_bank_transaction(key).bank_transactions
    assert (read.total, read.line_items[0].account_code) == (108, "461")
    assert read.line_items[0].line_item_id == spent.line_items[0].line_item_id
    gone = again(spent, status="DELETED")
    sdk.update_bank_transaction(key, BankTransactions(bank_transactions=[gone]))
    assert sdk.get_bank_transaction(key).bank_transactions[0].status == "DELETED"


def test_money_spent_that_is_reconciled_is_not_changed(sdk: Sdk) -> None:
    spent = chairs(sdk)
    key, body = spent.bank_transaction_id, again(spent, is_reconciled=True)
    sdk.update_bank_transaction(key, BankTransactions(bank_transactions=[body]))
    later = again(spent, date=TODAY - timedelta(days=1))
    with pytest.raises(AccountingBadRequestException) as refused:
        sdk.update_bank_transaction(key, BankTransactions(bank_transactions=[later]))
    assert any("reconciled" in message for message in messages(refused))


def test_a_bill_takes_a_payment_once_it_is_approved(sdk: Sdk) -> None:
    bought = line(account_code="429", tax_type="INPUT2")
    draft = sdk.draft(type="ACCPAY", status="DRAFT", invoice_number="B-1001", line_items=[bought])
    (bill,) = sdk.create_invoices(Invoices(invoices=[draft])).invoices
    pays = Payment(
        invoice=Invoice(invoice_id=bill.invoice_id),
        account=Account(code="090"),
        date=TODAY,
        amount=bill.total,
        reference="PX-EXP-66",
    )
    with pytest.raises(AccountingBadRequestException):
        sdk.create_payment(pays)
    approved = Invoice(invoice_id=bill.invoice_id, status="AUTHORISED", due_date=DUE)
    sdk.update_invoice(bill.invoice_id, Invoices(invoices=[approved]))
    (payment,) = sdk.create_payment(pays).payments
    assert sdk.get_invoice(bill.invoice_id).invoices[0].status == "PAID"
    sdk.delete_payment(payment.payment_id, PaymentDelete(status="DELETED"))
    assert sdk.get_invoice(bill.invoice_id).invoices[0].status == "AUTHORISED"


def test_a_perfex_expense_is_created_changed_and_deleted(modern: Perfex) -> None:
    key = made(modern.post("expenses", FORM))
    shown = modern.get(f"expenses/{key}")
    assert (shown["amount"], shown["tax_name"], shown["category_name"]) == (
        "80.00",
        "VAT",
        "Furniture",
    )
    kept = {"date": "2026-07-09", "amount": "90.00", "note": FORM["note"], "project_id": "0"}
    done(modern.put(f"expenses/{key}", kept))
    shown = modern.get(f"expenses/{key}")
    assert (shown["amount"], shown["note"], shown["paymentmode"]) == ("90.00", FORM["note"], "1")
    done(modern.call("DELETE", f"expenses/{key}"))
    assert refusal(modern.call("GET", f"expenses/{key}")) == "404 No data were found"


def test_a_put_wipes_the_note_and_date_that_it_does_not_name(modern: Perfex) -> None:
    key = made(modern.post("expenses", FORM))
    modern.put(f"expenses/{key}", {"amount": "90.00"})
    row = modern.simulator.row("expenses", key)
    assert row is not None
    assert (row["note"], row["date"]) == ("", "0000-00-00")


def test_an_expense_on_an_invoice_is_not_deleted(any_release: Perfex) -> None:
    purchases = any_release.simulator.staff.purchases
    key = purchases.create_expense(4, "10.00", invoiceid=1)
    answer = any_release.call("DELETE", f"expenses/{key}")
    assert answer.json()["status"] is False
    assert any_release.simulator.row("expenses", key) is not None
