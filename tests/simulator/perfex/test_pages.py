"""The staff pages: everything a person does there is what the REST module shows afterwards."""

from __future__ import annotations

import pytest

from tests.simulator.perfex.conftest import Serve
from tests.simulator.perfex.site import VAT, Perfex

PAGES = (
    "/",
    "/admin/clients",
    "/admin/clients/client",
    "/admin/clients/client/2",
    "/admin/invoice_items?edit=1",
    "/admin/invoices?status=4&q=INV&page=2",
    "/admin/invoices/list_invoices/15",
    "/admin/invoices/invoice",
    "/admin/invoices/invoice/80",
    "/admin/payments",
    "/admin/payments/payment/1",
    "/admin/taxes",
    "/admin/paymentmodes",
    "/admin/outbox",
    "/admin/api_log",
)


def test_every_page_of_the_demo_opens(serve: Serve) -> None:
    demo = serve(seed="demo")
    for path in PAGES:
        page = demo.page(path)
        assert page.status_code == 200, path
        assert "<h1" in page.text
        assert "onclick" not in page.text
    assert demo.page("/style.css").headers["Content-Type"].startswith("text/css")


def test_what_is_missing_says_so(perfex: Perfex) -> None:
    for path in ("/admin/invoices/list_invoices/9", "/admin/clients/client/9", "/nowhere"):
        page = perfex.page(path)
        assert page.status_code == 404
        assert "There is no" in page.text


def invoice_fields(customer: int, **changes: str) -> dict[str, str]:
    return {
        "clientid": str(customer),
        "number": "5",
        "date": "2026-03-01",
        "duedate": "2026-03-31",
        "currency": "2",
        "rows": "2",
        "description-0": "Shelf",
        "qty-0": "2",
        "rate-0": "150",
        "tax-0": VAT,
        "discount_value": "10",
        "discount_mode": "percent",
        "discount_type": "before_tax",
        "adjustment": "-0.01",
        **changes,
    }


def test_an_invoice_typed_by_staff_is_computed_and_shown_by_the_module(perfex: Perfex) -> None:
    page = perfex.page("/admin/invoices/invoice", **invoice_fields(perfex.customer()))
    assert page.url.startswith(f"{perfex.url}/admin/invoices/list_invoices/1")
    detail = perfex.get("invoices/1")
    assert (detail["number"], detail["total"], detail["total_tax"]) == ("5", "323.99", "54.00")
    assert detail["discount_total"] == "30.00"


def test_an_edited_invoice_gets_new_lines_and_totals(perfex: Perfex) -> None:
    customer = perfex.customer()
    perfex.page("/admin/invoices/invoice", **invoice_fields(customer))
    changes = {"rate-0": "200", "discount_value": "0", "adjustment": "0"}
    perfex.page("/admin/invoices/invoice/1", **invoice_fields(customer, **changes))
    detail = perfex.get("invoices/1")
    assert (detail["total"], detail["discount_type"]) == ("480.00", "")
    assert [line["rate"] for line in detail["items"]] == ["200.00"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("qty-0", "two", "Quantity of line 1 must be a number"),
        ("date", "", "Date is missing"),
        ("description-0", "", "needs at least one line"),
        ("clientid", "", "Customer is missing"),
        ("duedate", "31.3.", "Due date must be a date"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_typed_is_lost(
    perfex: Perfex, field: str, value: str, words: str
) -> None:
    fields = invoice_fields(perfex.customer(), **{field: value, "unit-0": "box"})
    page = perfex.page("/admin/invoices/invoice", **fields)
    assert page.status_code == 400
    assert words in page.text
    assert 'value="box"' in page.text
    assert perfex.simulator.rows("invoices") == []


def test_a_number_in_use_is_refused_on_the_form(perfex: Perfex) -> None:
    customer = perfex.customer()
    perfex.page("/admin/invoices/invoice", **invoice_fields(customer))
    again = perfex.page("/admin/invoices/invoice", **invoice_fields(customer))
    assert "Number 5 is already in use" in again.text


def test_a_payment_is_recorded_changed_and_deleted(perfex: Perfex) -> None:
    perfex.invoice()
    perfex.page("/admin/invoices/pay/1", amount="100.00", date="2026-02-02", paymentmode="2")
    assert perfex.get("payments")[0]["date"] == "2026-02-02"
    perfex.page("/admin/payments/payment/1", amount="360", date="2026-02-03", paymentmode="2")
    assert perfex.get("invoices/1")["status"] == "2"
    perfex.page("/admin/payments/delete/1", sure="yes")
    assert perfex.get("invoices/1")["payments"] == []


def test_an_invoice_is_copied_cancelled_and_deleted_from_its_page(perfex: Perfex) -> None:
    perfex.invoice(adminnote="note")
    perfex.page("/admin/invoices/copy/1", sure="yes")
    assert perfex.get("invoices/2")["adminnote"] == "note"
    perfex.page("/admin/invoices/cancel/2", sure="yes")
    assert perfex.get("invoices/2")["status"] == "5"
    perfex.page("/admin/invoices/uncancel/2", sure="yes")
    assert perfex.get("invoices/2")["status"] == "1"
    perfex.page("/admin/invoices/delete/2", sure="yes")
    assert perfex.call("GET", "invoices/2").status_code == 404


def test_a_draft_gets_its_number_when_marked_as_sent(perfex: Perfex) -> None:
    fields = invoice_fields(perfex.customer(), draft="1")
    perfex.page("/admin/invoices/invoice", **fields)
    assert perfex.get("invoices/1")["formatted_number"] == "INV-DRAFT"
    perfex.page("/admin/invoices/issue/1", sure="yes")
    assert perfex.get("invoices/1")["formatted_number"] == "INV-000001"


def test_a_customer_and_its_contact_are_typed_on_one_form(perfex: Perfex) -> None:
    fields = {"company": "A & B", "country": "235", "firstname": "Ann", "lastname": "Lee"}
    fields |= {"email": "ann@ab.example", "invoice_emails": "1", "active": "1"}
    perfex.page("/admin/clients/client", **fields)
    assert perfex.get("customers/1")["billing_country"] == "235"
    assert perfex.get("contacts/1")[0]["email"] == "ann@ab.example"
    perfex.page("/admin/clients/client/1", **{**fields, "company": "C", "email": "c@ab.example"})
    assert perfex.get("customers/1")["company"] == "C"
    assert perfex.get("contacts/1")[0]["email"] == "c@ab.example"
    second = perfex.page("/admin/clients/client", **{**fields, "email": "c@ab.example"})
    assert "already has the address" in second.text


def test_items_taxes_and_modes_are_edited_in_their_lists(perfex: Perfex) -> None:
    perfex.page("/admin/invoice_items", description="Shelf", rate="48.75", tax="1")
    perfex.page("/admin/invoice_items/1", description="Shelf", rate="50.00", tax="1")
    assert perfex.get("items/1")["rate"] == "50.00"
    perfex.page("/admin/taxes", id="1", name="MwSt", taxrate="19")
    assert perfex.get("common/tax_data")[0] == {"id": "1", "name": "MwSt", "taxrate": "19.00"}
    perfex.page("/admin/paymentmodes", id="1", name="Bank")
    assert [mode["name"] for mode in perfex.get("common/payment_mode")][:1] == ["Cash"]


def test_the_outbox_and_the_fault_switches_have_pages(perfex: Perfex) -> None:
    customer = perfex.customer()
    perfex.contact(customer)
    perfex.simulator.staff.record_payment(perfex.invoice(customer=customer), "1.00")
    assert "payment_receipt" in perfex.page("/admin/outbox").text
    perfex.page("/admin/api_log", kind="html", path="/api/items", count="1", s="0")
    assert perfex.call("GET", "items").text.startswith("<!DOCTYPE html>")
    assert "/api/items" in perfex.page("/admin/api_log").text


def test_a_stored_entity_is_shown_as_a_person_reads_it(perfex: Perfex) -> None:
    perfex.customer("Tom &amp; Jerry&#039;s")
    assert "Tom &amp; Jerry&#39;s" in perfex.page("/admin/clients").text
    assert perfex.get("customers")["data"][0]["company"] == "Tom &amp; Jerry&#039;s"
