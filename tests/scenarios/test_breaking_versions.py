"""The basic days of a business on each generation of the Perfex module."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.scenarios.test_first_sync import MAPPED
from tests.scenarios.world import World, a_world, line
from xero_bridge.core.vocabulary import Kind, RunState

VERSIONS = ("2.0.8", "3.0.3", "3.1.0")
DAY = timedelta(days=1, minutes=1)


@pytest.fixture(params=VERSIONS)
def site(request: pytest.FixtureRequest) -> Iterator[World]:
    """One customer and one invoice of 120.00 in both systems, in step."""
    with a_world(version=request.param) as made:
        made.perfex.settings.custom_tables = {"tblitem_tax"}
        made.map_usual()
        made.go_live()
        with made.store.atomically():
            made.store.remember("receipts_agreed", "yes")
        made.customer = made.perfex.staff.create_customer("Harbour Joinery Ltd", vat="GB123")
        made.perfex.staff.create_contact(
            made.customer, email="jo@harbour.example", firstname="Jo", lastname="Wood"
        )
        made.perfex.staff.create_item("Consulting hour", "90.00")
        made.invoice = made.bill("100.00", "Consulting")
        report = made.sync()
        assert report.state is RunState.IN_STEP, report
        yield made


def test_what_is_new_arrives_whole_and_once(site: World) -> None:
    (contact,) = [one for one in site.xero_contacts() if one["Name"] == "Harbour Joinery Ltd"]
    assert (contact["TaxNumber"], contact["EmailAddress"]) == ("GB123", "jo@harbour.example")
    found = site.xero_invoice(site.number())
    assert (found["Total"], found["TotalTax"], found["Status"]) == (120.0, 20.0, "AUTHORISED")
    writes = [call for call in site.xero.calls if call.method != "GET"]
    for _again in range(2):
        assert site.sync().state is RunState.IN_STEP
    assert [call for call in site.xero.calls if call.method != "GET"] == writes


def test_edits_of_money_text_customer_and_number_follow(site: World) -> None:
    site.perfex.staff.edit_invoice(site.invoice, [line("150.00", "Consulting, two visits")])
    site.perfex.staff.edit_customer(site.customer, company="Harbour & Sons Ltd")
    site.sync()
    site.perfex.staff.edit_invoice(site.invoice, [line("150.00", "Consulting, three visits")])
    site.perfex.staff.renumber_invoice(site.invoice, 4711)
    site.sync(wait=DAY)
    found = site.xero_invoice("INV-004711")
    assert found["Total"] == 180.0
    assert found["LineItems"][0]["Description"] == "Consulting, three visits"
    assert found["Contact"]["Name"] == "Harbour & Sons Ltd"
    assert len(site.xero_invoices()) == 1


def test_an_edit_of_the_line_taxes_alone_follows(site: World) -> None:
    site.perfex.staff.edit_invoice(site.invoice, [line("100.00", "Consulting", tax="VAT|5.00")])
    site.sync()
    assert site.xero_invoice(site.number())["TotalTax"] == 5.0
    site.perfex.staff.edit_invoice(site.invoice, [line("100.00", "Consulting", tax=None)])
    site.sync()
    assert site.xero_invoice(site.number())["TotalTax"] == 0.0
    assert site.sync().state is RunState.IN_STEP


def test_taxes_that_an_old_module_hides_are_asked_about_where_totals_fit_two() -> None:
    """Untaxed and zero-rated give the same total: which of them goes to Xero is not guessed."""
    with a_world(version="2.0.8") as site:
        site.map_usual()
        site.go_live()
        site.customer = site.perfex.staff.create_customer("Ash & Co")
        site.bill("100.00", tax=None)
        assert "invoice" not in site.sync().done
        site.question("line_taxes_unreadable")
        # The table is allowed: its refusal is believed for an hour, the row is read again daily.
        site.perfex.settings.custom_tables = {"tblitem_tax"}
        site.sync(wait=DAY)
        assert site.xero_invoice("INV-000001")["LineItems"][0]["TaxType"] == "NONE"
        assert site.questions() == []


def test_a_cancelled_invoice_is_voided_when_told(site: World) -> None:
    site.perfex.staff.cancel_invoice(site.invoice)
    site.sync()
    site.answer("cancelled_in_perfex", "remove")
    assert site.sync().done == {"invoice": {"void": 1}}
    assert site.sync().state is RunState.IN_STEP


def test_payments_of_both_sides_cross_and_the_invoice_turns_paid_on_both(site: World) -> None:
    site.perfex.staff.record_payment(site.invoice, "50.00", "1")
    site.sync()
    site.pay_in_xero(site.number(), "70.00", "2026-11-20")
    for _again in range(3):
        site.sync()
    assert sorted(payment["Amount"] for payment in site.xero_payments()) == [50.0, 70.0]
    assert len(site.perfex.rows("invoicepaymentrecords")) == 2
    assert site.xero_invoice(site.number())["Status"] == "PAID"
    row = site.perfex.row("invoices", site.invoice)
    assert row is not None
    assert str(row["status"]) == "2"
    assert site.sync(wait=DAY).state is RunState.IN_STEP


@pytest.mark.parametrize("kind", ["drop-after", "500-after", "empty", "drop-before"])
def test_a_payment_whose_answer_was_lost_stands_once_in_perfex(site: World, kind: str) -> None:
    site.pay_in_xero(site.number(), "70.00", "2026-11-20")
    site.sync()
    site.perfex.faults.add(kind, method="POST", path="payments")
    for _again in range(6):
        site.sync(wait=timedelta(minutes=7))
    assert len(site.perfex.rows("invoicepaymentrecords")) == 1
    assert len(list(site.store.links_of(Kind.PAYMENT))) == 1
    assert site.sync().state is RunState.IN_STEP


def test_a_record_deleted_in_perfex_is_believed_and_asked_about(site: World) -> None:
    other = site.bill("10.00", "Another one")
    site.sync()
    assert site.perfex.staff.delete_invoice(other)
    site.sync()
    site.answer("deleted_in_perfex", "remove")
    assert site.sync().done == {"invoice": {"void": 1}}
    assert site.xero_invoice(site.number())["Status"] == "AUTHORISED"


def test_the_oldest_module_sends_as_many_invoices_of_the_demo_as_the_newest() -> None:
    sent = []
    for version in (VERSIONS[0], VERSIONS[-1]):
        with a_world(version=version, demo=True) as demo:
            demo.map_usual()
            for key, tax_type in MAPPED.items():
                demo.map(Kind.TAX, key, tax_type)
            demo.go_live()
            sent.append(demo.sync().done["invoice"]["create"])
    assert sent[0] == sent[1] > 60
