"""Linked expenses: what an update of money spent sends beside what changed."""

from decimal import Decimal

from tests.entities.expensing import perfex_expense, xero_bill, xero_spent
from tests.entities.recorded_expense import XERO_SPENT
from tests.entities.writing import books
from xero_bridge.core.entity import Encoding, Payload
from xero_bridge.entities.expense import EXPENSE, Expense


def sent(target: Expense, *facets: str, **changes: str) -> Payload:
    """The update of these facets."""
    assert EXPENSE.xero is not None
    assert EXPENSE.xero.update is not None
    encoding = Encoding(
        source=perfex_expense(**{"date": "2026-07-08", **changes}),
        source_id="66",
        target=target,
        target_id="b-1",
        facets=frozenset(facets),
    )
    return EXPENSE.xero.update(encoding, books())


def test_another_date_of_money_spent_sends_its_lines_as_they_stand_in_xero() -> None:
    (line,) = XERO_SPENT["LineItems"]
    line = line | {"UnitAmount": 96.0, "LineAmount": 96.0, "TaxAmount": 15.99, "TaxType": "INPUT2"}
    body = sent(xero_spent(LineAmountTypes="Inclusive", LineItems=[line]), "spent_on").body
    assert (body["Type"], body["Date"]) == ("SPEND", "2026-07-08")
    assert body["LineAmountTypes"] == "Inclusive"
    assert body["LineItems"] == [
        {
            "LineItemID": line["LineItemID"],
            "Description": line["Description"],
            "Quantity": Decimal(1),
            "UnitAmount": Decimal("96.0"),
            "AccountCode": line["AccountCode"],
            "TaxType": "INPUT2",
            "TaxAmount": Decimal("15.99"),
        }
    ]


def test_the_number_of_a_bill_that_was_emptied_in_perfex_stays_and_is_known_to() -> None:
    payload = sent(xero_bill(), "reference", reference_no="")
    assert "InvoiceNumber" not in payload.body
    assert payload.declared == {"reference": ("", "B-1001")}
    assert sent(xero_bill(), "reference", reference_no="B-2").declared == {}
    emptied = sent(xero_spent(), "reference", reference_no="")
    assert (emptied.body["Reference"], emptied.declared) == ("", {})
