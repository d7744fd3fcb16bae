"""/api/contacts: the id in the path is the customer on GET and the contact on PUT and DELETE."""

from __future__ import annotations

from typing import Any

from xero_bridge.simulator.perfex import php
from xero_bridge.simulator.perfex.api import validation
from xero_bridge.simulator.perfex.api.exchange import (
    Ask,
    Reply,
    created,
    failed,
    no_data,
    not_acceptable,
    ok,
)
from xero_bridge.simulator.perfex.api.listing import Listing, Shown, answer
from xero_bridge.simulator.perfex.books import customers, fields
from xero_bridge.simulator.perfex.database import Row
from xero_bridge.simulator.perfex.site import Site


def shown(site: Site, row: Row) -> Shown:
    """Show a contact with everything the table holds, the password hash too."""
    return {**row, "customfields": fields.shown(site, "contacts", row["id"])}


def index(ask: Ask) -> Reply:
    """List all contacts where the release documents that; 3.0.3 has no data for it."""
    if not ask.site.version.contact_list:
        return no_data()
    return _listed(ask, ask.site.db.rows("contacts"))


def one(ask: Ask) -> Reply:
    """List a customer's active contacts, or show the one whose id follows."""
    rows = ask.site.db.where("contacts", userid=ask.id, active=1)
    if len(ask.args) == 1:
        return _listed(ask, rows)
    found = [row for row in rows if row["id"] == ask.args[1]]
    return Reply(content=shown(ask.site, found[0])) if found else no_data()


def search(ask: Ask) -> Reply:
    """Find contacts by a part of name, e-mail or phone number."""
    term = ask.id.lower()
    columns = ("firstname", "lastname", "email", "phonenumber", "title")
    found = [
        row
        for row in ask.site.db.rows("contacts")
        if any(term in (row[name] or "").lower() for name in columns)
    ]
    return Reply(content=[dict(row) for row in found]) if found else no_data()


def create(ask: Ask) -> Reply:
    """Add a contact; without `donotsendwelcomeemail` Perfex writes to it."""
    body = ask.body or {}
    errors = validation.required(body, "customer_id", "firstname", "lastname", "email")
    errors |= validation.numeric(body, "customer_id")
    errors |= _password(ask, body) | _unique(ask.site, body)
    if errors:
        return validation.refused(ask, errors, 409)
    identity = customers.add_contact(ask.site, php.whole(body["customer_id"]), body)
    return created(ask, "Contact added successfully.", identity)


def change(ask: Ask) -> Reply:
    """Replace a contact; flags and permissions that are not sent are cleared."""
    if not ask.body:
        return not_acceptable()
    identity = int(ask.id) if ask.id.isdigit() else 0
    errors = validation.required(ask.body, "firstname", "lastname", "email")
    errors |= _unique(ask.site, ask.body, identity)
    if errors:
        return validation.refused(ask, errors, 409)
    if customers.update_contact(ask.site, identity, ask.body):
        return ok("Contact Updated Successfully.")
    return failed("Client Update Fail.")


def delete(ask: Ask) -> Reply:
    """Delete a contact."""
    if ask.id.isdigit() and customers.delete_contact(ask.site, int(ask.id)):
        return ok("Contact Delete Successful.")
    return failed("Contact Delete Fail.")


def _listed(ask: Ask, rows: list[Row]) -> Reply:
    site = ask.site
    return answer(ask, Listing(rows=rows, show=lambda row: shown(site, row)))


def _password(ask: Ask, body: dict[str, Any]) -> validation.Errors:
    """2.x wants a password unless a set-password mail is asked for; 3.x the other way round."""
    mail = "send_set_password_email" in body
    needed = mail if ask.site.version.modern_routes else not mail
    return validation.required(body, "password") if needed else {}


def _unique(site: Site, body: dict[str, Any], identity: int = 0) -> validation.Errors:
    email = str(body.get("email") or "")
    if email and customers.email_taken(site, email, identity):
        return {"email": "The email field must contain a unique value."}
    return {}
