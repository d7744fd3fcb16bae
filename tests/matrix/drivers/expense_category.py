"""Expense categories of Perfex, and the expense accounts of Xero to which they book."""

from __future__ import annotations

from tests.matrix.cells import Cell
from tests.matrix.drivers import books
from tests.matrix.drivers.registry import drives
from tests.matrix.trial import A_DAY, Trial
from tests.scenarios import spending
from tests.scenarios.world import World
from xero_bridge.core.vocabulary import Kind, Side


@drives(Kind.EXPENSE_CATEGORY, Side.PERFEX, "create")
def is_added_in_perfex(world: World, _cell: Cell) -> Trial:
    """Staff add a category and use it; a person says which account it books to."""
    _set_up(world)
    rows = world.perfex.rows("expenses_categories")
    # The id that the next category gets: they count up.
    following = max(int(str(row["id"])) for row in rows) + 1

    def act() -> None:
        category = world.perfex.staff.create("expenses_categories", name="Boats")
        spending.spend(world, category=category)

    return Trial(
        act=act,
        shown=lambda: _spent(world),
        record=str(following),
        settle=lambda: spending.map_category(world, following, "461"),
        settled=[(96.0, "461")],
        wait=A_DAY,
    )


@drives(Kind.EXPENSE_CATEGORY, Side.PERFEX, "change")
def is_renamed_in_perfex(world: World, _cell: Cell) -> Trial:
    """Staff rename a category: its account keeps its name."""
    _spent_once(world)
    return Trial(
        act=lambda: world.perfex.staff.edit(
            "expenses_categories", spending.FURNITURE, name="Chairs and desks"
        ),
        shown=lambda: (books.account(world, "429")["Name"], _spent(world)),
        wait=A_DAY,
    )


@drives(Kind.EXPENSE_CATEGORY, Side.PERFEX, "void")
def has_no_archive(world: World, _cell: Cell) -> None:
    """A category in Perfex has nothing to switch it off by."""
    assert not {"active", "status", "archived"} & set(world.perfex.rows("expenses_categories")[0])


@drives(Kind.EXPENSE_CATEGORY, Side.PERFEX, "delete")
def is_deleted_in_perfex(world: World, _cell: Cell) -> Trial:
    """Staff delete a category: its account and what was spent stay in Xero."""
    _spent_once(world)
    # An expense of another category shows that the list is still answered.
    spending.spend(world, "5.00", spending.SUPPLIES, reference_no="B-2")
    books.in_step(world)
    return Trial(
        act=lambda: world.perfex.staff.delete("expenses_categories", spending.FURNITURE),
        shown=lambda: (books.account(world, "429")["Status"], _spent(world)),
        record="Furniture",
        settle=lambda: world.answer("hides_records", "leave"),
        wait=A_DAY,
    )


@drives(Kind.EXPENSE_CATEGORY, Side.XERO, "create")
def is_added_in_xero(world: World, _cell: Cell) -> Trial:
    """The bookkeeper adds an expense account; a category of its name maps itself to it."""
    _set_up(world)

    def then() -> None:
        category = world.perfex.staff.create("expenses_categories", name="Boats")
        world.sync(wait=A_DAY)
        links = {link.perfex_id: link for link in world.store.links_of(Kind.EXPENSE_CATEGORY)}
        assert links[str(category)].xero_id == books.account(world, "433")["AccountID"]

    return Trial(
        act=lambda: books.new_account(world, "433", "Boats", "EXPENSE"),
        shown=lambda: _categories(world),
        wait=A_DAY,
        then=then,
    )


@drives(Kind.EXPENSE_CATEGORY, Side.XERO, "change")
def is_renamed_in_xero(world: World, _cell: Cell) -> Trial:
    """The bookkeeper renames the account: the category keeps its name."""
    _spent_once(world)
    account = books.account(world, "429")["AccountID"]
    return Trial(
        act=lambda: world.xero_call("POST", f"Accounts/{account}", {"Name": "Chairs and desks"}),
        shown=lambda: _categories(world),
        wait=A_DAY,
    )


@drives(Kind.EXPENSE_CATEGORY, Side.XERO, "void", "delete")
def is_taken_away_in_xero(world: World, cell: Cell) -> Trial:
    """The bookkeeper archives or deletes the account of a category; its next expense waits."""
    account = books.new_account(world, "433", "Boats", "EXPENSE")
    _set_up(world)
    spending.map_category(world, spending.FURNITURE, "433")

    def act() -> None:
        if cell.operation == "void":
            world.xero_call("POST", f"Accounts/{account}", {"Status": "ARCHIVED"})
        else:
            world.xero_call("DELETE", f"Accounts/{account}")
        world.clock.move(seconds=A_DAY.total_seconds())
        spending.spend(world)

    return Trial(
        act=act,
        shown=lambda: _categories(world),
        record="433" if cell.operation == "void" else account,
        settle=lambda: spending.map_category(world, spending.FURNITURE, "429"),
        wait=A_DAY,
    )


def _set_up(world: World) -> None:
    """What expenses need is mapped and chosen."""
    spending.prepare(world)
    # Old modules tell the ids of their currencies by the invoices alone.
    books.invoice(world)


def _spent_once(world: World) -> None:
    """A paid expense of 96.00 for furniture, in both systems."""
    _set_up(world)
    spending.spend(world)
    books.in_step(world)


def _spent(world: World) -> list[tuple[float, str]]:
    """Total and account of the money spent that Xero shows."""
    return sorted(
        (one["Total"], one["LineItems"][0]["AccountCode"]) for one in spending.spent(world)
    )


def _categories(world: World) -> list[str]:
    return [str(row["name"]) for row in world.perfex.rows("expenses_categories")]
