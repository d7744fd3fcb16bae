"""The BankTransactions endpoint."""

from collections.abc import Callable

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.call import Call, Resource, Route, Writer, envelope, write
from xero_bridge.simulator.xero.kernel.errors import NotFound
from xero_bridge.simulator.xero.kernel.idempotency import Reply
from xero_bridge.simulator.xero.kernel.listing import Listing, answer
from xero_bridge.simulator.xero.kernel.reading import Input, elements_of
from xero_bridge.simulator.xero.kernel.where import Field, fields
from xero_bridge.simulator.xero.kernel.wire import day, day_text, dumps, stamp
from xero_bridge.simulator.xero.resource import bank_transaction, history
from xero_bridge.simulator.xero.resource import contact_call as contacts
from xero_bridge.simulator.xero.resource.line_view import shown_lines

ALWAYS = ("BankTransactionID", "Type", "Status", "LineAmountTypes", "IsReconciled")
MONEY = ("SubTotal", "TotalTax", "Total", "CurrencyCode", "CurrencyRate")
SOMETIMES = ("Url", "OverpaymentID", "PrepaymentID")


def render(books: Books, row: Record, shape: str, places: int) -> Record:
    """Return a bank transaction: `write`, `one`, `page` or, without lines, `head`."""
    contact = books.contacts.get(row["ContactID"]) or {}
    full = shape in ("write", "one")
    return {
        **{name: row[name] for name in (*ALWAYS, *MONEY)},
        **{name: row[name] for name in SOMETIMES if row.get(name)},
        "Reference": row.get("Reference") or "",
        "BankAccount": _bank(books, row),
        "Contact": contacts.render(contact)
        if full
        else contacts.stub(row["ContactID"], contact.get("Name", "")),
        "Date": day(row["Date"]),
        "DateString": day_text(row["Date"]),
        "UpdatedDateUTC": stamp(row["UpdatedDateUTC"]),
        "HasAttachments": False,
        "LineItems": [] if shape == "head" else shown_lines(books, row, places, shape),
    }


def _bank(books: Books, row: Record) -> Record:
    account = books.accounts.get(row["BankAccountID"]) or {}
    shown = {"AccountID": account["AccountID"], "Name": account["Name"]}
    return {**shown, "Code": account["Code"]} if account.get("Code") else shown


def _list(call: Call) -> Reply:
    known = fields(
        BankTransactionID="guid",
        Type="text",
        Status="text",
        Reference="text",
        CurrencyCode="text",
        Date="date",
        UpdatedDateUTC="date",
        Total="number",
        IsReconciled="bool",
    )
    nested = {
        "contact.contactid": Field("guid", lambda row: row["ContactID"]),
        "bankaccount.accountid": Field("guid", lambda row: row["BankAccountID"]),
    }
    listing = Listing(
        key="BankTransactions",
        id_name="BankTransactionID",
        fields={**known, **nested},
        show=_show,
    )
    return answer(call, listing, call.books.bank_transactions.values())


def _show(call: Call, row: Record, paged: bool) -> str:  # noqa: FBT001
    return dumps(render(call.books, row, "page" if paged else "head", call.places))


def _known(books: Books, key: str) -> Record:
    row = books.bank_transactions.get(key.lower())
    if row is None:
        raise NotFound
    return row


def _get(call: Call, key: str) -> Reply:
    shown = render(call.books, _known(call.books, key), "one", call.places)
    return envelope(call, "BankTransactions", [dumps(shown)])


def _put(call: Call) -> Reply:
    save = lambda call, raw: bank_transaction.create(call.books, raw, call.places)  # noqa: E731
    return write(call, _writer(save))


def _post(call: Call) -> Reply:
    return write(call, _writer(_upsert))


def _post_one(call: Call, key: str) -> Reply:
    known = _known(call.books, key)["BankTransactionID"]
    first = elements_of(call.body, "BankTransactions", "BankTransaction")[0]
    element = Input({**first.raw, "BankTransactionID": known}, first.path)
    return write(call, _writer(_upsert), [element])


def _upsert(call: Call, raw: Input) -> str:
    return bank_transaction.upsert(call.books, raw, call.places)


def _writer(save: Callable[[Call, Input], str]) -> Writer:
    return Writer(
        plural="BankTransactions",
        singular="BankTransaction",
        id_name="BankTransactionID",
        flag="",
        save=save,
        show=lambda call, made: render(call.books, _known(call.books, made), "write", call.places),
        known_id=lambda call, raw: _known_id(call.books, raw),
    )


def _known_id(books: Books, raw: Input) -> str | None:
    found = books.bank_transactions.get(raw.guid("BankTransactionID") or "")
    return found["BankTransactionID"] if found else None


RESOURCE = Resource(
    path="BankTransactions",
    scopes=("accounting.banktransactions", "accounting.transactions"),
    routes=(
        Route(method="GET", rule="", handler=_list),
        Route(method="PUT", rule="", handler=_put),
        Route(method="POST", rule="", handler=_post),
        Route(method="GET", rule="/<key>", handler=_get),
        Route(method="POST", rule="/<key>", handler=_post_one),
        *history.routes_for("bank_transactions"),
    ),
)
