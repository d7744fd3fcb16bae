"""The CreditNotes endpoint."""

from collections.abc import Callable

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.call import Call, Resource, Route, Writer, envelope, write
from xero_bridge.simulator.xero.kernel.errors import NotFound
from xero_bridge.simulator.xero.kernel.idempotency import Reply
from xero_bridge.simulator.xero.kernel.listing import Listing, answer
from xero_bridge.simulator.xero.kernel.reading import Input, elements_of
from xero_bridge.simulator.xero.kernel.wire import dumps
from xero_bridge.simulator.xero.resource import allocation_call, credit_note, history
from xero_bridge.simulator.xero.resource.credit import NOTE
from xero_bridge.simulator.xero.resource.credit_view import fields_for, render


def _list(call: Call) -> Reply:
    fields = fields_for(call.books, NOTE)
    listing = Listing(key="CreditNotes", id_name="CreditNoteID", fields=fields, show=_show)
    return answer(call, listing, call.books.credit_notes.values())


def _show(call: Call, row: Record, paged: bool) -> str:  # noqa: FBT001
    return dumps(render(call.books, NOTE, row, "page" if paged else "head", call.places))


def _get(call: Call, key: str) -> Reply:
    row = _by_key(call.books, key)
    shown = render(call.books, NOTE, row, "one", call.places)
    return envelope(call, "CreditNotes", [dumps(shown)])


def _by_key(books: Books, key: str) -> Record:
    row = books.credit_notes.get(key.lower())
    found = [row] if row else books.credit_notes.find("number", key.lower())
    if not found or not key.strip():
        raise NotFound
    return found[0]


def _put(call: Call) -> Reply:
    return write(call, _writer(lambda call, raw: credit_note.create(call.books, raw, call.places)))


def _post(call: Call) -> Reply:
    return write(call, _upserter())


def _post_one(call: Call, key: str) -> Reply:
    note_id = _by_key(call.books, key)["CreditNoteID"]
    first = elements_of(call.body, "CreditNotes", "CreditNote")[0]
    element = Input({**first.raw, "CreditNoteID": note_id}, first.path)
    return write(call, _upserter(), [element])


def _upserter() -> Writer:
    return _writer(lambda call, raw: credit_note.upsert(call.books, raw, call.places))


def _writer(save: Callable[[Call, Input], str]) -> Writer:
    return Writer(
        plural="CreditNotes",
        singular="CreditNote",
        id_name="CreditNoteID",
        flag="HasErrors",
        save=save,
        show=_written,
        known_id=lambda call, raw: _known(call.books, raw),
    )


def _written(call: Call, note_id: str) -> Record:
    return render(call.books, NOTE, NOTE.known(call.books, note_id), "write", call.places)


def _known(books: Books, raw: Input) -> str | None:
    found = books.credit_notes.get(raw.guid("CreditNoteID") or "")
    return found["CreditNoteID"] if found else None


RESOURCE = Resource(
    path="CreditNotes",
    scopes=("accounting.invoices", "accounting.transactions"),
    routes=(
        Route(method="GET", rule="", handler=_list),
        Route(method="PUT", rule="", handler=_put),
        Route(method="POST", rule="", handler=_post),
        Route(method="GET", rule="/<key>", handler=_get),
        Route(method="POST", rule="/<key>", handler=_post_one),
        *allocation_call.routes_for(NOTE),
        *history.routes_for("credit_notes"),
    ),
)
