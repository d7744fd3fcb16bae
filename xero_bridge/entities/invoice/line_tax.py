"""The taxes of a Perfex line: read in every way the module shows them, or derived from totals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations, product

import msgspec

from xero_bridge.core.money import CENT, MoneyError
from xero_bridge.core.totals import NO_TAX, DiscountType, PerfexLine, perfex_totals
from xero_bridge.entities.invoice.record import UNKNOWN_TAX, Invoice, Line
from xero_bridge.entities.tax import named_tax, rate_of, tax_key, taxes_of
from xero_bridge.entities.wire import ABSENT, Loose, as_list, as_text

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


def derived(invoice: Invoice, known: Sequence[str]) -> tuple[str, ...] | None:
    """The one assignment of known taxes to the lines that gives the total and its tax, or None.

    A line has no tax, one, or two of the known ones. Perfex's own figures may be a cent apart, so
    a cent is let pass; two assignments that fit are none: the books must not rest on a guess.
    """
    choices = (NO_TAX, *known, *_pairs(known))
    if len(choices) ** len(invoice.lines) > _MOST_ASSIGNMENTS:
        return None
    fitting = (keys for keys in product(choices, repeat=len(invoice.lines)) if _fits(invoice, keys))
    found = next(fitting, None)
    return found if found and next(fitting, None) is None else None


def _pairs(known: Sequence[str]) -> Iterator[str]:
    """Two taxes on one line; one of zero percent beside another would change nothing."""
    for pair in combinations([key for key in known if rate_of(key)], 2):
        yield tax_key((tax.name, tax.rate) for key in pair for tax in taxes_of(key))


def _fits(invoice: Invoice, keys: Sequence[str]) -> bool:
    lines = [perfex_line(line, key) for line, key in zip(invoice.lines, keys, strict=True)]
    try:
        totals = perfex_totals(
            lines,
            discount_type=discount_type(invoice),
            discount_percent=invoice.discount_percent,
            discount_total=invoice.discount_total,
            adjustment=invoice.adjustment,
        )
    except MoneyError:
        return False
    apart = (totals.total - invoice.total, totals.tax - (invoice.total_tax or Decimal()))
    return all(abs(difference) <= CENT for difference in apart)


def perfex_line(line: Line, key: str) -> PerfexLine:
    """The line as Perfex's arithmetic takes it; raises ValueError for what is no tax key."""
    return PerfexLine(quantity=line.quantity, rate=line.price, taxes=taxes_of(key))


def discount_type(invoice: Invoice) -> DiscountType:
    """When the discount is taken off, in the words of the arithmetic."""
    match invoice.discount_type:
        case "before_tax":
            return "before_tax"
        case "after_tax":
            return "after_tax"
        case _:
            return ""
