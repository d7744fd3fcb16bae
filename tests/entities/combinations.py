"""Every combination of an invoice's money: drawn, and judged without asking the bridge."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from tests import oracle
from tests.core.documents import TAXES, Json, invoice, line

#: Xero's limits: decimals of Quantity and of UnitAmount (with `unitdp=4`), and the largest amount.
PLACES = 4
LARGEST = Fraction("9999999999.99")

DISCOUNTS = ("none", "before %", "before fixed", "after %", "after fixed")
ADJUSTMENTS = ("none", "added", "taken off")
#: Two decimals are kept by both systems in every currency, in yen too.
CURRENCIES = ("GBP", "EUR", "JPY")
POLICIES = ("line", "hold", "no account")


@dataclass(frozen=True, kw_only=True)
class Case:
    """An invoice as Perfex shows it, in which way it is special, and the connection's policy."""

    raw: Json
    discount: str
    adjustment: str
    price_decimals: int
    taxes: str
    currency: str
    policy: str

    @property
    def combination(self) -> tuple[str, str, int]:
        """What a run over all has to have met."""
        return self.discount, self.adjustment, self.price_decimals


def decimal(value: int, places: int) -> str:
    """The text of `value` units of the last place: `decimal(12345, 2)` is `123.45`."""
    return f"{Decimal(value).scaleb(-places):f}"


@st.composite
def cases(draw: st.DrawFn) -> Case:
    places = draw(st.sampled_from((*range(PLACES + 1), *range(7))))
    lines = draw(st.lists(_lines(places), min_size=1, max_size=7))
    discount, adjustment = draw(st.sampled_from(DISCOUNTS)), draw(st.sampled_from(ADJUSTMENTS))
    header = {"adjustment": draw(_adjustments(adjustment)), **draw(_discounts(discount, lines))}
    raw = invoice(*lines, **header)
    # Perfex stores the discount in money beside a percentage, too.
    raw["discount_total"] = oracle.text(oracle.perfex_figures(raw).discount)
    return Case(
        raw=raw | draw(_stored(raw)),
        discount=discount,
        adjustment=adjustment,
        price_decimals=places,
        taxes=_taxes_in(lines),
        currency=draw(st.sampled_from(CURRENCIES)),
        policy=draw(st.sampled_from((*("line",) * 3, *POLICIES[1:]))),
    )


@st.composite
def _lines(draw: st.DrawFn, places: int) -> Json:
    quantity = draw(st.sampled_from(("1.00", "3.00")) | _numbers(2000, 2) | _numbers(50_000, 4))
    price = draw(st.integers(0, 10_000 * 10**places)) * draw(st.sampled_from((*(1,) * 20, -1)))
    taxes = draw(st.lists(st.sampled_from(TAXES), max_size=3, unique=True))
    return line(quantity, decimal(price, places), *taxes)


def _numbers(most: int, places: int) -> st.SearchStrategy[str]:
    return st.integers(1, most).map(lambda value: decimal(value, places))


def _adjustments(kind: str) -> st.SearchStrategy[str]:
    sign = {"none": 0, "added": 1, "taken off": -1}[kind]
    return st.integers(1, 5000).map(lambda value: decimal(sign * value, 2))


@st.composite
def _discounts(draw: st.DrawFn, kind: str, lines: list[Json]) -> dict[str, str]:
    if kind == "none":
        return {}
    when, how = kind.split()
    header = {"discount_type": f"{when}_tax"}
    if how == "%":
        return header | {"discount_percent": decimal(draw(st.integers(1, 10_000)), 2)}
    subtotal = oracle.perfex_figures(invoice(*lines)).subtotal
    assume(subtotal)  # Perfex itself cannot share a discount over nothing.
    most = max(1, int(subtotal * 100))
    return header | {"discount_total": decimal(draw(st.integers(1, most)), 2)}


@st.composite
def _stored(draw: st.DrawFn, raw: Json) -> dict[str, str]:
    """Totals as careless clients store them: now and then a few cents beside the lines."""
    off = draw(st.sampled_from((*(0,) * 12, 1, -1, 7)))
    tax = draw(st.sampled_from((*(0,) * 12, 1, -1, 90)))
    return {
        "total": oracle.text(oracle.number(raw["total"]) + Fraction(off, 100)),
        "total_tax": oracle.text(oracle.number(raw["total_tax"]) + Fraction(tax, 100)),
    }


def _taxes_in(lines: list[Json]) -> str:
    sets = {tuple(sorted(zip(one["taxname"], one["taxrate"], strict=True))) for one in lines}
    several = "several a line" if any(len(one) > 1 for one in sets) else "one a line"
    return "none" if sets == {()} else f"{several}, {'mixed' if len(sets) > 1 else 'alike'}"


# --- what both systems can hold, in the words of their own documentation -------------------------


def trouble(raw: Json) -> str:
    """Why the two systems cannot both hold the document, or nothing where they can.

    Xero: no negative quantity, four decimals, ten digits before the point, no total below zero.
    Perfex's API: no total of zero. And the document must add up: what Perfex stores is what its
    own arithmetic makes of the lines; its server computes the tax from unrounded lines.
    """
    rules: tuple[tuple[str, bool], ...] = (
        ("more decimals than Xero keeps", any(map(_too_fine, raw["items"]))),
        ("an amount beyond Xero's limit", any(map(_too_large, raw["items"]))),
        ("a total of zero or less", oracle.number(raw["total"]) <= 0),
        ("a fixed discount beyond the lines", _discount_beyond(raw)),
        ("a stored total that its lines do not come to", _adds_up_wrongly(raw)),
        ("a stored tax that its lines do not come to", _tax_adds_up_wrongly(raw)),
    )
    return next((words for words, broken in rules if broken), "")


def _too_fine(item: Json) -> bool:
    return any(
        (oracle.number(item[name]) * 10**PLACES).denominator != 1 for name in ("qty", "rate")
    )


def _too_large(item: Json) -> bool:
    return abs(oracle.number(item["qty"]) * oracle.number(item["rate"])) > LARGEST


def _discount_beyond(raw: Json) -> bool:
    """Perfex would compute negative taxes of it."""
    if raw["discount_type"] != "before_tax" or oracle.number(raw["discount_percent"]):
        return False
    return oracle.number(raw["discount_total"]) > oracle.perfex_figures(raw).subtotal


def _adds_up_wrongly(raw: Json) -> bool:
    return oracle.number(raw["total"]) != oracle.perfex_total(raw)


def _tax_adds_up_wrongly(raw: Json) -> bool:
    return oracle.number(raw["total_tax"]) != oracle.stored_tax(raw)


def named(raw: Json) -> dict[str, Any]:
    """The document with texts and ids of its lines, as the detail shows it."""
    return raw | {
        "items": [
            {**item, "description": f"Line {number}", "id": str(number), "item_order": str(number)}
            for number, item in enumerate(raw["items"])
        ]
    }
