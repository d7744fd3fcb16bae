"""How Perfex and how Xero add up a document. All amounts are in the document's own currency."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

import msgspec

from xero_bridge.core.money import MoneyError, exact, format_cents, to_cents, to_places

DiscountType = Literal["", "before_tax", "after_tax"]
LineAmountTypes = Literal["Exclusive", "Inclusive", "NoTax"]

NO_TAX = "none"
_HUNDRED = Decimal(100)


class PerfexTax(msgspec.Struct, frozen=True, kw_only=True):
    """A tax as Perfex copies it onto a line: a name and a rate in percent, without an id."""

    name: str
    rate: Decimal


class PerfexLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line that counts: optional lines that the customer did not select are left out."""

    quantity: Decimal
    rate: Decimal
    taxes: tuple[PerfexTax, ...] = ()
    #: Its tax is stored in cents, and sums are made of those (Purchase module).
    tax_in_cents: bool = False

    @property
    def tax_key(self) -> str:
        """The set of taxes in one text, sorted: `ECO|2.50+VAT|20.00`, or `none`."""
        parts = sorted(f"{tax.name}|{format_cents(tax.rate)}" for tax in self.taxes)
        return "+".join(parts) or NO_TAX

    @property
    @exact()
    def tax_rate(self) -> Decimal:
        """The sum of the rates in percent: Perfex never compounds taxes."""
        return sum((tax.rate for tax in self.taxes), Decimal())

    @property
    @exact()
    def amount(self) -> Decimal:
        """Quantity times rate, in cents, before tax and discount."""
        return to_cents(self.quantity * self.rate)

    @property
    @exact()
    def tax(self) -> Decimal:
        """All its taxes together, before any discount."""
        tax = self.amount * self.tax_rate / _HUNDRED
        return to_cents(tax) if self.tax_in_cents else tax


class PerfexDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What Perfex stores of an invoice's money; `total` is the figure that the customer was shown.

    `total_tax` is None where a side does not tell it.
    """

    lines: tuple[PerfexLine, ...]
    discount_type: DiscountType = ""
    discount_percent: Decimal = Decimal()
    discount_total: Decimal = Decimal()
    adjustment: Decimal = Decimal()
    total: Decimal
    total_tax: Decimal | None = None
    currency: str

    @property
    def discounted_by_percent(self) -> bool:
        """Perfex lets the percentage govern wherever it is not zero."""
        return bool(self.discount_type) and bool(self.discount_percent)

    @property
    def discounted_by_amount(self) -> bool:
        """A fixed amount is taken off."""
        return bool(self.discount_type) and not self.discount_percent and bool(self.discount_total)


class PerfexTotals(msgspec.Struct, frozen=True, kw_only=True):
    """Perfex's figures in cents; `subtotal` is before discount and tax."""

    subtotal: Decimal
    discount: Decimal
    tax: Decimal
    total: Decimal


@exact()
def perfex_totals(
    lines: Sequence[PerfexLine],
    *,
    discount_type: DiscountType = "",
    discount_percent: Decimal = Decimal(),
    discount_total: Decimal = Decimal(),
    adjustment: Decimal = Decimal(),
) -> PerfexTotals:
    """Perfex's own arithmetic: lines in cents, everything after them unrounded, the total in cents.

    Every tax is taken on the line amounts and summed; a discount before tax lowers all taxes in
    proportion, one after tax lowers none; the adjustment comes last and bears no tax. Raises
    MoneyError for a fixed discount before tax on a subtotal of zero, which has no proportion.
    """
    subtotal, tax = _line_sums(lines)
    discount = _discount(subtotal, tax, discount_type, discount_percent, discount_total)
    if discount_type == "before_tax":
        tax *= _kept(subtotal, discount_percent, discount_total)
    return PerfexTotals(
        subtotal=to_cents(subtotal),
        discount=to_cents(discount),
        tax=to_cents(tax),
        total=to_cents(subtotal - discount + tax + adjustment),
    )


def totals_of(document: PerfexDocument) -> PerfexTotals:
    """Perfex's own arithmetic over a stored document; raises MoneyError as `perfex_totals` does."""
    return perfex_totals(
        document.lines,
        discount_type=document.discount_type,
        discount_percent=document.discount_percent,
        discount_total=document.discount_total,
        adjustment=document.adjustment,
    )


@exact()
def unrounded_discount(document: PerfexDocument) -> Decimal:
    """The discount that Perfex calculates with: it rounds what it shows, not what it takes off."""
    return _discount(
        *_line_sums(document.lines),
        document.discount_type,
        document.discount_percent,
        document.discount_total,
    )


@exact()
def discounted_share(document: PerfexDocument) -> Decimal:
    """The share of every line and tax that a discount before tax takes off."""
    subtotal, _tax = _line_sums(document.lines)
    return 1 - _kept(subtotal, document.discount_percent, document.discount_total)


def _line_sums(lines: Sequence[PerfexLine]) -> tuple[Decimal, Decimal]:
    subtotal = sum((line.amount for line in lines), Decimal())
    tax = sum((line.tax for line in lines), Decimal())
    return subtotal, tax


def _discount(
    subtotal: Decimal, tax: Decimal, kind: DiscountType, percent: Decimal, fixed: Decimal
) -> Decimal:
    if not kind:
        return Decimal()
    base = subtotal if kind == "before_tax" else subtotal + tax
    return base * percent / _HUNDRED if percent else fixed


def _kept(subtotal: Decimal, percent: Decimal, fixed: Decimal) -> Decimal:
    """The share of every tax that a discount before tax leaves."""
    if percent:
        return (_HUNDRED - percent) / _HUNDRED
    if fixed and not subtotal:
        raise MoneyError(
            "A fixed discount before tax cannot be shared over lines that sum to zero: "
            "make it a discount after tax or an adjustment."
        )
    return (subtotal - fixed) / subtotal if fixed else Decimal(1)


class XeroLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line as it is sent to Xero; `tax_rate` is the TaxType's EffectiveRate in percent."""

    quantity: Decimal
    unit_amount: Decimal
    discount_rate: Decimal | None = None
    discount_amount: Decimal | None = None
    tax_rate: Decimal = Decimal()


class XeroTotals(msgspec.Struct, frozen=True, kw_only=True):
    """Xero's figures in cents, the lines' in the order of the lines."""

    line_amounts: tuple[Decimal, ...]
    line_taxes: tuple[Decimal, ...]
    subtotal: Decimal
    tax: Decimal
    total: Decimal


@exact()
def xero_totals(
    lines: Sequence[XeroLine], *, places: int = 4, mode: LineAmountTypes = "Exclusive"
) -> XeroTotals:
    """Xero's own arithmetic: line amounts and the tax of each line in cents, then summed.

    `places` are the decimals to which UnitAmount is rounded first: 4 with `unitdp=4`, else 2.
    """
    amounts = tuple(xero_line_amount(line, places) for line in lines)
    taxes = tuple(_tax(a, line.tax_rate, mode) for a, line in zip(amounts, lines, strict=True))
    charged, tax = sum(amounts, Decimal()), sum(taxes, Decimal())
    subtotal = charged - tax if mode == "Inclusive" else charged
    return XeroTotals(
        line_amounts=amounts,
        line_taxes=taxes,
        subtotal=to_cents(subtotal),
        tax=to_cents(tax),
        total=to_cents(subtotal + tax),
    )


@exact()
def xero_line_amount(line: XeroLine, places: int = 4) -> Decimal:
    """LineAmount in cents: quantity times rounded UnitAmount, less the line's discount."""
    gross = line.quantity * to_places(line.unit_amount, places)
    if line.discount_amount is not None:
        return to_cents(gross - line.discount_amount)
    return to_cents(gross * (_HUNDRED - (line.discount_rate or 0)) / _HUNDRED)


def _tax(amount: Decimal, rate: Decimal, mode: LineAmountTypes) -> Decimal:
    match mode:
        case "Exclusive":
            return to_cents(amount * rate / _HUNDRED)
        case "Inclusive":
            return amount - to_cents(amount * _HUNDRED / (_HUNDRED + rate))
        case "NoTax":
            return Decimal("0.00")
