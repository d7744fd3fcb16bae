"""Purchase orders: the list, a new one, its status."""

from werkzeug.wrappers import Response

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books, name_key
from xero_bridge.simulator.xero.page import document_form as form
from xero_bridge.simulator.xero.page.visit import Visit, attempt
from xero_bridge.simulator.xero.resource import purchase_order

HEADER = ("PurchaseOrderNumber", "Reference", "Date", "DeliveryDate", "CurrencyCode")
NEW_LINES = 3


def listed(visit: Visit) -> Response:
    """Show the orders, the latest first."""
    books = visit.books
    rows = [(row, form.name(books, row)) for row in books.purchase_orders.values()]
    rows.sort(key=lambda one: (one[0]["Date"], one[0]["UpdatedDateUTC"]), reverse=True)
    return visit.show("orders.html", rows=rows)


def new(visit: Visit, wrong: tuple[str, ...] = ()) -> Response:
    """Show the form of a new order, or make it."""
    typed = visit.form()
    if visit.request.method == "POST" and not wrong:
        return _make(visit)
    return visit.show(
        "order_new.html",
        http=400 if wrong else 200,
        wrong=wrong,
        today=visit.books.today().isoformat(),
        contacts=form.contacts(visit.books),
        form=typed,
        lines=[form.typed(typed, number) for number in range(NEW_LINES)],
        **form.choices(visit.books),
    )


def _make(visit: Visit) -> Response:
    sent = visit.form()
    named = visit.books.contacts.find("name", name_key(sent.get("Contact", "")))
    contact = {"ContactID": named[0]["ContactID"]} if named else {}
    fixed = {"Status": sent.get("Status", "DRAFT"), "Contact": contact}
    raw, made = form.read(visit, HEADER, fixed), list[str]()
    wrong = attempt(visit, lambda: made.append(purchase_order.create(visit.books, raw)))
    return new(visit, wrong) if wrong else visit.go(f"purchase-orders/{made[0]}", "Created.")


def one(visit: Visit, order_id: str, wrong: tuple[str, ...] = ()) -> Response:
    """Show an order with its lines and the calls that touched it."""
    row = _known(visit.books, order_id)
    return visit.show(
        "order.html",
        http=400 if wrong else 200,
        wrong=wrong,
        row=row,
        contact=visit.books.contacts.get(row["ContactID"]),
        lines=[form.shown(visit.books, line) for line in row["LineItems"]],
        moves=[move for move in purchase_order.MOVES[row["Status"]] if move != row["Status"]],
        calls=form.calls(visit, {order_id}),
    )


def change_status(visit: Visit, order_id: str) -> Response:
    """Approve, bill or delete an order."""
    _known(visit.books, order_id)
    raw = visit.input("Status")
    wrong = attempt(visit, lambda: purchase_order.update(visit.books, order_id, raw))
    done = f"Now {raw.text('Status')}."
    return one(visit, order_id, wrong) if wrong else visit.go(f"purchase-orders/{order_id}", done)


def _known(books: Books, order_id: str) -> Record:
    row = books.purchase_orders.get(order_id)
    if row is None:
        raise KeyError(order_id)
    return row
