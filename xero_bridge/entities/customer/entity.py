"""Customers as data: policy, keys, and when two of them are the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from xero_bridge.core.books import Books
from xero_bridge.core.entity import Agreement, Codec, Entity, Facet, Fit, Owner
from xero_bridge.core.record import Mirror, Record
from xero_bridge.core.vocabulary import Births, Direction, Kind, Side
from xero_bridge.entities.customer import to_perfex, xero
from xero_bridge.entities.customer.perfex import PerfexCustomerWire, from_perfex
from xero_bridge.entities.customer.record import Customer
from xero_bridge.entities.marks import customer_mark
from xero_bridge.entities.text import bare, contact_name, fold

_LEGAL_FORMS = frozenset(
    "ab ag aps as bv bvba co company corp corporation doo ek eurl ev gmbh inc incorporated kft kg"
    " limited llc llp ltd ltda mbh nv ohg oy oyj plc private pte pty pvt sa sarl sas sasu sl spa"
    " srl the ug".split()
)
#: `Smith & Sons` is `Smith and Sons`.
_AND = frozenset(("and", "et", "und", "y", "en", "e"))
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
    return _spelling(customer).replace(" ", "") or bare(customer.name)


def _spelling(record: Record) -> str:
    """The words of the name that tell one firm from another, folded."""
    assert isinstance(record, Customer)
    words = map(bare, fold(record.name.replace(".", "")).replace("-", " ").split())
    return " ".join(word for word in words if word and word not in _LEGAL_FORMS | _AND)


def _fit(perfex: Mirror, xero_mirror: Mirror, _books: Books) -> Fit:
    ours, theirs = perfex.record, xero_mirror.record
    assert isinstance(ours, Customer)
    assert isinstance(theirs, Customer)
    if theirs.status == "GDPRREQUEST" or theirs.merged_into:
        return Fit(agreement=Agreement.NO)
    clues = tuple(_alike(ours, theirs))
    apart = tuple(_apart(ours, theirs))
    if not clues:
        return Fit(agreement=Agreement.NO, why=", ".join(apart))
    same = any(clue.certain for clue in clues) and not apart
    return Fit(
        agreement=Agreement.SAME if same else Agreement.MAYBE,
        why=", ".join((*(clue.words for clue in clues), *apart)),
        score=max(clue.score for clue in clues),
        exact=any(clue.exact for clue in clues) and not apart,
    )


class _Clue(NamedTuple):
    """Something that two customers share, and how much it says."""

    words: str
    score: int
    #: It may be accepted among many by one click; alone it is enough to link by itself.
    exact: bool = True
    certain: bool = False


def _alike(ours: Customer, theirs: Customer) -> Iterator[_Clue]:
    if contact_name(ours.name) == contact_name(theirs.name):
        yield _Clue("same name", 100, certain=True)
    elif _name(ours) == _name(theirs):
        yield _Clue("same name but for case or accents", 100)
    elif _core(ours) and _core(ours) == _core(theirs):
        yield _Clue("same name but for legal form or punctuation", 96, exact=False)
    if bare(ours.tax_number) and bare(ours.tax_number) == bare(theirs.tax_number):
        yield _Clue("same tax number", 98)
    if ours.email and ours.email.casefold() == theirs.email.casefold():
        yield _Clue("same e-mail address", 94)


def _apart(ours: Customer, theirs: Customer) -> Iterator[str]:
    numbers = (bare(ours.tax_number), bare(theirs.tax_number))
    if all(numbers) and numbers[0] != numbers[1]:
        yield f"but another tax number ({ours.tax_number}, {theirs.tax_number})"
    if theirs.closed:
        yield "but archived in Xero"


def _excluded(mirror: Mirror, _books: Books) -> str:
    """A supplier of Xero is no customer."""
    record = mirror.record
    assert isinstance(record, Customer)
    only_sells = record.supplier_only and mirror.key.kind is Kind.CUSTOMER
    return "supplier_only" if only_sells else ""


CUSTOMER = Entity(
    kind=Kind.CUSTOMER,
    record=Customer,
    singular="customer",
    plural="customers",
    facets={
        name: Facet(
            get=get,
            owner=Owner.BIRTH,
            sensitive=name == "tax_number",
            written=frozenset(Side),
            words=_WORDS[name],
        )
        for name, get in xero.FACETS.items()
    },
    perfex=Codec(
        path="customers",
        wire=PerfexCustomerWire,
        decode=from_perfex,
        create=to_perfex.create,
        update=to_perfex.update,
        by_hand=to_perfex.by_hand,
        id_field="userid",
    ),
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
    births={Side.PERFEX: Births.CREATE, Side.XERO: Births.IGNORE},
    keys=_keys,
    fit=_fit,
    likeness=_spelling,
    mark=lambda perfex_id, books: customer_mark(books.settings.site_tag, perfex_id),
    carried=to_perfex.carried,
    shown_on_xero=xero.shown,
    shown_on_perfex=to_perfex.shown,
    excluded=_excluded,
    closed_in_xero="archived_in_xero",
    pages={
        Side.PERFEX: "admin/clients/client/{id}",
        Side.XERO: "Contacts/View/{id}",
    },
)
