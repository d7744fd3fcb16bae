"""/api/payments: `id` is the payment mode, the date of a POST is the server's."""

from __future__ import annotations

from typing import Any, Final

from xero_bridge.simulator.perfex import php
from xero_bridge.simulator.perfex.api import validation
from xero_bridge.simulator.perfex.api.exchange import (
    HTML,
    Ask,
    Reply,
    created,
    database_error,
    failed,
    not_acceptable,
    ok,
    unknown_method,
)
from xero_bridge.simulator.perfex.api.listing import Listing, Shown, answer
from xero_bridge.simulator.perfex.books import invoices, payments
from xero_bridge.simulator.perfex.database import Row, SqlError
from xero_bridge.simulator.perfex.site import Site

MODE_COLUMNS: Final = ("name", "description")
MODE_FLAGS: Final = ("show_on_pdf", "invoices_only", "expenses_only", "selected_by_default")


def shown(site: Site, row: Row, *, inside: bool = False) -> Shown:
    """Show a payment joined with its mode; `inside` an invoice the mode's flags are left out."""
    mode = site.db.get("payment_modes", row["paymentmode"]) or {}
    columns = MODE_COLUMNS if inside else (*MODE_COLUMNS, *MODE_FLAGS)
    return {
        **row,
        "paymentid": row["id"],
        "id": mode.get("id"),
        **{name: mode.get(name) for name in (*columns, "active")},
    }


def empty() -> Reply:
    """Answer that there is no payment, under a key of its own."""
    content = {"paymentmode": False, "message": "No data were found"}
    return Reply(status=404, content=content)


def index(ask: Ask) -> Reply:
    """List all payments."""
    site = ask.site
    rows = site.db.rows("invoicepaymentrecords")
    return answer(ask, Listing(rows=rows, show=lambda row: shown(site, row), empty=empty))


def one(ask: Ask) -> Reply:
    """Show one payment."""
    row = ask.site.db.get("invoicepaymentrecords", ask.id)
    return Reply(content=shown(ask.site, row)) if row else empty()


def search(ask: Ask) -> Reply:
    """Find payments by mode or amount; neither the transaction id nor the note is searched."""
    term = ask.id.lower()
    rows = [shown(ask.site, row) for row in ask.site.db.rows("invoicepaymentrecords")]
    found = [
        row
        for row in rows
        if term in (row["name"] or "").lower() or term in (row["paymentmode"], row["amount"])
    ]
    return Reply(content=found) if found else empty()


def create(ask: Ask) -> Reply:
    """Record a payment dated today, whatever date is sent; 2.0.8 then answers nothing."""
    body = ask.body or {}
    errors = validation.required(body, "invoiceid", "amount", "paymentmode")
    if errors := errors | validation.positive_decimal(body, "amount"):
        return validation.refused(ask, errors, 404)
    try:
        identity = payments.add(ask.site, body)
    except SqlError as error:
        return database_error(str(error))
    if ask.site.version.silent_payment_post:
        return Reply(text="", content_type=HTML)
    return created(ask, "Payment add successful.", identity)


def change(ask: Ask) -> Reply:
    """Edit a payment where the release documents that."""
    if not ask.site.version.payment_verbs:
        return unknown_method()
    if not ask.body:
        return not_acceptable()
    row = ask.site.db.get("invoicepaymentrecords", ask.id)
    if row is None:
        return empty()
    columns = ("amount", "paymentmode", "paymentmethod", "date", "note", "transactionid")
    values: dict[str, Any] = {
        name: php.scalar(ask.body[name]) for name in columns if name in ask.body
    }
    changed = ask.site.db.update("invoicepaymentrecords", ask.id, values)
    invoices.refresh_status(ask.site, row["invoiceid"])
    return ok("Payment Update Successful.") if changed else failed("Payment Update Fail.")


def delete(ask: Ask) -> Reply:
    """Delete a payment where the release documents that."""
    if not ask.site.version.payment_verbs:
        return unknown_method()
    if payments.delete(ask.site, ask.id):
        return ok("Payment Delete Successful.")
    return failed("Payment Delete Fail.")
