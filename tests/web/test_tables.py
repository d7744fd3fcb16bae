"""The tables at /admin/: look, edit through the operations, and survive odd addresses."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from flask import Flask

from tests.support import postgres
from tests.web.conftest import add_people, close, opened, services_of
from tests.web.test_tasks import dirty, setting
from tests.web.visitor import Visitor, filled, read, told, words
from xero_bridge.operations import mappings

TABLES = ("mapping", "setting", "run", "action", "record", "call", "audit")
HOSTILE = (
    "?page=99999999999999999999",
    "?page=-1&page_size=100000",
    "?page=%00&sort=99&desc=7",
    "?sort=-99",
    "?search=%00%25'\"<script>",
    "?flt1_0=%00&flt0_state_equals=x&flt2_99=1",
    "?flt1_kind_equals=%00",
    "?flt0_0=;drop table run",
    "?flt1_run_id_equals=99999999999999999999999",
    "?flt1_run_id_equals=abc",
    "?flt1_dated_equals=nothing",
    "details/?id=abc",
    "details/?id=99999999999999999999999999",
    "details/?id=%00",
    "details/?id=",
    "details/",
    "edit/?id=abc",
    "edit/?id=-1",
    "nothing",
)


def row_of(page: Visitor, path: str, word: str) -> str:
    """The address behind Edit in the first row that holds the word."""
    rows = [row for row in page.soup(path).select("tbody tr, table tr") if word in row.get_text()]
    link = next(a for row in rows for a in row.select("a") if a.get_text().startswith("Edit"))
    return str(link["href"])


@pytest.mark.parametrize(("table", "odd"), list(itertools.product(TABLES, HOSTILE)))
def test_an_odd_address_never_breaks_a_table(reader: Visitor, table: str, odd: str) -> None:
    answer = reader.get(f"/admin/{table}/{odd}")
    assert answer.status_code in (200, 302, 400, 404), answer.status_code
    assert "<script>" not in answer.text


@pytest.mark.parametrize("table", TABLES)
def test_each_column_sorts_and_each_row_opens(reader: Visitor, table: str) -> None:
    page = reader.soup(f"/admin/{table}/")
    sorts = [str(a["href"]) for a in page.select("th a")]
    assert sorts
    for href in sorts:
        assert reader.get(href).status_code == 200, href
    view = next(a for a in page.select("td a") if a.get_text().startswith("View"))
    assert reader.get(str(view["href"])).status_code == 200


def test_filters_narrow_a_table(reader: Visitor) -> None:
    everything = reader.soup("/admin/record/?page_size=200").select(".model-list tr")
    narrowed = reader.soup("/admin/record/?flt1_kind_equals=item&page_size=200")
    rows = narrowed.select(".model-list tr")
    assert 1 < len(rows) < len(everything)
    assert {row.select("td")[3].get_text(strip=True) for row in rows[1:]} == {"Item"}


def test_a_mapping_edited_in_its_table_goes_into_the_next_plan(
    app: Flask, operator: Visitor
) -> None:
    before = dirty(app)
    edit = row_of(operator, "/admin/mapping/", "Zero (0 %)")
    form = operator.soup(edit).select_one("main form")
    assert form is not None
    _, fields = filled(form, edit)
    refused = operator.post(edit, **{**fields, "xero_id": "OUTPUT2"})
    assert "Zero|0.00 is 0 %" in words(refused)
    answer = operator.post(edit, **{**fields, "xero_id": "NONE"})
    assert "successfully saved" in told(answer)
    views = mappings.mapping_views(services_of(app), "demo")
    assert {view.perfex: view.xero for view in views}["Zero|0.00"] == "NONE"
    assert dirty(app) > before


def test_a_setting_edited_in_its_table_goes_into_the_next_plan(
    app: Flask, operator: Visitor
) -> None:
    before = dirty(app)
    edit = row_of(operator, "/admin/setting/", "sales_account")
    refused = operator.post(edit, value="no such account")
    assert "Xero has no account" in words(refused)
    answer = operator.post(edit, value="260")
    assert "successfully saved" in told(answer)
    assert setting(app, "sales_account") == "260"
    assert dirty(app) > before


def test_a_setting_is_added_and_deleted_in_its_table(app: Flask, operator: Visitor) -> None:
    new = {"connection": "demo", "key": "invoice_status"}
    refused = operator.post("/admin/setting/new/", **new, value="PAID")
    assert "DRAFT or AUTHORISED" in words(refused)
    operator.post("/admin/setting/new/", **new, value="DRAFT")
    assert setting(app, "invoice_status") == "DRAFT"
    page = operator.soup("/admin/setting/")
    row = next(row for row in page.select("tr") if "invoice_status" in row.get_text())
    form = row.select_one("form")
    assert form is not None
    assert form.select_one("button[data-confirm]")
    target, fields = filled(form, "/admin/setting/")
    fields.pop("csrf_token")
    operator.post(target, **fields)
    assert setting(app, "invoice_status") == "AUTHORISED"


@pytest.mark.parametrize("table", ["run", "action", "record", "call", "audit"])
def test_what_is_only_looked_at_cannot_be_changed(operator: Visitor, table: str) -> None:
    page = operator.soup(f"/admin/{table}/")
    assert not page.select("main form[method=post]")
    for act in ("new/", "edit/?id=1", "delete/"):
        answer = operator.post(f"/admin/{table}/{act}", id="1")
        assert answer.status_code in (200, 404)
        assert answer.request.path in (f"/admin/{table}/", f"/admin/{table}/{act}")


def test_viewers_find_no_edit_links(viewer: Visitor) -> None:
    for table in TABLES:
        page = viewer.soup(f"/admin/{table}/")
        assert not [a for a in page.select("td a") if a.get_text().startswith("Edit")]
        assert not read(viewer.get(f"/admin/{table}/")).select("td button")


def test_a_value_without_a_mapping_is_mapped_in_the_table(app: Flask, operator: Visitor) -> None:
    page = operator.soup("/admin/mapping/new/")
    cash = next(o for o in page.select("#value option") if "Cash" in o.get_text())
    petty = next(o for o in page.select("#xero_id option") if "Petty Cash" in o.get_text())
    tax = next(o for o in page.select("#xero_id option") if "VAT on Income" in o.get_text())
    refused = operator.post(
        "/admin/mapping/new/", value=str(cash["value"]), xero_id=str(tax["value"])
    )
    assert "Xero has no such account" in words(refused)
    operator.post("/admin/mapping/new/", value=str(cash["value"]), xero_id=str(petty["value"]))
    views = mappings.mapping_views(services_of(app), "demo")
    assert {view.perfex_label: view.state for view in views}["Cash"] == "mapped"


@pytest.mark.postgres
def test_an_odd_address_never_breaks_a_table_on_postgresql(
    postgres_url: str, tmp_path: Path
) -> None:
    with postgres.fresh_database(postgres_url) as url:
        app = opened(tmp_path / "instance", DATABASE_URL=url)
        add_people(app)
        visitor = Visitor(app, "admin@example.org")
        for table, odd in itertools.product(TABLES, HOSTILE):
            answer = visitor.get(f"/admin/{table}/{odd}")
            assert answer.status_code in (200, 302, 400, 404), (
                f"{table} {odd}: {answer.status_code}"
            )
        close(app)
