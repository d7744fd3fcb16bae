"""Money spent and received, and advances (checklist rows 38 and 39)."""

from decimal import Decimal
from typing import Any

import pytest

from tests.simulator.xero.client import Api
from tests.simulator.xero.documents import advance, allocation, spent

FUEL = {"Description": "Fuel", "Quantity": 1, "UnitAmount": "89.00", "AccountCode": "449"}
NO_BANK = "The bank account must be specified and must be of type BANK"
NOT_POSITIVE = "The total of the bank transaction must be greater than zero."


def save(api: Api, body: dict[str, Any], **more: Any) -> Any:
    return api.save("PUT", "BankTransactions", {"BankTransactions": [body]}, **more)


def read(api: Api, made: Any) -> Any:
    return api.get(f"BankTransactions/{made['BankTransactionID']}")[0]


def test_money_spent_includes_its_tax_unless_told_otherwise(api: Api) -> None:
    made = save(api, spent(Reference="PX-EXP-77", Url="https://crm.example.test/expense/77"))
    assert made["LineAmountTypes"] == "Inclusive"
    figures = (made["SubTotal"], made["TotalTax"], made["Total"])
    assert figures == (Decimal("74.17"), Decimal("14.83"), 89)
    assert (made["Reference"], made["Status"], made["IsReconciled"]) == (
        "PX-EXP-77",
        "AUTHORISED",
        False,
    )
    assert made["BankAccount"]["Code"] == "090"
    assert made["Url"] == "https://crm.example.test/expense/77"
    exclusive = save(api, spent(LineAmountTypes="Exclusive"))
    assert exclusive["Total"] == Decimal("106.8")


def test_a_supplier_that_is_not_there_yet_is_made_and_marked_as_one(api: Api) -> None:
    made = save(api, spent(Contact={"Name": "Corner Garage"}))
    assert made["Contact"]["Name"] == "Corner Garage"
    (contact,) = api.get("Contacts", searchTerm="Corner Garage")
    assert (contact["IsSupplier"], contact["IsCustomer"]) == (True, False)


def test_the_currency_is_that_of_the_bank_account(api: Api) -> None:
    made = save(api, spent(BankAccount={"Code": "094"}, CurrencyCode="USD"))
    assert made["CurrencyCode"] == "EUR"
    assert made["CurrencyRate"] == Decimal("1.17")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"Type": None}, "Bank Transaction Type must be specified"),
        ({"BankAccount": None}, NO_BANK),
        ({"BankAccount": {"Code": "835"}}, NO_BANK),
        ({"BankAccount": {"Code": "999"}}, NO_BANK),
        ({"Contact": None}, "A Contact must be specified for this type of transaction"),
        ({"LineItems": []}, "One or more line items must be specified"),
        ({"LineItems": None}, "One or more line items must be specified"),
        ({"Status": "DELETED"}, "Bank transaction not of valid status for creation"),
        ({"Date": "2020-01-01"}, "The document date cannot be before the period lock date"),
        ({"Url": "here"}, "Url must be a valid absolute url"),
        ({"LineItems": [{**FUEL, "UnitAmount": -1}]}, NOT_POSITIVE),
        (
            {"LineItems": [FUEL, {**FUEL, "UnitAmount": 0}]},
            "UnitAmount must not be zero on any line of a bank transaction.",
        ),
        (
            {"LineItems": [FUEL, {**FUEL, "Quantity": 0}]},
            "Quantity must be greater than zero on every line of a bank transaction.",
        ),
        ({"LineItems": [{**FUEL, "AccountCode": None}]}, "Account code must be specified"),
        (
            {"LineItems": [{**FUEL, "TaxAmount": "1.00"}]},
            "The tax amount 1.00 does not match the expected tax amount 14.83",
        ),
    ],
)
def test_a_bank_transaction_that_cannot_be_is_refused_with_the_reason(
    api: Api, change: dict[str, Any], message: str
) -> None:
    assert message in api.refused("PUT", "BankTransactions", spent(**change))


def test_a_line_may_take_something_off_as_long_as_the_whole_is_positive(api: Api) -> None:
    voucher = {**FUEL, "Description": "Voucher", "UnitAmount": "-9.00"}
    assert save(api, spent(FUEL, voucher))["Total"] == 80


def test_a_line_is_changed_by_its_id_and_one_that_is_not_sent_is_gone(api: Api) -> None:
    made = save(api, spent(FUEL, {**FUEL, "Description": "Car wash", "UnitAmount": "12.00"}))
    line = {"LineItemID": made["LineItems"][0]["LineItemID"], "UnitAmount": "90.00"}
    path = f"BankTransactions/{made['BankTransactionID']}"
    after = api.save("POST", path, {"BankTransactions": [{"LineItems": [line]}]})
    assert after["Total"] == 90
    assert [one["LineItemID"] for one in after["LineItems"]] == [line["LineItemID"]]


def test_words_change_without_the_lines(api: Api) -> None:
    made = save(api, spent())
    body = {"BankTransactionID": made["BankTransactionID"], "Reference": "changed"}
    after = api.save("POST", "BankTransactions", {"BankTransactions": [body]})
    assert (after["Reference"], after["LineItems"]) == ("changed", made["LineItems"])


@pytest.mark.beyond_description
def test_an_unknown_bank_transaction_is_named(api: Api) -> None:
    body = {"BankTransactionID": "5d5e1d1e-0000-4000-8000-000000000000", "Reference": "x"}
    assert api.refused("POST", "BankTransactions", body) == [
        "An existing Bank Transaction with the specified BankTransactionID could not be found"
    ]
    path = f"BankTransactions/{body['BankTransactionID']}"
    assert api.call("GET", path).status_code == 404


def test_a_deleted_one_stays_in_the_list_and_cannot_be_changed(api: Api) -> None:
    made = save(api, spent())
    path = f"BankTransactions/{made['BankTransactionID']}"
    body = {"BankTransactionID": made["BankTransactionID"], "Status": "DELETED"}
    assert api.save("POST", "BankTransactions", body)["Status"] == "DELETED"
    assert api.refused("POST", path, {"Reference": "late"}) == [
        "Bank transaction not of valid status for modification"
    ]
    listed = api.get("BankTransactions", where='Status=="DELETED"', page="1")
    assert [one["BankTransactionID"] for one in listed] == [made["BankTransactionID"]]


def test_a_reconciled_one_is_not_edited(api: Api) -> None:
    made = save(api, spent(IsReconciled=True))
    path = f"BankTransactions/{made['BankTransactionID']}"
    message = "has been reconciled with a Bank Statement"
    assert message in api.refused("POST", path, {"Reference": "late"})[0]


def test_lists_have_lines_only_in_pages_and_hold_no_payments(api: Api) -> None:
    save(api, spent())
    api.pay(api.invoice(), "10.00")
    (head,) = api.get("BankTransactions")
    assert head["LineItems"] == []
    (row,) = api.get("BankTransactions", page="1", where='Type=="SPEND"')
    assert len(row["LineItems"]) == 1


def test_unit_prices_have_four_places_only_when_asked_for(api: Api) -> None:
    line = {**FUEL, "Quantity": 3, "UnitAmount": "1.2345"}
    rough = save(api, spent(line))
    fine = save(api, spent(line), params={"unitdp": "4"})
    assert (rough["Total"], fine["Total"]) == (Decimal("3.69"), Decimal("3.7"))


def test_an_overpayment_has_one_line_without_tax_on_the_control_account(api: Api) -> None:
    made = save(api, advance("RECEIVE-OVERPAYMENT", "30.00"))
    assert (made["LineAmountTypes"], made["Total"], made["TotalTax"]) == ("NoTax", 30, 0)
    assert made["LineItems"][0]["AccountCode"] == "610"
    two = advance("RECEIVE-OVERPAYMENT", "30.00")
    two["LineItems"] *= 2
    assert api.refused("PUT", "BankTransactions", two) == [
        "An overpayment must have exactly one line item."
    ]
    (kept,) = api.get("Overpayments", page="1")
    assert kept["OverpaymentID"] == made["OverpaymentID"]
    assert (kept["RemainingCredit"], kept["Status"]) == (30, "AUTHORISED")


def test_an_overpayment_is_allocated_taken_back_and_refunded(api: Api) -> None:
    invoice = api.invoice()
    made = save(api, advance("RECEIVE-OVERPAYMENT", "150.00"))
    path = f"Overpayments/{made['OverpaymentID']}"
    api.save("PUT", f"{path}/Allocations", allocation(invoice, "120.00"))
    paid = api.get(f"Invoices/{invoice['InvoiceID']}")[0]
    assert (paid["Status"], paid["AmountCredited"], paid["AmountPaid"]) == ("PAID", 120, 0)
    assert [one["AppliedAmount"] for one in paid["Overpayments"]] == [120]
    (kept,) = api.get(path)
    assert kept["RemainingCredit"] == 30
    refund = api.save(
        "PUT",
        "Payments",
        {
            "Overpayment": {"OverpaymentID": made["OverpaymentID"]},
            "Account": {"Code": "090"},
            "Date": "2026-08-10",
            "Amount": "30.00",
        },
    )
    assert refund["PaymentType"] == "AROVERPAYMENTPAYMENT"
    assert api.get(path)[0]["Status"] == "PAID"
    held = kept["Allocations"][0]["AllocationID"]
    assert api.call("DELETE", f"{path}/Allocations/{held}").json()["IsDeleted"] is True
    again = api.get(f"Invoices/{invoice['InvoiceID']}")[0]
    assert (again["Status"], again["AmountDue"]) == ("AUTHORISED", 120)


def test_a_prepayment_has_lines_of_its_own_and_is_allocated_to_a_bill_when_it_was_spent(
    api: Api,
) -> None:
    made = save(api, advance("SPEND-PREPAYMENT", "40.00"))
    (kept,) = api.get("Prepayments", page="1")
    assert (kept["PrepaymentID"], kept["Type"]) == (made["PrepaymentID"], "SPEND-PREPAYMENT")
    assert kept["LineItems"][0]["AccountCode"] == "200"
    path = f"Prepayments/{made['PrepaymentID']}/Allocations"
    sale = api.invoice()
    assert api.refused("PUT", path, allocation(sale, "1")) == [
        "Prepayment cannot be allocated to an incorrect invoice type"
    ]
    line = {"Description": "Boards", "Quantity": 1, "UnitAmount": 100, "AccountCode": "310"}
    bill = api.invoice(Type="ACCPAY", InvoiceNumber="B-1", LineItems=[line])
    api.save("PUT", path, allocation(bill, "40.00"))
    owed = api.get(f"Invoices/{bill['InvoiceID']}")[0]
    assert (owed["AmountDue"], len(owed["Prepayments"])) == (80, 1)


def test_advances_cannot_be_changed_or_deleted_as_bank_transactions(api: Api) -> None:
    made = save(api, advance("RECEIVE-PREPAYMENT", "40.00"))
    path = f"BankTransactions/{made['BankTransactionID']}"
    assert api.refused("POST", path, {"Status": "DELETED"}) == [
        "Only SPEND and RECEIVE bank transactions can be updated"
    ]


def test_overpayments_are_found_by_reference_and_an_unknown_one_is_not_there(api: Api) -> None:
    save(api, advance("RECEIVE-OVERPAYMENT", "30.00"))
    assert api.get("Overpayments", References="nothing") == []
    assert api.call("GET", "Overpayments/5d5e1d1e-0000-4000-8000-000000000000").status_code == 404


def test_an_advance_needs_a_line_with_an_amount_and_takes_no_item(api: Api) -> None:
    empty = advance("RECEIVE-OVERPAYMENT", "1.00", LineItems=[])
    assert api.refused("PUT", "BankTransactions", empty) == [
        "One or more line items must be specified"
    ]
    unpriced = advance("RECEIVE-OVERPAYMENT", "1.00", LineItems=[{"Description": "Too much"}])
    assert api.refused("PUT", "BankTransactions", unpriced) == [
        "Quantity and UnitAmount must be specified"
    ]
    line = {"Description": "Hour", "Quantity": 1, "UnitAmount": 95, "ItemCode": "CONS-HR"}
    item = advance("RECEIVE-PREPAYMENT", "1.00", LineItems=[line])
    assert api.refused("PUT", "BankTransactions", item) == [
        "ItemCode can only be used on SPEND and RECEIVE bank transactions."
    ]


def test_a_bare_post_without_an_id_adds(api: Api) -> None:
    body = {"BankTransactions": [spent(Reference="new")]}
    assert api.save("POST", "BankTransactions", body)["Reference"] == "new"
