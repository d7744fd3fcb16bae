"""The batch and the custom tables."""

from __future__ import annotations

from typing import Any

from tests.simulator.perfex.site import Perfex


def run(perfex: Perfex, *operations: tuple[str, dict[str, Any]], **options: Any) -> dict[str, Any]:
    listed = [{"tool": tool, "arguments": arguments} for tool, arguments in operations]
    answer = perfex.call("POST", "batch", json={"operations": listed}, **options)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def result(perfex: Perfex, tool: str, **arguments: Any) -> Any:
    answer = run(perfex, (tool, arguments))
    assert answer["status"], answer
    return answer["results"][0]["result"]


def test_operations_run_in_turn_and_a_failed_one_stops_nothing(perfex: Perfex) -> None:
    answer = run(perfex, ("nonsense", {}), ("list_taxes", {}), ("invoices_get", {"id": 9}))
    assert (answer["status"], answer["completed"], answer["failed"]) == (False, 1, 2)
    assert [entry["status"] for entry in answer["results"]] == [False, True, False]
    assert answer["results"][0]["error"] == "Unknown tool: nonsense"


def test_303_reads_arguments_and_not_args(perfex: Perfex, documented: Perfex) -> None:
    perfex.customer()
    documented.customer()
    body = {"operations": [{"tool": "customers_get", "args": {"id": 1}}]}
    assert perfex.call("POST", "batch", json=body).json()["failed"] == 1
    assert documented.call("POST", "batch", json=body).json()["failed"] == 0


def test_more_than_fifty_operations_are_a_422(perfex: Perfex) -> None:
    many = [{"tool": "list_taxes", "arguments": {}}] * 51
    assert perfex.call("POST", "batch", json={"operations": many}).status_code == 422
    assert perfex.call("POST", "batch", json={"operations": []}).status_code == 422


def test_lists_are_raw_rows_paged_by_offset(perfex: Perfex) -> None:
    invoice = perfex.invoice()
    for day in range(1, 31):
        perfex.simulator.staff.record_payment(invoice, "1.00", issued=f"2026-01-{day:02d}")
    first = result(perfex, "payments_list", limit=20)
    second = result(perfex, "payments_list", limit=20, offset=20)
    assert [row["id"] for row in first + second] == [str(number) for number in range(30, 0, -1)]
    assert "paymentid" not in first[0]
    assert len(result(perfex, "payments_list")) == 25


def test_countries_are_cut_at_a_hundred_unless_more_are_asked_for(perfex: Perfex) -> None:
    for number in range(300, 360):
        perfex.simulator.staff.create("countries", country_id=number, short_name=f"Land {number}")
    assert len(result(perfex, "list_countries")) == 100
    assert len(result(perfex, "list_countries", limit=500)) == 122


def test_payment_modes_are_the_raw_table_with_inactive_ones(perfex: Perfex) -> None:
    rows = result(perfex, "list_payment_modes")
    assert [(row["name"], row["active"]) for row in rows] == [
        ("Bank", "1"),
        ("Cash", "1"),
        ("Cheque", "0"),
    ]


def test_the_server_tells_its_zone_and_version(perfex: Perfex) -> None:
    assert result(perfex, "get_current_datetime")["timezone"] == "Europe/London"
    assert result(perfex, "get_server_info")["version"] == "3.0.3"


def test_a_payment_gets_its_date_by_an_unrestricted_token_only(perfex: Perfex) -> None:
    perfex.simulator.staff.record_payment(perfex.invoice(), "360.00", transactionid="T")
    data = {
        "date": "2026-01-31",
        "amount": "360.00",
        "paymentmode": "1",
        "paymentmethod": "",
        "transactionid": "T",
        "note": "n",
    }
    result(perfex, "payments_update", id=1, data=data)
    assert perfex.get("payments/1")["date"] == "2026-01-31"
    grants = {"payments": frozenset({"get", "search_get", "post"})}
    token = perfex.simulator.add_token("restricted", permissions=grants)
    answer = run(perfex, ("payments_update", {"id": 1, "data": data}), headers={"authtoken": token})
    assert answer["results"][0]["error"] == "Permission denied: payments.put"


def test_a_payment_update_without_date_and_note_wipes_both(perfex: Perfex) -> None:
    perfex.simulator.staff.record_payment(perfex.invoice(), "10.00", note="n")
    result(perfex, "payments_update", id=1, data={"amount": "20.00"})
    row = perfex.get("payments/1")
    assert (row["date"], row["note"], row["amount"]) == ("0000-00-00", "", "20.00")


def test_a_payment_created_by_batch_moves_no_status_and_sends_no_mail(perfex: Perfex) -> None:
    invoice = perfex.invoice()
    data = {"invoiceid": invoice, "amount": "360.00", "paymentmode": "1", "date": "2026-01-01"}
    result(perfex, "payments_create", data=data)
    assert perfex.get(f"invoices/{invoice}")["status"] == "1"
    assert perfex.simulator.outbox == []


def test_batch_searches_transaction_ids_and_admin_notes(perfex: Perfex) -> None:
    perfex.simulator.staff.record_payment(
        perfex.invoice(adminnote="Xero: 77"), "1.00", transactionid="PX-9"
    )
    assert len(result(perfex, "payments_search", q="px-9")) == 1
    assert len(result(perfex, "invoices_search", q="xero: 77")) == 1


def test_an_invoice_update_by_batch_wipes_what_it_does_not_name(perfex: Perfex) -> None:
    perfex.invoice(duedate="2026-05-01")
    result(perfex, "invoices_update", id=1, data={"clientnote": "x"})
    detail = perfex.get("invoices/1")
    assert (detail["duedate"], detail["clientnote"]) == (None, "x")


def test_a_table_is_hidden_until_it_is_allowed(perfex: Perfex, documented: Perfex) -> None:
    for site, status in ((perfex, 404), (documented, 403)):
        answer = site.call("GET", "thirdparty/customtable/tbltaxes")
        assert answer.status_code == status
        assert answer.json()["message"] == "Table 'tbltaxes' does not exist"
        site.simulator.settings.custom_tables = {"tbltaxes", "staff"}
        assert len(site.get("thirdparty/customtable/tbltaxes")) == 4
        assert site.call("GET", "thirdparty/customtable/tblstaff").status_code == status


def test_an_allowed_table_without_rows_is_an_empty_array(perfex: Perfex) -> None:
    perfex.simulator.settings.custom_tables = {"item_tax", "clients"}
    assert perfex.get("thirdparty/customtable/tblitem_tax") == []
    perfex.customer()
    assert perfex.call("GET", "thirdparty/customtable/tblclients/1").status_code == 500


def test_rows_are_added_and_deleted_but_not_changed_on_303(perfex: Perfex) -> None:
    perfex.simulator.settings.custom_tables = {"tbltaxes"}
    table = "thirdparty/customtable/tbltaxes"
    added = perfex.call("POST", table, json={"name": "VAT", "taxrate": "12.50"})
    assert (added.status_code, added.json()["id"]) == (201, 5)
    assert perfex.call("POST", table, json={"nome": "VAT"}).status_code == 400
    assert perfex.put(f"{table}/5", {"name": "Other"}).status_code == 500
    assert perfex.call("DELETE", f"{table}/5").status_code == 200
    assert perfex.call("GET", f"{table}/5").json()["message"] == "Record not found"


def test_310_grants_reading_and_writing_per_table(documented: Perfex) -> None:
    documented.simulator.settings.custom_tables = {"tbltaxes"}
    token = documented.simulator.add_token(
        "tables",
        permissions={"thirdparty": frozenset({"get", "put"})},
        table_grants={"tbltaxes": frozenset({"read"})},
    )
    narrow = {"authtoken": token}
    path = "thirdparty/customtable/tbltaxes/1"
    assert documented.get(path, headers=narrow)["name"] == "VAT"
    body = {"name": "MwSt"}
    assert documented.call("PUT", path, json=body, headers=narrow).status_code == 403
    assert documented.put(path, body).status_code == 200
