"""Answers of both systems, and their bytes with some members changed."""

import json
from typing import Any

from tests.entities.recorded_perfex import (
    PERFEX_CURRENCY,
    PERFEX_CUSTOMER,
    PERFEX_GATEWAY,
    PERFEX_INVOICE,
    PERFEX_ITEM,
    PERFEX_MODE,
    PERFEX_ORDER,
    PERFEX_PAYMENT,
    PERFEX_TAX,
    PERFEX_VENDOR,
)
from tests.entities.recorded_xero import (
    XERO_ACCOUNT,
    XERO_CONTACT,
    XERO_CURRENCY,
    XERO_INVOICE,
    XERO_ITEM,
    XERO_ORDER,
    XERO_PAYMENT,
    XERO_TAX,
)

Json = dict[str, Any]

__all__ = [
    "PERFEX_CURRENCY",
    "PERFEX_CUSTOMER",
    "PERFEX_GATEWAY",
    "PERFEX_INVOICE",
    "PERFEX_ITEM",
    "PERFEX_MODE",
    "PERFEX_ORDER",
    "PERFEX_PAYMENT",
    "PERFEX_TAX",
    "PERFEX_VENDOR",
    "XERO_ACCOUNT",
    "XERO_CONTACT",
    "XERO_CURRENCY",
    "XERO_INVOICE",
    "XERO_ITEM",
    "XERO_ORDER",
    "XERO_PAYMENT",
    "XERO_TAX",
    "Json",
    "raw",
    "without",
]


def raw(answer: Json, **changes: Any) -> bytes:
    """The answer as bytes, with some members changed; None of a member name removes nothing."""
    return json.dumps({**answer, **changes}).encode()


def without(answer: Json, *members: str) -> bytes:
    """The answer as bytes, without some members."""
    return json.dumps({name: answer[name] for name in answer if name not in members}).encode()
