"""Payments: the list, and deleting one."""

from werkzeug.wrappers import Response

from xero_bridge.simulator.xero.kernel.reading import Input
from xero_bridge.simulator.xero.page import invoice_page
from xero_bridge.simulator.xero.page.visit import Visit, attempt
from xero_bridge.simulator.xero.resource import payment as payments

MOST = 300


def listed(visit: Visit) -> Response:
    """Show the latest payments, deleted ones included."""
    books = visit.books
    rows = sorted(books.payments.values(), key=lambda p: (p["Date"], p["UpdatedDateUTC"]))
    shown = [
        (row, books.invoices.get(row["InvoiceID"]), books.accounts.get(row["AccountID"]))
        for row in rows[: -MOST - 1 : -1]
    ]
    return visit.show("payments.html", rows=shown, found=len(rows))


def delete(visit: Visit, payment_id: str) -> Response:
    """Delete a payment; its document reopens."""
    payment = visit.books.payments.get(payment_id)
    if payment is None:
        raise KeyError(payment_id)
    raw = Input({"Status": "DELETED"}, "Form")
    wrong = attempt(visit, lambda: payments.delete(visit.books, payment_id, raw))
    if wrong:
        return invoice_page.one(visit, payment["InvoiceID"], wrong)
    return visit.go(f"invoices/{payment['InvoiceID']}", "Payment deleted.")
