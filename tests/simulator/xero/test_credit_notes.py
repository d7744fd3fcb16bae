"""Credit notes, what they are set against, and what is left of them (checklist row 38)."""

from decimal import Decimal
from typing import Any

import pytest

from tests.simulator.xero.client import Api
from tests.simulator.xero.documents import LINE, allocation, contact_id, credit, made
from xero_bridge.simulator.common import SimClock

NO_EDIT = "This document cannot be edited as it has a payment or credit note allocated to it."
NO_VOID = (
    "The status VOIDED cannot be applied to the credit note because it has payments or allocations."
)
TOO_MUCH = "Credit Note cannot be allocated as amount is greater than amount outstanding"
PAID_OFF = "The invoice you are trying to allocate to has already been paid off"
LOCK = "The document date cannot be before the period lock date"


def read(api: Api, note: Any) -> Any:
    return api.get(f"CreditNotes/{note['CreditNoteID']}")[0]


def invoice_now(api: Api, invoice: Any) -> Any:
    return api.get(f"Invoices/{invoice['InvoiceID']}")[0]


def apply(api: Api, note: Any, invoice: Any, amount: str) -> Any:
    path = f"CreditNotes/{note['CreditNoteID']}/Allocations"
    return api.save("PUT", path, allocation(invoice, amount))


def refused(api: Api, note: Any, invoice: Any, amount: str) -> list[str]:
    path = f"CreditNotes/{note['CreditNoteID']}/Allocations"
    return api.refused("PUT", path, allocation(invoice, amount))


def test_a_credit_note_is_computed_like_an_invoice_and_nothing_of_it_is_used(api: Api) -> None:
    note = made(api, CreditNoteNumber="CN-17", Reference="PX-CN-17")
    assert (note["SubTotal"], note["TotalTax"], note["Total"]) == (50, 10, 60)
    assert (note["RemainingCredit"], note["Allocations"], note["Payments"]) == (60, [], [])
    assert note["ID"] == note["CreditNoteID"]
    assert (note["CreditNoteNumber"], note["Reference"]) == ("CN-17", "PX-CN-17")
    assert read(api, note)["Contact"]["Name"] == "Bayside Sailing Club"


def test_a_credit_note_without_a_number_gets_the_next_and_a_number_is_taken_once(api: Api) -> None:
    assert made(api)["CreditNoteNumber"] == "CN-0001"
    assert api.refused("PUT", "CreditNotes", credit(CreditNoteNumber="cn-0001")) == [
        "Credit Note # must be unique."
    ]
    assert made(api)["CreditNoteNumber"] == "CN-0002"


def test_numbers_of_credits_from_suppliers_need_not_be_unique(api: Api) -> None:
    bill = {"Type": "ACCPAYCREDIT", "CreditNoteNumber": "S-1", "LineItems": [buys()]}
    first, second = made(api, **bill), made(api, **bill)
    assert first["CreditNoteID"] != second["CreditNoteID"]


def buys() -> dict[str, Any]:
    return {**LINE, "AccountCode": "310"}


def test_a_credit_note_takes_no_discount(api: Api) -> None:
    body = credit(LineItems=[{**LINE, "DiscountRate": 10}])
    assert "Discounts" in api.refused("PUT", "CreditNotes", body)[0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"Type": None}, "Credit Note Type must be specified"),
        ({"Status": "VOIDED"}, "Credit note not of valid status for creation"),
        ({"LineItems": []}, "One or more line items must be specified"),
        ({"Contact": None}, "A Contact must be specified for this type of transaction"),
        ({"Date": "2020-01-01"}, LOCK),
        ({"CurrencyCode": "NZD"}, "Organisation is not subscribed to currency NZD"),
        (
            {"CreditNoteNumber": "CN–1"},
            "The credit note number must be 255 printable ASCII characters or less.",
        ),
        (
            {"LineItems": [{**LINE, "UnitAmount": -1}]},
            "The total of the document must not be less than zero.",
        ),
    ],
)
def test_a_credit_note_that_cannot_be_is_refused_with_the_reason(
    api: Api, change: dict[str, Any], message: str
) -> None:
    assert message in api.refused("PUT", "CreditNotes", credit(**change))


def test_a_draft_may_have_no_lines_yet_but_not_when_it_is_approved(api: Api) -> None:
    body = credit(Status="DRAFT")
    del body["LineItems"]
    draft = api.save("PUT", "CreditNotes", {"CreditNotes": [body]})
    assert (draft["Total"], draft["LineItems"]) == (0, [])
    path = f"CreditNotes/{draft['CreditNoteID']}"
    assert api.refused("POST", path, {"Status": "AUTHORISED"}) == [
        "One or more line items must be specified"
    ]
    approved = api.save("POST", path, {"Status": "AUTHORISED", "LineItems": [LINE]})
    assert (approved["Status"], approved["RemainingCredit"]) == ("AUTHORISED", 60)


def test_a_bare_post_with_a_known_number_changes_that_credit_note(api: Api) -> None:
    note = made(api, CreditNoteNumber="CN-9")
    body = credit(CreditNoteNumber="CN-9", Reference="changed")
    again = api.save("POST", "CreditNotes", {"CreditNotes": [body]})
    assert (again["CreditNoteID"], again["Reference"]) == (note["CreditNoteID"], "changed")


def test_a_part_of_a_credit_lowers_what_is_due_and_what_is_left(api: Api, clock: SimClock) -> None:
    invoice, note = api.invoice(), made(api)
    clock.move(seconds=90)
    applied = apply(api, note, invoice, "25.50")
    assert applied["Amount"] == Decimal("25.5")
    # The later of both dates, whatever was sent.
    assert applied["Date"] == "/Date(1786233600000+0000)/"
    assert "AllocationID" not in applied
    after, rest = invoice_now(api, invoice), read(api, note)
    assert (after["AmountDue"], after["AmountCredited"]) == (Decimal("94.5"), Decimal("25.5"))
    assert (after["Status"], rest["Status"]) == ("AUTHORISED", "AUTHORISED")
    assert rest["RemainingCredit"] == Decimal("34.5")
    assert after["UpdatedDateUTC"] == rest["UpdatedDateUTC"] > invoice["UpdatedDateUTC"]
    (shown,) = rest["Allocations"]
    assert shown["Invoice"]["InvoiceNumber"] == invoice["InvoiceNumber"]
    (inside,) = after["CreditNotes"]
    assert (inside["CreditNoteNumber"], inside["AppliedAmount"]) == ("CN-0001", Decimal("25.5"))


def test_a_credit_that_is_used_up_is_paid_and_so_is_an_invoice_that_it_covers(api: Api) -> None:
    invoice = api.invoice()
    small, large = made(api), made(api)
    apply(api, small, invoice, "60.00")
    apply(api, large, invoice, "60.00")
    after = invoice_now(api, invoice)
    assert (after["Status"], after["AmountDue"], after["AmountCredited"]) == ("PAID", 0, 120)
    assert after["FullyPaidOnDate"] == "/Date(1786233600000+0000)/"
    assert [read(api, one)["Status"] for one in (small, large)] == ["PAID", "PAID"]
    third = made(api)
    assert refused(api, third, invoice, "1.00") == [PAID_OFF]


def test_an_allocation_is_undone_with_an_answer_that_has_no_envelope(api: Api) -> None:
    invoice, note = api.invoice(), made(api)
    apply(api, note, invoice, "60.00")
    (held,) = read(api, note)["Allocations"]
    path = f"CreditNotes/{note['CreditNoteID']}/Allocations/{held['AllocationID']}"
    answer = api.call("DELETE", path)
    assert answer.status_code == 200
    body = answer.json()
    assert body.keys() == {"AllocationId", "Date", "Invoice", "IsDeleted"}
    assert (body["AllocationId"], body["IsDeleted"]) == (held["AllocationID"], True)
    assert body["Invoice"] == [{"InvoiceID": invoice["InvoiceID"]}]
    after, rest = invoice_now(api, invoice), read(api, note)
    assert (after["AmountDue"], after["AmountCredited"], after["CreditNotes"]) == (120, 0, [])
    assert (rest["RemainingCredit"], rest["Status"]) == (60, "AUTHORISED")
    assert api.call("DELETE", path).status_code == 404


def test_an_allocation_sent_again_is_applied_again(api: Api) -> None:
    invoice, note = api.invoice(), made(api)
    apply(api, note, invoice, "10.00")
    apply(api, note, invoice, "10.00")
    assert len(read(api, note)["Allocations"]) == 2


def test_more_than_what_is_left_or_due_cannot_be_allocated(api: Api) -> None:
    invoice, note = api.invoice(), made(api)
    assert refused(api, note, invoice, "60.01") == [TOO_MUCH]
    api.pay(invoice, "70.00")
    assert refused(api, note, invoice, "50.01") == [TOO_MUCH]
    assert refused(api, note, invoice, "0") == ["The allocation amount must be greater than zero"]


def test_a_credit_goes_with_invoices_of_its_kind_contact_currency_and_state(api: Api) -> None:
    note = made(api)
    line = {**LINE, "AccountCode": "310"}
    bill = api.invoice(Type="ACCPAY", LineItems=[line])
    assert refused(api, note, bill, "1") == [
        "Credit Note cannot be allocated to an incorrect invoice type"
    ]
    other = api.invoice(Contact={"Name": "City Limousines"})
    assert "same contact" in refused(api, note, other, "1")[0]
    foreign = api.invoice(CurrencyCode="EUR")
    assert "same currency" in refused(api, note, foreign, "1")[0]
    draft = api.invoice(Status="DRAFT")
    assert "authorised invoice" in refused(api, note, draft, "1")[0]
    unapproved = made(api, Status="DRAFT")
    assert "valid status" in refused(api, unapproved, api.invoice(), "1")[0]


@pytest.mark.beyond_description
def test_an_unknown_credit_note_or_invoice_is_named(api: Api) -> None:
    invoice, note = api.invoice(), made(api)
    nowhere = {"CreditNoteID": invoice["InvoiceID"]}
    assert refused(api, nowhere, invoice, "1") == [
        "An existing Credit Note with the specified CreditNoteID could not be found"
    ]
    assert refused(api, note, {"InvoiceID": note["CreditNoteID"]}, "1") == [
        "An existing Invoice with the specified InvoiceID could not be found"
    ]
    assert api.call("GET", f"CreditNotes/{invoice['InvoiceID']}").status_code == 404


def test_a_locked_allocation_is_neither_made_nor_undone(api: Api, xero: Any) -> None:
    invoice, note = api.invoice(), made(api)
    apply(api, note, invoice, "10.00")
    (held,) = read(api, note)["Allocations"]
    day = xero.clock.now().date().replace(month=12)
    xero.books().set_organisation(PeriodLockDate=day)
    assert refused(api, note, invoice, "10.00") == [LOCK]
    path = f"CreditNotes/{note['CreditNoteID']}/Allocations/{held['AllocationID']}"
    assert api.call("DELETE", path).status_code == 400


def test_an_unused_credit_note_is_voided_and_has_nothing_left(api: Api) -> None:
    note = made(api)
    path = f"CreditNotes/{note['CreditNoteID']}"
    assert api.save("POST", path, {"Status": "VOIDED"})["Status"] == "VOIDED"
    assert read(api, note)["RemainingCredit"] == 0
    assert api.refused("POST", path, {"Reference": "late"}) == [
        "Credit note not of valid status for modification"
    ]


def test_a_used_credit_note_keeps_its_money_but_not_its_words(api: Api) -> None:
    invoice, note = api.invoice(), made(api)
    apply(api, note, invoice, "10.00")
    path = f"CreditNotes/{note['CreditNoteID']}"
    assert api.refused("POST", path, {"Status": "VOIDED"}) == [NO_VOID]
    assert api.refused("POST", path, {"LineItems": [{**LINE, "UnitAmount": 70}]}) == [NO_EDIT]
    api.get("Invoices", IDs=invoice["InvoiceID"], page="1")
    api.save("POST", path, {"CreditNoteNumber": "CN-NEW"})
    (shown,) = api.get("Invoices", IDs=invoice["InvoiceID"], page="1")
    assert shown["CreditNotes"][0]["CreditNoteNumber"] == "CN-NEW"


def test_a_credited_invoice_can_neither_be_voided_nor_change_its_contact(api: Api) -> None:
    invoice, note = api.invoice(), made(api)
    apply(api, note, invoice, "10.00")
    path = f"Invoices/{invoice['InvoiceID']}"
    assert "cannot be applied" in api.refused("POST", path, {"Status": "VOIDED"})[0]
    other = {"Contact": {"ContactID": contact_id(api, "City Limousines")}}
    assert api.refused("POST", path, other) == [NO_EDIT]


def test_a_credit_note_is_refunded_by_a_payment_and_reopens_when_that_is_deleted(api: Api) -> None:
    note = made(api)
    body = {
        "CreditNote": {"CreditNoteID": note["CreditNoteID"]},
        "Account": {"Code": "090"},
        "Date": "2026-08-10",
        "Amount": "60.00",
    }
    assert "exceeds" in api.refused("PUT", "Payments", {**body, "Amount": "60.01"})[0]
    refund = api.save("PUT", "Payments", body)
    assert (refund["PaymentType"], refund["Amount"]) == ("ARCREDITPAYMENT", 60)
    assert refund["CreditNote"]["CreditNoteNumber"] == note["CreditNoteNumber"]
    assert "Invoice" not in refund
    after = read(api, note)
    assert (after["Status"], after["RemainingCredit"]) == ("PAID", 0)
    assert [one["PaymentID"] for one in after["Payments"]] == [refund["PaymentID"]]
    api.save("POST", f"Payments/{refund['PaymentID']}", {"Status": "DELETED"})
    assert (read(api, note)["Status"], read(api, note)["RemainingCredit"]) == ("AUTHORISED", 60)


def test_lists_of_credit_notes_have_lines_only_in_pages_and_know_what_changed(
    api: Api, clock: SimClock
) -> None:
    made(api)
    clock.move(minutes=5)
    late = made(api, Reference="late")
    assert {len(one["LineItems"]) for one in api.get("CreditNotes")} == {0}
    assert {len(one["LineItems"]) for one in api.get("CreditNotes", page="1")} == {1}
    found = api.get("CreditNotes", where='Reference=="late" AND RemainingCredit>0', page="1")
    assert [one["CreditNoteID"] for one in found] == [late["CreditNoteID"]]
    since = {"If-Modified-Since": "2026-08-03T09:33:00"}
    listed = api.call("GET", "CreditNotes", params={"page": "1"}, headers=since).json()
    assert [one["Reference"] for one in listed["CreditNotes"]] == ["late"]
    by_number = api.get(f"CreditNotes/{late['CreditNoteNumber']}")
    assert by_number[0]["CreditNoteID"] == late["CreditNoteID"]


def test_a_batch_of_credit_notes_tells_the_fate_of_each(api: Api) -> None:
    bodies = [credit(CreditNoteNumber="CN-1"), credit(CreditNoteNumber="CN-2", Status="PAID")]
    answer = api.call(
        "PUT", "CreditNotes", {"CreditNotes": bodies}, params={"summarizeErrors": "false"}
    )
    good, bad = answer.json()["CreditNotes"]
    assert (good["StatusAttributeString"], bad["StatusAttributeString"]) == ("OK", "ERROR")
    assert bad["CreditNoteID"] == "00000000-0000-0000-0000-000000000000"
    assert bad["HasErrors"] is True


@pytest.mark.beyond_description
def test_a_bare_post_adds_what_is_new_and_names_an_id_that_is_not_there(api: Api) -> None:
    fresh = {"CreditNotes": [credit(CreditNoteNumber="CN-50")]}
    assert api.save("POST", "CreditNotes", fresh)["CreditNoteNumber"] == "CN-50"
    gone = credit(CreditNoteID="5d5e1d1e-0000-4000-8000-000000000000")
    assert api.refused("POST", "CreditNotes", gone) == [
        "An existing Credit Note with the specified CreditNoteID could not be found"
    ]


def test_a_refund_may_name_its_credit_note_by_number(api: Api) -> None:
    note = made(api)
    body = {
        "CreditNoteNumber": note["CreditNoteNumber"],
        "Account": {"Code": "090"},
        "Date": "2026-08-10",
        "Amount": "10.00",
    }
    api.save("PUT", "Payments", body)
    assert read(api, note)["RemainingCredit"] == 50


def test_an_allocation_is_not_undone_below_another_sort_of_credit(api: Api) -> None:
    invoice, note = api.invoice(), made(api)
    apply(api, note, invoice, "10.00")
    (held,) = read(api, note)["Allocations"]
    path = f"Overpayments/{note['CreditNoteID']}/Allocations/{held['AllocationID']}"
    assert api.call("DELETE", path).status_code == 404
    assert len(read(api, note)["Allocations"]) == 1
