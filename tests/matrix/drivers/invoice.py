"""Invoices of Perfex, and what becomes of them in Xero."""

from __future__ import annotations

from decimal import Decimal

from tests.matrix.cells import Cell
from tests.matrix.drivers import books
from tests.matrix.drivers.registry import drives
from tests.matrix.trial import Trial
from tests.scenarios.world import World, line
from xero_bridge.core.vocabulary import Kind, Side

#: Number, status, total, tax, due, and text, quantity and price of each line.
Shown = tuple[str, str, Decimal, Decimal, Decimal, tuple[tuple[str, Decimal, Decimal], ...]]


@drives(Kind.INVOICE, Side.PERFEX, "create")
def is_issued(world: World, _cell: Cell) -> Trial:
    """Staff issue an invoice of two taxes: Xero shows the same lines and the same money."""
    books.customer(world)
    lines = [line("33.33", "Oak", qty="3.00"), line("10.00", "Nails", tax="VAT|5.00")]
    today = world.clock.now().date().isoformat()
    return Trial(
        act=lambda: world.perfex.staff.create_invoice(
            world.customer, lines, date=today, duedate="2026-12-20"
        ),
        shown=lambda: shown_in_xero(world),
        wanted=[
            (
                "INV-000001",
                "AUTHORISED",
                Decimal("130.49"),
                Decimal("20.50"),
                Decimal("130.49"),
                (("Oak", Decimal(3), Decimal("33.33")), ("Nails", Decimal(1), Decimal(10))),
            )
        ],
    )


@drives(Kind.INVOICE, Side.PERFEX, "change")
def is_changed(world: World, _cell: Cell) -> Trial:
    """Staff correct price and text of an unpaid invoice: the same invoice shows both."""
    books.invoice(world)
    return Trial(
        act=lambda: world.perfex.staff.edit_invoice(
            world.invoice, [line("150.00", "Consulting, two visits")]
        ),
        shown=lambda: shown_in_xero(world),
        wanted=[_one("Consulting, two visits", "150.00", "180.00", "30.00")],
    )


@drives(Kind.INVOICE, Side.PERFEX, "void")
def is_cancelled(world: World, _cell: Cell) -> Trial:
    """Staff cancel an invoice: the answer voids it in Xero."""
    books.invoice(world)
    return Trial(
        act=lambda: world.perfex.staff.cancel_invoice(world.invoice),
        shown=lambda: _statuses(world),
        record=str(world.invoice),
        settle=lambda: world.answer("cancelled_in_perfex", "remove"),
        settled=["VOIDED"],
    )


@drives(Kind.INVOICE, Side.PERFEX, "delete")
def is_deleted(world: World, _cell: Cell) -> Trial:
    """Staff delete an invoice: the answer voids it in Xero."""
    books.invoice(world)
    invoice = world.invoice
    # Another invoice shows that the list is still answered.
    world.bill("10.00", "Another one")
    books.in_step(world)
    return Trial(
        act=lambda: world.perfex.staff.delete_invoice(invoice),
        shown=lambda: _statuses(world),
        record=str(invoice),
        settle=lambda: world.answer("deleted_in_perfex", "remove"),
        settled=["VOIDED", "AUTHORISED"],
    )


@drives(Kind.INVOICE, Side.PERFEX, "pay")
def is_paid(world: World, _cell: Cell) -> Trial:
    """Staff record the money: the invoice is paid in Xero."""
    books.invoice(world)
    return Trial(
        act=lambda: world.perfex.staff.record_payment(world.invoice, "120.00", "1"),
        shown=lambda: (_statuses(world), [paid["Amount"] for paid in world.xero_payments()]),
        wanted=(["PAID"], [120.0]),
    )


@drives(Kind.INVOICE, Side.PERFEX, "unpay")
def is_unpaid(world: World, _cell: Cell) -> Trial:
    """Staff delete the payment of an invoice: the answer takes it out of Xero."""
    books.invoice(world)
    world.perfex.staff.record_payment(world.invoice, "20.00", "1")
    payment = world.perfex.staff.record_payment(world.invoice, "100.00", "1")
    books.in_step(world)
    return Trial(
        act=lambda: world.perfex.staff.delete_payment(payment),
        shown=lambda: (_statuses(world), [paid["Amount"] for paid in world.xero_payments()]),
        record=str(payment),
        settle=lambda: world.answer("deleted_in_perfex", "remove"),
        settled=(["AUTHORISED"], [20.0]),
    )


def shown_in_xero(world: World) -> list[Shown]:
    """What Xero shows of its invoices, by number."""
    return [
        (
            one["InvoiceNumber"],
            one["Status"],
            Decimal(str(one["Total"])),
            Decimal(str(one["TotalTax"])),
            Decimal(str(one["AmountDue"])),
            tuple(
                (
                    each["Description"],
                    Decimal(str(each["Quantity"])),
                    Decimal(str(each["UnitAmount"])),
                )
                for each in one["LineItems"]
            ),
        )
        for one in world.xero_invoices()
    ]


def _one(text: str, price: str, total: str, tax: str) -> Shown:
    """An open invoice of one line."""
    lines = ((text, Decimal(1), Decimal(price)),)
    return ("INV-000001", "AUTHORISED", Decimal(total), Decimal(tax), Decimal(total), lines)


def _statuses(world: World) -> list[str]:
    return [str(one["Status"]) for one in world.xero_invoices()]
