"""Draws the staff pages from their templates."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from xero_bridge.simulator.perfex.books import invoices
from xero_bridge.simulator.perfex.site import Site

FOLDER: Final = Path(__file__).parent / "templates"
STATUSES: Final = {
    "1": "Unpaid",
    "2": "Paid",
    "3": "Partially paid",
    "4": "Overdue",
    "5": "Cancelled",
    "6": "Draft",
}
MENU: Final = (
    ("Overview", "/admin"),
    ("Customers", "/admin/clients"),
    ("Items", "/admin/invoice_items"),
    ("Invoices", "/admin/invoices"),
    ("Payments", "/admin/payments"),
    ("Credit notes", "/admin/credit_notes"),
    ("Expenses", "/admin/expenses"),
    ("Vendors", "/admin/purchase/vendors"),
    ("Orders", "/admin/purchase/purchase_order"),
    ("Taxes", "/admin/taxes"),
    ("Payment modes", "/admin/paymentmodes"),
    ("Outbox", "/admin/outbox"),
    ("API log", "/admin/api_log"),
)


def plain(text: str | None) -> str:
    """Show stored text as a person reads it: entities decoded, `<br />` as line breaks."""
    return html.unescape(re.sub(r"<br\s*/?>\r?\n?", "\n", text or ""))


def activity(key: str) -> str:
    """Say in words what a row of the activity log means."""
    return key.removeprefix("invoice_activity_").replace("_", " ").capitalize()


def amount(value: object) -> str:
    """Write a stored amount with thousands separators."""
    return f"{float(str(value)):,.2f}" if value not in (None, "") else ""


ENVIRONMENT: Final = Environment(
    loader=FileSystemLoader(FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.filters |= {"plain": plain, "amount": amount, "activity": activity}
ENVIRONMENT.globals |= {"STATUSES": STATUSES, "MENU": MENU}


class Desk:
    """One visit of a staff page: the site, the request, and how to answer it."""

    def __init__(self, site: Site, request: Request) -> None:
        """Answer this request about this site."""
        self.site = site
        self.request = request
        self.root = request.script_root

    @property
    def form(self) -> dict[str, str]:
        """The fields sent, without the spaces around them."""
        return {name: value.strip() for name, value in self.request.form.items()}

    @property
    def posting(self) -> bool:
        """Tell whether a form was sent."""
        return self.request.method == "POST"

    def page(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """Draw a template."""
        shared = {
            "root": self.root,
            "path": self.request.path,
            "company": self.site.settings.company,
            "version": self.site.version.number,
            "said": self.request.args.get("said", ""),
            "symbol": self.symbol,
            "number": self.number,
            "customer_name": self.customer_name,
        }
        text = ENVIRONMENT.get_template(template).render(**shared, **values)
        return Response(text, status, content_type="text/html; charset=utf-8")

    def go(self, path: str, said: str) -> Response:
        """Send the visitor to another page, which says what happened."""
        target = self.request.root_url.rstrip("/") + path
        return redirect(f"{target}?said={said.replace(' ', '+')}", 303)

    def missing(self, what: str) -> Response:
        """Say that a record does not exist."""
        return self.page("missing.html", status=404, what=what)

    def symbol(self, currency: str | None) -> str:
        """Return a currency's symbol."""
        row = self.site.db.get("currencies", currency)
        return (row["symbol"] or "") if row else "?"

    def number(self, row: dict[str, str | None]) -> str:
        """Return an invoice's display number."""
        return invoices.display_number(self.site, row)

    def customer_name(self, customer: str | None) -> str:
        """Return a customer's shown name."""
        row = self.site.db.get("clients", customer)
        if row is None:
            return "(deleted customer)"
        contact = self.site.db.where("contacts", userid=customer, is_primary=1)
        person = f"{contact[0]['firstname']} {contact[0]['lastname']}" if contact else ""
        return plain(row["company"] or person or f"Customer {customer}")
