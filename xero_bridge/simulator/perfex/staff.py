"""What a staff member does in Perfex's own pages; tests and the playground use it alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from xero_bridge.simulator.perfex.books import (
    customers,
    fields,
    invoice_form,
    invoices,
    lines,
    payments,
)
from xero_bridge.simulator.perfex.books.invoice_form import LineForm
from xero_bridge.simulator.perfex.books.invoices import Status
from xero_bridge.simulator.perfex.credit_staff import CreditStaff
from xero_bridge.simulator.perfex.database import Row
from xero_bridge.simulator.perfex.purchase_staff import PurchaseStaff
from xero_bridge.simulator.perfex.site import Site

ADDRESS: Final = ("street", "city", "state", "zip", "country")
COPIED: Final = (
    "clientid",
    "currency",
    "adjustment",
    "discount_percent",
    "discount_total",
    "discount_type",
    "adminnote",
    "clientnote",
    "terms",
    "show_quantity_as",
    "subtotal",
    "total",
    *(f"billing_{part}" for part in ADDRESS),
)
DUE_AFTER: Final = timedelta(days=30)


class Staff:
    """The acts of a person in the staff pages of one site."""

    def __init__(self, site: Site) -> None:
        """Act on this site."""
        self.site = site
        self.credits = CreditStaff(site)
        self.purchases = PurchaseStaff(site)

    # --- customers and contacts ---

    def create_customer(self, company: str, **columns: Any) -> int:
        """Add a customer and return its id (userid)."""
        with self.site.db.transaction():
            return customers.add(self.site, {"company": company, "addedfrom": 1, **columns})

    def edit_customer(self, customer: int, **columns: Any) -> None:
        """Change columns of a customer and nothing else, as the full form does."""
        with self.site.db.transaction():
            groups = columns.pop("groups_in", None)
            self.site.db.update("clients", customer, columns)
            if groups is not None:
                customers.set_groups(self.site, customer, groups)

    def delete_customer(self, customer: int) -> None:
        """Delete a customer; its invoices stay with its name and clientid 0."""
        with self.site.db.transaction():
            customers.delete(self.site, customer, keep_invoices=True)

    def create_contact(
        self,
        customer: int,
        firstname: str,
        lastname: str,
        email: str,
        *,
        primary: bool = True,
        invoice_emails: bool = True,
        **columns: Any,
    ) -> int:
        """Add a contact without a welcome mail and return its id."""
        flags = {"is_primary": primary, "invoice_emails": invoice_emails}
        data = {"firstname": firstname, "lastname": lastname, "email": email, **columns}
        data |= {name: "1" for name, wanted in flags.items() if wanted}
        with self.site.db.transaction():
            return customers.add_contact(
                self.site, customer, {"donotsendwelcomeemail": "on", "password": email, **data}
            )

    def edit_contact(self, contact: int, **columns: Any) -> None:
        """Change columns of a contact and nothing else."""
        with self.site.db.transaction():
            self.site.db.update("contacts", contact, columns)

    def delete_contact(self, contact: int) -> None:
        """Delete a contact."""
        with self.site.db.transaction():
            customers.delete_contact(self.site, contact)

    # --- items and lists ---

    def create_item(self, description: str, rate: str, **columns: Any) -> int:
        """Add an item to the price list and return its id."""
        return self.create("items", description=description, rate=rate, **columns)

    def create(self, table: str, **columns: Any) -> int:
        """Insert a row into a plain table: items, taxes, payment_modes, customfields and so on."""
        with self.site.db.transaction():
            return self.site.db.insert(table, columns)

    def edit(self, table: str, identity: object, **columns: Any) -> bool:
        """Change a row of a plain table."""
        with self.site.db.transaction():
            return self.site.db.update(table, identity, columns)

    def delete(self, table: str, identity: object) -> bool:
        """Delete a row of a plain table."""
        with self.site.db.transaction():
            return self.site.db.delete(table, identity)

    def set_custom_field(self, kind: str, record: int, field: int, value: str) -> None:
        """Fill in a custom field of a record."""
        with self.site.db.transaction():
            fields.save(self.site, kind, record, {kind: {str(field): value}})

    # --- invoices ---

    def create_invoice(
        self,
        customer: int,
        rows: Sequence[LineForm],
        *,
        draft: bool = False,
        **header: Any,
    ) -> int:
        """Add an invoice as the form does, totals computed by Perfex, and return its id."""
        return self._add_invoice(customer, rows, header | ({"save_as_draft": 1} if draft else {}))

    def edit_invoice(
        self,
        invoice: int,
        rows: Sequence[LineForm] | None = None,
        **header: Any,
    ) -> None:
        """Edit an invoice as the form does: lines given replace all lines, totals follow."""
        site = self.site
        with site.db.transaction():
            row = self._invoice(invoice)
            if rows is not None:
                for line in lines.of(site, invoice):
                    lines.remove(site, line["id"] or "")
                for order, form in enumerate(rows, 1):
                    lines.add(site, invoice, invoice_form.line(form, order))
            kept: Sequence[LineForm] = rows if rows is not None else self.line_forms(invoice)
            figures = invoice_form.figures(kept, {**row, **header})
            site.db.update("invoices", invoice, {**header, **figures})
            invoices.settle(site, invoice)
            lines.log(site, invoice, "invoice_activity_updated")

    def line_forms(self, invoice: int) -> list[LineForm]:
        """Return the lines of an invoice in the shape that `edit_invoice` takes."""
        return [
            {
                "description": line["description"],
                "long_description": line["long_description"],
                "qty": line["qty"],
                "rate": line["rate"],
                "unit": line["unit"],
                "taxes": [
                    f"{tax['taxname']}|{tax['taxrate']}" for tax in lines.taxes(self.site, line)
                ],
            }
            for line in lines.of(self.site, invoice)
        ]

    def copy_invoice(self, invoice: int) -> int:
        """Copy an invoice as the menu does: notes and custom fields come along, number is new."""
        site, today = self.site, self.site.today()
        with site.db.transaction():
            row = self._invoice(invoice)
            header: dict[str, Any] = {name: row[name] for name in COPIED}
            header["date"] = today.isoformat()
            header["duedate"] = (today + DUE_AFTER).isoformat() if row["duedate"] else None
            customer = int(row["clientid"] or 0)
            identity = self._add_invoice(customer, self.line_forms(invoice), header)
            for value in site.db.where("customfieldsvalues", relid=invoice, fieldto="invoice"):
                site.db.insert("customfieldsvalues", {**value, "id": None, "relid": identity})
            return identity

    def renumber_invoice(self, invoice: int, number: int) -> None:
        """Give an invoice another number."""
        with self.site.db.transaction():
            self.site.db.update("invoices", invoice, {"number": number})
            invoices.settle(self.site, invoice)

    def cancel_invoice(self, invoice: int) -> None:
        """Mark an invoice as cancelled."""
        self._mark(invoice, Status.CANCELLED, "invoice_activity_marked_as_cancelled")

    def uncancel_invoice(self, invoice: int) -> None:
        """Take a cancellation back."""
        self._mark(invoice, Status.UNPAID, "invoice_activity_unmarked_as_cancelled")

    def issue_invoice(self, invoice: int) -> None:
        """Mark a draft as sent: it gets its number."""
        with self.site.db.transaction():
            invoices.leave_draft(self.site, invoice)
            self.site.db.update("invoices", invoice, {"sent": 1, "datesend": self.site.stamp()})

    def delete_invoice(self, invoice: int) -> bool:
        """Delete an invoice with its payments; tell whether Perfex agreed."""
        with self.site.db.transaction():
            return invoices.delete(self.site, invoice)

    # --- payments ---

    def record_payment(
        self,
        invoice: int,
        amount: str,
        mode: str = "1",
        *,
        issued: date | str | None = None,
        note: str = "",
        transactionid: str = "",
    ) -> int:
        """Record a payment with a date of one's choice and return its id."""
        data = {
            "invoiceid": invoice,
            "amount": amount,
            "paymentmode": mode,
            "note": note,
            "transactionid": transactionid,
        }
        with self.site.db.transaction():
            return payments.add(self.site, data, issued=str(issued) if issued else None)

    def edit_payment(self, payment: int, **columns: Any) -> None:
        """Change columns of a payment; the invoice's status follows."""
        with self.site.db.transaction():
            self.site.db.update("invoicepaymentrecords", payment, columns)
            row = self.site.db.get("invoicepaymentrecords", payment)
            if row is not None:
                invoices.refresh_status(self.site, row["invoiceid"])

    def delete_payment(self, payment: int) -> None:
        """Delete a payment; the invoice's status moves back."""
        with self.site.db.transaction():
            payments.delete(self.site, payment)

    def run_cron(self) -> None:
        """Do the nightly work: invoices past their due date become overdue."""
        with self.site.db.transaction():
            for row in self.site.db.rows("invoices"):
                if row["status"] in (Status.UNPAID, Status.OVERDUE):
                    invoices.refresh_status(self.site, row["id"])

    def _add_invoice(
        self, customer: int, rows: Sequence[LineForm], header: Mapping[str, Any]
    ) -> int:
        with self.site.db.transaction():
            data = {**self._defaults(customer), **header}
            data |= invoice_form.figures(rows, data)
            data["newitems"] = [invoice_form.line(row, order) for order, row in enumerate(rows, 1)]
            return invoices.add(self.site, data | {"addedfrom": 1})

    def _invoice(self, invoice: int) -> Row:
        row = self.site.db.get("invoices", invoice)
        if row is None:
            raise LookupError(f"There is no invoice {invoice} in the simulated Perfex.")
        return row

    def _mark(self, invoice: int, status: Status, activity: str) -> None:
        with self.site.db.transaction():
            self.site.db.update("invoices", invoice, {"status": status})
            invoices.refresh_status(self.site, invoice)
            lines.log(self.site, invoice, activity)

    def _defaults(self, customer: int) -> dict[str, Any]:
        """What the form is filled with when a customer is chosen."""
        today, client = self.site.today(), self.site.db.get("clients", customer) or {}
        currency = client.get("default_currency") or "0"
        return {
            "clientid": customer,
            "number": invoices.next_number(self.site),
            "date": today.isoformat(),
            "duedate": (today + DUE_AFTER).isoformat(),
            "currency": self.site.base_currency() if currency == "0" else currency,
            "allowed_payment_modes": ["1"],
            "discount_type": "",
            "discount_percent": "0.00",
            "discount_total": "0.00",
            "adjustment": "0.00",
            **{f"billing_{part}": client.get(f"billing_{part}") for part in ADDRESS},
        }
