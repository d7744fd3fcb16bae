"""The PurchaseOrders endpoint: always in pages, unit prices always with four places."""

from collections.abc import Callable

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.call import Call, Resource, Route, Writer, envelope, write
from xero_bridge.simulator.xero.kernel.errors import NotFound, bad_query
from xero_bridge.simulator.xero.kernel.idempotency import Reply
from xero_bridge.simulator.xero.kernel.listing import Listing, answer
from xero_bridge.simulator.xero.kernel.reading import Input, elements_of
from xero_bridge.simulator.xero.kernel.where import fields
from xero_bridge.simulator.xero.kernel.wire import day, day_text, dumps, parse_day, stamp
from xero_bridge.simulator.xero.resource import contact_call as contacts
from xero_bridge.simulator.xero.resource import history, purchase_order
from xero_bridge.simulator.xero.resource.line_view import shown_lines
from xero_bridge.simulator.xero.resource.purchase_order import DATES, PRICE_PLACES, TEXTS

NAMES = ("PurchaseOrderID", "PurchaseOrderNumber", "Status", "LineAmountTypes", "SentToContact")
MONEY = ("SubTotal", "TotalTax", "Total", "TotalDiscount", "CurrencyCode", "CurrencyRate")


def render(books: Books, row: Record, shape: str) -> Record:
    """Return an order as Xero shows it; `write` lists the errors of each line."""
    shown = {
        "Type": "PURCHASEORDER",
        **{name: row[name] for name in (*NAMES, *MONEY, "BrandingThemeID")},
        **{name: row.get(name) or "" for name in TEXTS},
        "Contact": contacts.render(books.contacts.get(row["ContactID"]) or {}),
        "LineItems": shown_lines(books, row, PRICE_PLACES, shape),
        "UpdatedDateUTC": stamp(row["UpdatedDateUTC"]),
        "HasAttachments": False,
        "HasErrors": False,
        "IsDiscounted": bool(row["TotalDiscount"]),
    }
    for name in DATES:
        if on := row.get(name):
            shown |= {name: day(on), f"{name}String": day_text(on)}
    return shown


def _list(call: Call) -> Reply:
    rows = call.books.purchase_orders.values()
    if status := call.args.get("status"):
        rows = [row for row in rows if row["Status"] == status.upper()]
    if start := _day(call, "DateFrom"):
        rows = [row for row in rows if row["Date"] >= start]
    if end := _day(call, "DateTo"):
        rows = [row for row in rows if row["Date"] <= end]
    return answer(call, LISTING, rows, forced=True)


def _day(call: Call, name: str) -> object:
    text = call.args.get(name.lower())
    found = parse_day(text) if text else None
    if text and found is None:
        raise bad_query(f"{name} is not a valid date")
    return found


LISTING = Listing(
    key="PurchaseOrders",
    id_name="PurchaseOrderID",
    fields=fields(
        PurchaseOrderID="guid",
        PurchaseOrderNumber="text",
        Status="text",
        Date="date",
        DeliveryDate="date",
        UpdatedDateUTC="date",
        Total="number",
    ),
    show=lambda call, row, _: dumps(render(call.books, row, "page")),
    has_where=False,
)


def _known(books: Books, key: str) -> Record:
    row = books.purchase_orders.get(key.lower()) or purchase_order.by_number(books, key)
    if row is None:
        raise NotFound
    return row


def _get(call: Call, key: str) -> Reply:
    shown = render(call.books, _known(call.books, key), "one")
    return envelope(call, "PurchaseOrders", [dumps(shown)])


def _put(call: Call) -> Reply:
    return write(call, _writer(lambda call, raw: purchase_order.create(call.books, raw)))


def _post(call: Call) -> Reply:
    return write(call, _writer(_upsert))


def _post_one(call: Call, key: str) -> Reply:
    known = _known(call.books, key)["PurchaseOrderID"]
    first = elements_of(call.body, "PurchaseOrders", "PurchaseOrder")[0]
    element = Input({**first.raw, "PurchaseOrderID": known}, first.path)
    return write(call, _writer(_upsert), [element])


def _upsert(call: Call, raw: Input) -> str:
    return purchase_order.upsert(call.books, raw)


def _writer(save: Callable[[Call, Input], str]) -> Writer:
    return Writer(
        plural="PurchaseOrders",
        singular="PurchaseOrder",
        id_name="PurchaseOrderID",
        flag="HasErrors",
        save=save,
        show=lambda call, made: render(call.books, _known(call.books, made), "write"),
        known_id=lambda call, raw: _known_id(call.books, raw),
    )


def _known_id(books: Books, raw: Input) -> str | None:
    found = books.purchase_orders.get(raw.guid("PurchaseOrderID") or "")
    return found["PurchaseOrderID"] if found else None


RESOURCE = Resource(
    path="PurchaseOrders",
    scopes=("accounting.invoices", "accounting.transactions"),
    routes=(
        Route(method="GET", rule="", handler=_list),
        Route(method="PUT", rule="", handler=_put),
        Route(method="POST", rule="", handler=_post),
        Route(method="GET", rule="/<key>", handler=_get),
        Route(method="POST", rule="/<key>", handler=_post_one),
        *history.routes_for("purchase_orders"),
    ),
)
