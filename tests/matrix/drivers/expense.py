"""Expenses: money spent and bills, entered on either side."""

from __future__ import annotations

from datetime import date

from tests.matrix.cells import Cell
from tests.matrix.drivers import books
from tests.matrix.drivers.registry import drives
from tests.matrix.trial import Trial
from tests.scenarios import spending
from tests.scenarios.world import World
from xero_bridge.core.vocabulary import Kind, Side

#: Total, tax, account and status of money spent or a bill.
Shown = tuple[float, float, str, str]


@drives(Kind.EXPENSE, Side.PERFEX, "create")
def is_entered(world: World, _cell: Cell) -> Trial:
    """Staff enter a paid expense and one that is owed: money spent, and a bill."""
    _set_up(world)

    def act() -> None:
        spending.spend(world, "80.00")
        spending.owe(world, "50.00", reference_no="B-2")

    return Trial(
        act=act,
        shown=lambda: _in_xero(world),
        wanted=([(96.0, 16.0, "429", "AUTHORISED")], [(60.0, 10.0, "429", "AUTHORISED")]),
    )


@drives(Kind.EXPENSE, Side.PERFEX, "change")
def is_changed(world: World, _cell: Cell) -> Trial:
    """Staff correct the amount of a paid expense: the same money spent shows it."""
    expense = _spent_in_both(world)
    return Trial(
        act=lambda: world.perfex.staff.purchases.edit_expense(expense, amount="90.00"),
        shown=lambda: _in_xero(world),
        wanted=([(108.0, 18.0, "429", "AUTHORISED")], []),
    )


@drives(Kind.EXPENSE, Side.PERFEX, "void")
def has_no_status(world: World, _cell: Cell) -> None:
    """An expense in Perfex is there or not: no column could say that it is void."""
    spending.spend(world)
    assert not {"active", "status", "void", "cancelled"} & set(world.perfex.rows("expenses")[0])


@drives(Kind.EXPENSE, Side.PERFEX, "delete")
def is_deleted(world: World, _cell: Cell) -> Trial:
    """Staff delete an expense: the answer takes the money spent out of Xero."""
    expense = _spent_in_both(world)
    # Another expense shows that the list is still answered.
    spending.spend(world, "5.00", reference_no="B-2")
    books.in_step(world)
    return Trial(
        act=lambda: world.perfex.staff.purchases.delete_expense(expense),
        shown=lambda: sorted(total for total, *_rest in _in_xero(world)[0]),
        record=str(expense),
        settle=lambda: world.answer("deleted_in_perfex", "remove"),
        settled=[6.0],
    )


@drives(Kind.EXPENSE, Side.PERFEX, "pay")
def is_paid(world: World, _cell: Cell) -> Trial:
    """Staff say how an owed expense was paid: its bill is paid in Xero."""
    expense = _owed_in_both(world)
    return Trial(
        act=lambda: world.perfex.staff.purchases.edit_expense(expense, paymentmode="1"),
        shown=lambda: (_in_xero(world)[1], _paid(world)),
        wanted=([(96.0, 16.0, "429", "PAID")], [96.0]),
    )


@drives(Kind.EXPENSE, Side.PERFEX, "unpay")
def is_unpaid(world: World, _cell: Cell) -> Trial:
    """Staff take the payment mode away: the question closes as the bookkeeper follows."""
    expense = _paid_in_both(world)
    (payment,) = spending.bill_payments(world)
    return Trial(
        act=lambda: world.perfex.staff.purchases.edit_expense(expense, paymentmode=""),
        shown=lambda: _paid(world),
        record=str(expense),
        settle=lambda: world.delete_payment_in_xero(payment["PaymentID"]),
        settled=[],
    )


@drives(Kind.EXPENSE, Side.XERO, "create")
def is_entered_in_xero(world: World, _cell: Cell) -> Trial:
    """The bookkeeper enters money spent that the rule admits: Perfex has the expense."""
    _set_up(world)
    world.change_settings(expense_rule="accounts", start_date=date(2026, 11, 1))
    return Trial(
        act=lambda: spending.enter_in_xero(world),
        shown=lambda: _in_perfex(world),
        wanted=[("80.00", "4", "1", "2026-11-19", "1")],
    )


@drives(Kind.EXPENSE, Side.XERO, "change")
def is_changed_in_xero(world: World, _cell: Cell) -> Trial:
    """The bookkeeper moves money spent to its true day: Perfex has it."""
    _spent_in_both(world)
    return Trial(
        act=lambda: spending.edit_spent(world, Date="2026-11-17"),
        shown=lambda: _in_perfex(world),
        wanted=[("80.00", "4", "1", "2026-11-17", "1")],
    )


@drives(Kind.EXPENSE, Side.XERO, "void", "delete")
def is_taken_away_in_xero(world: World, cell: Cell) -> Trial:
    """The bookkeeper voids a bill or deletes money spent: staff delete the expense."""
    deleted = cell.operation == "delete"
    expense = _spent_in_both(world) if deleted else _owed_in_both(world)
    # Another expense shows that the list is still answered.
    spending.spend(world, "5.00", reference_no="B-2")
    books.in_step(world)

    def act() -> None:
        if deleted:
            (one,) = [one for one in spending.spent(world) if one["Total"] == 96.0]
            path = f"BankTransactions/{one['BankTransactionID']}"
            world.xero_call("POST", path, {"Status": "DELETED"})
        else:
            spending.edit_bill(world, Status="VOIDED")

    return Trial(
        act=act,
        shown=lambda: [amount for amount, *_rest in _in_perfex(world)],
        record=str(expense),
        settle=lambda: world.perfex.staff.purchases.delete_expense(expense),
        settled=["5.00"],
    )


@drives(Kind.EXPENSE, Side.XERO, "pay")
def is_paid_in_xero(world: World, _cell: Cell) -> Trial:
    """The bookkeeper pays the bill: the expense in Perfex shows how."""
    _owed_in_both(world)
    return Trial(
        act=lambda: spending.pay_bill(world),
        shown=lambda: _in_perfex(world),
        wanted=[("80.00", "4", "1", "2026-11-19", "1")],
    )


@drives(Kind.EXPENSE, Side.XERO, "unpay")
def is_unpaid_in_xero(world: World, _cell: Cell) -> Trial:
    """The bookkeeper deletes the payment of a bill: the expense is unpaid again."""
    _paid_in_both(world)
    (payment,) = spending.bill_payments(world)
    return Trial(
        act=lambda: world.delete_payment_in_xero(payment["PaymentID"]),
        shown=lambda: _in_perfex(world),
        wanted=[("80.00", "4", "1", "2026-11-19", "")],
    )


def _set_up(world: World) -> None:
    """What expenses need is mapped and chosen; bills arrive approved, so that they can be paid."""
    spending.prepare(world)
    world.change_settings(bill_status="AUTHORISED")
    # Old modules tell the ids of their currencies by the invoices alone.
    books.invoice(world)


def _spent_in_both(world: World) -> int:
    """A paid expense of 96.00 in both systems; its Perfex id."""
    _set_up(world)
    expense = spending.spend(world)
    books.in_step(world)
    return expense


def _owed_in_both(world: World) -> int:
    """A bill of 96.00 in both systems; the expense's Perfex id."""
    _set_up(world)
    expense = spending.owe(world)
    books.in_step(world)
    return expense


def _paid_in_both(world: World) -> int:
    """A bill of 96.00 that was paid in Perfex, and so in Xero; the expense's Perfex id."""
    expense = _owed_in_both(world)
    world.perfex.staff.purchases.edit_expense(expense, paymentmode="1")
    books.in_step(world)
    assert _paid(world) == [96.0]
    return expense


def _in_xero(world: World) -> tuple[list[Shown], list[Shown]]:
    """Money spent and bills, as Xero shows them."""
    found = (spending.spent(world), spending.bills(world))
    spent, bills = (
        [
            (one["Total"], one["TotalTax"], one["LineItems"][0]["AccountCode"], one["Status"])
            for one in side
        ]
        for side in found
    )
    return spent, bills


def _paid(world: World) -> list[float]:
    return [paid["Amount"] for paid in spending.bill_payments(world)]


def _in_perfex(world: World) -> list[tuple[str, str, str, str, str]]:
    """Net amount, category, tax, date and payment mode of the expenses in Perfex."""
    return [
        (
            str(row["amount"]),
            str(row["category"]),
            str(row["tax"]),
            str(row["date"]),
            str(row["paymentmode"] or ""),
        )
        for row in world.perfex.rows("expenses")
    ]
