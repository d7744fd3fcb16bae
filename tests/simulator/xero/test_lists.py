"""Lists: pages, filters, order, If-Modified-Since (checklist rows 17 and 43)."""

from typing import Any

import pytest

from tests.simulator.xero.client import Api, sale
from xero_bridge.simulator.common import SimClock
from xero_bridge.simulator.xero import XeroSimulator


@pytest.fixture
def five(api: Api, clock: SimClock) -> list[Any]:
    """Five invoices A to E, a second apart, of 10, 20 and so on."""
    made = []
    for index, name in enumerate("ABCDE", start=1):
        lines = [{"Description": "x", "Quantity": index, "UnitAmount": 10, "AccountCode": "200"}]
        made.append(
            api.invoice(InvoiceNumber=f"LX-{name}", Reference=f"Order {name}", LineItems=lines)
        )
        clock.move(seconds=1)
    return made


def numbers(api: Api, path: str = "Invoices", **params: str) -> list[str]:
    return [one["InvoiceNumber"] for one in api.get(path, **params)]


def test_a_page_has_lines_and_pagination_and_an_unpaged_list_neither(
    api: Api, five: list[Any]
) -> None:
    paged = api.call("GET", "Invoices", params={"page": "1"}).json()
    assert paged["pagination"] == {"page": 1, "pageSize": 100, "pageCount": 1, "itemCount": 7}
    assert all(one["LineItems"] for one in paged["Invoices"])
    unpaged = api.call("GET", "Invoices").json()
    assert "pagination" not in unpaged
    assert len(unpaged["Invoices"]) == 7
    assert all(one["LineItems"] == [] for one in unpaged["Invoices"])


def test_pages_are_cut_by_size_and_one_past_the_end_is_empty(api: Api, five: list[Any]) -> None:
    pages = [numbers(api, page=str(n), pageSize="3", searchTerm="LX-") for n in (1, 2, 3)]
    assert pages == [["LX-A", "LX-B", "LX-C"], ["LX-D", "LX-E"], []]


@pytest.mark.parametrize(
    ("asked", "size"), [("5000", 1000), ("0", 1), ("-3", 1), ("ten", 100), ("250", 250)]
)
@pytest.mark.beyond_description
def test_the_page_size_is_clamped(api: Api, asked: str, size: int) -> None:
    answer = api.call("GET", "Invoices", params={"page": "1", "pageSize": asked}).json()
    assert answer["pagination"]["pageSize"] == size


def test_the_default_order_is_by_stamp_and_a_change_moves_to_the_end(
    api: Api, five: list[Any]
) -> None:
    api.save("POST", f"Invoices/{five[1]['InvoiceID']}", {"Reference": "Order B2"})
    assert numbers(api, page="1", searchTerm="LX-") == ["LX-A", "LX-C", "LX-D", "LX-E", "LX-B"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("InvoiceNumber DESC", ["LX-E", "LX-D", "LX-C", "LX-B", "LX-A"]),
        ("Total", ["LX-A", "LX-B", "LX-C", "LX-D", "LX-E"]),
        ("Status, Total DESC", ["LX-E", "LX-D", "LX-C", "LX-B", "LX-A"]),
    ],
)
def test_an_order_can_be_asked_for(
    api: Api, five: list[Any], order: str, expected: list[str]
) -> None:
    assert numbers(api, page="1", searchTerm="LX-", order=order) == expected


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        ("2026-08-03T09:30:18", ["LX-D", "LX-E"]),
        ("Mon, 03 Aug 2026 09:30:18 GMT", ["LX-D", "LX-E"]),
        ("2026-08-03T09:30:19", ["LX-E"]),
        ("2026-08-04T00:00:00", []),
        ("nonsense", ["ORC-0988", "WPL-7731", "LX-A", "LX-B", "LX-C", "LX-D", "LX-E"]),
    ],
)
def test_only_what_changed_since_is_listed(
    api: Api, five: list[Any], since: str, expected: list[str]
) -> None:
    answer = api.call("GET", "Invoices", params={"page": "1"}, headers={"If-Modified-Since": since})
    listed = [one["InvoiceNumber"] for one in answer.json()["Invoices"]]
    assert sorted(listed) == sorted(expected)


def test_tax_rates_know_no_if_modified_since(api: Api) -> None:
    answer = api.call("GET", "TaxRates", headers={"If-Modified-Since": "2030-01-01T00:00:00"})
    assert len(answer.json()["TaxRates"]) > 10


def test_ids_numbers_contacts_and_statuses_are_lists_of_words(
    xero: XeroSimulator, api: Api, five: list[Any]
) -> None:
    ids = ",".join(one["InvoiceID"] for one in five[:2])
    assert numbers(api, IDs=ids) == ["LX-A", "LX-B"]
    assert numbers(api, InvoiceNumbers="lx-c,LX-D,nothing") == ["LX-C", "LX-D"]
    other = api.invoice(Contact={"Name": "Lone Buyer"}, InvoiceNumber="LX-F")
    assert numbers(api, ContactIDs=other["Contact"]["ContactID"]) == ["LX-F"]
    api.save("POST", f"Invoices/{other['InvoiceID']}", {"Status": "VOIDED"})
    assert numbers(api, Statuses="VOIDED,DELETED") == ["LX-F"]


def test_statuses_and_summaries_are_always_paged(api: Api, five: list[Any]) -> None:
    for params in ({"Statuses": "AUTHORISED"}, {"summaryOnly": "true"}):
        assert "pagination" in api.call("GET", "Invoices", params=params).json()
    (one,) = api.get("Invoices", summaryOnly="true", IDs=five[0]["InvoiceID"])
    assert not {"Payments", "LineItems", "HasAttachments"} & set(one)


def test_search_looks_at_numbers_and_references(api: Api, five: list[Any]) -> None:
    assert numbers(api, searchTerm="order b") == ["LX-B"]
    assert numbers(api, searchTerm="lx-c") == ["LX-C"]


def test_my_app_made_only_its_own_invoices(api: Api, five: list[Any]) -> None:
    assert numbers(api, createdByMyApp="true") == ["LX-A", "LX-B", "LX-C", "LX-D", "LX-E"]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ('InvoiceNumber=="lx-a"', "A"),
        ('InvoiceNumber="LX-A" OR InvoiceNumber=="LX-B"', "AB"),
        ('Type=="ACCREC" AND Total>=36 && Total<60', "CD"),
        ("Total>=36&&Total<60", "CD"),
        ('Date==DateTime(2026,08,03) AND InvoiceNumber.StartsWith("LX-")', "ABCDE"),
        ('Date>=DateTime.Parse("2026-08-04T00:00:00")', ""),
        ('Reference!=null AND Reference.Contains("ORDER e")', "E"),
        ('Contact.Name=="bayside sailing CLUB" AND Total==12', "A"),
        ('(Total==12 OR Total==24) AND !(InvoiceNumber=="LX-A")', "B"),
        ("Total==12 AND SentToContact==false", "A"),
        ("Total==12 AND DueDate==null", ""),
        ('AmountDue>0 AND Type=="ACCREC" AND Status!="PAID" AND Total>50', "E"),
    ],
)
def test_a_where_expression_picks_its_records(
    api: Api, five: list[Any], where: str, expected: str
) -> None:
    assert numbers(api, where=where, page="1") == [f"LX-{letter}" for letter in expected]


def test_a_guid_is_compared_as_one(api: Api, five: list[Any]) -> None:
    contact = five[0]["Contact"]["ContactID"]
    where = f'Contact.ContactID==guid("{contact}") AND InvoiceID==Guid("{five[0]["InvoiceID"]}")'
    assert numbers(api, where=where) == ["LX-A"]


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("", "Expression expected"),
        ("Total==", "Expression expected"),
        ("Colour==1", "No property or field 'Colour' exists"),
        (
            'Date=="2026-08-03"',
            "Operator '==' incompatible with operand types 'DateTime?' and 'String'",
        ),
        (
            'InvoiceID=="11111111-2222-4333-8444-555555555555"',
            "Operator '==' incompatible with operand types 'Guid' and 'String'",
        ),
        ("Total", "Expression of type 'Boolean' expected"),
        ("(Total==1", "')' expected"),
        ("Total==1 Total==2", "Syntax error"),
        ("Total==1 AND Status", "incompatible"),
        ("Date==DateTime(2026,13,1)", "DateTime"),
        ("Total#1", "Syntax error '#'"),
        ('Total.Contains("1")', "No applicable method"),
        ('ExpectedWords.Contains("1")', "No property or field"),
    ],
)
def test_a_wrong_where_is_error_16(api: Api, where: str, message: str) -> None:
    answer = api.call("GET", "Invoices", params={"where": where})
    assert answer.status_code == 400
    content = answer.json()
    assert (content["ErrorNumber"], content["Type"]) == (16, "QueryParseException")
    assert message in content["Message"]


@pytest.mark.parametrize("order", ["Colour", "Total SIDEWAYS", ","])
def test_a_wrong_order_is_error_16(api: Api, order: str) -> None:
    assert api.call("GET", "Invoices", params={"order": order}).json()["ErrorNumber"] == 16


def test_a_text_method_on_a_missing_value_fails_the_whole_list(api: Api) -> None:
    api.save("PUT", "Invoices", sale(InvoiceNumber="NO-REFERENCE"))
    for where, status in (
        ('Reference.StartsWith("PX")', 400),
        ('Reference!=null AND Reference.StartsWith("PX")', 200),
    ):
        assert api.call("GET", "Invoices", params={"where": where}).status_code == status


def test_a_page_of_a_thousand_is_cheap_the_second_time(xero: XeroSimulator, api: Api) -> None:
    batch = [sale(InvoiceNumber=f"P-{n:04d}") for n in range(1000)]
    for start in range(0, 1000, 250):
        body = {"Invoices": batch[start : start + 250]}
        assert api.call("PUT", "Invoices", body).status_code == 200
    first = api.call("GET", "Invoices", params={"page": "1", "pageSize": "1000"})
    again = api.call("GET", "Invoices", params={"page": "1", "pageSize": "1000"})
    assert len(again.json()["Invoices"]) == 1000
    assert again.json()["Invoices"] == first.json()["Invoices"]
    assert again.elapsed.total_seconds() < 0.5
