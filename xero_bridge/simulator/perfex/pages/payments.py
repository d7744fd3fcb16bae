"""Staff pages of payments."""

from __future__ import annotations

from typing import Final

from werkzeug.wrappers import Response

from xero_bridge.simulator.perfex.pages import forms
from xero_bridge.simulator.perfex.pages.render import Desk
from xero_bridge.simulator.perfex.staff import Staff

LATEST: Final = 500


def index(desk: Desk) -> Response:
    """List the latest payments, newest first."""
    rows = desk.site.db.rows("invoicepaymentrecords")
    found = {row["invoiceid"]: desk.site.db.get("invoices", row["invoiceid"]) for row in rows}
    latest = list(reversed(rows))[:LATEST]
    return desk.page(
        "payments.html", rows=latest, total=len(rows), invoices=found, modes=mode_names(desk)
    )


def view(desk: Desk, payment: int) -> Response:
    """Show a payment on a form, and save what is sent."""
    row = desk.site.db.get("invoicepaymentrecords", payment)
    if row is None:
        return desk.missing(f"payment {payment}")
    problem = ""
    if desk.posting:
        try:
            _save(desk, payment)
        except forms.FormError as error:
            problem = str(error)
        else:
            return desk.go(f"/admin/payments/payment/{payment}", "Payment saved.")
    return desk.page(
        "payment.html",
        status=400 if problem else 200,
        row=row,
        invoice=desk.site.db.get("invoices", row["invoiceid"]),
        modes=mode_names(desk),
        problem=problem,
    )


def delete(desk: Desk, payment: int) -> Response:
    """Delete a payment; the invoice's status moves back."""
    row = desk.site.db.get("invoicepaymentrecords", payment)
    if row is None:
        return desk.missing(f"payment {payment}")
    Staff(desk.site).delete_payment(payment)
    return desk.go(f"/admin/invoices/list_invoices/{row['invoiceid']}", "Payment deleted.")


def mode_names(desk: Desk) -> dict[str, str]:
    """Return the name of every payment mode and gateway."""
    rows = desk.site.db.rows("payment_modes")
    return {row["id"] or "": row["name"] or "" for row in rows} | dict(desk.site.settings.gateways)


def _save(desk: Desk, payment: int) -> None:
    form = desk.form
    Staff(desk.site).edit_payment(
        payment,
        amount=forms.number(form, "amount", "Amount"),
        date=forms.needed({"date": forms.day(form, "date", "Date")}, "date", "Date"),
        paymentmode=form.get("paymentmode", "1"),
        note=form.get("note", ""),
        transactionid=form.get("transactionid", ""),
    )
