"""What is left of a credit note: its total less what was applied to invoices and refunded."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from xero_bridge.simulator.perfex.database import Row
from xero_bridge.simulator.perfex.site import Site


class NoteStatus(StrEnum):
    """The codes of a credit note's state."""

    OPEN = "1"
    CLOSED = "2"
    VOID = "3"


def used(site: Site, note: object) -> Decimal:
    """Return the sum applied to invoices."""
    return _sum(site.db.where("credits", credit_id=note))


def refunded(site: Site, note: object) -> Decimal:
    """Return the sum paid back."""
    return _sum(site.db.where("creditnote_refunds", credit_note_id=note))


def remaining(site: Site, row: Row) -> Decimal:
    """Return what may still be applied or refunded."""
    return Decimal(row["total"] or 0) - used(site, row["id"]) - refunded(site, row["id"])


def refresh_status(site: Site, note: object) -> None:
    """Close a credit note that is used up and reopen one that is not; a void one stays void."""
    row = site.db.get("creditnotes", note)
    if row is None or row["status"] == NoteStatus.VOID:
        return
    status = NoteStatus.OPEN if remaining(site, row) else NoteStatus.CLOSED
    site.db.update("creditnotes", note, {"status": status})


def _sum(rows: list[Row]) -> Decimal:
    return sum((Decimal(row["amount"] or 0) for row in rows), Decimal(0))
