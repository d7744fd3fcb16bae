"""Payments through the REST module: dates, ids, receipts, effects on the invoice."""

from __future__ import annotations

from tests.simulator.perfex.site import Perfex

PAYMENT = {"amount": "10.00", "paymentmode": "1", "note": "", "transactionid": "PX-PAY-1"}


def pay(perfex: Perfex, invoice: int, **changes: str) -> None:
    perfex.post("payments", {**PAYMENT, "invoiceid": str(invoice), **changes})


def test_a_posted_payment_is_dated_today_whatever_is_sent(perfex: Perfex) -> None:
    pay(perfex, perfex.invoice(), date="2025-12-31")
    (row,) = perfex.get("payments")
    assert (row["date"], row["daterecorded"]) == ("2026-03-10", "2026-03-10 12:00:00")


def test_the_id_of_a_row_is_the_mode_and_paymentid_the_payment(perfex: Perfex) -> None:
    invoice = perfex.invoice()
    pay(perfex, invoice, paymentmode="2")
    pay(perfex, invoice, paymentmode="stripe")
    cash, card = perfex.get("payments")
    assert (cash["id"], cash["paymentid"], cash["name"]) == ("2", "1", "Cash")
    assert (card["id"], card["paymentid"], card["name"]) == (None, "2", None)
    assert perfex.get("payments/2")["paymentmode"] == "stripe"
    inside = perfex.get(f"invoices/{invoice}")["payments"]
    assert [row["paymentid"] for row in inside] == ["1", "2"]


def test_2x_records_a_payment_and_answers_nothing(old: Perfex) -> None:
    invoice = old.invoice()
    answer = old.post("payments", {**PAYMENT, "invoiceid": str(invoice)})
    assert (answer.status_code, answer.text) == (200, "")
    assert old.get("payments")[0]["transactionid"] == "PX-PAY-1"


def test_payments_move_the_status_and_may_exceed_the_total(perfex: Perfex) -> None:
    invoice = perfex.invoice()
    for amount, status, left in (
        ("100.00", "3", "260.00"),
        ("260.00", "2", "0.00"),
        ("5.00", "2", "-5.00"),
    ):
        pay(perfex, invoice, amount=amount)
        detail = perfex.get(f"invoices/{invoice}")
        assert (detail["status"], detail["total_left_to_pay"]) == (status, left)


def test_a_receipt_goes_to_contacts_that_want_invoices(perfex: Perfex) -> None:
    customer = perfex.customer()
    perfex.contact(customer)
    perfex.contact(customer, "b@x.example", invoice_emails=False, primary=False)
    pay(perfex, perfex.invoice(customer=customer))
    mails = [(mail.kind, mail.to) for mail in perfex.simulator.outbox]
    assert mails == [
        ("staff_payment_notice", "owner@harbour-mill.example"),
        ("payment_receipt", "ann@northwind.example"),
    ]


def test_an_amount_needs_a_point_and_must_be_above_zero(perfex: Perfex) -> None:
    invoice = str(perfex.invoice())
    for amount in ("10", "0.00", "-1.00"):
        answer = perfex.post("payments", {**PAYMENT, "invoiceid": invoice, "amount": amount})
        assert (answer.status_code, list(answer.json()["error"])) == (404, ["amount"])


def test_a_payment_of_a_missing_invoice_stays_as_an_orphan_behind_a_500(perfex: Perfex) -> None:
    answer = perfex.post("payments", {**PAYMENT, "invoiceid": "99"})
    assert answer.status_code == 500
    assert perfex.simulator.rows("invoicepaymentrecords")[0]["invoiceid"] == "99"


def test_payments_can_be_changed_and_deleted_only_where_documented(documented: Perfex) -> None:
    invoice = documented.invoice()
    pay(documented, invoice, amount="360.00")
    assert documented.put("payments/1", {"date": "2026-02-01"}).status_code == 200
    assert documented.get("payments/1")["date"] == "2026-02-01"
    assert documented.call("DELETE", "payments/1").status_code == 200
    assert documented.get(f"invoices/{invoice}")["status"] == "1"


def test_a_payment_deleted_by_staff_moves_the_status_back(perfex: Perfex) -> None:
    invoice = perfex.invoice()
    payment = perfex.simulator.staff.record_payment(invoice, "360.00", issued="2026-02-01")
    assert perfex.get(f"payments/{payment}")["date"] == "2026-02-01"
    perfex.simulator.staff.edit_payment(payment, amount="100.00")
    assert perfex.get(f"invoices/{invoice}")["status"] == "3"
    perfex.simulator.staff.delete_payment(payment)
    assert perfex.get(f"invoices/{invoice}")["status"] == "1"


def test_payments_of_a_mode_that_was_switched_off_still_name_it(perfex: Perfex) -> None:
    pay(perfex, perfex.invoice(), paymentmode="3")
    assert perfex.get("payments")[0]["name"] == "Cheque"
