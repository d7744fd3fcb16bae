"""The Invoices endpoint."""

from collections.abc import Callable

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.call import Call, Resource, Route, Writer, envelope, write
from xero_bridge.simulator.xero.kernel.errors import NotFound
from xero_bridge.simulator.xero.kernel.idempotency import Reply
from xero_bridge.simulator.xero.kernel.listing import Listing, answer
from xero_bridge.simulator.xero.kernel.reading import Input, elements_of
from xero_bridge.simulator.xero.kernel.where import fold
from xero_bridge.simulator.xero.kernel.wire import dumps
from xero_bridge.simulator.xero.resource import history, invoice
from xero_bridge.simulator.xero.resource.invoice_view import fields_for, render


def _list(call: Call) -> Reply:
    rows = call.books.invoices.values()
    if (ids := call.words("IDs")) is not None:
        found = (call.books.invoices.get(one.lower()) for one in dict.fromkeys(ids))
        rows = [row for row in found if row]
    for name, field in (("Statuses", "Status"), ("InvoiceNumbers", "InvoiceNumber")):
        if (words := call.words(name)) is not None:
            wanted = {word.lower() for word in words}
            rows = [row for row in rows if (row.get(field) or "").lower() in wanted]
    if (contacts := call.words("ContactIDs")) is not None:
        rows = [row for row in rows if row["ContactID"] in {one.lower() for one in contacts}]
    if term := fold(call.args.get("searchterm", "")):
        rows = [row for row in rows if _matches(row, term)]
    if call.flag("createdByMyApp"):
        rows = [row for row in rows if row["_client"] == call.client]
    forced = "statuses" in call.args or bool(call.flag("summaryOnly"))
    return answer(call, _listing(call.books), rows, forced=forced)


def _matches(row: Record, term: str) -> bool:
    return any(term in fold(row.get(name) or "") for name in ("InvoiceNumber", "Reference"))


def _listing(books: Books) -> Listing:
    return Listing(key="Invoices", id_name="InvoiceID", fields=fields_for(books), show=_show)


def _show(call: Call, row: Record, paged: bool) -> str:  # noqa: FBT001
    shape = "page" if paged else "head"
    if call.flag("summaryOnly"):
        shape = "summary"
    return _json(call, row, shape)


def _json(call: Call, row: Record, shape: str) -> str:
    books, places = call.books, call.places
    return books.shown(
        books.invoices,
        row["InvoiceID"],
        f"{shape} {places}",
        lambda: render(books, row, shape, places),
    )


def _get(call: Call, key: str) -> Reply:
    return envelope(call, "Invoices", [_json(call, _by_key(call.books, key), "one")])


def _by_key(books: Books, key: str) -> Record:
    row = books.invoices.get(key.lower())
    found = [row] if row else books.invoices.find("number", key.lower())
    if not found or not key.strip():
        raise NotFound
    return found[0]


def _put(call: Call) -> Reply:
    options = invoice.Options(places=call.places, client=call.client)
    return write(call, _writer(lambda call, raw: invoice.create(call.books, raw, options)))


def _post(call: Call) -> Reply:
    return write(call, _upserter(call))


def _post_one(call: Call, key: str) -> Reply:
    invoice_id = _by_key(call.books, key)["InvoiceID"]
    first = elements_of(call.body, "Invoices", "Invoice")[0]
    element = Input({**first.raw, "InvoiceID": invoice_id}, first.path)
    return write(call, _upserter(call), [element])


def _email(call: Call, key: str) -> Reply:
    invoice_id = _by_key(call.books, key)["InvoiceID"]
    invoice.mark_sent(call.books, invoice_id)
    call.touched.append(invoice_id)
    return Reply(status=204, content_type="")


def _online(call: Call, key: str) -> Reply:
    row = _by_key(call.books, key)
    if row["Status"] == "DRAFT":
        raise NotFound
    shown = {"OnlineInvoiceUrl": f"https://in.xero.example/{row['InvoiceID']}"}
    return envelope(call, "OnlineInvoices", [dumps(shown)])


def _upserter(call: Call) -> Writer:
    options = invoice.Options(places=call.places, client=call.client)
    return _writer(lambda call, raw: invoice.upsert(call.books, raw, options))


def _writer(save: Callable[[Call, Input], str]) -> Writer:
    return Writer(
        plural="Invoices",
        singular="Invoice",
        id_name="InvoiceID",
        flag="HasErrors",
        save=save,
        show=_written,
        known_id=lambda call, raw: _known(call.books, raw),
    )


def _written(call: Call, invoice_id: str) -> Record:
    row = call.books.invoices.get(invoice_id) or {}
    return render(call.books, row, "write", call.places)


def _known(books: Books, raw: Input) -> str | None:
    found = books.invoices.get(raw.guid("InvoiceID") or "")
    return found["InvoiceID"] if found else None


RESOURCE = Resource(
    path="Invoices",
    scopes=("accounting.invoices", "accounting.transactions"),
    routes=(
        Route(method="GET", rule="", handler=_list),
        Route(method="PUT", rule="", handler=_put),
        Route(method="POST", rule="", handler=_post),
        Route(method="GET", rule="/<key>", handler=_get),
        Route(method="POST", rule="/<key>", handler=_post_one),
        Route(method="POST", rule="/<key>/Email", handler=_email),
        Route(method="GET", rule="/<key>/OnlineInvoice", handler=_online),
        *history.routes_for("invoices"),
    ),
)
