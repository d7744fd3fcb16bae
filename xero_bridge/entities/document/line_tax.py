"""The taxes of a Perfex line: read in every way the module shows them, or derived from totals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations, product
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from xero_bridge.core.money import CENT, MoneyError
from xero_bridge.core.totals import (
    NO_TAX,
    DiscountType,
    PerfexDocument,
    PerfexLine,
    perfex_totals,
)
from xero_bridge.entities.document.record import UNKNOWN_TAX, Document, Line
from xero_bridge.entities.tax import named_tax, rate_of, tax_key, taxes_of
from xero_bridge.entities.wire import ABSENT, Loose, as_list, as_text

D = TypeVar("D", bound=Document)

#: Beyond it, "exactly one fits" would be luck as well as slow.
_MOST_ASSIGNMENTS = 5000


class PerfexTaxEntry(msgspec.Struct, frozen=True):
    """A tax of a line as newer Perfex versions show it."""

    taxname: Loose
    taxrate: Loose = ABSENT


def line_key(taxname: Loose, taxrate: Loose, taxes: Loose) -> str:
    """The key of a line's taxes; `?` where the module shows none of the three members.

    The module adds two parallel lists; newer versions of Perfex itself add `taxes`.
    """
    if not any(map(bytes, (taxname, taxrate, taxes))):
        return UNKNOWN_TAX
    pairs = list(_parallel(taxname, taxrate)) or list(_entries(taxes))
    return tax_key(named_tax(name, rate) for name, rate in pairs if name)


def _parallel(taxname: Loose, taxrate: Loose) -> Iterator[tuple[str, str]]:
    names, rates = as_list(taxname), as_list(taxrate)
    for index, name in enumerate(names):
        yield as_text(name), as_text(rates[index]) if index < len(rates) else ""


def _entries(taxes: Loose) -> Iterator[tuple[str, str]]:
    for raw in as_list(taxes):
        if bytes(raw).startswith(b"{"):
            entry = msgspec.json.decode(raw, type=PerfexTaxEntry)
            yield as_text(entry.taxname), as_text(entry.taxrate)
        else:
            yield as_text(raw), ""


def with_taxes(document: D, known: Sequence[str]) -> D:
    """The document; taxes that the module does not show are derived where only one set fits."""
    if not any(line.tax == UNKNOWN_TAX for line in document.lines):
        return document
    keys = derived(document, known)
    if keys is None:
        return document
    lines = (replace(line, tax=key) for line, key in zip(document.lines, keys, strict=True))
    return replace(document, lines=tuple(lines))


def derived(document: Document, known: Sequence[str]) -> tuple[str, ...] | None:
    """The one assignment of known taxes to the lines that gives the total and its tax, or None.

    A line has no tax, one, or two of the known ones. Perfex's own figures may be a cent apart, so
    a cent is let pass; two assignments that fit are none: the books must not rest on a guess.
    """
    choices = (NO_TAX, *known, *_pairs(known))
    if len(choices) ** len(document.lines) > _MOST_ASSIGNMENTS:
        return None
    fitting = (
        keys for keys in product(choices, repeat=len(document.lines)) if _fits(document, keys)
    )
    found = next(fitting, None)
    return found if found and next(fitting, None) is None else None


def _pairs(known: Sequence[str]) -> Iterator[str]:
    """Two taxes on one line; one of zero percent beside another would change nothing."""
    for pair in combinations([key for key in known if rate_of(key)], 2):
        yield tax_key((tax.name, tax.rate) for key in pair for tax in taxes_of(key))


def _fits(document: Document, keys: Sequence[str]) -> bool:
    lines = [perfex_line(line, key) for line, key in zip(document.lines, keys, strict=True)]
    try:
        totals = perfex_totals(
            lines,
            discount_type=discount_type(document),
            discount_percent=document.discount_percent,
            discount_total=document.discount_total,
            adjustment=document.adjustment,
        )
    except MoneyError:
        return False
    apart = (totals.total - document.total, totals.tax - (document.total_tax or Decimal()))
    return all(abs(difference) <= CENT for difference in apart)


def perfex_line(line: Line, key: str) -> PerfexLine:
    """The line as Perfex's arithmetic takes it; raises ValueError for what is no tax key."""
    return PerfexLine(quantity=line.quantity, rate=line.price, taxes=taxes_of(key))


def money_of(document: Document) -> PerfexDocument:
    """The document's money as the forecast takes it; raises ValueError for what is no tax key."""
    return PerfexDocument(
        lines=tuple(
            replace(perfex_line(line, line.tax), tax_in_cents=document.line_tax_in_cents)
            for line in document.lines
        ),
        discount_type=discount_type(document),
        discount_percent=document.discount_percent,
        discount_total=document.discount_total,
        adjustment=document.adjustment,
        total=document.total,
        total_tax=document.total_tax,
        currency=document.currency,
    )


def discount_type(document: Document) -> DiscountType:
    """When the discount is taken off, in the words of the arithmetic."""
    match document.discount_type:
        case "before_tax":
            return "before_tax"
        case "after_tax":
            return "after_tax"
        case _:
            return ""
