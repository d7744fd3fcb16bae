"""The module's own totals when a client sends none; they ignore a discount's effect on tax."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from xero_bridge.simulator.perfex import php
from xero_bridge.simulator.perfex.books import money


def filled_in(body: dict[str, Any]) -> dict[str, Any]:
    """Return the body with `subtotal` and `total` computed where one is missing."""
    if body.get("subtotal") and body.get("total"):
        return body
    lines = [_line(entry) for entry in php.rows(body.get("newitems"))]
    plain = money.totals(lines)
    percent, fixed = _number(body.get("discount_percent")), _number(body.get("discount_total"))
    discount = plain.subtotal * percent / money.HUNDRED if percent else fixed
    total = plain.subtotal - discount + plain.total_tax + _number(body.get("adjustment"))
    return {
        **body,
        "subtotal": money.two_places(plain.subtotal),
        "total": money.two_places(total),
    }


def _line(entry: dict[str, Any]) -> money.Line:
    taxes = (php.scalar(tax).rpartition("|") for tax in php.entries(entry.get("taxname")))
    return money.Line(
        quantity=_number(entry.get("qty")),
        rate=_number(entry.get("rate")),
        taxes=tuple(money.Tax(name=name, rate=_number(rate)) for name, bar, rate in taxes if bar),
    )


def _number(value: object) -> Decimal:
    try:
        return Decimal(php.scalar(value) or "0")
    except ArithmeticError:
        return Decimal(0)
