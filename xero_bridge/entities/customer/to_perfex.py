"""Writing a Xero contact to Perfex: a customer, and its primary contact where it has none yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from xero_bridge.core.books import Books
from xero_bridge.core.entity import Encoding, Json, Payload
from xero_bridge.core.errors import Held
from xero_bridge.core.record import Record
from xero_bridge.entities.address import Address
from xero_bridge.entities.customer.record import Customer, Person
from xero_bridge.entities.text import fold, perfex_lines, perfex_text

#: Capability of a site whose customer groups can be read: a PUT takes away those it does not name.
CUSTOMER_GROUPS = "customer_groups"
#: Facets that stand on the primary contact; its permissions cannot be read, so it is never PUT.
CONTACT = frozenset({"email", "person"})
_NAME, _VAT, _PHONE, _EMAIL = 191, 50, 30, 100
_STREET, _PLACE = 191, 100
#: Perfex wants both names of a person.
_NO_NAME = "-"


def create(encoding: Encoding, books: Books) -> Payload:
    """The customer; its contact follows once it is there, without a welcome mail."""
    customer = _customer(encoding.source)
    body: Json = {}
    for columns in _COLUMNS.values():
        body |= columns(customer, books)
    body |= {main: body[billing] for main, billing in _MAIN.items()}
    filled = {name: value for name, value in body.items() if value != ""}
    return Payload(body=filled, declared=_declared(customer, books, frozenset(_COLUMNS)))


def update(encoding: Encoding, books: Books) -> Payload:
    """The columns of these facets; the client adds what a PUT would reset."""
    customer, facets = _customer(encoding.source), encoding.facets
    body: Json = {}
    columns: Json = {}
    for facet, columns_of in _COLUMNS.items():
        if facet in facets:
            columns |= columns_of(customer, books)
    if columns:
        body["customer"] = columns
    if facets & CONTACT:
        body["contact"] = _contact(customer)
    return Payload(body=body, declared=_declared(customer, books, facets))


def by_hand(encoding: Encoding, books: Books) -> frozenset[str]:
    """What only a person can change: a contact that is there, and groups that nobody can read.

    A customer without a company shows its person's name: a PUT would make it a company.
    """
    source, target = _customer(encoding.source), _customer(encoding.target)
    has_contact = bool(target.email or target.person)
    hand = CONTACT if has_contact or not source.email else frozenset[str]()
    is_person = has_contact and target.name == str(target.person)
    if is_person or CUSTOMER_GROUPS not in books.site.capabilities:
        hand |= encoding.facets - CONTACT
    return hand


def carried(customer: Record) -> Record:
    """What a create carries into Perfex: the contact follows, as it is a record of its own."""
    assert isinstance(customer, Customer)
    if not customer.status or not customer.email:
        return customer
    return replace(customer, email="", person=Person())


def shown(record: Record, books: Books) -> Mapping[str, object]:
    """The facets of a Xero contact as a Perfex customer would show them; raises Held."""
    customer = _customer(record)
    return {
        "name": perfex_text(customer.name, _NAME),
        "tax_number": perfex_text(customer.tax_number, _VAT),
        "phone": perfex_text(customer.phone, _PHONE),
        "email": customer.email[:_EMAIL],
        "person": _person(customer) if customer.email else customer.person,
        "billing": _shown_address(customer.billing, customer.label, books),
        "shipping": _located(_shown_address(customer.shipping, customer.label, books)),
        "currency": customer.currency,
    }


def _person(customer: Customer) -> Person:
    first, last = (perfex_text(name, _NAME) for name in customer.person)
    if not first and not last:
        first = perfex_text(customer.name, _NAME)
    return Person(first or _NO_NAME, last or _NO_NAME)


def _contact(customer: Customer) -> Json:
    person = _person(customer)
    phone = {"phonenumber": perfex_text(customer.phone, _PHONE)} if customer.phone else {}
    return {
        "firstname": person.first,
        "lastname": person.last,
        "email": customer.email[:_EMAIL],
        **phone,
    }


def _name(customer: Customer, _books: Books) -> Json:
    name = perfex_text(customer.name, _NAME)
    if not name:
        raise Held("name_missing", label=customer.label)
    return {"company": name}


def _currency(customer: Customer, books: Books) -> Json:
    """Perfex writes 0 for its base currency; Xero's base currency is named as such.

    Old modules tell their currencies only by their invoices: before the first one a contact in
    Xero's base currency gets Perfex's.
    """
    code = customer.currency or books.organisation.base_currency
    untold = not (customer.currency or books.site.base_currency)
    if not code or untold or code == books.site.base_currency:
        return {"default_currency": "0"}
    if code not in books.site.currencies:
        raise Held("perfex_currency_missing", label=customer.label, currency=code)
    return {"default_currency": books.site.currencies[code]}


def _address(name: str) -> Callable[[Customer, Books], Json]:
    def columns(customer: Customer, books: Books) -> Json:
        address: Address = getattr(customer, name)
        return {
            f"{name}_street": perfex_lines(address.street, _STREET),
            f"{name}_city": perfex_text(address.city, _PLACE),
            f"{name}_state": perfex_text(address.state, _PLACE),
            f"{name}_zip": perfex_text(address.zip, _PLACE),
            f"{name}_country": _country_id(address.country, customer.label, books),
        }

    return columns


def _shown_address(address: Address, label: str, books: Books) -> Address:
    return Address(
        street=perfex_lines(address.street, _STREET),
        city=perfex_text(address.city, _PLACE),
        state=perfex_text(address.state, _PLACE),
        zip=perfex_text(address.zip, _PLACE),
        country=books.site.countries.get(_country_id(address.country, label, books), ""),
    )


def _located(address: Address) -> Address:
    """Perfex fills in a country by itself: alone it is no address to ship to."""
    return address if address.located else Address()


def _country_id(country: str, label: str, books: Books) -> str:
    """The id of a country that Xero names or writes as a code; raises Held for an unknown one."""
    if not country:
        return "0"
    by_name = {fold(name): id for id, name in books.site.countries.items()}
    found = by_name.get(fold(country)) or books.site.country_codes.get(country.strip().lower())
    if not found:
        raise Held("country_unknown", label=label, country=country)
    return found


_MAIN = {
    "address": "billing_street",
    "city": "billing_city",
    "state": "billing_state",
    "zip": "billing_zip",
    "country": "billing_country",
}
_COLUMNS: dict[str, Callable[[Customer, Books], Json]] = {
    "name": _name,
    "tax_number": lambda customer, _: {"vat": perfex_text(customer.tax_number, _VAT)},
    "phone": lambda customer, _: {"phonenumber": perfex_text(customer.phone, _PHONE)},
    "billing": _address("billing"),
    "shipping": _address("shipping"),
    "currency": _currency,
}


def _declared(
    customer: Customer, books: Books, facets: frozenset[str]
) -> dict[str, tuple[str, str]]:
    """What Perfex does not take as Xero has it."""
    then = shown(customer, books)
    now = {name: getattr(customer, name) for name in facets}
    return {name: (str(then[name]), str(now[name])) for name in facets if then[name] != now[name]}


def _customer(record: Record | None) -> Customer:
    assert isinstance(record, Customer)
    return record
