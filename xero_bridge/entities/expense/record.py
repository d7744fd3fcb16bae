"""The canonical expense: one net amount with its tax, spent at once or owed as a bill."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

import msgspec

from xero_bridge.core.record import Money, Record
from xero_bridge.entities.document import VOID, Document, Line

#: The two forms of an expense in Xero.
SPEND, BILL = "spend", "bill"


class Settlement(NamedTuple):
    """Whether an expense is paid in Xero, and from which account as far as that is told."""

    paid: bool
    #: AccountID; a bill does not tell it.
    account: str = ""

    def __eq__(self, other: object) -> bool:
        """Equal if both are unpaid, or both paid and not from two accounts that differ."""
        if not isinstance(other, Settlement) or self.paid is not other.paid:
            return False
        return (
            not self.paid or self.account == other.account or not (self.account and other.account)
        )

    def __ne__(self, other: object) -> bool:
        """The opposite: a tuple would compare member by member."""
        return not self == other

    def __hash__(self) -> int:
        """Equal ones share it."""
        return hash(self.paid)

    def __str__(self) -> str:
        """As a person says it."""
        return "paid" if self.paid else "not paid"


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """What a Perfex expense shows beside its money: an edit over its API has to send it again."""

    note: str = ""
    client: str = ""
    project: str = ""
    billable: bool = False
    invoices_billable: bool = False
    sends_invoice: bool = False
    #: `1-month`, or `custom` with `every` and `unit`; empty where it does not recur.
    repeat: str = ""
    every: str = ""
    unit: str = ""
    #: Ids of its taxes; empty for none.
    taxes: tuple[str, str] = ("", "")
    #: The invoice that it was put on: it is deleted no more.
    invoice: str = ""


class Expense(Record, frozen=True, kw_only=True):
    """Money spent or owed to a supplier, in its own currency."""

    #: Perfex: category id. Xero: code of the account; empty where its lines stand on several.
    category: str
    #: Perfex: what its category is called.
    category_name: str = ""
    spent_on: date | None
    name: str = ""
    #: Perfex: reference number. Xero: reference of spent money, number of a bill.
    reference: str = ""
    net: Decimal
    total_tax: Decimal
    #: Perfex: the key of its taxes. Xero: its TaxType, empty where its lines have several.
    tax: str
    currency: str
    #: Perfex: what it was paid with; empty while it is not paid.
    mode: str = ""
    #: Xero only.
    payment: Settlement | None = None
    #: Perfex: the supplier that a custom field names. Xero: ContactID.
    supplier: str = ""
    #: Perfex: vendor of the Purchase module.
    vendor: str = ""
    #: Perfex only.
    shown: Form = Form()
    #: Xero: `spend` or `bill`; empty on Perfex.
    kind_of: str = ""
    #: Xero's Status.
    side_status: str = ""
    status: str = ""
    lines: tuple[Line, ...] = ()
    #: Xero: `Exclusive`, `Inclusive` or `NoTax`.
    amounts_are: str = ""
    #: Xero, parts of a document: the accounts of all parts.
    accounts: tuple[str, ...] = ()
    #: Bills: something was paid or credited.
    touched: bool = False
    #: Bills: ids of their payments.
    payments: tuple[str, ...] = ()
    #: Spent money: matched with a line of the bank.
    reconciled: bool = False

    @property
    def total(self) -> Decimal:
        """With tax: what was paid or is owed."""
        return self.net + self.total_tax

    @property
    def label(self) -> str:
        return self.reference or self.name or self.category_name or f"expense of {self.spent_on}"

    @property
    def money(self) -> Money:
        return Money(self.total, self.currency)

    @property
    def dated(self) -> date | None:
        return self.spent_on

    @property
    def lasting(self) -> Expense:
        return msgspec.structs.replace(
            self, payment=None, touched=False, payments=(), side_status=self.status
        )

    @property
    def closed(self) -> bool:
        return self.status == VOID

    @property
    def settled(self) -> bool:
        """Something has been paid or credited: neither its money nor its date can be changed."""
        return self.kind_of == BILL and self.touched

    @property
    def document(self) -> Document:
        """The expense as a document with lines: Perfex's has one."""
        line = Line(self.name or self.category_name, Decimal(1), self.net, self.tax)
        return Document(
            number=self.reference,
            issued=self.spent_on,
            currency=self.currency,
            status=self.status,
            lines=self.lines if self.kind_of else (line,),
            total=self.total,
            total_tax=self.total_tax,
            side_status=self.side_status,
            amounts_are=self.amounts_are,
        )


def payment_facet(expense: Expense) -> str | Settlement:
    """Perfex: the payment mode. Xero: whether it is paid, and from where."""
    return expense.mode if expense.payment is None else expense.payment
