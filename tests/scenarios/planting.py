"""Differences of every sort that people plant behind the bridge's back, and how each is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.scenarios.world import World, line
from xero_bridge.core.vocabulary import Kind
from xero_bridge.engine.context import Scope

#: Two lines of one price, one of them untaxed: their taxes can change places.
TWO_LINES = (line("100.00", "Taxed"), line("100.00", "Untaxed", tax="Zero|0.00"))
TODAY = "2026-11-20"


@dataclass(kw_only=True)
class Planted:
    """An invoice of a customer of its own, paid in part, and what somebody did to it."""

    world: World
    customer: int
    invoice: int
    payment: int

    @property
    def number(self) -> str:
        return self.world.number(self.invoice)

    @property
    def in_xero(self) -> dict[str, Any]:
        return self.world.xero_invoice(self.number)

    def edit_in_xero(self, **fields: Any) -> None:
        self.world.edit_in_xero(self.number, **fields)

    def edit_line(self, index: int, **fields: Any) -> None:
        self.world.edit_line_in_xero(self.number, index, **fields)

    def edit_in_perfex(self, *rows: Any, **header: Any) -> None:
        self.world.perfex.staff.edit_invoice(self.invoice, list(rows) or None, **header)


Finds = frozenset[tuple[Kind, str]]


@dataclass(frozen=True, kw_only=True)
class Sort:
    """One sort of difference: what somebody does, and what the proof has to name."""

    plant: Callable[[Planted], None]
    kind: Kind
    part: str
    #: Whether the invoice is paid before.
    paid: str = ""
    #: Everything else that follows from it.
    follows: Finds = field(default=frozenset())


def _xero_payment(planted: Planted) -> str:
    (payment,) = planted.in_xero["Payments"]
    return str(payment["PaymentID"])


def swap_taxes(planted: Planted) -> None:
    lines = planted.in_xero["LineItems"]
    kept = ("LineItemID", "Description", "Quantity", "UnitAmount", "AccountCode", "TaxType")
    sent = [{name: each[name] for name in kept} for each in lines]
    for each, other in zip(sent, reversed(lines), strict=True):
        each["TaxType"] = other["TaxType"]
    planted.edit_in_xero(LineItems=sent)


def copy_with_the_mark(planted: Planted) -> None:
    found = planted.in_xero
    wanted = ("Type", "Contact", "Date", "DueDate", "CurrencyCode", "Url", "LineAmountTypes")
    copy = {name: found[name] for name in wanted if name in found}
    copy |= {"Contact": {"ContactID": found["Contact"]["ContactID"]}, "Status": "AUTHORISED"}
    copy |= {"InvoiceNumber": f"{planted.number}-B", "Date": TODAY, "DueDate": "2026-12-20"}
    lines = [{"Description": "Copied", "Quantity": 1, "UnitAmount": 5, "AccountCode": "200"}]
    copy["LineItems"] = [{**each, "TaxType": "OUTPUT2"} for each in lines]
    planted.world.xero_call("PUT", "Invoices", {"Invoices": [copy]})


def give_to_another(planted: Planted) -> None:
    own = planted.in_xero["Contact"]["ContactID"]
    contacts = [c for c in planted.world.xero_contacts() if c["ContactStatus"] == "ACTIVE"]
    other = next(contact for contact in contacts if contact["ContactID"] != own)
    planted.edit_in_xero(Contact={"ContactID": other["ContactID"]})


def make_in_xero(planted: Planted) -> None:
    copy_with_the_mark(planted)
    planted.world.edit_in_xero(f"{planted.number}-B", Url="https://elsewhere.example/1")


def archive_contact(planted: Planted) -> None:
    contact = planted.in_xero["Contact"]["ContactID"]
    planted.world.xero_call("POST", f"Contacts/{contact}", {"ContactStatus": "ARCHIVED"})


def delete_in_perfex(planted: Planted) -> None:
    assert planted.world.perfex.staff.delete_invoice(planted.invoice)


def _paid_in_perfex(planted: Planted) -> None:
    planted.world.perfex.staff.record_payment(planted.invoice, "7.00", "1")


def _paid_in_xero(planted: Planted) -> None:
    planted.world.pay_in_xero(planted.number, "9.00", TODAY)


_DUE = frozenset({(Kind.INVOICE, "amount_due")})
_MONEY = frozenset({(Kind.INVOICE, part) for part in ("total", "tax", "amount_due", "lines")})

SORTS: dict[str, Sort] = {
    "a cent in Xero": Sort(
        plant=lambda p: p.edit_line(0, UnitAmount="100.01"),
        kind=Kind.INVOICE,
        part="total",
        follows=_MONEY,
    ),
    "another price in Perfex": Sort(
        plant=lambda p: p.edit_in_perfex(line("90.00", "Taxed"), TWO_LINES[1]),
        kind=Kind.INVOICE,
        part="total",
        follows=_MONEY,
    ),
    "a wrong rate": Sort(
        plant=lambda p: p.edit_line(0, TaxType="RROUTPUT"),
        kind=Kind.INVOICE,
        part="tax",
        follows=_MONEY,
    ),
    "swapped taxes of equal total": Sort(plant=swap_taxes, kind=Kind.INVOICE, part="lines"),
    "quantity and price of equal total": Sort(
        plant=lambda p: p.edit_line(0, Quantity="2", UnitAmount="50.00"),
        kind=Kind.INVOICE,
        part="lines",
    ),
    "lines with equal totals in Perfex": Sort(
        plant=lambda p: p.edit_in_perfex(line("50.00", "Taxed", qty="2.00"), TWO_LINES[1]),
        kind=Kind.INVOICE,
        part="lines",
    ),
    "another date": Sort(
        plant=lambda p: p.edit_in_xero(Date="2026-10-31"), kind=Kind.INVOICE, part="date"
    ),
    "another due date": Sort(
        plant=lambda p: p.edit_in_xero(DueDate="2027-01-31"), kind=Kind.INVOICE, part="due"
    ),
    "another customer": Sort(plant=give_to_another, kind=Kind.INVOICE, part="customer"),
    "another number": Sort(
        plant=lambda p: p.edit_in_xero(InvoiceNumber=f"{p.number}-X"),
        kind=Kind.INVOICE,
        part="number",
    ),
    "voided in Xero": Sort(
        plant=lambda p: p.edit_in_xero(Status="VOIDED"), kind=Kind.INVOICE, part="status"
    ),
    "cancelled in Perfex": Sort(
        plant=lambda p: p.world.perfex.staff.cancel_invoice(p.invoice),
        kind=Kind.INVOICE,
        part="status",
    ),
    "deleted in Perfex": Sort(plant=delete_in_perfex, kind=Kind.INVOICE, part="status"),
    "a payment deleted in Xero": Sort(
        plant=lambda p: p.world.delete_payment_in_xero(_xero_payment(p)),
        kind=Kind.PAYMENT,
        part="status",
        paid="30.00",
        follows=_DUE,
    ),
    "a payment deleted in Perfex": Sort(
        plant=lambda p: p.world.perfex.staff.delete_payment(p.payment),
        kind=Kind.PAYMENT,
        part="status",
        paid="31.00",
        follows=_DUE,
    ),
    "a payment of another amount": Sort(
        plant=lambda p: p.world.perfex.staff.edit_payment(p.payment, amount="33.00"),
        kind=Kind.PAYMENT,
        part="total",
        paid="32.00",
        follows=_DUE,
    ),
    "a payment of another day": Sort(
        plant=lambda p: p.world.perfex.staff.edit_payment(p.payment, date="2026-11-02"),
        kind=Kind.PAYMENT,
        part="date",
        paid="34.00",
    ),
    "a payment in Perfex only": Sort(
        plant=_paid_in_perfex, kind=Kind.PAYMENT, part="only_in_perfex", follows=_DUE
    ),
    "a payment in Xero only": Sort(
        plant=_paid_in_xero, kind=Kind.PAYMENT, part="only_in_xero", follows=_DUE
    ),
    "an invoice made in Xero": Sort(plant=make_in_xero, kind=Kind.INVOICE, part="only_in_xero"),
    "a mark borne twice": Sort(
        plant=copy_with_the_mark,
        kind=Kind.INVOICE,
        part="mark_twice",
        follows=frozenset({(Kind.INVOICE, "only_in_xero")}),
    ),
    "an archived contact": Sort(plant=archive_contact, kind=Kind.CUSTOMER, part="status"),
}


def a_document(world: World, number: int, paid: str) -> Planted:
    """An invoice of 220.00 for a new customer; `paid` of it, where given."""
    staff = world.perfex.staff
    customer = staff.create_customer(f"Planted {number:02d} Ltd")
    invoice = staff.create_invoice(customer, list(TWO_LINES), date=TODAY, duedate="2026-12-20")
    payment = staff.record_payment(invoice, paid, "1") if paid else 0
    return Planted(world=world, customer=customer, invoice=invoice, payment=payment)


def look_without_writing(world: World) -> None:
    """Read both sides whole, lines that are edited with equal totals too; write nothing."""
    for _again in range(2):
        world.sync(scope=Scope(dry=True), wait=timedelta(days=1))
