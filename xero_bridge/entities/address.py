"""Postal addresses: one street text in Perfex, four lines in Xero."""

from __future__ import annotations

import msgspec

from xero_bridge.core.entity import Json
from xero_bridge.entities.text import NAME_LIMIT, country_name, squeeze
from xero_bridge.entities.wire import xero_name

_LINES = 4
_LINE_LIMIT = 500
_ZIP_LIMIT = 50


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """An address; the street may have several lines."""

    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""

    def __str__(self) -> str:
        """The address on one line."""
        parts = (self.street.replace("\n", ", "), self.zip, self.city, self.state, self.country)
        return ", ".join(part for part in parts if part)

    def __bool__(self) -> bool:
        """Whether there is anything in it."""
        return self != Address()

    @property
    def located(self) -> bool:
        """Whether there is more than a country in it."""
        return bool(self.street or self.city or self.state or self.zip)


class XeroAddressWire(msgspec.Struct, frozen=True, rename=xero_name):
    """One address slot of a contact."""

    address_type: str | None = None
    address_line1: str | None = None
    address_line2: str | None = None
    address_line3: str | None = None
    address_line4: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None


def from_xero(slot: XeroAddressWire) -> Address:
    """The address of a slot."""
    lines = (slot.address_line1, slot.address_line2, slot.address_line3, slot.address_line4)
    return Address(
        street="\n".join(squeeze(line) for line in lines if line and line.strip()),
        city=squeeze(slot.city or ""),
        state=squeeze(slot.region or ""),
        zip=squeeze(slot.postal_code or ""),
        country=squeeze(slot.country or ""),
    )


def to_xero(address: Address, slot: str) -> Json:
    """The slot with every member said, so that what was emptied in Perfex is emptied in Xero too.

    Xero takes four lines of 500 characters: further lines of a street are joined to the fourth.
    """
    lines = [squeeze(line) for line in address.street.split("\n") if line.strip()]
    lines[_LINES - 1 :] = [", ".join(lines[_LINES - 1 :])] if len(lines) >= _LINES else []
    lines += [""] * (_LINES - len(lines))
    return {
        "AddressType": slot,
        **{f"AddressLine{i}": line[:_LINE_LIMIT].rstrip() for i, line in enumerate(lines, 1)},
        "City": squeeze(address.city)[:NAME_LIMIT].rstrip(),
        "Region": squeeze(address.state)[:NAME_LIMIT].rstrip(),
        "PostalCode": squeeze(address.zip)[:_ZIP_LIMIT].rstrip(),
        "Country": country_name(address.country),
    }
