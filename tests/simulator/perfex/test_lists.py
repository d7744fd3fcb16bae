"""Lists: shapes, pages, filters, sorting, searches, lookups."""

from __future__ import annotations

import pytest

from tests.simulator.perfex.conftest import Serve
from tests.simulator.perfex.site import Perfex


def names(rows: list[dict[str, str]]) -> list[str]:
    return [row["company"] for row in rows]


def fill(perfex: Perfex, count: int) -> None:
    for number in range(count):
        perfex.customer(f"Customer {number:03d}")


def test_303_always_answers_customers_in_pages_of_twenty(perfex: Perfex) -> None:
    fill(perfex, 25)
    answer = perfex.get("customers")
    assert len(answer["data"]) == 20
    assert answer["meta"] == {
        "page": 1,
        "per_page": 20,
        "total": 25,
        "total_pages": 2,
        "has_more": True,
        "current_page": 1,
        "last_page": 2,
    }


def test_a_page_past_the_end_repeats_the_last_one(perfex: Perfex) -> None:
    fill(perfex, 25)
    last, beyond = perfex.get("customers?page=2"), perfex.get("customers?page=9")
    assert last == beyond
    assert not beyond["meta"]["has_more"]


@pytest.mark.beyond_description
def test_limit_does_nothing_alone_and_sizes_a_page_beside_page(perfex: Perfex) -> None:
    fill(perfex, 25)
    assert len(perfex.get("customers?limit=3")["data"]) == 20
    assert len(perfex.get("customers?page=1&limit=3")["data"]) == 3
    assert perfex.get("customers?page=1&per_page=500")["meta"]["per_page"] == 100


def test_303_answers_payments_as_an_array_unless_pages_are_asked_for(perfex: Perfex) -> None:
    perfex.simulator.staff.record_payment(perfex.invoice(), "10.00")
    assert isinstance(perfex.get("payments"), list)
    assert perfex.get("payments?page=1")["meta"]["per_page"] == 25


def test_310_answers_arrays_unless_pages_are_asked_for(documented: Perfex) -> None:
    fill(documented, 30)
    assert len(documented.get("customers")) == 30
    assert len(documented.get("customers?page=1")["data"]) == 25


def test_2x_answers_everything_whatever_is_asked(old: Perfex) -> None:
    fill(old, 30)
    assert len(old.get("customers?page=1&per_page=1")) == 30


def test_an_empty_list_is_a_404_that_says_no_data(perfex: Perfex) -> None:
    for path in ("customers", "invoices?page=1", "items", "customers/7"):
        answer = perfex.call("GET", path)
        assert (answer.status_code, answer.json()["message"]) == (404, "No data were found")


def test_no_payments_is_said_under_another_key(perfex: Perfex) -> None:
    answer = perfex.call("GET", "payments")
    assert answer.status_code == 404
    assert answer.json() == {"paymentmode": False, "message": "No data were found"}


def test_filters_that_leave_nothing_answer_an_empty_page(perfex: Perfex) -> None:
    fill(perfex, 1)
    assert perfex.get("customers?page=1&created_after=2030-01-01")["data"] == []


def test_created_before_stops_at_midnight_of_that_day(perfex: Perfex) -> None:
    fill(perfex, 1)
    assert perfex.get("customers?page=1&created_before=2026-03-10")["data"] == []
    assert perfex.get("customers?page=1&created_before=2026-03-11")["meta"]["total"] == 1
    assert perfex.get("customers?page=1&date_from=2026-03-10")["meta"]["total"] == 1


def test_310_counts_the_whole_day_of_created_before(documented: Perfex) -> None:
    fill(documented, 1)
    assert documented.get("customers?page=1&created_before=2026-03-10")["meta"]["total"] == 1
    assert documented.get("customers?page=1&created_before=2026-03-09")["data"] == []


def test_payments_are_filtered_by_their_business_date(perfex: Perfex) -> None:
    invoice = perfex.invoice()
    perfex.simulator.staff.record_payment(invoice, "1.00", issued="2025-12-31")
    assert perfex.get("payments?page=1&created_after=2026-01-01")["data"] == []


def test_a_date_that_cannot_be_read_is_a_422(perfex: Perfex) -> None:
    fill(perfex, 1)
    assert perfex.call("GET", "customers?created_after=soon").status_code == 422


def test_sorting_compares_texts_and_fields_reduce_the_rows(perfex: Perfex) -> None:
    customer = perfex.customer()
    for total in ("9.00", "10.00", "100.00"):
        lines = [{"description": "A", "qty": "1.00", "rate": total}]
        perfex.simulator.staff.create_invoice(customer, lines)
    rows = perfex.get("invoices?sort=-total&fields=total")["data"]
    assert rows == [
        {"id": "1", "total": "9.00"},
        {"id": "3", "total": "100.00"},
        {"id": "2", "total": "10.00"},
    ]


def test_customers_are_listed_by_company_and_inactive_ones_too(perfex: Perfex) -> None:
    perfex.customer("zeta", active="0")
    perfex.customer("Alpha")
    assert names(perfex.get("customers")["data"]) == ["Alpha", "zeta"]


def test_a_search_finds_only_active_customers(perfex: Perfex) -> None:
    perfex.customer("Mill One", active="0")
    perfex.customer("Mill Two")
    assert names(perfex.get("customers/search/mill")) == ["Mill Two"]
    assert names(perfex.get("customers/search?q=mill")) == ["Mill Two"]
    assert perfex.call("GET", "customers/search/nobody").status_code == 404


def test_an_invoice_found_by_search_bears_the_customers_columns(perfex: Perfex) -> None:
    perfex.customer("Other")
    invoice = perfex.invoice(number=7, billing_street="Elsewhere")
    (row,) = perfex.get("invoices/search/INV-000007")
    assert row["invoiceid"] == str(invoice)
    assert row["id"] != str(invoice)
    assert row["billing_street"] == "1 Mill Lane"


def test_payments_are_not_found_by_their_transaction_id(perfex: Perfex) -> None:
    perfex.simulator.staff.record_payment(perfex.invoice(), "5.00", transactionid="PX-1")
    assert perfex.call("GET", "payments/search/PX-1").status_code == 404
    assert len(perfex.get("payments/search/bank")) == 1


def test_lookups_leave_out_inactive_modes_and_add_gateways(perfex: Perfex) -> None:
    assert [mode["id"] for mode in perfex.get("common/payment_mode")] == ["1", "2", "stripe"]
    assert perfex.get("common/tax_data")[0] == {"id": "1", "name": "VAT", "taxrate": "20.00"}
    assert perfex.get("common/expense_category")[0]["name"] == "Travel"


def test_a_lookup_that_does_not_exist_is_refused(perfex: Perfex) -> None:
    answer = perfex.call("GET", "common/countries")
    assert (answer.status_code, answer.json()["message"]) == (404, "Not valid data")
    token = perfex.simulator.add_token("narrow", permissions={"taxes": frozenset({"get"})})
    narrow = {"authtoken": token}
    assert perfex.call("GET", "common/countries", headers=narrow).status_code == 403
    assert perfex.call("GET", "common/tax_data", headers=narrow).status_code == 200


def test_twenty_thousand_invoices_are_listed_in_pages_quickly(serve: Serve) -> None:
    perfex = serve()
    customer = perfex.customer()
    columns = {"clientid": customer, "date": "2026-03-01", "currency": 2, "total": "1.00"}
    with perfex.simulator.site.db.transaction():
        for number in range(20_000):
            perfex.simulator.site.db.insert("invoices", {"number": number, **columns})
    answer = perfex.call("GET", "invoices?page=150&per_page=100")
    assert answer.json()["data"][0]["id"] == "14901"
    assert answer.elapsed.total_seconds() < 1
