"""What may become of an invoice and what may still be edited (checklist rows 30 to 33)."""

from typing import Any

import pytest

from tests.simulator.xero.client import Api, sale
from xero_bridge.simulator.common import SimClock
from xero_bridge.simulator.xero import XeroSimulator

NO_MODIFICATION = "Invoice not of valid status for modification"
NO_EDIT = "This document cannot be edited as it has a payment or credit note allocated to it."
STATES = ("DRAFT", "SUBMITTED", "AUTHORISED", "DELETED", "VOIDED", "PAID")


def path(invoice: Any) -> str:
    return f"Invoices/{invoice['InvoiceID']}"


def applied(status: str) -> str:
    return (
        f"The status {status} cannot be applied to the invoice because it has payments or "
        "credit notes allocated to it."
    )


@pytest.fixture
def part_paid(api: Api) -> Any:
    invoice = api.invoice(InvoiceNumber="PART-1")
    api.pay(invoice, "20.00")
    return api.get(path(invoice))[0]


@pytest.mark.parametrize("start", ["DRAFT", "SUBMITTED"])
@pytest.mark.parametrize("end", STATES)
def test_an_unapproved_invoice_moves_freely_or_is_deleted(api: Api, start: str, end: str) -> None:
    invoice = api.invoice(Status=start)
    if end in ("VOIDED", "PAID"):
        assert api.refused("POST", path(invoice), {"Status": end}) == [NO_MODIFICATION]
    else:
        assert api.save("POST", path(invoice), {"Status": end})["Status"] == end


@pytest.mark.parametrize("end", STATES)
def test_an_approved_invoice_can_only_be_voided(api: Api, end: str) -> None:
    invoice = api.invoice()
    if end in ("AUTHORISED", "VOIDED"):
        assert api.save("POST", path(invoice), {"Status": end})["Status"] == end
    else:
        assert api.refused("POST", path(invoice), {"Status": end}) == [NO_MODIFICATION]


@pytest.mark.parametrize("end", ["DRAFT", "SUBMITTED", "DELETED", "VOIDED"])
def test_a_part_paid_invoice_keeps_its_status(api: Api, part_paid: Any, end: str) -> None:
    assert api.refused("POST", path(part_paid), {"Status": end}) == [applied(end)]


@pytest.mark.parametrize("end", ["DRAFT", "AUTHORISED", "VOIDED"])
def test_a_paid_invoice_goes_back_only_by_deleting_its_payments(api: Api, end: str) -> None:
    invoice = api.invoice()
    payment = api.pay(invoice, "120.00")
    assert api.get(path(invoice))[0]["Status"] == "PAID"
    assert api.refused("POST", path(invoice), {"Status": end}) == [applied(end)]
    api.save("POST", f"Payments/{payment['PaymentID']}", {"Status": "DELETED"})
    assert api.get(path(invoice))[0]["Status"] == "AUTHORISED"
    assert api.save("POST", path(invoice), {"Status": "VOIDED"})["Status"] == "VOIDED"


@pytest.mark.parametrize(("start", "end"), [("DRAFT", "DELETED"), ("AUTHORISED", "VOIDED")])
def test_voided_and_deleted_are_the_end(api: Api, start: str, end: str) -> None:
    invoice = api.invoice(Status=start)
    api.save("POST", path(invoice), {"Status": end})
    for change in ({"Status": "AUTHORISED"}, {"Reference": "x"}, {"Status": end}):
        assert api.refused("POST", path(invoice), change) == [NO_MODIFICATION]


def test_the_answer_of_voiding_keeps_the_amount_due_and_a_later_read_shows_none(api: Api) -> None:
    invoice = api.invoice()
    voided = api.save("POST", path(invoice), {"Status": "VOIDED"})
    assert (voided["AmountDue"], voided["Total"]) == (120, 120)
    (later,) = api.get(path(invoice))
    assert (later["Status"], later["AmountDue"], later["Total"]) == ("VOIDED", 0, 120)


def test_lines_are_replaced_by_id_and_missing_ones_disappear(api: Api) -> None:
    lines = [
        {"Description": name, "Quantity": 1, "UnitAmount": 10, "AccountCode": "200"}
        for name in ("first", "second", "third")
    ]
    invoice = api.invoice(LineItems=lines)
    first, second, _ = (line["LineItemID"] for line in invoice["LineItems"])
    sent = [
        {"LineItemID": second, "Quantity": 2},
        {"Description": "fourth", "Quantity": 1, "UnitAmount": 5, "AccountCode": "200"},
    ]
    after = api.save("POST", path(invoice), {"LineItems": sent})
    assert [line["Description"] for line in after["LineItems"]] == ["second", "fourth"]
    assert after["LineItems"][0]["LineItemID"] == second
    assert after["LineItems"][0]["LineAmount"] == 20
    assert after["LineItems"][1]["LineItemID"] not in (first, second)
    assert after["Total"] == 30


def test_an_update_without_lines_keeps_them(api: Api) -> None:
    invoice = api.invoice()
    after = api.save("POST", path(invoice), {"Reference": "Order 8812"})
    assert after["LineItems"] == invoice["LineItems"]
    assert after["Reference"] == "Order 8812"


def test_a_changed_amount_type_taxes_the_same_lines_anew(api: Api) -> None:
    invoice = api.invoice(Status="DRAFT")
    after = api.save("POST", path(invoice), {"LineAmountTypes": "Inclusive"})
    assert [str(after[name]) for name in ("SubTotal", "TotalTax", "Total")] == [
        "83.33",
        "16.67",
        "100.0",
    ]


def test_approving_an_incomplete_draft_is_refused(api: Api) -> None:
    body = sale({"Description": "x", "Quantity": 1, "UnitAmount": 9}, Status="DRAFT")
    draft = api.save("PUT", "Invoices", body)
    assert api.refused("POST", path(draft), {"Status": "AUTHORISED"}) == [
        "Account code must be specified"
    ]


def test_a_part_paid_invoice_takes_the_harmless_edits(api: Api, part_paid: Any) -> None:
    other = api.contact("Another Payer Ltd")
    line = part_paid["LineItems"][0]
    after = api.save(
        "POST",
        path(part_paid),
        {
            "Reference": "new",
            "DueDate": "2026-09-01",
            "InvoiceNumber": "PART-1a",
            "Url": "https://crm.example/1",
            "Contact": {"ContactID": other["ContactID"]},
            "LineItems": [
                {"LineItemID": line["LineItemID"], "Description": "Better words"},
            ],
        },
    )
    assert after["Reference"] == "new"
    assert after["InvoiceNumber"] == "PART-1a"
    assert after["DueDateString"] == "2026-09-01T00:00:00"
    assert after["Contact"]["Name"] == "Another Payer Ltd"
    assert after["LineItems"][0]["Description"] == "Better words"
    assert (after["Total"], after["AmountDue"]) == (120, 100)


def test_a_part_paid_invoice_may_change_the_account_of_a_line(api: Api, part_paid: Any) -> None:
    line = {**part_paid["LineItems"][0], "AccountCode": "260"}
    del line["AccountID"]
    after = api.save("POST", path(part_paid), {"LineItems": [line]})
    assert after["LineItems"][0]["AccountCode"] == "260"


@pytest.mark.parametrize(
    "change",
    [
        {"Date": "2026-08-02"},
        {"CurrencyCode": "EUR"},
        {"LineAmountTypes": "Inclusive"},
        {
            "LineItems": [
                {"Description": "x", "Quantity": 1, "UnitAmount": 100, "AccountCode": "200"}
            ]
        },
    ],
)
def test_a_part_paid_invoice_refuses_every_other_edit(
    api: Api, part_paid: Any, change: dict[str, Any]
) -> None:
    assert api.refused("POST", path(part_paid), change) == [NO_EDIT]


def test_a_part_paid_invoice_refuses_a_new_price_on_its_line(api: Api, part_paid: Any) -> None:
    line = {"LineItemID": part_paid["LineItems"][0]["LineItemID"], "UnitAmount": 101}
    assert api.refused("POST", path(part_paid), {"LineItems": [line]}) == [NO_EDIT]


def test_sending_the_same_figures_again_is_no_edit(api: Api, part_paid: Any) -> None:
    body = {"Date": "2026-08-03", "LineItems": part_paid["LineItems"], "Reference": "again"}
    assert api.save("POST", path(part_paid), body)["Reference"] == "again"


def test_an_invoice_in_a_locked_period_can_be_neither_edited_nor_voided(
    xero: XeroSimulator, api: Api
) -> None:
    invoice = api.invoice()
    xero.books().set_organisation(PeriodLockDate=xero.books().today())
    for change in ({"Reference": "x"}, {"Status": "VOIDED"}, {"Date": "2026-09-01"}):
        assert api.refused("POST", path(invoice), change) == [
            "The document date cannot be before the period lock date"
        ]


def test_an_edit_moves_the_stamp_but_a_new_due_date_of_a_part_paid_one_does_not(
    api: Api, part_paid: Any, clock: SimClock
) -> None:
    clock.move(seconds=5)
    quiet = api.save("POST", path(part_paid), {"DueDate": "2026-09-01"})
    assert quiet["UpdatedDateUTC"] == part_paid["UpdatedDateUTC"]
    loud = api.save("POST", path(part_paid), {"Reference": "x"})
    assert loud["UpdatedDateUTC"] == "/Date(1785749420250+0000)/"


def test_the_write_answer_lacks_payments_and_a_page_has_them_with_a_stub_contact(
    api: Api, part_paid: Any
) -> None:
    written = api.save("POST", path(part_paid), {"Reference": "x"})
    assert not {"Payments", "CreditNotes", "AmountCredited"} & set(written)
    assert written["Contact"]["ContactStatus"] == "ACTIVE"
    (listed,) = api.get("Invoices", IDs=part_paid["InvoiceID"], page="1")
    (payment,) = listed["Payments"]
    assert set(payment) == {
        "PaymentID",
        "Date",
        "Amount",
        "Reference",
        "CurrencyRate",
        "HasAccount",
        "HasValidationErrors",
    }
    assert listed["Contact"] == {
        "ContactID": part_paid["Contact"]["ContactID"],
        "Name": part_paid["Contact"]["Name"],
        "Addresses": [],
        "Phones": [],
        "ContactGroups": [],
        "ContactPersons": [],
        "HasValidationErrors": False,
    }


def test_a_post_with_an_unknown_id_says_so(api: Api) -> None:
    body = {**sale(), "InvoiceID": "11111111-2222-4333-8444-555555555555"}
    assert api.refused("POST", "Invoices", body) == [
        "An existing Invoice with the specified InvoiceID could not be found"
    ]


@pytest.mark.beyond_description
def test_only_an_approved_invoice_is_mailed_and_has_an_online_address(api: Api) -> None:
    draft, invoice = api.invoice(Status="DRAFT"), api.invoice()
    assert api.call("POST", f"{path(invoice)}/Email", {}).status_code == 204
    assert api.get(path(invoice))[0]["SentToContact"] is True
    assert api.call("POST", f"{path(draft)}/Email", {}).status_code == 400
    (online,) = api.get(f"{path(invoice)}/OnlineInvoice")
    assert invoice["InvoiceID"] in online["OnlineInvoiceUrl"]
    assert api.call("GET", f"{path(draft)}/OnlineInvoice").status_code == 404
