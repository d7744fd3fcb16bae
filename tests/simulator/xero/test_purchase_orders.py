"""Purchase orders (checklist row 40)."""

from decimal import Decimal
from typing import Any

import pytest

from tests.simulator.xero.client import Api
from tests.simulator.xero.documents import contact_id, order

ZERO = "00000000-0000-0000-0000-000000000000"
GONE = ["PurchaseOrder status change is invalid", "Deleted PurchaseOrders cannot be updated"]
NO_CONTACT = "A Contact must be specified for this type of transaction"
BOARDS = {"Description": "Boards", "Quantity": 1, "UnitAmount": 10, "AccountCode": "310"}


def save(api: Api, **more: Any) -> Any:
    return api.save("PUT", "PurchaseOrders", {"PurchaseOrders": [order(api, **more)]})


def change(api: Api, made: Any, **more: Any) -> Any:
    return api.save("POST", f"PurchaseOrders/{made['PurchaseOrderID']}", {"PurchaseOrders": [more]})


def refuse(api: Api, made: Any, **more: Any) -> list[str]:
    return api.refused("POST", f"PurchaseOrders/{made['PurchaseOrderID']}", more)


def test_an_order_keeps_four_places_of_its_prices_without_being_asked(api: Api) -> None:
    made = save(api, PurchaseOrderNumber="PX-PO-88", Status="AUTHORISED")
    assert made["LineItems"][0]["UnitAmount"] == Decimal("25.1255")
    figures = (made["SubTotal"], made["TotalTax"], made["Total"])
    assert figures == (Decimal("100.5"), Decimal("20.1"), Decimal("120.6"))
    assert (made["Type"], made["Status"], made["HasErrors"]) == (
        "PURCHASEORDER",
        "AUTHORISED",
        False,
    )
    assert made["DeliveryDateString"] == "2026-08-14T00:00:00"
    assert made["Contact"]["Name"] == "Ridgeway Timber Supplies"
    assert api.get("PurchaseOrders/PX-PO-88")[0]["PurchaseOrderID"] == made["PurchaseOrderID"]


def test_an_order_takes_a_discount_rate_but_no_discount_amount(api: Api) -> None:
    made = save(api, LineItems=[{**BOARDS, "DiscountRate": 10}])
    assert (made["SubTotal"], made["TotalDiscount"], made["IsDiscounted"]) == (9, 1, True)
    body = order(api, LineItems=[{**BOARDS, "DiscountAmount": 1}])
    assert "Discounts" in api.refused("PUT", "PurchaseOrders", body)[0]


def test_an_order_never_makes_a_contact(api: Api) -> None:
    named = order(api, Contact={"Name": "Nobody Yet Ltd"})
    assert NO_CONTACT in api.refused("PUT", "PurchaseOrders", named)
    unknown = order(api, Contact={"ContactID": "5d5e1d1e-0000-4000-8000-000000000000"})
    assert NO_CONTACT in api.refused("PUT", "PurchaseOrders", unknown)
    assert api.get("Contacts", searchTerm="Nobody Yet") == []


def test_an_order_for_an_archived_contact_is_refused(api: Api) -> None:
    supplier = contact_id(api, "Westgate Power")
    api.save("POST", f"Contacts/{supplier}", {"Contacts": [{"ContactStatus": "ARCHIVED"}]})
    body = order(api, Contact={"ContactID": supplier})
    assert "has been archived" in api.refused("PUT", "PurchaseOrders", body)[0]


def test_a_number_is_given_once(api: Api) -> None:
    assert save(api)["PurchaseOrderNumber"] == "PO-0001"
    body = order(api, PurchaseOrderNumber="PO-0001")
    assert api.refused("PUT", "PurchaseOrders", body) == ["Order number must be unique"]
    other = save(api)
    assert refuse(api, other, PurchaseOrderNumber="PO-0001") == ["Order number must be unique"]


def test_a_bare_post_with_a_live_number_edits_that_order_and_says_ok(api: Api) -> None:
    made = save(api, PurchaseOrderNumber="PX-PO-88")
    body = order(api, PurchaseOrderNumber="px-po-88", Reference="overwritten")
    after = api.save("POST", "PurchaseOrders", {"PurchaseOrders": [body]})
    assert after["PurchaseOrderID"] == made["PurchaseOrderID"]
    assert after["Reference"] == "overwritten"
    fresh = order(api, PurchaseOrderNumber="PX-PO-89")
    added = api.save("POST", "PurchaseOrders", {"PurchaseOrders": [fresh]})
    assert added["PurchaseOrderID"] != made["PurchaseOrderID"]


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_the_number_of_a_deleted_order_stays_taken(api: Api, method: str) -> None:
    made = save(api, PurchaseOrderNumber="PX-PO-88")
    assert change(api, made, Status="DELETED")["Status"] == "DELETED"
    body = {"PurchaseOrders": [order(api, PurchaseOrderNumber="PX-PO-88")]}
    answer = api.call(method, "PurchaseOrders", body, params={"summarizeErrors": "false"})
    (failed,) = answer.json()["PurchaseOrders"]
    assert failed["PurchaseOrderID"] == ZERO
    assert [one["Message"] for one in failed["ValidationErrors"]] == GONE
    assert refuse(api, made, Reference="late") == GONE


def test_a_billed_order_can_be_deleted_but_does_not_go_back(api: Api) -> None:
    made = save(api, Status="AUTHORISED")
    assert change(api, made, Status="BILLED")["Status"] == "BILLED"
    assert refuse(api, made, Status="DRAFT") == GONE[:1]
    assert change(api, made, Status="DELETED")["Status"] == "DELETED"


def test_only_approved_orders_are_marked_as_sent(api: Api) -> None:
    draft = save(api)
    message = "Only AUTHORISED and BILLED purchase orders may have SentToContact updated."
    assert refuse(api, draft, SentToContact=True) == [message]
    assert change(api, draft, Status="AUTHORISED", SentToContact=True)["SentToContact"] is True


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"LineItems": []}, "One or more line items must be specified"),
        (
            {"LineItems": [{"Description": "Boards", "Quantity": 2}]},
            "UnitAmount must be specified when Quantity is specified.",
        ),
        (
            {"DeliveryInstructions": "x" * 501},
            "DeliveryInstructions must be 500 characters or less.",
        ),
        ({"CurrencyCode": "NZD"}, "Organisation is not subscribed to currency NZD"),
        ({"Status": "DELETED"}, "PurchaseOrder status change is invalid"),
    ],
)
def test_an_order_that_cannot_be_is_refused_with_the_reason(
    api: Api, sent: dict[str, Any], message: str
) -> None:
    assert message in api.refused("PUT", "PurchaseOrders", order(api, **sent))


def test_lists_are_always_in_pages_and_know_status_and_dates(api: Api) -> None:
    save(api, Date="2026-08-01")
    save(api, Date="2026-08-20", Status="AUTHORISED")
    answer = api.call("GET", "PurchaseOrders").json()
    assert answer["pagination"]["itemCount"] == 2
    assert len(answer["PurchaseOrders"][0]["LineItems"]) == 1

    def count(**params: str) -> int:
        found = api.call("GET", "PurchaseOrders", params=params).json()
        return len(found["PurchaseOrders"])

    assert count(Status="AUTHORISED") == 1
    assert count(DateFrom="2026-08-02") == 1
    assert count(DateFrom="2026-08-01", DateTo="2026-08-01") == 1
    assert count(pageSize="1", page="2") == 1
    assert api.call("GET", "PurchaseOrders", params={"DateFrom": "soon"}).status_code == 400


def test_an_unknown_order_is_not_there(api: Api) -> None:
    assert api.call("GET", "PurchaseOrders/PO-9999").status_code == 404
    body = order(api, PurchaseOrderID="5d5e1d1e-0000-4000-8000-000000000000")
    assert "could not be found" in api.refused("POST", "PurchaseOrders", body)[0]
