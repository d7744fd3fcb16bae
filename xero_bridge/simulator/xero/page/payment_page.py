"""Payments: the list, and deleting one."""

from werkzeug.wrappers import Response

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.reading import Input
from xero_bridge.simulator.xero.page import credit_page, invoice_page
from xero_bridge.simulator.xero.page.visit import Visit, attempt
from xero_bridge.simulator.xero.resource import payment as payments
from xero_bridge.simulator.xero.resource.credit import SORTS

MOST = 300


def listed(visit: Visit) -> Response:
    """Show the latest payments, deleted ones included."""
    books = visit.books
    rows = sorted(books.payments.values(), key=lambda p: (p["Date"], p["UpdatedDateUTC"]))
    shown = [
        (row, _document(books, row), books.accounts.get(row["AccountID"]))
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
        return _owner(visit, payment, wrong)
    path, _ = _document(visit.books, payment)
    return visit.go(path, "Payment deleted.")


def _owner(visit: Visit, payment: Record, wrong: tuple[str, ...]) -> Response:
    if payment.get("CreditID"):
        return credit_page.one(visit, payment["CreditID"], wrong)
    return invoice_page.one(visit, payment["InvoiceID"], wrong)


def _document(books: Books, payment: Record) -> tuple[str, Record]:
    """Return what a payment settles and the address of its page."""
    if payment.get("CreditID"):
        credit = SORTS[payment["CreditSort"]].known(books, payment["CreditID"])
        return f"credit-notes/{payment['CreditID']}", credit
    return f"invoices/{payment['InvoiceID']}", books.invoices.get(payment["InvoiceID"]) or {}
