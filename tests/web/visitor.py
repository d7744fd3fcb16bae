"""A person in front of the dashboard: signs in, opens pages, fills forms as a browser would."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PASSWORD = "correct horse battery"


class Visitor:
    """One browser with its cookies."""

    def __init__(self, app: Flask, email: str = "") -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        if email:
            self.sign_in(email)

    def sign_in(self, email: str, password: str = PASSWORD) -> TestResponse:
        return self.post("/login", page="/login", email=email, password=password)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, **options)

    def soup(self, path: str) -> BeautifulSoup:
        answer = self.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return read(answer)

    def token(self, page: str = "/account") -> str:
        field = read(self.get(page)).find("input", attrs={"name": "csrf_token"})
        return str(field["value"]) if field else ""

    def post(self, path: str, *, page: str = "/account", **fields: str) -> TestResponse:
        """Send a form with the token of a page; follow the redirect."""
        data = {"csrf_token": self.token(page), **fields}
        return self.client.post(path, data=data, follow_redirects=True)


def read(answer: TestResponse) -> BeautifulSoup:
    """The page as a browser reads it."""
    return BeautifulSoup(answer.text, "html.parser")


def words(answer: TestResponse) -> str:
    """All that a person reads, on one line."""
    return " ".join(read(answer).get_text(" ").split())


def told(answer: TestResponse) -> str:
    """What the page says was done or went wrong."""
    found = read(answer).select(".flash, .problem, [role=alert]")
    return " ".join(" ".join(each.get_text(" ") for each in found).split())


def filled(form: Tag, base: str) -> tuple[str, dict[str, str]]:
    """Where a form goes and what it sends when nothing is changed."""
    fields: dict[str, str] = {}
    for field in form.select("input[name], select[name]"):
        name = str(field["name"])
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            fields[name] = str(chosen.get("value", chosen.get_text())) if chosen else ""
        elif field.get("type") not in ("checkbox", "radio") or field.has_attr("checked"):
            fields[name] = str(field.get("value", ""))
    return urljoin(base, str(form.get("action") or base)), fields
