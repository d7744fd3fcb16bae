"""The canonical customer."""

from __future__ import annotations

from typing import NamedTuple

from xero_bridge.core.record import Record
from xero_bridge.entities.address import Address


class Person(NamedTuple):
    """The primary contact's name."""

    first: str = ""
    last: str = ""

    def __str__(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}".strip()

    def __bool__(self) -> bool:
        """Whether any part of the name is known."""
        return bool(self.first or self.last)


class Customer(Record, frozen=True, kw_only=True):
    """Who is invoiced. An empty currency is the base currency of its side."""

    name: str
    tax_number: str = ""
    phone: str = ""
    website: str = ""
    email: str = ""
    person: Person = Person()
    billing: Address = Address()
    shipping: Address = Address()
    currency: str = ""
    active: bool = True
    #: Xero's ContactStatus (`ACTIVE`, `ARCHIVED`, `GDPRREQUEST`); empty on Perfex.
    status: str = ""
    #: Xero: it has sold us something, and never bought.
    supplier_only: bool = False
    #: Xero: the contact that this one was merged into.
    merged_into: str = ""

    @property
    def label(self) -> str:
        return self.name

    @property
    def closed(self) -> bool:
        return self.status not in {"", "ACTIVE"}
