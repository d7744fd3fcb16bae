"""Strangers see nothing, viewers change nothing, and nobody sees a connection that is not theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tests.web.conftest import BY, services_of
from tests.web.visitor import PASSWORD, Visitor, words
from xero_bridge.operations import users
from xero_bridge.store.models import Connection

#: What a stranger may open: everything else asks for a sign-in.
OPEN = {
    "static",
    "admin.static",
    "security.login",
    "first_run.index",
    "health.alive",
    "health.ready",
    "consent.callback",
}
_VALUES = {
    "name": "demo",
    "kind": "invoice",
    "side": "perfex",
    "id": "76",
    "run_id": 1,
    "number": 1,
    "snapshot": 1,
    "filename": "app.css",
    "export_type": "csv",
}
#: What anybody who is signed in may do about their own account.
OWN = {"security.logout", "security.change_password", "account.theme"}


def addresses(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Every endpoint with each of its methods and an address that fits."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule.endpoint, method, _address(app, rule)


def _address(app: Flask, rule: Rule) -> str:
    values: dict[str, Any] = {name: _VALUES.get(name, "1") for name in rule.arguments}
    return app.url_for(rule.endpoint, **values)


def test_a_stranger_is_sent_to_the_sign_in_from_everywhere(app: Flask) -> None:
    stranger = Visitor(app)
    seen = 0
    for endpoint, method, address in addresses(app):
        if endpoint in OPEN:
            continue
        data = {"csrf_token": stranger.token("/login")} if method == "POST" else None
        answer = stranger.client.open(address, method=method, data=data)
        assert answer.status_code == 302, f"{method} {address}: {answer.status_code}"
        assert answer.headers["Location"].startswith("/login"), f"{method} {address}"
        seen += 1
    assert seen > 60


def test_a_viewer_changes_nothing_anywhere(app: Flask, viewer: Visitor) -> None:
    token = viewer.token()
    seen = 0
    for endpoint, method, address in addresses(app):
        if method == "GET" or endpoint in OPEN | OWN:
            continue
        answer = viewer.client.open(address, method=method, data={"csrf_token": token})
        assert answer.status_code == 403, f"{method} {address}: {answer.status_code}"
        seen += 1
    assert seen > 25


@pytest.mark.parametrize(
    "path", ["/xero/connect/demo", "/xero/organisation/demo", "/setup/new", "/users"]
)
def test_a_viewer_begins_nothing(viewer: Visitor, path: str) -> None:
    assert viewer.get(path).status_code == 403


def test_a_viewer_sees_no_buttons_that_would_be_refused(viewer: Visitor) -> None:
    for path in (
        "/",
        "/connections/demo",
        "/plan/demo",
        "/questions",
        "/mappings/demo",
        "/settings/demo",
    ):
        page = viewer.soup(path).main
        assert page is not None
        assert not page.select("form[method=post] button"), path


@pytest.mark.parametrize(
    "path",
    [
        *("/connections/demo/go-live", "/connections/demo/reset", "/connections/demo/disconnect"),
        *("/connections/demo/remove", "/users", "/setup/new", "/setup/demo/access"),
    ],
)
def test_an_operator_leaves_connections_and_users_alone(operator: Visitor, path: str) -> None:
    assert operator.post(path).status_code == 403


def test_an_operator_pauses_and_resumes(operator: Visitor) -> None:
    assert "demo is paused." in words(operator.post("/connections/demo/pause"))
    assert "on the schedule again" in words(operator.post("/connections/demo/resume"))


@pytest.fixture
def limited(app: Flask) -> Visitor:
    """An operator of another connection than the demo."""
    services = services_of(app)
    with Session(services.database.engine) as session:
        session.add(
            Connection(name="other", perfex_url="http://x", created_at=services.clock.now())
        )
        session.commit()
    with app.app_context():
        users.create(
            services, "limited@example.org", PASSWORD, "operator", connections=["other"], by=BY
        )
    return Visitor(app, "limited@example.org")


def test_a_user_of_one_connection_does_not_find_the_others(app: Flask, limited: Visitor) -> None:
    assert limited.get("/connections/other").status_code == 200
    for path in ("/connections/demo", "/plan/demo", "/records/demo", "/settings/demo"):
        assert limited.get(path).status_code == 404
    assert limited.post("/connections/demo/sync").status_code == 404
    home = limited.soup("/")
    assert [name.get_text(strip=True) for name in home.select("section h2")] == ["other"]
    assert not home.select(".badge"), "questions of other connections are not counted"


def test_tables_and_questions_end_at_the_reach_of_a_user(limited: Visitor, admin: Visitor) -> None:
    assert "demo" in words(admin.get("/admin/record/"))
    for path in ("/admin/record/", "/admin/run/", "/admin/call/", "/admin/mapping/", "/questions"):
        page = limited.soup(path).main
        assert page is not None
        assert "demo" not in page.get_text(), path
    assert limited.get("/admin/record/details/?id=1").status_code == 302
    answer = limited.post("/questions/1/answer", code="leave")
    assert "carries it out" not in answer.text


def test_roles_are_asked_on_every_request(app: Flask, visit: Callable[[str], Visitor]) -> None:
    somebody = visit("operator")
    assert somebody.get("/").status_code == 200
    users.set_active(services_of(app), "operator@example.org", active=False, by=BY)
    assert somebody.get("/").status_code == 302
