"""The playground's credits, bank transactions and orders: what a person does, an app sees."""

import re
from typing import Any

import pytest

from tests.simulator.xero.client import Api
from tests.simulator.xero.documents import advance, contact_id, made, order
from tests.simulator.xero.test_pages import BOOKS, Person
from xero_bridge.simulator.common import Server

CREDITS = f"{BOOKS}/credit-notes"
BANK = f"{BOOKS}/bank-transactions"
ORDERS = f"{BOOKS}/purchase-orders"


@pytest.fixture
def person(server: Server) -> Person:
    return Person(server.url)


def line(description: str, price: str, account: str) -> dict[str, str]:
    values = {"Description": description, "Quantity": "1", "UnitAmount": price}
    named = {**values, "AccountCode": account, "DiscountRate": ""}
    return {f"line-0-{name}": value for name, value in named.items()}


def invoice_now(api: Api, invoice: Any) -> Any:
    return api.get(f"Invoices/{invoice['InvoiceID']}")[0]


def test_a_bookkeeper_makes_a_credit_note_allocates_it_takes_it_back_and_refunds_it(
    person: Person, api: Api
) -> None:
    invoice = api.invoice()
    form = {
        "Type": "ACCRECCREDIT",
        "Contact": "Bayside Sailing Club",
        "Date": "2026-08-03",
        "Status": "AUTHORISED",
        **line("Goodwill", "50", "200"),
    }
    text = person.send(f"{CREDITS}/new", form)
    assert "Credit Note CN-0001" in text
    (note,) = api.get("CreditNotes", page="1")
    here = f"{CREDITS}/{note['CreditNoteID']}"
    amount = {"InvoiceID": invoice["InvoiceID"], "Amount": "60.00"}
    assert "greater than amount" in person.refused(f"{here}/allocate", {**amount, "Amount": "99"})
    assert invoice["InvoiceNumber"] in person.send(f"{here}/allocate", amount)
    assert invoice_now(api, invoice)["AmountDue"] == 60
    assert "CN-0001" in person.look(f"{BOOKS}/invoices/{invoice['InvoiceID']}")
    (held,) = re.findall(r'name="AllocationID" value="([^"]+)"', person.look(here))
    person.send(f"{here}/release", {"AllocationID": held})
    assert invoice_now(api, invoice)["AmountDue"] == 120
    (bank,) = (one for one in api.get("Accounts") if one.get("Code") == "090")
    paid = {"Date": "2026-08-03", "Amount": "60.00", "AccountID": bank["AccountID"]}
    assert "PAID" in person.send(f"{here}/refund", paid)
    listed = person.look(f"{BOOKS}/payments")
    assert f'href="{here}"' in listed
    (payment,) = (one for one in api.get("Payments") if one["PaymentType"] == "ARCREDITPAYMENT")
    text = person.send(f"{BOOKS}/payments/{payment['PaymentID']}/delete")
    assert "Payment deleted." in text
    assert "Remaining" in text


def test_a_refund_in_a_locked_period_stays_and_its_credit_tells_why(
    person: Person, api: Api
) -> None:
    note = made(api)
    body = {
        "CreditNote": {"CreditNoteID": note["CreditNoteID"]},
        "Account": {"Code": "090"},
        "Date": "2026-08-10",
        "Amount": "60.00",
    }
    payment = api.save("PUT", "Payments", body)
    person.send(f"{BOOKS}/settings/locks", {"PeriodLockDate": "2026-12-31"})
    text = person.refused(f"{BOOKS}/payments/{payment['PaymentID']}/delete", {})
    assert "lock date" in text


def test_a_credit_note_is_voided_on_its_page(person: Person, api: Api) -> None:
    note = made(api)
    here = f"{CREDITS}/{note['CreditNoteID']}"
    assert "Void" in person.look(here)
    assert "VOIDED" in person.send(f"{here}/status", {"Status": "VOIDED"})
    assert "not of valid status" in person.refused(f"{here}/status", {"Status": "DRAFT"})


def test_an_overpayment_has_its_page_too(person: Person, api: Api) -> None:
    paid = api.save("PUT", "BankTransactions", advance("RECEIVE-OVERPAYMENT", "30.00"))
    text = person.look(f"{CREDITS}/{paid['OverpaymentID']}")
    assert "Overpayment" in text
    assert "Accounts Receivable" in text
    assert "Overpayment" in person.look(CREDITS)
    assert "RECEIVE-OVERPAYMENT" in person.look(BANK)


def test_a_bookkeeper_spends_money_and_deletes_it_again(person: Person, api: Api) -> None:
    (bank,) = (one for one in api.get("Accounts") if one.get("Code") == "090")
    form = {
        "Type": "SPEND",
        "Contact": "Corner Garage",
        "AccountID": bank["AccountID"],
        "Date": "2026-08-03",
        "LineAmountTypes": "Inclusive",
        **line("Fuel", "89.00", "449"),
    }
    assert "Corner Garage" in person.send(f"{BANK}/new", form)
    (spent,) = api.get("BankTransactions", page="1")
    assert (spent["Type"], spent["Total"]) == ("SPEND", 89)
    here = f"{BANK}/{spent['BankTransactionID']}/delete"
    assert "Deleted." in person.send(here)
    assert "not of valid status" in person.refused(here, {})
    assert "One or more line items" in person.refused(
        f"{BANK}/new", {**form, "line-0-Description": ""}
    )


def test_a_bookkeeper_orders_and_marks_the_order_as_billed(person: Person, api: Api) -> None:
    form = {
        "Contact": "ridgeway timber supplies",
        "Date": "2026-08-03",
        "DeliveryDate": "",
        "Status": "AUTHORISED",
        **line("Boards", "25.1255", "310"),
    }
    text = person.send(f"{ORDERS}/new", form)
    assert "Purchase order PO-0001" in text
    assert "25.1255" in text
    (made_order,) = api.get("PurchaseOrders/PO-0001")
    here = f"{ORDERS}/{made_order['PurchaseOrderID']}"
    assert "BILLED" in person.send(f"{here}/status", {"Status": "BILLED"})
    assert "status change is invalid" in person.refused(f"{here}/status", {"Status": "DRAFT"})
    assert "PO-0001" in person.look(ORDERS)
    assert "Contact must be" in person.refused(f"{ORDERS}/new", {**form, "Contact": "Nobody"})


@pytest.mark.parametrize("path", [f"{CREDITS}/new", f"{BANK}/new", f"{ORDERS}/new", CREDITS])
def test_forms_and_lists_open_on_books_without_such_documents(person: Person, path: str) -> None:
    assert "<h1>" in person.look(path)


@pytest.mark.parametrize("what", [CREDITS, ORDERS])
def test_a_document_that_is_not_there_has_no_page(person: Person, what: str) -> None:
    person.look(f"{what}/unknown", status=404)
    person.send(f"{what}/unknown/status", {"Status": "DELETED"}, status=404)


def test_what_is_not_there_cannot_be_undone(person: Person, api: Api) -> None:
    person.send(f"{BANK}/unknown/delete", status=404)
    note = made(api)
    here = f"{CREDITS}/{note['CreditNoteID']}/release"
    person.send(here, {"AllocationID": "unknown"}, status=404)


def test_the_calls_that_changed_an_order_stand_on_its_page(person: Person, api: Api) -> None:
    supplier = contact_id(api, "Ridgeway")
    one = api.save("PUT", "PurchaseOrders", order(api, Contact={"ContactID": supplier}))
    text = person.look(f"{ORDERS}/{one['PurchaseOrderID']}")
    assert "PUT /api.xro/2.0/PurchaseOrders" in text
