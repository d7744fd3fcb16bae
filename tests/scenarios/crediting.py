"""Credit notes as people handle them: made and applied in Perfex, looked at and used in Xero."""

from __future__ import annotations

from typing import Any

from tests.scenarios.world import World, line


def credit_note(books: World, rate: str, text: str = "Return", **header: Any) -> int:
    """A credit note of one line in Perfex, dated today; its id."""
    tax = header.pop("tax", "VAT|20.00")
    return books.perfex.staff.credits.create(books.customer, [line(rate, text, tax=tax)], **header)


def credit_notes(books: World, **equal: object) -> list[dict[str, Any]]:
    """The credit notes that Xero shows, whole, by number."""
    found = books.xero_call("GET", "CreditNotes?page=1&pageSize=1000&unitdp=4")["CreditNotes"]
    wanted = [one for one in found if all(one.get(k) == v for k, v in equal.items())]
    return sorted(wanted, key=lambda one: str(one["CreditNoteNumber"]))


def the_credit_note(books: World) -> dict[str, Any]:
    """The only credit note that Xero has."""
    (found,) = credit_notes(books)
    return found


def allocations(books: World) -> list[tuple[str, float]]:
    """Number of each invoice that the only credit note stands against, and how much of it."""
    found = the_credit_note(books)["Allocations"]
    return sorted((one["Invoice"]["InvoiceNumber"], float(one["Amount"])) for one in found)


def apply_in_xero(books: World, number: str, amount: str) -> None:
    """Set a part of the only credit note against an invoice, on Xero's page."""
    note, invoice = the_credit_note(books), books.xero_invoice(number)
    body = {"Amount": float(amount), "Invoice": {"InvoiceID": invoice["InvoiceID"]}}
    path = f"CreditNotes/{note['CreditNoteID']}/Allocations"
    books.xero_call("PUT", path, {"Allocations": [body | {"Date": "2026-11-20"}]})


def take_back_in_xero(books: World) -> None:
    """Remove the allocations of the only credit note, on Xero's page."""
    note = the_credit_note(books)
    for one in note["Allocations"]:
        path = f"CreditNotes/{note['CreditNoteID']}/Allocations/{one['AllocationID']}"
        books.xero_call("DELETE", path)


def in_xero(books: World, number: str, amount: str, text: str = "Return") -> str:
    """A credit note without tax for the scenario's customer, made on Xero's page; its id."""
    contact = books.xero_invoice("INV-000001")["Contact"]["ContactID"]
    row = {
        "Description": text,
        "Quantity": 1.0,
        "UnitAmount": float(amount),
        "AccountCode": "200",
        "TaxType": "NONE",
    }
    body = {
        "Type": "ACCRECCREDIT",
        "Contact": {"ContactID": contact},
        "CreditNoteNumber": number,
        "Date": "2026-11-20",
        "Status": "AUTHORISED",
        "LineAmountTypes": "Exclusive",
        "LineItems": [row],
    }
    made = books.xero_call("PUT", "CreditNotes?unitdp=4", {"CreditNotes": [body]})
    return str(made["CreditNotes"][0]["CreditNoteID"])


def edit_in_xero(books: World, **fields: Any) -> None:
    """Change the only line of the only credit note on Xero's page."""
    note = the_credit_note(books)
    kept = ("LineItemID", "Description", "Quantity", "UnitAmount", "AccountCode", "TaxType")
    (row,) = note["LineItems"]
    changed = {name: row[name] for name in kept} | fields
    path = f"CreditNotes/{note['CreditNoteID']}?unitdp=4"
    books.xero_call("POST", path, {"LineItems": [changed]})
