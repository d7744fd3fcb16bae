"""A Xero contact, and how a Perfex customer is written to one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from xero_bridge.core.books import Books
from xero_bridge.core.entity import Decoded, Encoding, Json, Lookups, Payload
from xero_bridge.core.errors import Held
from xero_bridge.core.record import Record
from xero_bridge.entities import address
from xero_bridge.entities.address import Address, XeroAddressWire
from xero_bridge.entities.customer.record import Customer, Person
from xero_bridge.entities.dates import xero_instant
from xero_bridge.entities.marks import customer_mark, mark_in
from xero_bridge.entities.text import NAME_LIMIT, contact_name, is_email, squeeze
from xero_bridge.entities.wire import xero_name

_NUMBER_LIMIT = 50


class XeroPhoneWire(msgspec.Struct, frozen=True, rename=xero_name):
    """One phone slot of a contact."""

    phone_type: str | None = None
    phone_number: str | None = None
    phone_area_code: str | None = None
    phone_country_code: str | None = None


class XeroContactWire(msgspec.Struct, frozen=True, rename=xero_name):
    """An element of `Contacts`."""

    contact_id: str
    name: str
    contact_number: str | None = None
    contact_status: str = "ACTIVE"
    first_name: str | None = None
    last_name: str | None = None
    email_address: str | None = None
    tax_number: str | None = None
    website: str | None = None
    is_supplier: bool | None = None
    is_customer: bool | None = None
    default_currency: str | None = None
    addresses: list[XeroAddressWire] | None = None
    phones: list[XeroPhoneWire] | None = None
    merged_to_contact_id: str | None = None
    updated_date_utc: str | None = None


def from_xero(wire: XeroContactWire, lookups: Lookups) -> Decoded:
    """The canonical customer of a contact."""
    slots = {slot.address_type: slot for slot in wire.addresses or ()}
    currency = wire.default_currency or ""
    record = Customer(
        name=squeeze(wire.name),
        tax_number=squeeze(wire.tax_number or ""),
        phone=_phone(wire),
        website=wire.website or "",
        email=(wire.email_address or "").strip(),
        person=Person(squeeze(wire.first_name or ""), squeeze(wire.last_name or "")),
        billing=_address(slots.get("POBOX")),
        shipping=_address(slots.get("STREET")),
        currency="" if currency == lookups.base_currency else currency,
        active=wire.contact_status == "ACTIVE",
        status=wire.contact_status,
        supplier_only=bool(wire.is_supplier) and not wire.is_customer,
        merged_into=wire.merged_to_contact_id or "",
    )
    return Decoded(
        id=wire.contact_id,
        record=record,
        mark=mark_in(wire.contact_number, lookups.tag, "C"),
        updated_at=xero_instant(wire.updated_date_utc) if wire.updated_date_utc else None,
    )


def create(encoding: Encoding, books: Books) -> Payload:
    """A new contact; its ContactNumber is our mark, which is never written again."""
    customer = _customer(encoding.source)
    mark = customer_mark(books.settings.site_tag, encoding.source_id)
    body = _body(customer, books, [name for name, value in shown(customer, books).items() if value])
    filled = {member: value for member, value in body.items() if value != ""}
    return Payload(
        body={**filled, "ContactNumber": mark}, declared=_declared(customer, books), mark=mark
    )


def update(encoding: Encoding, books: Books) -> Payload:
    """The given facets alone: Xero keeps what is not sent."""
    customer = _customer(encoding.source)
    names = [name for name in FACETS if name in encoding.facets]
    declared = {name: pair for name, pair in _declared(customer, books).items() if name in names}
    return Payload(
        body={"ContactID": encoding.target_id, **_body(customer, books, names)}, declared=declared
    )


def shown(record: Record, books: Books) -> Mapping[str, object]:
    """The facets of a Perfex customer as its Xero contact would show them."""
    body = _body(_customer(record), books, list(FACETS))
    wire = msgspec.convert({**body, "ContactID": "to be given"}, XeroContactWire)
    lookups = Lookups(base_currency=books.organisation.base_currency)
    stored = _customer(from_xero(wire, lookups).record)
    return {name: get(stored) for name, get in FACETS.items()}


FACETS: dict[str, Callable[[Customer], object]] = {
    "name": lambda customer: customer.name,
    "tax_number": lambda customer: customer.tax_number,
    "email": lambda customer: customer.email,
    "person": lambda customer: customer.person,
    "phone": lambda customer: customer.phone,
    "billing": lambda customer: customer.billing,
    "shipping": lambda customer: customer.shipping,
    "currency": lambda customer: customer.currency,
}


def _body(customer: Customer, books: Books, facets: Sequence[str]) -> Json:
    """The members of these facets; the slots of several facets stand in one list."""
    body: Json = {}
    for facet in facets:
        for member, value in _MEMBERS[facet](customer, books).items():
            body[member] = [*body.get(member, []), *value] if isinstance(value, list) else value
    return body


def _name(customer: Customer, _books: Books) -> Json:
    name = contact_name(customer.name)
    if not name:
        raise Held("name_missing", label=customer.label)
    return {"Name": name}


def _currency(customer: Customer, books: Books) -> Json:
    """A contact without a currency uses the base currency of the organisation."""
    code = customer.currency or books.site.base_currency
    return {"DefaultCurrency": code} if code and books.currency_enabled(code) else {}


def _email(customer: Customer, _books: Books) -> Json:
    return {"EmailAddress": customer.email if is_email(customer.email) else ""}


def _person(customer: Customer, _books: Books) -> Json:
    first, last = customer.person
    return {
        "FirstName": first[:NAME_LIMIT].rstrip(),
        "LastName": last[:NAME_LIMIT].rstrip(),
    }


def _default_phone(customer: Customer, _books: Books) -> Json:
    number = customer.phone[:_NUMBER_LIMIT].rstrip()
    parts = {"PhoneNumber": number, "PhoneAreaCode": "", "PhoneCountryCode": ""}
    return {"Phones": [{"PhoneType": "DEFAULT", **parts}]}


_MEMBERS: dict[str, Callable[[Customer, Books], Json]] = {
    "name": _name,
    "tax_number": lambda customer, _: {
        "TaxNumber": customer.tax_number[:_NUMBER_LIMIT].rstrip(),
    },
    "email": _email,
    "person": _person,
    "phone": _default_phone,
    "billing": lambda customer, _: {"Addresses": [address.to_xero(customer.billing, "POBOX")]},
    "shipping": lambda customer, _: {"Addresses": [address.to_xero(customer.shipping, "STREET")]},
    "currency": _currency,
}


def _declared(customer: Customer, books: Books) -> dict[str, tuple[str, str]]:
    """What Xero does not take as Perfex has it."""
    now, then = {name: get(customer) for name, get in FACETS.items()}, shown(customer, books)
    return {name: (str(now[name]), str(then[name])) for name in FACETS if now[name] != then[name]}


def _customer(record: Record) -> Customer:
    assert isinstance(record, Customer)
    return record


def _phone(wire: XeroContactWire) -> str:
    """The default number as people write it: country, area, number."""
    for slot in wire.phones or ():
        if slot.phone_type == "DEFAULT":
            parts = (slot.phone_country_code, slot.phone_area_code, slot.phone_number)
            return squeeze(" ".join(part for part in parts if part))
    return ""


def _address(slot: XeroAddressWire | None) -> Address:
    return address.from_xero(slot) if slot else Address()
