"""Notes in the history of a record (checklist row 44)."""

import pytest

from tests.simulator.xero.client import Api
from tests.simulator.xero.documents import advance, contact_id, made, order, spent

NOTE = {"HistoryRecords": [{"Details": "Synced from Perfex"}]}


def paths(api: Api) -> list[str]:
    """One record of every kind that has a history."""
    invoice = api.invoice()
    over = api.save("PUT", "BankTransactions", advance("RECEIVE-OVERPAYMENT", "5.00"))
    before = api.save("PUT", "BankTransactions", advance("RECEIVE-PREPAYMENT", "5.00"))
    return [
        f"Invoices/{invoice['InvoiceID']}",
        f"Payments/{api.pay(invoice, '1.00')['PaymentID']}",
        f"CreditNotes/{made(api)['CreditNoteID']}",
        f"BankTransactions/{api.save('PUT', 'BankTransactions', spent())['BankTransactionID']}",
        f"Overpayments/{over['OverpaymentID']}",
        f"Prepayments/{before['PrepaymentID']}",
        f"PurchaseOrders/{api.save('PUT', 'PurchaseOrders', order(api))['PurchaseOrderID']}",
        f"Contacts/{contact_id(api)}",
        f"Items/{api.get('Items')[0]['ItemID']}",
    ]


def test_every_kind_of_record_takes_a_note_that_the_system_signs(api: Api) -> None:
    for path in paths(api):
        assert api.get(f"{path}/History") == []
        note = api.save("PUT", f"{path}/History", NOTE)
        assert (note["Details"], note["User"]) == ("Synced from Perfex", "System Generated")
        assert api.get(f"{path}/History") == [note]


@pytest.mark.parametrize(
    ("details", "message"),
    [("x" * 2501, "Details must be 2500 characters or less."), (" ", "Details must be specified")],
)
def test_a_note_has_words_but_not_too_many(api: Api, details: str, message: str) -> None:
    path = f"Invoices/{api.invoice()['InvoiceID']}/History"
    assert api.refused("PUT", path, {"HistoryRecords": [{"Details": details}]}) == [message]


def test_a_record_that_is_not_there_has_no_history(api: Api) -> None:
    path = "CreditNotes/5d5e1d1e-0000-4000-8000-000000000000/History"
    message = "The document with the supplied id was not found for this endpoint."
    assert api.refused("PUT", path, NOTE) == [message]
