"""The application as it is made: from settings or variables, without threads, one beside another."""

from pathlib import Path
from threading import enumerate as threads

import pytest
import sqlalchemy as sa
from flask import Flask

from xero_bridge import create_app
from xero_bridge.environment import PREFIX, WrongEnvironment, read_environment, variables
from xero_bridge.operations.services import Services
from xero_bridge.store.migrating import is_current


def made(folder: Path, **settings: object) -> Flask:
    return create_app({"INSTANCE": folder, **settings})


def services(app: Flask) -> Services:
    found = app.extensions["xero_bridge"]
    assert isinstance(found, Services)
    return found


def test_making_an_application_starts_no_thread_and_makes_no_table(tmp_path: Path) -> None:
    before = set(threads())
    app = made(tmp_path)
    assert set(threads()) <= before
    engine = services(app).database.engine
    assert not is_current(engine)
    assert sa.inspect(engine).get_table_names() == []
    engine.dispose()


def test_settings_come_from_a_mapping_an_environment_or_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in variables():
        monkeypatch.delenv(f"{PREFIX}{name}", raising=False)
    monkeypatch.setenv("XERO_BRIDGE_INSTANCE", str(tmp_path))
    monkeypatch.setenv("XERO_BRIDGE_BASE_URL", "https://a.example")
    mapped = made(tmp_path, BASE_URL="https://b.example")
    given = create_app(read_environment({"INSTANCE": tmp_path, "BASE_URL": "https://c.example"}))
    urls = [services(app).environment.base_url for app in (create_app(), mapped, given)]
    assert urls == ["https://a.example", "https://b.example", "https://c.example"]


def test_an_unknown_setting_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongEnvironment, match="XERO_BRIDGE_COLOUR is not known"):
        made(tmp_path, COLOUR="red")


def test_settings_of_flask_go_through(tmp_path: Path) -> None:
    assert made(tmp_path, TESTING=True).config["TESTING"] is True


@pytest.mark.parametrize(("url", "secure"), [("https://x.example", True), ("http://x", False)])
def test_cookies_are_secure_exactly_under_https(tmp_path: Path, url: str, secure: bool) -> None:
    config = made(tmp_path, BASE_URL=url).config
    assert config["SESSION_COOKIE_SECURE"] is secure
    assert config["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert config["SESSION_COOKIE_HTTPONLY"] is True


def test_two_applications_in_one_process_do_not_mix(tmp_path: Path) -> None:
    first, second = made(tmp_path / "a"), made(tmp_path / "b")
    urls = {str(services(app).database.engine.url) for app in (first, second)}
    assert len(urls) == 2
    assert first.secret_key != second.secret_key
