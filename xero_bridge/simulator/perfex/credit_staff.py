"""What staff do with credit notes in Perfex's own pages; the REST module can do little of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from xero_bridge.simulator.perfex.books import (
    credit,
    credit_notes,
    invoice_form,
    invoices,
    lines,
)
from xero_bridge.simulator.perfex.books.credit import NoteStatus
from xero_bridge.simulator.perfex.books.invoice_form import LineForm
from xero_bridge.simulator.perfex.database import Row
from xero_bridge.simulator.perfex.site import Site

CREDITABLE = ("1", "3", "4", "6")


class CreditStaff:
    """The acts of a person on the credit notes of one site."""

    def __init__(self, site: Site) -> None:
        """Act on this site."""
        self.site = site

    def create(self, customer: int, rows: Sequence[LineForm], **header: Any) -> int:
        """Add a credit note as the form does, totals computed by Perfex, and return its id."""
        site = self.site
        client = site.db.get("clients", customer) or {}
        currency = client.get("default_currency") or "0"
        defaults = {
            "clientid": customer,
            "number": credit_notes.next_number(site),
            "date": site.today().isoformat(),
            "currency": site.base_currency() if currency == "0" else currency,
            "discount_type": "",
            "billing_street": client.get("billing_street"),
            "addedfrom": 1,
        }
        data = {**defaults, **header}
        data |= invoice_form.figures(rows, data)
        data["newitems"] = [invoice_form.line(row, order) for order, row in enumerate(rows, 1)]
        with site.db.transaction():
            return credit_notes.add(site, data)

    def edit(self, note: int, rows: Sequence[LineForm] | None = None, **header: Any) -> None:
        """Edit a credit note: lines given replace all lines, totals follow."""
        site = self.site
        with site.db.transaction():
            row = self._note(note)
            if rows is not None:
                for line in lines.of(site, note, credit_notes.LINES):
                    lines.remove(site, line["id"] or "")
                for order, form in enumerate(rows, 1):
                    lines.add(site, note, invoice_form.line(form, order), credit_notes.LINES)
                header |= invoice_form.figures(rows, {**row, **header})
            site.db.update("creditnotes", note, header)
            credit_notes.settle(site, note)

    def apply(self, note: int, invoice: int, amount: str, on: date | None = None) -> int:
        """Apply a part of a credit note to an invoice and return the id of the applied credit.

        Raises ValueError when the invoice takes no credits or less is left.
        """
        site = self.site
        with site.db.transaction():
            row, target = self._note(note), site.db.get("invoices", invoice)
            if target is None or target["status"] not in CREDITABLE:
                raise ValueError(f"Invoice {invoice} takes no credits.")
            if row["status"] != NoteStatus.OPEN or Decimal(amount) > credit.remaining(site, row):
                raise ValueError(f"Credit note {note} has less than {amount} left.")
            identity = site.db.insert(
                "credits",
                {
                    "invoice_id": invoice,
                    "credit_id": note,
                    "staff_id": 1,
                    "date": (on or site.today()).isoformat(),
                    "date_applied": site.stamp(),
                    "amount": amount,
                },
            )
            self._refresh(note, invoice)
            return identity

    def take_back(self, applied: int) -> None:
        """Remove an applied credit: invoice and credit note open again."""
        with self.site.db.transaction():
            row = self.site.db.get("credits", applied)
            if row is None:
                raise LookupError(f"There is no applied credit {applied} in the simulated Perfex.")
            self.site.db.delete("credits", applied)
            self._refresh(int(row["credit_id"] or 0), int(row["invoice_id"] or 0))

    def refund(self, note: int, amount: str, mode: str = "1", on: date | None = None) -> int:
        """Pay a part of a credit note back and return the id of the refund."""
        site = self.site
        with site.db.transaction():
            self._note(note)
            identity = site.db.insert(
                "creditnote_refunds",
                {
                    "credit_note_id": note,
                    "staff_id": 1,
                    "refunded_on": (on or site.today()).isoformat(),
                    "payment_mode": mode,
                    "note": "",
                    "amount": amount,
                    "created_at": site.stamp(),
                },
            )
            credit.refresh_status(site, note)
            return identity

    def delete_refund(self, refund: int) -> None:
        """Remove a refund: the credit note opens again."""
        with self.site.db.transaction():
            row = self.site.db.get("creditnote_refunds", refund)
            self.site.db.delete("creditnote_refunds", refund)
            credit.refresh_status(self.site, row["credit_note_id"] if row else 0)

    def void(self, note: int) -> None:
        """Mark a credit note as void."""
        with self.site.db.transaction():
            self._note(note)
            self.site.db.update("creditnotes", note, {"status": NoteStatus.VOID})

    def delete(self, note: int) -> bool:
        """Delete a credit note; tell whether Perfex agreed."""
        with self.site.db.transaction():
            return credit_notes.delete(self.site, note)

    def _note(self, note: int) -> Row:
        row = self.site.db.get("creditnotes", note)
        if row is None:
            raise LookupError(f"There is no credit note {note} in the simulated Perfex.")
        return row

    def _refresh(self, note: int, invoice: int) -> None:
        credit.refresh_status(self.site, note)
        invoices.leave_draft(self.site, invoice)
        invoices.refresh_status(self.site, invoice)
