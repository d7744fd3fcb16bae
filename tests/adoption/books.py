"""A business entered into both systems by different people, each in an order of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any, TypeVar

from tests.adoption.ghosts import Bill, Business, Firm
from xero_bridge.simulator.perfex import PerfexSimulator
from xero_bridge.simulator.xero import XeroSimulator
from xero_bridge.simulator.xero.kernel.reading import Input
from xero_bridge.simulator.xero.resource import contact, invoice, payment

T = TypeVar("T")


@dataclass(kw_only=True)
class Existing:
    """Who is who: the ids that each system gave to each firm and bill."""

    business: Business
    perfex_firms: dict[str, Firm] = field(default_factory=dict)
    xero_firms: dict[str, Firm] = field(default_factory=dict)
    perfex_bills: dict[str, Bill] = field(default_factory=dict)
    xero_bills: dict[str, Bill] = field(default_factory=dict)

    def xero_firm(self, firm: Firm) -> str:
        """The contact of a firm, empty where there was none."""
        return next((id_ for id_, one in self.xero_firms.items() if one is firm), "")

    def xero_bill(self, bill: Bill) -> str:
        """The Xero invoice that is the same document, empty where there was none."""
        found = (id_ for id_, one in self.xero_bills.items() if one is bill and one.on_both)
        return next(found, "")

    def perfex_bill(self, bill: Bill) -> str:
        """The Perfex invoice that is the same document, empty where there was none."""
        found = (id_ for id_, one in self.perfex_bills.items() if one is bill and one.on_both)
        return next(found, "")


def enter(
    business: Business, perfex: PerfexSimulator, xero: XeroSimulator, *, seed: int
) -> Existing:
    """Enter the business into both systems; nothing goes from one to the other."""
    made = Existing(business=business)
    with perfex.store.transaction():
        _into_perfex(made, perfex, Random(seed))
    _into_xero(made, perfex, xero, Random(seed + 1))
    return made


def _into_perfex(made: Existing, perfex: PerfexSimulator, dice: Random) -> None:
    ids: dict[Firm, int] = {}
    for firm in _shuffled(made.business.firms, dice):
        if firm.perfex:
            ids[firm] = perfex.staff.create_customer(firm.perfex, vat=firm.tax_number)
            made.perfex_firms[str(ids[firm])] = firm
            if firm.email:
                perfex.staff.create_contact(ids[firm], "Ann", "Lee", firm.email)
    for bill in _shuffled(made.business.bills, dice):
        if bill.perfex:
            number = perfex.staff.create_invoice(
                ids[bill.perfex],
                [_line("Materials", bill.net - 20), _line("Delivery", 20)],
                date=bill.issued.isoformat(),
                duedate=(bill.issued + timedelta(days=30)).isoformat(),
            )
            made.perfex_bills[str(number)] = bill
            for days, amount in bill.paid_perfex:
                on = bill.issued + timedelta(days=days)
                perfex.staff.record_payment(number, f"{amount:.2f}", "1", issued=on)


def _line(text: str, rate: int) -> Any:
    return {
        "description": text,
        "long_description": "",
        "qty": "1.00",
        "rate": f"{rate}.00",
        "unit": "",
        "taxes": ["VAT|20.00"],
    }


def _into_xero(made: Existing, perfex: PerfexSimulator, xero: XeroSimulator, dice: Random) -> None:
    books, ids = xero.books(), dict[Firm, str]()
    for firm in _shuffled(made.business.firms, dice):
        if firm.xero:
            raw = {"Name": firm.xero, "TaxNumber": firm.tax_number, "EmailAddress": firm.email}
            ids[firm] = contact.create(books, Input(raw, "Contact"))
            made.xero_firms[ids[firm]] = firm
    numbers = {
        id(bill): f"INV-{int(str(row['number'])):06d}"
        for row in perfex.rows("invoices")
        for bill in [made.perfex_bills[str(row["id"])]]
    }
    for index, bill in enumerate(_shuffled(made.business.bills, dice)):
        if bill.xero:
            number = numbers.get(id(bill), f"OLD-{index}")
            number = f"{index}/2026" if bill.renumbered else number
            entered = invoice.create(
                books, Input(_invoice(bill, ids[bill.xero], number), "Invoice"), invoice.Options()
            )
            made.xero_bills[entered] = bill
            for days, amount in bill.paid_xero:
                paid = {
                    "Invoice": {"InvoiceID": entered},
                    "Account": {"Code": "090"},
                    "Date": (bill.issued + timedelta(days=days)).isoformat(),
                    "Amount": amount,
                }
                payment.create(books, Input(paid, "Payment"))


def _invoice(bill: Bill, contact_id: str, number: str) -> dict[str, Any]:
    """One line for everything: the bookkeeper types less than the CRM."""
    line = {
        "Description": "As invoiced",
        "Quantity": 1,
        "UnitAmount": bill.other_net or bill.net,
        "AccountCode": "200",
        "TaxType": "OUTPUT2",
    }
    return {
        "Type": "ACCREC",
        "Status": "AUTHORISED",
        "Contact": {"ContactID": contact_id},
        "Date": bill.issued.isoformat(),
        "DueDate": (bill.issued + timedelta(days=14)).isoformat(),
        "InvoiceNumber": number,
        "LineItems": [line],
    }


def _shuffled(things: tuple[T, ...], dice: Random) -> list[T]:
    return dice.sample(things, len(things))
