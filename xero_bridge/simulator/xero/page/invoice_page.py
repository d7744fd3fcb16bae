"""Invoices and bills: lists, one document, its edits, its payments."""

from collections import Counter

from werkzeug.wrappers import Response

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.page import document_form as form
from xero_bridge.simulator.xero.page.visit import Visit, attempt, slug_of
from xero_bridge.simulator.xero.resource import invoice as invoices
from xero_bridge.simulator.xero.resource import payment as payments
from xero_bridge.simulator.xero.resource.invoice_sum import is_settled
from xero_bridge.simulator.xero.resource.invoice_view import due

PER_PAGE = 50
OPTIONS = invoices.Options(places=4)
HEADER = ("Reference", "InvoiceNumber", "Date", "DueDate", "CurrencyCode", "LineAmountTypes")
SPARE_LINES = 2


def listed(visit: Visit) -> Response:
    """Show sales invoices."""
    return _list(visit, "ACCREC")


def listed_bills(visit: Visit) -> Response:
    """Show bills."""
    return _list(visit, "ACCPAY")


def _list(visit: Visit, kind: str) -> Response:
    books, args = visit.books, visit.request.args
    status, query = args.get("status", ""), args.get("q", "").strip()
    rows = [row for row in books.invoices.values() if row["Type"] == kind]
    counts = Counter(row["Status"] for row in rows)
    rows = [row for row in rows if status in ("", row["Status"]) and _has(books, row, query)]
    rows.sort(key=lambda row: (row["Date"], row["UpdatedDateUTC"]), reverse=True)
    number = max(1, int(args["page"])) if args.get("page", "").isdigit() else 1
    return visit.show(
        "invoices.html",
        kind=kind,
        rows=[
            (row, form.name(books, row), due(row))
            for row in rows[(number - 1) * PER_PAGE : number * PER_PAGE]
        ],
        counts=counts,
        chosen=status,
        query=query,
        number=number,
        pages=max(1, -(-len(rows) // PER_PAGE)),
        found=len(rows),
    )


def _has(books: Books, row: Record, query: str) -> bool:
    words = (row.get("InvoiceNumber"), row.get("Reference"), form.name(books, row))
    return any(query.lower() in (word or "").lower() for word in words)


def new(visit: Visit) -> Response:
    """Show the form of a new document, or create it."""
    kind = visit.request.values.get("Type", "ACCREC")
    if visit.request.method != "POST":
        return _new_form(visit, kind)
    made: list[str] = []
    raw = form.read(visit, HEADER, {"Type": kind, "Status": visit.form().get("Status", "DRAFT")})
    wrong = attempt(visit, lambda: made.append(invoices.create(visit.books, raw, OPTIONS)))
    if wrong:
        return _new_form(visit, kind, wrong)
    return visit.go(f"invoices/{made[0]}", "Created.")


def _new_form(visit: Visit, kind: str, wrong: tuple[str, ...] = ()) -> Response:
    books, typed = visit.books, visit.form()
    return visit.show(
        "invoice_new.html",
        http=400 if wrong else 200,
        wrong=wrong,
        kind=kind,
        today=books.today().isoformat(),
        contacts=form.contacts(books),
        form=typed,
        lines=[form.typed(typed, n) for n in range(4)],
        **form.choices(books),
    )


def one(visit: Visit, invoice_id: str, wrong: tuple[str, ...] = ()) -> Response:
    """Show a document with its lines, payments and the calls that touched it."""
    books = visit.books
    row = _known(books, invoice_id)
    paid = books.payments.find("invoice", invoice_id)
    touched = {invoice_id, *(payment["PaymentID"] for payment in paid)}
    moves = sorted(invoices.MOVES.get(row["Status"], set()) - {row["Status"]})
    return visit.show(
        "invoice.html",
        http=400 if wrong else 200,
        wrong=wrong,
        row=row,
        due=due(row),
        contact=books.contacts.get(row["ContactID"]),
        lines=[form.shown(books, line) for line in row["LineItems"]],
        spare=range(len(row["LineItems"]), len(row["LineItems"]) + SPARE_LINES),
        payments=[(p, books.accounts.get(p["AccountID"])) for p in paid],
        credits=form.applied(books, invoice_id),
        calls=form.calls(visit, touched),
        moves=[] if is_settled(row) else moves,
        settled=is_settled(row),
        closed=row["Status"] not in invoices.MOVES,
        today=books.today().isoformat(),
        banks=form.banks(books),
        **form.choices(books),
    )


def edit(visit: Visit, invoice_id: str) -> Response:
    """Save the edits of a person, under the same rules as those of the API."""
    _known(visit.books, invoice_id)
    raw = form.read(visit, HEADER, {})
    wrong = attempt(visit, lambda: invoices.update(visit.books, invoice_id, raw, OPTIONS))
    return one(visit, invoice_id, wrong) if wrong else _back(visit, invoice_id, "Saved.")


def change_status(visit: Visit, invoice_id: str) -> Response:
    """Approve, void or delete a document."""
    _known(visit.books, invoice_id)
    raw = visit.input("Status")
    wrong = attempt(visit, lambda: invoices.update(visit.books, invoice_id, raw, OPTIONS))
    done = f"Now {raw.text('Status')}."
    return one(visit, invoice_id, wrong) if wrong else _back(visit, invoice_id, done)


def pay(visit: Visit, invoice_id: str) -> Response:
    """Record a payment."""
    _known(visit.books, invoice_id)
    raw = form.payment(visit, {"Invoice": {"InvoiceID": invoice_id}})
    wrong = attempt(visit, lambda: payments.create(visit.books, raw))
    return one(visit, invoice_id, wrong) if wrong else _back(visit, invoice_id, "Paid.")


def deep_link(visit: Visit) -> Response:
    """Find a document by the id that stands in Xero's own addresses."""
    invoice_id = visit.request.args.get("InvoiceID", "").lower()
    for organisation in visit.simulator.organisations:
        if invoice_id in visit.simulator.books(organisation["OrganisationID"]).invoices:
            address = f"/o/{slug_of(organisation)}/invoices/{invoice_id}"
            return Response(status=303, headers={"Location": address})
    raise KeyError(invoice_id)


def _known(books: Books, invoice_id: str) -> Record:
    row = books.invoices.get(invoice_id)
    if row is None:
        raise KeyError(invoice_id)
    return row


def _back(visit: Visit, invoice_id: str, done: str) -> Response:
    return visit.go(f"invoices/{invoice_id}", done)
