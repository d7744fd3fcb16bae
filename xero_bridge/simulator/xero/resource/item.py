"""Items: the price list; the code is the only natural key."""

from collections.abc import Callable
from decimal import Decimal

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.call import Call, Resource, Route, Writer, envelope, write
from xero_bridge.simulator.xero.kernel.errors import Invalid, NotFound, refuse
from xero_bridge.simulator.xero.kernel.idempotency import Reply
from xero_bridge.simulator.xero.kernel.listing import Listing, answer
from xero_bridge.simulator.xero.kernel.reading import Input, elements_of
from xero_bridge.simulator.xero.kernel.where import fields
from xero_bridge.simulator.xero.kernel.wire import bare_stamp, dumps, new_id, rounded
from xero_bridge.simulator.xero.resource import account as accounts
from xero_bridge.simulator.xero.resource import history

LONGEST = {"Code": 30, "Name": 50, "Description": 4000, "PurchaseDescription": 4000}
SIDES = {"SalesDetails": "IsSold", "PurchaseDetails": "IsPurchased"}
FIELDS = fields(
    ItemID="guid",
    Code="text",
    Name="text",
    IsSold="bool",
    IsPurchased="bool",
    UpdatedDateUTC="date",
)


def by_code(books: Books, code: str) -> Record | None:
    """Return the item of this code, in any case."""
    return next(iter(books.items.find("code", code.strip().lower())), None)


def create(books: Books, raw: Input, places: int) -> str:
    """Add an item and return its id; raises Invalid."""
    code = (raw.text("Code") or "").strip()
    if code and by_code(books, code):
        raise Invalid(f"Price List Item with Code '{code}' already exists")
    item: Record = {"ItemID": new_id(), "IsSold": True, "IsPurchased": True}
    return _save(books, item, raw, places)


def upsert(books: Books, raw: Input, places: int) -> str:
    """Update the item of this id or code, or add it; raises Invalid."""
    item_id = raw.guid("ItemID")
    existing = books.items.get(item_id) if item_id else by_code(books, raw.text("Code") or "")
    if existing:
        return _save(books, existing, raw, places)
    if item_id:
        raise Invalid("The item with the specified ItemID could not be found.")
    return create(books, raw, places)


def render(item: Record, places: int) -> Record:
    """Return an item as Xero shows it; prices are rounded to the asked decimal places."""
    shown = {name: value for name, value in item.items() if value is not None}
    for side, flag in SIDES.items():
        details = item.get(side) or {}
        if "UnitPrice" in details:
            details = {**details, "UnitPrice": rounded(details["UnitPrice"], places)}
        shown[side] = details if item[flag] else {}
    tracked = bool(item.get("InventoryAssetAccountCode"))
    if tracked:
        shown |= {"QuantityOnHand": Decimal(), "TotalCostPool": Decimal()}
    shown["IsTrackedAsInventory"] = tracked
    shown["UpdatedDateUTC"] = bare_stamp(item["UpdatedDateUTC"])
    return shown


def _save(books: Books, item: Record, raw: Input, places: int) -> str:
    changed = {**item, "UpdatedDateUTC": books.now()}
    for name in (*LONGEST, "InventoryAssetAccountCode"):
        if raw.has(name):
            changed[name] = (raw.text(name) or "").strip()
    for side, flag in SIDES.items():
        changed[flag] = item[flag] if raw.flag(flag) is None else raw.flag(flag)
        if details := raw.child(side):
            changed[side] = {**(item.get(side) or {}), **_details(details, places)}
    refuse(_problems(books, changed))
    books.items.put(changed["ItemID"], changed)
    return str(changed["ItemID"])


def _details(raw: Input, places: int) -> Record:
    details: Record = {
        name: raw.text(name)
        for name in ("AccountCode", "COGSAccountCode", "TaxType")
        if raw.has(name)
    }
    price = raw.number("UnitPrice")
    return details if price is None else {**details, "UnitPrice": rounded(price, places)}


def _problems(books: Books, item: Record) -> list[str]:
    problems = [
        f"{name} must be {longest} characters or less."
        for name, longest in LONGEST.items()
        if len(item.get(name) or "") > longest
    ]
    if not item.get("Code"):
        problems.append("Price List Item Code must be specified.")
    else:
        other = by_code(books, item["Code"])
        if other and other["ItemID"] != item["ItemID"]:
            problems.append(f"Price List Item with Code '{item['Code']}' already exists")
    for side in SIDES:
        problems += _detail_problems(books, item.get(side) or {})
    return problems


def _detail_problems(books: Books, details: Record) -> list[str]:
    problems = []
    code, tax = details.get("AccountCode"), details.get("TaxType")
    if code:
        account = accounts.by_code(books, code)
        if account is None or account["Status"] != "ACTIVE":
            problems.append(f"Account code '{code}' is not a valid code for this document.")
    if tax and (books.tax_rates.get(tax) or {}).get("Status") != "ACTIVE":
        problems.append(
            f"The TaxType code {tax} does not exist or cannot be used for this type of transaction."
        )
    return problems


def _list(call: Call) -> Reply:
    return answer(call, LISTING, call.books.items.values())


def _by_key(books: Books, key: str) -> Record:
    item = books.items.get(key.lower()) or by_code(books, key)
    if item is None:
        raise NotFound
    return item


def _get(call: Call, key: str) -> Reply:
    return envelope(call, "Items", [dumps(render(_by_key(call.books, key), call.places))])


def _post_one(call: Call, key: str) -> Reply:
    item_id = _by_key(call.books, key)["ItemID"]
    first = elements_of(call.body, "Items", "Item")[0]
    element = Input({**first.raw, "ItemID": item_id}, first.path)
    return write(call, _writer(upsert), [element])


def _delete(call: Call, key: str) -> Reply:
    item_id = _by_key(call.books, key)["ItemID"]
    call.books.items.delete(item_id)
    call.touched.append(item_id)
    return Reply(status=204, content_type="")


def _writer(save: Callable[[Books, Input, int], str]) -> Writer:
    return Writer(
        plural="Items",
        singular="Item",
        id_name="ItemID",
        flag="",
        save=lambda call, raw: save(call.books, raw, call.places),
        show=lambda call, key: render(call.books.items.get(key) or {}, call.places),
        known_id=lambda call, raw: (by_code(call.books, raw.text("Code") or "") or {}).get(
            "ItemID"
        ),
    )


LISTING = Listing(
    key="Items",
    id_name="ItemID",
    fields=FIELDS,
    show=lambda call, item, _: dumps(render(item, call.places)),
    has_pages=False,
)
RESOURCE = Resource(
    path="Items",
    scopes=("accounting.settings",),
    routes=(
        Route(method="GET", rule="", handler=_list),
        Route(method="PUT", rule="", handler=lambda call: write(call, _writer(create))),
        Route(method="POST", rule="", handler=lambda call: write(call, _writer(upsert))),
        Route(method="GET", rule="/<key>", handler=_get),
        Route(method="POST", rule="/<key>", handler=_post_one),
        Route(method="DELETE", rule="/<key>", handler=_delete),
        *history.routes_for("items"),
    ),
)
