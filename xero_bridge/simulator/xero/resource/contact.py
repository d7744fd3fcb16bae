"""Contacts: customers and suppliers, matched by id, number and name."""

from collections.abc import Callable
from typing import TypeAlias

from xero_bridge.simulator.common import Record
from xero_bridge.simulator.xero.kernel.books import Books, name_key
from xero_bridge.simulator.xero.kernel.errors import Invalid, refuse
from xero_bridge.simulator.xero.kernel.reading import Input
from xero_bridge.simulator.xero.kernel.wire import new_id
from xero_bridge.simulator.xero.resource import contact_part as part

Save: TypeAlias = Callable[[Books, Input], str]
NAME_TAKEN = (
    "The contact name {} is already assigned to another contact. "
    "The contact name must be unique across all active contacts."
)
NUMBER_TAKEN = "Another contact has this contact number. Please enter a different contact number."
ACCOUNT_TAKEN = "The Account Number already exists. Please enter a different Account Number."
ARCHIVED = (
    "The specified contact details matched an archived contact. "
    "Archived contacts cannot currently be edited via the API."
)
ARCHIVED_FOR_DOCUMENT = (
    "The contact with the specified contact details has been archived. "
    "The contact must be un-archived before creating new invoices or credit notes"
)
UNKNOWN = (
    "The Contact must contain at least 1 of the following elements to identify the contact: "
    "Name, ContactID, ContactNumber"
)
NO_CONTACT = "A Contact must be specified for this type of transaction"
IDENTIFYING = {"ContactID", "ValidationErrors"}


def find(books: Books, raw: Input) -> Record | None:
    """Return the contact meant: by ContactID, then ContactNumber, then the name of an active one.

    An archived contact is found by its name only when no active one bears it.
    """
    if contact_id := raw.guid("ContactID"):
        return books.contacts.get(contact_id)
    number = (raw.text("ContactNumber") or "").lower()
    if number and (found := books.contacts.find("number", number)):
        return found[0]
    named = books.contacts.find("name", name_key(raw.text("Name") or ""))
    return min(named, key=lambda contact: contact["ContactStatus"] != "ACTIVE", default=None)


def create(books: Books, raw: Input) -> str:
    """Add a contact and return its id; raises Invalid."""
    contact = {
        "ContactID": new_id(),
        "ContactStatus": "ACTIVE",
        "IsCustomer": False,
        "IsSupplier": False,
        **part.empty(),
    }
    return _save(books, contact, raw)


def upsert(books: Books, raw: Input) -> str:
    """Update the contact that is meant, or add it when there is none; raises Invalid."""
    existing = find(books, raw)
    if existing:
        return update(books, existing["ContactID"], raw)
    if raw.has("ContactID"):
        raise Invalid("The contact with the specified ContactID could not be found.")
    return create(books, raw)


def update(books: Books, contact_id: str, raw: Input) -> str:
    """Change what was sent of a contact, or archive it; raises Invalid."""
    contact = books.contacts.get(contact_id)
    if contact is None:
        raise Invalid("The contact with the specified ContactID could not be found.")
    if contact["ContactStatus"] != "ACTIVE":
        raise Invalid(ARCHIVED)
    status = raw.choice("ContactStatus", ("ACTIVE", "ARCHIVED", "GDPRREQUEST"), "ContactStatus")
    return _save(books, {**contact, "ContactStatus": status or "ACTIVE"}, raw)


def restore(books: Books, contact_id: str) -> None:
    """Un-archive a contact, which only a person in Xero can do; raises Invalid."""
    contact = books.contacts.get(contact_id) or {}
    if contact.get("MergedToContactID"):
        raise Invalid("A contact that was merged into another cannot be restored.")
    refuse([NAME_TAKEN.format(contact["Name"])] if _named_alike(books, contact) else [])
    changed = {**contact, "ContactStatus": "ACTIVE", "UpdatedDateUTC": books.now()}
    books.contacts.put(contact_id, changed)


def for_document(books: Books, raw: Input | None) -> str:
    """Return the contact of a document; an unknown name makes one, further fields edit it."""
    if raw is None or not any(raw.has(n) for n in ("ContactID", "ContactNumber", "Name")):
        raise Invalid(NO_CONTACT)
    contact = find(books, raw)
    if contact is None and (raw.has("ContactID") or not raw.has("Name")):
        raise Invalid(NO_CONTACT)
    if contact is None:
        return create(books, raw)
    if contact["ContactStatus"] != "ACTIVE":
        raise Invalid(ARCHIVED_FOR_DOCUMENT)
    if set(raw.raw) - IDENTIFYING and _edits(contact, raw):
        # Contact fields inside a document edit the contact, and its persons are lost.
        update(books, contact["ContactID"], Input({"ContactPersons": [], **raw.raw}, raw.path))
    return str(contact["ContactID"])


def note_document(books: Books, contact_id: str, *, sale: bool) -> None:
    """Mark a contact as customer or supplier; its UpdatedDateUTC does not move by this."""
    contact = books.contacts.get(contact_id)
    flag = "IsCustomer" if sale else "IsSupplier"
    if contact and not contact[flag]:
        books.contacts.put(contact_id, {**contact, flag: True})


def _edits(contact: Record, raw: Input) -> bool:
    return any(contact.get(name) != value for name, value in raw.raw.items() if value is not None)


def _save(books: Books, contact: Record, raw: Input) -> str:
    changed = {
        **contact,
        **part.read(raw),
        **part.merged_slots(contact, raw),
        "UpdatedDateUTC": books.now(),
    }
    refuse([*part.problems(books, changed), *_collisions(books, changed)])
    books.contacts.put(changed["ContactID"], changed)
    return str(changed["ContactID"])


def _collisions(books: Books, contact: Record) -> list[str]:
    problems = []
    if not contact.get("Name"):
        problems.append(UNKNOWN)
    elif contact["ContactStatus"] == "ACTIVE" and _named_alike(books, contact):
        problems.append(NAME_TAKEN.format(contact["Name"]))
    if _others(books, contact, "number", contact.get("ContactNumber")):
        problems.append(NUMBER_TAKEN)
    if _others(books, contact, "account_number", contact.get("AccountNumber")):
        problems.append(ACCOUNT_TAKEN)
    return problems


def _named_alike(books: Books, contact: Record) -> bool:
    return any(
        other["ContactStatus"] == "ACTIVE" and other["ContactID"] != contact["ContactID"]
        for other in books.contacts.find("name", name_key(contact["Name"]))
    )


def _others(books: Books, contact: Record, index: str, value: str | None) -> bool:
    found = books.contacts.find(index, value.lower()) if value else []
    return any(other["ContactID"] != contact["ContactID"] for other in found)
