"""The Payments endpoint."""

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.call import Call, Resource, Route, Writer, envelope, write
from xero_bridge.simulator.xero.kernel.errors import NotFound
from xero_bridge.simulator.xero.kernel.idempotency import Reply
from xero_bridge.simulator.xero.kernel.listing import Listing, answer
from xero_bridge.simulator.xero.kernel.reading import Input, elements_of
from xero_bridge.simulator.xero.kernel.where import Field, fields
from xero_bridge.simulator.xero.kernel.wire import day, dumps, instant_text, stamp
from xero_bridge.simulator.xero.resource import history, payment
from xero_bridge.simulator.xero.resource.credit import SORTS
from xero_bridge.simulator.xero.resource.credit_view import inside_payment as credit_inside_payment
from xero_bridge.simulator.xero.resource.invoice_view import inside_payment


def render(books: Books, record: Record, *, full: bool) -> Record:
    """Return a payment as Xero shows it; `full` adds the lines and amounts of its invoice."""
    account = books.accounts.get(record["AccountID"]) or {}
    names = ("PaymentID", "BankAmount", "Amount", "Reference", "CurrencyRate", "PaymentType")
    shown_account = {"AccountID": account["AccountID"], "Name": account["Name"]}
    if account.get("Code"):
        shown_account["Code"] = account["Code"]
    return {
        **{name: record[name] for name in names},
        "Date": day(record["Date"]),
        "Status": record["Status"],
        "UpdatedDateUTC": stamp(record["UpdatedDateUTC"]),
        "UpdatedDateUTCString": instant_text(record["UpdatedDateUTC"]),
        "HasAccount": True,
        "IsReconciled": record["IsReconciled"],
        "Account": shown_account,
        **_document(books, record, full=full),
        "HasValidationErrors": False,
    }


def _document(books: Books, record: Record, *, full: bool) -> Record:
    """Return what was paid, under the name of its sort."""
    if invoice := books.invoices.get(record.get("InvoiceID") or ""):
        return {"Invoice": inside_payment(books, invoice, with_lines=full)}
    sort = SORTS[record["CreditSort"]]
    credit = sort.known(books, record["CreditID"])
    return {sort.name: credit_inside_payment(books, sort, credit)}


def _listing(books: Books) -> Listing:
    def of_invoice(name: str, kind: str) -> Field:
        return Field(kind, lambda row: _invoice(books, row).get(name))

    known = fields(
        PaymentID="guid",
        PaymentType="text",
        Status="text",
        Reference="text",
        Date="date",
        Amount="number",
        UpdatedDateUTC="date",
        IsReconciled="bool",
    )
    nested = {
        "invoice.invoiceid": Field("guid", lambda row: row.get("InvoiceID")),
        "invoice.invoicenumber": of_invoice("InvoiceNumber", "text"),
        "account.accountid": Field("guid", lambda row: row["AccountID"]),
    }
    return Listing(
        key="Payments",
        id_name="PaymentID",
        fields={**known, **nested},
        show=lambda call, row, _: _json(call, row),
    )


def _invoice(books: Books, row: Record) -> Record:
    return books.invoices.get(row.get("InvoiceID") or "") or {}


def _json(call: Call, row: Record) -> str:
    return dumps(render(call.books, row, full=False))


def _list(call: Call) -> Reply:
    return answer(call, _listing(call.books), call.books.payments.values())


def _get(call: Call, key: str) -> Reply:
    row = call.books.payments.get(key.lower())
    if row is None:
        raise NotFound
    return envelope(call, "Payments", [dumps(render(call.books, row, full=True))])


def _create(call: Call) -> Reply:
    writer = Writer(
        plural="Payments",
        singular="Payment",
        id_name="PaymentID",
        flag="HasValidationErrors",
        save=lambda call, raw: payment.create(call.books, raw),
        show=_written,
    )
    return write(call, writer)


def _delete(call: Call, key: str) -> Reply:
    payment_id = key.lower()
    if payment_id not in call.books.payments:
        raise NotFound
    writer = Writer(
        plural="Payments",
        singular="Payment",
        id_name="PaymentID",
        flag="HasValidationErrors",
        save=lambda call, raw: payment.delete(call.books, payment_id, raw),
        show=_written,
        known_id=lambda _, __: payment_id,
    )
    return write(call, writer, _first(call))


def _first(call: Call) -> list[Input]:
    return elements_of(call.body, "Payments", "Payment")[:1]


def _written(call: Call, payment_id: str) -> Record:
    return render(call.books, call.books.payments.get(payment_id) or {}, full=True)


RESOURCE = Resource(
    path="Payments",
    scopes=("accounting.payments", "accounting.transactions"),
    routes=(
        Route(method="GET", rule="", handler=_list),
        Route(method="PUT", rule="", handler=_create),
        Route(method="POST", rule="", handler=_create),
        Route(method="GET", rule="/<key>", handler=_get),
        Route(method="POST", rule="/<key>", handler=_delete),
        *history.routes_for("payments"),
    ),
)
