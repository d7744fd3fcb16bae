"""Invoices through the REST module: reading, creating, numbers, stored totals, status."""

from __future__ import annotations

import pytest

from tests.simulator.perfex.site import ECO, VAT, Perfex, invoice_form, line


def test_a_created_invoice_is_stored_with_the_totals_it_was_sent(perfex: Perfex) -> None:
    form = invoice_form(perfex.customer(), total="359.00")
    assert perfex.post("invoices", form).json() == {
        "status": True,
        "message": "Invoice Added Successfully",
        "record_id": 1,
    }
    detail = perfex.get("invoices/1")
    assert (detail["subtotal"], detail["total"], detail["total_tax"]) == (
        "300.00",
        "359.00",
        "60.00",
    )
    assert detail["formatted_number"] == "INV-000001"
    assert detail["items"][0]["taxname"] == ["VAT"]
    assert detail["items"][0]["taxrate"] == ["20.00"]
    assert detail["total_left_to_pay"] == "359.00"


def test_the_list_shows_no_lines_and_no_payments_but_the_currency(perfex: Perfex) -> None:
    perfex.invoice()
    (row,) = perfex.get("invoices")["data"]
    assert not {"items", "payments", "client", "total_left_to_pay"} & set(row)
    assert (row["name"], row["symbol"], row["currency"], row["currencyid"]) == (
        "GBP",
        "£",
        "2",
        "2",
    )


def test_2x_shows_neither_line_taxes_nor_a_display_number(old: Perfex) -> None:
    old.post("invoices", invoice_form(old.customer()))
    detail = old.get("invoices/1")
    assert detail["total_tax"] == "60.00"
    assert "formatted_number" not in detail
    assert not {"taxname", "taxrate"} & set(detail["items"][0])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"subtotal": "300"}, "subtotal"),
        ({"total": "0.00"}, "total"),
        ({"total": "-5.00"}, "total"),
        ({"billing_street": ""}, "billing_street"),
        ({"number": "x"}, "number"),
    ],
)
def test_bad_fields_are_a_404_that_names_them(
    perfex: Perfex, change: dict[str, str], field: str
) -> None:
    answer = perfex.post("invoices", {**invoice_form(perfex.customer()), **change})
    assert answer.status_code == 404
    assert list(answer.json()["error"]) == [field]
    assert answer.json()["message"].startswith("<p>")


def test_a_json_number_without_cents_loses_its_point_and_is_refused(perfex: Perfex) -> None:
    form = invoice_form(perfex.customer())
    lines = [{"description": "A", "qty": "1.00", "rate": "236.00", "order": "1"}]
    body = {key: value for key, value in form.items() if "[" not in key}
    body |= {"newitems": lines, "allowed_payment_modes": ["1"]}  # type: ignore[dict-item]
    refused = perfex.call("POST", "invoices", json={**body, "subtotal": 236.0, "total": 236.0})
    assert set(refused.json()["error"]) == {"subtotal", "total"}
    taken = perfex.call("POST", "invoices", json={**body, "subtotal": "236.00", "total": "236.00"})
    assert taken.status_code == 200


def test_an_unknown_header_key_makes_the_insert_fail(perfex: Perfex) -> None:
    form = invoice_form(perfex.customer(), reference="x")
    answer = perfex.post("invoices", form)
    assert (answer.status_code, answer.json()["message"]) == (404, "Invoice Add Fail")
    assert perfex.simulator.rows("itemable") == []
    perfex.simulator.settings.sql_debug = True
    page = perfex.post("invoices", form)
    assert page.status_code == 500
    assert "A Database Error Occurred" in page.text


@pytest.mark.beyond_description
def test_310_drops_unknown_keys_and_computes_missing_totals_wrongly(documented: Perfex) -> None:
    form = invoice_form(documented.customer(), reference="x", discount_percent="10.00")
    form |= {"discount_type": "before_tax", "discount_total": "30.00"}
    del form["subtotal"], form["total"]
    assert documented.post("invoices", form).status_code == 201
    detail = documented.get("invoices/1")
    assert (detail["total"], detail["total_tax"]) == ("330.00", "54.00")


def test_a_number_is_unique_within_the_year_of_its_date(perfex: Perfex) -> None:
    customer = perfex.customer()
    perfex.post("invoices", invoice_form(customer, 7))
    again = perfex.post("invoices", invoice_form(customer, 7))
    assert "already in use" in again.json()["error"]["number"]
    padded = perfex.post("invoices", invoice_form(customer, number="0007"))
    assert padded.status_code == 404
    earlier = perfex.post("invoices", invoice_form(customer, 7, date="2025-12-31"))
    assert earlier.status_code == 200


def test_every_added_invoice_raises_the_next_number_by_one(perfex: Perfex) -> None:
    customer = perfex.customer()
    perfex.post("invoices", invoice_form(customer, 500))
    assert perfex.simulator.site.option("next_invoice_number", "") == "2"


@pytest.mark.parametrize(
    ("style", "shown"),
    [(1, "INV-000007"), (2, "INV-2026/000007"), (3, "INV-000007-26"), (4, "INV-000007/03/2026")],
)
def test_numbers_are_shown_in_four_formats(perfex: Perfex, style: int, shown: str) -> None:
    perfex.simulator.settings.number_format = style
    perfex.post("invoices", invoice_form(perfex.customer(), 7))
    assert perfex.get("invoices/1")["formatted_number"] == shown


def test_a_draft_is_numbered_when_it_is_first_paid(perfex: Perfex) -> None:
    perfex.post("invoices", invoice_form(perfex.customer(), 3, save_as_draft="1"))
    draft = perfex.get("invoices/1")
    assert (draft["status"], draft["number"]) == ("6", "1000000000")
    assert draft["formatted_number"] == "INV-DRAFT"
    perfex.post("payments", {"invoiceid": "1", "amount": "360.00", "paymentmode": "1"})
    paid = perfex.get("invoices/1")
    assert (paid["status"], paid["formatted_number"]) == ("2", "INV-000001")


def test_a_tax_text_without_a_rate_is_silently_no_tax(perfex: Perfex) -> None:
    form = {**invoice_form(perfex.customer()), "newitems[0][taxname][]": "VAT"}
    perfex.post("invoices", form)
    assert perfex.get("invoices/1")["items"][0]["taxname"] == []


def test_shipping_is_dropped_without_its_flag_and_a_zero_flag_counts(perfex: Perfex) -> None:
    customer = perfex.customer()
    perfex.post("invoices", invoice_form(customer, 1, shipping_city="Hull"))
    flagged = invoice_form(customer, 2, shipping_city="Hull", include_shipping="0")
    perfex.post("invoices", flagged)
    assert perfex.get("invoices/1")["shipping_city"] is None
    assert perfex.get("invoices/2")["shipping_city"] == "Hull"
    assert perfex.get("invoices/2")["include_shipping"] == "1"


def test_notes_get_html_breaks_and_modes_are_serialised(perfex: Perfex) -> None:
    form = invoice_form(perfex.customer(), adminnote="a\nb")
    perfex.post("invoices", {**form, "allowed_payment_modes[1]": "stripe"})
    detail = perfex.get("invoices/1")
    assert detail["adminnote"] == "a<br />\nb"
    assert detail["allowed_payment_modes"] == 'a:2:{i:0;s:1:"1";i:1;s:6:"stripe";}'


def test_an_unpaid_invoice_past_its_due_date_is_overdue_and_a_part_paid_one_is_not(
    perfex: Perfex,
) -> None:
    late = perfex.invoice(duedate="2026-03-09")
    assert perfex.get(f"invoices/{late}")["status"] == "4"
    perfex.simulator.staff.record_payment(late, "1.00")
    assert perfex.get(f"invoices/{late}")["status"] == "3"


def test_the_nightly_work_makes_invoices_overdue(perfex: Perfex) -> None:
    invoice = perfex.invoice(duedate="2026-03-11")
    perfex.simulator.clock.move(days=2)
    assert perfex.get(f"invoices/{invoice}")["status"] == "1"
    perfex.simulator.staff.run_cron()
    assert perfex.get(f"invoices/{invoice}")["status"] == "4"


def test_an_invoice_of_zero_entered_by_staff_counts_as_paid(perfex: Perfex) -> None:
    invoice = perfex.invoice(lines=[line("Gift", "1.00", "0.00", VAT)])
    assert perfex.get(f"invoices/{invoice}")["status"] == "2"


def test_a_copied_invoice_takes_the_notes_along_and_a_new_number(perfex: Perfex) -> None:
    lines = [line("B", "3.00", "33.33", VAT, ECO)]
    invoice = perfex.invoice(lines=lines, adminnote="Xero: 123", discount_type="before_tax")
    copy = perfex.simulator.staff.copy_invoice(invoice)
    first, second = perfex.get(f"invoices/{invoice}"), perfex.get(f"invoices/{copy}")
    assert second["adminnote"] == first["adminnote"] == "Xero: 123"
    assert second["number"] == "2"
    assert second["total"] == first["total"]
    assert second["hash"] != first["hash"]
    assert second["items"][0]["taxname"] == ["VAT", "ECO"]


def test_deleting_takes_lines_and_payments_along(perfex: Perfex) -> None:
    invoice = perfex.invoice()
    perfex.simulator.staff.record_payment(invoice, "5.00")
    assert perfex.call("DELETE", f"delete/invoices/{invoice}").status_code == 200
    assert perfex.simulator.rows("itemable") == []
    assert perfex.simulator.rows("item_tax") == []
    assert perfex.simulator.rows("invoicepaymentrecords") == []


def test_deleting_may_be_allowed_for_the_last_invoice_only(perfex: Perfex) -> None:
    first, second = perfex.invoice(), perfex.invoice()
    perfex.simulator.settings.delete_only_last_invoice = True
    assert perfex.call("DELETE", f"invoices/{first}").json()["status"] is False
    assert perfex.call("DELETE", f"invoices/{second}").json()["status"] is True


def test_sending_mails_those_who_want_invoices(perfex: Perfex) -> None:
    customer = perfex.customer()
    perfex.contact(customer)
    perfex.contact(customer, "b@x.example", invoice_emails=False, primary=False)
    invoice = perfex.invoice(customer=customer)
    answer = perfex.call("POST", f"invoices/{invoice}/send").json()
    assert answer["invoice_number"] == "INV-000001"
    assert [mail.to for mail in perfex.simulator.outbox] == ["ann@northwind.example"]


def test_a_value_of_a_custom_field_is_shown_by_label_and_found_by_search(perfex: Perfex) -> None:
    perfex.simulator.staff.create("customfields", fieldto="invoice", name="PO", type="input")
    form = {**invoice_form(perfex.customer()), "custom_fields[invoice][1]": "PO-77"}
    perfex.post("invoices", form)
    assert perfex.get("invoices/1")["customfields"] == [{"label": "PO", "value": "PO-77"}]
    assert len(perfex.get("invoices/search/PO-77")) == 1


def test_a_very_long_form_loses_its_last_fields(perfex: Perfex) -> None:
    form = invoice_form(perfex.customer())
    for number in range(1, 200):
        for name, value in (("description", "x"), ("qty", "1.00"), ("rate", "1.00")):
            form[f"newitems[{number}][{name}]"] = value
        for name in ("long_description", "unit", "order"):
            form[f"newitems[{number}][{name}]"] = ""
    perfex.post("invoices", form)
    assert len(perfex.get("invoices/1")["items"]) < 200
