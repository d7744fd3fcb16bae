"""Who takes the steps of the matrix: one function per kind, direction and operation."""

from __future__ import annotations

from tests.matrix.drivers import (
    account,
    currency,
    customer,
    invoice,
    item,
    never,
    payment,
    payment_mode,
    tax,
)
from tests.matrix.drivers.registry import DRIVERS

__all__ = [
    "DRIVERS",
    "account",
    "currency",
    "customer",
    "invoice",
    "item",
    "never",
    "payment",
    "payment_mode",
    "tax",
]
