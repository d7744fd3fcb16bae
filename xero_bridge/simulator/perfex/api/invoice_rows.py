"""How an invoice looks in the list, in the detail and in a search."""

from __future__ import annotations

from xero_bridge.simulator.perfex.api import customers, payments
from xero_bridge.simulator.perfex.api.listing import Shown
from xero_bridge.simulator.perfex.books import fields, invoices, lines
from xero_bridge.simulator.perfex.books.money import two_places
from xero_bridge.simulator.perfex.database import Row
from xero_bridge.simulator.perfex.site import Site


def header(site: Site, row: Row) -> Shown:
    """Show the columns of the invoice and of its currency; old cores have no display number."""
    currency = site.db.get("currencies", row["currency"]) or {}
    shown: Shown = {
        **row,
        "symbol": currency.get("symbol"),
        "name": currency.get("name"),
        "decimal_separator": currency.get("decimal_separator"),
        "thousand_separator": currency.get("thousand_separator"),
        "placement": currency.get("placement"),
        "isdefault": currency.get("isdefault"),
        "currencyid": currency.get("id"),
        "currency_name": currency.get("name"),
    }
    if not site.settings.formatted_numbers:
        del shown["formatted_number"]
    return shown


def list_row(site: Site, row: Row) -> Shown:
    """Show an invoice in a list: no lines, no payments, no customer."""
    return {**header(site, row), "customfields": fields.shown(site, "invoice", row["id"])}


def detail(site: Site, row: Row) -> Shown:
    """Show an invoice with all that hangs on it."""
    client = site.db.get("clients", row["clientid"])
    return {
        **header(site, row),
        "total_left_to_pay": two_places(invoices.left_to_pay(site, row)),
        "items": [line_row(site, line) for line in lines.of(site, row["id"])],
        "attachments": [],
        "visible_attachments_to_customer_found": False,
        "client": customers.shown(site, client) if client else None,
        "payments": [
            payments.shown(site, payment, inside=True)
            for payment in site.db.where("invoicepaymentrecords", invoiceid=row["id"])
        ],
        "scheduled_email": None,
        "customfields": fields.shown(site, "invoice", row["id"]),
    }


def line_row(site: Site, line: Row) -> Shown:
    """Show a line; its taxes are two parallel arrays in 3.x and absent before."""
    taxes = lines.taxes(site, line)
    arrays = {
        "taxname": [tax["taxname"] for tax in taxes],
        "taxrate": [tax["taxrate"] for tax in taxes],
    }
    own = fields.shown(site, "items", line["id"])
    return {**line, **(arrays if site.version.line_taxes else {}), "customfields": own}


def search_row(site: Site, row: Row) -> Shown:
    """Show a search hit: the customer's columns overwrite those of the same name."""
    client = site.db.get("clients", row["clientid"]) or {}
    return {
        **header(site, row),
        **client,
        "invoiceid": row["id"],
        "id": row["currency"],
    }
