"""What Xero computes for a document, from the JSON that is sent to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.oracle.cents import half_up, number

Json = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class XeroFigures:
    """In cents; the lines' figures in the order of the lines."""

    line_amounts: tuple[Fraction, ...]
    line_taxes: tuple[Fraction, ...]
    subtotal: Fraction
    tax: Fraction
    total: Fraction


def xero_total(payload: Json, rates: Mapping[str, str], *, places: int = 4) -> Fraction:
    """The total in cents; `rates` gives the EffectiveRate in percent of each TaxType, as text."""
    return xero_figures(payload, rates, places=places).total


def xero_figures(payload: Json, rates: Mapping[str, str], *, places: int = 4) -> XeroFigures:
    """All figures; `places` are those of UnitAmount: 4 with `unitdp=4`, else 2."""
    mode = payload["LineAmountTypes"]
    lines = [line for line in payload["LineItems"] if _has_money(line)]
    amounts = tuple(_amount(line, places) for line in lines)
    shares = [number(rates[line["TaxType"]]) / 100 for line in lines]
    taxes = tuple(_tax(a, share, mode) for a, share in zip(amounts, shares, strict=True))
    tax = sum(taxes, Fraction())
    subtotal = sum(amounts, Fraction()) - (tax if mode == "Inclusive" else 0)
    return XeroFigures(
        line_amounts=amounts,
        line_taxes=taxes,
        subtotal=subtotal,
        tax=tax,
        total=subtotal + tax,
    )


def _has_money(line: Json) -> bool:
    """A line may be a description only."""
    return any(name in line for name in ("Quantity", "UnitAmount", "LineAmount"))


def _amount(line: Json, places: int) -> Fraction:
    if "TaxAmount" in line:
        raise ValueError("the oracle expects Xero to compute the tax, but TaxAmount was sent")
    if "UnitAmount" not in line:
        return half_up(number(line["LineAmount"]))
    gross = number(line.get("Quantity", 1)) * half_up(number(line["UnitAmount"]), places)
    net = gross * (100 - number(line.get("DiscountRate"))) / 100
    return half_up(net - number(line.get("DiscountAmount")))


def _tax(amount: Fraction, share: Fraction, mode: str) -> Fraction:
    match mode:
        case "Exclusive":
            return half_up(amount * share)
        case "Inclusive":
            return amount - half_up(amount / (1 + share))
        case "NoTax":
            return Fraction()
        case _:
            raise ValueError(f"Xero knows no LineAmountTypes {mode!r}")
