"""PUT of invoices: what is reset, what is duplicated, and the patterns that work."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.perfex.site import ECO, VAT, Perfex, edit_body, edited_line, line, new_line


def two_lines(perfex: Perfex, **header: Any) -> dict[str, Any]:
    lines = [line("A", "2.00", "150.00", VAT), line("B", "3.00", "33.33", VAT, ECO)]
    detail: dict[str, Any] = perfex.get(f"invoices/{perfex.invoice(lines=lines, **header)}")
    return detail


def names(detail: dict[str, Any]) -> list[str]:
    return [line["description"] for line in detail["items"]]


@pytest.mark.beyond_description
def test_items_without_newitems_duplicate_every_line_on_303(perfex: Perfex) -> None:
    detail = two_lines(perfex)
    assert perfex.put("invoices/1", edit_body(detail)).status_code == 200
    assert sorted(names(perfex.get("invoices/1"))) == ["A", "A", "B", "B"]


@pytest.mark.beyond_description
def test_items_without_newitems_edit_the_lines_on_2x(old: Perfex) -> None:
    detail = two_lines(old)
    entries = [
        edited_line(entry, taxname=[VAT], description=entry["description"] + "!")
        for entry in detail["items"]
    ]
    assert old.put("invoices/1", edit_body(detail, items=entries)).status_code == 200
    after = old.get("invoices/1")
    assert names(after) == ["A!", "B!"]
    assert after["total_tax"] == "80.00"


def test_the_portable_pattern_replaces_all_lines_on_every_release(
    perfex: Perfex, old: Perfex, documented: Perfex
) -> None:
    for site in (perfex, old, documented):
        detail = two_lines(site)
        body = edit_body(
            detail,
            items=[edited_line(detail["items"][0], taxname=[])],
            newitems=[new_line("C", "1.00", "400.00", VAT)],
            removed_items=[entry["id"] for entry in detail["items"]],
            subtotal="400.00",
            total="480.00",
        )
        assert site.put("invoices/1", body).status_code == 200
        after = site.get("invoices/1")
        assert names(after) == ["C"]
        assert (after["total"], after["total_tax"]) == ("480.00", "80.00")


def test_adding_and_editing_in_one_call_works(perfex: Perfex) -> None:
    detail = two_lines(perfex)
    entries = [edited_line(detail["items"][0], qty="1.00")]
    added = [new_line("C", "1.00", "10.00", order=3)]
    perfex.put("invoices/1", edit_body(detail, items=entries, newitems=added))
    after = perfex.get("invoices/1")
    assert names(after) == ["A", "B", "C"]
    assert after["items"][0]["qty"] == "1.00"


def test_an_edited_line_without_taxname_loses_its_taxes(perfex: Perfex) -> None:
    detail = two_lines(perfex)
    entry = edited_line(detail["items"][0])
    del entry["taxname"]
    added = [new_line("C", "1.00", "10.00", order=3)]
    perfex.put("invoices/1", edit_body(detail, items=[entry], newitems=added))
    assert [entry["taxname"] for entry in perfex.get("invoices/1")["items"]] == [
        [],
        ["VAT", "ECO"],
        [],
    ]


def test_what_the_header_does_not_name_is_reset(perfex: Perfex) -> None:
    detail = two_lines(perfex, adjustment="-0.50", recurring="3", clientnote="stays")
    body = edit_body(detail, newitems=[new_line("C", "1.00", "1.00")])
    del body["duedate"]
    perfex.put("invoices/1", body)
    after = perfex.get("invoices/1")
    assert after["duedate"] is None
    assert (after["adjustment"], after["recurring"]) == ("0.00", "0")
    assert after["clientnote"] == "stays"
    assert after["cancel_overdue_reminders"] == "0"


def test_reminders_are_cancelled_by_any_value(perfex: Perfex) -> None:
    detail = two_lines(perfex)
    body = edit_body(detail, newitems=[new_line("C", "1.00", "1.00")])
    perfex.put("invoices/1", {**body, "cancel_overdue_reminders": "0"})
    assert perfex.get("invoices/1")["cancel_overdue_reminders"] == "1"


@pytest.mark.beyond_description
def test_a_put_that_changes_nothing_is_a_404(old: Perfex) -> None:
    detail = two_lines(old)
    entries = [edited_line(detail["items"][0], itemid="999")]
    body = edit_body(detail, items=entries)
    answer = old.put("invoices/1", body)
    answer = old.put("invoices/1", body)
    assert (answer.status_code, answer.json()["message"]) == (404, "Invoice Update Fail")


def test_missing_fields_are_a_409(perfex: Perfex, documented: Perfex) -> None:
    body = edit_body(two_lines(perfex))
    del body["items"]
    refused = perfex.put("invoices/1", body)
    assert (refused.status_code, list(refused.json()["error"])) == (409, ["items"])
    refused = documented.put("invoices/1", edit_body(two_lines(documented)))
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["newitems"])


def test_a_form_or_nothing_on_put_is_a_406(perfex: Perfex) -> None:
    two_lines(perfex)
    assert perfex.call("PUT", "invoices/1", data={"number": "1"}).status_code == 406
    assert perfex.call("PUT", "invoices/1").status_code == 406


def test_lines_are_written_even_when_the_header_is_refused(perfex: Perfex) -> None:
    detail = two_lines(perfex)
    body = edit_body(detail, newitems=[new_line("C", "1.00", "1.00", order=3)], clientnote="new")
    perfex.put("invoices/1", {**body, "reference": "no such column"})
    after = perfex.get("invoices/1")
    assert names(after) == ["A", "B", "C"]
    assert after["clientnote"] != "new"


@pytest.mark.beyond_description
def test_a_put_of_custom_fields_only_is_safe(perfex: Perfex) -> None:
    perfex.simulator.staff.create("customfields", fieldto="invoice", name="Xero ID", type="input")
    before = two_lines(perfex)
    body = {"custom_fields": {"invoice": {"1": "abc"}}}
    assert perfex.put("invoices/1", body).status_code == 200
    after = perfex.get("invoices/1")
    assert after["customfields"][0]["value"] == "abc"
    assert {**after, "customfields": before["customfields"]} == before


def test_status_five_is_stored_and_kept(perfex: Perfex) -> None:
    detail = two_lines(perfex)
    body = edit_body(detail, newitems=[new_line("C", "1.00", "1.00")])
    perfex.put("invoices/1", {**body, "status": "5"})
    assert perfex.get("invoices/1")["status"] == "5"
    perfex.simulator.staff.record_payment(1, "1.00")
    assert perfex.get("invoices/1")["status"] == "5"


def test_a_put_may_be_sent_as_a_post_with_an_override(perfex: Perfex) -> None:
    customer = perfex.customer()
    header = {"X-HTTP-Method-Override": "PUT"}
    body = {"company": "Renamed"}
    answer = perfex.call("POST", f"customers/{customer}", json=body, headers=header)
    assert answer.json()["message"] == "Customers Update Successful."


def test_moving_an_invoice_to_a_year_where_its_number_is_taken_is_refused(perfex: Perfex) -> None:
    detail = two_lines(perfex, number=7)
    perfex.invoice(number=7, date="2025-05-05")
    body = edit_body(detail, newitems=[new_line("C", "1.00", "1.00")], date="2025-06-01")
    assert "already in use" in perfex.put("invoices/1", body).json()["error"]["number"]
