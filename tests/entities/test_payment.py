"""Payments: read from both sides, posted to both, and hardly ever taken back."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.entities import recorded
from tests.entities.ledger import SITE, Ledger, decoded, mirror
from tests.entities.recorded import raw
from xero_bridge.core.books import Site
from xero_bridge.core.entity import Agreement, Encoding, Payload
from xero_bridge.core.errors import Held, Waiting
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.entities.marks import mark_in
from xero_bridge.entities.payment import DATES_PAYMENTS, PAYMENT, Payment
from xero_bridge.entities.wire import WireError

INVOICE = recorded.XERO_INVOICE["InvoiceID"]
LINKED = {(Kind.INVOICE, "512"): INVOICE}
XERO_ID = recorded.XERO_PAYMENT["PaymentID"]


def perfex(**changes: Any) -> Payment:
    record = decoded(Kind.PAYMENT, Side.PERFEX, raw(recorded.PERFEX_PAYMENT, **changes)).record
    assert isinstance(record, Payment)
    return record


def xero(**changes: Any) -> Payment:
    record = decoded(Kind.PAYMENT, Side.XERO, raw(recorded.XERO_PAYMENT, **changes)).record
    assert isinstance(record, Payment)
    return record


def books(**changes: Any) -> Ledger:
    return Ledger(ids=dict(LINKED), **changes)


def to_xero(payment: Payment, ledger: Ledger | None = None) -> Payload:
    assert PAYMENT.xero is not None
    assert PAYMENT.xero.create is not None
    return PAYMENT.xero.create(Encoding(source=payment, source_id="301"), ledger or books())


def to_perfex(payment: Payment, ledger: Ledger | None = None) -> Payload:
    assert PAYMENT.perfex is not None
    assert PAYMENT.perfex.create is not None
    return PAYMENT.perfex.create(Encoding(source=payment, source_id=XERO_ID), ledger or books())


def test_the_id_of_a_perfex_payment_is_never_that_of_its_mode() -> None:
    found = decoded(Kind.PAYMENT, Side.PERFEX, raw(recorded.PERFEX_PAYMENT))
    assert found.id == "301"
    assert found.stamp == "2025-11-10 14:20:05"
    assert found.record == Payment(
        invoice="512",
        amount=Decimal(200),
        paid_on=date(2025, 11, 10),
        mode="1",
        reference="BACS-77",
    )


def test_a_gateway_s_payment_is_read_though_it_has_no_mode_row() -> None:
    assert perfex(id=None, paymentmode="stripe").mode == "stripe"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"invoiceid": "Bank"}, "invoiceid"),
        ({"date": "0000-00-00"}, "date"),
        ({"amount": "two"}, "amount"),
        ({"paymentid": None}, "paymentid"),
    ],
)
def test_a_payment_that_makes_no_sense_is_refused_by_name(changes: Any, named: str) -> None:
    with pytest.raises(WireError, match=named):
        perfex(**changes)


def test_a_xero_payment_is_read_with_its_account_and_invoice() -> None:
    found = decoded(Kind.PAYMENT, Side.XERO, raw(recorded.XERO_PAYMENT))
    assert found.mark == "PX-PAY-551"
    payment = xero()
    assert payment.invoice == INVOICE
    assert payment.mode == recorded.XERO_PAYMENT["Account"]["AccountID"]
    assert payment.paid_on == date(2026, 8, 10)
    assert payment.money is not None
    assert payment.money.currency == "NZD"
    assert not payment.closed
    assert xero(Status="DELETED").closed


def test_a_new_xero_payment_goes_to_the_account_of_its_mode_and_bears_our_mark() -> None:
    payload = to_xero(perfex())
    assert payload.body == {
        "Invoice": {"InvoiceID": INVOICE},
        "Account": {"AccountID": "account-Shop till"},
        "Date": "2025-11-10",
        "Amount": Decimal("200.00"),
        "Reference": "PX-PAY-301",
    }
    assert payload.mark == "PX-PAY-301"


def test_a_payment_waits_for_its_invoice_and_its_mode() -> None:
    with pytest.raises(Waiting):
        to_xero(perfex(), Ledger())
    with pytest.raises(Held) as held:
        to_xero(perfex(paymentmode="stripe"))
    assert held.value.reason == "payment_mode_unmapped"


@pytest.mark.parametrize(
    ("currency", "account", "fits"),
    [
        ("GBP", "account-Shop till", True),
        ("EUR", "account-091", True),
        ("EUR", "account-Shop till", False),
        ("GBP", "account-091", False),
        ("", "account-091", True),
    ],
)
def test_a_payment_between_currencies_waits_for_its_rate(
    currency: str, account: str, fits: bool
) -> None:
    ledger = books(documents={(Kind.INVOICE, "512"): currency}, modes={"1": account})
    if fits:
        assert to_xero(perfex(), ledger).body["Account"] == {"AccountID": account}
        return
    with pytest.raises(Held) as held:
        to_xero(perfex(), ledger)
    assert held.value.reason == "payment_currencies_differ"
    assert "…" not in str(held.value)


def test_a_xero_payment_is_deleted_by_its_status_alone() -> None:
    assert PAYMENT.xero is not None
    assert PAYMENT.xero.delete is not None
    encoding = Encoding(source=perfex(), source_id="301", target=xero(), target_id=XERO_ID)
    assert PAYMENT.xero.delete(encoding, books()).body == {"Status": "DELETED"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"IsReconciled": True}, "payment_reconciled"),
        ({"BatchPaymentID": "b-1"}, "payment_in_batch"),
        ({"BatchPayment": {"BatchPaymentID": "b-1"}}, "payment_in_batch"),
    ],
)
def test_what_the_bank_or_a_batch_holds_is_not_deleted(changes: Any, reason: str) -> None:
    assert PAYMENT.xero is not None
    assert PAYMENT.xero.delete is not None
    target = xero(**changes)
    encoding = Encoding(source=perfex(), source_id="301", target=target, target_id=XERO_ID)
    with pytest.raises(Held) as held:
        PAYMENT.xero.delete(encoding, books())
    assert held.value.reason == reason


def test_a_xero_payment_becomes_form_fields_with_its_true_date_in_the_note() -> None:
    payment = replace(xero(Reference="Cheque 9"), mode="account-Shop till")
    payload = to_perfex(payment)
    assert payload.body == {
        "invoiceid": "512",
        "amount": "100.00",
        "paymentmode": "1",
        "date": "2026-08-10",
        "note": "Paid on 2026-08-10, entered in Xero (Cheque 9)",
        "transactionid": "PX-XP-e5f60000000040008000000000000005",
    }
    assert payload.declared == {"paid_on": ("", "2026-08-10")}


def test_the_date_is_not_declared_where_the_site_can_set_it() -> None:
    site = Site(url=SITE, version="3.0.3", capabilities=frozenset({DATES_PAYMENTS}))
    payment = replace(xero(), mode="account-Shop till")
    assert to_perfex(payment, books(site=site)).declared == {}


def test_a_payment_into_an_account_without_a_mode_waits() -> None:
    with pytest.raises(Held) as held:
        to_perfex(xero())
    assert held.value.reason == "mode_unmapped"


def test_our_transaction_id_is_read_back_as_the_mark() -> None:
    mark = to_perfex(replace(xero(), mode="account-Shop till")).mark
    found = decoded(Kind.PAYMENT, Side.PERFEX, raw(recorded.PERFEX_PAYMENT, transactionid=mark))
    assert found.mark == mark
    assert mark_in(mark, "PX", "XP") == mark


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Agreement.SAME),
        ({"paid_on": date(2025, 11, 13)}, Agreement.SAME),
        ({"paid_on": date(2025, 11, 14)}, Agreement.MAYBE),
        ({"amount": Decimal("199.99")}, Agreement.MAYBE),
        ({"invoice": "another"}, Agreement.NO),
        ({"status": "DELETED"}, Agreement.NO),
    ],
)
def test_equal_amounts_near_each_other_on_one_invoice_are_the_same(
    changes: Any, expected: Agreement
) -> None:
    theirs = replace(xero(), amount=Decimal(200), paid_on=date(2025, 11, 10), invoice=INVOICE)
    pair = (
        mirror(Kind.PAYMENT, Side.PERFEX, perfex()),
        mirror(Kind.PAYMENT, Side.XERO, replace(theirs, **changes)),
    )
    assert PAYMENT.fit is not None
    assert PAYMENT.fit(*pair, books()).agreement is expected
    assert PAYMENT.fit(*pair, Ledger()).agreement is Agreement.NO


def test_deleted_and_empty_payments_stay_out() -> None:
    reasons = [
        PAYMENT.excluded(mirror(Kind.PAYMENT, Side.XERO, record), books())
        for record in (xero(), xero(Status="DELETED"), xero(Amount=0))
    ]
    assert reasons == ["", "closed_unlinked", "zero_amount"]


PAYMENTS = st.builds(
    Payment,
    invoice=st.just("512"),
    amount=st.decimals(min_value="0.01", max_value=10**9, places=2),
    paid_on=st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1)),
    mode=st.just("1"),
    reference=st.text(max_size=10),
)


@given(PAYMENTS)
def test_a_written_payment_shows_what_was_foretold(payment: Payment) -> None:
    assert PAYMENT.shown_on_xero is not None
    body = to_xero(payment).body
    answer = {**recorded.XERO_PAYMENT, **body, "Amount": 0}
    text = json.dumps({name: answer[name] for name in answer if name != "DateString"})
    text = text.replace('"Amount": 0', f'"Amount": {body["Amount"]}')
    stored = decoded(Kind.PAYMENT, Side.XERO, text.encode()).record
    assert PAYMENT.facets_of(stored, Side.XERO) == PAYMENT.shown_on_xero(payment, books())


@given(PAYMENTS)
def test_a_posted_payment_is_read_back_with_its_amount_and_mark(payment: Payment) -> None:
    source = replace(payment, invoice=INVOICE, mode="account-Shop till", reference="")
    payload = to_perfex(source)
    row = {**payload.body, "paymentid": "302", "daterecorded": "2026-08-10 10:00:00"}
    found = decoded(Kind.PAYMENT, Side.PERFEX, json.dumps(row).encode())
    assert found.mark == payload.mark
    assert isinstance(found.record, Payment)
    assert found.record.amount == payment.amount
    assert found.record.paid_on.isoformat() in found.record.note
