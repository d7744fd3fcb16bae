"""Expenses as both sides show them, shaped as they were recorded; names and numbers made up."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

PERFEX_EXPENSE: Json = {
    "id": "66",
    "expenseid": "66",
    "category": "4",
    "currency": "2",
    "amount": "80.00",
    "tax": "1",
    "tax2": "0",
    "reference_no": "B-1001",
    "note": "Two of them&nbsp;for Ann<br />\nand Bob",
    "expense_name": "Office chairs",
    "clientid": "0",
    "project_id": "0",
    "billable": "0",
    "invoiceid": None,
    "paymentmode": "1",
    "date": "2026-07-09",
    "recurring_type": None,
    "repeat_every": None,
    "recurring": "0",
    "custom_recurring": "0",
    "create_invoice_billable": "0",
    "send_invoice_to_customer": "0",
    "recurring_from": None,
    "dateadded": "2026-07-09 16:01:12",
    "addedfrom": "1",
    "company": None,
    "datecreated": None,
    "name": "Furniture",
    "description": "",
    "category_name": "Furniture",
    "payment_mode_name": "Bank",
    "tax_name": "VAT",
    "taxrate": "20.00",
    "tax_name2": None,
    "taxrate2": None,
    "customfields": [{"label": "Colour", "value": "blue"}],
}
_LINE: Json = {
    "Description": "Office chairs",
    "UnitAmount": 80.0,
    "TaxType": "INPUT2",
    "TaxAmount": 16.0,
    "LineAmount": 80.0,
    "AccountCode": "429",
    "Tracking": [],
    "Quantity": 1.0,
    "LineItemID": "d4c3b2a1-0001-4f4f-8e8e-000000000001",
}
_MONEY: Json = {
    "Contact": {"ContactID": "5f1c2d3e-0001-4a4a-9b9b-aaaaaaaa0001", "Name": "Desks & Co"},
    "DateString": "2026-07-09T00:00:00",
    "Date": "/Date(1783555200000+0000)/",
    "LineAmountTypes": "Exclusive",
    "LineItems": [_LINE],
    "SubTotal": 80.0,
    "TotalTax": 16.0,
    "Total": 96.0,
    "UpdatedDateUTC": "/Date(1783612800000+0000)/",
    "CurrencyCode": "GBP",
}
XERO_SPENT: Json = {
    **_MONEY,
    "BankTransactionID": "b1b2b3b4-0005-4b4b-9c9c-cccccccc0005",
    "BankAccount": {"AccountID": "account-Shop till", "Name": "Shop till"},
    "Type": "SPEND",
    "Reference": "B-1001",
    "IsReconciled": False,
    "Status": "AUTHORISED",
    "HasAttachments": False,
}
XERO_BILL: Json = {
    **_MONEY,
    "InvoiceID": "c1c2c3c4-0006-4c4c-9d9d-dddddddd0006",
    "Type": "ACCPAY",
    "InvoiceNumber": "B-1001",
    "Payments": [],
    "AmountDue": 96.0,
    "AmountPaid": 0.0,
    "AmountCredited": 0.0,
    "DueDateString": "2026-07-09T00:00:00",
    "Status": "DRAFT",
}
PERFEX_CATEGORY: Json = {"id": "4", "name": "Furniture", "description": ""}
