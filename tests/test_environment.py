"""Settings of the process: what is accepted, what is refused in words, what is made."""

import stat
from pathlib import Path

import pytest

from xero_bridge.environment import (
    PREFIX,
    Environment,
    WrongEnvironment,
    read_environment,
    variables,
)


@pytest.fixture(autouse=True)
def no_variables_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in variables():
        monkeypatch.delenv(f"{PREFIX}{name}", raising=False)


def read(tmp_path: Path, **values: object) -> Environment:
    return read_environment(values, instance=tmp_path / "instance")


def refusal(tmp_path: Path, **values: object) -> str:
    with pytest.raises(WrongEnvironment) as caught:
        read(tmp_path, **values)
    (problem,) = caught.value.problems
    return problem


def test_without_any_variable_there_is_a_database_and_keys_in_the_instance_folder(
    tmp_path: Path,
) -> None:
    environment = read(tmp_path)
    folder = tmp_path / "instance"
    assert environment.database_url == f"sqlite:///{folder / 'bridge.sqlite'}"
    assert environment.base_url == "http://localhost:8000"
    assert environment.redirect_uri == "http://localhost:8000/xero/callback"
    assert len(environment.secret_key) > 32
    assert len(environment.encryption_keys) == 1
    assert environment.scheduler


def test_keys_that_the_bridge_makes_are_for_its_owner_only(tmp_path: Path) -> None:
    read(tmp_path)
    files = sorted((tmp_path / "instance").iterdir())
    assert [file.name for file in files] == ["encryption_keys", "secret_key"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "instance").stat().st_mode) == 0o700


def test_keys_that_were_made_are_found_again(tmp_path: Path) -> None:
    assert read(tmp_path) == read(tmp_path)


def test_keys_that_are_given_are_not_made(tmp_path: Path) -> None:
    key = "A" * 43 + "="
    environment = read(tmp_path, SECRET_KEY="x" * 40, ENCRYPTION_KEYS=f"{key},{'B' * 43}=")
    assert environment.encryption_keys == (key, "B" * 43 + "=")
    assert list((tmp_path / "instance").iterdir()) == []


def test_several_keys_in_the_file_are_a_rotation(tmp_path: Path) -> None:
    first = read(tmp_path).encryption_keys[0]
    file = tmp_path / "instance" / "encryption_keys"
    file.write_text(f"{'C' * 43}=\n{first}\n")
    assert read(tmp_path).encryption_keys == ("C" * 43 + "=", first)


def test_variables_of_the_process_are_read_and_those_of_the_tests_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XERO_BRIDGE_INSTANCE", str(tmp_path))
    monkeypatch.setenv("XERO_BRIDGE_BASE_URL", "https://bridge.example.com/")
    monkeypatch.setenv("XERO_BRIDGE_SCHEDULER", "off")
    monkeypatch.setenv("XERO_BRIDGE_TEST_POSTGRES_URL", "postgresql://localhost/x")
    monkeypatch.setenv("XERO_BRIDGE_XERO_CLIENT_ID", "")
    environment = read_environment()
    assert environment.instance == tmp_path
    assert environment.base_url == "https://bridge.example.com"
    assert environment.is_https
    assert not environment.scheduler
    assert environment.xero_client_id == ""


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("postgres://ann@db/bridge", "postgresql+psycopg://ann@db/bridge"),
        ("postgresql://ann@db/bridge", "postgresql+psycopg://ann@db/bridge"),
        (
            "postgresql:///bridge?host=/run/postgresql&port=5433",
            "postgresql+psycopg:///bridge?host=/run/postgresql&port=5433",
        ),
        ("sqlite:////srv/bridge.sqlite", "sqlite:////srv/bridge.sqlite"),
    ],
)
def test_an_address_of_postgresql_or_sqlite_is_taken(tmp_path: Path, given: str, url: str) -> None:
    assert read(tmp_path, DATABASE_URL=given).database_url == url


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("DATABASE_URL", "mysql://localhost/x", "sqlite:/// or postgresql://"),
        ("DATABASE_URL", "bridge.sqlite", "sqlite:/// or postgresql://"),
        ("SECRET_KEY", "short", "shorter than 16 characters"),
        ("ENCRYPTION_KEYS", "not-a-key", "key 1 is no Fernet key"),
        ("BASE_URL", "bridge.example.com", "a full address"),
        ("BASE_URL", "https://bridge.example.com/?a=b", "no query"),
        ("XERO_TOKEN_URL", "ftp://x", "a full address"),
        ("XERO_API_URL", "https://api.xero.com", "end with /api.xro/2.0"),
        ("SCHEDULER", "maybe", "on or off"),
        ("LOG_FORMAT", "xml", "console or json"),
    ],
)
def test_a_wrong_value_is_named_with_what_to_do(
    tmp_path: Path, name: str, value: str, told: str
) -> None:
    problem = refusal(tmp_path, **{name: value})
    assert problem.startswith(f"XERO_BRIDGE_{name}")
    assert told in problem


@pytest.mark.parametrize("name", ["SECRET_KEY", "ENCRYPTION_KEYS", "DATABASE_URL"])
def test_the_value_of_a_wrong_secret_is_not_shown(tmp_path: Path, name: str) -> None:
    assert "hunter2" not in refusal(tmp_path, **{name: "hunter2"})


def test_an_unknown_variable_is_named_with_the_one_that_was_meant(tmp_path: Path) -> None:
    problem = refusal(tmp_path, BASE_ULR="http://x")
    assert problem == "XERO_BRIDGE_BASE_ULR is not known. Did you mean XERO_BRIDGE_BASE_URL?"


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(WrongEnvironment) as caught:
        read(tmp_path, SCHEDULER="maybe", LOG_FORMAT="xml", NONSENSE="1")
    assert len(caught.value.problems) == 3


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(WrongEnvironment, match="cannot be written"):
        read_environment({"INSTANCE": file / "inside"})


def test_no_secret_is_shown_with_the_environment(tmp_path: Path) -> None:
    environment = read(tmp_path, XERO_CLIENT_SECRET="canary-1", PERFEX_TOKEN="canary-2")
    shown = repr(environment)
    assert "canary" not in shown
    assert environment.secret_key not in shown
    assert environment.encryption_keys[0] not in shown


def test_the_default_scopes_ask_for_no_attachments(tmp_path: Path) -> None:
    scopes = read(tmp_path).xero_scopes
    assert "offline_access" in scopes
    assert not any("attachments" in scope for scope in scopes)


def test_scopes_are_separated_by_blanks(tmp_path: Path) -> None:
    assert read(tmp_path, XERO_SCOPES="openid  accounting.settings").xero_scopes == (
        "openid",
        "accounting.settings",
    )
