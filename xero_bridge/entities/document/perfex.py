"""The parts of Perfex's sales documents on the wire, invoices and credit notes alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import msgspec

from xero_bridge.core.entity import Lookups
from xero_bridge.entities.currency import iso_code
from xero_bridge.entities.dates import perfex_day
from xero_bridge.entities.document.line_tax import line_key
from xero_bridge.entities.document.record import Line
from xero_bridge.entities.text import clean
from xero_bridge.entities.wire import ABSENT, Loose, as_decimal, as_flag, as_list, as_text

#: Drafts bear this number until they are issued.
DRAFT_NUMBER = "1000000000"


class _Field(msgspec.Struct, frozen=True):
    """A custom field of a line."""

    value: Loose = ABSENT


class PerfexLineWire(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the detail. Its taxes come in one of three ways, or not at all on 2.x."""

    description: Loose
    qty: Loose
    rate: Loose
    id: Loose = ABSENT
    long_description: Loose = ABSENT
    item_order: Loose = ABSENT
    taxname: Loose = ABSENT
    taxrate: Loose = ABSENT
    taxes: Loose = ABSENT
    is_optional: Loose = ABSENT
    is_selected: Loose = ABSENT
    customfields: Loose = ABSENT

    @property
    def bound(self) -> bool:
        """Whether it has more than a replacement of it could be given."""
        fields = (msgspec.json.decode(raw, type=_Field) for raw in as_list(self.customfields))
        return as_flag(self.is_optional) or any(as_text(field.value) for field in fields)


class PerfexSaleWire(msgspec.Struct, frozen=True, kw_only=True):
    """What the details of invoices and credit notes share; list rows lack the lines."""

    id: Loose
    clientid: Loose
    number: Loose
    date: Loose
    total: Loose
    status: Loose
    items: list[PerfexLineWire]
    prefix: Loose = ABSENT
    number_format: Loose = ABSENT
    formatted_number: Loose = ABSENT
    datecreated: Loose = ABSENT
    currency: Loose = ABSENT
    #: ISO code of the currency, joined by Perfex.
    name: Loose = ABSENT
    subtotal: Loose = ABSENT
    total_tax: Loose = ABSENT
    adjustment: Loose = ABSENT
    discount_percent: Loose = ABSENT
    discount_total: Loose = ABSENT
    discount_type: Loose = ABSENT


def sale_lines(items: Sequence[PerfexLineWire]) -> tuple[Line, ...]:
    """The lines that count, in the order in which the customer reads them."""
    return tuple(_line(line) for line in sorted(items, key=_order) if _counts(line))


def _line(line: PerfexLineWire) -> Line:
    description, more = clean(as_text(line.description)), clean(as_text(line.long_description))
    return Line(
        "\n".join(part for part in (description, more) if part),
        as_decimal(line.qty, "qty"),
        as_decimal(line.rate, "rate"),
        line_key(line.taxname, line.taxrate, line.taxes),
    )


def _order(line: PerfexLineWire) -> tuple[Decimal, Decimal]:
    return as_decimal(line.item_order, "item_order"), as_decimal(line.id, "id of a line")


def _counts(line: PerfexLineWire) -> bool:
    """Optional lines that the customer did not choose are not part of the document."""
    return not as_flag(line.is_optional) or as_flag(line.is_selected)


def shown_number(wire: PerfexSaleWire, padding: int) -> str:
    """The number on the customer's copy; older versions of Perfex leave building it to us."""
    shown = clean(as_text(wire.formatted_number))
    return shown or _built_number(wire, as_text(wire.number).zfill(padding))


def _built_number(wire: PerfexSaleWire, digits: str) -> str:
    prefix, day = clean(as_text(wire.prefix)), perfex_day(as_text(wire.date))
    return f"{prefix}{_dated_digits(digits, as_text(wire.number_format), day)}"


def _dated_digits(digits: str, number_format: str, day: date | None) -> str:
    match number_format, day:
        case "2", date():
            return f"{day.year}/{digits}"
        case "3", date():
            return f"{digits}-{day:%y}"
        case "4", date():
            return f"{digits}/{day:%m}/{day.year}"
        case _:
            return digits


def sale_currency(wire: PerfexSaleWire, lookups: Lookups) -> str:
    """The joined ISO code, else the one of the currency's id."""
    joined, currency_id = as_text(wire.name), as_text(wire.currency)
    code = lookups.currencies.get(currency_id, "") or joined
    return iso_code(code or (lookups.base_currency if currency_id in {"", "0"} else currency_id))


def sale_discount_type(wire: PerfexSaleWire) -> str:
    """Perfex leaves the type standing when the discount is taken away again."""
    return as_text(wire.discount_type) if _discounted(wire) else ""


def _discounted(wire: PerfexSaleWire) -> bool:
    percent = as_decimal(wire.discount_percent, "discount_percent")
    return bool(percent or as_decimal(wire.discount_total, "discount_total"))
