"""Records that both systems had before they met: asked about when in doubt, never made twice."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scenarios.buying import allow_tables
from tests.scenarios.world import World
from xero_bridge.core.plan import Answer
from xero_bridge.core.vocabulary import Kind, RunState

TYPED = "Harbour Joinery Ltd"


def contact(world: World, name: str, **fields: Any) -> str:
    made = world.xero_call("PUT", "Contacts", {"Contacts": [{"Name": name, **fields}]})
    world.clock.move(minutes=1)
    return str(made["Contacts"][0]["ContactID"])


def invoice(world: World, contact_id: str, number: str, amount: str, **fields: Any) -> str:
    line = {"Description": "Work", "Quantity": 1, "AccountCode": "200", "TaxType": "OUTPUT2"}
    body = {
        "Type": "ACCREC",
        "Status": "AUTHORISED",
        "InvoiceNumber": number,
        "Contact": {"ContactID": contact_id},
        "Date": "2026-11-20",
        "DueDate": "2026-12-20",
        "LineItems": [{**line, "UnitAmount": float(amount)}],
        **fields,
    }
    made = world.xero_call("PUT", "Invoices", {"Invoices": [body]})
    world.clock.move(minutes=1)
    return str(made["Invoices"][0]["InvoiceID"])


def writes(world: World) -> int:
    return len([call for call in world.xero.calls if call.method != "GET"])


@pytest.mark.parametrize(
    "name",
    [
        "Harbor Joinery Ltd",
        "HARBOUR JOINERY LTD",
        "Harbour Joinery Limited",
        "Harbour Joinery",
        "Hárbour Joinery Ltd",
        "Joinery Harbour Ltd.",
        "Harbour-Joinery Ltd",
        "The Harbour Joinery Co. Ltd",
    ],
)
def test_a_contact_that_is_spelled_differently_is_asked_about_and_not_made_twice(
    world: World, name: str
) -> None:
    theirs = contact(world, name)
    world.perfex.staff.create_customer(TYPED)
    for _again in range(2):
        assert "customer" not in world.sync().done
    asked = world.question("maybe_same")
    assert [key.id for key in asked.candidates] == [theirs]
    assert 80 < asked.judged[0].score <= 100
    before = writes(world)
    world.answer("maybe_same", "link", theirs)
    assert world.sync().done["customer"] == {"link": 1}
    assert world.sync().state is RunState.IN_STEP
    assert writes(world) == before


@pytest.mark.parametrize(
    "name", ["Castle Bakery Ltd", "Harbour Ltd", "Joinery & Sons", TYPED + " 2"]
)
def test_another_firm_is_no_candidate(world: World, name: str) -> None:
    contact(world, name)
    world.perfex.staff.create_customer(TYPED)
    assert world.sync().done["customer"] == {"create": 1}


def test_an_equal_name_with_another_tax_number_is_asked_about(world: World) -> None:
    contact(world, TYPED, TaxNumber="GB111111111")
    world.perfex.staff.create_customer(TYPED, vat="GB 222 2222 22")
    world.sync()
    asked = world.question("maybe_same")
    assert "another tax number" in asked.judged[0].why
    assert not asked.judged[0].exact


def test_an_address_of_the_accountant_on_another_firm_is_no_exact_match(world: World) -> None:
    contact(world, "Castle Bakery Ltd", EmailAddress="office@accountants.example")
    customer = world.perfex.staff.create_customer(TYPED)
    world.perfex.staff.create_contact(customer, "Ann", "Lee", "office@accountants.example")
    world.sync()
    (judged,) = world.question("maybe_same").judged
    assert (judged.why, judged.exact) == ("same e-mail address", False)


def test_the_best_candidate_stands_first(world: World) -> None:
    contact(world, "Harbour Joinerie")
    right = contact(world, "Harbour Joiners", TaxNumber="GB333333333")
    world.perfex.staff.create_customer(TYPED, vat="GB333333333")
    world.sync()
    asked = world.question("maybe_same")
    assert asked.candidates[0].id == right
    assert len(asked.candidates) == 2
    assert asked.judged[0].score > asked.judged[1].score


def test_a_contact_that_is_certain_for_one_is_no_doubt_for_another(world: World) -> None:
    world.perfex.staff.create_customer("Harbour Joinery")
    world.perfex.staff.create_customer(TYPED)
    contact(world, TYPED)
    assert world.sync().done["customer"] == {"link": 1, "create": 1}


def test_invoices_of_a_customer_in_question_wait_and_are_adopted_once_it_is_answered(
    world: World,
) -> None:
    theirs = contact(world, "Harbor Joinery")
    world.customer = world.perfex.staff.create_customer(TYPED)
    first, second = world.bill("100.00"), world.bill("70.00")
    invoice(world, theirs, world.number(first), "100.00")
    invoice(world, theirs, "OTHER-7", "70.00")
    for _again in range(2):
        assert "invoice" not in world.sync().done
        assert [asked.reason for asked in world.questions()] == ["maybe_same"]
    before = writes(world)
    world.answer("maybe_same", "link", theirs)
    assert world.sync().done == {"customer": {"link": 1}, "invoice": {"link": 1}}
    asked = world.question("maybe_same")
    assert asked.perfex_id == str(second)
    assert "another number" in asked.details["why"]
    world.answer("maybe_same", "link")
    assert world.sync().done == {"invoice": {"link": 1}}
    assert world.sync().state is RunState.IN_STEP
    assert writes(world) == before


def test_invoices_of_a_customer_that_is_made_anew_are_sent_after_it(world: World) -> None:
    theirs = contact(world, "Harbor Joinery")
    world.customer = world.perfex.staff.create_customer(TYPED)
    new = world.bill("100.00")
    taken = world.bill("70.00")
    invoice(world, theirs, world.number(taken), "70.00")
    world.sync()
    world.answer("maybe_same", "create")
    assert world.sync().done == {"customer": {"create": 1}, "invoice": {"create": 1}}
    assert world.xero_invoice(world.number(new))["Contact"]["Name"] == TYPED
    assert "customer" in world.question("number_taken").details["why"]


def test_one_number_on_two_documents_is_one_question_about_both(books: World) -> None:
    new = books.bill("50.00")
    (ours,) = [one for one in books.xero_contacts() if one["Name"] == TYPED]
    theirs = invoice(books, ours["ContactID"], books.number(new), "80.00")
    for _again in range(2):
        assert books.sync().done == {}
    (asked,) = books.questions()
    assert (asked.reason, asked.perfex_id) == ("number_taken", str(new))
    assert [key.id for key in asked.candidates] == [theirs]
    books.answer("number_taken", "leave")
    for _again in range(2):
        assert books.sync().done == {}
    assert books.questions() == []


def test_two_customers_of_perfex_share_one_contact_if_a_person_says_so(world: World) -> None:
    theirs = contact(world, "Harbor Joinery")
    customers = [world.perfex.staff.create_customer(name) for name in (TYPED, "Harbour Joinry")]
    world.sync()
    assert len(world.questions()) == 2
    for asked in world.questions():
        reply = Answer(
            question=asked.key,
            code="link",
            value=theirs,
            basis=asked.basis,
            by="Ann",
            at=world.clock.now(),
        )
        with world.store.atomically():
            world.give(reply)
    before = writes(world)
    assert world.sync().done["customer"] == {"link": 2}
    assert world.sync().state is RunState.IN_STEP
    assert writes(world) == before
    links = {link.perfex_id: link for link in world.store.links_of(Kind.CUSTOMER)}
    assert {links[str(customer)].xero_id for customer in customers} == {theirs}
    assert sorted(link.leads for link in links.values()) == [False, True]


def test_a_vendor_that_is_spelled_differently_is_asked_about(world: World) -> None:
    allow_tables(world)
    world.sync()
    theirs = contact(world, "Ridgway Timber Supplies Ltd")
    world.perfex.staff.purchases.create_vendor("Ridgeway Timber Supplies")
    for _again in range(2):
        assert "vendor" not in world.sync().done
    world.answer("maybe_same", "link", theirs)
    assert world.sync().done["vendor"] == {"link": 1}


# --- payments ------------------------------------------------------------------------------------


@pytest.fixture
def adopted(world: World) -> World:
    """A customer and an invoice of 120.00 that stand on both sides; the bridge has seen nothing."""
    theirs = contact(world, TYPED)
    world.customer = world.perfex.staff.create_customer(TYPED)
    world.invoice = world.bill("100.00")
    invoice(world, theirs, world.number(), "100.00")
    return world


def test_money_received_in_other_parts_on_the_other_side_is_the_same_money(adopted: World) -> None:
    adopted.perfex.staff.record_payment(adopted.invoice, "40.00", "1", issued="2026-10-01")
    adopted.perfex.staff.record_payment(adopted.invoice, "80.00", "1", issued="2026-10-09")
    adopted.pay_in_xero(adopted.number(), "120.00", "2026-11-12")
    before = writes(adopted)
    assert "payment" not in adopted.sync().done
    for _again in range(2):
        report = adopted.sync()
        assert (report.state, report.done) == (RunState.IN_STEP, {})
    assert writes(adopted) == before
    assert len(adopted.perfex.rows("invoicepaymentrecords")) == 2


def test_equal_payments_of_other_days_are_paired_in_their_order(adopted: World) -> None:
    for day in ("01", "15"):
        adopted.perfex.staff.record_payment(adopted.invoice, "60.00", "1", issued=f"2026-10-{day}")
    later = adopted.pay_in_xero(adopted.number(), "60.00", "2026-11-14")
    sooner = adopted.pay_in_xero(adopted.number(), "60.00", "2026-11-10")
    assert adopted.sync().done["payment"] == {"link": 2}
    links = {link.perfex_id: link.xero_id for link in adopted.store.links_of(Kind.PAYMENT)}
    assert list(dict(sorted(links.items())).values()) == [sooner, later]
    # The days differ for good, and nobody is asked about that.
    for _again in range(2):
        assert adopted.sync().state is RunState.IN_STEP
    assert adopted.questions() == []


def test_money_that_differs_in_sum_is_asked_about_and_carried_nowhere(adopted: World) -> None:
    adopted.perfex.staff.record_payment(adopted.invoice, "50.00", "1", issued="2026-10-01")
    adopted.pay_in_xero(adopted.number(), "70.00", "2026-11-10")
    for _again in range(2):
        assert "payment" not in adopted.sync().done
    asked = adopted.question("payments_on_both")
    assert "50.00" in asked.details["perfex"]
    assert len(adopted.xero_payments()) == 1


def test_a_later_payment_is_carried_over_beside_those_that_were_paid_alike(adopted: World) -> None:
    adopted.perfex.staff.record_payment(adopted.invoice, "40.00", "1", issued="2026-10-01")
    adopted.perfex.staff.record_payment(adopted.invoice, "20.00", "1", issued="2026-10-09")
    adopted.pay_in_xero(adopted.number(), "60.00", "2026-11-12")
    for _again in range(2):
        adopted.sync()
    adopted.perfex.staff.record_payment(adopted.invoice, "60.00", "1")
    assert adopted.sync().done == {"payment": {"create": 1}}
    assert adopted.xero_invoice(adopted.number())["Status"] == "PAID"
    assert adopted.sync().state is RunState.IN_STEP


def test_an_invoice_that_the_bridge_made_is_paid_by_pairs_and_not_by_sums(books: World) -> None:
    books.perfex.staff.record_payment(books.invoice, "40.00", "1", issued="2026-10-01")
    books.perfex.staff.record_payment(books.invoice, "80.00", "1", issued="2026-10-09")
    books.pay_in_xero(books.number(), "120.00", "2026-11-12")
    books.sync()
    books.question("payments_on_both")
