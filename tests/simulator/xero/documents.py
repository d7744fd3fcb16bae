"""Credit notes, money spent and orders as tests write them."""

from typing import Any

from tests.simulator.xero.client import Api

LINE = {"Description": "Returned goods", "Quantity": 1, "UnitAmount": 50, "AccountCode": "200"}
NAME = "Bayside Sailing Club"


def contact_id(api: Api, name: str = NAME) -> str:
    """The id of a contact that is there."""
    (found,) = api.get("Contacts", searchTerm=name)
    return str(found["ContactID"])


def credit(**more: Any) -> dict[str, Any]:
    """The body of an approved credit note of 50.00 net, 60.00 with tax."""
    return {
        "Type": "ACCRECCREDIT",
        "Contact": {"Name": NAME},
        "Date": "2026-08-09",
        "Status": "AUTHORISED",
        "LineItems": [LINE],
        **more,
    }


def made(api: Api, **more: Any) -> Any:
    """A credit note that was just made."""
    return api.save("PUT", "CreditNotes", {"CreditNotes": [credit(**more)]})


def allocation(invoice: Any, amount: str, **more: Any) -> dict[str, Any]:
    """The body that sets a credit against an invoice."""
    one = {"Amount": amount, "Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Date": "2026-08-10"}
    return {"Allocations": [{**one, **more}]}


def spent(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The body of 89.00 spent on fuel, tax included."""
    fuel = {"Description": "Fuel", "Quantity": 1, "UnitAmount": "89.00", "AccountCode": "449"}
    return {
        "Type": "SPEND",
        "Contact": {"Name": "City Limousines"},
        "BankAccount": {"Code": "090"},
        "Date": "2026-08-05",
        "LineItems": list(lines) or [fuel],
        **more,
    }


def advance(kind: str, amount: str, **more: Any) -> dict[str, Any]:
    """The body of money that came or went ahead of a document."""
    line = {"Description": "In advance", "Quantity": 1, "UnitAmount": amount}
    if kind.endswith("PREPAYMENT"):
        line |= {"AccountCode": "200", "TaxType": "NONE"}
    return spent(line, Type=kind, Contact={"Name": NAME}, **more)


def order(api: Api, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The body of an order of four oak boards."""
    boards = {
        "Description": "Oak boards",
        "Quantity": 4,
        "UnitAmount": "25.1255",
        "AccountCode": "310",
    }
    return {
        "Contact": {"ContactID": contact_id(api, "Ridgeway Timber Supplies")},
        "Date": "2026-08-04",
        "DeliveryDate": "2026-08-14",
        "LineItems": list(lines) or [boards],
        **more,
    }
