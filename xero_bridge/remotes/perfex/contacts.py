"""A customer's primary contact: its e-mail and name stand there, not on the customer."""

from __future__ import annotations

import msgspec

from xero_bridge.remotes.perfex import lists, rows
from xero_bridge.remotes.perfex.bulk import Passage
from xero_bridge.remotes.perfex.module import Module
from xero_bridge.remotes.perfex.problems import NoData
from xero_bridge.remotes.perfex.rows import Members

LIST = "contacts_list"


class Contacts:
    """The primary contacts of all customers, by customer id.

    `whole` says that a customer without one here certainly has none.
    """

    def __init__(self, module: Module) -> None:
        """Read them by batch; where that is refused there are none and `whole` is false."""
        self._found: dict[str, tuple[int, bytes]] = {}
        passage = Passage(module, LIST, "id")
        for part in passage.parts():
            for members in part:
                self._keep(members)
        self.whole = passage.whole

    def of(self, customer_id: str) -> bytes | None:
        """The primary contact as JSON."""
        found = self._found.get(customer_id)
        return found[1] if found else None

    def _keep(self, members: Members) -> None:
        if not is_primary(members):
            return
        customer, id = rows.as_text(members.get("userid")), _number(members)
        if customer not in self._found or id < self._found[customer][0]:
            self._found[customer] = (id, rows.row(members, "id").raw)


def read_primary(module: Module, customer_id: str) -> bytes | None:
    """The primary contact of one customer, None when it has none."""
    try:
        with module.allowed("contacts"):
            top, _ = module.api.read("contacts", customer_id, query=module.api.uncached())
    except NoData:
        return None
    found = [each for each in rows.members_of(lists.array(top)) if is_primary(each)]
    first = min(found, key=_number, default=None)
    return None if first is None else rows.row(first, "id").raw


def is_primary(members: Members) -> bool:
    """Active and primary: the REST lists show active contacts only, batches all."""
    flags = (members.get("is_primary"), members.get("active"))
    return all(rows.as_text(flag) == "1" for flag in flags)


def _number(members: Members) -> int:
    text = rows.as_text(members.get("id"))
    return int(text) if text.isdigit() else 1 << 62


def joined(customer: bytes, contact: bytes | None, *, known: bool) -> bytes:
    """`{"customer": ..., "contact": ...}`; the contact is left out when it is not known yet."""
    parts = {"customer": msgspec.Raw(customer)}
    if known or contact is not None:
        parts["contact"] = msgspec.Raw(contact or b"null")
    return rows.encoded(parts)
