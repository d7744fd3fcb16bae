"""Who takes the steps of the matrix: one function per kind, direction and operation."""

from __future__ import annotations

from tests.matrix.drivers import (
    account,
    currency,
    customer,
    customer_in_xero,
    expense,
    invoice,
    invoice_in_xero,
    item,
    item_in_xero,
    never,
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
    "currency",
    "customer",
    "customer_in_xero",
    "expense",
    "invoice",
    "invoice_in_xero",
    "item",
    "item_in_xero",
    "never",
    "payment",
    "payment_mode",
    "purchase_order",
    "tax",
    "vendor",
]
