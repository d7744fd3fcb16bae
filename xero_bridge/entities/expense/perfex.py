"""A Perfex expense on the wire: its row is joined with category, customer, mode and taxes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from xero_bridge.core.entity import Decoded, Lookups
from xero_bridge.core.money import exact, to_cents
from xero_bridge.core.totals import NO_TAX
from xero_bridge.entities.currency import iso_code
from xero_bridge.entities.dates import perfex_day
from xero_bridge.entities.document import ISSUED, UNKNOWN_TAX
from xero_bridge.entities.expense.record import Expense, Form
from xero_bridge.entities.marks import expense_mark_in
from xero_bridge.entities.tax import named_tax, rate_of, tax_key
from xero_bridge.entities.text import clean, fold, squeeze
from xero_bridge.entities.wire import ABSENT, Loose, as_decimal, as_flag, as_id, as_text

#: What a custom field with the supplier may be called.
_SUPPLIER_LABELS = frozenset({"supplier", "vendor", "payee", "xero contact"})
_NOTHING = frozenset({"", "0"})
_HUNDRED = Decimal(100)


class PerfexFieldWire(msgspec.Struct, frozen=True):
    """A custom field, by its label."""

    label: Loose = ABSENT
    value: Loose = ABSENT


class PerfexExpenseWire(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `expenses`; `name` and `datecreated` in it are those of category and customer."""

    id: Loose = ABSENT
    expenseid: Loose = ABSENT
    category: Loose
    currency: Loose
    amount: Loose
    date: Loose
    tax: Loose = ABSENT
    tax2: Loose = ABSENT
    tax_name: Loose = ABSENT
    taxrate: Loose = ABSENT
    tax_name2: Loose = ABSENT
    taxrate2: Loose = ABSENT
    reference_no: Loose = ABSENT
    expense_name: Loose = ABSENT
    note: Loose = ABSENT
    clientid: Loose = ABSENT
    project_id: Loose = ABSENT
    billable: Loose = ABSENT
    create_invoice_billable: Loose = ABSENT
    send_invoice_to_customer: Loose = ABSENT
    invoiceid: Loose = ABSENT
    paymentmode: Loose = ABSENT
    recurring: Loose = ABSENT
    recurring_type: Loose = ABSENT
    repeat_every: Loose = ABSENT
    custom_recurring: Loose = ABSENT
    category_name: Loose = ABSENT
    dateadded: Loose = ABSENT
    vendor: Loose = ABSENT
    customfields: list[PerfexFieldWire] | None = None


def from_perfex(wire: PerfexExpenseWire, lookups: Lookups) -> Decoded:
    """The canonical expense; the customer in it is who it may be billed to, never the supplier."""
    net, tax, note = as_decimal(wire.amount, "amount"), _tax(wire), clean(as_text(wire.note))
    record = Expense(
        category=as_id(wire.category, "category of an expense"),
        category_name=_line(wire.category_name),
        spent_on=perfex_day(as_text(wire.date)),
        name=_line(wire.expense_name),
        reference=_line(wire.reference_no),
        net=net,
        total_tax=tax_on(net, tax),
        tax=tax,
        currency=_currency(as_text(wire.currency), lookups),
        mode=_id(wire.paymentmode),
        supplier=_supplier(wire),
        vendor=_id(wire.vendor),
        shown=_form(wire, note),
        status=ISSUED,
    )
    expense_id = as_text(wire.expenseid) or as_id(wire.id, "expenseid")
    mark = expense_mark_in(note, lookups.tag)
    return Decoded(id=expense_id, record=record, stamp=as_text(wire.dateadded), mark=mark)


def _form(wire: PerfexExpenseWire, note: str) -> Form:
    repeats = as_flag(wire.recurring)
    every, unit = as_text(wire.repeat_every), as_text(wire.recurring_type)
    custom = repeats and as_flag(wire.custom_recurring)
    return Form(
        note=note,
        client=_id(wire.clientid),
        project=_id(wire.project_id),
        billable=as_flag(wire.billable),
        invoices_billable=as_flag(wire.create_invoice_billable),
        sends_invoice=as_flag(wire.send_invoice_to_customer),
        repeat="custom" if custom else f"{every}-{unit}" if repeats else "",
        every=every if custom else "",
        unit=unit if custom else "",
        taxes=(_id(wire.tax), _id(wire.tax2)),
        invoice=_id(wire.invoiceid),
    )


def _line(value: Loose) -> str:
    return squeeze(clean(as_text(value)))


def _id(value: Loose) -> str:
    """An id, where nothing is written as 0 too."""
    written = as_text(value).strip()
    return "" if written in _NOTHING else written


def _currency(currency_id: str, lookups: Lookups) -> str:
    return iso_code(lookups.currencies.get(currency_id.strip(), "") or currency_id.strip())


def _tax(wire: PerfexExpenseWire) -> str:
    """The key of its taxes; `?` for one that was deleted since."""
    named = list(_taxes(wire))
    wanted = [tax for tax in (_id(wire.tax), _id(wire.tax2)) if tax]
    return tax_key(named) if len(named) == len(wanted) else UNKNOWN_TAX


def _taxes(wire: PerfexExpenseWire) -> Iterator[tuple[str, Decimal]]:
    joined = (
        (wire.tax, wire.tax_name, wire.taxrate),
        (wire.tax2, wire.tax_name2, wire.taxrate2),
    )
    for tax, name, rate in joined:
        if _id(tax) and as_text(name):
            yield named_tax(as_text(name), as_text(rate))


@exact()
def tax_on(net: Decimal, tax: str) -> Decimal:
    """Perfex adds up its taxes unrounded, and shows the sum in cents."""
    if tax in (UNKNOWN_TAX, NO_TAX):
        return Decimal("0.00")
    return to_cents(net * rate_of(tax) / _HUNDRED)


def _supplier(wire: PerfexExpenseWire) -> str:
    fields = wire.customfields or ()
    named = (
        _line(field.value) for field in fields if fold(as_text(field.label)) in _SUPPLIER_LABELS
    )
    return next((name for name in named if name), "")
