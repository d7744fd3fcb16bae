"""Customers, contacts and items through the REST module."""

from __future__ import annotations

import pytest

from tests.simulator.perfex.site import Perfex

ANN = {"firstname": "Ann", "lastname": "Lee", "email": "ann@northwind.example"}


def test_a_new_customer_gets_an_id_only_in_3x(perfex: Perfex, old: Perfex) -> None:
    assert perfex.post("customers", {"company": "A"}).json()["record_id"] == 1
    assert old.post("customers", {"company": "A"}).json() == {
        "status": True,
        "message": "Client add successful.",
    }


def test_310_answers_creates_with_201(documented: Perfex) -> None:
    assert documented.post("customers", {"company": "A"}).status_code == 201


def test_2x_does_not_read_json_on_post(old: Perfex) -> None:
    answer = old.call("POST", "customers", json={"company": "A"})
    assert answer.status_code == 404
    assert answer.json()["error"] == {"company": "The company field is required."}


def test_310_reports_missing_fields_as_documented(documented: Perfex) -> None:
    answer = documented.post("customers", {"vat": "GB1"})
    assert answer.status_code == 422
    assert answer.json()["errors"] == {"company": "The company field is required."}


def test_a_put_resets_countries_currency_and_groups_that_are_not_sent(perfex: Perfex) -> None:
    customer = perfex.customer(country="235", default_currency="3", groups_in=["1"], vat="GB1")
    answer = perfex.put(f"customers/{customer}", {"company": "New name"})
    assert answer.json()["message"] == "Customers Update Successful."
    row = perfex.get(f"customers/{customer}")
    assert (row["company"], row["vat"]) == ("New name", "GB1")
    assert (row["country"], row["default_currency"]) == ("0", "0")
    assert perfex.simulator.rows("customer_groups", customer_id=customer) == []


def test_a_put_that_changes_nothing_is_a_404(perfex: Perfex) -> None:
    customer = perfex.customer("Same")
    answer = perfex.put(f"customers/{customer}", {"company": "Same"})
    assert (answer.status_code, answer.json()["message"]) == (404, "Customers Update Fail.")


@pytest.mark.beyond_description
def test_a_put_of_custom_fields_only_touches_nothing_else(perfex: Perfex) -> None:
    perfex.simulator.staff.create("customfields", fieldto="customers", name="Xero ID", type="input")
    customer = perfex.customer(country="235")
    body = {"custom_fields": {"customers": {"1": "abc"}}}
    assert perfex.put(f"customers/{customer}", body).status_code == 200
    row = perfex.get(f"customers/{customer}")
    assert row["country"] == "235"
    assert row["customfields"] == [{"label": "Xero ID", "value": "abc"}]
    fields = perfex.get(f"custom_fields/customers/{customer}")
    assert fields[0]["field_name"] == "custom_fields[customers][1]"
    assert fields[0]["value"] == "abc"


def test_a_form_on_put_is_read_by_310_only(perfex: Perfex, documented: Perfex) -> None:
    for site, status in ((perfex, 406), (documented, 200)):
        customer = site.customer()
        answer = site.call("PUT", f"customers/{customer}", data={"company": "B"})
        assert answer.status_code == status


def test_a_customer_with_invoices_is_not_deleted(perfex: Perfex) -> None:
    customer = perfex.customer()
    invoice = perfex.invoice(customer=customer)
    assert perfex.call("DELETE", f"customers/{customer}").status_code == 404
    perfex.simulator.staff.delete_invoice(invoice)
    assert perfex.call("DELETE", f"customers/{customer}").status_code == 200


def test_staff_may_delete_a_customer_and_keep_its_invoices(perfex: Perfex) -> None:
    customer = perfex.customer()
    invoice = perfex.invoice(customer=customer)
    perfex.simulator.staff.delete_customer(customer)
    detail = perfex.get(f"invoices/{invoice}")
    assert (detail["clientid"], detail["client"]) == ("0", None)
    assert detail["deleted_customer_name"] == "Northwind Trading Ltd"


def test_a_person_is_shown_by_the_name_of_the_contact(perfex: Perfex) -> None:
    customer = perfex.customer("")
    perfex.contact(customer)
    assert perfex.get(f"customers/{customer}")["company"] == "Ann Lee"


def test_the_vat_number_is_null_in_the_detail_where_the_site_asks_for_none(perfex: Perfex) -> None:
    customer = perfex.customer(vat="GB1")
    perfex.simulator.settings.company_requires_vat = False
    assert perfex.get(f"customers/{customer}")["vat"] is None
    assert perfex.get("customers")["data"][0]["vat"] == "GB1"


def test_a_street_comes_back_with_html_breaks_and_names_are_trimmed(perfex: Perfex) -> None:
    perfex.post("customers", {"company": " A ", "billing_street": "1\n2"})
    row = perfex.get("customers/1")
    assert (row["company"], row["billing_street"]) == ("A", "1<br />\n2")


def test_active_looking_text_is_altered_and_can_break_json(perfex: Perfex) -> None:
    customer = perfex.customer()
    perfex.put(f"customers/{customer}", {"company": "A <script> B"})
    assert perfex.get(f"customers/{customer}")["company"] == "A [removed] B"
    broken = perfex.put(f"customers/{customer}", {"company": "12%22 shelf"})
    assert broken.status_code == 406


def test_long_text_is_cut_to_the_column(perfex: Perfex) -> None:
    perfex.post("customers", {"company": "x" * 300})
    assert len(perfex.get("customers/1")["company"]) == 191


def test_an_unknown_key_is_dropped_on_customers(perfex: Perfex) -> None:
    assert perfex.post("customers", {"company": "A", "email": "a@b.example"}).status_code == 200


def test_contacts_are_read_by_customer_and_changed_by_contact(perfex: Perfex) -> None:
    perfex.customer("Without contacts")
    customer = perfex.customer()
    contact = perfex.contact(customer)
    rows = perfex.get(f"contacts/{customer}")
    assert [(row["id"], row["userid"]) for row in rows] == [(str(contact), str(customer))]
    assert rows[0]["password"].startswith("$2a$")
    assert perfex.get(f"contacts/{customer}/{contact}")["email"] == "ann@northwind.example"
    answer = perfex.put(f"contacts/{contact}", {**ANN, "lastname": "Leigh"})
    assert answer.status_code == 200
    assert perfex.call("DELETE", f"contacts/{contact}").status_code == 200


def test_inactive_contacts_look_deleted(perfex: Perfex) -> None:
    customer = perfex.customer()
    contact = perfex.contact(customer)
    perfex.simulator.staff.edit_contact(contact, active=0)
    assert perfex.call("GET", f"contacts/{customer}").status_code == 404


def test_all_contacts_are_listed_only_by_310(perfex: Perfex, documented: Perfex) -> None:
    for site in (perfex, documented):
        site.contact(site.customer())
    assert perfex.call("GET", "contacts").status_code == 404
    assert len(documented.get("contacts")) == 1


def test_a_new_contact_is_welcomed_by_mail_unless_told_otherwise(perfex: Perfex) -> None:
    customer = perfex.customer()
    body = {"customer_id": str(customer), **ANN, "password": "x"}
    perfex.post("contacts", body)
    assert [mail.kind for mail in perfex.simulator.outbox] == ["contact_welcome"]
    quiet = {**body, "email": "b@x.example", "donotsendwelcomeemail": "on"}
    assert perfex.post("contacts", quiet).json()["record_id"] == 2
    assert len(perfex.simulator.outbox) == 1


def test_a_flag_sent_as_zero_counts_as_set_and_one_left_out_is_cleared(perfex: Perfex) -> None:
    customer = perfex.customer()
    body = {"customer_id": str(customer), **ANN, "invoice_emails": "0", "is_primary": "1"}
    perfex.post("contacts", {**body, "donotsendwelcomeemail": "on", "permissions[0]": "1"})
    assert perfex.simulator.row("contacts", 1)["invoice_emails"] == "1"  # type: ignore[index]
    perfex.put("contacts/1", {**ANN, "title": "Boss"})
    row = perfex.simulator.row("contacts", 1)
    assert row is not None
    assert (row["invoice_emails"], row["is_primary"], row["title"]) == ("0", "0", "Boss")
    assert perfex.simulator.rows("contact_permissions", userid=1) == []


def test_an_email_address_belongs_to_one_contact(perfex: Perfex) -> None:
    customer = perfex.customer()
    perfex.contact(customer)
    body = {"customer_id": str(customer), **ANN, "email": "ANN@northwind.example"}
    answer = perfex.post("contacts", body)
    assert (answer.status_code, list(answer.json()["error"])) == (409, ["email"])


def test_passwords_are_demanded_the_other_way_round_in_2x(perfex: Perfex, old: Perfex) -> None:
    for site, without, mailed in ((perfex, 200, 409), (old, 409, 200)):
        body = {"customer_id": str(site.customer()), **ANN}
        assert site.post("contacts", body).status_code == without
        body |= {"email": "c@x.example", "send_set_password_email": "on"}
        assert site.post("contacts", body).status_code == mailed


def test_items_show_their_taxes_and_extra_prices(perfex: Perfex) -> None:
    perfex.simulator.staff.create_item("Panel", "33.33", tax=1, tax2=3, group_id=2)
    row = perfex.get("items/1")
    assert (row["itemid"], row["taxname"], row["taxrate_2"]) == ("1", "VAT", "2.50")
    assert "rate_currency_3" in row
    assert "id" not in row
    assert perfex.get("items/search/pan") == [
        {"id": "1", "rate": "33.33", "name": "(33.33) Panel", "subtext": ""}
    ]


def test_items_are_patched_in_3x(perfex: Perfex) -> None:
    created = perfex.post("items", {"description": "Panel", "rate": "33.33", "tax": "1"})
    assert created.json()["item_id"] == created.json()["record_id"] == 1
    assert perfex.put("items/1", {"rate": "35.00"}).status_code == 200
    row = perfex.get("items/1")
    assert (row["rate"], row["taxname"], row["description"]) == ("35.00", "VAT", "Panel")
    assert perfex.call("DELETE", "items/1").status_code == 200


@pytest.mark.parametrize(("method", "path"), [("POST", "items"), ("DELETE", "items/1")])
def test_items_are_read_only_in_2x(old: Perfex, method: str, path: str) -> None:
    old.simulator.staff.create_item("Panel", "33.33")
    assert old.call(method, path, data={"description": "x", "rate": "1.00"}).status_code == 405
    assert old.get("items")[0]["description"] == "Panel"
