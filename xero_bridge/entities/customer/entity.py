"""Customers as data: policy, keys, and when two of them are the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xero_bridge.core.books import Books
from xero_bridge.core.entity import Agreement, Codec, Entity, Facet, Fit, Owner
from xero_bridge.core.record import Mirror, Record
from xero_bridge.core.vocabulary import Births, Direction, Kind, Side
from xero_bridge.entities.customer import xero
from xero_bridge.entities.customer.perfex import PerfexCustomerWire, from_perfex
from xero_bridge.entities.customer.record import Customer
from xero_bridge.entities.marks import customer_mark
from xero_bridge.entities.text import bare, contact_name, fold

_LEGAL_FORMS = frozenset(
    "ab ag as bv co company corp gmbh inc incorporated limited llc llp ltd"
    " nv oy plc pty sa sarl srl the".split()
)
_WORDS = {
    "name": "name",
    "tax_number": "tax number",
    "email": "e-mail address",
    "person": "contact person",
    "phone": "phone number",
    "billing": "billing address",
    "shipping": "shipping address",
    "currency": "currency",
}


def _keys(record: Record, _side: Side) -> Sequence[str]:
    assert isinstance(record, Customer)
    return tuple(_clues(record))


def _clues(customer: Customer) -> Iterator[str]:
    yield f"name:{_name(customer)}"
    if _core(customer):
        yield f"like:{_core(customer)}"
    if bare(customer.tax_number):
        yield f"tax:{bare(customer.tax_number)}"
    if customer.email:
        yield f"email:{customer.email.casefold()}"


def _name(customer: Customer) -> str:
    return fold(contact_name(customer.name))


def _core(customer: Customer) -> str:
    """The name without legal forms and punctuation: what people mistype least."""
    words = fold(customer.name.replace(".", "")).split()
    return bare(" ".join(word for word in words if bare(word) not in _LEGAL_FORMS)) or bare(
        customer.name
    )


def _fit(perfex: Mirror, xero_mirror: Mirror, _books: Books) -> Fit:
    ours, theirs = perfex.record, xero_mirror.record
    assert isinstance(ours, Customer)
    assert isinstance(theirs, Customer)
    if theirs.status == "GDPRREQUEST" or theirs.merged_into:
        return Fit(agreement=Agreement.NO)
    alike = tuple(_alike(ours, theirs))
    if not alike:
        return Fit(agreement=Agreement.NO)
    apart = tuple(_apart(ours, theirs))
    same = "same name" in alike and not apart
    agreement = Agreement.SAME if same else Agreement.MAYBE
    return Fit(agreement=agreement, why=", ".join((*alike, *apart)))


def _alike(ours: Customer, theirs: Customer) -> Iterator[str]:
    if _name(ours) == _name(theirs):
        yield "same name"
    elif _core(ours) and _core(ours) == _core(theirs):
        yield "similar name"
    if bare(ours.tax_number) and bare(ours.tax_number) == bare(theirs.tax_number):
        yield "same tax number"
    if ours.email and ours.email.casefold() == theirs.email.casefold():
        yield "same e-mail address"


def _apart(ours: Customer, theirs: Customer) -> Iterator[str]:
    numbers = (bare(ours.tax_number), bare(theirs.tax_number))
    if all(numbers) and numbers[0] != numbers[1]:
        yield f"but another tax number ({ours.tax_number}, {theirs.tax_number})"
    if theirs.closed:
        yield "but archived in Xero"


CUSTOMER = Entity(
    kind=Kind.CUSTOMER,
    record=Customer,
    singular="customer",
    plural="customers",
    facets={
        name: Facet(get=get, owner=Owner.BIRTH, sensitive=name == "tax_number", words=_WORDS[name])
        for name, get in xero.FACETS.items()
    },
    perfex=Codec(path="customers", wire=PerfexCustomerWire, decode=from_perfex, id_field="userid"),
    xero=Codec(
        path="Contacts",
        wire=xero.XeroContactWire,
        decode=xero.from_xero,
        create=xero.create,
        update=xero.update,
        id_field="ContactID",
        since=True,
        paged=True,
        query={"includeArchived": "true"},
        by_ids=True,
        batch=50,
    ),
    direction=Direction.PERFEX_TO_XERO,
    directions=frozenset({Direction.OFF, Direction.PERFEX_TO_XERO}),
    births={Side.PERFEX: Births.CREATE, Side.XERO: Births.IGNORE},
    keys=_keys,
    fit=_fit,
    mark=lambda perfex_id, books: customer_mark(books.settings.site_tag, perfex_id),
    shown_on_xero=xero.shown,
    closed_in_xero="archived_in_xero",
)
