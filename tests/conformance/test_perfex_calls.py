"""The module's documented calls work with the Perfex stand-in, in each of its releases."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from tests.simulator.perfex.site import (
    VAT,
    Perfex,
    edit_body,
    edited_line,
    invoice_form,
    line,
    new_line,
)
from xero_bridge.simulator.common import Server, SimClock
from xero_bridge.simulator.perfex import create_perfex

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
MODERN = ["3.0.3", "3.1.0"]
RELEASES = ["2.0.8", *MODERN]
RESOURCES = ["customers", "items", "invoices", "payments"]
CONTACT = {
    "firstname": "Ann",
    "lastname": "Lee",
    "email": "ann@northwind.example",
    "password": "a-long-one",
    "donotsendwelcomeemail": "on",
}

Site = Callable[[str], Perfex]


@pytest.fixture
def site() -> Iterator[Site]:
    """A fresh site of the wanted release, with a customer, an item, an invoice and a payment."""
    with requests.Session() as session:
        servers: list[Server] = []

        def start(release: str) -> Perfex:
            simulator = create_perfex(release, clock=SimClock(NOON))
            servers.append(Server(simulator.wsgi))
            perfex = Perfex(simulator, servers[-1].url, session)
            invoice = perfex.invoice()
            simulator.staff.create_item("Consulting hour", "95.00")
            simulator.staff.record_payment(invoice, "60.00")
            simulator.outbox.clear()
            return perfex

        yield start
        for server in servers:
            server.stop()


@pytest.fixture(params=RELEASES)
def any_release(site: Site, request: pytest.FixtureRequest) -> Perfex:
    return site(request.param)


@pytest.fixture(params=MODERN)
def modern(site: Site, request: pytest.FixtureRequest) -> Perfex:
    return site(request.param)


@pytest.fixture
def old(site: Site) -> Perfex:
    return site("2.0.8")


def made(answer: requests.Response) -> int:
    """The id of a record that a modern release created."""
    assert answer.status_code in (200, 201), answer.text
    content = answer.json()
    assert content["status"] is True
    return int(content["record_id"])


def done(answer: requests.Response) -> None:
    assert (answer.status_code, answer.json()["status"]) == (200, True), answer.text


def rows(content: Any) -> list[dict[str, Any]]:
    """The rows of a list, in an envelope or not."""
    found = content["data"] if isinstance(content, dict) else content
    return list(found)


def refusal(answer: requests.Response) -> str:
    content = answer.json()
    return f"{answer.status_code} {content.get('message', content.get('error'))}"


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


@pytest.mark.parametrize("path", ["openapi", "batch", "thirdparty/customtable/tbltaxes"])
def test_208_has_no_side_channels(old: Perfex, path: str) -> None:
    answer = old.call("POST" if path == "batch" else "GET", path)
    assert (answer.status_code, "text/html" in answer.headers["Content-Type"]) == (404, True)


def test_an_invoice_with_two_taxes_on_a_line_is_read(any_release: Perfex) -> None:
    key = any_release.invoice(customer=1, lines=[line("B", "3.00", "33.33", VAT, "ECO|2.50")])
    assert any_release.get(f"invoices/{key}")["total_tax"] == "22.50"


def run(perfex: Perfex, *operations: dict[str, Any]) -> list[dict[str, Any]]:
    """The results of a batch."""
    answer = perfex.call("POST", "batch", json={"operations": list(operations)})
    assert answer.status_code == 200, answer.text
    results: list[dict[str, Any]] = answer.json()["results"]
    return results
