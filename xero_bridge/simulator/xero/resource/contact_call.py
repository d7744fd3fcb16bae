"""The Contacts endpoint."""

from decimal import Decimal

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.call import Call, Resource, Route, Writer, envelope, write
from xero_bridge.simulator.xero.kernel.errors import NotFound
from xero_bridge.simulator.xero.kernel.idempotency import Reply
from xero_bridge.simulator.xero.kernel.listing import Listing, answer
from xero_bridge.simulator.xero.kernel.reading import Input, elements_of
from xero_bridge.simulator.xero.kernel.where import fields, fold
from xero_bridge.simulator.xero.kernel.wire import dumps, stamp
from xero_bridge.simulator.xero.resource import contact, history
from xero_bridge.simulator.xero.resource import contact_part as part

FIELDS = fields(
    ContactID="guid",
    Name="text",
    ContactNumber="text",
    AccountNumber="text",
    EmailAddress="text",
    FirstName="text",
    LastName="text",
    ContactStatus="text",
    IsCustomer="bool",
    IsSupplier="bool",
    UpdatedDateUTC="date",
)
SUMMARY = ("FirstName", "LastName", "ContactNumber", "AccountNumber", "EmailAddress", "TaxNumber")
SEARCHED = ("Name", "FirstName", "LastName", "ContactNumber", "CompanyNumber", "EmailAddress")


def stub(contact_id: str, name: str) -> Record:
    """Return the contact inside a document of a list: id, name and empty lists."""
    return {
        "ContactID": contact_id,
        "Name": name,
        "Addresses": [],
        "Phones": [],
        "ContactGroups": [],
        "ContactPersons": [],
        "HasValidationErrors": False,
    }


def render(record: Record) -> Record:
    """Return a contact as a write or a document shows it."""
    return {
        "ContactID": record["ContactID"],
        "ContactStatus": record["ContactStatus"],
        "EmailAddress": "",
        "BankAccountDetails": "",
        **part.shown_fields(record),
        "Addresses": part.shown_addresses(record),
        "Phones": part.shown_phones(record),
        "UpdatedDateUTC": stamp(record["UpdatedDateUTC"]),
        "ContactGroups": [],
        "IsSupplier": record["IsSupplier"],
        "IsCustomer": record["IsCustomer"],
        "ContactPersons": record["ContactPersons"],
        "HasAttachments": False,
        "HasValidationErrors": False,
    }


def detailed(books: Books, record: Record) -> Record:
    """Return a contact as a page of contacts shows it, with terms and balances."""
    shown = render(record)
    if merged := record.get("MergedToContactID"):
        shown["MergedToContactID"] = merged
    if terms := record.get("PaymentTerms"):
        shown["PaymentTerms"] = terms
    if balances := _balances(books, record["ContactID"]):
        shown["Balances"] = balances
    return shown


def _balances(books: Books, contact_id: str) -> Record:
    open_ones = [
        invoice
        for invoice in books.invoices.find("contact", contact_id)
        if invoice["Status"] == "AUTHORISED"
    ]
    if not open_ones:
        return {}
    return {
        "AccountsReceivable": _balance(books, open_ones, "ACCREC"),
        "AccountsPayable": _balance(books, open_ones, "ACCPAY"),
    }


def _balance(books: Books, invoices: list[Record], kind: str) -> Record:
    owed = [invoice for invoice in invoices if invoice["Type"] == kind]
    late = [invoice for invoice in owed if invoice["DueDate"] < books.today()]
    return {
        "Outstanding": sum((invoice["AmountDue"] for invoice in owed), Decimal()),
        "Overdue": sum((invoice["AmountDue"] for invoice in late), Decimal()),
    }


def _summary(record: Record) -> Record:
    return {
        "ContactID": record["ContactID"],
        "ContactStatus": record["ContactStatus"],
        "Name": record["Name"],
        **{name: record[name] for name in SUMMARY if record.get(name)},
        "UpdatedDateUTC": stamp(record["UpdatedDateUTC"]),
        "HasValidationErrors": False,
    }


def _show(call: Call, record: Record, paged: bool) -> str:  # noqa: FBT001
    if call.flag("summaryOnly"):
        return dumps(_summary(record))
    if paged:
        return dumps(detailed(call.books, record))
    return dumps({**render(record), "ContactPersons": []})


def _list(call: Call) -> Reply:
    rows = call.books.contacts.values()
    if not call.flag("includeArchived"):
        rows = [row for row in rows if row["ContactStatus"] == "ACTIVE"]
    if (ids := call.words("IDs")) is not None:
        wanted = {contact_id.lower() for contact_id in ids}
        rows = [row for row in rows if row["ContactID"] in wanted]
    if term := fold(call.args.get("searchterm", "")):
        rows = [row for row in rows if any(term in fold(row.get(n) or "") for n in SEARCHED)]
    return answer(call, LISTING, rows)


def _get(call: Call, key: str) -> Reply:
    record = _by_key(call.books, key)
    return envelope(call, "Contacts", [dumps(detailed(call.books, record))])


def _by_key(books: Books, key: str) -> Record:
    record = books.contacts.get(key.lower())
    found = [record] if record else books.contacts.find("number", key.lower())
    if not found:
        raise NotFound
    return found[0]


def _put(call: Call) -> Reply:
    return write(call, _writer(contact.create))


def _post(call: Call) -> Reply:
    return write(call, _writer(contact.upsert))


def _post_one(call: Call, key: str) -> Reply:
    contact_id = _by_key(call.books, key)["ContactID"]
    first = elements_of(call.body, "Contacts", "Contact")[0]
    element = Input({**first.raw, "ContactID": contact_id}, first.path)
    return write(call, _writer(contact.upsert), [element])


def _writer(save: contact.Save) -> Writer:
    return Writer(
        plural="Contacts",
        singular="Contact",
        id_name="ContactID",
        flag="HasValidationErrors",
        save=lambda call, raw: save(call.books, raw),
        show=lambda call, contact_id: render(call.books.contacts.get(contact_id) or {}),
        known_id=lambda call, raw: (contact.find(call.books, raw) or {}).get("ContactID"),
    )


LISTING = Listing(key="Contacts", id_name="ContactID", fields=FIELDS, show=_show)
RESOURCE = Resource(
    path="Contacts",
    scopes=("accounting.contacts",),
    routes=(
        Route(method="GET", rule="", handler=_list),
        Route(method="PUT", rule="", handler=_put),
        Route(method="POST", rule="", handler=_post),
        Route(method="GET", rule="/<key>", handler=_get),
        Route(method="POST", rule="/<key>", handler=_post_one),
        *history.routes_for("contacts"),
    ),
)
