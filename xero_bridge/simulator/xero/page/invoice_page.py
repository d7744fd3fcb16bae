"""Invoices and bills: lists, one document, its edits, its payments."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Response

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.reading import Input
from xero_bridge.simulator.xero.page.visit import Visit, attempt, slug_of
from xero_bridge.simulator.xero.resource import invoice as invoices
from xero_bridge.simulator.xero.resource import payment as payments
from xero_bridge.simulator.xero.resource.document import LINE_TYPES
from xero_bridge.simulator.xero.resource.invoice_sum import is_settled
from xero_bridge.simulator.xero.resource.invoice_view import due

if TYPE_CHECKING:
    from xero_bridge.simulator.xero.kernel.gateway import LoggedCall

PER_PAGE = 50
OPTIONS = invoices.Options(places=4)
HEADER = ("Reference", "InvoiceNumber", "Date", "DueDate", "CurrencyCode", "LineAmountTypes")
LINE = ("Description", "Quantity", "UnitAmount", "DiscountRate", "AccountCode", "TaxType")
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
            (row, _name(books, row), due(row))
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
    words = (row.get("InvoiceNumber"), row.get("Reference"), _name(books, row))
    return any(query.lower() in (word or "").lower() for word in words)


def _name(books: Books, row: Record) -> str:
    return str((books.contacts.get(row["ContactID"]) or {}).get("Name", ""))


def new(visit: Visit) -> Response:
    """Show the form of a new document, or create it."""
    kind = visit.request.values.get("Type", "ACCREC")
    if visit.request.method != "POST":
        return _new_form(visit, kind)
    made: list[str] = []
    raw = _document(visit, {"Type": kind, "Status": visit.form().get("Status", "DRAFT")})
    wrong = attempt(visit, lambda: made.append(invoices.create(visit.books, raw, OPTIONS)))
    if wrong:
        return _new_form(visit, kind, wrong)
    return visit.go(f"invoices/{made[0]}", "Created.")


def _new_form(visit: Visit, kind: str, wrong: tuple[str, ...] = ()) -> Response:
    books, form = visit.books, visit.form()
    contacts = [one["Name"] for one in books.contacts.values() if one["ContactStatus"] == "ACTIVE"]
    return visit.show(
        "invoice_new.html",
        http=400 if wrong else 200,
        wrong=wrong,
        kind=kind,
        today=books.today().isoformat(),
        contacts=sorted(contacts),
        form=form,
        lines=[_typed(form, n) for n in range(4)],
        **_choices(books),
    )


def _typed(form: dict[str, str], number: int) -> Record:
    return {name: form.get(f"line-{number}-{name}", "") for name in LINE}


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
        lines=[_shown(books, line) for line in row["LineItems"]],
        spare=range(len(row["LineItems"]), len(row["LineItems"]) + SPARE_LINES),
        payments=[(p, books.accounts.get(p["AccountID"])) for p in paid],
        calls=_calls(visit, touched),
        moves=[] if is_settled(row) else moves,
        settled=is_settled(row),
        closed=row["Status"] not in invoices.MOVES,
        today=books.today().isoformat(),
        banks=_banks(books),
        **_choices(books),
    )


def _calls(visit: Visit, touched: set[str]) -> "list[LoggedCall]":
    return [call for call in visit.simulator.calls if touched & set(call.touched)][::-1]


def edit(visit: Visit, invoice_id: str) -> Response:
    """Save the edits of a person, under the same rules as those of the API."""
    _known(visit.books, invoice_id)
    raw = _document(visit, {})
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
    form = visit.form()
    raw: Record = {
        "Date": form.get("Date"),
        "Amount": form.get("Amount"),
        "Reference": form.get("Reference"),
        "Account": {"AccountID": form.get("AccountID")},
        "Invoice": {"InvoiceID": invoice_id},
    }
    wrong = attempt(visit, lambda: payments.create(visit.books, Input(raw, "Form")))
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


def _document(visit: Visit, fixed: Record) -> Input:
    """Return the form as the API would get it; fields that were not on the form are not sent."""
    form = visit.request.form
    raw: Record = {name: form[name].strip() for name in HEADER if name in form}
    for name in ("Date", "DueDate"):
        raw = {**raw, name: raw.get(name) or None}
    if form.get("Contact"):
        raw["Contact"] = {"Name": form["Contact"].strip()}
    lines = [_line(form, number) for number in range(200)]
    return Input({**raw, **fixed, "LineItems": [line for line in lines if line]}, "Form")


def _line(form: Any, number: int) -> Record:
    names = ("LineItemID", *LINE)
    fields = {name: form.get(f"line-{number}-{name}") for name in names}
    sent: Record = {name: text.strip() for name, text in fields.items() if text and text.strip()}
    if fields["DiscountRate"] is not None:
        sent.setdefault("DiscountRate", "0")
    # A line whose words were emptied is taken off the document.
    return sent if sent.get("Description") else {}


def _shown(books: Books, line: Record) -> Record:
    account = books.accounts.get(line.get("AccountID") or "") or {}
    return {
        **dict.fromkeys(LINE, ""),
        **{name: value for name, value in line.items() if value is not None},
        "AccountCode": account.get("Code", ""),
        "AccountName": account.get("Name", ""),
    }


def _banks(books: Books) -> list[Record]:
    return [
        one
        for one in books.accounts.values()
        if one["Status"] == "ACTIVE" and (one["Type"] == "BANK" or one["EnablePaymentsToAccount"])
    ]


def _choices(books: Books) -> dict[str, object]:
    accounts = [
        one
        for one in books.accounts.values()
        if one["Status"] == "ACTIVE" and one["Type"] != "BANK" and one.get("Code")
    ]
    rates = [rate for rate in books.tax_rates.values() if rate["Status"] == "ACTIVE"]
    return {
        "accounts": sorted(accounts, key=lambda account: account["Code"]),
        "rates": rates,
        "currencies": books.currencies.keys(),
        "line_types": LINE_TYPES,
    }
