"""Writing customers: a PUT resets what it is not sent; people stand in contacts of their own."""

from __future__ import annotations

import secrets

import msgspec

from xero_bridge.core.entity import Codec, Json
from xero_bridge.core.errors import Refused
from xero_bridge.core.remote import Batch
from xero_bridge.remotes.perfex import form, lists
from xero_bridge.remotes.perfex.api import FORM, JSON
from xero_bridge.remotes.perfex.module import Module
from xero_bridge.remotes.perfex.problems import Gone, NoData
from xero_bridge.remotes.perfex.sources import Resource

#: The groups of all customers: an administrator of the site may allow the table.
GROUPS = "tblcustomer_groups"
#: Columns that a PUT empties when they are not sent.
_RESET = ("country", "billing_country", "shipping_country", "default_currency")
_KEPT = (*_RESET, "show_primary_contact")
#: The main address and the billing address, column by column.
_MAIN = {
    "address": "billing_street",
    "city": "billing_city",
    "state": "billing_state",
    "zip": "billing_zip",
    "country": "billing_country",
}


class _Group(msgspec.Struct):
    groupid: str | int
    customer_id: str | int


def groups_are_readable(module: Module) -> bool:
    """Whether the groups of customers can be read, so that a PUT can send them again."""
    feature = f"table:{GROUPS}"
    if feature in module.memory.proven:
        return True
    try:
        _groups(module)
    except Refused:
        return False
    return True


def _groups(module: Module) -> list[_Group]:
    """The groups of all customers; Refused where the table is not allowed."""
    feature = f"table:{GROUPS}"
    if not module.modern or module.refuses(feature):
        raise Refused("table_not_allowed", table=GROUPS)
    try:
        query = module.api.uncached()
        top, _ = module.api.read("thirdparty", "customtable", GROUPS, query=query, slow=True)
    except NoData:
        return []
    except (Gone, Refused) as error:
        module.refused(feature)
        raise Refused("table_not_allowed", table=GROUPS) from error
    module.works(feature)
    return msgspec.json.decode(lists.array(top), type=list[_Group])


def change(module: Module, codec: Codec, batch: Batch) -> None:
    """PUT the columns with all that it would reset, and POST a first contact.

    The body holds `customer` (columns that change) and `contact` (of a customer without one).
    """
    (member,) = batch.members
    sent: Json = msgspec.json.decode(batch.body)
    if "customer" in sent:
        body = _whole(module, codec, member.target_id, sent["customer"])
        try:
            content = msgspec.json.encode(body)
            module.api.write("PUT", codec.path, member.target_id, body=content, content=JSON)
        except Refused as refusal:
            # The module calls it a failure when nothing was different: reading back tells.
            if refusal.details.get("status") != 404:
                raise
    if "contact" in sent:
        _add_contact(module, member.target_id, sent["contact"])


def _whole(module: Module, codec: Codec, id: str, sent: Json) -> Json:
    """What changes, with what a PUT resets as it is this minute."""
    now = _row(module, codec, id)
    groups = [str(g.groupid) for g in _groups(module) if str(g.customer_id) == id]
    kept = {name: now.get(name) or "0" for name in _KEPT}
    whole = {"company": now.get("company") or "", **kept, **_main(now, sent), **sent}
    return {**whole, "groups_in": groups} if groups else whole


def _main(now: Json, sent: Json) -> Json:
    """The main address follows the billing address where both are the same, or only it is used."""
    if "billing_street" not in sent:
        return {}
    billing = {name: now.get(name) or "" for name in _MAIN.values() if name != "billing_country"}
    main = {bill: now.get(name) or "" for name, bill in _MAIN.items() if bill in billing}
    if any(billing.values()) and billing != main:
        return {}
    return {name: sent[bill] for name, bill in _MAIN.items()}


def _row(module: Module, codec: Codec, id: str) -> Json:
    raw = Resource(module, codec).one(id)
    if not isinstance(raw, bytes):
        raise Refused("refused_by_perfex", message=f"customer {id} cannot be read", status=404)
    found: Json = msgspec.json.decode(raw)
    return found


def _add_contact(module: Module, customer: str, contact: Json) -> None:
    """A primary contact, without the welcome mail; its password is known to nobody."""
    body = {
        "customer_id": customer,
        **contact,
        "is_primary": "1",
        "donotsendwelcomeemail": "on",
        "password": secrets.token_urlsafe(24),
    }
    module.api.write("POST", "contacts", body=form.encode(body), content=FORM)
