"""What sales and purchase documents are made of: lines, totals, and how they are compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import msgspec

from xero_bridge.core.record import Money, Record

DRAFT, ISSUED, VOID = "draft", "issued", "void"

#: The tax of a Perfex line whose module version does not show it.
UNKNOWN_TAX = "?"


class Tracking(msgspec.Struct, frozen=True, gc=False):
    """A tracking category of a Xero line and its option."""

    name: str
    option: str
    category_id: str = ""
    option_id: str = ""

    def __str__(self) -> str:
        """`Region: North`."""
        return f"{self.name}: {self.option}"


# Positional, and unknown to the garbage collector: a page of invoices makes thousands of them.
class Line(msgspec.Struct, frozen=True, gc=False):
    """One line. Text is the description, on further lines the long description."""

    text: str
    quantity: Decimal
    price: Decimal
    #: Perfex: the key of its taxes, `?` where it is not shown. Xero: its TaxType.
    tax: str = ""
    #: Xero: amounts in cents, after the line's discount and before tax.
    amount: Decimal | None = None
    tax_amount: Decimal | None = None
    discount_rate: Decimal | None = None
    discount_amount: Decimal | None = None
    account: str = ""
    tracking: tuple[Tracking, ...] = ()
    #: Xero's LineItemID; Perfex makes new line ids with every change, so they are not kept.
    id: str = ""
    item_code: str = ""


class Document(Record, frozen=True, kw_only=True):
    """A numbered document with lines, in its own currency. Kinds add their party and state."""

    number: str
    issued: date | None
    currency: str
    #: `draft`, `issued` or `void`; whether it is paid or used up follows from other records.
    status: str
    lines: tuple[Line, ...] = ()
    total: Decimal
    total_tax: Decimal | None = None
    subtotal: Decimal | None = None
    #: The side's own status: `3` on Perfex, `AUTHORISED` on Xero.
    side_status: str
    #: Perfex: `""`, `before_tax` or `after_tax`.
    discount_type: str = ""
    discount_percent: Decimal = Decimal()
    discount_total: Decimal = Decimal()
    adjustment: Decimal = Decimal()
    #: Perfex: the tax of each line is stored in cents (Purchase module).
    line_tax_in_cents: bool = False
    #: Xero: `Exclusive`, `Inclusive` or `NoTax`.
    amounts_are: str = ""

    @property
    def label(self) -> str:
        return self.number

    @property
    def money(self) -> Money:
        return Money(self.total, self.currency)

    @property
    def dated(self) -> date | None:
        return self.issued

    @property
    def closed(self) -> bool:
        return self.status == VOID

    @property
    def adjustment_text(self) -> str:
        """What its adjustment is called on a line of its own."""
        return "Adjustment"

    @property
    def party(self) -> str:
        """Id of the customer or vendor on the record's side."""
        return ""

    @property
    def open(self) -> bool:
        """Something is still to happen with it."""
        return self.status == ISSUED


class LineView(NamedTuple):
    """What a customer reads of a line: the part of it that both sides compare."""

    text: str
    quantity: Decimal
    price: Decimal
    #: Perfex: the key of its taxes. Xero: the tax in money, so that another TaxType of the same
    #: rate is coding and no change of the document.
    tax: str | Decimal
    discount: Decimal = Decimal()

    def __str__(self) -> str:
        """`2 x 150 Consulting, tax 60.00`."""
        tax = f"{self.tax:f}" if isinstance(self.tax, Decimal) else self.tax
        parts = (
            f"{_plain(self.quantity)} x {_plain(self.price)} {self.text}",
            f"discount {self.discount:f}" if self.discount else "",
            f"tax {tax}" if tax else "",
        )
        return ", ".join(part for part in parts if part)


def line_views(document: Document) -> tuple[LineView, ...]:
    """The lines as they are compared, and what Perfex adds or takes off below them."""
    lines = tuple(
        LineView(
            text=line.text,
            quantity=line.quantity,
            price=line.price,
            tax=line.tax if line.tax_amount is None else line.tax_amount,
            discount=line.discount_rate or line.discount_amount or Decimal(),
        )
        for line in document.lines
    )
    return (*lines, *_below(document))


def _below(document: Document) -> Iterator[LineView]:
    if document.discount_percent or document.discount_total:
        name = f"Discount {document.discount_type.replace('_', ' ')}".rstrip()
        percent = document.discount_percent
        text = f"{name} {_plain(percent)} %" if percent else name
        yield LineView(text, Decimal(1), -document.discount_total, "")
    if document.adjustment:
        yield LineView(document.adjustment_text, Decimal(1), document.adjustment, "")


def coding(document: Document) -> tuple[str, ...]:
    """How a bookkeeper coded the lines: account, TaxType and tracking."""
    return tuple(
        ", ".join((line.account, line.tax, *map(str, line.tracking))) for line in document.lines
    )


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def prefix_of(number: str) -> str:
    """What stands before the first digit of a document's number: two sources may share it."""
    digit = re.search(r"\d", number)
    return number[: digit.start()] if digit else number


def status_facet(document: Document) -> str:
    """Void or not: approving in Xero and numbering in Perfex are each side's own business."""
    return "void" if document.closed else "issued"
