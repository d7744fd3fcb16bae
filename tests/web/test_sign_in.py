"""Signing in, the first account, protected forms, headers and cookies."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from tests.web.conftest import add_people, close, opened, services_of
from tests.web.visitor import PASSWORD, Visitor, told, words
from xero_bridge.web.first_run import first_run_code


def test_a_person_signs_in_and_out(app: Flask) -> None:
    visitor = Visitor(app)
    asked = visitor.get("/runs/demo")
    assert asked.headers["Location"] == "/login?next=/runs/demo"
    answer = visitor.post(
        "/login?next=/runs/demo", page="/login", email="viewer@example.org", password=PASSWORD
    )
    assert answer.request.path == "/runs/demo"
    assert visitor.post("/logout").request.path == "/login"
    assert visitor.get("/").status_code == 302


@pytest.mark.parametrize("email", ["viewer@example.org", "nobody@example.org"])
def test_a_wrong_sign_in_does_not_tell_who_has_an_account(app: Flask, email: str) -> None:
    answer = Visitor(app).sign_in(email, "wrong password")
    assert told(answer) == "Authentication failed - identity or password/passcode invalid"


def test_nobody_is_sent_to_another_site_after_signing_in(app: Flask) -> None:
    visitor = Visitor(app)
    answer = visitor.post(
        "/login?next=https://evil.example/x",
        page="/login",
        email="viewer@example.org",
        password=PASSWORD,
    )
    assert all("evil" not in each.headers.get("Location", "") for each in answer.history)


def test_guessing_is_stopped(tmp_path: Path) -> None:
    app = opened(tmp_path / "throttled", RATELIMIT_ENABLED=True)
    visitor = Visitor(app)
    codes = [visitor.sign_in("admin@example.org", f"guess {i}").status_code for i in range(12)]
    assert codes[:10] == [200] * 10
    assert codes[10:] == [429, 429]
    assert "too many attempts" in words(visitor.sign_in("admin@example.org"))
    close(app)


@pytest.mark.parametrize(
    "path",
    ["/login", "/connections/demo/sync", "/connections/demo/reset", "/settings/demo", "/logout"],
)
def test_a_form_without_our_token_changes_nothing(admin: Visitor, path: str) -> None:
    answer = admin.client.post(path, data={"email": "admin@example.org"})
    assert answer.status_code == 400
    assert "nothing was changed" in answer.text


def test_the_first_account_needs_the_code_that_was_printed(empty_app: Flask) -> None:
    visitor = Visitor(empty_app)
    assert "Make the first one" in words(visitor.get("/login"))
    mine = {"email": "ann@example.org", "password": PASSWORD}
    refused = visitor.post("/first-run", page="/first-run", code="1234-5678-9ABC", **mine)
    assert "not the code that was printed" in told(refused)
    code = first_run_code(services_of(empty_app))
    short = visitor.post(
        "/first-run", page="/first-run", code=code, email="ann@example.org", password="short"
    )
    assert "at least 12 characters" in told(short)
    made = visitor.post("/first-run", page="/first-run", code=code.lower(), **mine)
    assert "The account is made" in told(made)
    assert visitor.get("/first-run").status_code == 404
    assert visitor.sign_in("ann@example.org").request.path == "/"
    assert visitor.get("/users").status_code == 200


def test_a_person_changes_their_password(viewer: Visitor, app: Flask) -> None:
    answer = viewer.post(
        "/account/password",
        password=PASSWORD,
        new_password="another long password",
        new_password_confirm="another long password",
    )
    assert answer.request.path == "/account"
    again = Visitor(app)
    assert again.sign_in("viewer@example.org").request.path == "/login"
    assert again.sign_in("viewer@example.org", "another long password").request.path == "/"


def test_every_answer_bears_a_strict_policy(reader: Visitor) -> None:
    for path in ("/", "/admin/record/", "/login", "/nothing", "/healthz", "/static/app.css"):
        answer = reader.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        nonces = set(re.findall(r'nonce="([^"]+)"', answer.text))
        assert nonces <= {re.findall(r"'nonce-([^']+)'", policy)[0]}
        answer.close()


def test_pages_are_not_kept_and_files_are(reader: Visitor) -> None:
    assert reader.get("/").headers["Cache-Control"] == "no-store"
    sheet = reader.get("/static/app.css?v=1")
    assert "no-store" not in sheet.headers.get("Cache-Control", "")
    sheet.close()


@pytest.mark.parametrize(
    ("base_url", "secure"), [("http://localhost:8000", False), ("https://bridge.example", True)]
)
def test_cookies_are_secure_exactly_with_https(tmp_path: Path, base_url: str, secure: bool) -> None:
    app = opened(tmp_path / "cookies", BASE_URL=base_url)
    answer = Visitor(app).client.get("/login", base_url=base_url)
    cookie = answer.headers["Set-Cookie"]
    assert ("Secure" in cookie) is secure
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert ("Strict-Transport-Security" in answer.headers) is secure
    close(app)


def test_colours_are_kept_by_this_browser(viewer: Visitor) -> None:
    page = viewer.soup("/").html
    assert page is not None
    assert page["data-theme"] == ""
    viewer.post("/account/theme", theme="dark")
    page = viewer.soup("/").html
    assert page is not None
    assert page["data-theme"] == "dark"
    viewer.post("/account/theme", theme="<script>")
    assert "<script>" not in str(viewer.client.get_cookie("theme"))


def test_readiness_names_what_is_missing(tmp_path: Path) -> None:
    app = opened(tmp_path / "ready")
    visitor = Visitor(app)
    assert visitor.get("/healthz").json == {"state": "ok"}
    assert visitor.get("/readyz").json == {"state": "ok"}
    with services_of(app).database.writing() as connection:
        connection.exec_driver_sql("delete from alembic_version")
    answer = visitor.get("/readyz")
    assert answer.status_code == 503
    assert "db upgrade" in answer.text
    close(app)


def test_a_user_of_an_administrator_may_sign_in(admin: Visitor, app: Flask) -> None:
    made = admin.post(
        "/users", page="/users", email="Bo@Example.org", password=PASSWORD, role="viewer"
    )
    assert "bo@example.org may sign in now." in told(made)
    assert Visitor(app, "bo@example.org").get("/").status_code == 200
    again = admin.post(
        "/users", page="/users", email="bo@example.org", password=PASSWORD, role="viewer"
    )
    assert "has an account already" in told(again)


def test_the_last_administrator_stays(empty_app: Flask) -> None:
    add_people(empty_app)
    admin = Visitor(empty_app, "admin@example.org")
    answer = admin.post("/users/role", email="admin@example.org", role="viewer")
    assert "is the last administrator" in told(answer)
    assert admin.get("/users").status_code == 200


def test_a_database_that_lacks_a_table_is_told_in_words(tmp_path: Path) -> None:
    app = opened(tmp_path / "broken")
    add_people(app)
    visitor = Visitor(app, "admin@example.org")
    with services_of(app).database.writing() as connection:
        connection.exec_driver_sql("drop table question")
    answer = visitor.get("/questions")
    assert answer.status_code == 503
    assert "is not up to date" in words(answer)
    close(app)
