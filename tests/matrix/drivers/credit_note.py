"""Credit notes of Perfex and the credits applied from them, and what becomes of both in Xero."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.matrix.cells import Cell
from tests.matrix.drivers import books
from tests.matrix.drivers.registry import drives
from tests.matrix.trial import AN_HOUR, Trial
from tests.scenarios.world import World, line
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.operations.keys import parsed
from xero_bridge.operations.problems import NotAccepted

#: Number, status, total, tax and what is left, and text and price of each line.
Shown = tuple[str, str, Decimal, Decimal, Decimal, tuple[tuple[str, Decimal], ...]]


@drives(Kind.CREDIT_NOTE, Side.PERFEX, "create")
def is_issued(world: World, _cell: Cell) -> Trial:
    """Staff write a credit note: Xero shows the same line and the same money."""
    books.invoice(world)
    return Trial(
        act=lambda: _staff(world).create(world.customer, [line("50.00", "Return")]),
        shown=lambda: _shown(world),
        wanted=[_one("Return", "50.00", "60.00", "10.00")],
    )


@drives(Kind.CREDIT_NOTE, Side.PERFEX, "change")
def is_changed(world: World, _cell: Cell) -> Trial:
    """Staff correct an unused credit note: the same one shows it."""
    note = _in_both(world)
    return Trial(
        act=lambda: _staff(world).edit(note, [line("40.00", "Return of one")]),
        shown=lambda: _shown(world),
        wanted=[_one("Return of one", "40.00", "48.00", "8.00")],
    )


@drives(Kind.CREDIT_NOTE, Side.PERFEX, "void")
def is_voided(world: World, _cell: Cell) -> Trial:
    """Staff void a credit note: the answer voids it in Xero."""
    note = _in_both(world)
    return Trial(
        act=lambda: _staff(world).void(note),
        shown=lambda: [status for _number, status, *_rest in _shown(world)],
        record=str(note),
        settle=lambda: world.answer("cancelled_in_perfex", "remove"),
        settled=["VOIDED"],
    )


@drives(Kind.CREDIT_NOTE, Side.PERFEX, "delete")
def is_deleted(world: World, _cell: Cell) -> Trial:
    """Staff delete a credit note: the answer voids it in Xero."""
    note = _in_both(world)
    # Another credit note shows that the list is still answered.
    _staff(world).create(world.customer, [line("5.00", "Another one")])
    books.in_step(world)
    return Trial(
        act=lambda: _staff(world).delete(note),
        shown=lambda: [status for _number, status, *_rest in _shown(world)],
        record=str(note),
        settle=lambda: world.answer("deleted_in_perfex", "remove"),
        settled=["VOIDED", "AUTHORISED"],
    )


@drives(Kind.CREDIT_NOTE, Side.PERFEX, "pay")
def is_applied(world: World, _cell: Cell) -> Trial:
    """Staff apply a part of the credit: Xero's invoice owes that much less."""
    note = _in_both(world)
    return Trial(
        act=lambda: _staff(world).apply(note, world.invoice, "45.00"),
        shown=lambda: _owed(world),
        wanted=(Decimal(75), Decimal(15)),
    )


@drives(Kind.CREDIT_NOTE, Side.PERFEX, "unpay")
def is_taken_back(world: World, _cell: Cell) -> Trial:
    """Staff take an applied credit back: Xero's invoice owes all of it again."""
    note = _in_both(world)
    applied = _staff(world).apply(note, world.invoice, "45.00")
    books.in_step(world)
    assert _owed(world) == (Decimal(75), Decimal(15))
    return Trial(
        act=lambda: _staff(world).take_back(applied),
        shown=lambda: _owed(world),
        wanted=(Decimal(120), Decimal(60)),
    )


@drives(Kind.CREDIT_NOTE, Side.XERO, "create")
def is_written_in_xero(world: World, _cell: Cell) -> Trial:
    """The bookkeeper writes a credit note: no setting brings it to Perfex."""
    for way in ("two_way", "xero_to_perfex"):
        with pytest.raises(NotAccepted, match=r"direction\.credit_note"):
            parsed("direction.credit_note", way)
    _in_both(world)
    body = {
        "Type": "ACCRECCREDIT",
        "Status": "AUTHORISED",
        "CreditNoteNumber": "XC-1",
        "Contact": {"ContactID": books.contact(world)["ContactID"]},
        "Date": "2026-11-20",
        "LineAmountTypes": "Exclusive",
        "LineItems": [
            {
                "Description": "Return",
                "Quantity": "1",
                "UnitAmount": "5.00",
                "AccountCode": "200",
                "TaxType": "OUTPUT2",
            }
        ],
    }
    return Trial(
        act=lambda: world.xero_call("PUT", "CreditNotes", {"CreditNotes": [body]}),
        shown=lambda: _in_perfex(world),
        wait=AN_HOUR,
    )


@drives(Kind.CREDIT_NOTE, Side.XERO, "change")
def is_changed_in_xero(world: World, _cell: Cell) -> Trial:
    """The bookkeeper moves its date: both versions are shown, and Xero's may stay."""
    note = _in_both(world)
    return Trial(
        act=lambda: _edit(world, Date="2026-11-19"),
        shown=lambda: _in_perfex(world),
        wait=AN_HOUR,
        record=str(note),
        settle=lambda: world.answer("edited_in_xero", "keep_xero"),
    )


@drives(Kind.CREDIT_NOTE, Side.XERO, "void", "delete")
def is_taken_away_in_xero(world: World, cell: Cell) -> Trial:
    """The bookkeeper voids a credit note or deletes a draft: staff void it in Perfex."""
    draft = cell.operation == "delete"
    world.change_settings(invoice_status="DRAFT" if draft else "AUTHORISED")
    note = _in_both(world)
    return Trial(
        act=lambda: _edit(world, Status="DELETED" if draft else "VOIDED"),
        shown=lambda: _in_perfex(world),
        wait=AN_HOUR,
        record=str(note),
        settle=lambda: _staff(world).void(note),
        settled=([("60.00", "3")], []),
    )


@drives(Kind.CREDIT_NOTE, Side.XERO, "pay")
def is_applied_in_xero(world: World, _cell: Cell) -> Trial:
    """The bookkeeper applies the credit: the question closes when staff apply it too."""
    note = _in_both(world)
    return Trial(
        act=lambda: _allocate(world, "45.00"),
        shown=lambda: _in_perfex(world),
        wait=AN_HOUR,
        record=str(note),
        settle=lambda: _staff(world).apply(note, world.invoice, "45.00"),
        settled=([("60.00", "1")], ["45.00"]),
    )


@drives(Kind.CREDIT_NOTE, Side.XERO, "unpay")
def is_taken_back_in_xero(world: World, _cell: Cell) -> Trial:
    """The bookkeeper takes an allocation back: the question closes when staff do too."""
    note = _in_both(world)
    applied = _staff(world).apply(note, world.invoice, "45.00")
    books.in_step(world)
    (found,) = _notes(world)
    (allocation,) = found["Allocations"]
    path = f"CreditNotes/{found['CreditNoteID']}/Allocations/{allocation['AllocationID']}"
    return Trial(
        act=lambda: world.xero_call("DELETE", path),
        shown=lambda: _in_perfex(world),
        wait=AN_HOUR,
        record=str(note),
        settle=lambda: _staff(world).take_back(applied),
        settled=([("60.00", "1")], []),
    )


def _staff(world: World) -> Any:
    return world.perfex.staff.credits


def _in_both(world: World) -> int:
    """An invoice of 120.00 and a credit note of 60.00 in both systems; the note's Perfex id."""
    books.invoice(world)
    note = _staff(world).create(world.customer, [line("50.00", "Return")])
    books.in_step(world)
    return int(note)


def _notes(world: World) -> list[dict[str, Any]]:
    found = world.xero_call("GET", "CreditNotes?page=1&pageSize=1000")["CreditNotes"]
    return sorted(found, key=lambda one: str(one["CreditNoteNumber"]))


def _shown(world: World) -> list[Shown]:
    """What Xero shows of its credit notes, by number."""
    return [
        (
            one["CreditNoteNumber"],
            one["Status"],
            Decimal(str(one["Total"])),
            Decimal(str(one["TotalTax"])),
            Decimal(str(one["RemainingCredit"])),
            tuple(
                (each["Description"], Decimal(str(each["UnitAmount"]))) for each in one["LineItems"]
            ),
        )
        for one in _notes(world)
    ]


def _one(text: str, price: str, total: str, tax: str) -> Shown:
    """An unused credit note of one line."""
    lines = ((text, Decimal(price)),)
    return ("CN-000001", "AUTHORISED", Decimal(total), Decimal(tax), Decimal(total), lines)


def _owed(world: World) -> tuple[Decimal, Decimal]:
    """What Xero's invoice is still owed, and what is left of its credit note."""
    due = world.xero_invoice(world.number())["AmountDue"]
    return Decimal(str(due)), Decimal(str(_notes(world)[0]["RemainingCredit"]))


def _edit(world: World, **fields: Any) -> None:
    world.xero_call("POST", f"CreditNotes/{_notes(world)[0]['CreditNoteID']}", fields)


def _allocate(world: World, amount: str) -> None:
    """Apply the credit note to the invoice on Xero's page."""
    invoice = world.xero_invoice(world.number())["InvoiceID"]
    allocation = {"Amount": amount, "Invoice": {"InvoiceID": invoice}, "Date": "2026-11-20"}
    path = f"CreditNotes/{_notes(world)[0]['CreditNoteID']}/Allocations"
    world.xero_call("PUT", path, {"Allocations": [allocation]})


def _in_perfex(world: World) -> tuple[list[tuple[str, str]], list[str]]:
    """Total and status of the credit notes in Perfex, and the credits applied."""
    notes = [(str(row["total"]), str(row["status"])) for row in world.perfex.rows("creditnotes")]
    return notes, [str(row["amount"]) for row in world.perfex.rows("credits")]
