"""Every page answers, and reads well for people who see, hear or type it."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask

from tests.web.conftest import add_people, close, opened, services_of
from tests.web.visitor import Visitor, words
from xero_bridge.operations import plans, reports
from xero_bridge.operations.rows import writing
from xero_bridge.store import models
from xero_bridge.wiring.access import access_of

PAGES = (
    *("/", "/connections/demo", "/setup/new", "/setup/demo", "/setup/demo/access", "/plan/demo"),
    *("/proof/demo", "/proof/demo?kind=invoice&month=2026-08", "/explain", "/explain?text=INV-0"),
    *("/questions", "/records/demo", "/records/demo?kind=invoice&state=in_step&search=INV"),
    *("/records/demo/invoice/perfex/76", "/records/demo/customer/perfex/4", "/runs/demo"),
    *("/records/demo/tax/perfex/VAT|20.00", "/runs/demo/2", "/mappings/demo", "/settings/demo"),
    *("/calls/demo", "/users", "/account", "/account/password", "/admin/"),
    *("/admin/mapping/", "/admin/setting/", "/admin/run/", "/admin/action/", "/admin/call/"),
    *("/admin/record/", "/admin/audit/", "/admin/setting/new/", "/admin/run/details/?id=1"),
)


def problems(page: BeautifulSoup) -> list[str]:
    """What would trouble somebody who does not see the page, or the content policy."""
    found = [
        f"{len(page.select(name))} {name}" for name in ("h1", "main") if len(page.select(name)) != 1
    ]
    found += [] if page.html and page.html.get("lang") else ["no language"]
    for field in page.select("input, select, textarea"):
        if field.get("type") in ("hidden", "submit"):
            continue
        labelled = field.find_parent("label") or page.select_one(f'label[for="{field.get("id")}"]')
        if not labelled:
            found.append(f"no label: {field.get('name')}")
    for tag in page.find_all(True):
        found += [f"{tag.name} {name}" for name in tag.attrs if name.startswith("on")]
        if str(tag.get("href", "")).startswith("javascript:"):
            found.append(f"script in an address: {tag}")
        if tag.has_attr("style"):
            found.append(f"style in {tag.name}")
    ids = [str(tag["id"]) for tag in page.select("[id]")]
    found += [f"id {each} twice" for each in sorted({each for each in ids if ids.count(each) > 1})]
    return found


@pytest.mark.parametrize("path", PAGES)
def test_a_page_answers_and_is_well_made(reader: Visitor, path: str) -> None:
    assert problems(reader.soup(path)) == []


def test_pages_for_strangers_are_well_made(reader: Visitor, empty_app: Flask) -> None:
    assert problems(Visitor(reader.app).soup("/login")) == []
    assert problems(Visitor(empty_app).soup("/first-run")) == []


def test_home_says_first_what_a_person_needs_to_know(reader: Visitor) -> None:
    page = reader.soup("/")
    heading = page.h1
    assert heading is not None
    assert heading.get_text().endswith("questions for you.")
    assert page.select_one("a[href='/records/demo?kind=invoice&state=in_step']")


def test_a_run_tells_what_it_did(reader: Visitor) -> None:
    runs = reports.run_views(services_of(reader.app), "demo").rows
    wrote = next(run for run in runs if run.done)
    text = words(reader.get(f"/runs/demo/{wrote.id}"))
    assert "67 invoices created" in text
    assert "create in Xero" in text


def test_a_record_shows_both_sides_its_state_and_its_history(reader: Visitor) -> None:
    text = words(reader.get("/records/demo/invoice/perfex/76"))
    assert "Invoice INV-000076" in text
    assert "In step" in text
    assert "12 x 12.5 Delivery" in text
    assert "create in Xero Done" in text
    assert not reader.soup("/records/demo/invoice/perfex/76").select(".differs"), "it is in step"


def test_the_plan_page_shows_groups_questions_and_what_is_left_out(app: Flask) -> None:
    services = services_of(app)
    with writing(services) as session:
        # The plan of the first look: later ones have less to tell.
        first = session.scalar(sa.select(sa.func.min(models.Run.id)))
        session.execute(sa.update(models.Run).where(models.Run.id != first).values(plan=None))
    plan = plans.newest(services, "demo")
    assert plan is not None
    assert len(plan.groups) > 1
    text = words(Visitor(app, "admin@example.org").get("/plan/demo"))
    for group in plan.groups:
        assert group.words in text
    assert "Left out by a rule" in text
    assert "Drafts stay home until they are numbered." in text


def test_search_finds_a_record_by_its_number(reader: Visitor) -> None:
    page = reader.soup("/records/demo?search=INV-000076")
    assert [row.get_text(strip=True) for row in page.select("tbody th")] == ["INV-000076"]


@pytest.mark.parametrize(
    "path",
    [
        "/records/demo?page=99999999999999999999&kind=nothing&state=%00&search=%00%25_",
        "/records/demo/nothing/perfex/1",
        "/records/demo/invoice/perfex/0",
        "/records/demo/invoice/nowhere/1",
        "/records/demo/invoice/perfex/%00",
        "/runs/demo?page=-1",
        "/runs/demo/99999999",
        "/plan/nothing",
        "/nothing",
        "/questions?connection=nothing",
    ],
)
def test_odd_addresses_are_answered_with_a_page(reader: Visitor, path: str) -> None:
    answer = reader.get(path)
    assert answer.status_code in (200, 400, 404)
    assert "Traceback" not in answer.text
    assert problems(BeautifulSoup(answer.text, "html.parser")) == []


def test_a_failure_is_told_by_number_and_never_by_a_trace(
    app: Flask, admin: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr("xero_bridge.web.pages.calls.reports.call_views", fail)
    answer = admin.get("/calls/demo")
    assert answer.status_code == 500
    assert "The log has it as" in answer.text
    assert "the secret inside" not in answer.text
    assert "RuntimeError" not in answer.text


def test_an_empty_bridge_leads_to_its_first_connection(tmp_path: Path) -> None:
    app = opened(tmp_path / "new")
    add_people(app)
    visitor = Visitor(app, "admin@example.org")
    assert "Add the first connection" in words(visitor.get("/"))
    assert "No questions" in words(visitor.get("/questions"))
    close(app)


def test_secrets_are_on_no_page(reader: Visitor) -> None:
    services = services_of(reader.app)
    with services.database.reading() as connection:
        encrypted = connection.exec_driver_sql("select perfex_token from connection").scalar()
    token = access_of(services.database, "demo").perfex_token
    secrets = (str(encrypted), token, "app secret", services.environment.secret_key)
    for path in PAGES:
        text = reader.get(path).text
        assert not [secret for secret in secrets if secret in text], path
