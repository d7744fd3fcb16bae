"""An instance that has lived: connected by a real consent, live, with questions, runs and records."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import requests
from bs4 import BeautifulSoup, Tag

from tests.web.visitor import filled
from xero_bridge.wiring.demo import Demo, Ports, demonstration

_LONGEST_RUN = 120


@contextmanager
def running(folder: Path) -> Iterator[Demo]:
    """The demonstration on ports of its own."""
    with demonstration(folder, version="3.0.3", ports=Ports(bridge=0, perfex=0, xero=0)) as demo:
        yield demo


class Person:
    """Somebody who uses the demonstration over HTTP."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.session = requests.Session()
        self.post("/login", page="/login", email=demo.user, password=demo.password)

    def close(self) -> None:
        self.session.close()

    def post(self, path: str, *, page: str = "/account", **fields: str) -> requests.Response:
        shown = BeautifulSoup(self.session.get(self.demo.url + page).text, "html.parser")
        token = cast(Tag, shown.find("input", attrs={"name": "csrf_token"}))["value"]
        answer = self.session.post(self.demo.url + path, {"csrf_token": str(token), **fields})
        assert answer.ok, f"{path}: {answer.status_code}"
        return answer

    def connect(self) -> None:
        """Press Connect, consent for the first organisation, come back."""
        page = self.session.get(f"{self.demo.url}/xero/connect/demo")
        form = cast(Tag, BeautifulSoup(page.text, "html.parser").find("form"))
        target, fields = filled(form, page.url)
        tenant = cast(Tag, form.select_one("input[name=tenant_id]"))["value"]
        back = self.session.post(target, {**fields, "tenant_id": str(tenant), "decision": "allow"})
        assert back.url.endswith("/setup/demo"), back.url

    def wait(self) -> None:
        """Until no run is going on."""
        until = time.monotonic() + _LONGEST_RUN
        while time.monotonic() < until:
            answer = self.session.get(f"{self.demo.url}/connections/demo/progress")
            if answer.status_code == 286:
                return
        raise AssertionError("the run did not end")


def live_in(folder: Path) -> None:
    """Connect, look, go live and sync in this folder; afterwards nothing runs there."""
    with running(folder) as demo:
        person = Person(demo)
        person.connect()
        person.wait()
        person.post("/connections/demo/go-live")
        person.wait()
        person.close()
