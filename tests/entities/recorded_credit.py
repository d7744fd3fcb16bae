"""Credit notes as both systems answer them."""

from typing import Any

Json = dict[str, Any]

PERFEX_CREDIT_NOTE: Json = {
    "id": "14",
    "clientid": "41",
    "number": "6",
    "prefix": "CN-",
    "number_format": "1",
    "datecreated": "2025-11-12 08:00:00",
    "date": "2025-11-12",
    "reference_no": "RMA-3",
    "currency": "2",
    "subtotal": "100.00",
    "total_tax": "20.00",
    "total": "120.00",
    "adjustment": "0.00",
    "addedfrom": "1",
    "status": "1",
    "discount_percent": "0.00",
    "discount_total": "0.00",
    "discount_type": "",
    "project_id": "0",
    "credits_used": "70.00",
    "remaining_credits": "50.00",
    "total_refunds": None,
    "refunds": [],
    "applied_credits": [
        {
            "id": "8",
            "invoice_id": "512",
            "credit_id": "14",
            "staff_id": "1",
            "date": "2025-11-13",
            "date_applied": "2025-11-13 09:31:00",
            "amount": "70.00",
        }
    ],
    "items": [
        {
            "id": "950",
            "rel_id": "14",
            "rel_type": "credit_note",
            "description": "Return A",
            "qty": "1.00",
            "rate": "100.00",
            "unit": "",
            "item_order": "1",
        }
    ],
    "client": {"userid": "41", "company": "Northwind Trading Ltd"},
    "attachments": [],
    "customfields": [],
}
XERO_CREDIT_NOTE: Json = {
    "CreditNoteID": "7c1e0000-0000-4000-8000-000000000014",
    "ID": "7c1e0000-0000-4000-8000-000000000014",
    "Type": "ACCRECCREDIT",
    "CreditNoteNumber": "CN-000006",
    "Reference": "PX-CN-14",
    "Status": "AUTHORISED",
    "Contact": {"ContactID": "b7a80000-0000-4000-8000-000000000001", "Name": "Northwind"},
    "Date": "/Date(1762905600000+0000)/",
    "DateString": "2025-11-12T00:00:00",
    "LineAmountTypes": "Exclusive",
    "LineItems": [
        {
            "Description": "Return A",
            "Quantity": 1.0,
            "UnitAmount": 100.0,
            "LineAmount": 100.0,
            "TaxAmount": 20.0,
            "TaxType": "OUTPUT2",
            "AccountCode": "200",
            "Tracking": [],
            "LineItemID": "7c1e0000-0000-4000-8000-000000000950",
        }
    ],
    "SubTotal": 100.0,
    "TotalTax": 20.0,
    "Total": 120.0,
    "RemainingCredit": 50.0,
    "CurrencyCode": "GBP",
    "Allocations": [
        {
            "AllocationID": "7c1e0000-0000-4000-8000-000000000008",
            "Amount": 70.0,
            "Date": "/Date(1762992000000+0000)/",
            "Invoice": {
                "InvoiceID": "9a8b7c6d-0001-4c4c-8d8d-bbbbbbbb0001",
                "InvoiceNumber": "PX-INV-000231",
            },
        }
    ],
    "Payments": [
        {
            "PaymentID": "7c1e0000-0000-4000-8000-000000000009",
            "Date": "/Date(1762992000000+0000)/",
            "Amount": 0.0,
            "Reference": "",
        }
    ],
    "UpdatedDateUTC": "/Date(1762992000000+0000)/",
    "HasErrors": False,
}
