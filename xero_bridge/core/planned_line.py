"""The lines of a Xero invoice that stand for a Perfex one, its discount and its adjustment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from operator import eq

import msgspec
from msgspec.structs import replace

from xero_bridge.core.money import CENT, exact, largest_remainder, to_cents, to_places
from xero_bridge.core.totals import (
    NO_TAX,
    PerfexDocument,
    XeroLine,
    discounted_share,
    unrounded_discount,
    xero_line_amount,
)

#: Decimals of UnitAmount with `unitdp=4`.
_PRICE_PLACES = 4


class Role(StrEnum):
    """Why a Xero line is there: for a line of Perfex, or for something Xero has no field for."""

    ITEM = "item"
    BEFORE_TAX_DISCOUNT = "before_tax_discount"
    AFTER_TAX_DISCOUNT = "after_tax_discount"
    ADJUSTMENT = "adjustment"
    ROUNDING = "rounding"


class Discounts(StrEnum):
    """In which form Xero takes the discount of a line before tax on one kind of document."""

    #: Sales invoices: DiscountRate or DiscountAmount.
    RATE_AND_AMOUNT = "rate and amount"
    #: Purchase orders: DiscountRate.
    RATE_ONLY = "rate only"
    #: Credit notes and bills: none, so their prices are net of it.
    NET_PRICES = "net prices"


class PlannedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line to send; an item's `source_index` counts the Perfex lines from 0."""

    role: Role
    source_index: int | None = None
    tax_key: str
    xero: XeroLine

    @property
    def name(self) -> str:
        """What a person calls it: `line 3` as in Perfex, else the role in words."""
        if self.source_index is None:
            return self.role.replace("_", " ")
        return f"line {self.source_index + 1}"

    @property
    def discount(self) -> str:
        """The line's discount as text: `10.00 %`, an amount, or nothing."""
        if self.xero.discount_rate is not None:
            return f"{self.xero.discount_rate:f} %"
        return "" if self.xero.discount_amount is None else f"{self.xero.discount_amount:f}"


def ways(
    document: PerfexDocument, discounts: Discounts = Discounts.RATE_AND_AMOUNT
) -> Iterator[tuple[PlannedLine, ...]]:
    """Each honest way to write the document, the one that shows most of it as Perfex does first."""
    adjustment = own_line(Role.ADJUSTMENT, document.adjustment)
    if not (document.discounted_by_percent or document.discounted_by_amount):
        yield (*_items(document), *adjustment)
    elif document.discount_type == "after_tax":
        for discount in _discount_in_cents(document):
            line = own_line(Role.AFTER_TAX_DISCOUNT, -discount)
            yield (*_items(document), *line, *adjustment)
    else:
        for items in _discounted_items(document, discounts):
            yield (*items, *adjustment)


def _discounted_items(
    document: PerfexDocument, discounts: Discounts
) -> Iterator[tuple[PlannedLine, ...]]:
    """A percentage as DiscountRate, else amounts that sum to the discount, else lines of their own.

    Xero rounds a DiscountRate on every line, so even untaxed lines can drift away from Perfex by
    cents; DiscountAmounts cannot, but Xero may refuse one on a negative line. Then a line for each
    set of taxes takes off its part of the discount. Where Xero takes no discount at all, net prices
    stand in for amounts, as long as four decimals can tell them.
    """
    if document.discounted_by_percent and discounts is not Discounts.NET_PRICES:
        yield _items(document, rate=document.discount_percent)
    amounts = [line.amount for line in document.lines]
    if all(amount >= 0 for amount in amounts):
        for discount in _discount_in_cents(document):
            shares = largest_remainder(discount, amounts)
            if discounts is Discounts.RATE_AND_AMOUNT:
                yield _items(document, discounts=shares)
            elif discounts is Discounts.NET_PRICES:
                yield from _net_items(document, shares)
    for discount in _discount_in_cents(document):
        yield (*_items(document), *_discount_lines(document, discount))


@exact()
def _net_items(
    document: PerfexDocument, shares: Sequence[Decimal]
) -> tuple[tuple[PlannedLine, ...], ...]:
    """The items at prices that come to their amounts less their shares; none where none do."""
    items = tuple(map(_at_net_price, _items(document), shares))
    wanted = (line.amount - share for line, share in zip(document.lines, shares, strict=True))
    exactly = all(map(eq, (xero_line_amount(item.xero) for item in items), wanted))
    return (items,) if exactly else ()


def _at_net_price(item: PlannedLine, share: Decimal) -> PlannedLine:
    line = item.xero
    if not share:
        return item
    price = to_places((xero_line_amount(line) - share) / line.quantity, _PRICE_PLACES)
    return replace(item, xero=replace(line, unit_amount=price))


@exact()
def _discount_lines(document: PerfexDocument, discount: Decimal) -> tuple[PlannedLine, ...]:
    """The discount by sets of taxes, in proportion to what their lines come to.

    The cents that rounding leaves go to the set that comes to most.
    """
    sums: dict[str, Decimal] = {}
    rates: dict[str, Decimal] = {}
    for line in document.lines:
        sums[line.tax_key] = sums.get(line.tax_key, Decimal()) + line.amount
        rates[line.tax_key] = line.tax_rate
    share = discounted_share(document)
    parts = {key: to_cents(amount * share) for key, amount in sums.items()}
    largest = max(sums, key=lambda key: abs(sums[key]))
    parts[largest] += discount - sum(parts.values())
    return tuple(
        PlannedLine(
            role=Role.BEFORE_TAX_DISCOUNT,
            tax_key=key,
            xero=XeroLine(quantity=Decimal(1), unit_amount=-part, tax_rate=rates[key]),
        )
        for key, part in parts.items()
        if part
    )


def _discount_in_cents(document: PerfexDocument) -> tuple[Decimal, ...]:
    """The discount as Perfex shows it and, where half a cent was rounded up, the cent below.

    Perfex rounds its total by itself, so in that case the cent below may be what fits its total.
    """
    unrounded = unrounded_discount(document)
    shown = to_cents(unrounded)
    return (shown, shown - CENT) if shown - unrounded == CENT / 2 else (shown,)


def _items(
    document: PerfexDocument,
    *,
    rate: Decimal | None = None,
    discounts: Sequence[Decimal] | None = None,
) -> tuple[PlannedLine, ...]:
    shares = discounts or [Decimal()] * len(document.lines)
    return tuple(
        PlannedLine(
            role=Role.ITEM,
            source_index=index,
            tax_key=line.tax_key,
            xero=XeroLine(
                quantity=line.quantity,
                unit_amount=line.rate,
                discount_rate=rate,
                discount_amount=share or None,
                tax_rate=line.tax_rate,
            ),
        )
        for index, (line, share) in enumerate(zip(document.lines, shares, strict=True))
    )


def own_line(role: Role, amount: Decimal) -> tuple[PlannedLine, ...]:
    """A line without tax for an amount that Xero has no field for, or none for zero."""
    xero = XeroLine(quantity=Decimal(1), unit_amount=amount)
    return (PlannedLine(role=role, tax_key=NO_TAX, xero=xero),) if amount else ()
