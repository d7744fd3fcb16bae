"""The Purchase module's own arithmetic: parallel taxes per line, a discount over all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, TypeAlias

from xero_bridge.simulator.perfex.books.money import HUNDRED, cents, two_places
from xero_bridge.simulator.perfex.database import Row
from xero_bridge.simulator.perfex.site import Site

# `item_name`, `quantity`, `unit_price` and `taxes` (ids); also `item_code`, `description` and
# `discount_money`, which comes off after tax.
OrderLine: TypeAlias = Mapping[str, Any]
BAR: Final = "|"


def detail(site: Site, form: OrderLine) -> dict[str, Any]:
    """Compute what the module stores of a line."""
    taxes = [_tax(site, tax) for tax in form.get("taxes", ())]
    quantity, price = Decimal(str(form.get("quantity", "1"))), Decimal(str(form["unit_price"]))
    net = cents(quantity * price)
    tax = cents(sum((net * Decimal(row["taxrate"] or 0) / HUNDRED for row in taxes), Decimal(0)))
    off = Decimal(str(form.get("discount_money", "0")))
    return {
        "item_code": form.get("item_code", ""),
        "item_name": form.get("item_name", ""),
        "description": form.get("description", ""),
        "unit_id": form.get("unit_id", 0),
        "unit_price": two_places(price),
        "quantity": two_places(quantity),
        "into_money": two_places(net),
        "tax": BAR.join(row["id"] or "" for row in taxes),
        "tax_rate": BAR.join(row["taxrate"] or "" for row in taxes),
        "tax_name": BAR.join(row["name"] or "" for row in taxes),
        "tax_value": two_places(tax),
        "total": two_places(net + tax),
        "discount_money": two_places(off),
        "total_money": two_places(net + tax - off),
    }


def sums(
    details: Sequence[Mapping[str, Any]], percent: Decimal, extra: Decimal = Decimal(0)
) -> dict[str, str]:
    """Compute the header of these lines; a discount in percent also lowers the tax.

    `extra` is what the order costs beside its lines: freight, a tax on the whole order.
    """
    net = sum((Decimal(line["into_money"]) for line in details), Decimal(0))
    tax = sum((Decimal(line["tax_value"]) for line in details), Decimal(0))
    less = sum((Decimal(line["discount_money"]) for line in details), Decimal(0))
    off, tax = cents(net * percent / HUNDRED), cents(tax * (HUNDRED - percent) / HUNDRED)
    return {
        "subtotal": two_places(net),
        "total_tax": two_places(tax),
        "discount_percent": two_places(percent),
        "discount_total": two_places(off),
        "total": two_places(net - off + tax - less + extra),
    }


def _tax(site: Site, tax: object) -> Row:
    row = site.db.get("taxes", tax)
    if row is None:
        raise LookupError(f"There is no tax {tax} in the simulated Perfex.")
    return row
