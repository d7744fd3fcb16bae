"""Customers: read from both sides, written to Xero, told apart."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.entities import recorded
from tests.entities.ledger import Ledger, decoded, mirror
from tests.entities.recorded import raw
from xero_bridge.core.books import Organisation, Site
from xero_bridge.core.entity import Agreement, Encoding, Fit, Payload
from xero_bridge.core.errors import Held
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.entities import ENTITIES
from xero_bridge.entities.address import Address
from xero_bridge.entities.customer import CUSTOMER, Customer
from xero_bridge.entities.customer.record import Person
from xero_bridge.entities.text import squeeze
from xero_bridge.entities.wire import WireError


def perfex(row: dict[str, Any] | None = None, contact: dict[str, Any] | None = None) -> Customer:
    answer = {
        "customer": {**recorded.PERFEX_CUSTOMER["customer"], **(row or {})},
        "contact": {**recorded.PERFEX_CUSTOMER["contact"], **(contact or {})},
    }
    record = decoded(Kind.CUSTOMER, Side.PERFEX, raw(answer)).record
    assert isinstance(record, Customer)
    return record


def xero(**changes: Any) -> Customer:
    record = decoded(Kind.CUSTOMER, Side.XERO, raw(recorded.XERO_CONTACT, **changes)).record
    assert isinstance(record, Customer)
    return record


def created(customer: Customer, books: Ledger | None = None) -> Payload:
    assert CUSTOMER.xero is not None
    assert CUSTOMER.xero.create is not None
    return CUSTOMER.xero.create(Encoding(source=customer, source_id="41"), books or Ledger())


def updated(customer: Customer, *facets: str, books: Ledger | None = None) -> Payload:
    assert CUSTOMER.xero is not None
    assert CUSTOMER.xero.update is not None
    encoding = Encoding(source=customer, source_id="41", target_id="c-1", facets=frozenset(facets))
    return CUSTOMER.xero.update(encoding, books or Ledger())


def test_a_customer_is_read_with_its_primary_contact() -> None:
    found = decoded(Kind.CUSTOMER, Side.PERFEX, raw(recorded.PERFEX_CUSTOMER))
    assert found.id == "41"
    assert found.stamp == "2025-03-02 09:14:55"
    assert found.record == Customer(
        name="Northwind Trading Ltd",
        tax_number="GB123456789",
        phone="+44 20 5550 100",
        website="https://northwind.example",
        email="ann@northwind.example",
        person=Person("Ann", "Lee"),
        billing=Address(
            street="12 Mill Lane", city="Leeds", zip="LS1 4AP", country="United Kingdom"
        ),
    )


def test_a_password_hash_goes_nowhere() -> None:
    found = decoded(Kind.CUSTOMER, Side.PERFEX, raw(recorded.PERFEX_CUSTOMER))
    assert "hash" not in repr(found)


def test_a_person_without_a_company_bears_the_name_of_the_contact() -> None:
    assert perfex({"company": ""}).name == "Ann Lee"


def test_a_customer_without_any_name_is_refused() -> None:
    answer = {"customer": {**recorded.PERFEX_CUSTOMER["customer"], "company": ""}, "contact": None}
    with pytest.raises(WireError, match="neither a company nor a contact"):
        decoded(Kind.CUSTOMER, Side.PERFEX, raw(answer))


def test_a_customer_without_a_billing_address_is_billed_at_its_own() -> None:
    blank = {f"billing_{part}": None for part in ("street", "city", "state", "zip")}
    customer = perfex({**blank, "address": "1 High St<br />\nFloor 2", "billing_country": "0"})
    assert customer.billing.street == "1 High St\nFloor 2"
    assert customer.billing.country == "United Kingdom"


def test_the_base_currency_is_not_named_and_another_one_is() -> None:
    assert perfex({"default_currency": "0"}).currency == ""
    assert perfex({"default_currency": "2"}).currency == ""
    assert perfex({"default_currency": "3"}).currency == "EUR"


def test_a_contact_is_read_with_its_default_phone_and_both_addresses() -> None:
    customer = xero(DefaultCurrency="GBP")
    assert customer.phone == "64 09 5550101"
    assert customer.billing == Address(
        street="12 Quay St", city="Auckland", zip="1010", country="New Zealand"
    )
    assert not customer.shipping
    assert customer.currency == ""


def test_an_archived_contact_is_closed_and_a_merged_one_names_its_heir() -> None:
    assert xero(ContactStatus="ARCHIVED").closed
    assert xero(MergedToContactID="other").merged_into == "other"
    assert not xero().closed


def test_our_number_is_a_mark_and_another_app_s_is_not() -> None:
    marks = [
        decoded(Kind.CUSTOMER, Side.XERO, raw(recorded.XERO_CONTACT, ContactNumber=number)).mark
        for number in ("PX-C-41", "SHOPIFY-9", None)
    ]
    assert marks == ["PX-C-41", "", ""]


def test_a_new_contact_bears_our_mark_and_only_what_is_known() -> None:
    payload = created(perfex({"vat": "", "phonenumber": ""}, {"phonenumber": ""}))
    assert payload.mark == payload.body["ContactNumber"] == "PX-C-41"
    assert payload.body["Name"] == "Northwind Trading Ltd"
    assert [slot["AddressType"] for slot in payload.body["Addresses"]] == ["POBOX"]
    assert not {"TaxNumber", "Phones", "DefaultCurrency", "Website"} & set(payload.body)
    assert payload.declared == {}


def test_an_update_sends_the_given_facets_alone_and_never_the_mark() -> None:
    payload = updated(perfex(), "phone", "billing")
    assert set(payload.body) == {"ContactID", "Phones", "Addresses"}
    assert payload.body["Phones"][0]["PhoneNumber"] == "+44 20 5550 100"


def test_what_was_emptied_in_perfex_is_emptied_in_xero() -> None:
    payload = updated(perfex({"vat": ""}), "tax_number", "shipping")
    assert payload.body["TaxNumber"] == ""
    assert payload.body["Addresses"] == [
        {
            "AddressType": "STREET",
            **{f"AddressLine{line}": "" for line in range(1, 5)},
            **dict.fromkeys(("City", "Region", "PostalCode", "Country"), ""),
        }
    ]


def test_two_addresses_are_sent_as_two_slots() -> None:
    payload = updated(perfex({"shipping_street": "Dock 4"}), "billing", "shipping")
    assert [slot["AddressType"] for slot in payload.body["Addresses"]] == ["POBOX", "STREET"]


def test_an_address_that_xero_would_refuse_is_left_out_and_declared() -> None:
    payload = created(perfex(contact={"email": "ann@localhost"}))
    assert "EmailAddress" not in payload.body
    assert payload.declared == {"email": ("ann@localhost", "")}


def test_a_name_is_written_as_xero_takes_it_and_the_difference_declared() -> None:
    payload = created(perfex({"company": "A  <b>Co</b>"}))
    assert payload.body["Name"] == "A b Co /b"
    assert payload.declared["name"] == ("A <b>Co</b>", "A b Co /b")


def test_a_name_of_nothing_that_xero_takes_waits_for_a_person() -> None:
    with pytest.raises(Held) as held:
        created(perfex({"company": "<>"}))
    assert held.value.reason == "name_missing"


def test_a_currency_that_xero_does_not_use_is_left_out_and_declared() -> None:
    payload = created(perfex({"default_currency": "3"}), Ledger(currencies=("GBP",)))
    assert "DefaultCurrency" not in payload.body
    assert payload.declared == {"currency": ("EUR", "")}
    assert created(perfex({"default_currency": "3"})).body["DefaultCurrency"] == "EUR"


def test_a_base_currency_of_perfex_that_is_foreign_in_xero_is_named() -> None:
    books = Ledger(
        organisation=Organisation(id="o", name="O", base_currency="EUR"),
        site=Site(url="https://x.test", version="3.0.3", base_currency="GBP"),
    )
    assert updated(perfex(), "currency", books=books).body["DefaultCurrency"] == "GBP"


def judged(ours: Customer, theirs: Customer) -> Fit:
    assert CUSTOMER.fit is not None
    pair = (mirror(Kind.CUSTOMER, Side.PERFEX, ours), mirror(Kind.CUSTOMER, Side.XERO, theirs))
    return CUSTOMER.fit(*pair, Ledger())


OURS = Customer(name="Harbour Joinery Ltd", tax_number="123 456 789", email="mia@example.test")


@pytest.mark.parametrize(
    ("theirs", "expected", "why"),
    [
        (Customer(name="Harbour  Joinery Ltd"), Agreement.SAME, "same name"),
        (Customer(name="HARBOUR joinery ltd"), Agreement.MAYBE, "but for case or accents"),
        (Customer(name="Harbour Joinery Ltd", tax_number="123-456-789"), Agreement.SAME, "tax"),
        (Customer(name="Harbour Joinery Ltd", tax_number="99"), Agreement.MAYBE, "another tax"),
        (Customer(name="Harbour Joinery Limited"), Agreement.MAYBE, "but for legal form"),
        (Customer(name="Quay Ltd", tax_number="123456789"), Agreement.MAYBE, "same tax number"),
        (Customer(name="Quay Ltd", email="Mia@Example.test"), Agreement.MAYBE, "e-mail"),
        (Customer(name="Quay Ltd"), Agreement.NO, ""),
        (Customer(name="!!!"), Agreement.NO, ""),
        (
            Customer(name="Harbour Joinery Ltd", status="ARCHIVED"),
            Agreement.MAYBE,
            "archived in Xero",
        ),
        (Customer(name="Harbour Joinery Ltd", status="GDPRREQUEST"), Agreement.NO, ""),
        (Customer(name="Harbour Joinery Ltd", merged_into="x"), Agreement.NO, ""),
    ],
)
def test_only_an_equal_name_without_contradiction_is_the_same(
    theirs: Customer, expected: Agreement, why: str
) -> None:
    fit = judged(OURS, theirs)
    assert fit.agreement is expected
    assert why in fit.why
    shared = set(CUSTOMER.keys(OURS, Side.PERFEX)) & set(CUSTOMER.keys(theirs, Side.XERO))
    if expected is not Agreement.NO:
        assert shared


#: As both decoders make it.
TEXT = st.text(max_size=60).map(squeeze)
ADDRESSES = st.builds(
    Address,
    street=st.lists(TEXT.filter(bool), max_size=6).map("\n".join),
    city=TEXT,
    state=TEXT,
    zip=TEXT,
    country=TEXT,
)
CUSTOMERS = st.builds(
    Customer,
    name=st.text(max_size=300).map(lambda text: squeeze(f"Co {text}")),
    tax_number=TEXT,
    phone=TEXT,
    email=st.one_of(TEXT, st.emails()),
    person=st.builds(Person, TEXT, TEXT),
    billing=ADDRESSES,
    shipping=ADDRESSES,
    currency=st.sampled_from(["", "EUR", "USD"]),
)


@given(CUSTOMERS)
def test_a_written_contact_shows_what_was_foretold(customer: Customer) -> None:
    assert CUSTOMER.shown_on_xero is not None
    books = Ledger()
    body = created(customer, books).body
    answer = json.dumps({**body, "ContactID": "c-1"}).encode()
    stored = decoded(Kind.CUSTOMER, Side.XERO, answer).record
    assert ENTITIES[Kind.CUSTOMER].facets_of(stored, Side.XERO) == CUSTOMER.shown_on_xero(
        customer, books
    )


@given(CUSTOMERS)
def test_what_xero_shows_is_written_back_to_the_same(customer: Customer) -> None:
    """Encoding what was decoded changes nothing: there is no endless exchange of updates."""
    body = created(customer).body
    answer = json.dumps({**body, "ContactID": "c-1"}).encode()
    stored = decoded(Kind.CUSTOMER, Side.XERO, answer).record
    assert isinstance(stored, Customer)
    again = created(replace(stored, status=""))
    assert again.body == body
    assert again.declared == {}
