"""The books in which steps are taken: as small as they may be, and in step."""

from __future__ import annotations

from typing import Any

import requests

from tests.scenarios.world import World
from tests.support.wire import with_numbers
from xero_bridge.core.vocabulary import RunState

NAME = "Harbour Joinery Ltd"


def customer(world: World) -> int:
    """A customer with a contact, in both systems; its Perfex id."""
    world.customer = world.perfex.staff.create_customer(NAME, vat="GB123", city="Leeds")
    world.perfex.staff.create_contact(
        world.customer, email="jo@harbour.example", firstname="Jo", lastname="Wood"
    )
    in_step(world)
    return world.customer


def invoice(world: World) -> str:
    """A customer and its invoice of 120.00, in both systems; the number."""
    world.customer = world.perfex.staff.create_customer(NAME, vat="GB123")
    world.invoice = world.bill("100.00", "Consulting")
    in_step(world)
    return world.number()


def in_step(world: World) -> None:
    """A run that carries over what is there."""
    report = world.sync()
    assert report.state is RunState.IN_STEP, (report, world.questions())


def contact(world: World, name: str = NAME) -> dict[str, Any]:
    """The contact of that name in Xero."""
    (found,) = [one for one in world.xero_contacts() if one["Name"] == name]
    return found


def account(world: World, code: str) -> dict[str, Any]:
    """The account of that code in Xero."""
    shown = world.xero_call("GET", "Accounts")["Accounts"]
    (found,) = [one for one in shown if one.get("Code") == code]
    return dict(found)


def new_account(world: World, code: str, name: str, kind: str = "BANK") -> str:
    """An account that the bookkeeper adds in Xero; its id."""
    body = {"Code": code, "Name": name, "Type": kind}
    if kind == "BANK":
        body["BankAccountNumber"] = "12-34-56"
    return str(world.xero_call("PUT", "Accounts", body)["Accounts"][0]["AccountID"])


def numbers(world: World) -> list[str]:
    """The numbers of the open invoices that Xero shows."""
    shown = world.xero_invoices()
    return [one["InvoiceNumber"] for one in shown if one["Status"] not in ("VOIDED", "DELETED")]


def ask_xero(
    world: World, method: str, path: str, body: dict[str, Any] | None = None
) -> requests.Response:
    """Xero's answer to a call of the bookkeeper, whatever it is."""
    return requests.request(
        method,
        f"{world.xero_url}/api.xro/2.0/{path}",
        json=with_numbers(body),
        headers={
            "Authorization": f"Bearer {world.xero.issue_token()['access_token']}",
            "xero-tenant-id": world.xero.books().tenant,
            "Accept": "application/json",
        },
        timeout=20,
    )


def refuses_deletion(world: World, path: str) -> None:
    """Xero's API deletes nothing at this address."""
    assert ask_xero(world, "DELETE", path).status_code >= 400
    assert ask_xero(world, "GET", path).status_code == 200
