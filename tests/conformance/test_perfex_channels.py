"""Lists, side channels and habits of single releases of the Perfex stand-in."""

import pytest

from tests.conformance.perfex_calls import CONTACT, RESOURCES, Site, done, run
from tests.simulator.perfex.site import (
    VAT,
    Perfex,
    invoice_form,
    line,
)

# --- lists of the modern releases --------------------------------------------------------------


@pytest.mark.parametrize("resource", RESOURCES)
def test_lists_come_in_pages_on_demand(modern: Perfex, resource: str) -> None:
    shown = modern.get(resource, params={"page": 1, "per_page": 100})
    assert (len(shown["data"]), shown["meta"]["total"]) == (1, 1)
    assert shown["meta"]["has_more"] is False


def test_lists_are_sorted_and_cut_to_columns(modern: Perfex) -> None:
    modern.customer("Abbey Road Studios")
    asked = {"page": 1, "per_page": 10, "sort": "-company", "fields": "company"}
    names = [row["company"] for row in modern.get("customers", params=asked)["data"]]
    assert names == ["Northwind Trading Ltd", "Abbey Road Studios"]


def test_lists_are_filtered_by_date(modern: Perfex) -> None:
    asked = {"page": 1, "per_page": 10, "created_after": "2026-03-11"}
    assert modern.get("customers", params=asked)["data"] == []
    answer = modern.call("GET", "customers", params={"page": 1, "created_after": "2026-13-45"})
    assert answer.status_code == 422


# --- side channels of the modern releases ------------------------------------------------------


def test_the_module_describes_itself_with_its_version(modern: Perfex) -> None:
    assert modern.get("openapi")["info"]["version"] == modern.simulator.site.version.number


def test_a_batch_reads_lists_details_and_lookups(modern: Perfex) -> None:
    tools = ["customers_list", "invoices_list", "items_list", "payments_list", "contacts_list"]
    tools += ["list_taxes", "list_currencies", "list_countries", "list_payment_modes"]
    tools += ["list_expense_categories", "get_current_datetime", "get_server_info"]
    results = run(modern, *[{"tool": tool, "arguments": {"limit": 100}} for tool in tools])
    assert [result["status"] for result in results] == [True] * len(tools)
    [detail] = run(modern, {"tool": "invoices_get", "arguments": {"id": 1}})
    assert (detail["result"]["total"], "items" in detail["result"]) == ("360.00", False)


def test_a_batch_goes_on_after_a_failure(modern: Perfex) -> None:
    bad = {"tool": "customers_get", "arguments": {"id": 999}}
    good = {"tool": "customers_get", "arguments": {"id": 1}}
    assert [each["status"] for each in run(modern, bad, good)] == [False, True]


def test_a_batch_gives_a_payment_its_true_date(modern: Perfex) -> None:
    columns = ("amount", "paymentmode", "paymentmethod", "transactionid", "note")
    paid = modern.get("payments/1")
    data = {**{name: paid[name] for name in columns}, "date": "2026-02-27"}
    [result] = run(modern, {"tool": "payments_update", "arguments": {"id": 1, "data": data}})
    assert result["status"] is True
    assert modern.get("payments/1")["date"] == "2026-02-27"


def test_a_batch_holds_at_most_fifty_operations(modern: Perfex) -> None:
    many = [{"tool": "list_taxes", "arguments": {}}] * 51
    assert modern.call("POST", "batch", json={"operations": many}).status_code == 422


def test_an_allowed_table_is_read_and_written(modern: Perfex) -> None:
    modern.simulator.settings.custom_tables = {"tbltaxes"}
    table = "thirdparty/customtable/tbltaxes"
    taxes = modern.get(table)
    assert modern.get(f"{table}/{taxes[0]['id']}") == taxes[0]
    answer = modern.post(table, {"name": "LEVY", "taxrate": "7.50"})
    assert (answer.status_code, answer.json()["status"]) == (201, True)
    done(modern.call("DELETE", f"{table}/{answer.json()['id']}"))
    assert modern.get(table) == taxes


def test_a_table_that_is_not_allowed_is_refused(modern: Perfex) -> None:
    answer = modern.call("GET", "thirdparty/customtable/tblstaff")
    assert answer.status_code == {"3.0.3": 404, "3.1.0": 403}[modern.simulator.site.version.number]


def test_payments_are_changed_and_deleted_only_where_the_documents_say_so(site: Site) -> None:
    observed, documented = site("3.0.3"), site("3.1.0")
    assert observed.put("payments/1", {"amount": "1.00"}).status_code == 405
    assert observed.call("DELETE", "payments/1").status_code == 405
    done(documented.put("payments/1", {"amount": "1.00"}))
    assert documented.get("payments/1")["amount"] == "1.00"
    done(documented.call("DELETE", "payments/1"))


# --- 2.0.8 -------------------------------------------------------------------------------------


def test_creations_of_208_tell_no_id(old: Perfex) -> None:
    answers = [
        old.post("customers", {"company": "Quay & Sons"}),
        old.post("contacts", {"customer_id": "1", **CONTACT}),
        old.post("invoices", invoice_form(1, 118)),
    ]
    for answer in answers:
        done(answer)
        assert "record_id" not in answer.json()


def test_changes_of_208_are_json(old: Perfex) -> None:
    done(old.put("customers/1", {"company": "Northwind Ltd"}))
    assert old.call("PUT", "customers/1", data={"company": "N"}).status_code == 406
    assert old.get("customers/1")["company"] == "Northwind Ltd"


def test_a_payment_of_208_is_recorded_without_a_word(old: Perfex) -> None:
    form = {"invoiceid": "1", "amount": "300.00", "paymentmode": "1", "note": ""}
    answer = old.post("payments", form)
    assert (answer.status_code, answer.text) == (200, "")
    assert old.get("invoices/1")["status"] == "2"


def test_lines_of_208_have_no_taxes(old: Perfex) -> None:
    shown = old.get("invoices/1")
    assert shown["total_tax"] == "60.00"
    assert "taxname" not in shown["items"][0]


@pytest.mark.parametrize("path", ["openapi", "batch"])
def test_208_neither_describes_itself_nor_takes_batches(old: Perfex, path: str) -> None:
    answer = old.call("POST" if path == "batch" else "GET", path)
    assert (answer.status_code, "text/html" in answer.headers["Content-Type"]) == (404, True)


def test_an_invoice_with_two_taxes_on_a_line_is_read(any_release: Perfex) -> None:
    key = any_release.invoice(customer=1, lines=[line("B", "3.00", "33.33", VAT, "ECO|2.50")])
    assert any_release.get(f"invoices/{key}")["total_tax"] == "22.50"
