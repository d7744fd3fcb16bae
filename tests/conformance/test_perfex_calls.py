"""The module's documented calls work with the Perfex stand-in, in each of its releases."""

from typing import Any

import pytest

from tests.conformance.perfex_calls import CONTACT, RESOURCES, done, made, refusal, rows
from tests.simulator.perfex.site import (
    VAT,
    Perfex,
    edit_body,
    edited_line,
    invoice_form,
    new_line,
)

# --- reading, in every release -----------------------------------------------------------------


@pytest.mark.parametrize("resource", RESOURCES)
def test_each_resource_is_listed(any_release: Perfex, resource: str) -> None:
    assert len(rows(any_release.get(resource))) == 1


@pytest.mark.parametrize("resource", RESOURCES)
def test_each_resource_is_read_one_by_one(any_release: Perfex, resource: str) -> None:
    assert any_release.get(f"{resource}/1")


@pytest.mark.parametrize(
    ("resource", "term"),
    [("customers", "North"), ("items", "Consult"), ("invoices", "1"), ("payments", "60.00")],
)
def test_each_resource_is_searched(any_release: Perfex, resource: str, term: str) -> None:
    assert len(any_release.get(f"{resource}/search/{term}")) == 1


@pytest.mark.parametrize("resource", RESOURCES)
def test_what_is_missing_is_a_404_that_says_no_data(any_release: Perfex, resource: str) -> None:
    assert refusal(any_release.call("GET", f"{resource}/999")) == "404 No data were found"


@pytest.mark.parametrize("kind", ["tax_data", "payment_mode", "expense_category"])
def test_the_small_lists_are_there(any_release: Perfex, kind: str) -> None:
    assert {"id", "name"} <= any_release.get(f"common/{kind}")[0].keys()


def test_contacts_are_read_by_customer(any_release: Perfex) -> None:
    contact = any_release.contact(1)
    assert [row["id"] for row in any_release.get("contacts/1")] == [str(contact)]
    assert any_release.get(f"contacts/1/{contact}")["email"] == "ann@northwind.example"
    assert any_release.get("contacts/search/northwind.example")


def test_custom_fields_are_defined_and_filled(any_release: Perfex) -> None:
    staff = any_release.simulator.staff
    field = staff.create("customfields", fieldto="customers", name="Xero ID", type="input")
    staff.set_custom_field("customers", 1, field, "abc")
    [defined] = any_release.get("custom_fields/customers")
    assert defined["field_name"] == f"custom_fields[customers][{field}]"
    assert any_release.get("custom_fields/customers/1")[0]["value"] == "abc"
    assert any_release.get("customers/1")["customfields"] == [{"label": "Xero ID", "value": "abc"}]
    assert refusal(any_release.call("GET", "custom_fields/lamps")) == "404 Not valid data"


# --- writing, where creations tell the new id --------------------------------------------------


def test_a_customer_is_created_changed_and_deleted(modern: Perfex) -> None:
    form = {"company": "Quay & Sons", "vat": "GB1", "billing_street": "1 Quay", "groups_in[0]": "1"}
    key = made(modern.post("customers", form))
    done(modern.put(f"customers/{key}", {"company": "Quay Ltd", "country": "235"}))
    shown = modern.get(f"customers/{key}")
    assert (shown["company"], shown["country"], shown["default_currency"]) == (
        "Quay Ltd",
        "235",
        "0",
    )
    done(modern.call("DELETE", f"customers/{key}"))
    assert refusal(modern.call("GET", f"customers/{key}")) == "404 No data were found"


def test_a_customer_with_invoices_stays(modern: Perfex) -> None:
    answer = modern.call("DELETE", "customers/1")
    assert (answer.status_code, answer.json()["status"]) == (404, False)


def test_a_contact_is_created_changed_and_deleted(modern: Perfex) -> None:
    key = made(modern.post("contacts", {"customer_id": "1", **CONTACT}))
    assert modern.simulator.outbox == []
    changed = {"firstname": "Anna", "lastname": "Lee", "email": "anna@northwind.example"}
    done(modern.put(f"contacts/{key}", changed))
    assert modern.get(f"contacts/1/{key}")["firstname"] == "Anna"
    done(modern.call("DELETE", f"contacts/{key}"))


def test_an_address_is_used_by_one_contact(modern: Perfex) -> None:
    made(modern.post("contacts", {"customer_id": "1", **CONTACT}))
    again = modern.post("contacts", {"customer_id": "1", **CONTACT})
    assert (again.status_code, again.json()["status"]) == (
        (422 if modern.simulator.site.version.number == "3.1.0" else 409),
        False,
    )


def test_an_item_is_created_changed_and_deleted(modern: Perfex) -> None:
    answer = modern.post("items", {"description": "Oak", "rate": "38.50", "unit": "pc", "tax": "1"})
    key = made(answer)
    assert answer.json()["item_id"] == key
    done(modern.put(f"items/{key}", {"rate": "39.00"}))
    shown = modern.get(f"items/{key}")
    assert (shown["description"], shown["rate"], shown["taxname"]) == ("Oak", "39.00", "VAT")
    done(modern.call("DELETE", f"items/{key}"))


def test_an_invoice_is_created_with_its_taxes(modern: Perfex) -> None:
    key = made(modern.post("invoices", invoice_form(1, 118)))
    shown = modern.get(f"invoices/{key}")
    assert (shown["number"], shown["total"], shown["total_tax"]) == ("118", "360.00", "60.00")
    assert (shown["items"][0]["taxname"], shown["items"][0]["taxrate"]) == (["VAT"], ["20.00"])
    assert modern.simulator.outbox == []


def test_an_invoice_is_created_from_json(modern: Perfex) -> None:
    body = {
        "clientid": 1,
        "number": 119,
        "date": "2026-03-01",
        "currency": 2,
        "allowed_payment_modes": ["1"],
        "billing_street": "12 Mill Lane",
        "subtotal": "300.00",
        "total": "360.00",
        "newitems": [new_line("A", "2.00", "150.00", VAT)],
    }
    assert modern.get(f"invoices/{made(modern.call('POST', 'invoices', json=body))}")["items"]


def test_an_invoice_gets_new_lines_for_its_old_ones(modern: Perfex) -> None:
    shown = modern.get("invoices/1")
    kept = [edited_line(old) for old in shown["items"]]
    for old in kept:
        del old["taxname"]
    change = edit_body(
        shown,
        items=kept,
        newitems=[new_line("B", "1.00", "100.00", VAT)],
        removed_items=[old["id"] for old in shown["items"]],
        subtotal="100.00",
        total="120.00",
    )
    done(modern.put("invoices/1", change))
    after = modern.get("invoices/1")
    assert [(new["description"], new["rate"]) for new in after["items"]] == [("B", "100.00")]
    assert (after["total"], after["total_tax"]) == ("120.00", "20.00")


def test_an_invoice_is_sent_and_deleted(modern: Perfex) -> None:
    modern.contact(1)
    assert modern.call("POST", "invoices/1/send").json()["status"] is True
    assert len(modern.simulator.outbox) == 1
    done(modern.call("DELETE", "invoices/1"))
    assert refusal(modern.call("GET", "invoices/1")) == "404 No data were found"


def test_a_payment_is_recorded_and_settles_the_invoice(modern: Perfex) -> None:
    form = {"invoiceid": "1", "amount": "300.00", "paymentmode": "1", "note": ""}
    key = made(modern.post("payments", {**form, "transactionid": "PX-XP-1"}))
    shown = modern.get(f"payments/{key}")
    assert (shown["paymentid"], shown["transactionid"]) == (str(key), "PX-XP-1")
    assert modern.get("invoices/1")["status"] == "2"


def test_a_number_is_used_once_a_year(modern: Perfex) -> None:
    made(modern.post("invoices", invoice_form(1, 118)))
    assert "already in use" in modern.post("invoices", invoice_form(1, 118)).text


def test_a_key_creates_once(modern: Perfex) -> None:
    form = {"description": "Oak", "rate": "38.50"}
    asked: dict[str, Any] = {"data": form, "headers": {"Idempotency-Key": "k-1"}}
    first, second = (modern.call("POST", "items", **asked) for _ in range(2))
    assert made(first) == made(second)
    assert second.headers["Idempotency-Replayed"] == "true"
