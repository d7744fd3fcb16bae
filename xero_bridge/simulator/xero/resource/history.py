"""History: the notes on a record, which can be added and never changed."""

from xero_bridge.simulator.common import Record, Table
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.call import Call, Route, Writer, envelope, write
from xero_bridge.simulator.xero.kernel.errors import Invalid
from xero_bridge.simulator.xero.kernel.idempotency import Reply
from xero_bridge.simulator.xero.kernel.reading import Input
from xero_bridge.simulator.xero.kernel.wire import dumps, new_id, stamp

LONGEST = 2500
UNKNOWN = "The document with the supplied id was not found for this endpoint."
AUTHOR = "System Generated"


def routes_for(table: str) -> tuple[Route, ...]:
    """Return the addresses of the history of the records in this table of the books."""

    def read(call: Call, key: str) -> Reply:
        document = _known(_table(call.books, table), key)
        notes = call.books.notes.find("document", document)
        return envelope(call, "HistoryRecords", [dumps(_shown(note)) for note in notes[::-1]])

    def put(call: Call, key: str) -> Reply:
        document = _known(_table(call.books, table), key)
        writer = Writer(
            plural="HistoryRecords",
            singular="HistoryRecord",
            id_name="HistoryRecordID",
            flag="",
            save=lambda call, raw: add(call.books, document, raw),
            show=lambda call, made: _shown(call.books.notes.get(made) or {}),
        )
        return write(call, writer)

    return (
        Route(method="GET", rule="/<key>/History", handler=read),
        Route(method="PUT", rule="/<key>/History", handler=put),
    )


def add(books: Books, document: str, raw: Input) -> str:
    """Add a note and return its id; raises Invalid."""
    details = raw.text("Details") or ""
    if not details.strip():
        raise Invalid("Details must be specified")
    if len(details) > LONGEST:
        raise Invalid("Details must be 2500 characters or less.")
    note_id = new_id()
    note = {"DocumentID": document, "Details": details, "At": books.now()}
    books.notes.put(note_id, note)
    return note_id


def _table(books: Books, name: str) -> Table:
    table: Table = getattr(books, name)
    return table


def _known(table: Table, key: str) -> str:
    if key.lower() not in table:
        raise Invalid(UNKNOWN)
    return key.lower()


def _shown(note: Record) -> Record:
    return {
        "Changes": "Note",
        "DateUTCString": note["At"].strftime("%Y-%m-%dT%H:%M:%S"),
        "DateUTC": stamp(note["At"]),
        "User": AUTHOR,
        "Details": note["Details"],
    }
