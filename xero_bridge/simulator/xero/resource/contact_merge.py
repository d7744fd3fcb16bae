"""Merging two contacts, which only a person in Xero can do: one keeps all documents."""

from xero_bridge.simulator.common import Record, Table
from xero_bridge.simulator.xero.kernel.books import Books
from xero_bridge.simulator.xero.kernel.errors import Invalid
from xero_bridge.simulator.xero.resource import contact as contacts


def merge(books: Books, gone_id: str, kept_id: str) -> None:
    """Archive a contact for good and move its documents to the other; raises Invalid.

    The documents keep their UpdatedDateUTC, so an app learns of it from the contact alone.
    """
    gone, kept = books.contacts.get(gone_id), books.contacts.get(kept_id)
    if gone is None or kept is None or gone_id == kept_id:
        raise Invalid("Choose another contact to merge into.")
    if {gone["ContactStatus"], kept["ContactStatus"]} != {"ACTIVE"}:
        raise Invalid(contacts.ARCHIVED)
    for table in _documents(books):
        _move(table, gone_id, kept_id)
    at = books.now()
    marks = {"ContactStatus": "ARCHIVED", "MergedToContactID": kept_id, "UpdatedDateUTC": at}
    flags = {name: gone[name] or kept[name] for name in ("IsCustomer", "IsSupplier")}
    books.contacts.put(gone_id, {**gone, **marks})
    books.contacts.put(kept_id, {**kept, **flags, "UpdatedDateUTC": at})


def _documents(books: Books) -> tuple[Table, ...]:
    return (
        books.invoices,
        books.credit_notes,
        books.overpayments,
        books.prepayments,
        books.bank_transactions,
        books.purchase_orders,
    )


def _move(table: Table, gone_id: str, kept_id: str) -> None:
    for key in table.keys():  # noqa: SIM118
        row: Record = table.get(key) or {}
        if row.get("ContactID") == gone_id:
            table.put(key, {**row, "ContactID": kept_id})
