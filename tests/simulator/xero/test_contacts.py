"""Contacts: matching, uniqueness, archiving (checklist rows 23 to 26)."""

from decimal import Decimal
from typing import Any

import pytest

from tests.simulator.xero.client import Api, sale
from xero_bridge.simulator.common import SimClock
from xero_bridge.simulator.xero import XeroSimulator

TAKEN = "is already assigned to another contact"
ARCHIVED = (
    "The specified contact details matched an archived contact. "
    "Archived contacts cannot currently be edited via the API."
)


def archive(api: Api, contact: Any) -> Any:
    path = f"Contacts/{contact['ContactID']}"
    return api.save("POST", path, {"ContactStatus": "ARCHIVED"})


def test_a_new_contact_comes_with_its_empty_slots_and_flags(api: Api) -> None:
    contact = api.contact(ContactNumber="PX-C-1")
    assert contact["ContactStatus"] == "ACTIVE"
    assert contact["HasValidationErrors"] is False
    assert (contact["IsCustomer"], contact["IsSupplier"]) == (False, False)
    assert sorted(phone["PhoneType"] for phone in contact["Phones"]) == [
        "DDI",
        "DEFAULT",
        "FAX",
        "MOBILE",
    ]
    assert {phone["PhoneNumber"] for phone in contact["Phones"]} == {""}
    assert sorted(one["AddressType"] for one in contact["Addresses"]) == ["POBOX", "STREET"]


@pytest.mark.parametrize(
    "name",
    [
        "Harbour Joinery Ltd",
        "HARBOUR JOINERY LTD",
        "  Harbour   Joinery Ltd ",
        "Hárbour Joinery Ltd",
    ],
)
def test_an_active_name_is_unique_without_case_accents_and_spaces(api: Api, name: str) -> None:
    api.contact()
    (message,) = api.refused("PUT", "Contacts", {"Name": name})
    assert TAKEN in message


def test_an_archived_namesake_blocks_no_new_contact(api: Api) -> None:
    old = archive(api, api.contact())
    assert api.contact()["ContactID"] != old["ContactID"]


def test_numbers_are_unique_each_with_its_message(api: Api) -> None:
    api.contact(ContactNumber="PX-1", AccountNumber="A-1")
    body = {"Name": "Other", "ContactNumber": "px-1", "AccountNumber": "a-1"}
    assert api.refused("PUT", "Contacts", body) == [
        "Another contact has this contact number. Please enter a different contact number.",
        "The Account Number already exists. Please enter a different Account Number.",
    ]


def test_a_post_matches_by_id_then_number_then_name(api: Api) -> None:
    one = api.contact("One", ContactNumber="N-1")
    two = api.contact("Two", ContactNumber="N-2")
    by_id = api.save("POST", "Contacts", {"ContactID": one["ContactID"], "FirstName": "A"})
    assert by_id["ContactID"] == one["ContactID"]
    by_number = api.save("POST", "Contacts", {"ContactNumber": "N-2", "Name": "Two renamed"})
    assert (by_number["ContactID"], by_number["Name"]) == (two["ContactID"], "Two renamed")
    by_name = api.save("POST", "Contacts", {"Name": "two RENAMED", "LastName": "B"})
    assert by_name["ContactID"] == two["ContactID"]
    assert by_name["ContactNumber"] == "N-2"
    fresh = api.save("POST", "Contacts", {"Name": "Three"})
    assert fresh["ContactID"] not in (one["ContactID"], two["ContactID"])


def test_an_update_keeps_what_it_does_not_name_and_replaces_persons_as_a_whole(api: Api) -> None:
    person = {"FirstName": "Mia", "LastName": "T", "EmailAddress": "m@x.example"}
    contact = api.contact(
        EmailAddress="a@x.example",
        ContactPersons=[person, {**person, "FirstName": "Tom"}],
        Addresses=[{"AddressType": "POBOX", "AddressLine1": "1 Quay", "City": "Bath"}],
        Phones=[{"PhoneType": "MOBILE", "PhoneNumber": "0700"}],
    )
    path = f"Contacts/{contact['ContactID']}"
    street = {"AddressType": "STREET", "City": "Wells"}
    changed = api.save("POST", path, {"Addresses": [street], "ContactPersons": [person]})
    cities = {one["AddressType"]: one["City"] for one in changed["Addresses"]}
    assert cities == {"POBOX": "Bath", "STREET": "Wells"}
    assert changed["EmailAddress"] == "a@x.example"
    assert [one["FirstName"] for one in changed["ContactPersons"]] == ["Mia"]
    assert {one["PhoneNumber"] for one in changed["Phones"]} == {"", "0700"}


def test_an_archived_contact_can_be_neither_edited_nor_restored(api: Api) -> None:
    contact = archive(api, api.contact(ContactNumber="PX-1"))
    assert contact["ContactStatus"] == "ARCHIVED"
    path = f"Contacts/{contact['ContactID']}"
    assert api.refused("POST", path, {"ContactStatus": "ACTIVE"}) == [ARCHIVED]
    assert api.refused("POST", "Contacts", {"ContactNumber": "PX-1", "Name": "New"}) == [ARCHIVED]
    assert api.refused("POST", "Contacts", {"Name": contact["Name"]}) == [ARCHIVED]


def test_a_document_for_an_archived_contact_is_refused(api: Api) -> None:
    contact = archive(api, api.contact())
    body = sale(Contact={"ContactID": contact["ContactID"]})
    assert api.refused("PUT", "Invoices", body) == [
        (
            "The contact with the specified contact details has been archived. "
            "The contact must be un-archived before creating new invoices or credit notes"
        )
    ]


def test_archiving_is_allowed_with_an_open_invoice(api: Api) -> None:
    contact = api.contact()
    api.invoice(Contact={"ContactID": contact["ContactID"]})
    assert archive(api, contact)["ContactStatus"] == "ARCHIVED"


def test_the_list_hides_archived_contacts_unless_asked(api: Api) -> None:
    gone = archive(api, api.contact())["ContactID"]
    assert gone not in {one["ContactID"] for one in api.get("Contacts", page="1")}
    assert api.get("Contacts", IDs=gone) == []
    shown = api.get("Contacts", IDs=gone, includeArchived="true")
    assert [one["ContactStatus"] for one in shown] == ["ARCHIVED"]
    assert api.get(f"Contacts/{gone}")[0]["ContactStatus"] == "ARCHIVED"


def test_a_first_document_makes_a_customer_without_moving_the_stamp(
    api: Api, clock: SimClock
) -> None:
    contact = api.contact()
    clock.move(minutes=1)
    reference = {"ContactID": contact["ContactID"]}
    api.invoice(Contact=reference)
    (after,) = api.get(f"Contacts/{contact['ContactID']}")
    assert (after["IsCustomer"], after["IsSupplier"]) == (True, False)
    assert after["UpdatedDateUTC"] == contact["UpdatedDateUTC"]
    bill = sale(Type="ACCPAY", Contact=reference)
    bill["LineItems"][0]["AccountCode"] = "429"
    api.save("PUT", "Invoices", bill)
    (after,) = api.get(f"Contacts/{contact['ContactID']}")
    assert (after["IsCustomer"], after["IsSupplier"]) == (True, True)


def test_balances_tell_what_is_outstanding_and_overdue(api: Api, clock: SimClock) -> None:
    contact = api.contact()
    invoice = api.invoice(Contact={"ContactID": contact["ContactID"]})
    api.pay(invoice, "20.00")
    (found,) = api.get("Contacts", IDs=contact["ContactID"], page="1")
    assert found["Balances"]["AccountsReceivable"] == {"Outstanding": 100, "Overdue": 0}
    clock.move(days=20)
    api.session.headers["Authorization"] = f"Bearer {_fresh(api)}"
    (found,) = api.get("Contacts", IDs=contact["ContactID"], page="1")
    assert found["Balances"]["AccountsReceivable"]["Overdue"] == Decimal(100)


def _fresh(api: Api) -> str:
    answer = api.session.post(f"{api.url}/_control/token", json={}, timeout=5)
    token: str = answer.json()["access_token"]
    return token


def test_a_new_name_in_a_document_creates_a_contact_and_extra_fields_edit_it(api: Api) -> None:
    invoice = api.invoice(Contact={"Name": "Made By Invoice"})
    made = invoice["Contact"]["ContactID"]
    person = {"FirstName": "Mia", "LastName": "T", "EmailAddress": "m@x.example"}
    api.save("POST", f"Contacts/{made}", {"ContactPersons": [person]})
    api.invoice(Contact={"ContactID": made})
    assert len(api.get(f"Contacts/{made}")[0]["ContactPersons"]) == 1
    api.invoice(Contact={"ContactID": made, "EmailAddress": "new@x.example"})
    (after,) = api.get(f"Contacts/{made}")
    assert after["EmailAddress"] == "new@x.example"
    assert after["ContactPersons"] == []


def test_a_failed_invoice_creates_no_contact(xero: XeroSimulator, api: Api) -> None:
    before = len(xero.books().contacts)
    api.refused("PUT", "Invoices", sale(Contact={"Name": "Nobody"}, CurrencyCode="CHF"))
    assert len(xero.books().contacts) == before


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"EmailAddress": "müller@x.example"}, "Email address must be valid."),
        ({"EmailAddress": "nobody"}, "Email address must be valid."),
        ({"ContactNumber": "9" * 51}, "ContactNumber must be 50 characters or less."),
        ({"Name": "x" * 256}, "Name must be 255 characters or less."),
        ({"Name": "Less < More"}, "The contact name contains invalid characters."),
        ({"DefaultCurrency": "CHF"}, "Organisation is not subscribed to currency CHF"),
        (
            {"Phones": [{"PhoneType": "FAX", "PhoneNumber": "5" * 51}]},
            "PhoneNumber must be 50 characters or less.",
        ),
        (
            {"ContactPersons": [{"FirstName": str(n)} for n in range(6)]},
            "A contact can have at most 5 contact persons.",
        ),
    ],
)
def test_wrong_fields_are_refused_with_their_message(
    api: Api, fields: dict[str, Any], message: str
) -> None:
    assert message in api.refused("PUT", "Contacts", {"Name": "Fields Ltd", **fields})


def test_a_contact_without_any_name_is_refused(api: Api) -> None:
    (message,) = api.refused("PUT", "Contacts", {"EmailAddress": "a@x.example"})
    assert message.startswith("The Contact must contain at least 1 of the following elements")


def test_a_contact_is_read_by_its_number(api: Api) -> None:
    contact = api.contact(ContactNumber="PX-C-1042")
    assert api.get("Contacts/px-c-1042")[0]["ContactID"] == contact["ContactID"]


def test_a_summary_drops_addresses_balances_and_flags(api: Api) -> None:
    contact = api.contact(EmailAddress="a@x.example")
    (found,) = api.get("Contacts", IDs=contact["ContactID"], summaryOnly="true")
    assert found["EmailAddress"] == "a@x.example"
    assert not {"Addresses", "Phones", "IsCustomer", "ContactPersons", "Balances"} & set(found)


def test_search_finds_names_numbers_and_addresses_without_case(api: Api) -> None:
    contact = api.contact("Zebra Crossing Ltd", ContactNumber="PX-C-77")
    for term in ("ZEBRA", "px-c-77", "crossing"):
        found = api.get("Contacts", searchTerm=term)
        assert [one["ContactID"] for one in found] == [contact["ContactID"]]
