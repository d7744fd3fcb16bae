"""Purchase orders: for existing contacts only, their numbers never free again."""

from typing import Any

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.errors import Invalid, refuse
from xero_bridge.simulator.xero.kernel.reading import Input
from xero_bridge.simulator.xero.kernel.wire import new_id
from xero_bridge.simulator.xero.resource import contact as contacts
from xero_bridge.simulator.xero.resource import document
from xero_bridge.simulator.xero.resource.document import LINE_TYPES
from xero_bridge.simulator.xero.resource.invoice_line import Terms
from xero_bridge.simulator.xero.resource.invoice_sum import totals

STATUSES = ("DRAFT", "SUBMITTED", "AUTHORISED", "BILLED", "DELETED")
OPEN = ("DRAFT", "SUBMITTED", "AUTHORISED")
# No table of moves is published: a billed order was seen to be deleted, a deleted one stays so.
MOVES = {**dict.fromkeys(OPEN, STATUSES), "BILLED": ("BILLED", "DELETED"), "DELETED": ()}
PRICE_PLACES = 4
LONGEST_INSTRUCTIONS = 500
NOT_UNIQUE = "Order number must be unique"
BAD_MOVE = "PurchaseOrder status change is invalid"
DELETED = "Deleted PurchaseOrders cannot be updated"
UNKNOWN = "An existing Purchase Order with the specified PurchaseOrderID could not be found"
NOT_SENT = "Only AUTHORISED and BILLED purchase orders may have SentToContact updated."
NO_PRICE = "UnitAmount must be specified when Quantity is specified."
TEXTS = ("Reference", "DeliveryAddress", "AttentionTo", "Telephone", "DeliveryInstructions")
DATES = ("Date", "DeliveryDate", "ExpectedArrivalDate")


def by_number(books: Books, number: str | None) -> Record | None:
    """Return the order of this number, deleted or not."""
    text = (number or "").strip().lower()
    return next(iter(books.purchase_orders.find("number", text)), None) if text else None


def create(books: Books, raw: Input) -> str:
    """Add an order and return its id; raises Invalid."""
    status = raw.choice("Status", STATUSES, "PurchaseOrderStatus") or "DRAFT"
    held = by_number(books, raw.text("PurchaseOrderNumber"))
    if held:
        is_gone = held["Status"] == "DELETED"
        raise Invalid(*([BAD_MOVE, DELETED] if is_gone else [NOT_UNIQUE]))
    if status == "DELETED":
        raise Invalid(BAD_MOVE)
    blank: Record = {
        "PurchaseOrderID": new_id(),
        "Status": status,
        "Date": books.today(),
        "LineAmountTypes": "Exclusive",
        "CurrencyCode": books.base_currency,
        "SentToContact": False,
        "LineItems": [],
        "BrandingThemeID": books.organisation["_BrandingThemeID"],
    }
    order, problems = _changed(books, blank, raw, status)
    refuse(problems)
    if not order.get("PurchaseOrderNumber"):
        order["PurchaseOrderNumber"] = _next_number(books)
    return _store(books, order)


def upsert(books: Books, raw: Input) -> str:
    """Update the order of this id or number, or add it when there is none; raises Invalid."""
    if order_id := raw.guid("PurchaseOrderID"):
        return update(books, order_id, raw)
    held = by_number(books, raw.text("PurchaseOrderNumber"))
    if held and held["Status"] != "DELETED":
        return update(books, held["PurchaseOrderID"], raw)
    return create(books, raw)


def update(books: Books, order_id: str, raw: Input) -> str:
    """Change what was sent of an order; raises Invalid."""
    old = books.purchase_orders.get(order_id)
    if old is None:
        raise Invalid(UNKNOWN)
    status = raw.choice("Status", STATUSES, "PurchaseOrderStatus") or old["Status"]
    if old["Status"] == "DELETED":
        raise Invalid(BAD_MOVE, DELETED)
    if status not in MOVES[old["Status"]]:
        raise Invalid(BAD_MOVE)
    if status == "DELETED":
        return _store(books, {**old, "Status": status})
    order, problems = _changed(books, old, raw, status)
    refuse(problems)
    return _store(books, order)


def _changed(books: Books, old: Record, raw: Input, status: str) -> tuple[Record, list[str]]:
    """Return the order with what was sent, totals included, and what is wrong with it."""
    problems: list[str] = []
    order = {**old, **_header(raw), "Status": status}
    try:
        order["ContactID"] = _contact(books, raw, old)
    except Invalid as error:
        problems += error.messages
    problems += _header_problems(books, order, raw, old)
    order["CurrencyRate"] = document.rated(books, order, raw, old)
    terms = Terms(
        sale=False,
        line_types=order["LineAmountTypes"],
        approved=False,
        places=PRICE_PLACES,
        discounts=("DiscountRate",),
    )
    lines, found = document.lines_of(books, order, raw, old, terms)
    problems += found + _price_problems(raw, old)
    return {**order, "LineItems": lines, **totals(lines, order["LineAmountTypes"])}, problems


def _contact(books: Books, raw: Input, old: Record) -> str:
    """Return the contact, which must exist: a name alone makes none here."""
    sent = raw.child("Contact")
    if sent is None and old.get("ContactID"):
        return str(old["ContactID"])
    named = sent is not None and (sent.has("ContactID") or sent.has("ContactNumber"))
    contact = contacts.find(books, sent) if sent is not None and named else None
    if contact is None:
        raise Invalid(contacts.NO_CONTACT)
    if contact["ContactStatus"] != "ACTIVE" and contact["ContactID"] != old.get("ContactID"):
        raise Invalid(contacts.ARCHIVED_FOR_DOCUMENT)
    return str(contact["ContactID"])


def _header(raw: Input) -> Record:
    sent: dict[str, Any] = {
        **{name: raw.text(name) for name in TEXTS},
        **{name: raw.day(name) for name in DATES},
        "PurchaseOrderNumber": raw.text("PurchaseOrderNumber") or None,
        "LineAmountTypes": raw.choice("LineAmountTypes", LINE_TYPES, "LineAmountType"),
        "CurrencyCode": (raw.text("CurrencyCode") or "").upper() or None,
        "CurrencyRate": document.sent_rate(raw),
        "BrandingThemeID": raw.guid("BrandingThemeID"),
        "SentToContact": raw.flag("SentToContact"),
    }
    return {name: value for name, value in sent.items() if value is not None}


def _header_problems(books: Books, order: Record, raw: Input, old: Record) -> list[str]:
    number = order.get("PurchaseOrderNumber") or ""
    held = by_number(books, number)
    problems = []
    if held and held["PurchaseOrderID"] != order["PurchaseOrderID"]:
        problems.append(NOT_UNIQUE)
    problems += document.text_problems("purchase order", number, order.get("Reference") or "")
    problems += document.currency_problems(books, order["CurrencyCode"])
    if len(order.get("DeliveryInstructions") or "") > LONGEST_INSTRUCTIONS:
        problems.append("DeliveryInstructions must be 500 characters or less.")
    is_marked = raw.has("SentToContact") and order["SentToContact"] != old["SentToContact"]
    if is_marked and order["Status"] not in ("AUTHORISED", "BILLED"):
        problems.append(NOT_SENT)
    return problems


def _price_problems(raw: Input, old: Record) -> list[str]:
    known = {line["LineItemID"] for line in old["LineItems"]}
    unpriced = [
        line
        for line in raw.children("LineItems") or []
        if line.has("Quantity")
        and not (line.has("UnitAmount") or line.has("LineAmount") or line.has("ItemCode"))
        and line.guid("LineItemID") not in known
    ]
    return [NO_PRICE] if unpriced else []


def _next_number(books: Books) -> str:
    while True:
        number = books.next_number("PO")
        if not by_number(books, number):
            return number


def _store(books: Books, order: Record) -> str:
    order_id = str(order["PurchaseOrderID"])
    books.purchase_orders.put(order_id, {**order, "UpdatedDateUTC": books.now()})
    contacts.note_document(books, order["ContactID"], sale=False)
    return order_id
