"""Invoices as Perfex's own model keeps them: numbers, lines, stored totals, status."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from xero_bridge.simulator.perfex import php
from xero_bridge.simulator.perfex.books import credit, fields, header, lines
from xero_bridge.simulator.perfex.database import Row, SqlError
from xero_bridge.simulator.perfex.site import Site

DRAFT_NUMBER: Final = "1000000000"


class Status(StrEnum):
    """The codes of an invoice's state."""

    UNPAID = "1"
    PAID = "2"
    PARTIALLY_PAID = "3"
    OVERDUE = "4"
    CANCELLED = "5"
    DRAFT = "6"


def add(site: Site, data: Mapping[str, Any]) -> int:
    """Store a new invoice with its lines; raise SqlError when the header names no column."""
    draft = bool(data.get("save_as_draft")) or php.scalar(data.get("status")) == Status.DRAFT
    values = header.columns(site, data)
    values.setdefault("addedfrom", "0")
    values |= {
        "datecreated": site.stamp(),
        "prefix": site.settings.invoice_prefix,
        "number_format": str(site.settings.number_format),
        "hash": hashlib.md5(f"{site.stamp()}{site.db.writes}".encode()).hexdigest(),  # noqa: S324
        "status": Status.DRAFT if draft else values.get("status", Status.UNPAID),
    }
    if draft:
        values["number"] = DRAFT_NUMBER
    identity = site.db.insert("invoices", values)
    if not draft:
        bump_next_number(site)
    for line in php.rows(data.get("newitems")):
        lines.add(site, identity, line)
    fields.save(site, "invoice", identity, data.get("custom_fields"))
    settle(site, identity)
    lines.log(site, identity, "invoice_activity_created")
    return identity


def update(site: Site, identity: int, data: Mapping[str, Any]) -> bool:
    """Save an edited invoice as the form does: what is not sent is reset; tell if rows changed.

    The lines are written even when MySQL refuses the header.
    """
    changed = False
    for line in php.entries(data.get("removed_items")):
        changed |= lines.remove(site, php.scalar(line))
    try:
        changed |= site.db.update(
            "invoices", identity, header.columns(site, data) | header.resets(data)
        )
    except SqlError:
        if site.settings.sql_debug:
            raise
    changed |= fields.save(site, "invoice", identity, data.get("custom_fields"))
    for line in php.rows(data.get("items")):
        changed |= lines.change(site, line)
    for line in php.rows(data.get("newitems")):
        lines.add(site, identity, line)
        changed = True
    settle(site, identity)
    return changed


def delete(site: Site, identity: int) -> bool:
    """Remove an invoice with its payments and lines; tell whether Perfex agreed."""
    row = site.db.get("invoices", identity)
    if row is None:
        return False
    newest = max(int(other["id"] or 0) for other in site.db.rows("invoices"))
    if site.settings.delete_only_last_invoice and newest != identity:
        return False
    for payment in site.db.where("invoicepaymentrecords", invoiceid=identity):
        site.db.delete("invoicepaymentrecords", payment["id"])
    for applied in site.db.where("credits", invoice_id=identity):
        site.db.delete("credits", applied["id"])
        credit.refresh_status(site, applied["credit_id"])
    for line in lines.of(site, identity):
        lines.remove(site, line["id"] or "")
    for value in site.db.where("customfieldsvalues", relid=identity, fieldto="invoice"):
        site.db.delete("customfieldsvalues", value["id"])
    if site.settings.decrement_number_on_delete and newest == identity:
        site.set_option("next_invoice_number", str(max(1, next_number(site) - 1)))
    return site.db.delete("invoices", identity)


def refresh_status(site: Site, identity: object) -> None:
    """Derive the status from payments and due date; drafts and cancelled ones stay as they are."""
    row = site.db.get("invoices", identity)
    if row is None or row["status"] in (Status.DRAFT, Status.CANCELLED):
        return
    site.db.update("invoices", identity, {"status": _derived(site, row), **formatted(site, row)})


def leave_draft(site: Site, identity: object) -> None:
    """Number a draft with the next number, as a first payment or sending it does."""
    row = site.db.get("invoices", identity)
    if row is None or row["status"] != Status.DRAFT:
        return
    site.db.update(
        "invoices", identity, {"status": Status.UNPAID, "number": str(next_number(site))}
    )
    bump_next_number(site)
    refresh_status(site, identity)


def left_to_pay(site: Site, row: Row) -> Decimal:
    """Return total minus payments and credits; negative when overpaid."""
    return Decimal(row["total"] or 0) - paid(site, row) - credited(site, row)


def paid(site: Site, row: Row) -> Decimal:
    """Return the sum of the payments of an invoice."""
    payments = site.db.where("invoicepaymentrecords", invoiceid=row["id"])
    return sum((Decimal(payment["amount"] or 0) for payment in payments), Decimal(0))


def credited(site: Site, row: Row) -> Decimal:
    """Return the sum of the credits applied to an invoice."""
    applied = site.db.where("credits", invoice_id=row["id"])
    return sum((Decimal(one["amount"] or 0) for one in applied), Decimal(0))


def next_number(site: Site) -> int:
    """Return the number that the form proposes for the next invoice."""
    return int(site.option("next_invoice_number", "1"))


def bump_next_number(site: Site) -> None:
    """Raise the proposed number by one, whatever number was used."""
    site.set_option("next_invoice_number", str(next_number(site) + 1))


def number_taken(site: Site, number: str, issued: str, except_for: int = 0) -> bool:
    """Tell whether another invoice of the same calendar year has the number."""
    wanted = number.strip().lstrip("0") or "0"
    return any(
        row["id"] != str(except_for) and (row["date"] or "")[:4] == issued[:4]
        for row in site.db.where("invoices", number=wanted)
    )


def display_number(site: Site, row: Row) -> str:
    """Build the number as the customer's copy shows it."""
    prefix, issued = row["prefix"] or "", row["date"] or "0000-00-00"
    if row["status"] == Status.DRAFT or row["number"] == DRAFT_NUMBER:
        return f"{prefix}DRAFT"
    number = (row["number"] or "0").zfill(site.settings.number_padding)
    year, month = issued[:4], issued[5:7]
    shapes = {
        "2": f"{prefix}{year}/{number}",
        "3": f"{prefix}{number}-{year[2:]}",
        "4": f"{prefix}{number}/{month}/{year}",
    }
    return shapes.get(row["number_format"] or "1", f"{prefix}{number}")


def formatted(site: Site, row: Row) -> dict[str, str]:
    """Return the stored display number on cores that have that column."""
    if not site.settings.formatted_numbers:
        return {}
    return {"formatted_number": display_number(site, row)}


def settle(site: Site, identity: int) -> None:
    """Recompute total_tax, the display number and the status from what is stored."""
    row = site.db.get("invoices", identity)
    if row is None:
        return
    tax = lines.total_tax(site, row)
    site.db.update("invoices", identity, {"total_tax": tax, **formatted(site, row)})
    refresh_status(site, identity)


def _derived(site: Site, row: Row) -> Status:
    received, total = paid(site, row) + credited(site, row), Decimal(row["total"] or 0)
    overdue = _is_past(row["duedate"], site.today())
    if (received >= total and received > 0) or (received == 0 and total == 0):
        return Status.PAID
    if received > 0:
        return Status.PARTIALLY_PAID
    return Status.OVERDUE if overdue else Status.UNPAID


def _is_past(due: str | None, today: date) -> bool:
    return bool(due) and due != "0000-00-00" and str(due)[:10] < today.isoformat()
