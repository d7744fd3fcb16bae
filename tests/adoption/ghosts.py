"""The firms and invoices of a business as they are, whatever each of its systems calls them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from random import Random

from tests.adoption.spelling import WAYS

_PLACES = (
    "Harbour Meadow Castle Thornbury Wexford Ashdown Bramley Caldwell Dunmore Elmsley Fairholm"
    " Greystone Hartwell Inverness Kingsbridge Lambourn Marlowe Northgate Oakhampton Pembroke"
    " Quenington Rosedale Stanwick Tavistock Underhill Vauxhall"
).split()
_TRADES = (
    "Joinery Plumbing Electrical Bakery Logistics Printing Catering Surveyors Roofing Glazing"
    " Brewery Nurseries Upholstery Accountancy Scaffolding Veterinary Photography Ironmongers"
    " Bookbinders Landscapes Chandlery Opticians"
).split()
_FORMS = ("Ltd", "Inc", "GmbH", "SARL", "LLP")
_FROM = date(2026, 1, 5)


@dataclass(frozen=True, kw_only=True)
class Firm:
    """A customer. A side where it is not known calls it nothing."""

    perfex: str
    xero: str
    #: Known to both sides alike, so that a misspelt name finds its match by it.
    tax_number: str = ""
    email: str = ""

    @property
    def on_both(self) -> bool:
        return bool(self.perfex and self.xero)


@dataclass(frozen=True, kw_only=True)
class Bill:
    """An invoice. A side that does not have it has no firm of it."""

    perfex: Firm | None
    xero: Firm | None
    issued: date
    net: int
    #: Net amount in Xero, where the document of this number is another one there.
    other_net: int = 0
    #: Xero's bookkeeper numbered it in a way of his own.
    renumbered: bool = False
    #: Money received, as each side recorded it: days after the issue, amount.
    paid_perfex: tuple[tuple[int, Decimal], ...] = ()
    paid_xero: tuple[tuple[int, Decimal], ...] = ()

    @property
    def on_both(self) -> bool:
        """The same document stands in both systems."""
        return bool(self.perfex and self.xero) and not self.other_net


@dataclass(frozen=True, kw_only=True)
class Business:
    """Everything there is, and how many of what was made awkward."""

    firms: tuple[Firm, ...]
    bills: tuple[Bill, ...]
    misspelt: frozenset[Firm] = field(default_factory=frozenset)


def a_business(firms: int, bills: int, *, seed: int, alone: int = 20) -> Business:
    """A business of so many firms and bills on both sides, and `alone` more on each side alone."""
    dice = Random(seed)
    names = [f"{place} {trade}" for place, trade in product(_PLACES, _TRADES)]
    dice.shuffle(names)
    shared = [_firm(name, dice) for name in names[:firms]]
    misspelt = _misspelt(shared[: firms // 10], dice)
    shared[: firms // 10] = misspelt
    rest = names[firms : firms + 2 * alone]
    only_perfex = [Firm(perfex=f"{name} Ltd", xero="") for name in rest[:alone]]
    only_xero = [Firm(perfex="", xero=f"{name} Ltd") for name in rest[alone:]]
    return Business(
        firms=(*shared, *only_perfex, *only_xero),
        bills=tuple(_bills(shared, only_perfex, only_xero, bills, alone, dice)),
        misspelt=frozenset(misspelt),
    )


def _firm(name: str, dice: Random) -> Firm:
    full = f"{name} {dice.choice(_FORMS)}"
    known = dice.random()
    return Firm(
        perfex=full,
        xero=full,
        tax_number=f"GB{dice.randrange(10**8, 10**9)}" if known < 0.3 else "",
        email=f"accounts@{name.replace(' ', '').lower()}.example" if 0.2 < known < 0.6 else "",
    )


def _misspelt(firms: list[Firm], dice: Random) -> list[Firm]:
    """The same firms with another spelling in Xero: every way of misspelling has its turn."""
    return [
        Firm(
            perfex=firm.perfex,
            xero=WAYS[index % len(WAYS)](firm.perfex, dice),
            tax_number=firm.tax_number,
            email=firm.email,
        )
        for index, firm in enumerate(firms)
    ]


def _bills(
    shared: list[Firm],
    only_perfex: list[Firm],
    only_xero: list[Firm],
    count: int,
    alone: int,
    dice: Random,
) -> Iterator[Bill]:
    for index in range(count):
        yield _bill(shared[index % len(shared)], index, dice)
    for index in range(alone):
        issued, net = _content(dice)
        yield Bill(perfex=only_perfex[index], xero=None, issued=issued, net=net)
        issued, net = _content(dice)
        yield Bill(perfex=None, xero=only_xero[index], issued=issued, net=net)
        # One number, two documents: another customer, or another total of the same customer.
        one, other = dice.sample(shared, 2)
        issued, net = _content(dice)
        yield Bill(
            perfex=one,
            xero=other if index % 2 else one,
            issued=issued,
            net=net,
            other_net=net + 7 + index,
        )


def _bill(firm: Firm, index: int, dice: Random) -> Bill:
    issued, net = _content(dice)
    total = net * Decimal("1.2")
    half = (total / 2).quantize(Decimal("0.01"))
    part = (total / 3).quantize(Decimal("0.01"))
    perfex, xero = {
        0: (((5, total),), ((6, total),)),  # The same day, nearly.
        1: (((5, total),), ((25, total),)),  # Entered when the statement came.
        2: (((5, half), (9, total - half)), ((9, total),)),  # In two parts here, in one there.
        3: (((5, half),), ()),  # One side is behind.
        4: (((5, part),), ((5, part), (12, total - part))),
    }.get(index % 10, ((), ()))
    return Bill(
        perfex=firm,
        xero=firm,
        renumbered=index % 50 == 7,
        paid_perfex=perfex,
        paid_xero=xero,
        issued=issued,
        net=net,
    )


def _content(dice: Random) -> tuple[date, int]:
    """A day and a net amount."""
    return _FROM + timedelta(days=dice.randrange(270)), dice.randrange(50, 9000)
