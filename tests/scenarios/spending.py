"""Expenses as scenarios need them: mapped categories, a supplier, and what Xero shows of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from tests.scenarios.world import World
from xero_bridge.core.record import Link, Roles
from xero_bridge.core.vocabulary import Kind, RunState

A_DAY, A_WHILE = timedelta(days=1), timedelta(minutes=7)

TRAVEL, SUPPLIES, SOFTWARE, FURNITURE = 1, 2, 3, 4
BANK, CASH = "1", "2"
VAT, REDUCED, ECO, ZERO = 1, 2, 3, 4

_PURCHASES = {
    "VAT|20.00": "INPUT2",
    "VAT|5.00": "RRINPUT",
    "Zero|0.00": "ZERORATEDINPUT",
    "none": "NONE",
}
_ACCOUNTS = {TRAVEL: "493", SUPPLIES: "461", FURNITURE: "429"}
SUNDRY = "Sundry Suppliers"


def prepare(world: World) -> None:
    """Taxes for purchases, accounts of categories, and a contact for suppliers without a name."""
    for link in list(world.store.links_of(Kind.TAX)):
        if link.perfex_id in _PURCHASES:
            keep(world, replace(link, roles=Roles(purchase=_PURCHASES[link.perfex_id])))
    for category, code in _ACCOUNTS.items():
        map_category(world, category, code)
    add_contact(world, SUNDRY)
    world.change_settings(expense_contact=SUNDRY)


def map_category(world: World, category: int, code: str, supplier: str = "") -> None:
    """Set the account of a category, as a person does on the mappings page."""
    link = Link(
        kind=Kind.EXPENSE_CATEGORY,
        perfex_id=str(category),
        xero_id=account_id(world, code),
        roles=Roles(supplier=supplier),
        by_person=True,
    )
    keep(world, link)


def keep(world: World, link: Link) -> None:
    with world.store.atomically():
        world.store.save_link(link)
        world.store.make_all_dirty(linked=False)


def account_id(world: World, code: str) -> str:
    found = world.xero.books().accounts.values()
    return next(str(one["AccountID"]) for one in found if one["Code"] == code)


def add_contact(world: World, name: str) -> str:
    made = world.xero_call("PUT", "Contacts", {"Contacts": [{"Name": name}]})
    return str(made["Contacts"][0]["ContactID"])


def add_account(world: World, code: str, name: str, **members: Any) -> str:
    body = {"Code": code, "Name": name, "Type": "BANK", "BankAccountNumber": code, **members}
    return str(world.xero_call("PUT", "Accounts", body)["Accounts"][0]["AccountID"])


def spend(world: World, amount: str = "80.00", category: int = FURNITURE, **columns: Any) -> int:
    """An expense as staff enter it, paid from the bank unless said otherwise."""
    usual = {
        "expense_name": "Office chairs",
        "tax": VAT,
        "paymentmode": BANK,
        "date": "2026-11-19",
        "reference_no": "B-1001",
    }
    return world.perfex.staff.purchases.create_expense(category, amount, **{**usual, **columns})


def owe(world: World, amount: str = "80.00", category: int = FURNITURE, **columns: Any) -> int:
    """An expense that is not paid yet."""
    return spend(world, amount, category, **{"paymentmode": "", **columns})


def spent(world: World, *, deleted: bool = False) -> list[dict[str, Any]]:
    """The money spent that Xero shows."""
    found = world.xero_call("GET", "BankTransactions?page=1&pageSize=1000&unitdp=4")
    return [one for one in found["BankTransactions"] if deleted or one["Status"] != "DELETED"]


def bills(world: World) -> list[dict[str, Any]]:
    """The bills that Xero shows."""
    return world.xero_invoices(Type="ACCPAY")


def expenses(world: World) -> list[dict[str, Any]]:
    """The expenses that Perfex holds."""
    return [dict(row) for row in world.perfex.rows("expenses")]


def edit_spent(world: World, **fields: Any) -> None:
    """Change the only money spent on Xero's page."""
    (one,) = spent(world)
    world.xero_call("POST", f"BankTransactions/{one['BankTransactionID']}?unitdp=4", fields)


def edit_bill(world: World, **fields: Any) -> None:
    """Change the only bill on Xero's page."""
    (one,) = bills(world)
    world.xero_call("POST", f"Invoices/{one['InvoiceID']}?unitdp=4", fields)


def enter_in_xero(world: World, **members: Any) -> str:
    """Money spent that a bookkeeper enters in Xero: what `spend` enters in Perfex; its id."""
    body = {
        "Type": "SPEND",
        "Contact": {"Name": SUNDRY},
        "BankAccount": {"Code": "090"},
        "Date": "2026-11-19",
        "LineAmountTypes": "Exclusive",
        "LineItems": [a_line()],
        **members,
    }
    made = world.xero_call("PUT", "BankTransactions", {"BankTransactions": [body]})
    return str(made["BankTransactions"][0]["BankTransactionID"])


def a_line(**members: Any) -> dict[str, Any]:
    """A line as a bookkeeper enters it."""
    usual = {"Description": "Chairs", "Quantity": 1, "UnitAmount": 80, "AccountCode": "429"}
    return {**usual, "TaxType": "INPUT2", **members}


def pay_bill(world: World, amount: float | None = None) -> None:
    """Pay the only bill on Xero's page, what is due unless another amount is said."""
    (bill,) = bills(world)
    body = {
        "Invoice": {"InvoiceID": bill["InvoiceID"]},
        "Account": {"Code": "090"},
        "Date": "2026-11-20",
        "Amount": amount or bill["AmountDue"],
    }
    if bill["CurrencyCode"] != "GBP":
        body["CurrencyRate"] = 1.25
    world.xero_call("PUT", "Payments", {"Payments": [body]})


def bill_payments(world: World) -> list[dict[str, Any]]:
    """The payments of bills that Xero shows."""
    return [one for one in world.xero_payments() if one["PaymentType"] == "ACCPAYPAYMENT"]


def feed(world: World) -> None:
    """The bank account of the usual mode gets a bank feed."""
    (link,) = [one for one in world.store.links_of(Kind.PAYMENT_MODE) if one.perfex_id == BANK]
    keep(world, replace(link, roles=Roles(bank_feed=True)))


def assert_nothing_follows(world: World, *, links: int = 1) -> None:
    """The next runs write nothing, and the quiet ones stay cheap."""
    writes = [call for call in world.xero.calls if call.method != "GET"]
    for _ in range(2):
        report = world.sync()
        assert (report.state, report.done) == (RunState.IN_STEP, {}), report
        assert report.xero_calls <= 6
    assert [call for call in world.xero.calls if call.method != "GET"] == writes
    assert len(list(world.store.links_of(Kind.EXPENSE))) == links
