"""Who takes the steps of the matrix: one function per kind, direction and operation."""

from __future__ import annotations

from tests.matrix.drivers import (
    account,
    credit_note,
    currency,
    customer,
    customer_in_xero,
    expense,
    expense_category,
    invoice,
    invoice_in_xero,
    item,
    item_in_xero,
    payment,
    payment_mode,
    purchase_order,
    tax,
    vendor,
)
from tests.matrix.drivers.registry import DRIVERS

__all__ = [
    "DRIVERS",
    "account",
    "credit_note",
    "currency",
    "customer",
    "customer_in_xero",
    "expense",
    "expense_category",
    "invoice",
    "invoice_in_xero",
    "item",
    "item_in_xero",
    "payment",
    "payment_mode",
    "purchase_order",
    "tax",
    "vendor",
]
