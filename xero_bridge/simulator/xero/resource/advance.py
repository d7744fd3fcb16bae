"""Money that came or went ahead of its document: overpayments and prepayments."""

from decimal import Decimal

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.reading import Input
from xero_bridge.simulator.xero.kernel.wire import new_id, rounded
from xero_bridge.simulator.xero.resource.credit import OVERPAYMENT, PREPAYMENT
from xero_bridge.simulator.xero.resource.document import NO_LINES

ONE_LINE = "An overpayment must have exactly one line item."
COPIED = (
    "Type",
    "Date",
    "ContactID",
    "CurrencyCode",
    "CurrencyRate",
    "LineAmountTypes",
    "LineItems",
    "SubTotal",
    "TotalTax",
    "Total",
)


def keep_credit(books: Books, transaction: Record) -> Record:
    """Add the overpayment or prepayment of a transaction; return its id for the transaction."""
    sort = OVERPAYMENT if transaction["Type"].endswith("OVERPAYMENT") else PREPAYMENT
    credit = {
        **{name: transaction[name] for name in COPIED},
        sort.id_name: new_id(),
        "Status": "AUTHORISED",
        "RemainingCredit": transaction["Total"],
        "UpdatedDateUTC": books.now(),
    }
    sort.table(books).put(credit[sort.id_name], credit)
    return {sort.id_name: credit[sort.id_name]}


def line_of_overpayment(
    books: Books, sent: list[Input], *, sale: bool
) -> tuple[list[Record], list[str]]:
    """Return the one line of an overpayment, always on the control account and without tax."""
    if not sent:
        return [], [NO_LINES]
    if len(sent) != 1:
        return [], [ONE_LINE]
    price, worth = sent[0].number("UnitAmount"), sent[0].number("LineAmount")
    if price is None and worth is None:
        return [], ["Quantity and UnitAmount must be specified"]
    quantity = rounded(sent[0].number("Quantity") or Decimal(1), 4)
    price = (worth or Decimal()) / quantity if price is None else price
    system = "DEBTORS" if sale else "CREDITORS"
    control = next(one for one in books.accounts.values() if one["SystemAccount"] == system)
    line = {
        "LineItemID": new_id(),
        "Description": sent[0].text("Description"),
        "Quantity": quantity,
        "UnitAmount": rounded(price, 4),
        "LineAmount": rounded(price * quantity),
        "TaxType": "NONE",
        "TaxAmount": Decimal("0.00"),
        "AccountID": control["AccountID"],
        "Tracking": [],
    }
    return [line], []
