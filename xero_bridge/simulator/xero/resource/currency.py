"""Currencies: what the organisation has enabled; they can be added and never removed."""

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.call import Call, Resource, Route, Writer, write
from xero_bridge.simulator.xero.kernel.errors import Invalid
from xero_bridge.simulator.xero.kernel.idempotency import Reply
from xero_bridge.simulator.xero.kernel.listing import Listing, answer
from xero_bridge.simulator.xero.kernel.reading import Input, elements_of
from xero_bridge.simulator.xero.kernel.where import fields
from xero_bridge.simulator.xero.kernel.wire import dumps

CODE_LENGTH = 3


def add(books: Books, raw: Input) -> str:
    """Enable a currency and return its code; raises Invalid."""
    code = (raw.text("Code") or "").upper()
    if len(code) != CODE_LENGTH or not code.isalpha():
        raise Invalid("Currency code is not valid.")
    if code in books.currencies:
        raise Invalid(f"The organisation is already subscribed to currency {code}.")
    books.currencies.put(code, {"Code": code, "Description": raw.text("Description") or code})
    return code


def _shown(call: Call, code: str) -> Record:
    return call.books.currencies.get(code) or {}


def _list(call: Call) -> Reply:
    return answer(call, LISTING, call.books.currencies.values())


def _put(call: Call) -> Reply:
    return write(call, WRITER, elements_of(call.body, "Currencies", "Currency")[:1])


WRITER = Writer(
    plural="Currencies",
    singular="Currency",
    id_name="Code",
    flag="",
    save=lambda call, raw: add(call.books, raw),
    show=_shown,
    known_id=lambda _, raw: raw.text("Code") or "",
)
LISTING = Listing(
    key="Currencies",
    id_name="Code",
    fields=fields(Code="text", Description="text"),
    show=lambda _, currency, __: dumps(currency),
    has_pages=False,
    has_modified=False,
)
RESOURCE = Resource(
    path="Currencies",
    scopes=("accounting.settings",),
    routes=(
        Route(method="GET", rule="", handler=_list),
        Route(method="PUT", rule="", handler=_put),
    ),
)
