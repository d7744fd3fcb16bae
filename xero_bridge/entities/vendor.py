"""Vendors: who Perfex's Purchase module buys from; each is a Xero contact, as a customer is."""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs

from xero_bridge.core.books import Books
from xero_bridge.core.entity import Codec, Decoded, Encoding, Entity, Lookups, Part, Payload
from xero_bridge.core.vocabulary import Births, Direction, Kind, Side
from xero_bridge.entities.customer import CUSTOMER, Customer, PerfexCustomerWire, XeroContactWire
from xero_bridge.entities.customer import xero as contact
from xero_bridge.entities.customer.perfex import PerfexContactRow, PerfexCustomerRow
from xero_bridge.entities.customer.perfex import from_perfex as card_of
from xero_bridge.entities.marks import mark_in, vendor_mark
from xero_bridge.entities.wire import ABSENT, Loose, WireError, as_flag, as_text


class PerfexVendorContact(PerfexContactRow, frozen=True, kw_only=True):
    """A row of `pur_contacts`."""

    id: Loose = ABSENT
    is_primary: Loose = ABSENT
    active: Loose = ABSENT


class PerfexVendorWire(PerfexCustomerRow, frozen=True, kw_only=True):
    """A row of `pur_vendor`, shaped as one of customers, with its contacts."""

    contacts: tuple[PerfexVendorContact, ...] = ()


def from_perfex(wire: PerfexVendorWire, lookups: Lookups) -> Decoded:
    """The vendor's card; its primary contact gives person and e-mail, as with customers."""
    try:
        return card_of(PerfexCustomerWire(customer=wire, contact=_primary(wire)), lookups)
    except WireError as error:
        raise WireError(f"vendor {as_text(wire.userid)}: {error}") from error


def _primary(wire: PerfexVendorWire) -> PerfexContactRow | None:
    usable = [one for one in wire.contacts if as_flag(one.is_primary) and as_flag(one.active)]
    return min(usable, key=lambda one: (len(as_text(one.id)), as_text(one.id)), default=None)


def from_xero(wire: XeroContactWire, lookups: Lookups) -> Decoded:
    """The card of a contact, and our mark in it if it was made from a vendor."""
    found = contact.from_xero(wire, lookups)
    return structs.replace(found, mark=mark_in(wire.contact_number, lookups.tag, "V"))


def create(encoding: Encoding, books: Books) -> Payload:
    """A new contact; its ContactNumber is our mark, which is never written again."""
    made = contact.create(encoding, books)
    mark = vendor_mark(books.settings.site_tag, encoding.source_id)
    return structs.replace(made, body={**made.body, "ContactNumber": mark}, mark=mark)


VENDOR = Entity(
    kind=Kind.VENDOR,
    record=Customer,
    singular="vendor",
    plural="vendors",
    facets={
        name: replace(facet, held=frozenset(Side), written=frozenset({Side.XERO}))
        for name, facet in CUSTOMER.facets.items()
        if name in contact.FACETS
    },
    perfex=Codec(
        path="customtable/tblpur_vendor",
        wire=PerfexVendorWire,
        decode=from_perfex,
        id_field="userid",
        parts={"contacts": Part(table="tblpur_contacts", of="userid", optional=True)},
    ),
    xero=Codec(
        path="Contacts",
        wire=XeroContactWire,
        decode=from_xero,
        create=create,
        update=contact.update,
        id_field="ContactID",
        since=True,
        paged=True,
        query={"includeArchived": "true"},
        by_ids=True,
        cadence="daily",
        batch=50,
    ),
    needs="purchase_vendors",
    shares=Kind.CUSTOMER,
    closed_in_xero="archived_in_xero",
    direction=Direction.PERFEX_TO_XERO,
    directions=frozenset({Direction.OFF, Direction.PERFEX_TO_XERO}),
    births={Side.PERFEX: Births.CREATE, Side.XERO: Births.IGNORE},
    keys=CUSTOMER.keys,
    fit=CUSTOMER.fit,
    likeness=CUSTOMER.likeness,
    mark=lambda perfex_id, books: vendor_mark(books.settings.site_tag, perfex_id),
    shown_on_xero=contact.shown,
    pages={
        Side.PERFEX: "admin/purchase/vendor/{id}",
        Side.XERO: "Contacts/View/{id}",
    },
)
