"""Payments of customers, entered on either side."""

from __future__ import annotations

from decimal import Decimal

from tests.matrix.cells import Cell
from tests.matrix.drivers import books
from tests.matrix.drivers.registry import drives
from tests.matrix.trial import Trial
from tests.scenarios.world import World
from xero_bridge.core.vocabulary import Kind, Side


@drives(Kind.PAYMENT, Side.PERFEX, "create")
def is_recorded_in_perfex(world: World, _cell: Cell) -> Trial:
    """Staff record a part of the money, days ago: Xero has it on its day and account."""
    books.invoice(world)
    return Trial(
        act=lambda: world.perfex.staff.record_payment(
            world.invoice, "50.00", "1", issued="2026-11-18"
        ),
        shown=lambda: _in_xero(world),
        wanted=[("INV-000001", 50.0, "/Date(1794960000000+0000)/", "090")],
    )


@drives(Kind.PAYMENT, Side.PERFEX, "change")
def is_changed_in_perfex(world: World, _cell: Cell) -> Trial:
    """Staff correct an amount: the answer replaces the payment in Xero."""
    payment = _paid_in_perfex(world)
    return Trial(
        act=lambda: world.perfex.staff.edit_payment(payment, amount="60.00"),
        shown=lambda: [paid["Amount"] for paid in world.xero_payments()],
        record=str(payment),
        settle=lambda: world.answer("payment_changed", "replace"),
        settled=[60.0],
    )


@drives(Kind.PAYMENT, Side.PERFEX, "void")
def has_no_status_in_perfex(world: World, _cell: Cell) -> None:
    """A payment in Perfex is there or not: no column could say that it is void."""
    books.invoice(world)
    world.perfex.staff.record_payment(world.invoice, "50.00", "1")
    (row,) = world.perfex.rows("invoicepaymentrecords")
    assert not {"active", "status", "void"} & set(row)


@drives(Kind.PAYMENT, Side.PERFEX, "delete")
def is_deleted_in_perfex(world: World, _cell: Cell) -> Trial:
    """Staff delete a payment: the answer takes it out of Xero."""
    payment = _paid_in_perfex(world)
    # Another payment shows that the list is still answered.
    world.perfex.staff.record_payment(world.invoice, "20.00", "1")
    books.in_step(world)
    return Trial(
        act=lambda: world.perfex.staff.delete_payment(payment),
        shown=lambda: sorted(paid["Amount"] for paid in world.xero_payments()),
        record=str(payment),
        settle=lambda: world.answer("deleted_in_perfex", "remove"),
        settled=[20.0],
    )


@drives(Kind.PAYMENT, Side.XERO, "create")
@drives(Kind.INVOICE, Side.XERO, "pay")
def is_entered_in_xero(world: World, _cell: Cell) -> Trial:
    """The bookkeeper enters the money: Perfex has it, once, and its invoice is paid."""
    number = books.invoice(world)
    return Trial(
        act=lambda: world.pay_in_xero(number, "120.00", "2026-11-18"),
        shown=lambda: _in_perfex(world),
        wanted=([(world.invoice, Decimal(120), "1")], "2"),
    )


@drives(Kind.PAYMENT, Side.XERO, "change", "void")
def cannot_be_changed_in_xero(world: World, cell: Cell) -> None:
    """Xero refuses any change of a payment but its deletion."""
    payment = world.pay_in_xero(books.invoice(world), "50.00", "2026-11-18")
    body = {"Amount": 60.0} if cell.operation == "change" else {"Status": "VOIDED"}
    answer = books.ask_xero(world, "POST", f"Payments/{payment}", body)
    assert answer.status_code == 400
    assert [(paid["Amount"], paid["Status"]) for paid in world.xero_payments()] == [
        (50.0, "AUTHORISED")
    ]


@drives(Kind.PAYMENT, Side.XERO, "delete")
@drives(Kind.INVOICE, Side.XERO, "unpay")
def is_deleted_in_xero(world: World, _cell: Cell) -> Trial:
    """The bookkeeper deletes a payment and enters no other: the question closes as Perfex follows."""
    payment = _paid_in_perfex(world)
    (paid,) = world.xero_payments()
    return Trial(
        act=lambda: world.delete_payment_in_xero(paid["PaymentID"]),
        shown=lambda: _in_perfex(world),
        record=str(payment),
        settle=lambda: world.perfex.staff.delete_payment(payment),
        settled=([], "1"),
    )


def _paid_in_perfex(world: World) -> int:
    """An invoice in both systems with a payment of 50.00; the payment's Perfex id."""
    books.invoice(world)
    payment = world.perfex.staff.record_payment(world.invoice, "50.00", "1")
    books.in_step(world)
    return payment


def _in_xero(world: World) -> list[tuple[str, float, str, str]]:
    """Invoice, amount, date and account of the payments in Xero."""
    return [
        (
            paid["Invoice"]["InvoiceNumber"],
            paid["Amount"],
            paid["Date"],
            paid["Account"]["Code"],
        )
        for paid in world.xero_payments()
    ]


def _in_perfex(world: World) -> tuple[list[tuple[int, Decimal, str]], str]:
    """Invoice, amount and mode of the payments in Perfex, and the status of the invoice."""
    row = world.perfex.row("invoices", world.invoice)
    assert row is not None
    payments = [
        (int(str(paid["invoiceid"])), Decimal(str(paid["amount"])), str(paid["paymentmode"]))
        for paid in world.perfex.rows("invoicepaymentrecords")
    ]
    return payments, str(row["status"])
