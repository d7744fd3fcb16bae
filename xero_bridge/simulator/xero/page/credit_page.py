"""Credits: the list, a new credit note, and what a credit is set against."""

from werkzeug.wrappers import Response

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.reading import Input
from xero_bridge.simulator.xero.page import document_form as form
from xero_bridge.simulator.xero.page.visit import Visit, attempt
from xero_bridge.simulator.xero.resource import credit as credits_
from xero_bridge.simulator.xero.resource import credit_note
from xero_bridge.simulator.xero.resource import payment as payments
from xero_bridge.simulator.xero.resource.credit import NOTE, SORTS, Sort
from xero_bridge.simulator.xero.resource.invoice_sum import in_force

HEADER = ("CreditNoteNumber", "Reference", "Date", "CurrencyCode", "LineAmountTypes")
PLACES = 4
NEW_LINES = 3


def listed(visit: Visit) -> Response:
    """Show credit notes, overpayments and prepayments, the latest first."""
    books = visit.books
    rows = [
        (row, sort, row[sort.id_name], form.name(books, row))
        for sort in SORTS.values()
        for row in sort.table(books).values()
    ]
    rows.sort(key=lambda one: (one[0]["Date"], one[0]["UpdatedDateUTC"]), reverse=True)
    return visit.show("credits.html", rows=rows)


def new(visit: Visit, wrong: tuple[str, ...] = ()) -> Response:
    """Show the form of a new credit note, or make it."""
    typed = visit.form()
    if visit.request.method == "POST" and not wrong:
        return _make(visit)
    return visit.show(
        "credit_new.html",
        http=400 if wrong else 200,
        wrong=wrong,
        kinds=credit_note.KINDS,
        today=visit.books.today().isoformat(),
        contacts=form.contacts(visit.books),
        form=typed,
        lines=[form.typed(typed, number) for number in range(NEW_LINES)],
        **form.choices(visit.books),
    )


def _make(visit: Visit) -> Response:
    sent = visit.form()
    fixed = {"Type": sent.get("Type"), "Status": sent.get("Status", "DRAFT")}
    raw, made = form.read(visit, HEADER, fixed), list[str]()
    wrong = attempt(visit, lambda: made.append(credit_note.create(visit.books, raw, PLACES)))
    return new(visit, wrong) if wrong else visit.go(f"credit-notes/{made[0]}", "Created.")


def one(visit: Visit, credit_id: str, wrong: tuple[str, ...] = ()) -> Response:
    """Show a credit with what was allocated and refunded, and what it may still be set against."""
    books = visit.books
    sort, row = _known(books, credit_id)
    refunds = in_force(books.payments.find("credit", credit_id))
    applied = books.allocations.find("credit", credit_id)
    moves = credit_note.MOVES.get(row["Status"], set()) - {row["Status"]} if sort is NOTE else set()
    return visit.show(
        "credit.html",
        http=400 if wrong else 200,
        wrong=wrong,
        row=row,
        credit_id=credit_id,
        words=sort.words,
        contact=books.contacts.get(row["ContactID"]),
        lines=[form.shown(books, line) for line in row["LineItems"]],
        applied=[(one, books.invoices.get(one["InvoiceID"])) for one in applied],
        refunds=[(one, books.accounts.get(one["AccountID"])) for one in refunds],
        open_ones=_open(books, row) if row["Status"] == "AUTHORISED" else [],
        moves=[] if credits_.is_used(books, row, sort) else sorted(moves),
        banks=form.banks(books),
        today=books.today().isoformat(),
        calls=form.calls(visit, {credit_id}),
    )


def change_status(visit: Visit, credit_id: str) -> Response:
    """Approve, void or delete a credit note."""
    raw = visit.input("Status")
    act = lambda: credit_note.update(visit.books, credit_id, raw, PLACES)  # noqa: E731
    _known(visit.books, credit_id)
    return _done(visit, credit_id, attempt(visit, act), f"Now {raw.text('Status')}.")


def allocate(visit: Visit, credit_id: str) -> Response:
    """Set a part of a credit against an invoice."""
    sent = visit.form()
    invoice = {"InvoiceID": sent.get("InvoiceID")}
    raw = Input({"Amount": sent.get("Amount"), "Invoice": invoice}, "Form")
    sort, _ = _known(visit.books, credit_id)
    wrong = attempt(visit, lambda: credits_.allocate(visit.books, sort, credit_id, raw))
    return _done(visit, credit_id, wrong, "Allocated.")


def release(visit: Visit, credit_id: str) -> Response:
    """Take an allocation back."""
    sort, _ = _known(visit.books, credit_id)
    allocation_id = visit.form().get("AllocationID", "")
    if allocation_id not in visit.books.allocations:
        raise KeyError(allocation_id)
    wrong = attempt(visit, lambda: credits_.release(visit.books, sort, credit_id, allocation_id))
    return _done(visit, credit_id, wrong, "Taken back.")


def refund(visit: Visit, credit_id: str) -> Response:
    """Pay a part of a credit back."""
    sort, _ = _known(visit.books, credit_id)
    raw = form.payment(visit, {sort.name: {sort.id_name: credit_id}})
    wrong = attempt(visit, lambda: payments.create(visit.books, raw))
    return _done(visit, credit_id, wrong, "Refunded.")


def _done(visit: Visit, credit_id: str, wrong: tuple[str, ...], done: str) -> Response:
    return one(visit, credit_id, wrong) if wrong else visit.go(f"credit-notes/{credit_id}", done)


def _known(books: Books, credit_id: str) -> tuple[Sort, Record]:
    for sort in SORTS.values():
        if row := sort.table(books).get(credit_id):
            return sort, row
    raise KeyError(credit_id)


def _open(books: Books, credit: Record) -> list[Record]:
    kind = "ACCREC" if credits_.is_sale(credit) else "ACCPAY"
    return [
        invoice
        for invoice in books.invoices.find("contact", credit["ContactID"])
        if (invoice["Type"], invoice["Status"]) == (kind, "AUTHORISED")
        and invoice["CurrencyCode"] == credit["CurrencyCode"]
    ]
