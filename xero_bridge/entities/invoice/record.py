"""The canonical invoice and its lines."""

from __future__ import annotations

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


class Invoice(Record, frozen=True, kw_only=True):
    """A sales invoice in its own currency."""

    number: str
    #: Id of the customer on the record's side.
    customer: str
    issued: date | None
    due: date | None
    currency: str
    #: `draft`, `issued` or `void`; whether it is paid follows from its payments.
    status: str
    reference: str = ""
    lines: tuple[Line, ...] = ()
    total: Decimal
    total_tax: Decimal | None = None
    subtotal: Decimal | None = None
    amount_due: Decimal | None = None
    #: Paid by payments, and by credits, prepayments and overpayments.
    paid: Decimal | None = None
    credited: Decimal | None = None
    #: Ids of its payments on the record's side.
    payments: tuple[str, ...] = ()
    #: The side's own status: `3` on Perfex, `AUTHORISED` on Xero.
    side_status: str
    #: Perfex: `""`, `before_tax` or `after_tax`.
    discount_type: str = ""
    discount_percent: Decimal = Decimal()
    discount_total: Decimal = Decimal()
    adjustment: Decimal = Decimal()
    #: Perfex: a template that makes further invoices; it is never written on Perfex.
    recurring: bool = False
    #: Xero: `Exclusive`, `Inclusive` or `NoTax`.
    amounts_are: str = ""
    url: str = ""

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
    def lasting(self) -> Invoice:
        return msgspec.structs.replace(
            self, amount_due=None, paid=None, credited=None, payments=(), side_status=self.status
        )

    @property
    def closed(self) -> bool:
        return self.status == VOID

    @property
    def settled(self) -> bool:
        """Something has been paid or credited: most of it cannot be changed any more."""
        return bool(self.paid or self.credited) or self.side_status == "PAID"

    @property
    def open(self) -> bool:
        """Issued, and something is left to pay."""
        return self.status == ISSUED and (self.amount_due is None or self.amount_due != 0)


class LineView(NamedTuple):
    """What a customer reads of a line: the part of it that both sides compare."""

    text: str
    quantity: Decimal
    price: Decimal
    #: Perfex: the key of its taxes. Xero: the tax in money, so that another TaxType of the same
    #: rate is coding and no change of the invoice.
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


def line_views(invoice: Invoice) -> tuple[LineView, ...]:
    """The lines as they are compared, and what Perfex adds or takes off below them."""
    lines = tuple(
        LineView(
            text=line.text,
            quantity=line.quantity,
            price=line.price,
            tax=line.tax if line.tax_amount is None else line.tax_amount,
            discount=line.discount_rate or line.discount_amount or Decimal(),
        )
        for line in invoice.lines
    )
    return (*lines, *_below(invoice))


def _below(invoice: Invoice) -> Iterator[LineView]:
    if invoice.discount_percent or invoice.discount_total:
        name = f"Discount {invoice.discount_type.replace('_', ' ')}".rstrip()
        percent = invoice.discount_percent
        text = f"{name} {_plain(percent)} %" if percent else name
        yield LineView(text, Decimal(1), -invoice.discount_total, "")
    if invoice.adjustment:
        yield LineView("Adjustment", Decimal(1), invoice.adjustment, "")


def coding(invoice: Invoice) -> tuple[str, ...]:
    """How a bookkeeper coded the lines: account, TaxType and tracking."""
    return tuple(
        ", ".join((line.account, line.tax, *map(str, line.tracking))) for line in invoice.lines
    )


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
