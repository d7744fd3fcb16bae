"""Writing Xero's books: what is sent, what came of it, and what stays unknown."""

from decimal import Decimal
from typing import Any

import pytest

from tests.remotes.xero.books import (
    batch_of,
    changed,
    contact,
    invoice,
    payment,
    written,
)
from tests.remotes.xero.conftest import Bench
from xero_bridge.core.entity import Payload
from xero_bridge.core.errors import BudgetSpent, Retriable, Unknown
from xero_bridge.core.record import Seen
from xero_bridge.core.remote import NotWritten, Written
from xero_bridge.core.vocabulary import Kind, Side, Verb
from xero_bridge.entities import ENTITIES
from xero_bridge.entities.invoice.record import Invoice
from xero_bridge.simulator.common import FaultKind


@pytest.fixture
def customer(bench: Bench) -> str:
    (made,) = written(bench.client, Kind.CUSTOMER, contact(1))
    return made.id


def test_amounts_leave_as_exact_numbers(bench: Bench) -> None:
    body = bench.client.compose(Kind.INVOICE, Verb.CREATE, [invoice(7, "c")])
    assert b'"UnitAmount":45.5000' in body
    assert body.startswith(b'{"Invoices":[{')


def test_a_change_is_sent_as_one_element(bench: Bench) -> None:
    body = bench.client.compose(Kind.PAYMENT, Verb.DELETE, [Payload(body={"Status": "DELETED"})])
    assert body == b'{"Status":"DELETED"}'


def test_creates_are_put_with_the_key_and_their_figures_come_back(
    bench: Bench, customer: str
) -> None:
    (made,) = written(bench.client, Kind.INVOICE, invoice(7, customer))
    call = bench.calls[-1]
    assert call.method == "PUT"
    assert call.headers["idempotency-key"]
    assert "summarizeErrors=false" in call.url
    assert "unitdp=4" in call.url
    assert (made.total, made.tax) == (Decimal("163.8"), Decimal("27.3"))
    assert len(made.line_ids) == 1
    assert made.seen is not None
    assert made.seen.key.id == made.id
    assert made.seen.row == ""


def test_the_written_copy_shows_what_the_next_read_shows(bench: Bench, customer: str) -> None:
    (made,) = written(bench.client, Kind.INVOICE, invoice(7, customer))
    (read,) = bench.client.read(Kind.INVOICE, [made.id])
    assert isinstance(read, Seen)
    assert made.seen
    # Payments and credits are not in a write answer; no facet rests on them.
    entity = ENTITIES[Kind.INVOICE]
    shown = entity.facets_of(made.seen.record, Side.XERO)
    assert shown == entity.facets_of(read.record, Side.XERO)
    assert len(shown) > 5


def test_fifty_invoices_take_one_call(bench: Bench, customer: str) -> None:
    before = bench.client.calls()
    made = written(bench.client, Kind.INVOICE, *(invoice(n, customer) for n in range(1, 51)))
    assert bench.client.calls() - before == 1
    assert len({one.id for one in made}) == 50


def test_the_same_bytes_and_key_create_nothing_twice(bench: Bench, customer: str) -> None:
    batch = batch_of(bench.client, Kind.INVOICE, [invoice(7, customer)])
    first, second = bench.client.send(batch), bench.client.send(batch)
    assert isinstance(first[0], Written)
    assert isinstance(second[0], Written)
    assert first[0].id == second[0].id


def test_one_bad_element_leaves_the_others_alone(bench: Bench, customer: str) -> None:
    bad = invoice(
        2, customer, LineItems=[{"Description": "x", "UnitAmount": 1, "AccountCode": "9"}]
    )
    batch = batch_of(bench.client, Kind.INVOICE, [invoice(1, customer), bad, invoice(3, customer)])
    first, second, third = bench.client.send(batch)
    assert isinstance(first, Written)
    assert isinstance(third, Written)
    assert isinstance(second, NotWritten)
    assert second.reason == "account_invalid"
    assert "9" in second.message


def duplicate_number(bench: Bench, customer: str) -> Any:
    written(bench.client, Kind.INVOICE, invoice(7, customer))
    return bench.client.send(batch_of(bench.client, Kind.INVOICE, [invoice(7, customer)]))[0]


def duplicate_name(bench: Bench, customer: str) -> Any:
    twin = contact(2, name="CUSTOMER  1")
    return bench.client.send(batch_of(bench.client, Kind.CUSTOMER, [twin]))[0]


def archived_contact(bench: Bench, customer: str) -> Any:
    body = {"ContactID": customer, "ContactStatus": "ARCHIVED"}
    assert isinstance(changed(bench.client, Kind.CUSTOMER, customer, body, Verb.UPDATE), Written)
    return bench.client.send(batch_of(bench.client, Kind.INVOICE, [invoice(7, customer)]))[0]


def locked_period(bench: Bench, customer: str) -> Any:
    books = bench.simulator.books()
    lock = {**books.organisation, "PeriodLockDate": books.clock.now().date().replace(year=2030)}
    bench.simulator._organisations.put(books.tenant, lock)
    return bench.client.send(batch_of(bench.client, Kind.INVOICE, [invoice(7, customer)]))[0]


def foreign_currency(bench: Bench, customer: str) -> Any:
    foreign = invoice(7, customer, CurrencyCode="JPY")
    return bench.client.send(batch_of(bench.client, Kind.INVOICE, [foreign]))[0]


def wrong_tax(bench: Bench, customer: str) -> Any:
    line = {"Description": "x", "Quantity": 1, "UnitAmount": 1, "AccountCode": "200"}
    wrong = invoice(7, customer, LineItems=[{**line, "TaxType": "INPUT2"}])
    return bench.client.send(batch_of(bench.client, Kind.INVOICE, [wrong]))[0]


def too_much_paid(bench: Bench, customer: str) -> Any:
    (sale,) = written(bench.client, Kind.INVOICE, invoice(7, customer))
    return bench.client.send(batch_of(bench.client, Kind.PAYMENT, [payment(1, sale.id, "999.00")]))[
        0
    ]


def draft_paid(bench: Bench, customer: str) -> Any:
    (sale,) = written(bench.client, Kind.INVOICE, invoice(7, customer, Status="DRAFT"))
    return bench.client.send(batch_of(bench.client, Kind.PAYMENT, [payment(1, sale.id)]))[0]


def paid_invoice_voided(bench: Bench, customer: str) -> Any:
    (sale,) = written(bench.client, Kind.INVOICE, invoice(7, customer))
    written(bench.client, Kind.PAYMENT, payment(1, sale.id, "10.00"))
    body = {"InvoiceID": sale.id, "Status": "VOIDED"}
    return changed(bench.client, Kind.INVOICE, sale.id, body, Verb.VOID)


def voided_twice(bench: Bench, customer: str) -> Any:
    (sale,) = written(bench.client, Kind.INVOICE, invoice(7, customer))
    body = {"InvoiceID": sale.id, "Status": "VOIDED"}
    assert isinstance(changed(bench.client, Kind.INVOICE, sale.id, body, Verb.VOID), Written)
    return changed(bench.client, Kind.INVOICE, sale.id, {"Reference": "x"}, Verb.UPDATE)


def unknown_target(bench: Bench, customer: str) -> Any:
    gone = "5f1c2d3e-0001-4a4a-9b9b-aaaaaaaa0001"
    return changed(bench.client, Kind.CUSTOMER, gone, {"FirstName": "Mia"}, Verb.UPDATE)


def bad_email(bench: Bench, customer: str) -> Any:
    return changed(bench.client, Kind.CUSTOMER, customer, {"EmailAddress": "no"}, Verb.UPDATE)


def negative_quantity(bench: Bench, customer: str) -> Any:
    line = {"Description": "x", "Quantity": -1, "UnitAmount": 1, "AccountCode": "200"}
    wrong = invoice(7, customer, LineItems=[{**line, "TaxType": "OUTPUT2"}])
    return bench.client.send(batch_of(bench.client, Kind.INVOICE, [wrong]))[0]


def duplicate_code(bench: Bench, customer: str) -> Any:
    payload = Payload(body={"Code": "PX-I-9", "Name": "Visit"}, mark="PX-I-9")
    written(bench.client, Kind.ITEM, payload)
    return bench.client.send(batch_of(bench.client, Kind.ITEM, [payload]))[0]


@pytest.mark.parametrize(
    ("refused", "reason"),
    [
        (duplicate_number, "duplicate_number"),
        (duplicate_name, "duplicate_name"),
        (duplicate_code, "duplicate_name"),
        (archived_contact, "contact_archived"),
        (locked_period, "refused_period_locked"),
        (foreign_currency, "refused_currency"),
        (wrong_tax, "tax_invalid"),
        (too_much_paid, "payment_exceeds"),
        (draft_paid, "not_authorised_document"),
        (paid_invoice_voided, "refused_has_payments"),
        (voided_twice, "refused_status"),
        (unknown_target, "xero_id_unknown"),
        (bad_email, "email_invalid"),
        (negative_quantity, "quantity_negative"),
    ],
)
def test_a_refusal_says_what_kind_it_is_and_keeps_xeros_words(
    bench: Bench, customer: str, refused: Any, reason: str
) -> None:
    result = refused(bench, customer)
    assert isinstance(result, NotWritten)
    assert result.reason == reason
    assert result.message


def test_a_change_goes_to_the_id_without_a_key(bench: Bench, customer: str) -> None:
    result = changed(bench.client, Kind.CUSTOMER, customer, {"FirstName": "Mia"}, Verb.UPDATE)
    assert isinstance(result, Written)
    call = bench.calls[-1]
    assert call.method == "POST"
    assert call.url.partition("?")[0].endswith(f"/Contacts/{customer}")
    assert "idempotency-key" not in call.headers


def test_a_voided_invoice_owes_nothing_whatever_the_answer_shows(
    bench: Bench, customer: str
) -> None:
    (sale,) = written(bench.client, Kind.INVOICE, invoice(7, customer))
    body = {"InvoiceID": sale.id, "Status": "VOIDED"}
    result = changed(bench.client, Kind.INVOICE, sale.id, body, Verb.VOID)
    assert isinstance(result.seen.record, Invoice)
    assert result.seen.record.closed
    assert result.seen.record.amount_due == 0


def test_a_payment_comes_back_with_its_own_id_and_can_be_deleted(
    bench: Bench, customer: str
) -> None:
    (sale,) = written(bench.client, Kind.INVOICE, invoice(7, customer))
    (made,) = written(bench.client, Kind.PAYMENT, payment(1, sale.id, "100.00"))
    assert made.id != sale.id
    assert made.total is None
    result = changed(bench.client, Kind.PAYMENT, made.id, {"Status": "DELETED"}, Verb.DELETE)
    assert isinstance(result, Written)
    assert result.id == made.id
    assert result.seen
    assert result.seen.record.closed


@pytest.mark.parametrize(
    "fault",
    [FaultKind.ERROR_BEFORE, FaultKind.ERROR_AFTER, FaultKind.DROP_BEFORE, FaultKind.DROP_AFTER],
)
def test_a_write_that_ends_in_trouble_is_unknown_whether_or_not_it_happened(
    bench: Bench, customer: str, fault: FaultKind
) -> None:
    bench.simulator.faults.add(fault, method="PUT")
    batch = batch_of(bench.client, Kind.INVOICE, [invoice(7, customer)])
    with pytest.raises(Unknown):
        bench.client.send(batch)
    assert bench.asked().count("PUT Invoices") <= 1


@pytest.mark.parametrize("fault", [FaultKind.HTML_AFTER, FaultKind.EMPTY])
@pytest.mark.parametrize("status", [200, 400, 403, 409])
def test_a_write_answered_by_a_page_or_nothing_is_unknown(
    bench: Bench, customer: str, fault: FaultKind, status: int
) -> None:
    bench.simulator.faults.add(fault, method="PUT", status=status)
    with pytest.raises(Unknown):
        bench.client.send(batch_of(bench.client, Kind.INVOICE, [invoice(7, customer)]))


def test_a_write_refused_by_the_minute_limit_is_sent_again_after_the_wait(
    bench: Bench, customer: str
) -> None:
    bench.simulator.faults.add(FaultKind.MINUTE_LIMIT, method="PUT", seconds=26)
    (made,) = written(bench.client, Kind.INVOICE, invoice(7, customer))
    assert made.id
    assert sum(bench.clock.slept) >= 26


def test_a_write_refused_by_the_day_limit_has_not_happened(bench: Bench, customer: str) -> None:
    bench.simulator.faults.add(FaultKind.DAY_LIMIT, method="PUT", seconds=40000)
    with pytest.raises(BudgetSpent) as caught:
        bench.client.send(batch_of(bench.client, Kind.INVOICE, [invoice(7, customer)]))
    assert caught.value.retry_at
    assert bench.simulator.books().invoices.values() == []


def test_no_more_calls_at_once_than_allowed_is_tried_again(bench: Bench, customer: str) -> None:
    bench.simulator.faults.add(FaultKind.CONCURRENT_LIMIT, method="PUT")
    assert written(bench.client, Kind.INVOICE, invoice(7, customer))


@pytest.mark.beyond_description
def test_a_body_that_xero_cannot_read_is_our_defect_and_names_the_element(
    bench: Bench, customer: str
) -> None:
    bad = invoice(2, customer, LineAmountTypes="NO_TAX")
    results = bench.client.send(batch_of(bench.client, Kind.INVOICE, [invoice(1, customer), bad]))
    assert [each.reason for each in results if isinstance(each, NotWritten)] == [
        "batch_rejected",
        "call_rejected",
    ]
    assert bench.simulator.books().invoices.values() == []


def test_a_used_key_with_other_bytes_is_refused_and_nothing_is_written(
    bench: Bench, customer: str
) -> None:
    from msgspec.structs import replace

    first = batch_of(bench.client, Kind.INVOICE, [invoice(1, customer)])
    second = replace(batch_of(bench.client, Kind.INVOICE, [invoice(2, customer)]), key=first.key)
    bench.client.send(first)
    (result,) = bench.client.send(second)
    assert isinstance(result, NotWritten)
    assert result.reason == "call_rejected"


def test_trouble_while_the_base_currency_is_asked_for_sends_no_write(bench: Bench) -> None:
    batch = batch_of(bench.client, Kind.CUSTOMER, [contact(1)])
    bench.simulator.faults.add(FaultKind.ERROR_BEFORE, path="Organisation", count=None)
    with pytest.raises(Retriable):
        bench.client.send(batch)
    assert "PUT Contacts" not in bench.asked()
