"""Linked expenses: what an update of money spent sends beside what changed."""

from decimal import Decimal

from tests.entities.expensing import perfex_expense, xero_spent
from tests.entities.recorded_expense import XERO_SPENT
from tests.entities.writing import books
from xero_bridge.core.entity import Encoding
from xero_bridge.entities.expense import EXPENSE, Expense


def sent(target: Expense, *facets: str) -> dict[str, object]:
    """The body of an update of these facets."""
    assert EXPENSE.xero is not None
    assert EXPENSE.xero.update is not None
    encoding = Encoding(
        source=perfex_expense(date="2026-07-08"),
        source_id="66",
        target=target,
        target_id="b-1",
        facets=frozenset(facets),
    )
    return EXPENSE.xero.update(encoding, books()).body


def test_another_date_of_money_spent_sends_its_lines_as_they_stand_in_xero() -> None:
    (line,) = XERO_SPENT["LineItems"]
    line = line | {"UnitAmount": 96.0, "LineAmount": 96.0, "TaxAmount": 15.99, "TaxType": "INPUT2"}
    body = sent(xero_spent(LineAmountTypes="Inclusive", LineItems=[line]), "spent_on")
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
