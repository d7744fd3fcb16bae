"""Xero's rules of invoices and payments: numbers, statuses, locks, and the arithmetic."""

from __future__ import annotations

from decimal import Decimal

from xero_bridge.core.entity import Json
from xero_bridge.core.vocabulary import Kind
from xero_bridge.engine.memory.sides.rules import (
    Desk,
    RefusalError,
    cents,
    check_open,
    check_unique,
    number,
)

_OVER = ("VOIDED", "DELETED")
#: Status asked for -> statuses that it may follow.
_STEPS = {
    "AUTHORISED": ("DRAFT", "SUBMITTED", "AUTHORISED"),
    "DRAFT": ("DRAFT", "SUBMITTED"),
    "VOIDED": ("AUTHORISED",),
    "DELETED": ("DRAFT", "SUBMITTED"),
}
_HUNDRED = Decimal(100)
_PLAIN = ("InvoiceNumber", "CurrencyCode", "Contact", "Reference", "Url", "LineAmountTypes")


def enter_invoice(desk: Desk, body: Json) -> Json:
    """A new invoice; raises RefusalError."""
    row: Json = {
        "InvoiceID": desk.new_id(),
        "Type": "ACCREC",
        "Status": body.get("Status", "DRAFT"),
    }
    row |= {"AmountPaid": Decimal(), "AmountCredited": Decimal(), "Payments": [], "LineItems": []}
    row = _with_members(desk, row, body)
    check_open(desk, row["DateString"])
    return _checked(desk, row)


def change_invoice(desk: Desk, row: Json, body: Json) -> Json:
    """The invoice with these members; raises RefusalError."""
    if row["Status"] in _OVER:
        raise RefusalError("refused_status", "This document is not of valid status.")
    changed = _with_members(desk, dict(row), body)
    check_open(desk, row["DateString"], changed["DateString"])
    status = str(body.get("Status", row["Status"]))
    if status != row["Status"]:
        _check_step(row, status)
        return {
            **changed,
            "Status": status,
            "AmountDue": Decimal() if status in _OVER else changed["AmountDue"],
        }
    fixed = ("Total", "CurrencyCode", "DateString", "Contact")
    if _is_settled(row) and any(row[name] != changed[name] for name in fixed):
        raise RefusalError("refused_has_payments", "It has a payment or credit note allocated.")
    return _checked(desk, changed)


def _is_settled(row: Json) -> bool:
    return bool(row["AmountPaid"] or row["AmountCredited"])


def _check_step(row: Json, status: str) -> None:
    if status in _OVER and _is_settled(row):
        raise RefusalError("refused_has_payments", "It has a payment or credit note allocated.")
    if row["Status"] not in _STEPS.get(status, ()):
        raise RefusalError("refused_status", "This status change is invalid.")


def _with_members(desk: Desk, row: Json, body: Json) -> Json:
    row |= {name: body[name] for name in _PLAIN if name in body}
    for name in ("Date", "DueDate"):
        if name in body:
            row[f"{name}String"] = f"{body[name]}T00:00:00"
    if "LineItems" in body:
        known = {line["LineItemID"] for line in row["LineItems"]}
        row["LineItems"] = [_line(desk, line, known) for line in body["LineItems"]]
    return refreshed(row)


def _line(desk: Desk, body: Json, known: set[str]) -> Json:
    """A line as Xero keeps it: texts trimmed, amounts to the cent."""
    line = {**body, "Description": str(body["Description"]).strip()}
    if line.get("LineItemID") not in known:
        line["LineItemID"] = desk.new_id()
    gross = number(body["Quantity"]) * number(body["UnitAmount"])
    off = gross * number(body.get("DiscountRate") or 0) / _HUNDRED
    amount = cents(gross - off - number(body.get("DiscountAmount") or 0))
    rate = desk.rates[str(body["TaxType"])]
    return {**line, "LineAmount": amount, "TaxAmount": cents(amount * rate / _HUNDRED)}


def refreshed(row: Json) -> Json:
    """The invoice with its sums, and paid when nothing is left."""
    net = sum((line["LineAmount"] for line in row["LineItems"]), Decimal())
    tax = sum((line["TaxAmount"] for line in row["LineItems"]), Decimal())
    due = net + tax - row["AmountPaid"] - row["AmountCredited"]
    status = row["Status"]
    if status in ("AUTHORISED", "PAID"):
        status = "AUTHORISED" if due or not row["AmountPaid"] else "PAID"
    sums = {"SubTotal": net, "TotalTax": tax, "Total": net + tax, "AmountDue": due}
    return {**row, **sums, "Status": status}


def _checked(desk: Desk, row: Json) -> Json:
    contact = desk.rows(Kind.CUSTOMER).get(row["Contact"]["ContactID"])
    if contact is None:
        raise RefusalError("contact_missing", "A contact must be specified.")
    if contact["ContactStatus"] != "ACTIVE":
        raise RefusalError("contact_archived", "The contact has been archived.")
    invoices = desk.rows(Kind.INVOICE)
    own = row["InvoiceID"]
    check_unique(invoices, "InvoiceNumber", row["InvoiceNumber"], own, "duplicate_number")
    return row


def enter_payment(desk: Desk, body: Json) -> Json:
    """A new payment, which its invoice then shows; raises RefusalError."""
    invoices = desk.rows(Kind.INVOICE)
    invoice = invoices.get(body["Invoice"]["InvoiceID"])
    if invoice is None or invoice["Status"] != "AUTHORISED":
        message = "Payments can only be made against Authorised documents."
        raise RefusalError("not_authorised_document", message)
    amount = number(body["Amount"])
    if amount > invoice["AmountDue"]:
        raise RefusalError("payment_exceeds", "The payment amount exceeds what is outstanding.")
    check_open(desk, str(body["Date"]))
    invoice_id = invoice["InvoiceID"]
    return {
        "PaymentID": desk.new_id(),
        "Invoice": {"InvoiceID": invoice_id, "CurrencyCode": invoice["CurrencyCode"]},
        "Account": body["Account"],
        "DateString": f"{body['Date']}T00:00:00",
        "Amount": amount,
        "Reference": body.get("Reference", ""),
        "Status": "AUTHORISED",
    }


def change_payment(desk: Desk, row: Json, body: Json) -> Json:
    """Xero changes nothing about a payment but deletes it; raises RefusalError."""
    if body != {"Status": "DELETED"} or row["Status"] == "DELETED":
        raise RefusalError("call_rejected", "The only status accepted is DELETED.")
    check_open(desk, row["DateString"])
    return {**row, "Status": "DELETED"}


def with_payments(desk: Desk, invoice_id: str) -> Json:
    """The invoice as its payments leave it."""
    found = [
        row
        for row in desk.rows(Kind.PAYMENT).values()
        if row["Invoice"]["InvoiceID"] == invoice_id and row["Status"] != "DELETED"
    ]
    invoice = desk.rows(Kind.INVOICE)[invoice_id]
    paid = sum((row["Amount"] for row in found), Decimal())
    listed = [{"PaymentID": row["PaymentID"]} for row in found]
    return refreshed({**invoice, "AmountPaid": paid, "Payments": listed})
