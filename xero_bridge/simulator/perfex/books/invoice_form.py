"""What Perfex's invoice form does in the browser: it names the fields and computes the totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from xero_bridge.simulator.perfex.books import money

# `description`, `qty`, `rate` and `taxes` ("VAT|20.00"); also `long_description`, `unit`.
LineForm: TypeAlias = Mapping[str, Any]


def line(row: LineForm, order: int) -> dict[str, Any]:
    """Translate a line as a person thinks of it to the names of the form."""
    kept = {name: row.get(name, "") for name in ("description", "long_description", "unit")}
    figures = {"qty": str(row.get("qty", "1")), "rate": str(row["rate"])}
    return {**kept, **figures, "order": str(order), "taxname": list(row.get("taxes", ()))}


def figures(rows: Sequence[LineForm], header: Mapping[str, Any]) -> dict[str, str]:
    """Compute what the form puts into its hidden fields."""
    discount = money.Discount(
        kind=str(header.get("discount_type") or ""),
        percent=Decimal(str(header.get("discount_percent") or 0)),
        fixed=Decimal(str(header.get("discount_total") or 0)),
    )
    adjustment = Decimal(str(header.get("adjustment") or 0))
    found = money.totals([_money_line(row) for row in rows], discount, adjustment)
    return {
        "subtotal": money.two_places(found.subtotal),
        "total": money.two_places(found.total),
        "discount_total": money.two_places(found.discount),
    }


def _money_line(row: LineForm) -> money.Line:
    taxes = (str(tax).rpartition("|") for tax in row.get("taxes", ()))
    return money.Line(
        quantity=Decimal(str(row.get("qty", "1"))),
        rate=Decimal(str(row["rate"])),
        taxes=tuple(money.Tax(name=name, rate=Decimal(rate)) for name, _, rate in taxes),
    )
