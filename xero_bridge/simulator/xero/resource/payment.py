"""Payments: made whole, never edited, only deleted; they move the document they settle."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.errors import Invalid, refuse
from xero_bridge.simulator.xero.kernel.reading import Input
from xero_bridge.simulator.xero.kernel.wire import new_id, rounded
from xero_bridge.simulator.xero.resource import account as accounts
from xero_bridge.simulator.xero.resource import credit as credits_
from xero_bridge.simulator.xero.resource import credit_note
from xero_bridge.simulator.xero.resource import invoice as invoices
from xero_bridge.simulator.xero.resource.invoice_sum import settle

TOO_MUCH = "Payment amount exceeds the amount outstanding on this document"
NOT_AUTHORISED = "Payments can only be made against Authorised documents"
ONLY_STATUS = "Only Status accepted for updates"
NO_ACCOUNT = "Account could not be found"
WRONG_ACCOUNT = (
    "The account type is invalid: payments need a bank account or one that accepts payments"
)
TARGETS = ("Invoice", *credits_.SORTS)
KINDS = {"ACCREC": "ACCRECPAYMENT", "ACCPAY": "ACCPAYPAYMENT"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a payment settles: an invoice, or a credit that is refunded."""

    record: Record
    outstanding: Decimal
    payment_type: str
    reference: Record  # What the payment keeps of it.


def create(books: Books, raw: Input) -> str:
    """Record a payment, settle its document and return its id; raises Invalid."""
    target = _document(books, raw)
    account = accounts.find(books, raw.child("Account") or Input({}, raw.path))
    amount = raw.number("Amount")
    refuse(
        [
            *_amount_problems(target, amount),
            *_account_problems(books, target.record, account),
            *_date_problems(books, raw),
        ]
    )
    assert account is not None, "an unknown account was refused"
    at = books.now()
    payment = {
        "PaymentID": new_id(),
        **target.reference,
        "AccountID": account["AccountID"],
        "Date": raw.day("Date"),
        "Amount": rounded(amount or Decimal()),
        "Reference": raw.text("Reference") or "",
        "PaymentType": target.payment_type,
        "Status": "AUTHORISED",
        "IsReconciled": bool(raw.flag("IsReconciled")),
        "UpdatedDateUTC": at,
        **_converted(books, raw, target.record, account),
    }
    books.payments.put(payment["PaymentID"], payment)
    _settle(books, payment, at)
    return str(payment["PaymentID"])


def delete(books: Books, payment_id: str, raw: Input) -> str:
    """Delete a payment: the body may hold its Status only. The document reopens."""
    payment = books.payments.get(payment_id) or {}
    if set(raw.raw) != {"Status"} or raw.text("Status") != "DELETED":
        raise Invalid(ONLY_STATUS)
    if payment["Status"] == "DELETED":
        raise Invalid("Payment not of valid status for modification")
    if payment["IsReconciled"]:
        raise Invalid("The payment is reconciled and cannot be deleted")
    if payment.get("BatchPaymentID"):
        raise Invalid("The payment is part of a batch payment and cannot be deleted")
    refuse(books.lock_messages(payment["Date"]))
    at = books.now()
    books.payments.put(payment_id, {**payment, "Status": "DELETED", "UpdatedDateUTC": at})
    _settle(books, payment, at)
    return payment_id


def _settle(books: Books, payment: Record, at: datetime) -> None:
    if payment.get("InvoiceID"):
        settle(books, payment["InvoiceID"], at)
    else:
        sort = credits_.SORTS[payment["CreditSort"]]
        credits_.settle_credit(books, sort, payment["CreditID"], at)


def _document(books: Books, raw: Input) -> Target:
    sent = [name for name in TARGETS if raw.has(name)]
    if not sent and raw.has("InvoiceNumber"):
        return _invoice(invoices.find(books, raw))
    if not sent and raw.has("CreditNoteNumber"):
        return _credit(books, credits_.NOTE, raw)
    if len(sent) != 1:
        raise Invalid("Exactly one of Invoice, CreditNote, Prepayment or Overpayment is needed")
    named = raw.child(sent[0]) or raw
    if sent == ["Invoice"]:
        return _invoice(invoices.find(books, named))
    return _credit(books, credits_.SORTS[sent[0]], named)


def _invoice(invoice: Record | None) -> Target:
    if invoice is None:
        raise Invalid(invoices.UNKNOWN)
    return Target(
        record=invoice,
        outstanding=invoice["AmountDue"],
        payment_type=KINDS[invoice["Type"]],
        reference={"InvoiceID": invoice["InvoiceID"]},
    )


def _credit(books: Books, sort: credits_.Sort, named: Input) -> Target:
    """Return the credit that is paid back."""
    found = credit_note.find(books, named) if sort is credits_.NOTE else None
    credit = found or sort.known(books, named.guid(sort.id_name) or "")
    side = "AR" if credits_.is_sale(credit) else "AP"
    return Target(
        record=credit,
        outstanding=credit["RemainingCredit"],
        payment_type=f"{side}{sort.refund}",
        reference={"CreditSort": sort.name, "CreditID": credit[sort.id_name]},
    )


def _amount_problems(target: Target, amount: Decimal | None) -> list[str]:
    if amount is None or amount <= 0:
        return ["The payment amount must be greater than zero"]
    if target.record["Status"] != "AUTHORISED":
        return [TOO_MUCH, NOT_AUTHORISED]
    return [TOO_MUCH] if amount > target.outstanding else []


def _account_problems(books: Books, invoice: Record, account: Record | None) -> list[str]:
    if account is None or account["Status"] != "ACTIVE":
        return [NO_ACCOUNT]
    if account["Type"] != "BANK" and not account.get("EnablePaymentsToAccount"):
        return [WRONG_ACCOUNT]
    currency = account.get("CurrencyCode", books.base_currency)
    if currency not in (books.base_currency, invoice["CurrencyCode"]):
        return [
            "The currency of the bank account must be that of the document or the base currency"
        ]
    return []


def _date_problems(books: Books, raw: Input) -> list[str]:
    on = raw.day("Date")
    return books.lock_messages(on) if on else ["Payment date must be specified"]


def _converted(books: Books, raw: Input, invoice: Record, account: Record) -> Record:
    """Return BankAmount in the account's currency, and the rate between it and the document."""
    amount = rounded(raw.number("Amount") or Decimal())
    currency = account.get("CurrencyCode", books.base_currency)
    if invoice["CurrencyCode"] == books.base_currency:
        return {"BankAmount": amount, "CurrencyRate": Decimal("1.000000")}
    rate = raw.number("CurrencyRate") or invoice["CurrencyRate"]
    if currency == invoice["CurrencyCode"]:
        return {"BankAmount": amount, "CurrencyRate": rounded(rate, 6)}
    if bank := raw.number("BankAmount"):
        return {"BankAmount": rounded(bank), "CurrencyRate": rounded(amount / bank, 6)}
    return {"BankAmount": rounded(amount / rate), "CurrencyRate": rounded(rate, 6)}
