"""/api/credit_notes: like invoices, but credits are applied and refunded by staff only."""

from __future__ import annotations

from typing import Any, Final

from xero_bridge.simulator.perfex import php
from xero_bridge.simulator.perfex.api import customers, totals, validation
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
from xero_bridge.simulator.perfex.api.invoice_rows import header as shown_header
from xero_bridge.simulator.perfex.api.listing import Listing, Shown, answer
from xero_bridge.simulator.perfex.books import credit, credit_notes, fields, header, lines
from xero_bridge.simulator.perfex.books.credit_notes import LINES
from xero_bridge.simulator.perfex.books.money import two_places
from xero_bridge.simulator.perfex.database import Row, SqlError
from xero_bridge.simulator.perfex.schema import TABLES
from xero_bridge.simulator.perfex.site import Site

NEEDED: Final = ("clientid", "number", "date", "currency", "subtotal", "total")
KNOWN: Final = frozenset(TABLES["creditnotes"].columns) | header.DROPPED
REFUND: Final = ("id", "credit_note_id", "staff_id", "refunded_on", "payment_mode", "note")


def list_row(site: Site, row: Row) -> Shown:
    """Show a credit note in a list: the header and its currency."""
    return {**shown_header(site, row), "customfields": fields.shown(site, LINES, row["id"])}


def detail(site: Site, row: Row) -> Shown:
    """Show a credit note with its lines (never their taxes) and what it was used for."""
    client = site.db.get("clients", row["clientid"])
    used, refunds = credit.used(site, row["id"]), credit.refunded(site, row["id"])
    return {
        **list_row(site, row),
        "refunds": [
            _refund(site, one)
            for one in site.db.where("creditnote_refunds", credit_note_id=row["id"])
        ],
        "total_refunds": two_places(refunds) if refunds else None,
        "applied_credits": site.db.where("credits", credit_id=row["id"]),
        "remaining_credits": two_places(credit.remaining(site, row)),
        "credits_used": two_places(used) if used else None,
        "items": [
            {**line, "customfields": fields.shown(site, "items", line["id"])}
            for line in lines.of(site, row["id"], LINES)
        ],
        "client": customers.shown(site, client) if client else None,
        "attachments": [],
    }


def _refund(site: Site, row: Row) -> Shown:
    mode = site.db.get("payment_modes", row["payment_mode"]) or {}
    return {
        **{name: row[name] for name in REFUND},
        "amount": row["amount"],
        "created_at": row["created_at"],
        "payment_mode_id": mode.get("id"),
        "payment_mode_name": mode.get("name"),
    }


def index(ask: Ask) -> Reply:
    """List all credit notes, void ones too, without their lines."""
    site = ask.site
    rows = site.db.rows("creditnotes")
    return answer(ask, Listing(rows=rows, show=lambda row: list_row(site, row)))


def one(ask: Ask) -> Reply:
    """Show a credit note with lines, applied credits and refunds."""
    row = ask.site.db.get("creditnotes", ask.id)
    return Reply(content=detail(ask.site, row)) if row else no_data()


def search(ask: Ask) -> Reply:
    """Find credit notes by number, customer, notes or a custom field."""
    site, term = ask.site, ask.id.lower()
    found = [_found(site, row) for row in site.db.rows("creditnotes") if _hit(site, row, term)]
    return Reply(content=found) if found else no_data()


def create(ask: Ask) -> Reply:
    """Add a credit note with the totals as sent."""
    body = _normalised(ask)
    more = ("billing_street",) if ask.site.version.documented_errors else ()
    errors = validation.required(body, *NEEDED, "newitems", *more) | _rules(ask, body)
    if errors:
        return validation.refused(ask, errors, 404)
    try:
        identity = credit_notes.add(ask.site, body)
    except SqlError as error:
        debug = ask.site.settings.sql_debug
        return database_error(str(error)) if debug else failed("Credit Note Add Fail")
    return created(ask, "Credit Note Added Successfully", identity)


def change(ask: Ask) -> Reply:
    """Edit a credit note; `items` without `newitems` duplicates every line on 3.0.3."""
    if not ask.body:
        return not_acceptable()
    row, site = ask.site.db.get("creditnotes", ask.id), ask.site
    if row is None:
        return failed("Credit Note Update Fail")
    lines_ = "newitems" if site.version.documented_errors else "items"
    errors = validation.required(ask.body, *NEEDED, lines_) | _rules(ask, ask.body)
    if errors:
        return validation.refused(ask, errors, 409)
    try:
        changed = credit_notes.update(site, int(ask.id), _converted(ask))
    except SqlError as error:
        return database_error(str(error))
    return ok("Credit Note Updated Successfully") if changed else failed("Credit Note Update Fail")


def delete(ask: Ask) -> Reply:
    """Delete a credit note of which nothing was applied."""
    if ask.id.isdigit() and credit_notes.delete(ask.site, int(ask.id)):
        return ok("Credit Note Deleted Successfully")
    return failed("Credit Note Delete Fail")


def _normalised(ask: Ask) -> dict[str, Any]:
    """What 3.1.0 documents: `items` for `newitems`, totals computed when missing."""
    body = dict(ask.body or {})
    if not ask.site.version.computes_totals:
        return body
    if not body.get("newitems") and body.get("items"):
        body["newitems"] = body.pop("items")
    return totals.filled_in({key: value for key, value in body.items() if key in KNOWN})


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
    if checked and credit_notes.number_taken(ask.site, number, issued, identity):
        errors["number"] = "The credit note number is already in use."
    return errors


def _found(site: Site, row: Row) -> Shown:
    """Show a search hit: the customer's columns overwrite those of the same name."""
    client = site.db.get("clients", row["clientid"]) or {}
    return {**shown_header(site, row), **client, "credit_note_id": row["id"]}


def _hit(site: Site, row: Row, term: str) -> bool:
    digits = term.removeprefix(site.settings.credit_note_prefix.lower()).lstrip("0")
    if digits and digits == row["number"]:
        return True
    client = site.db.get("clients", row["clientid"]) or {}
    texts = [client.get(name) for name in ("company", "vat", "address")]
    texts += [row["clientnote"], row["adminnote"], row["billing_street"]]
    texts += [field["value"] for field in fields.shown(site, LINES, row["id"])]
    return any(term in (text or "").lower() for text in texts)
