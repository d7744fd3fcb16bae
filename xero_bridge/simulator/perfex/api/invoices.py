"""/api/invoices: the server stores the totals it is sent, and a PUT resets what it is not."""

from __future__ import annotations

from typing import Any, Final

from xero_bridge.simulator.perfex import php
from xero_bridge.simulator.perfex.api import totals, validation
from xero_bridge.simulator.perfex.api.exchange import (
    Ask,
    Reply,
    created,
    database_error,
    failed,
    no_data,
    not_acceptable,
    ok,
)
from xero_bridge.simulator.perfex.api.invoice_rows import detail, list_row, search_row
from xero_bridge.simulator.perfex.api.listing import Listing, answer
from xero_bridge.simulator.perfex.books import fields, header, invoices
from xero_bridge.simulator.perfex.database import Row, SqlError
from xero_bridge.simulator.perfex.schema import TABLES
from xero_bridge.simulator.perfex.site import Site

NEEDED: Final = (
    "clientid",
    "number",
    "date",
    "currency",
    "allowed_payment_modes",
    "billing_street",
    "subtotal",
    "total",
)
KNOWN: Final = frozenset(TABLES["invoices"].columns) | header.DROPPED


def index(ask: Ask) -> Reply:
    """List all invoices by id, drafts and cancelled ones too, without their lines."""
    site = ask.site
    rows = site.db.rows("invoices")
    return answer(ask, Listing(rows=rows, show=lambda row: list_row(site, row)))


def one(ask: Ask) -> Reply:
    """Show an invoice with lines, payments and the customer."""
    row = ask.site.db.get("invoices", ask.id)
    return Reply(content=detail(ask.site, row)) if row else no_data()


def search(ask: Ask) -> Reply:
    """Find invoices by number, customer, notes or a custom field."""
    site, term = ask.site, ask.id.lower()
    found = [search_row(site, row) for row in site.db.rows("invoices") if _hit(site, row, term)]
    return Reply(content=found) if found else no_data()


def create(ask: Ask) -> Reply:
    """Add an invoice with the totals as sent."""
    body = _normalised(ask)
    errors = validation.required(body, *NEEDED, "newitems") | _rules(ask, body)
    if errors:
        return validation.refused(ask, errors, 404)
    try:
        identity = invoices.add(ask.site, body)
    except SqlError as error:
        debug = ask.site.settings.sql_debug
        return database_error(str(error)) if debug else failed("Invoice Add Fail")
    return created(ask, "Invoice Added Successfully", identity)


def change(ask: Ask) -> Reply:
    """Edit an invoice; `items` without `newitems` duplicates every line on 3.0.3."""
    if not ask.body:
        return not_acceptable()
    row, site = ask.site.db.get("invoices", ask.id), ask.site
    if row is None:
        return failed("Invoice Update Fail")
    if set(ask.body) == {"custom_fields"}:
        changed = fields.save(site, "invoice", int(ask.id), ask.body["custom_fields"])
        return ok("Invoice Updated Successfully") if changed else failed("Invoice Update Fail")
    lines = "newitems" if site.version.documented_errors else "items"
    errors = validation.required(ask.body, *NEEDED, lines) | _rules(ask, ask.body)
    if errors:
        return validation.refused(ask, errors, 409)
    try:
        changed = invoices.update(site, int(ask.id), _converted(ask))
    except SqlError as error:
        return database_error(str(error))
    return ok("Invoice Updated Successfully") if changed else failed("Invoice Update Fail")


def delete(ask: Ask) -> Reply:
    """Delete an invoice with its payments and lines."""
    if ask.id.isdigit() and invoices.delete(ask.site, int(ask.id)):
        return ok("Invoice Deleted Successfully")
    return failed("Invoice Delete Fail")


def send(ask: Ask) -> Reply:
    """E-mail an invoice to its contacts, numbering a draft."""
    site, row = ask.site, ask.site.db.get("invoices", ask.id)
    if row is None:
        return no_data()
    invoices.leave_draft(site, ask.id)
    site.db.update("invoices", ask.id, {"sent": 1, "datesend": site.stamp()})
    row = site.db.get("invoices", ask.id) or row
    number = invoices.display_number(site, row)
    for contact in site.db.where("contacts", userid=row["clientid"], active=1, invoice_emails=1):
        site.mail(
            to=contact["email"] or "",
            subject=f"Invoice with number {number} created",
            kind="invoice_send",
            record=f"invoice:{ask.id}",
        )
    return ok(
        "Invoice sent successfully",
        invoice_id=int(ask.id),
        invoice_number=number,
        sent=True,
        datesend=row["datesend"],
    )


def _normalised(ask: Ask) -> dict[str, Any]:
    """What 3.1.0 documents: `items` for `newitems`, totals computed when missing."""
    body = dict(ask.body or {})
    if not ask.site.version.computes_totals:
        return body
    if not body.get("newitems") and body.get("items"):
        body["newitems"] = body.pop("items")
    body = {key: value for key, value in body.items() if key in KNOWN}
    return totals.filled_in(body)


def _converted(ask: Ask) -> dict[str, Any]:
    """Turn `items` into `newitems` when no new ones are sent; the line ids are thrown away."""
    body = dict(ask.body or {})
    if ask.site.version.drops_unknown_keys:
        body = {key: value for key, value in body.items() if key in KNOWN}
    if ask.site.version.converts_items and not body.get("newitems"):
        body["newitems"] = body.pop("items", [])
    return body


def _rules(ask: Ask, body: dict[str, Any]) -> validation.Errors:
    errors = validation.numeric(body, "clientid", "number", "currency")
    errors |= validation.positive_decimal(body, "subtotal", "total")
    number, issued = php.scalar(body.get("number")), php.scalar(body.get("date"))
    identity = int(ask.id) if ask.id.isdigit() else 0
    checked = number and "number" not in errors
    if checked and invoices.number_taken(ask.site, number, issued, identity):
        errors["number"] = "The invoice number is already in use."
    return errors


def _hit(site: Site, row: Row, term: str) -> bool:
    digits = term.removeprefix(site.settings.invoice_prefix.lower()).lstrip("0")
    if digits and digits == row["number"]:
        return True
    client = site.db.get("clients", row["clientid"]) or {}
    texts = [client.get(name) for name in ("company", "vat", "phonenumber", "address")]
    texts += [row["clientnote"], row["adminnote"], row["billing_street"]]
    texts += [field["value"] for field in fields.shown(site, "invoice", row["id"])]
    return any(term in (text or "").lower() for text in texts)
