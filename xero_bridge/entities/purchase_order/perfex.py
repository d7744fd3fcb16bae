"""A Perfex order as its tables show it: a row of `pur_orders` with those of `pur_order_detail`."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from xero_bridge.core.entity import Decoded, Lookups
from xero_bridge.core.money import exact
from xero_bridge.entities.currency import iso_code
from xero_bridge.entities.dates import perfex_day
from xero_bridge.entities.document.record import DRAFT, ISSUED, UNKNOWN_TAX, VOID, Line
from xero_bridge.entities.purchase_order.record import PurchaseOrder
from xero_bridge.entities.tax import named_tax, tax_key
from xero_bridge.entities.text import clean, squeeze
from xero_bridge.entities.wire import ABSENT, Loose, WireError, as_decimal, as_id, as_text

#: Not yet approved, approved, rejected, cancelled.
_APPROVALS = {"1": DRAFT, "2": ISSUED, "3": VOID, "4": VOID}
#: Between the names, rates or ids of several taxes on one line.
_BAR = "|"
_NO_CURRENCY = frozenset({"", "0"})


class PerfexOrderLine(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `pur_order_detail`."""

    id: Loose
    unit_price: Loose
    quantity: Loose
    item_name: Loose = ABSENT
    description: Loose = ABSENT
    tax: Loose = ABSENT
    tax_rate: Loose = ABSENT
    tax_name: Loose = ABSENT
    discount_money: Loose = ABSENT


class PerfexOrderWire(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `pur_orders` with its lines. Versions of the module differ in further columns."""

    id: Loose
    pur_order_number: Loose
    vendor: Loose
    total: Loose
    lines: list[PerfexOrderLine]
    order_date: Loose = ABSENT
    delivery_date: Loose = ABSENT
    approve_status: Loose = ABSENT
    subtotal: Loose = ABSENT
    total_tax: Loose = ABSENT
    discount_percent: Loose = ABSENT
    discount_total: Loose = ABSENT
    discount_type: Loose = ABSENT
    tax_order_amount: Loose = ABSENT
    shipping_fee: Loose = ABSENT
    currency: Loose = ABSENT


def from_perfex(wire: PerfexOrderWire, lookups: Lookups) -> Decoded:
    """The canonical order; raises WireError for an approval or currency that it cannot be.

    It has no creation stamp: the module overwrites `datecreated` with every edit.
    """
    order_id, approval = as_id(wire.id, "id"), as_text(wire.approve_status)
    if approval not in _APPROVALS:
        raise WireError(f"order {order_id} has the unknown approve_status {approval!r}.")
    shipping = as_decimal(wire.shipping_fee, "shipping_fee")
    order = PurchaseOrder(
        number=squeeze(clean(as_text(wire.pur_order_number))),
        vendor=as_text(wire.vendor),
        issued=perfex_day(as_text(wire.order_date)),
        delivery=perfex_day(as_text(wire.delivery_date)),
        currency=_currency(as_text(wire.currency), lookups),
        status=_APPROVALS[approval],
        lines=tuple(_line(line) for line in sorted(wire.lines, key=_place)),
        total=as_decimal(wire.total, "total"),
        total_tax=as_decimal(wire.total_tax, "total_tax"),
        subtotal=as_decimal(wire.subtotal, "subtotal"),
        side_status=approval,
        discount_type=_discount_type(wire),
        discount_percent=as_decimal(wire.discount_percent, "discount_percent"),
        discount_total=as_decimal(wire.discount_total, "discount_total"),
        adjustment=_adjustment(shipping, wire.lines),
        shipping=shipping,
        order_tax=as_decimal(wire.tax_order_amount, "tax_order_amount"),
        line_tax_in_cents=True,
    )
    return Decoded(id=order_id, record=order)


def _place(line: PerfexOrderLine) -> Decimal:
    return as_decimal(line.id, "id of a line")


def _line(line: PerfexOrderLine) -> Line:
    name, more = clean(as_text(line.item_name)), clean(as_text(line.description))
    return Line(
        "\n".join(part for part in (name, more) if part),
        as_decimal(line.quantity, "quantity"),
        as_decimal(line.unit_price, "unit_price"),
        _tax(line),
    )


def _tax(line: PerfexOrderLine) -> str:
    """The key of the taxes; `?` where ids stand without a name and a rate for each."""
    names, rates = _parts(line.tax_name), _parts(line.tax_rate)
    ids = [part for part in _parts(line.tax) if part != "0"]
    if len(names) != len(rates) or (ids and not names):
        return UNKNOWN_TAX
    return tax_key(named_tax(name, rate) for name, rate in zip(names, rates, strict=True))


def _parts(value: Loose) -> list[str]:
    return [part.strip() for part in clean(as_text(value)).split(_BAR) if part.strip()]


@exact()
def _adjustment(shipping: Decimal, lines: Sequence[PerfexOrderLine]) -> Decimal:
    """Freight less the discounts of lines, which the module takes off after their tax."""
    discounts = (as_decimal(line.discount_money, "discount_money") for line in lines)
    return shipping - sum(discounts, Decimal())


def _discount_type(wire: PerfexOrderWire) -> str:
    """Before tax, where nothing is said."""
    percent = as_decimal(wire.discount_percent, "discount_percent")
    if not (percent or as_decimal(wire.discount_total, "discount_total")):
        return ""
    return as_text(wire.discount_type) or "before_tax"


def _currency(currency_id: str, lookups: Lookups) -> str:
    """The tables of the module write 0 for the base currency."""
    if currency_id in _NO_CURRENCY:
        return iso_code(lookups.base_currency)
    return iso_code(lookups.currencies.get(currency_id, "") or currency_id)
