"""One instance that has lived, copied for every test; applications on it, and people."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import StrictUndefined

from tests.web.seed import live_in
from tests.web.visitor import PASSWORD, Visitor
from xero_bridge import create_app
from xero_bridge.operations import users
from xero_bridge.operations.services import By, Services
from xero_bridge.store.migrating import upgrade

BY = By("test")
SETTINGS = {"SCHEDULER": False, "XERO_CLIENT_ID": "app", "XERO_CLIENT_SECRET": "app secret"}


def opened(folder: Path, **settings: object) -> Flask:
    """The application on an instance folder."""
    app = create_app(
        {**SETTINGS, "INSTANCE": folder, "TESTING": True, "RATELIMIT_ENABLED": False, **settings}
    )
    # A name that a template misspells is an error here, not an empty place.
    app.jinja_env.undefined = StrictUndefined
    # An unexpected failure is a page here as for people.
    app.config["PROPAGATE_EXCEPTIONS"] = False
    upgrade(services_of(app).database.engine)
    return app


def services_of(app: Flask) -> Services:
    services = app.extensions["xero_bridge"]
    assert isinstance(services, Services)
    return services


def close(app: Flask) -> None:
    services_of(app).dispatch.wait(30)
    services_of(app).database.engine.dispose()


def add_people(app: Flask) -> None:
    with app.app_context():
        for role in ("admin", "operator", "viewer"):
            users.create(services_of(app), f"{role}@example.org", PASSWORD, role, by=BY)


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the instance that has lived; it is only copied from."""
    folder = tmp_path_factory.mktemp("web") / "lived"
    live_in(folder)
    app = opened(folder)
    add_people(app)
    close(app)
    return folder


@pytest.fixture
def app(lived: Path, tmp_path: Path) -> Iterator[Flask]:
    """An application on a copy of its own."""
    shutil.copytree(lived, tmp_path / "instance")
    app = opened(tmp_path / "instance")
    yield app
    close(app)


@pytest.fixture(scope="session")
def reader(lived: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """An administrator who only looks: one application for all tests that change nothing."""
    folder = tmp_path_factory.mktemp("reader") / "instance"
    shutil.copytree(lived, folder)
    app = opened(folder)
    yield Visitor(app, "admin@example.org")
    close(app)


@pytest.fixture
def empty_app(tmp_path: Path) -> Iterator[Flask]:
    """An application on an empty instance, without users."""
    app = opened(tmp_path / "empty")
    yield app
    close(app)


@pytest.fixture
def visit(app: Flask) -> Callable[[str], Visitor]:
    """Somebody of a role in front of the dashboard; an empty role: a stranger."""

    def visitor(role: str) -> Visitor:
        return Visitor(app, f"{role}@example.org" if role else "")

    return visitor


@pytest.fixture
def admin(visit: Callable[[str], Visitor]) -> Visitor:
    return visit("admin")


@pytest.fixture
def operator(visit: Callable[[str], Visitor]) -> Visitor:
    return visit("operator")


@pytest.fixture
def viewer(visit: Callable[[str], Visitor]) -> Visitor:
    return visit("viewer")
