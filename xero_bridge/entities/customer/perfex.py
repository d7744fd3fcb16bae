"""A Perfex customer row with its primary contact, as the client joins them."""

from __future__ import annotations

import msgspec

from xero_bridge.core.entity import Decoded, Lookups
from xero_bridge.entities.address import Address
from xero_bridge.entities.customer.record import Customer, Person
from xero_bridge.entities.text import clean, squeeze
from xero_bridge.entities.wire import ABSENT, Loose, WireError, as_flag, as_id, as_text


class PerfexCustomerRow(msgspec.Struct, frozen=True):
    """A row of `customers`."""

    userid: Loose
    company: Loose = ABSENT
    vat: Loose = ABSENT
    phonenumber: Loose = ABSENT
    website: Loose = ABSENT
    active: Loose = ABSENT
    datecreated: Loose = ABSENT
    default_currency: Loose = ABSENT
    address: Loose = ABSENT
    city: Loose = ABSENT
    state: Loose = ABSENT
    zip: Loose = ABSENT
    country: Loose = ABSENT
    billing_street: Loose = ABSENT
    billing_city: Loose = ABSENT
    billing_state: Loose = ABSENT
    billing_zip: Loose = ABSENT
    billing_country: Loose = ABSENT
    shipping_street: Loose = ABSENT
    shipping_city: Loose = ABSENT
    shipping_state: Loose = ABSENT
    shipping_zip: Loose = ABSENT
    shipping_country: Loose = ABSENT


class PerfexContactRow(msgspec.Struct, frozen=True):
    """A row of `contacts`, without the password hash and the other secrets that it comes with."""

    firstname: Loose = ABSENT
    lastname: Loose = ABSENT
    email: Loose = ABSENT
    phonenumber: Loose = ABSENT


class PerfexCustomerWire(msgspec.Struct, frozen=True):
    """What the client hands over: the row, and the primary contact where there is one."""

    customer: PerfexCustomerRow
    contact: PerfexContactRow | None = None


def from_perfex(wire: PerfexCustomerWire, lookups: Lookups) -> Decoded:
    """The canonical customer; a person without a company bears the contact's name."""
    row, contact = wire.customer, wire.contact or PerfexContactRow()
    person = Person(_line(contact.firstname), _line(contact.lastname))
    name = _line(row.company) or str(person)
    if not name:
        raise WireError(f"customer {as_text(row.userid)} has neither a company nor a contact name.")
    main = _address(lookups, row.address, row.city, row.state, row.zip, row.country)
    billing, shipping = _billing(row, lookups), _shipping(row, lookups)
    record = Customer(
        name=name,
        tax_number=_line(row.vat),
        phone=_line(row.phonenumber) or _line(contact.phonenumber),
        website=_line(row.website),
        email=_line(contact.email),
        person=person,
        billing=billing if billing.located else main,
        shipping=shipping if shipping.located else Address(),
        currency=_currency(as_text(row.default_currency), lookups),
        active=as_flag(row.active) if as_text(row.active) else True,
    )
    stamp = as_text(row.datecreated)
    return Decoded(id=as_id(row.userid, "userid"), record=record, stamp=stamp)


def _line(value: Loose) -> str:
    return squeeze(clean(as_text(value)))


def _billing(row: PerfexCustomerRow, lookups: Lookups) -> Address:
    parts = (row.billing_street, row.billing_city, row.billing_state, row.billing_zip)
    return _address(lookups, *parts, row.billing_country)


def _shipping(row: PerfexCustomerRow, lookups: Lookups) -> Address:
    parts = (row.shipping_street, row.shipping_city, row.shipping_state, row.shipping_zip)
    return _address(lookups, *parts, row.shipping_country)


def _address(lookups: Lookups, *parts: Loose) -> Address:
    street, city, state, code, country = parts
    return Address(
        street=clean(as_text(street)),
        city=_line(city),
        state=_line(state),
        zip=_line(code),
        country=lookups.countries.get(as_text(country), ""),
    )


def _currency(currency_id: str, lookups: Lookups) -> str:
    """Perfex writes 0 for its base currency."""
    code = lookups.currencies.get(currency_id, "")
    return "" if currency_id in {"", "0"} or code == lookups.base_currency else code
