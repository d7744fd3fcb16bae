"""Every kind of document is proved: nothing where both agree, and what somebody changed."""

from __future__ import annotations

from datetime import timedelta

from tests.scenarios import buying, crediting, spending
from tests.scenarios.planting import look_without_writing
from tests.scenarios.test_proof import prove
from tests.scenarios.world import World
from xero_bridge.core.vocabulary import Kind

HOURS = timedelta(hours=2)


def found(world: World) -> set[tuple[Kind, str]]:
    """What differs, but for what a rule keeps on its side."""
    look_without_writing(world)
    return {
        (finding.place.kind, finding.part)
        for finding in prove(world).findings
        if finding.reason not in ("births_ignore", "not_admitted", "expense_rule", "supplier_only")
    }


def carried(world: World) -> None:
    for _again in range(3):
        world.sync(wait=HOURS)
    assert found(world) == set()
    assert prove(world).proved


def test_a_credit_note(books: World) -> None:
    crediting.credit_note(books, "50.00")
    carried(books)
    crediting.edit_in_xero(books, UnitAmount=49.00)
    assert {(Kind.CREDIT_NOTE, part) for part in ("total", "tax", "amount_due", "lines")} == found(
        books
    )


def test_an_invoice_that_a_credit_note_paid_in_part(books: World) -> None:
    note = crediting.credit_note(books, "50.00")
    books.perfex.staff.credits.apply(note, books.invoice, "20.00")
    carried(books)
    due = [b.perfex.due for b in prove(books).balances if b.place.kind is Kind.INVOICE]
    assert due == [100]
    crediting.take_back_in_xero(books)
    assert (Kind.INVOICE, "amount_due") in found(books)


def test_a_purchase_order(shop: World) -> None:
    made = buying.order(shop, buying.boards("21.75", "24"))
    carried(shop)
    line = buying.xero_order(shop, made)["LineItems"][0]
    kept = ("LineItemID", "Description", "Quantity", "AccountCode", "TaxType")
    changed = {name: line[name] for name in kept} | {"UnitAmount": 21.76}
    buying.change_in_xero(shop, made, LineItems=[changed])
    assert {(Kind.PURCHASE_ORDER, "total"), (Kind.PURCHASE_ORDER, "lines")} <= found(shop)


def test_money_spent_and_a_bill(office: World) -> None:
    spending.spend(office, "80.00")
    spending.owe(office, "70.00", reference_no="B-7")
    carried(office)
    spending.edit_spent(office, Date="2026-10-31")
    assert found(office) == {(Kind.EXPENSE, "date")}
