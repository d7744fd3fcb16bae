"""Payment modes of Perfex, and the accounts of Xero that take payments."""

from __future__ import annotations

from tests.matrix.cells import Cell
from tests.matrix.drivers import books
from tests.matrix.drivers.registry import drives
from tests.matrix.trial import A_DAY, Trial
from tests.scenarios.world import World
from xero_bridge.core.vocabulary import Kind, Side


@drives(Kind.PAYMENT_MODE, Side.PERFEX, "create")
def is_added_in_perfex(world: World, _cell: Cell) -> Trial:
    """Staff add a mode and take money by it; a person says which account has it."""
    books.invoice(world)
    made: list[str] = []

    def act() -> None:
        mode = world.perfex.staff.create("payment_modes", name="Cheque", active="1")
        world.perfex.staff.record_payment(world.invoice, "50.00", str(mode))
        made.append(str(mode))

    # The id that the next mode gets: modes count up.
    following = max(int(str(row["id"])) for row in world.perfex.rows("payment_modes")) + 1
    return Trial(
        act=act,
        shown=lambda: [paid["Amount"] for paid in world.xero_payments()],
        record=str(following),
        settle=lambda: world.map(
            Kind.PAYMENT_MODE, made[0], books.account(world, "090")["AccountID"]
        ),
        settled=[50.0],
    )


@drives(Kind.PAYMENT_MODE, Side.PERFEX, "change")
def is_renamed_in_perfex(world: World, _cell: Cell) -> Trial:
    """Staff rename a mode: the account keeps its name."""
    books.invoice(world)
    return Trial(
        act=lambda: world.perfex.staff.edit("payment_modes", 1, name="Renamed bank"),
        shown=lambda: books.account(world, "090")["Name"],
        wait=A_DAY,
    )


@drives(Kind.PAYMENT_MODE, Side.PERFEX, "void", "delete")
def is_taken_away_in_perfex(world: World, cell: Cell) -> Trial:
    """Staff switch a mode off or delete it: its account and its old payments stay in Xero."""
    books.invoice(world)
    world.perfex.staff.record_payment(world.invoice, "50.00", "1")
    books.in_step(world)

    def act() -> None:
        if cell.operation == "void":
            world.perfex.staff.edit("payment_modes", 1, active="0")
        else:
            world.perfex.staff.delete("payment_modes", 1)

    return Trial(
        act=act,
        shown=lambda: (
            books.account(world, "090")["Status"],
            [paid["Amount"] for paid in world.xero_payments()],
        ),
        wait=A_DAY,
    )


@drives(Kind.PAYMENT_MODE, Side.XERO, "create")
def is_added_in_xero(world: World, _cell: Cell) -> Trial:
    """The bookkeeper opens an account and takes money on it; a person says which mode that is."""
    number = books.invoice(world)
    account = books.new_account(world, "091", "Savings")
    world.clock.move(seconds=A_DAY.total_seconds())
    return Trial(
        act=lambda: world.pay_in_xero(number, "50.00", "2026-11-20", account="091"),
        shown=lambda: [row["amount"] for row in world.perfex.rows("invoicepaymentrecords")],
        record="091",
        settle=lambda: _enter_mode(world, account),
        settled=["50.00"],
    )


@drives(Kind.PAYMENT_MODE, Side.XERO, "change")
def is_renamed_in_xero(world: World, _cell: Cell) -> Trial:
    """The bookkeeper renames the account: the mode keeps its name."""
    books.invoice(world)
    account = books.account(world, "090")["AccountID"]
    return Trial(
        act=lambda: world.xero_call("POST", f"Accounts/{account}", {"Name": "Renamed bank"}),
        shown=lambda: [row["name"] for row in world.perfex.rows("payment_modes")],
        wait=A_DAY,
    )


@drives(Kind.PAYMENT_MODE, Side.XERO, "void", "delete")
def is_taken_away_in_xero(world: World, cell: Cell) -> Trial:
    """The bookkeeper closes the account of a mode; the next payment by it waits for another."""
    account = books.new_account(world, "091", "Savings")
    books.invoice(world)
    world.map(Kind.PAYMENT_MODE, "2", account)

    def act() -> None:
        if cell.operation == "void":
            world.xero_call("POST", f"Accounts/{account}", {"Status": "ARCHIVED"})
        else:
            world.xero_call("DELETE", f"Accounts/{account}")
        world.clock.move(seconds=A_DAY.total_seconds())
        world.perfex.staff.record_payment(world.invoice, "50.00", "2")

    bank = books.account(world, "090")["AccountID"]
    return Trial(
        act=act,
        shown=lambda: [row["name"] for row in world.perfex.rows("payment_modes")],
        record="2",
        settle=lambda: world.map(Kind.PAYMENT_MODE, "2", bank),
        wait=A_DAY,
    )


def _enter_mode(world: World, account: str) -> None:
    """A mode of the account's name, entered in Perfex, and mapped."""
    mode = world.perfex.staff.create("payment_modes", name="Savings", active="1")
    world.map(Kind.PAYMENT_MODE, str(mode), account)
