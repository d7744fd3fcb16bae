"""What a bookkeeper does on Xero's pages, over real HTTP."""

from __future__ import annotations

from typing import Any

import requests

from tests.support.wire import with_numbers
from xero_bridge.simulator.xero import XeroSimulator


class Bookkeeper:
    """A person in Xero with a token of their own."""

    xero: XeroSimulator
    xero_url: str

    def xero_call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """One call to Xero with a bookkeeper's own token: what they do on its pages."""
        answer = requests.request(
            method,
            f"{self.xero_url}/api.xro/2.0/{path}",
            json=with_numbers(body),
            headers={
                "Authorization": f"Bearer {self.xero.issue_token()['access_token']}",
                "xero-tenant-id": self.xero.books().tenant,
                "Accept": "application/json",
            },
            timeout=20,
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def xero_invoices(self, **equal: object) -> list[dict[str, Any]]:
        """The invoices that Xero shows, whole, by number."""
        found = self.xero_call("GET", "Invoices?page=1&pageSize=1000&unitdp=4")["Invoices"]
        wanted = [one for one in found if all(one.get(k) == v for k, v in equal.items())]
        return sorted(wanted, key=lambda one: str(one["InvoiceNumber"]))

    def xero_invoice(self, number: str) -> dict[str, Any]:
        """The one invoice of that number."""
        (found,) = self.xero_invoices(InvoiceNumber=number)
        return found

    def xero_payments(self, *, deleted: bool = False) -> list[dict[str, Any]]:
        """The payments that Xero shows."""
        found = self.xero_call("GET", "Payments?page=1&pageSize=1000")["Payments"]
        return [one for one in found if deleted or one["Status"] != "DELETED"]

    def xero_contacts(self) -> list[dict[str, Any]]:
        """The contacts that Xero shows, archived ones too."""
        found = self.xero_call("GET", "Contacts?page=1&pageSize=1000&includeArchived=true")
        return list(found["Contacts"])

    def edit_in_xero(self, number: str, **fields: Any) -> None:
        """Change an invoice on Xero's page."""
        found = self.xero_invoice(number)
        self.xero_call("POST", f"Invoices/{found['InvoiceID']}?unitdp=4", fields)

    def edit_line_in_xero(self, number: str, index: int, **fields: Any) -> None:
        """Change one line of an invoice on Xero's page."""
        lines = self.xero_invoice(number)["LineItems"]
        kept = ("LineItemID", "Description", "Quantity", "UnitAmount", "AccountCode", "TaxType")
        sent = [{name: line[name] for name in kept} for line in lines]
        sent[index] |= _as_json(fields)
        self.edit_in_xero(number, LineItems=sent)

    def pay_in_xero(
        self, number: str, amount: str, on: str, account: str = "090", reference: str = ""
    ) -> str:
        """Enter a payment on Xero's page; its id."""
        body = {
            "Invoice": {"InvoiceID": self.xero_invoice(number)["InvoiceID"]},
            "Account": {"Code": account},
            "Date": on,
            "Amount": float(amount),
            "Reference": reference,
        }
        answer = self.xero_call("PUT", "Payments", {"Payments": [body]})
        return str(answer["Payments"][0]["PaymentID"])

    def delete_payment_in_xero(self, payment_id: str) -> None:
        """Delete a payment on Xero's page."""
        self.xero_call("POST", f"Payments/{payment_id}", {"Status": "DELETED"})


def _as_json(fields: dict[str, Any]) -> dict[str, Any]:
    """Amounts as the numbers that JSON has."""
    return {k: float(v) if k in {"UnitAmount", "Quantity"} else v for k, v in fields.items()}
