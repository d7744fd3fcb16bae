"""Credit notes: what the REST module shows and takes, and what only staff can do."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.perfex.conftest import Serve
from tests.simulator.perfex.site import VAT, Perfex, line, new_line
from xero_bridge.simulator.perfex.credit_staff import CreditStaff


def note_form(customer: int, number: int | str = 1, **changes: str) -> dict[str, str]:
    """The form fields of a credit note of 100.00 with VAT."""
    return {
        "clientid": str(customer),
        "number": str(number),
        "date": "2026-03-02",
        "currency": "2",
        "billing_street": "12 Mill Lane",
        "discount_type": "",
        "subtotal": "100.00",
        "total": "120.00",
        "newitems[0][description]": "Return A",
        "newitems[0][long_description]": "",
        "newitems[0][qty]": "1.00",
        "newitems[0][rate]": "100.00",
        "newitems[0][unit]": "",
        "newitems[0][order]": "1",
        "newitems[0][taxname][]": VAT,
        **changes,
    }


def edit(detail: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The JSON that replaces all lines of a credit note in the way that works everywhere."""
    kept = ("clientid", "number", "date", "currency", "subtotal", "total", "billing_street")
    ids = [row["id"] for row in detail["items"]]
    first = {**new_line("x", "1.00", "1.00"), "itemid": ids[0]}
    first.pop("taxname")
    lines = {"items": [first], "removed_items": ids}
    return {**{name: detail[name] for name in kept}, **lines, **changes}


def staff(perfex: Perfex) -> CreditStaff:
    return perfex.simulator.staff.credits


def credited(perfex: Perfex) -> tuple[int, int]:
    """An open credit note of 120.00 and an invoice of 360.00 of the same customer."""
    customer = perfex.customer()
    invoice = perfex.invoice(customer=customer)
    return staff(perfex).create(customer, [line("Return A", "1", "100", VAT)]), invoice


def test_a_credit_note_shows_its_lines_without_taxes(perfex: Perfex) -> None:
    customer = perfex.customer()
    answer = perfex.post("credit_notes", note_form(customer, reference_no="RMA-3"))
    note = answer.json()["record_id"]
    detail = perfex.get(f"credit_notes/{note}")
    assert (detail["total"], detail["total_tax"], detail["status"]) == ("120.00", "20.00", "1")
    assert (detail["formatted_number"], detail["reference_no"]) == ("CN-000001", "RMA-3")
    assert detail["remaining_credits"] == "120.00"
    assert (detail["credits_used"], detail["total_refunds"]) == (None, None)
    (shown,) = detail["items"]
    assert (shown["description"], shown["rel_type"]) == ("Return A", "credit_note")
    assert "taxname" not in shown
    assert detail["client"]["company"] == "Northwind Trading Ltd"


def test_lists_have_headers_with_the_currency_only(perfex: Perfex) -> None:
    assert perfex.call("GET", "credit_notes").status_code == 404
    credited(perfex)
    (row,) = perfex.get("credit_notes")
    assert row["currency_name"] == "GBP"
    assert "items" not in row
    assert perfex.get("credit_notes?page=1")["meta"]["total"] == 1


def test_the_old_module_tells_no_id_and_has_no_display_number(old: Perfex) -> None:
    old.simulator.settings.formatted_numbers = False
    answer = old.post("credit_notes", note_form(old.customer()))
    assert answer.json() == {"status": True, "message": "Credit Note Added Successfully"}
    (row,) = old.get("credit_notes")
    assert "formatted_number" not in row


@pytest.mark.parametrize("release", ["2.0.8", "3.0.3", "3.1.0"])
def test_a_number_is_used_once_a_year(serve: Serve, release: str) -> None:
    site = serve(release)
    customer = site.customer()
    assert site.post("credit_notes", note_form(customer, 7)).ok
    again = site.post("credit_notes", note_form(customer, "007"))
    assert again.status_code == (422 if release == "3.1.0" else 404)
    assert "already in use" in again.json()["message"]
    assert site.post("credit_notes", note_form(customer, 7, date="2027-01-01")).ok


def test_what_is_needed_is_named(perfex: Perfex, documented: Perfex) -> None:
    answer = perfex.post("credit_notes", note_form(1, total="120", date=""))
    assert answer.status_code == 404
    assert answer.json()["error"].keys() == {"total", "date"}
    street = documented.post("credit_notes", note_form(1, billing_street=""))
    assert street.json()["errors"].keys() == {"billing_street"}


def test_lines_are_replaced_by_removing_all_and_adding_all(perfex: Perfex) -> None:
    note, _ = credited(perfex)
    body = edit(perfex.get(f"credit_notes/{note}"), total="60.00", subtotal="50.00")
    body["newitems"] = [new_line("Half", "1.00", "50.00", VAT)]
    assert perfex.put(f"credit_notes/{note}", body).ok
    detail = perfex.get(f"credit_notes/{note}")
    assert [row["description"] for row in detail["items"]] == ["Half"]
    assert (detail["total"], detail["total_tax"]) == ("60.00", "10.00")


def test_303_duplicates_lines_that_are_only_edited(perfex: Perfex) -> None:
    note, _ = credited(perfex)
    detail = perfex.get(f"credit_notes/{note}")
    edited = {**new_line("Return A", "1.00", "100.00", VAT), "itemid": detail["items"][0]["id"]}
    body = {**edit(detail), "items": [edited]}
    del body["removed_items"]
    assert perfex.put(f"credit_notes/{note}", body).ok
    assert len(perfex.get(f"credit_notes/{note}")["items"]) == 2


def test_a_form_is_not_taken_by_put_and_a_missing_record_is_not_changed(perfex: Perfex) -> None:
    note, _ = credited(perfex)
    assert perfex.call("PUT", f"credit_notes/{note}", data={"number": "1"}).status_code == 406
    assert perfex.call("PUT", f"credit_notes/{note}").status_code == 406
    assert perfex.put("credit_notes/99", {"number": "1"}).status_code == 404
    assert perfex.put(f"credit_notes/{note}", {"number": "1"}).status_code == 409


def test_an_applied_credit_pays_a_part_of_the_invoice(perfex: Perfex) -> None:
    note, invoice = credited(perfex)
    applied = staff(perfex).apply(note, invoice, "70.00")
    detail = perfex.get(f"credit_notes/{note}")
    assert (detail["credits_used"], detail["remaining_credits"]) == ("70.00", "50.00")
    (row,) = detail["applied_credits"]
    assert (row["id"], row["invoice_id"], row["amount"]) == (str(applied), str(invoice), "70.00")
    shown = perfex.get(f"invoices/{invoice}")
    assert (shown["total_left_to_pay"], shown["status"]) == ("290.00", "3")
    staff(perfex).take_back(applied)
    assert perfex.get(f"invoices/{invoice}")["total_left_to_pay"] == "360.00"


def test_a_credit_note_that_is_used_up_is_closed_and_opens_again(perfex: Perfex) -> None:
    note, invoice = credited(perfex)
    staff(perfex).apply(note, invoice, "70.00")
    refund = staff(perfex).refund(note, "50.00")
    detail = perfex.get(f"credit_notes/{note}")
    assert (detail["status"], detail["total_refunds"]) == ("2", "50.00")
    assert detail["refunds"][0]["payment_mode_name"] == "Bank"
    staff(perfex).delete_refund(refund)
    assert perfex.get(f"credit_notes/{note}")["status"] == "1"


def test_staff_cannot_apply_more_than_is_left_or_to_a_paid_invoice(perfex: Perfex) -> None:
    note, invoice = credited(perfex)
    with pytest.raises(ValueError, match=r"less than 121\.00"):
        staff(perfex).apply(note, invoice, "121.00")
    perfex.simulator.staff.record_payment(invoice, "360.00")
    with pytest.raises(ValueError, match="takes no credits"):
        staff(perfex).apply(note, invoice, "1.00")


def test_a_void_credit_note_stays_void(perfex: Perfex) -> None:
    note, _ = credited(perfex)
    staff(perfex).void(note)
    staff(perfex).edit(note, [line("Return A", "1", "50", VAT)])
    detail = perfex.get(f"credit_notes/{note}")
    assert (detail["status"], detail["total"]) == ("3", "60.00")


def test_an_applied_credit_note_is_not_deleted_but_a_deleted_invoice_frees_it(
    perfex: Perfex,
) -> None:
    note, invoice = credited(perfex)
    staff(perfex).apply(note, invoice, "120.00")
    assert perfex.get(f"credit_notes/{note}")["status"] == "2"
    assert perfex.call("DELETE", f"credit_notes/{note}").status_code == 404
    assert perfex.call("DELETE", f"invoices/{invoice}").ok
    assert perfex.get(f"credit_notes/{note}")["status"] == "1"
    staff(perfex).refund(note, "10.00")
    assert perfex.call("DELETE", f"credit_notes/{note}").ok
    assert perfex.call("GET", f"credit_notes/{note}").status_code == 404


def test_a_search_shows_the_customers_columns_over_those_of_the_note(perfex: Perfex) -> None:
    note, _ = credited(perfex)
    (found,) = perfex.get("credit_notes/search/CN-000001")
    assert (found["credit_note_id"], found["company"]) == (str(note), "Northwind Trading Ltd")
    assert perfex.get("credit_notes/search/northwind")
    assert perfex.call("GET", "credit_notes/search/nobody").status_code == 404


def test_what_staff_ask_of_a_note_that_is_not_there_is_an_error(perfex: Perfex) -> None:
    for act in (
        lambda: staff(perfex).void(9),
        lambda: staff(perfex).take_back(9),
        lambda: staff(perfex).refund(9, "1.00"),
    ):
        with pytest.raises(LookupError, match="There is no"):
            act()


def test_a_batch_reads_raw_credit_notes(perfex: Perfex) -> None:
    note, _ = credited(perfex)
    operations = [{"tool": "credit_notes_get", "arguments": {"id": note}}]
    answer = perfex.call("POST", "batch", json={"operations": operations}).json()
    row = answer["results"][0]["result"]
    assert row["number"] == "1"
    assert "items" not in row


def test_an_unknown_column_fails_the_create(perfex: Perfex) -> None:
    answer = perfex.post("credit_notes", note_form(perfex.customer(), surprise="1"))
    assert answer.status_code == 404
    assert answer.json()["message"] == "Credit Note Add Fail"


@pytest.mark.beyond_description
def test_310_takes_items_for_new_ones_and_drops_what_it_does_not_know(documented: Perfex) -> None:
    form = note_form(documented.customer(), surprise="1")
    form = {name.replace("newitems", "items"): value for name, value in form.items()}
    answer = documented.post("credit_notes", form)
    assert answer.status_code == 201, answer.text
    note = answer.json()["record_id"]
    detail = documented.get(f"credit_notes/{note}")
    assert [row["description"] for row in detail["items"]] == ["Return A"]
    body = edit(detail, surprise="1", newitems=[new_line("Half", "1.00", "50.00", VAT)])
    assert documented.put(f"credit_notes/{note}", body).ok
    assert documented.get(f"credit_notes/{note}")["items"][0]["description"] == "Half"


def test_a_refused_header_still_writes_its_lines(perfex: Perfex) -> None:
    note, _ = credited(perfex)
    body = edit(perfex.get(f"credit_notes/{note}"), surprise="1", subtotal="50.00", total="60.00")
    body["newitems"] = [new_line("Half", "1.00", "50.00", VAT)]
    assert perfex.put(f"credit_notes/{note}", body).ok
    detail = perfex.get(f"credit_notes/{note}")
    assert ([row["description"] for row in detail["items"]], detail["total"]) == (
        ["Half"],
        "120.00",
    )
    perfex.simulator.settings.sql_debug = True
    answer = perfex.put(f"credit_notes/{note}", body)
    assert answer.status_code == 500
    assert "Unknown column" in answer.text
