"""A short way to call a served site, and bodies that the module accepts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import requests

from xero_bridge.simulator.perfex import PerfexSimulator

VAT = "VAT|20.00"
ECO = "ECO|2.50"


@dataclass
class Perfex:
    """One served site."""

    simulator: PerfexSimulator
    url: str
    session: requests.Session

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Call the REST module with the site's token."""
        headers = {"authtoken": self.simulator.token, "Accept": "application/json"}
        headers |= options.pop("headers", {})
        url = f"{self.url}/api/{path}"
        return self.session.request(method, url, headers=headers, timeout=10, **options)

    def get(self, path: str, **options: Any) -> Any:
        """Return the decoded answer of a GET that must succeed."""
        answer = self.call("GET", path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: dict[str, Any]) -> requests.Response:
        """POST a form."""
        return self.call("POST", path, data=body)

    def put(self, path: str, body: dict[str, Any]) -> requests.Response:
        """PUT JSON."""
        return self.call("PUT", path, json=body)

    def page(self, path: str, /, **form: str) -> requests.Response:
        """Open a staff page, or send its form."""
        verb = "POST" if form else "GET"
        return self.session.request(verb, self.url + path, data=form or None, timeout=10)

    def customer(self, company: str = "Northwind Trading Ltd", **columns: Any) -> int:
        """Add a customer as staff."""
        return self.simulator.staff.create_customer(
            company, billing_street="1 Mill Lane", **columns
        )

    def invoice(self, **header: Any) -> int:
        """Add an invoice of 360.00 as staff, for a customer of its own unless one is given."""
        customer = header.pop("customer", None) or self.customer()
        lines = header.pop("lines", [line("A", "2.00", "150.00", VAT)])
        return self.simulator.staff.create_invoice(customer, lines, **header)

    def contact(self, customer: int, email: str = "ann@northwind.example", **more: Any) -> int:
        """Add a contact as staff."""
        return self.simulator.staff.create_contact(customer, "Ann", "Lee", email, **more)


def line(description: str, qty: str, rate: str, *taxes: str) -> dict[str, Any]:
    """A line as staff type it."""
    return {"description": description, "qty": qty, "rate": rate, "taxes": list(taxes)}


def invoice_form(customer: int, number: int | str = 1, **changes: str) -> dict[str, str]:
    """The form fields of an invoice of 2 x 150.00 with VAT."""
    return {
        "clientid": str(customer),
        "number": str(number),
        "date": "2026-03-01",
        "currency": "2",
        "allowed_payment_modes[0]": "1",
        "billing_street": "12 Mill Lane",
        "subtotal": "300.00",
        "total": "360.00",
        "newitems[0][description]": "A",
        "newitems[0][long_description]": "",
        "newitems[0][qty]": "2.00",
        "newitems[0][rate]": "150.00",
        "newitems[0][unit]": "",
        "newitems[0][order]": "1",
        "newitems[0][taxname][]": VAT,
        **changes,
    }


def new_line(description: str, qty: str, rate: str, *taxes: str, order: int = 1) -> dict[str, Any]:
    """A line of `newitems` in JSON."""
    return {
        "description": description,
        "long_description": "",
        "qty": qty,
        "rate": rate,
        "unit": "",
        "order": str(order),
        "taxname": list(taxes),
    }


def edit_body(detail: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The JSON that edits an invoice's header and nothing of its lines, but for `items`."""
    kept = ("clientid", "number", "date", "duedate", "currency", "subtotal", "total")
    body = {name: detail[name] for name in kept}
    body |= {"billing_street": "12 Mill Lane", "allowed_payment_modes": ["1"]}
    return {**body, "items": [edited_line(line) for line in detail["items"]], **changes}


def edited_line(line: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """An entry of `items` that leaves the line as it is."""
    taxes = zip(line.get("taxname", ()), line.get("taxrate", ()), strict=True)
    return {
        "itemid": line["id"],
        "order": line["item_order"],
        "description": line["description"],
        "long_description": line["long_description"],
        "qty": line["qty"],
        "unit": line["unit"],
        "rate": line["rate"],
        "taxname": [f"{name}|{rate}" for name, rate in taxes],
        **changes,
    }
