"""Payments: one invoice each, dated by the server, announced by e-mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xero_bridge.simulator.perfex import php
from xero_bridge.simulator.perfex.books import invoices, lines
from xero_bridge.simulator.perfex.database import Row, SqlError
from xero_bridge.simulator.perfex.site import Site


def add(site: Site, data: Mapping[str, Any], *, issued: str | None = None) -> int:
    """Record a payment, move the invoice's status, number a draft, e-mail the receipt.

    `issued` is the business date that a person may choose; the REST module never can.
    Raise SqlError after inserting when the invoice does not exist: the row stays an orphan.
    """
    invoice = php.scalar(data.get("invoiceid"))
    identity = insert(
        site,
        {
            "invoiceid": invoice,
            "amount": php.scalar(data.get("amount")),
            "paymentmode": php.scalar(data.get("paymentmode")),
            "paymentmethod": php.scalar(data.get("paymentmethod")),
            "date": issued or site.today().isoformat(),
            "note": php.nl2br(php.scalar(data.get("note"))),
            "transactionid": php.scalar(data.get("transactionid")),
        },
    )
    row = site.db.get("invoices", invoice)
    if row is None:
        raise SqlError(f"Trying to get property of non-object (invoice {invoice})")
    invoices.leave_draft(site, invoice)
    invoices.refresh_status(site, invoice)
    lines.log(site, invoice, "invoice_activity_payment_made_by_staff", str(identity))
    _announce(site, site.db.get("invoices", invoice) or row, identity)
    return identity


def insert(site: Site, data: Mapping[str, Any]) -> int:
    """Insert the bare row: no status, no mail."""
    return site.db.insert("invoicepaymentrecords", {"daterecorded": site.stamp(), **data})


def update(site: Site, identity: object, data: Mapping[str, Any]) -> bool:
    """Edit a payment as the core model does: a date or note that is not sent is wiped."""
    row = site.db.get("invoicepaymentrecords", identity)
    if row is None:
        return False
    values = {**data, "date": data.get("date"), "note": php.nl2br(php.scalar(data.get("note")))}
    changed = site.db.update("invoicepaymentrecords", identity, values)
    after = site.db.get("invoicepaymentrecords", identity) or row
    if after["amount"] != row["amount"]:
        invoices.refresh_status(site, row["invoiceid"])
    return changed


def delete(site: Site, identity: object) -> bool:
    """Remove a payment and move the invoice's status back."""
    row = site.db.get("invoicepaymentrecords", identity)
    if row is None:
        return False
    site.db.delete("invoicepaymentrecords", identity)
    invoices.refresh_status(site, row["invoiceid"])
    return True


def _announce(site: Site, invoice: Row, payment: int) -> None:
    number = invoices.display_number(site, invoice)
    staff = next((row["email"] or "" for row in site.db.rows("staff")), "")
    if staff:
        site.mail(
            to=staff,
            subject=f"New payment for invoice {number}",
            kind="staff_payment_notice",
            record=f"payment:{payment}",
        )
    if not site.settings.receipts:
        return
    for contact in site.db.where("contacts", userid=invoice["clientid"], active=1):
        if contact["invoice_emails"] == "1":
            site.mail(
                to=contact["email"] or "",
                subject=f"Invoice Payment Recorded [Invoice Number: {number}]",
                kind="payment_receipt",
                record=f"payment:{payment}",
            )
