"""Taxes: in Perfex a name and a rate, in Xero a TaxType whose rate only Xero sets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from xero_bridge.core.books import Books
from xero_bridge.core.entity import (
    Agreement,
    Codec,
    Decoded,
    Entity,
    Facet,
    Fit,
    Lookups,
    Owner,
)
from xero_bridge.core.money import exact, format_cents
from xero_bridge.core.record import Mirror, Record
from xero_bridge.core.totals import NO_TAX, PerfexTax
from xero_bridge.core.vocabulary import Direction, Kind, Side
from xero_bridge.entities.text import clean, fold, squeeze
from xero_bridge.entities.wire import Loose, WireError, as_decimal, as_text, xero_name

#: One tax of a key: the name may hold `|` and `+`, the rate always has two decimals.
_TAX = re.compile(r"(.+?)\|(-?\d+\.\d\d)(?:\+|$)")


class Tax(Record, frozen=True, kw_only=True):
    """A tax rate in percent; the Xero ones also say on what they can be used."""

    name: str
    rate: Decimal
    status: str = "ACTIVE"
    for_sales: bool = True
    for_purchases: bool = True
    #: Xero computes one component on top of another; Perfex never does.
    compound: bool = False
    #: Perfex: its own id, by which expenses name it.
    number: str = ""

    @property
    def label(self) -> str:
        return f"{self.name} ({self.rate.normalize():f} %)"

    @property
    def closed(self) -> bool:
        return self.status != "ACTIVE"


def tax_key(taxes: Iterable[tuple[str, Decimal]]) -> str:
    """The key of a set of taxes: `ECO|2.50+VAT|20.00`, sorted; `none` for no tax."""
    parts = sorted(f"{name}|{format_cents(rate)}" for name, rate in taxes)
    return "+".join(parts) or NO_TAX


def taxes_of(key: str) -> tuple[PerfexTax, ...]:
    """The taxes of a key, none for `none`; raises ValueError for what is no key."""
    if key == NO_TAX:
        return ()
    taxes = tuple(PerfexTax(name=m[1], rate=Decimal(m[2])) for m in _TAX.finditer(key))
    if tax_key((tax.name, tax.rate) for tax in taxes) != key:
        raise ValueError(
            f"{key!r} is not a tax: write it like 'VAT|20.00', several sorted and joined by '+', "
            f"or '{NO_TAX}'."
        )
    return taxes


@exact()
def rate_of(key: str) -> Decimal:
    """The sum of the rates of a key in percent; raises ValueError for what is no key."""
    return sum((tax.rate for tax in taxes_of(key)), Decimal())


def named_tax(name: str, rate: str) -> tuple[str, Decimal]:
    """Name and rate of a tax as Perfex shows it on a line; the rate may stand in the name too.

    Perfex writes `VAT` or `VAT|20.00` depending on its version. Raises WireError without a rate.
    """
    plain = clean(name)
    front, bar, behind = plain.rpartition("|")
    written = rate or (behind if bar else "")
    if not written:
        raise WireError(f"the tax {plain!r} of a line has no rate.")
    number = as_decimal(msgspec.Raw(msgspec.json.encode(written)), f"rate of the tax {plain!r}")
    return (squeeze(front) if bar and _is_number(behind) else squeeze(plain)), number


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"-?\d+(\.\d+)?", text.strip()))


class PerfexTaxWire(msgspec.Struct, frozen=True):
    """A row of `common/tax_data`."""

    id: Loose
    name: Loose
    taxrate: Loose


class XeroTaxComponent(msgspec.Struct, frozen=True, rename=xero_name):
    """A part of a tax rate."""

    name: str | None = None
    is_compound: bool | None = None


class XeroTaxWire(msgspec.Struct, frozen=True, rename=xero_name):
    """An element of `TaxRates`."""

    tax_type: str
    name: str
    status: str = "ACTIVE"
    effective_rate: Decimal | None = None
    display_tax_rate: Decimal | None = None
    can_apply_to_revenue: bool | None = None
    can_apply_to_expenses: bool | None = None
    tax_components: list[XeroTaxComponent] | None = None


def _from_perfex(wire: PerfexTaxWire, _lookups: Lookups) -> Decoded:
    name, rate = squeeze(clean(as_text(wire.name))), as_decimal(wire.taxrate, "taxrate")
    record = Tax(name=name, rate=rate, number=as_text(wire.id))
    return Decoded(id=tax_key([(name, rate)]), record=record)


def _from_xero(wire: XeroTaxWire, _lookups: Lookups) -> Decoded:
    rate = wire.effective_rate if wire.effective_rate is not None else wire.display_tax_rate
    record = Tax(
        name=squeeze(wire.name),
        rate=rate or Decimal(),
        status=wire.status,
        for_sales=wire.can_apply_to_revenue is not False,
        for_purchases=wire.can_apply_to_expenses is not False,
        compound=any(part.is_compound for part in wire.tax_components or ()),
    )
    return Decoded(id=wire.tax_type, record=record)


def _keys(record: Record, _side: Side) -> Sequence[str]:
    assert isinstance(record, Tax)
    return (format_cents(record.rate),)


def _fit(perfex: Mirror, xero: Mirror, _books: Books) -> Fit:
    ours, theirs = perfex.record, xero.record
    assert isinstance(ours, Tax)
    assert isinstance(theirs, Tax)
    if ours.rate != theirs.rate or theirs.closed or theirs.compound or not theirs.for_sales:
        return Fit(agreement=Agreement.NO)
    if fold(ours.name) == fold(theirs.name):
        return Fit(agreement=Agreement.SAME, why="same name and rate")
    return Fit(agreement=Agreement.MAYBE, why="same rate")


TAX = Entity(
    kind=Kind.TAX,
    record=Tax,
    singular="tax",
    plural="taxes",
    facets={
        "name": Facet(get=lambda tax: tax.name, owner=Owner.XERO, written=frozenset()),
        "rate": Facet(get=lambda tax: tax.rate, sensitive=True, written=frozenset()),
    },
    perfex=Codec(
        path="common/tax_data",
        wire=PerfexTaxWire,
        decode=_from_perfex,
        id_field="id",
        cadence="daily",
    ),
    xero=Codec(
        path="TaxRates", wire=XeroTaxWire, decode=_from_xero, id_field="TaxType", cadence="daily"
    ),
    direction=Direction.TWO_WAY,
    keys=_keys,
    fit=_fit,
)
