"""/api/customers: no e-mail here, and a PUT that is not a patch."""

from __future__ import annotations

from typing import Final

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
from xero_bridge.simulator.perfex.schema import TABLES
from xero_bridge.simulator.perfex.site import Site

SEARCHED: Final = ("company", "vat", "phonenumber", "city", "zip", "state", "address")
KNOWN: Final = frozenset(TABLES["clients"].columns) | {"groups_in", "custom_fields"}


def shown(site: Site, row: Row) -> Shown:
    """Show a customer: a person's name stands in for a missing company."""
    name = row["company"] or customers.display_name(site, row)
    own = fields.shown(site, "customers", row["userid"])
    return {**row, "company": name, "customfields": own}


def index(ask: Ask) -> Reply:
    """List all customers, inactive ones too, by company."""
    site = ask.site
    rows = sorted(site.db.rows("clients"), key=lambda row: (row["company"] or "").lower())
    return answer(ask, Listing(rows=rows, show=lambda row: shown(site, row)))


def one(ask: Ask) -> Reply:
    """Show one customer; the VAT number is null where the site does not ask for it."""
    row = ask.site.db.get("clients", ask.id)
    if row is None:
        return no_data()
    detail = shown(ask.site, row)
    if not ask.site.settings.company_requires_vat:
        detail["vat"] = None
    return Reply(content=detail)


def search(ask: Ask) -> Reply:
    """Find active customers by a part of a text."""
    term, site = ask.id.lower(), ask.site
    found = [
        row for row in site.db.rows("clients") if row["active"] == "1" and _hit(site, row, term)
    ]
    return Reply(content=[dict(row) for row in found]) if found else no_data()


def create(ask: Ask) -> Reply:
    """Add a customer; keys that are no columns are dropped by 3.x and refused by MySQL in 2.x."""
    body = ask.body or {}
    if errors := validation.required(body, "company"):
        return validation.refused(ask, errors, 404)
    identity = customers.add(ask.site, {k: v for k, v in body.items() if k in KNOWN})
    return created(ask, "Client add successful.", identity)


def change(ask: Ask) -> Reply:
    """Replace a customer's fields; identical data answers 404."""
    if not ask.body:
        return not_acceptable()
    row, site = ask.site.db.get("clients", ask.id), ask.site
    if row is None:
        return failed("Customers Update Fail.")
    if set(ask.body) == {"custom_fields"}:
        changed = fields.save(site, "customers", int(ask.id), ask.body["custom_fields"])
    elif errors := validation.required(ask.body, "company"):
        return validation.refused(ask, errors, 409)
    else:
        known = {key: value for key, value in ask.body.items() if key in KNOWN}
        changed = customers.update(site, int(ask.id), known)
    return ok("Customers Update Successful.") if changed else failed("Customers Update Fail.")


def delete(ask: Ask) -> Reply:
    """Delete a customer that no invoice refers to."""
    if ask.id.isdigit() and customers.delete(ask.site, int(ask.id)):
        return ok("Customer Delete Successful.")
    return failed("Customer Delete Fail.")


def _hit(site: Site, row: Row, term: str) -> bool:
    texts = [row[name] or "" for name in SEARCHED]
    for contact in site.db.where("contacts", userid=row["userid"]):
        texts += [f"{contact['firstname']} {contact['lastname']}", contact["email"] or ""]
    texts += [field["value"] or "" for field in fields.shown(site, "customers", row["userid"])]
    return any(term in text.lower() for text in texts)
