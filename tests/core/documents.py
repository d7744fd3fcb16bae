"""Perfex invoices for the tests of money: JSON as Perfex shows it, and what becomes of it."""

from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

from tests import oracle
from xero_bridge.core.forecast import Forecast, RoundingPolicy, plan_document
from xero_bridge.core.planned_line import PlannedLine
from xero_bridge.core.totals import PerfexDocument, PerfexLine, PerfexTax

Json = dict[str, Any]

TAXES = (
    ("VAT", "20.00"),
    ("VAT", "5.00"),
    ("ECO", "2.50"),
    ("GST", "15.00"),
    ("Levy", "0.07"),
    ("Luxury", "33.33"),
    ("Zero", "0.00"),
)


def rate_of(key: str) -> Decimal:
    """A mapping in which every set of taxes has a Xero tax of the summed rate."""
    parts = [] if key == "none" else key.split("+")
    return sum((Decimal(part.rpartition("|")[2]) for part in parts), Decimal())


def as_document(raw: Json) -> PerfexDocument:
    """The JSON of an invoice as the forecast takes it."""
    return PerfexDocument(
        lines=tuple(as_line(line) for line in raw["items"]),
        discount_type=raw["discount_type"],
        discount_percent=Decimal(raw["discount_percent"]),
        discount_total=Decimal(raw["discount_total"]),
        adjustment=Decimal(raw["adjustment"]),
        total=Decimal(raw["total"]),
        total_tax=Decimal(raw["total_tax"]) if raw.get("total_tax") else None,
        currency="GBP",
    )


def as_line(raw: Json) -> PerfexLine:
    taxes = zip(raw["taxname"], raw["taxrate"], strict=True)
    return PerfexLine(
        quantity=Decimal(raw["qty"]),
        rate=Decimal(raw["rate"]),
        taxes=tuple(PerfexTax(name=name, rate=Decimal(rate)) for name, rate in taxes),
    )


def forecast_of(
    raw: Json,
    rounding: RoundingPolicy | None = None,
    tax_rate_of: Callable[[str], Decimal] = rate_of,
) -> Forecast:
    return plan_document(as_document(raw), tax_rate_of, rounding or RoundingPolicy())


def as_payload(forecast: Forecast) -> Json:
    """The JSON that goes to Xero; every tax key serves as its own TaxType."""
    return {
        "LineAmountTypes": "Exclusive",
        "LineItems": [_as_line_item(line) for line in forecast.lines],
    }


def _as_line_item(line: PlannedLine) -> Json:
    optional = {
        "DiscountRate": line.xero.discount_rate,
        "DiscountAmount": line.xero.discount_amount,
    }
    return {
        "Quantity": str(line.xero.quantity),
        "UnitAmount": str(line.xero.unit_amount),
        "TaxType": line.tax_key,
        **{name: str(value) for name, value in optional.items() if value is not None},
    }


def rates_in(payload: Json) -> dict[str, str]:
    """The EffectiveRate of every TaxType of a payload."""
    return {line["TaxType"]: str(rate_of(line["TaxType"])) for line in payload["LineItems"]}


def line(qty: str, rate: str, *taxes: tuple[str, str]) -> Json:
    names, rates = [name for name, _ in taxes], [rate for _, rate in taxes]
    return {"qty": qty, "rate": rate, "taxname": names, "taxrate": rates}


def invoice(*lines: Json, **header: str) -> Json:
    """An invoice with the totals that Perfex computes, unless the header gives others."""
    raw: Json = {
        "items": list(lines),
        "discount_type": "",
        "discount_percent": "0.00",
        "discount_total": "0.00",
        "adjustment": "0.00",
    }
    raw |= header
    totals = {
        "total": oracle.text(oracle.perfex_total(raw)),
        "total_tax": oracle.text(oracle.stored_tax(raw)),
    }
    return {**totals, **raw}


def drawn(random: Random) -> Json:
    """An invoice as staff might enter it, drawn from all that the form allows."""
    lines = [_drawn_line(random) for _ in range(random.randint(1, 7))]
    adjustment = random.choice((0, 0, random.randint(-500, 500)))
    kind = random.choice(("", "before_tax", "after_tax"))
    header = {"adjustment": cents(adjustment), "discount_type": kind}
    raw = invoice(*lines, **header, **_drawn_discount(random, lines))
    # Perfex stores the discount in money beside a percentage, too.
    return raw | {"discount_total": oracle.text(oracle.perfex_figures(raw).discount)}


def _drawn_line(random: Random) -> Json:
    quantity = random.choice((100, 100, 300, random.randint(1, 2000)))
    price = random.choice((random.randint(1, 999), random.randint(1, 99_999), 3333))
    sign = random.choice((1,) * 30 + (-1,))
    taxes = random.sample(TAXES, random.choice((0, 1, 1, 1, 2, 3)))
    return line(cents(quantity), cents(sign * price), *taxes)


def _drawn_discount(random: Random, lines: list[Json]) -> dict[str, str]:
    if random.random() < 0.5:
        percent = random.choice((1000, 250, 3333, random.randint(1, 9999)))
        return {"discount_percent": cents(percent)}
    subtotal = oracle.perfex_figures(invoice(*lines)).subtotal
    return {"discount_total": cents(random.randint(0, max(0, int(subtotal * 100))))}


def cents(amount: int) -> str:
    return oracle.text(oracle.number(amount) / 100)
