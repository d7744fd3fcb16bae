"""What goes wrong outside gets its own clear message, and nothing is lost by it."""

from __future__ import annotations

import pytest

from tests.scenarios.world import World, line
from xero_bridge.core.vocabulary import Kind, RunState, Side


def test_an_unreachable_perfex_is_said_with_its_address(books: World) -> None:
    books.perfex_url = "http://127.0.0.1:9"
    report = books.sync()
    assert report.state is not RunState.IN_STEP
    assert report.error is not None
    assert "127.0.0.1:9" in report.error
    assert books.xero_invoice(books.number())["Status"] == "AUTHORISED"


def test_a_wrong_perfex_token_is_no_empty_list_though_it_answers_404(books: World) -> None:
    books.perfex.site.tokens.clear()
    report = books.sync()
    assert report.state is RunState.NOT_CONNECTED
    assert report.error is not None
    assert "token" in report.error.lower()
    assert [stop.guard for stop in books.stops()] == []
    assert books.xero_invoice(books.number())["Status"] == "AUTHORISED"


def test_html_in_place_of_json_is_not_an_empty_list(books: World) -> None:
    books.perfex.faults.add("html", path="invoices", count=None)
    report = books.sync()
    books.perfex.faults.clear()
    assert report.state in (RunState.NOT_CONNECTED, RunState.WAITING)
    assert report.error is not None
    assert "JSON" in report.error or "HTML" in report.error
    assert books.sync().state is RunState.IN_STEP


def test_a_php_notice_before_the_json_is_read_through(books: World) -> None:
    books.perfex.staff.edit_invoice(books.invoice, [line("150.00")])
    books.perfex.faults.add("notice", path="invoices", count=None)
    report = books.sync()
    assert report.done == {"invoice": {"update": 1}}


def test_an_archived_account_in_the_settings_is_named(books: World) -> None:
    account = next(a for a in books.xero.books().accounts.values() if a["Code"] == "260")
    books.change_settings(sales_account="260")
    body = {"AccountID": account["AccountID"], "Status": "ARCHIVED"}
    books.xero_call("POST", f"Accounts/{account['AccountID']}", body)
    books.clock.move(days=1)
    books.bill("10.00")
    report = books.sync()
    assert report.done == {}
    asked = books.question("account_archived")
    assert "260" in asked.details["account"]
    books.change_settings(sales_account="200")
    assert books.sync().done == {"invoice": {"create": 1}}


def test_a_mapping_to_an_archived_bank_account_is_named(books: World) -> None:
    account = books.xero_call(
        "PUT",
        "Accounts",
        {"Code": "099", "Name": "Old bank", "Type": "BANK", "BankAccountNumber": "1"},
    )["Accounts"][0]
    books.map(Kind.PAYMENT_MODE, "1", account["AccountID"])
    body = {"AccountID": account["AccountID"], "Status": "ARCHIVED"}
    books.xero_call("POST", f"Accounts/{account['AccountID']}", body)
    books.clock.move(days=1)
    books.perfex.staff.record_payment(books.invoice, "120.00", "1")
    assert books.sync().done == {}
    asked = books.question("payment_account_unusable")
    assert "Old bank" in asked.details["account"]


def test_a_number_taken_in_xero_is_a_question_with_both_documents(world: World) -> None:
    world.customer = world.perfex.staff.create_customer("Harbour Joinery Ltd")
    body = {
        "Invoices": [
            {
                "Type": "ACCREC",
                "Contact": {"Name": "Somebody Else"},
                "InvoiceNumber": "INV-000001",
                "DueDate": "2026-12-01",
                "Status": "AUTHORISED",
                "LineAmountTypes": "Exclusive",
                "LineItems": [
                    {
                        "Description": "x",
                        "Quantity": 1,
                        "UnitAmount": 5,
                        "AccountCode": "200",
                        "TaxType": "NONE",
                    }
                ],
            }
        ]
    }
    world.xero_call("PUT", "Invoices", body)
    world.bill("100.00")
    world.sync()
    asked = world.question("number_taken")
    assert len(asked.candidates) == 1
    assert len(world.xero_invoices()) == 1


@pytest.mark.parametrize("name", ["Harbour Joinery Ltd", "Harbour  Joinery Ltd"])
def test_a_contact_of_the_same_name_is_adopted_and_not_made_twice(world: World, name: str) -> None:
    world.xero_call("PUT", "Contacts", {"Contacts": [{"Name": "Harbour Joinery Ltd"}]})
    world.customer = world.perfex.staff.create_customer(name)
    report = world.sync()
    assert report.done["customer"] == {"link": 1}
    assert [c["Name"] for c in world.xero_contacts()] == ["Harbour Joinery Ltd"]


def test_two_customers_of_one_name_are_never_merged_silently(world: World) -> None:
    world.xero_call("PUT", "Contacts", {"Contacts": [{"Name": "Smith"}]})
    world.perfex.staff.create_customer("Smith")
    world.perfex.staff.create_customer("Smith")
    report = world.sync()
    assert "customer" not in report.done
    assert len([q for q in world.questions() if q.kind is Kind.CUSTOMER]) == 2


def test_memory_that_was_lost_links_again_by_mark_and_number_and_writes_nothing(
    books: World,
) -> None:
    books.perfex.staff.create_item("Consulting hour", "150.00")
    books.perfex.staff.record_payment(books.invoice, "20.00", "1")
    books.sync()
    links = {kind: len(list(books.store.links_of(kind))) for kind in Kind}
    writes = [call for call in books.xero.calls if call.method != "GET"]
    with books.store.atomically():
        for kind in (Kind.CUSTOMER, Kind.ITEM, Kind.INVOICE, Kind.PAYMENT):
            for link in list(books.store.links_of(kind)):
                books.store.drop_link(link)
        books.store.make_all_dirty()
    for _run in range(3):
        report = books.sync()
    assert report.state is RunState.IN_STEP
    assert {kind: len(list(books.store.links_of(kind))) for kind in Kind} == links
    assert [call for call in books.xero.calls if call.method != "GET"] == writes
    assert books.store.links(Kind.INVOICE, Side.PERFEX, [str(books.invoice)])


def test_the_number_of_a_voided_invoice_stays_taken_and_another_one_is_proposed(
    books: World,
) -> None:
    books.edit_in_xero(books.number(), Status="VOIDED")
    with books.store.atomically():
        for link in list(books.store.links_of(Kind.INVOICE)):
            books.store.drop_link(link)
        books.store.make_all_dirty()
    books.sync()
    asked = books.question("number_of_void")
    assert asked.details["suggested"] == "INV-000001-2"
    books.perfex.staff.renumber_invoice(books.invoice, 2)
    assert books.sync().done == {"invoice": {"create": 1}}
    assert books.questions() == []


def test_invoices_of_customers_that_are_adopted_in_the_same_plan_are_adopted_too(
    books: World,
) -> None:
    with books.store.atomically():
        for kind in (Kind.CUSTOMER, Kind.INVOICE):
            for link in list(books.store.links_of(kind)):
                books.store.drop_link(link)
        books.store.make_all_dirty()
    assert books.sync().done == {"customer": {"link": 1}, "invoice": {"link": 1}}


def test_documents_that_wait_for_a_mapping_can_be_left_where_they_are(books: World) -> None:
    books.perfex.staff.create("taxes", name="GST", taxrate="10.00")
    books.bill("10.00", tax="GST|10.00")
    books.sync()
    books.answer("tax_unmapped", "leave")
    report = books.sync()
    assert (report.state, report.done) == (RunState.IN_STEP, {})
    assert [hold.reason for hold in books.last_plan().excluded] == ["person_excluded"]
