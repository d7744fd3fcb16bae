"""Xero's own Python SDK, connected to the Xero stand-in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from xero_python.accounting import (
    Account,
    AccountingApi,
    Contact,
    Contacts,
    Invoice,
    Invoices,
    LineAmountTypes,
    LineItem,
    Payment,
)
from xero_python.exceptions import AccountingBadRequestException
from xero_python.identity import IdentityApi

from xero_bridge.simulator.xero import XeroSimulator

NOW = datetime(2026, 8, 3, 9, 30, tzinfo=UTC)
TODAY = date(2026, 8, 3)
DUE = date(2026, 9, 2)


@dataclass
class Sdk:
    """The SDK, connected to one organisation of the stand-in."""

    simulator: XeroSimulator
    accounting: AccountingApi
    identity: IdentityApi
    tenant: str

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """An accounting call, with the organisation filled in."""
        method = getattr(self.accounting, name)
        return lambda *given, **named: method(self.tenant, *given, **named)

    def contact(self, name: str = "Harbour Joinery Ltd", **more: Any) -> Contact:
        made = self.create_contacts(Contacts(contacts=[Contact(name=name, **more)]))
        return made.contacts[0]

    def invoice(self, **more: Any) -> Invoice:
        """An approved invoice of 300.00 and 20 % tax, unless told otherwise."""
        made = self.create_invoices(Invoices(invoices=[self.draft(**more)]))
        return made.invoices[0]

    def draft(self, **more: Any) -> Invoice:
        contact = more.pop("contact", None) or Contact(name="Bayside Sailing Club")
        usual = {
            "type": "ACCREC",
            "contact": contact,
            "date": TODAY,
            "due_date": DUE,
            "line_amount_types": LineAmountTypes.EXCLUSIVE,
            "line_items": [line()],
            "status": "AUTHORISED",
        }
        return Invoice(**{**usual, **more})

    def payment(self, invoice: Invoice, amount: str) -> Payment:
        made = self.create_payment(self.receipt(invoice, amount))
        return made.payments[0]

    def receipt(self, invoice: Invoice, amount: str) -> Payment:
        return Payment(
            invoice=Invoice(invoice_id=invoice.invoice_id),
            account=Account(code="090"),
            date=TODAY,
            amount=Decimal(amount),
            reference="PX-PAY-1",
        )


def line(**more: Any) -> LineItem:
    usual = {
        "description": "Oak table",
        "quantity": Decimal("2.0000"),
        "unit_amount": Decimal("150.00"),
        "account_code": "200",
    }
    return LineItem(**{**usual, **more})


def messages(refused: pytest.ExceptionInfo[AccountingBadRequestException]) -> list[str]:
    elements = refused.value.error_data["Elements"]
    return [error["Message"] for element in elements for error in element["ValidationErrors"]]
