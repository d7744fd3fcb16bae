"""Invoices of Xero, and what becomes of them in Perfex."""

from __future__ import annotations

from typing import Any

from tests.matrix.cells import Cell
from tests.matrix.drivers import books
from tests.matrix.drivers.registry import drives
from tests.matrix.drivers.tax import rate_in_xero
from tests.matrix.trial import A_DAY, Trial
from tests.scenarios.world import World
from xero_bridge.core.vocabulary import Kind, Side

#: Status, date, due date, total, tax, and text, price and taxes of each line.
Shown = tuple[str, str, str, str, str, tuple[tuple[str, str, tuple[str, ...]], ...]]


@drives(Kind.INVOICE, Side.XERO, "create")
def is_written(world: World, _cell: Cell) -> Trial:
    """The bookkeeper writes an invoice: Perfex has it to the cent, and nobody gets a mail."""
    books.invoice(world)
    wanted: Shown = (
        "1",
        "2026-11-20",
        "2026-12-20",
        "120.00",
        "20.00",
        (("Audit", "100.00", ("VAT|20.00",)),),
    )
    return Trial(
        act=lambda: write(world, "XI-1"),
        shown=lambda: (shown_in_perfex(world, born=True), len(world.perfex.outbox)),
        wanted=([wanted], 0),
        record="XI-1",
        born="XI-1",
    )


@drives(Kind.INVOICE, Side.XERO, "change")
def is_changed(world: World, _cell: Cell) -> Trial:
    """The bookkeeper corrects price and due date of an unpaid invoice: Perfex has both."""
    number = books.invoice(world)

    def act() -> None:
        world.edit_line_in_xero(number, 0, UnitAmount="150.00", Description="Consulting, twice")
        world.edit_in_xero(number, DueDate="2026-12-31")

    lines = (("Consulting, twice", "150.00", ("VAT|20.00",)),)
    return Trial(
        act=act,
        shown=lambda: shown_in_perfex(world),
        wanted=[("1", "2026-11-20", "2026-12-31", "180.00", "30.00", lines)],
        record=str(world.invoice),
    )


@drives(Kind.INVOICE, Side.XERO, "void", "delete")
def is_taken_away(world: World, cell: Cell) -> Trial:
    """The bookkeeper voids an invoice or deletes a draft: staff cancel it in Perfex."""
    draft = cell.operation == "delete"
    world.change_settings(invoice_status="DRAFT" if draft else "AUTHORISED")
    number = books.invoice(world)
    return Trial(
        act=lambda: world.edit_in_xero(number, Status="DELETED" if draft else "VOIDED"),
        shown=lambda: [status for status, *_rest in shown_in_perfex(world)],
        record=str(world.invoice),
        settle=lambda: world.perfex.staff.cancel_invoice(world.invoice),
        settled=["5"],
    )


@drives(Kind.TAX, Side.XERO, "create")
def bears_a_new_tax(world: World, _cell: Cell) -> Trial:
    """The bookkeeper adds a rate and uses it: staff enter the tax in Perfex, and it is mapped."""
    books.invoice(world)
    rate = rate_in_xero(world, "Green rate", "7")

    def settle() -> None:
        world.perfex.staff.create("taxes", name="ECO", taxrate="7.00")
        world.map(Kind.TAX, "ECO|7.00", rate)

    return Trial(
        act=lambda: write(world, "XI-1", TaxType=rate),
        shown=lambda: [lines for *_rest, lines in shown_in_perfex(world, born=True)],
        record=rate,
        born="XI-1",
        settle=settle,
        settled=[(("Audit", "100.00", ("ECO|7.00",)),)],
        wait=A_DAY,
    )


@drives(Kind.CURRENCY, Side.XERO, "create")
def is_in_a_new_currency(world: World, cell: Cell) -> Trial:
    """The bookkeeper adds a currency and uses it: staff add it in Perfex.

    Module 2 tells the currencies by the invoices in them alone: staff write a first one.
    """
    books.invoice(world)

    def settle() -> None:
        currency = world.perfex.staff.create("currencies", name="SEK", symbol="kr")
        if cell.version == "2.0.8":
            world.bill("10.00", "First", currency=currency)

    def act() -> None:
        world.xero_call("PUT", "Currencies", {"Code": "SEK"})
        write(world, "XI-1", currency="SEK")

    return Trial(
        act=act,
        shown=lambda: [total for _s, _d, _due, total, *_rest in shown_in_perfex(world, born=True)],
        record="SEK",
        born="XI-1",
        settle=settle,
        settled=["120.00"],
        wait=A_DAY,
    )


def write(world: World, number: str, *, currency: str = "GBP", **line: Any) -> None:
    """An approved invoice of 100.00 and its tax, written on Xero's page for the customer."""
    body = {
        "Type": "ACCREC",
        "Status": "AUTHORISED",
        "InvoiceNumber": number,
        "Contact": {"ContactID": books.contact(world)["ContactID"]},
        "Date": "2026-11-20",
        "DueDate": "2026-12-20",
        "CurrencyCode": currency,
        "LineAmountTypes": "Exclusive",
        "LineItems": [
            {
                "Description": "Audit",
                "Quantity": "1",
                "UnitAmount": "100.00",
                "AccountCode": "200",
                "TaxType": "OUTPUT2",
                **line,
            }
        ],
    }
    world.xero_call("PUT", "Invoices?unitdp=4", {"Invoices": [body]})


def shown_in_perfex(world: World, *, born: bool = False) -> list[Shown]:
    """What Perfex shows of its invoices; of those that were `born` in Xero."""
    return [
        (
            str(row["status"]),
            str(row["date"]),
            str(row["duedate"]),
            str(row["total"]),
            str(row["total_tax"]),
            tuple(
                (str(line["description"]), str(line["rate"]), _taxes(world, line["id"]))
                for line in world.perfex.rows("itemable", rel_id=row["id"], rel_type="invoice")
            ),
        )
        for row in world.perfex.rows("invoices")
        if not born or "PX-XI-" in str(row["adminnote"])
    ]


def _taxes(world: World, line: object) -> tuple[str, ...]:
    rows = world.perfex.rows("item_tax", itemid=line)
    return tuple(f"{row['taxname']}|{row['taxrate']}" for row in rows)
