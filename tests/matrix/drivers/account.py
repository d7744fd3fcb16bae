"""Accounts: the chart of accounts of Xero, which the bridge offers where one is chosen."""

from __future__ import annotations

import requests

from tests.matrix.cells import Cell
from tests.matrix.drivers import books
from tests.matrix.drivers.registry import drives
from tests.matrix.trial import A_DAY, Trial
from tests.scenarios.world import World
from xero_bridge.core.vocabulary import Kind, Side
from xero_bridge.entities import ENTITIES
from xero_bridge.entities.account import Account
from xero_bridge.operations.keys import KEYS


@drives(Kind.ACCOUNT, Side.PERFEX, "create", "change", "void", "delete")
def perfex_has_none(world: World, _cell: Cell) -> None:
    """Perfex answers no accounts, and no setting would send any."""
    answer = requests.get(
        f"{world.perfex_url}/api/accounts", headers={"authtoken": world.perfex.token}, timeout=20
    )
    assert answer.status_code == 404
    assert ENTITIES[Kind.ACCOUNT].perfex is None
    assert "direction.account" not in KEYS


@drives(Kind.ACCOUNT, Side.XERO, "create")
def is_added(world: World, _cell: Cell) -> Trial:
    """The bookkeeper adds an account: it can be chosen."""
    books.customer(world)
    return Trial(
        act=lambda: books.new_account(world, "211", "Sales of boats", "REVENUE"),
        shown=lambda: _offered(world, "211"),
        wanted="Sales of boats",
        wait=A_DAY,
    )


@drives(Kind.ACCOUNT, Side.XERO, "change")
def is_renamed(world: World, _cell: Cell) -> Trial:
    """The bookkeeper renames an account: it is offered under its new name."""
    account = books.new_account(world, "211", "Sales of boats", "REVENUE")
    books.customer(world)
    return Trial(
        act=lambda: world.xero_call("POST", f"Accounts/{account}", {"Name": "Boats sold"}),
        shown=lambda: _offered(world, "211"),
        wanted="Boats sold",
        wait=A_DAY,
    )


@drives(Kind.ACCOUNT, Side.XERO, "void", "delete")
def is_taken_away(world: World, cell: Cell) -> Trial:
    """The account of invoices is archived or deleted; the next invoice waits for another one."""
    account = books.new_account(world, "211", "Sales of boats", "REVENUE")
    books.customer(world)
    world.change_settings(sales_account="211")

    def act() -> None:
        if cell.operation == "void":
            world.xero_call("POST", f"Accounts/{account}", {"Status": "ARCHIVED"})
        else:
            world.xero_call("DELETE", f"Accounts/{account}")
        world.clock.move(seconds=A_DAY.total_seconds())
        world.bill("100.00")

    def settle() -> None:
        world.change_settings(sales_account="200")
        with world.store.atomically():
            world.store.make_all_dirty(linked=False)

    return Trial(
        act=act,
        shown=lambda: books.numbers(world),
        record="211",
        settle=settle,
        settled=["INV-000001"],
        wait=A_DAY,
    )


def _offered(world: World, code: str) -> str:
    """The name under which the bridge offers the account; empty where it does not."""
    mirrors = world.store.mirrors_of(Kind.ACCOUNT, Side.XERO)
    records = [mirror.record for mirror in mirrors if not mirror.gone]
    found = [one.name for one in records if isinstance(one, Account) and one.code == code]
    return found[0] if found else ""
