"""What Perfex computes for an invoice, from the JSON of its detail."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.oracle.cents import half_up, number

Json = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class PerfexFigures:
    """In cents: before discount and tax, the discount, all taxes, and the total."""

    subtotal: Fraction
    discount: Fraction
    tax: Fraction
    total: Fraction


def perfex_total(document: Json) -> Fraction:
    """The total in cents."""
    return perfex_figures(document).total


def perfex_figures(document: Json) -> PerfexFigures:
    """All figures, as the invoice form computes them."""
    lines = [line for line in document["items"] if _counts(line)]
    amounts = [half_up(_product(line)) for line in lines]
    subtotal = sum(amounts, Fraction())
    tax = sum((a * _rate(line) for a, line in zip(amounts, lines, strict=True)), Fraction())
    off = _discount(document, subtotal, tax)
    tax *= _kept(document, subtotal)
    total = subtotal - off + tax + number(document.get("adjustment"))
    return PerfexFigures(
        subtotal=subtotal, discount=half_up(off), tax=half_up(tax), total=half_up(total)
    )


def stored_tax(document: Json) -> Fraction:
    """`total_tax` as the server stores it: from lines that it does not round to cents first."""
    lines = [line for line in document["items"] if _counts(line)]
    subtotal = sum((_product(line) for line in lines), Fraction())
    tax = sum((_product(line) * _rate(line) for line in lines), Fraction())
    return half_up(tax * _kept(document, subtotal))


def _counts(line: Json) -> bool:
    """Optional lines count once they are selected."""
    return str(line.get("is_optional", "0")) != "1" or str(line.get("is_selected", "0")) == "1"


def _product(line: Json) -> Fraction:
    return number(line["qty"]) * number(line["rate"])


def _rate(line: Json) -> Fraction:
    """The sum of the line's rates as a share: from `taxrate`, `taxes` or `NAME|RATE`."""
    if "taxrate" in line:
        rates = [number(rate) for rate in line["taxrate"]]
    elif "taxes" in line:
        rates = [number(tax["taxrate"]) for tax in line["taxes"]]
    else:
        rates = [number(name.rpartition("|")[2]) for name in line.get("taxname", ())]
    return sum(rates, Fraction()) / 100


def _discount(document: Json, subtotal: Fraction, tax: Fraction) -> Fraction:
    percent = number(document.get("discount_percent"))
    fixed = number(document.get("discount_total"))
    match document.get("discount_type") or "":
        case "before_tax":
            return subtotal * percent / 100 if percent else fixed
        case "after_tax":
            return (subtotal + tax) * percent / 100 if percent else fixed
        case "":
            return Fraction()
        case other:
            raise ValueError(f"Perfex knows no discount type {other!r}")


def _kept(document: Json, subtotal: Fraction) -> Fraction:
    """The share of every tax that a discount before tax leaves."""
    percent = number(document.get("discount_percent"))
    fixed = number(document.get("discount_total"))
    if document.get("discount_type") != "before_tax" or not (percent or fixed):
        return Fraction(1)
    return 1 - (percent / 100 if percent else fixed / subtotal)
