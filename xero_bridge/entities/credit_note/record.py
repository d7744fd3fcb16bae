"""The canonical credit note, and what was done with its credit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from xero_bridge.core.money import exact, format_cents
from xero_bridge.entities.document.record import ISSUED, Document


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the credit that was set against an invoice."""

    #: Id of the invoice on the record's side.
    invoice: str
    amount: Decimal
    on: date | None = None
    #: Xero's AllocationID; Perfex's id of the applied credit.
    id: str = ""
    #: Xero: number of the invoice.
    number: str = ""


class Refund(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the credit that was paid back."""

    amount: Decimal
    on: date | None = None
    #: Xero's PaymentID; Perfex's id of the refund.
    id: str = ""
    #: Perfex: payment mode or gateway.
    mode: str = ""


class CreditNote(Document, frozen=True, kw_only=True):
    """A customer's credit note in its own currency."""

    #: Id of the customer on the record's side.
    customer: str
    reference: str = ""
    applied: tuple[Applied, ...] = ()
    refunds: tuple[Refund, ...] = ()
    #: What is left of the credit.
    left: Decimal | None = None

    @property
    def party(self) -> str:
        return self.customer

    @property
    def lasting(self) -> CreditNote:
        return replace(self, applied=(), refunds=(), left=None, side_status=self.status)

    @property
    def settled(self) -> bool:
        """Something was applied or refunded: most of it cannot be changed any more."""
        return bool(self.applied or self.refunds) or self.side_status == "PAID"

    @property
    def open(self) -> bool:
        """Issued, and something of the credit is left."""
        return self.status == ISSUED and (self.left is None or self.left != 0)

    @property
    def amount_due(self) -> Decimal | None:
        """What the customer is still owed."""
        return self.left

    @property
    @exact()
    def credited(self) -> Decimal:
        """The sum that was applied to invoices."""
        return sum((one.amount for one in self.applied), Decimal())

    @property
    @exact()
    def paid(self) -> Decimal:
        """The sum that was paid back."""
        return sum((one.amount for one in self.refunds), Decimal())


@dataclass(frozen=True)
class AppliedTo:
    """What of a credit stands against one invoice: the part of it that both sides compare."""

    invoice: str
    amount: Decimal
    number: str = field(default="", compare=False)

    def __str__(self) -> str:
        """`50.00 on INV-000012`."""
        return f"{format_cents(self.amount)} on {self.number or f'invoice {self.invoice}'}"


@dataclass(frozen=True)
class PaidBack:
    """An amount paid back; banks book it on other days."""

    amount: Decimal
    on: date | None = field(default=None, compare=False)

    def __str__(self) -> str:
        """`30.00 on 2026-11-20`."""
        return f"{format_cents(self.amount)} on {self.on}" if self.on else format_cents(self.amount)


def applied_view(note: CreditNote) -> tuple[AppliedTo, ...]:
    """The sums by invoice, in the order of the invoices' ids."""
    numbers = {one.invoice: one.number for one in note.applied}
    sums = sums_of(note)
    return tuple(AppliedTo(id_, sums[id_], numbers[id_]) for id_ in sorted(sums))


@exact()
def sums_of(note: CreditNote) -> dict[str, Decimal]:
    """Id of each invoice -> the sum applied to it."""
    sums: dict[str, Decimal] = {}
    for one in note.applied:
        sums[one.invoice] = sums.get(one.invoice, Decimal()) + one.amount
    return {id_: amount for id_, amount in sums.items() if amount}


def refunds_view(note: CreditNote) -> tuple[PaidBack, ...]:
    """The refunds, the largest first."""
    paid = (PaidBack(one.amount, one.on) for one in note.refunds)
    return tuple(sorted(paid, key=lambda one: -one.amount))


def applied_between(
    base: Sequence[AppliedTo], now: Sequence[AppliedTo], wanted: Sequence[AppliedTo]
) -> bool:
    """Whether each invoice has a sum between what it had and what it is to have."""
    sums = [{one.invoice: one.amount for one in view} for view in (base, now, wanted)]
    return all(
        min(before, after) <= amount <= max(before, after)
        for before, amount, after in (
            [each.get(invoice, Decimal()) for each in sums]
            for invoice in {one.invoice for view in (base, now, wanted) for one in view}
        )
    )


def refunds_between(
    base: Sequence[PaidBack], now: Sequence[PaidBack], wanted: Sequence[PaidBack]
) -> bool:
    """Whether some of what is wanted was paid back since, and nothing else."""
    counted = [Counter(one.amount for one in view) for view in (base, now, wanted)]
    return counted[0] <= counted[1] <= counted[2]
