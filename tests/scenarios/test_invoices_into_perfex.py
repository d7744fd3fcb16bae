"""Invoices that are written or changed in Xero, and what of it arrives in Perfex."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.scenarios.world import World, a_world, line
from xero_bridge.core.vocabulary import Births, Direction, RunState

LATER = timedelta(minutes=7)
VERSIONS = ("2.0.8", "3.0.3", "3.1.0")


@pytest.fixture(params=VERSIONS)
def books(request: pytest.FixtureRequest) -> Iterator[World]:
    """One customer and one invoice in step, on each module; births of Xero are created."""
    with a_world(version=request.param) as made:
        made.map_usual()
        made.go_live()
        made.change_settings(births={"invoice.xero": Births.CREATE})
        made.perfex.settings.custom_tables |= {"tblitem_tax"}
        made.customer = made.perfex.staff.create_customer(
            "Harbour Joinery Ltd", vat="GB123", billing_street="1 Quay", billing_city="Hull"
        )
        made.invoice = made.bill("100.00", "Consulting")
        assert made.sync().state is RunState.IN_STEP
        yield made


def _write(world: World, number: str, *lines: dict[str, Any], **header: Any) -> None:
    """An approved invoice, written on Xero's page."""
    (contact,) = [c for c in world.xero_contacts() if c["Name"] == "Harbour Joinery Ltd"]
    body = {
        "Type": "ACCREC",
        "Status": "AUTHORISED",
        "InvoiceNumber": number,
        "Contact": {"ContactID": contact["ContactID"]},
        "Date": "2026-11-20",
        "DueDate": "2026-12-20",
        "LineItems": [_line(**each) for each in lines or ({},)],
        **header,
    }
    world.xero_call("PUT", "Invoices?unitdp=4", {"Invoices": [body]})


def _line(**members: Any) -> dict[str, Any]:
    usual = {"Description": "Audit", "Quantity": "2", "UnitAmount": "50.00"}
    return {**usual, "AccountCode": "200", "TaxType": "OUTPUT2", **members}


def _invoices(world: World) -> list[dict[str, Any]]:
    return [dict(row) for row in world.perfex.rows("invoices")]


def _lines(world: World, invoice: object) -> list[tuple[str, str, str]]:
    rows = world.perfex.rows("itemable", rel_id=invoice, rel_type="invoice")
    ordered = sorted(rows, key=lambda row: int(row["item_order"] or 0))
    return [(str(r["description"]), str(r["qty"]), str(r["rate"])) for r in ordered]


def _settle(world: World, runs: int = 4) -> None:
    for _again in range(runs):
        world.sync(wait=LATER)


def _stays(world: World) -> None:
    for _again in range(2):
        report = world.sync(wait=LATER)
        assert (report.state, report.done) == (RunState.IN_STEP, {}), (report, world.questions())


def test_an_invoice_of_xero_gets_the_next_number_and_the_address_and_no_mail(
    books: World,
) -> None:
    _write(books, "XI-1")
    books.sync()
    new = _invoices(books)[-1]
    assert (new["number"], new["total"], new["total_tax"]) == ("2", "120.00", "20.00")
    assert (new["billing_street"], new["billing_city"]) == ("1 Quay", "Hull")
    assert "Invoice XI-1 of Xero" in str(new["adminnote"])
    assert new["cancel_overdue_reminders"] == "1"
    assert _lines(books, new["id"]) == [("Audit", "2.00", "50.00")]
    assert books.perfex.outbox == []
    assert len(books.xero_invoices()) == 2
    _stays(books)


def test_a_number_that_somebody_took_meanwhile_is_passed_over(books: World) -> None:
    books.perfex.staff.renumber_invoice(books.invoice, 7)
    books.sync()
    _write(books, "XI-1")
    taken = books.context_that_edits_before_writing(lambda: _take_number(books))
    books.run(taken)
    _settle(books, 2)
    assert sorted(int(row["number"]) for row in _invoices(books)) == [7, 8, 9]


def _take_number(world: World) -> None:
    new = world.bill("10.00", "Quick")
    world.perfex.staff.renumber_invoice(new, 8)


@pytest.mark.parametrize("fault", ["drop-after", "500-after", "html-after", "empty"])
def test_an_invoice_whose_answer_was_lost_is_there_once(books: World, fault: str) -> None:
    _write(books, "XI-1")
    books.perfex.faults.add(fault, method="POST", path="invoices")
    books.sync()
    _settle(books)
    assert [row["total"] for row in _invoices(books)] == ["120.00", "120.00"]
    assert len(books.xero_invoices()) == 2
    _stays(books)


@pytest.mark.parametrize("fault", ["drop-before", "500-before"])
def test_an_invoice_that_never_arrived_is_sent_again_once_that_is_sure(
    books: World, fault: str
) -> None:
    _write(books, "XI-1")
    books.perfex.faults.add(fault, method="POST", path="invoices")
    books.sync()
    _settle(books)
    assert len(_invoices(books)) == 2
    _stays(books)


def test_its_payment_follows_with_the_consent_that_payments_need(books: World) -> None:
    _write(books, "XI-1")
    books.sync()
    books.pay_in_xero("XI-1", "120.00", "2026-11-20")
    _settle(books, 2)
    books.approve("receipts")
    _settle(books, 2)
    assert _invoices(books)[-1]["status"] == "2"


def test_an_unknown_customer_is_asked_about_and_made_with_its_invoice(books: World) -> None:
    new = books.xero_call("PUT", "Contacts", {"Contacts": [{"Name": "Mill Works"}]})
    contact = {"ContactID": new["Contacts"][0]["ContactID"]}
    _write(books, "XI-1", Contact=contact)
    books.sync()
    assert books.question("needed_in_perfex").label == "Mill Works"
    assert len(_invoices(books)) == 1
    books.answer("needed_in_perfex", "create")
    books.sync()
    _settle(books, 2)
    assert [row["company"] for row in books.perfex.rows("clients")][-1] == "Mill Works"
    made = _invoices(books)[-1]
    assert (made["total"], made["billing_street"]) == ("120.00", "-")
    _stays(books)


def test_an_unknown_customer_is_made_unasked_where_customers_are(books: World) -> None:
    books.change_settings(
        direction={"customer": Direction.TWO_WAY},
        births={"customer.xero": Births.CREATE, "invoice.xero": Births.CREATE},
    )
    new = books.xero_call("PUT", "Contacts", {"Contacts": [{"Name": "Mill Works"}]})
    _write(books, "XI-1", Contact={"ContactID": new["Contacts"][0]["ContactID"]})
    assert books.sync().done == {"customer": {"create": 1}, "invoice": {"create": 1}}
    _stays(books)


@pytest.mark.parametrize(
    ("lines", "header"),
    [
        ([{"UnitAmount": "0.3333"}], {}),
        ([{"Quantity": "3", "UnitAmount": "10.00"}], {"LineAmountTypes": "Inclusive"}),
        ([{"Quantity": "1", "UnitAmount": "0.33"}] * 3, {}),
    ],
    ids=["four decimals", "inclusive prices that do not divide", "cents that Perfex adds up"],
)
def test_what_perfex_would_not_compute_to_the_cent_stays_out_with_the_reason(
    books: World, lines: list[dict[str, Any]], header: dict[str, Any]
) -> None:
    _write(books, "XI-1", *lines, **header)
    report = books.sync()
    assert (report.state, len(_invoices(books))) == (RunState.IN_STEP, 1)
    (left,) = books.last_plan().excluded
    assert left.reason in {"perfex_decimals", "perfex_totals_differ"}


def test_inclusive_prices_and_discounts_that_divide_arrive_net(books: World) -> None:
    rows = [{"UnitAmount": "60.00"}, {"UnitAmount": "12.00", "DiscountRate": "50"}]
    _write(books, "XI-1", *rows, LineAmountTypes="Inclusive")
    books.sync()
    new = _invoices(books)[-1]
    assert (new["total"], new["total_tax"]) == ("132.00", "22.00")
    assert _lines(books, new["id"]) == [("Audit", "2.00", "50.00"), ("Audit", "2.00", "5.00")]
    _stays(books)


def test_invoices_of_xero_stay_off_where_both_sides_number_alike(books: World) -> None:
    _write(books, "INV-900001")
    books.sync()
    assert books.question("same_prefix").details["prefix"] == "INV-"
    assert len(_invoices(books)) == 1


def test_lines_changed_in_xero_replace_those_of_perfex_once(books: World) -> None:
    books.perfex.staff.edit_invoice(
        books.invoice, adminnote="Call first", terms="30 days", project_id="4"
    )
    books.sync()
    before = _invoices(books)[0]
    books.edit_in_xero(
        books.number(), LineItems=[_line(), _line(Description="Travel", Quantity="1")]
    )
    books.sync()
    after = _invoices(books)[0]
    assert (after["subtotal"], after["total"]) == ("150.00", "180.00")
    assert _lines(books, books.invoice) == [
        ("Audit", "2.00", "50.00"),
        ("Travel", "1.00", "50.00"),
    ]
    kept = before.keys() - {"subtotal", "total", "total_tax"}
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    _stays(books)


def test_a_due_date_moved_in_xero_leaves_the_lines_as_they_are(books: World) -> None:
    rows = [line("10.00", "First\nwith more", tax="VAT|5.00"), line("5.00", "Second", tax=None)]
    books.perfex.staff.edit_invoice(books.invoice, rows)
    books.sync(wait=timedelta(days=1, minutes=1))
    before = _lines(books, books.invoice)
    books.edit_in_xero(books.number(), DueDate="2026-12-31")
    books.sync()
    after = _invoices(books)[0]
    assert (after["duedate"], after["total"], after["total_tax"]) == ("2026-12-31", "15.50", "0.50")
    assert _lines(books, books.invoice) == before
    _stays(books)


@pytest.mark.parametrize("fault", ["drop-after", "500-after", "html-after", "drop-before"])
def test_a_change_whose_answer_was_lost_is_there_once(books: World, fault: str) -> None:
    books.edit_line_in_xero(books.number(), 0, UnitAmount="150.00")
    books.perfex.faults.add(fault, method="PUT", path="invoices")
    books.sync()
    _settle(books, 2)
    assert _lines(books, books.invoice) == [("Consulting", "1.00", "150.00")]
    assert _invoices(books)[0]["total"] == "180.00"
    _stays(books)


def test_a_later_edit_in_perfex_goes_back_to_xero(books: World) -> None:
    books.edit_line_in_xero(books.number(), 0, UnitAmount="150.00")
    books.sync()
    books.perfex.staff.edit_invoice(books.invoice, [line("170.00", "Consulting")])
    books.sync()
    assert books.xero_invoice(books.number())["Total"] == 204.0
    _stays(books)


def test_a_template_is_changed_by_hand(books: World) -> None:
    books.perfex.staff.edit_invoice(books.invoice, recurring="1", recurring_type="month")
    books.sync(wait=timedelta(days=1, minutes=1))
    books.edit_in_xero(books.number(), DueDate="2026-12-31")
    books.sync()
    asked = books.question("change_in_perfex")
    assert [row.xero for row in asked.rows] == ["2026-12-31"]
    books.perfex.staff.edit_invoice(books.invoice, duedate="2026-12-31")
    books.sync()
    assert books.questions() == []
    _stays(books)


def test_a_discounted_invoice_edited_in_xero_is_asked_about_with_both_versions(
    books: World,
) -> None:
    books.perfex.staff.edit_invoice(
        books.invoice, discount_percent="10.00", discount_type="before_tax"
    )
    books.sync(wait=timedelta(days=1, minutes=1))
    books.edit_line_in_xero(books.number(), 0, UnitAmount="150.00")
    books.sync()
    assert "take_xero" not in {choice.code for choice in books.question("edited_in_xero").choices}


def test_xeros_lines_that_a_person_chose_are_not_overwritten_by_the_price_of_perfex(
    books: World,
) -> None:
    """The total comes of the lines: it goes where they go."""
    books.perfex.staff.edit_invoice(books.invoice, [line("150.00", "Consulting")])
    books.edit_line_in_xero(books.number(), 0, Description="Consulting, reworded")
    books.sync(wait=timedelta(days=1))
    assert [row.facet for row in books.question("conflict").rows] == ["lines", "total"]
    books.answer("conflict", "take_xero")
    report = books.sync()
    assert report.done == {"invoice": {"update": 1}}
    found = books.xero_invoice(books.number())
    assert (found["Total"], found["LineItems"][0]["Description"]) == (120.0, "Consulting, reworded")
    row = books.perfex_get(f"invoices/{books.invoice}")
    assert [(one["description"], one["rate"]) for one in row["items"]] == [
        ("Consulting, reworded", "100.00")
    ]
    _stays(books)
