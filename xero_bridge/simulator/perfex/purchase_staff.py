"""What staff do with expenses and in the Purchase module: vendors, orders, purchase invoices."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from xero_bridge.simulator.perfex.books import expenses, purchases
from xero_bridge.simulator.perfex.books.purchases import OrderLine
from xero_bridge.simulator.perfex.database import Row
from xero_bridge.simulator.perfex.site import Site

ORDER_COUNTER = "next_po_number"


class Approval(StrEnum):
    """The codes of an order's approval."""

    WAITING = "1"
    APPROVED = "2"
    REJECTED = "3"
    CANCELLED = "4"


class PurchaseStaff:
    """The acts of a person on what one site buys."""

    def __init__(self, site: Site) -> None:
        """Act on this site."""
        self.site = site

    # --- expenses ---

    def create_expense(self, category: int, amount: str, **columns: Any) -> int:
        """Add an expense with its net amount and return its id."""
        site = self.site
        usual = {"currency": site.base_currency(), "date": site.today().isoformat(), "addedfrom": 1}
        with site.db.transaction():
            return expenses.add(site, {**usual, "category": category, "amount": amount, **columns})

    def edit_expense(self, expense: int, **columns: Any) -> None:
        """Change columns of an expense and nothing else, as the full form does."""
        with self.site.db.transaction():
            self.site.db.update("expenses", expense, columns)

    def delete_expense(self, expense: int) -> bool:
        """Delete an expense; tell whether Perfex agreed."""
        with self.site.db.transaction():
            return expenses.delete(self.site, expense)

    # --- vendors ---

    def create_vendor(self, company: str, **columns: Any) -> int:
        """Add a vendor and return its id (userid)."""
        stamped = {"datecreated": self.site.stamp(), "addedfrom": 1}
        with self.site.db.transaction():
            return self.site.db.insert("pur_vendor", {**stamped, "company": company, **columns})

    def edit_vendor(self, vendor: int, **columns: Any) -> None:
        """Change columns of a vendor."""
        with self.site.db.transaction():
            self.site.db.update("pur_vendor", vendor, columns)

    def delete_vendor(self, vendor: int) -> None:
        """Delete a vendor with its contacts; its orders stay and name nobody."""
        db = self.site.db
        with db.transaction():
            for contact in db.where("pur_contacts", userid=vendor):
                db.delete("pur_contacts", contact["id"])
            db.delete("pur_vendor", vendor)

    def create_contact(self, vendor: int, firstname: str, lastname: str, email: str) -> int:
        """Add the primary contact of a vendor and return its id."""
        person = {"firstname": firstname, "lastname": lastname, "email": email}
        columns = {"userid": vendor, "is_primary": 1, "datecreated": self.site.stamp(), **person}
        with self.site.db.transaction():
            return self.site.db.insert("pur_contacts", columns)

    # --- orders ---

    def create_order(self, vendor: int, rows: Sequence[OrderLine], **header: Any) -> int:
        """Add an order with the module's own sums and return its id."""
        site, today = self.site, self.site.today().isoformat()
        with site.db.transaction():
            number = int(site.option(ORDER_COUNTER, "1"))
            site.set_option(ORDER_COUNTER, str(number + 1))
            usual = {
                "pur_order_name": f"Order {number}",
                "number": number,
                "pur_order_number": f"#PO-{number:05d}-{today[:4]}",
                "order_date": today,
                "order_status": "new",
                "datecreated": today,
                "addedfrom": 1,
                "discount_type": "before_tax",
            }
            order = site.db.insert("pur_orders", {**usual, **header, "vendor": vendor})
            self._write_lines(order, rows)
            return order

    def edit_order(
        self, order: int, rows: Sequence[OrderLine] | None = None, **header: Any
    ) -> None:
        """Edit an order: lines given replace all lines; `datecreated` is overwritten with today."""
        site = self.site
        with site.db.transaction():
            self._order(order)
            today = site.today().isoformat()
            site.db.update("pur_orders", order, {**header, "datecreated": today})
            if rows is not None:
                self._drop_lines(order)
                self._write_lines(order, rows)

    def decide(self, order: int, approval: Approval) -> None:
        """Approve, reject or cancel an order."""
        with self.site.db.transaction():
            self._order(order)
            self.site.db.update("pur_orders", order, {"approve_status": approval})

    def delete_order(self, order: int) -> None:
        """Delete an order with its lines."""
        with self.site.db.transaction():
            self._drop_lines(order)
            self.site.db.delete("pur_orders", order)

    # --- purchase invoices ---

    def create_invoice(self, vendor: int, rows: Sequence[OrderLine], **header: Any) -> int:
        """Add a purchase invoice (a bill), unpaid, and return its id."""
        site, today = self.site, self.site.today().isoformat()
        with site.db.transaction():
            found = [purchases.detail(site, row) for row in rows]
            sums = purchases.sums(found, Decimal(0))
            tax = {"tax": sums.pop("total_tax")}
            usual = {"invoice_date": today, "date_add": today, "payment_status": "unpaid"}
            columns = {**usual, **sums, **tax, **header, "vendor": vendor}
            invoice = site.db.insert("pur_invoices", columns)
            for line in found:
                site.db.insert("pur_invoice_details", {**line, "pur_invoice": invoice})
            return invoice

    def pay_invoice(self, invoice: int, amount: str, *, approved: bool = True) -> int:
        """Record a payment of a purchase invoice; only approved ones count towards its status."""
        site = self.site
        with site.db.transaction():
            row = site.db.get("pur_invoices", invoice)
            if row is None:
                raise LookupError(
                    f"There is no purchase invoice {invoice} in the simulated Perfex."
                )
            columns = {
                "pur_invoice": invoice,
                "amount": amount,
                "paymentmode": "1",
                "date": site.today().isoformat(),
                "daterecorded": site.stamp(),
                "approval_status": Approval.APPROVED if approved else Approval.WAITING,
            }
            payment = site.db.insert("pur_invoice_payment", columns)
            paid = sum(
                Decimal(one["amount"] or 0)
                for one in site.db.where("pur_invoice_payment", pur_invoice=invoice)
                if one["approval_status"] == Approval.APPROVED
            )
            state = _paid_state(Decimal(paid), Decimal(row["total"] or 0))
            site.db.update("pur_invoices", invoice, {"payment_status": state})
            return payment

    def _order(self, order: int) -> Row:
        row = self.site.db.get("pur_orders", order)
        if row is None:
            raise LookupError(f"There is no order {order} in the simulated Perfex.")
        return row

    def _write_lines(self, order: int, rows: Sequence[OrderLine]) -> None:
        site = self.site
        found = [purchases.detail(site, row) for row in rows]
        for line in found:
            site.db.insert("pur_order_detail", {**line, "pur_order": order})
        header = self._order(order)
        percent = Decimal(header["discount_percent"] or 0)
        extra = Decimal(header["shipping_fee"] or 0) + Decimal(header["tax_order_amount"] or 0)
        site.db.update("pur_orders", order, purchases.sums(found, percent, extra))

    def _drop_lines(self, order: int) -> None:
        for line in self.site.db.where("pur_order_detail", pur_order=order):
            self.site.db.delete("pur_order_detail", line["id"])


def _paid_state(paid: Decimal, total: Decimal) -> str:
    if paid >= total:
        return "paid"
    return "partially_paid" if paid else "unpaid"
