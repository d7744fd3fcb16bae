"""What a document comes to, and what is still due on it."""

from datetime import datetime
from decimal import Decimal

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.wire import rounded


def is_settled(invoice: Record) -> bool:
    """Tell whether something was paid or credited, or the invoice counts as paid."""
    return bool(invoice["Status"] == "PAID" or invoice["AmountPaid"] or invoice["AmountCredited"])


def settle(books: Books, invoice_id: str, at: datetime) -> None:
    """Recompute what is paid, credited and due after a payment or an allocation came or went."""
    invoice = books.invoices.get(invoice_id) or {}
    payments = in_force(books.payments.find("invoice", invoice_id))
    applied = books.allocations.find("invoice", invoice_id)
    paid, credited = total_of(payments), total_of(applied)
    due = invoice["Total"] - paid - credited
    last = max((one["Date"] for one in (*payments, *applied)), default=None)
    changed = {
        **invoice,
        "AmountPaid": paid,
        "AmountCredited": credited,
        "AmountDue": due,
        "Status": "AUTHORISED" if due else "PAID",
        "FullyPaidOnDate": None if due else last,
        "UpdatedDateUTC": at,
    }
    books.invoices.put(invoice_id, changed)


def in_force(payments: list[Record]) -> list[Record]:
    """Return the payments that were not deleted."""
    return [payment for payment in payments if payment["Status"] == "AUTHORISED"]


def total_of(records: list[Record]) -> Decimal:
    """Return the sum of the amounts of payments or allocations."""
    return sum((record["Amount"] for record in records), Decimal("0.00"))


def totals(lines: list[Record], line_types: str) -> Record:
    """Return SubTotal, TotalTax, Total and TotalDiscount: sums of amounts rounded per line."""
    amount = sum((line["LineAmount"] for line in lines), Decimal("0.00"))
    tax = sum((line["TaxAmount"] for line in lines), Decimal("0.00"))
    gross = [rounded(line.get("Quantity", 0) * line.get("UnitAmount", Decimal())) for line in lines]
    inclusive = line_types == "Inclusive"
    return {
        "SubTotal": amount - tax if inclusive else amount,
        "TotalTax": tax,
        "Total": amount if inclusive else amount + tax,
        "TotalDiscount": _total_discount(lines, gross),
    }


def _total_discount(lines: list[Record], gross: list[Decimal]) -> Decimal:
    pairs = zip(lines, gross, strict=True)
    return sum(
        (
            whole - line["LineAmount"]
            for line, whole in pairs
            if line.get("DiscountRate") or line.get("DiscountAmount")
        ),
        Decimal("0.00"),
    )
