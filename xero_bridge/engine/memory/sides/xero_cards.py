"""Xero's rules of contacts and items: unique names and codes, trimmed texts."""

from __future__ import annotations

from typing import Any

from xero_bridge.core.entity import Json
from xero_bridge.core.vocabulary import Kind
from xero_bridge.engine.memory.sides.rules import Desk, RefusalError, check_unique


def enter_contact(desk: Desk, body: Json) -> Json:
    """A new contact; raises RefusalError."""
    row: Json = {
        "ContactID": desk.new_id(),
        "ContactStatus": "ACTIVE",
        "Phones": [],
        "Addresses": [],
    }
    return _checked_contact(desk, _merged(row, body))


def change_contact(desk: Desk, row: Json, body: Json) -> Json:
    """The contact with these members; an archived one is not edited. Raises RefusalError."""
    if row["ContactStatus"] != "ACTIVE":
        raise RefusalError("contact_archived", "Archived contacts cannot currently be edited.")
    return _checked_contact(desk, _merged(row, body))


def _checked_contact(desk: Desk, row: Json) -> Json:
    contacts = desk.rows(Kind.CUSTOMER)
    active = {id_: one for id_, one in contacts.items() if one["ContactStatus"] == "ACTIVE"}
    if row["ContactStatus"] == "ACTIVE":
        check_unique(active, "Name", row["Name"], row["ContactID"], "duplicate_name")
    if row.get("ContactNumber"):
        mark = str(row["ContactNumber"])
        check_unique(contacts, "ContactNumber", mark, row["ContactID"], "duplicate_name")
    return row


def enter_item(desk: Desk, body: Json) -> Json:
    """A new item; raises RefusalError."""
    return _checked_item(desk, _merged({"ItemID": desk.new_id()}, body))


def change_item(desk: Desk, row: Json, body: Json) -> Json:
    """The item with these members; raises RefusalError."""
    return _checked_item(desk, _merged(row, body))


def _checked_item(desk: Desk, row: Json) -> Json:
    check_unique(desk.rows(Kind.ITEM), "Code", row["Code"], row["ItemID"], "duplicate_name")
    return row


def _merged(row: Json, body: Json) -> Json:
    """What is not sent is kept; slots of phones and addresses are replaced one by one."""
    merged = {**row}
    for name, value in body.items():
        merged[name] = _slots(row, name, value) if name in _SLOTS else _trimmed(value)
    return merged


_SLOTS = {"Phones": "PhoneType", "Addresses": "AddressType"}


def _slots(row: Json, name: str, sent: list[Json]) -> list[Json]:
    by = _SLOTS[name]
    return list(
        ({slot[by]: slot for slot in row[name]} | {slot[by]: slot for slot in sent}).values()
    )


def _trimmed(value: Any) -> Any:  # noqa: ANN401
    return value.strip() if isinstance(value, str) else value
