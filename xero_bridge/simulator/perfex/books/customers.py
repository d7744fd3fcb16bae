"""Customers and their contacts as Perfex's own model keeps them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from xero_bridge.simulator.perfex import php
from xero_bridge.simulator.perfex.books import fields
from xero_bridge.simulator.perfex.database import Row
from xero_bridge.simulator.perfex.site import Site

RESET_ON_EDIT: Final = (
    "country",
    "billing_country",
    "shipping_country",
    "default_currency",
    "show_primary_contact",
)
MAIL_FLAGS: Final = (
    "invoice_emails",
    "estimate_emails",
    "credit_note_emails",
    "contract_emails",
    "task_emails",
    "project_emails",
    "ticket_emails",
)


def add(site: Site, data: Mapping[str, Any]) -> int:
    """Store a new customer with its groups and custom fields; return its userid."""
    values = {**_columns(data), "datecreated": site.stamp()}
    identity = site.db.insert("clients", values)
    set_groups(site, identity, php.entries(data.get("groups_in")))
    fields.save(site, "customers", identity, data.get("custom_fields"))
    return identity


def update(site: Site, identity: int, data: Mapping[str, Any]) -> bool:
    """Save an edited customer: countries, currency and groups that are not sent are reset."""
    resets = {name: "0" for name in RESET_ON_EDIT if not data.get(name)}
    changed = site.db.update("clients", identity, {**_columns(data), **resets})
    changed |= set_groups(site, identity, php.entries(data.get("groups_in")))
    return fields.save(site, "customers", identity, data.get("custom_fields")) or changed


def delete(site: Site, identity: int, *, keep_invoices: bool = False) -> bool:
    """Remove a customer and its contacts; refused while invoices refer to it.

    With `keep_invoices`, as staff may choose, invoices stay with clientid 0 and the name.
    """
    row = site.db.get("clients", identity)
    invoices = site.db.where("invoices", clientid=identity)
    if row is None or (invoices and not keep_invoices):
        return False
    for invoice in invoices:
        site.db.update(
            "invoices",
            invoice["id"],
            {"clientid": 0, "deleted_customer_name": display_name(site, row)},
        )
    for contact in site.db.where("contacts", userid=identity):
        delete_contact(site, int(contact["id"] or 0))
    set_groups(site, identity, [])
    return site.db.delete("clients", identity)


def display_name(site: Site, row: Row) -> str:
    """Return the company, or the primary contact's name for a person."""
    if row["company"]:
        return row["company"]
    for contact in site.db.where("contacts", userid=row["userid"], is_primary=1):
        return f"{contact['firstname']} {contact['lastname']}"
    return ""


def add_contact(site: Site, customer: int, data: Mapping[str, Any]) -> int:
    """Store a new contact: every flag that is present counts as set, whatever its value."""
    if "is_primary" in data:
        _no_primary(site, customer)
    identity = site.db.insert(
        "contacts",
        {
            **_contact_columns(data),
            **_flags(data),
            "userid": customer,
            "datecreated": site.stamp(),
            "password": _hashed(php.scalar(data.get("password"))),
        },
    )
    _set_permissions(site, identity, php.entries(data.get("permissions")))
    fields.save(site, "contacts", identity, data.get("custom_fields"))
    _welcome(site, identity, data)
    return identity


def update_contact(site: Site, identity: int, data: Mapping[str, Any]) -> bool:
    """Save an edited contact: flags and permissions that are not sent are cleared."""
    row = site.db.get("contacts", identity)
    if row is None:
        return False
    if "is_primary" in data:
        _no_primary(site, int(row["userid"] or 0), but=identity)
    values = {**_contact_columns(data), **_flags(data)}
    if data.get("password"):
        values["password"] = _hashed(php.scalar(data["password"]))
    changed = site.db.update("contacts", identity, values)
    changed |= _set_permissions(site, identity, php.entries(data.get("permissions")))
    return fields.save(site, "contacts", identity, data.get("custom_fields")) or changed


def delete_contact(site: Site, identity: int) -> bool:
    """Remove a contact and its permissions."""
    _set_permissions(site, identity, [])
    return site.db.delete("contacts", identity)


def email_taken(site: Site, email: str, except_for: int = 0) -> bool:
    """Tell whether another contact has the address (compared without case, as MySQL does)."""
    wanted = email.strip().lower()
    return any(
        row["id"] != str(except_for) and (row["email"] or "").lower() == wanted
        for row in site.db.rows("contacts")
    )


def _columns(data: Mapping[str, Any]) -> dict[str, Any]:
    values = {
        key: value for key, value in data.items() if key not in ("groups_in", "custom_fields")
    }
    for name in ("address", "billing_street", "shipping_street"):
        if values.get(name):
            values[name] = php.nl2br(php.scalar(values[name]))
    return {
        key: value.strip() if isinstance(value, str) else value for key, value in values.items()
    }


def _contact_columns(data: Mapping[str, Any]) -> dict[str, Any]:
    plain = ("firstname", "lastname", "email", "phonenumber", "title", "direction")
    return {name: php.scalar(data[name]).strip() for name in plain if name in data}


def _flags(data: Mapping[str, Any]) -> dict[str, str]:
    return {name: "1" if name in data else "0" for name in ("is_primary", *MAIL_FLAGS)}


def _no_primary(site: Site, customer: int, but: int = 0) -> None:
    for other in site.db.where("contacts", userid=customer):
        if other["id"] != str(but):
            site.db.update("contacts", other["id"], {"is_primary": 0})


def set_groups(site: Site, customer: int, wanted: list[Any]) -> bool:
    """Replace the groups of a customer; tell whether they differ."""
    ids = sorted({php.scalar(group) for group in wanted})
    held = site.db.where("customer_groups", customer_id=customer)
    if sorted(row["groupid"] or "" for row in held) == ids:
        return False
    for row in held:
        site.db.delete("customer_groups", row["id"])
    for group in ids:
        site.db.insert("customer_groups", {"groupid": group, "customer_id": customer})
    return True


def _set_permissions(site: Site, contact: int, wanted: list[Any]) -> bool:
    ids = sorted({php.scalar(permission) for permission in wanted})
    held = site.db.where("contact_permissions", userid=contact)
    if sorted(row["permission_id"] or "" for row in held) == ids:
        return False
    for row in held:
        site.db.delete("contact_permissions", row["id"])
    for permission in ids:
        site.db.insert("contact_permissions", {"permission_id": permission, "userid": contact})
    return True


def _hashed(password: str) -> str:
    """Return something of the shape of a phpass hash."""
    return "$2a$08$" + hashlib.sha256(password.encode()).hexdigest()[:53]


def _welcome(site: Site, contact: int, data: Mapping[str, Any]) -> None:
    to, record = php.scalar(data.get("email")), f"contact:{contact}"
    if "donotsendwelcomeemail" not in data:
        site.mail(to=to, subject="Welcome aboard", kind="contact_welcome", record=record)
    if "send_set_password_email" in data:
        site.mail(to=to, subject="Set your password", kind="set_password", record=record)
