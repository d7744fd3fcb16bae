"""Credits: what can be set against invoices. Credit notes, overpayments and prepayments."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from xero_bridge.simulator.common import Record, Table
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.errors import Invalid, NotFound, refuse
from xero_bridge.simulator.xero.kernel.reading import Input
from xero_bridge.simulator.xero.kernel.wire import new_id, rounded
from xero_bridge.simulator.xero.resource import invoice as invoices
from xero_bridge.simulator.xero.resource.invoice_sum import in_force, settle, total_of

TOO_MUCH = "{} cannot be allocated as amount is greater than amount outstanding"
PAID_OFF = "The invoice you are trying to allocate to has already been paid off"
WRONG_TYPE = "{} cannot be allocated to an incorrect invoice type"
UNKNOWN = "An existing {} with the specified {}ID could not be found"
INCOMING = ("ACCRECCREDIT", "RECEIVE-OVERPAYMENT", "RECEIVE-PREPAYMENT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """A sort of credit: its name in JSON, in messages, and in the type of its refunds."""

    name: str
    words: str
    refund: str

    @property
    def id_name(self) -> str:
        """The name of its id in JSON."""
        return f"{self.name}ID"

    def table(self, books: Books) -> Table:
        """Return the records of this sort."""
        tables = {
            "CreditNote": books.credit_notes,
            "Overpayment": books.overpayments,
            "Prepayment": books.prepayments,
        }
        return tables[self.name]

    def known(self, books: Books, credit_id: str) -> Record:
        """Return the credit of this id; raises Invalid."""
        record = self.table(books).get(credit_id.lower())
        if record is None:
            raise Invalid(UNKNOWN.format(self.words, self.name))
        return record


NOTE = Sort(name="CreditNote", words="Credit Note", refund="CREDITPAYMENT")
OVERPAYMENT = Sort(name="Overpayment", words="Overpayment", refund="OVERPAYMENTPAYMENT")
PREPAYMENT = Sort(name="Prepayment", words="Prepayment", refund="PREPAYMENTPAYMENT")
SORTS = {sort.name: sort for sort in (NOTE, OVERPAYMENT, PREPAYMENT)}


def is_sale(credit: Record) -> bool:
    """Tell whether the credit belongs to a customer."""
    return credit["Type"] in INCOMING


def is_used(books: Books, credit: Record, sort: Sort) -> bool:
    """Tell whether something of the credit was allocated or refunded."""
    credit_id = credit[sort.id_name]
    refunds = in_force(books.payments.find("credit", credit_id))
    return bool(refunds or books.allocations.find("credit", credit_id))


def settle_credit(books: Books, sort: Sort, credit_id: str, at: datetime) -> None:
    """Recompute what is left of a credit after an allocation or a refund came or went."""
    credit = sort.known(books, credit_id)
    refunds = in_force(books.payments.find("credit", credit_id))
    applied = books.allocations.find("credit", credit_id)
    left = credit["Total"] - total_of(refunds) - total_of(applied)
    last = max((one["Date"] for one in (*refunds, *applied)), default=None)
    changed = {
        **credit,
        "RemainingCredit": left,
        "Status": "AUTHORISED" if left else "PAID",
        "FullyPaidOnDate": None if left else last,
        "UpdatedDateUTC": at,
    }
    sort.table(books).put(credit_id, changed)


def allocate(books: Books, sort: Sort, credit_id: str, raw: Input) -> str:
    """Set a part of a credit against an invoice and return the AllocationID; raises Invalid."""
    credit = sort.known(books, credit_id)
    invoice = invoices.find(books, raw.child("Invoice") or Input({}, raw.path))
    if invoice is None:
        raise Invalid(invoices.UNKNOWN)
    amount = rounded(raw.number("Amount") or Decimal())
    on = max(credit["Date"], invoice["Date"])
    refuse(_pair_problems(sort, credit, invoice))
    refuse([*_amount_problems(sort, credit, invoice, amount), *books.lock_messages(on)])
    allocation = {
        "AllocationID": new_id(),
        "CreditSort": sort.name,
        "CreditID": credit[sort.id_name],
        "InvoiceID": invoice["InvoiceID"],
        "Amount": amount,
        "Date": on,
    }
    books.allocations.put(allocation["AllocationID"], allocation)
    _settle_both(books, allocation)
    return str(allocation["AllocationID"])


def release(books: Books, sort: Sort, credit_id: str, allocation_id: str) -> Record:
    """Take an allocation back and return what it was.

    Raises NotFound when the credit has no such allocation, Invalid when its date is locked.
    """
    allocation = books.allocations.get(allocation_id.lower())
    if allocation is None or allocation["CreditID"] != credit_id.lower():
        raise NotFound
    if allocation["CreditSort"] != sort.name:
        raise NotFound
    refuse(books.lock_messages(_day(allocation)))
    books.allocations.delete(allocation["AllocationID"])
    _settle_both(books, allocation)
    return allocation


def _day(allocation: Record) -> date:
    on: date = allocation["Date"]
    return on


def _pair_problems(sort: Sort, credit: Record, invoice: Record) -> list[str]:
    """Return why this credit and this invoice do not go together at all."""
    if is_sale(credit) != (invoice["Type"] == "ACCREC"):
        return [WRONG_TYPE.format(sort.words)]
    if credit["ContactID"] != invoice["ContactID"]:
        return [f"{sort.words} can only be allocated to an invoice of the same contact"]
    if credit["CurrencyCode"] != invoice["CurrencyCode"]:
        return [f"{sort.words} can only be allocated to an invoice of the same currency"]
    if credit["Status"] not in ("AUTHORISED", "PAID"):
        return [f"{sort.words} not of valid status for allocation"]
    if invoice["Status"] == "PAID":
        return [PAID_OFF]
    if invoice["Status"] != "AUTHORISED":
        return [f"{sort.words} can only be allocated to an authorised invoice"]
    return []


def _amount_problems(sort: Sort, credit: Record, invoice: Record, amount: Decimal) -> list[str]:
    if amount <= 0:
        return ["The allocation amount must be greater than zero"]
    is_fitting = amount <= min(credit["RemainingCredit"], invoice["AmountDue"])
    return [] if is_fitting else [TOO_MUCH.format(sort.words)]


def _settle_both(books: Books, allocation: Record) -> None:
    at = books.now()
    settle(books, allocation["InvoiceID"], at)
    settle_credit(books, SORTS[allocation["CreditSort"]], allocation["CreditID"], at)
