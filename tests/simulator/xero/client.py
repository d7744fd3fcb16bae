"""A plain client of the Xero API, as thin as tests can use."""

import json
from decimal import Decimal
from typing import Any, Self

import requests

from tests.support.wire import with_numbers
from xero_bridge.simulator.xero import XeroSimulator


class Api:
    """Calls one organisation with one token; every call has a time-out."""

    def __init__(self, url: str, token: str, tenant: str) -> None:
        self.url = url
        self.tenant = tenant
        self.session = requests.Session()
        self.session.headers.update(
            {
                "Authorization": f"Bearer {token}",
                "xero-tenant-id": tenant,
                "Accept": "application/json",
            }
        )

    @classmethod
    def connected(cls, xero: XeroSimulator, url: str, **grant: Any) -> Self:
        token = xero.issue_token(**grant)["access_token"]
        return cls(url, token, grant.get("tenant") or xero.books().tenant)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        if body is not None:
            more["data"] = (
                body
                if isinstance(body, (str, bytes))
                else json.dumps(with_numbers(body), default=str)
            )
            more["headers"] = {"Content-Type": "application/json", **more.get("headers", {})}
        address = f"{self.url}/api.xro/2.0/{path}"
        return self.session.request(method, address, timeout=10, **more)

    def get(self, path: str, **params: str) -> list[Any]:
        """Return the elements of a list or of a single record."""
        response = self.call("GET", path, params=params)
        assert response.status_code == 200, response.text
        return elements(response)

    def save(self, method: str, path: str, body: Any, **more: Any) -> Any:
        """Write one element and return it; it must succeed."""
        response = self.call(method, path, body, **more)
        assert response.status_code == 200, response.text
        return elements(response)[0]

    def refused(self, method: str, path: str, body: Any, **more: Any) -> list[str]:
        """Write one element that must be refused; return Xero's messages."""
        response = self.call(method, path, body, **more)
        assert response.status_code == 400, response.text
        answer = response.json()
        assert (answer["ErrorNumber"], answer["Type"]) == (10, "ValidationException")
        assert answer["Message"] == "A validation exception occurred"
        return [error["Message"] for error in answer["Elements"][0]["ValidationErrors"]]

    def contact(self, name: str = "Harbour Joinery Ltd", **more: Any) -> Any:
        return self.save("PUT", "Contacts", {"Name": name, **more})

    def invoice(self, **more: Any) -> Any:
        """Create an approved invoice of 100.00 net in one line, unless told otherwise."""
        unitdp = more.pop("unitdp", "2")
        body = sale(**more)
        return self.save("PUT", "Invoices", body, params={"unitdp": unitdp})

    def pay(self, invoice: Any, amount: str, **more: Any) -> Any:
        return self.save("PUT", "Payments", receipt(invoice, amount, **more))


def elements(response: requests.Response) -> list[Any]:
    """Return the elements of an envelope, with exact decimals."""
    content = json.loads(response.text, parse_float=Decimal)
    found = [
        value for key, value in content.items() if isinstance(value, list) and key != "Warnings"
    ]
    assert len(found) == 1, content.keys()
    elements: list[Any] = found[0]
    return elements


def sale(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the body of an approved sales invoice."""
    usual = {"Description": "Joinery", "Quantity": 1, "UnitAmount": 100, "AccountCode": "200"}
    return {
        "Type": "ACCREC",
        "Contact": {"Name": "Bayside Sailing Club"},
        "Date": "2026-08-03",
        "DueDate": "2026-08-17",
        "Status": "AUTHORISED",
        "LineItems": list(lines) or [usual],
        **more,
    }


def receipt(invoice: Any, amount: str, **more: Any) -> dict[str, Any]:
    """Return the body of a payment into the main bank account."""
    return {
        "Invoice": {"InvoiceID": invoice["InvoiceID"]},
        "Account": {"Code": "090"},
        "Date": "2026-08-03",
        "Amount": amount,
        **more,
    }
