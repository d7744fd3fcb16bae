"""An expense in Xero on the wire: money spent from a bank account, or a bill."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from xero_bridge.core.entity import Decoded, Lookups
from xero_bridge.core.money import to_cents
from xero_bridge.entities.dates import xero_day, xero_instant
from xero_bridge.entities.document.record import Line
from xero_bridge.entities.document.xero import (
    STATUSES,
    XeroContactRef,
    XeroLineWire,
    xero_line,
)
from xero_bridge.entities.expense.parts import part_id
from xero_bridge.entities.expense.record import BILL, SPEND, Expense, Settlement
from xero_bridge.entities.marks import url_mark
from xero_bridge.entities.text import squeeze
from xero_bridge.entities.wire import WireError, xero_name

_ZERO = Decimal()


class XeroBankRef(msgspec.Struct, frozen=True, rename=xero_name):
    """The bank account of spent money."""

    account_id: str | None = None


class XeroPaymentRef(msgspec.Struct, frozen=True, rename=xero_name):
    """A payment of a bill."""

    payment_id: str


class XeroMoneyWire(msgspec.Struct, frozen=True, kw_only=True, rename=xero_name):
    """What both forms share."""

    status: str
    contact: XeroContactRef | None = None
    total: Decimal
    total_tax: Decimal | None = None
    currency_code: str
    date_string: str | None = None
    date: str | None = None
    line_amount_types: str | None = None
    line_items: list[XeroLineWire] | None = None
    url: str | None = None
    updated_date_utc: str | None = None
    #: Of a divided row: which part it is, and the accounts of all of them.
    part: int = 1
    accounts: list[str] | None = None


class XeroSpendWire(XeroMoneyWire, frozen=True, kw_only=True, rename=xero_name):
    """An element of `BankTransactions`."""

    bank_transaction_id: str
    bank_account: XeroBankRef | None = None
    reference: str | None = None
    is_reconciled: bool | None = None


class XeroBillWire(XeroMoneyWire, frozen=True, kw_only=True, rename=xero_name):
    """An element of `Invoices` of type ACCPAY. Write answers lack its payments."""

    invoice_id: str
    invoice_number: str | None = None
    amount_paid: Decimal | None = None
    amount_credited: Decimal | None = None
    payments: list[XeroPaymentRef] | None = None


def from_spend(wire: XeroSpendWire, lookups: Lookups) -> Decoded:
    """Money spent, paid by being there."""
    account = (wire.bank_account.account_id if wire.bank_account else None) or ""
    record = msgspec.structs.replace(
        _expense(wire),
        kind_of=SPEND,
        reference=squeeze(wire.reference or ""),
        payment=Settlement(paid=True, account=account),
        reconciled=bool(wire.is_reconciled),
    )
    return _decoded(wire.bank_transaction_id, record, wire, lookups)


def from_bill(wire: XeroBillWire, lookups: Lookups) -> Decoded:
    """A bill, which may be paid later."""
    record = msgspec.structs.replace(
        _expense(wire),
        kind_of=BILL,
        reference=squeeze(wire.invoice_number or ""),
        payment=Settlement(paid=wire.status == "PAID"),
        touched=wire.status == "PAID" or bool(wire.amount_paid or wire.amount_credited),
        payments=tuple(payment.payment_id for payment in wire.payments or ()),
    )
    return _decoded(wire.invoice_id, record, wire, lookups)


def _expense(wire: XeroMoneyWire) -> Expense:
    status = STATUSES.get(wire.status)
    if status is None:
        raise WireError(f"it has the unknown status {wire.status!r}.")
    lines = tuple(xero_line(line) for line in wire.line_items or ())
    tax = to_cents(wire.total_tax or _ZERO)
    return Expense(
        category=_only(line.account for line in lines),
        spent_on=xero_day(wire.date_string, wire.date),
        name=squeeze(lines[0].text) if lines else "",
        net=to_cents(wire.total) - tax,
        total_tax=tax,
        tax=_only(line.tax for line in lines),
        currency=wire.currency_code,
        supplier=wire.contact.contact_id if wire.contact else "",
        status=status,
        side_status=wire.status,
        lines=lines,
        amounts_are=wire.line_amount_types or "",
        accounts=tuple(wire.accounts or ()),
    )


def _only(values: Iterable[str]) -> str:
    """What all lines share; nothing where they differ."""
    found = set(values)
    return found.pop() if len(found) == 1 else ""


def _decoded(id_: str, record: Expense, wire: XeroMoneyWire, lookups: Lookups) -> Decoded:
    stamp = wire.updated_date_utc
    return Decoded(
        id=part_id(id_, wire.part),
        record=record,
        mark=url_mark(wire.url, lookups.site_url),
        updated_at=xero_instant(stamp) if stamp else None,
    )


def coding(expense: Expense) -> tuple[str, ...]:
    """How a bookkeeper coded it: contact, and account, TaxType and tracking of each line."""
    return (expense.supplier, *map(_coded, expense.lines))


def _coded(line: Line) -> str:
    return ", ".join((line.account, line.tax, *map(str, line.tracking)))
