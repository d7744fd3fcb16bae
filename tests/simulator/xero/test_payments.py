"""Payments and what they do to their invoice (checklist row 37)."""

from decimal import Decimal
from typing import Any

import pytest

from tests.simulator.xero.client import Api, receipt
from xero_bridge.simulator.common import SimClock
from xero_bridge.simulator.xero import XeroSimulator

TOO_MUCH = "Payment amount exceeds the amount outstanding on this document"
NOT_AUTHORISED = "Payments can only be made against Authorised documents"


def current(api: Api, invoice: Any) -> Any:
    return api.get(f"Invoices/{invoice['InvoiceID']}")[0]


def remove(api: Api, payment: Any, body: dict[str, Any] | None = None) -> Any:
    path = f"Payments/{payment['PaymentID']}"
    return api.save("POST", path, body or {"Status": "DELETED"})


def test_a_payment_answers_with_its_account_and_the_invoice_it_moved(api: Api) -> None:
    invoice = api.invoice()
    payment = api.pay(invoice, "100.00", Reference="PX-PAY-551")
    assert payment["PaymentType"] == "ACCRECPAYMENT"
    assert (payment["Status"], payment["Reference"]) == ("AUTHORISED", "PX-PAY-551")
    assert (payment["Amount"], payment["BankAmount"], payment["CurrencyRate"]) == (100, 100, 1)
    assert payment["Account"]["Code"] == "090"
    assert payment["Date"] == "/Date(1785715200000+0000)/"
    shown = payment["Invoice"]
    assert (shown["AmountDue"], shown["AmountPaid"], shown["Status"]) == (20, 100, "AUTHORISED")
    assert len(shown["LineItems"]) == 1


def test_a_part_payment_leaves_the_rest_due(api: Api) -> None:
    invoice = api.invoice()
    api.pay(invoice, "50.01")
    after = current(api, invoice)
    assert (after["Status"], after["AmountDue"]) == ("AUTHORISED", Decimal("69.99"))


def test_the_full_payment_closes_the_invoice_at_the_same_instant(api: Api, clock: SimClock) -> None:
    invoice = api.invoice()
    api.pay(invoice, "20.00")
    clock.move(seconds=90)
    payment = api.pay(invoice, "100.00", Date="2026-08-10")
    after = current(api, invoice)
    assert (after["Status"], after["AmountDue"], after["AmountPaid"]) == ("PAID", 0, 120)
    assert after["FullyPaidOnDate"] == "/Date(1786320000000+0000)/"
    assert after["UpdatedDateUTC"] == payment["UpdatedDateUTC"] == "/Date(1785749505250+0000)/"


@pytest.mark.beyond_description
def test_deleting_a_payment_reopens_the_invoice_at_the_same_instant(
    api: Api, clock: SimClock
) -> None:
    invoice = api.invoice()
    payment = api.pay(invoice, "120.00")
    clock.move(seconds=7)
    gone = remove(api, payment, {"Payments": [{"Status": "DELETED"}]})
    after = current(api, invoice)
    assert gone["Status"] == "DELETED"
    assert (after["Status"], after["AmountDue"], after["Payments"]) == ("AUTHORISED", 120, [])
    assert "FullyPaidOnDate" not in after
    assert after["UpdatedDateUTC"] == gone["UpdatedDateUTC"]


def test_deleted_payments_stay_in_the_list(api: Api) -> None:
    payment = api.pay(api.invoice(), "10.00")
    remove(api, payment)
    listed = {one["PaymentID"]: one["Status"] for one in api.get("Payments", page="1")}
    assert listed[payment["PaymentID"]] == "DELETED"
    kept = api.get("Payments", where='Status=="AUTHORISED"', page="1")
    assert payment["PaymentID"] not in {one["PaymentID"] for one in kept}


def test_nothing_but_the_status_can_be_sent_for_a_payment(api: Api) -> None:
    payment = api.pay(api.invoice(), "10.00")
    path = f"Payments/{payment['PaymentID']}"
    for body in (
        {"Status": "DELETED", "Reference": "x"},
        {"PaymentID": payment["PaymentID"], "Status": "DELETED"},
        {"Amount": "5.00"},
    ):
        assert api.refused("POST", path, body) == ["Only Status accepted for updates"]


def test_a_payment_is_deleted_once(api: Api) -> None:
    payment = api.pay(api.invoice(), "10.00")
    remove(api, payment)
    path = f"Payments/{payment['PaymentID']}"
    assert len(api.refused("POST", path, {"Status": "DELETED"})) == 1


def test_paying_too_much_is_refused_not_converted(api: Api) -> None:
    invoice = api.invoice()
    assert api.refused("PUT", "Payments", receipt(invoice, "120.01")) == [TOO_MUCH]
    api.pay(invoice, "120.00")
    assert api.refused("PUT", "Payments", receipt(invoice, "0.01")) == [TOO_MUCH, NOT_AUTHORISED]


@pytest.mark.parametrize("status", ["DRAFT", "SUBMITTED", "VOIDED"])
def test_only_an_approved_document_is_paid(api: Api, status: str) -> None:
    invoice = api.invoice(Status="AUTHORISED" if status == "VOIDED" else status)
    if status == "VOIDED":
        api.save("POST", f"Invoices/{invoice['InvoiceID']}", {"Status": "VOIDED"})
    assert api.refused("PUT", "Payments", receipt(invoice, "10.00")) == [TOO_MUCH, NOT_AUTHORISED]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"Account": {"Code": "777"}}, "Account could not be found"),
        ({"Account": None}, "Account could not be found"),
        ({"Account": {"Code": "200"}}, "The account type is invalid"),
        ({"Account": {"Code": "094"}}, "The currency of the bank account"),
        ({"Amount": "0"}, "The payment amount must be greater than zero"),
        ({"Amount": "-5"}, "The payment amount must be greater than zero"),
        ({"Date": None}, "Payment date must be specified"),
        ({"Date": "2024-12-31"}, "The document date cannot be before the period lock date"),
        ({"CreditNote": {"CreditNoteNumber": "x"}}, "Exactly one of"),
        ({"Invoice": {"InvoiceNumber": "x"}}, "An existing Invoice"),
    ],
)
def test_a_wrong_payment_is_refused_with_its_message(
    api: Api, change: dict[str, Any], message: str
) -> None:
    body = {**receipt(api.invoice(), "10.00"), **change}
    (found,) = api.refused("PUT", "Payments", body)
    assert found.startswith(message)


def test_an_account_that_accepts_payments_will_do_and_one_without_code_by_its_id(
    xero: XeroSimulator, api: Api
) -> None:
    invoice = api.invoice()
    assert api.pay(invoice, "10.00", Account={"Code": "835"})["Account"]["Code"] == "835"
    (card,) = [one for one in xero.books().accounts.values() if one["Name"] == "Petty Cash Card"]
    shown = api.pay(invoice, "10.00", Account={"AccountID": card["AccountID"]})["Account"]
    assert "Code" not in shown


def test_a_foreign_invoice_paid_into_the_base_account_is_converted(api: Api) -> None:
    invoice = api.invoice(CurrencyCode="EUR", CurrencyRate="1.25")
    by_rate = api.pay(invoice, "50.00", CurrencyRate="1.25")
    assert (by_rate["BankAmount"], by_rate["CurrencyRate"]) == (40, Decimal("1.25"))
    by_amount = api.pay(invoice, "50.00", BankAmount="41.00")
    assert (by_amount["BankAmount"], by_amount["CurrencyRate"]) == (41, Decimal("1.219512"))
    in_euro = api.pay(invoice, "20.00", Account={"Code": "094"})
    assert in_euro["BankAmount"] == 20
    assert current(api, invoice)["Status"] == "PAID"


def test_payments_of_one_batch_are_judged_one_after_the_other(api: Api) -> None:
    invoice = api.invoice()
    batch = {"Payments": [receipt(invoice, "100.00"), receipt(invoice, "100.00")]}
    answer = api.call("PUT", "Payments", batch, params={"summarizeErrors": "false"})
    good, bad = answer.json()["Payments"]
    assert (good["StatusAttributeString"], good["HasValidationErrors"]) == ("OK", False)
    assert (bad["StatusAttributeString"], bad["HasValidationErrors"]) == ("ERROR", True)
    assert bad["ValidationErrors"] == [{"Message": TOO_MUCH}]
    assert current(api, invoice)["AmountDue"] == 20


def test_payments_are_found_by_their_invoice_and_reference(api: Api) -> None:
    invoice = api.invoice()
    payment = api.pay(invoice, "10.00", Reference="PX-PAY-9")
    for where in (
        f'Invoice.InvoiceID==guid("{invoice["InvoiceID"]}")',
        'Reference=="px-pay-9"',
        f'PaymentID==guid("{payment["PaymentID"]}") OR PaymentID==guid("{invoice["InvoiceID"]}")',
    ):
        found = api.get("Payments", where=where)
        assert [one["PaymentID"] for one in found] == [payment["PaymentID"]]


def test_a_reconciled_or_batched_payment_cannot_be_deleted(xero: XeroSimulator, api: Api) -> None:
    invoice = api.invoice()
    reconciled = api.pay(invoice, "10.00", IsReconciled=True)
    batched = api.pay(invoice, "10.00")
    payments = xero.books().payments
    record = payments.get(batched["PaymentID"]) or {}
    payments.put(batched["PaymentID"], {**record, "BatchPaymentID": invoice["InvoiceID"]})
    for payment, word in ((reconciled, "reconciled"), (batched, "batch")):
        path = f"Payments/{payment['PaymentID']}"
        (message,) = api.refused("POST", path, {"Status": "DELETED"})
        assert word in message
