"""Commands as a person types them: what they print, where, and with which exit code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask.testing import FlaskCliRunner

from tests.support.bridge import NAME, Bridge, a_bridge
from xero_bridge import create_app
from xero_bridge.core.plan import GuardStop
from xero_bridge.operations.rows import store_of

PASSWORD = "correct horse battery"


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[Bridge]:
    with a_bridge(f"sqlite:///{tmp_path / 'bridge.sqlite'}", tmp_path) as found:
        yield found


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Bridge]:
    """Both systems hold nothing."""
    with a_bridge(f"sqlite:///{tmp_path / 'bridge.sqlite'}", tmp_path, demo=False) as found:
        yield found


def flask(bridge: Bridge, *words: str, typed: str = "") -> Result:
    return FlaskCliRunner(bridge.app).invoke(args=list(words), input=typed)


def told(bridge: Bridge, *words: str, typed: str = "") -> str:
    result = flask(bridge, *words, typed=typed)
    assert result.exit_code == 0, result.output
    return result.stdout


def data(bridge: Bridge, *words: str) -> Any:
    return json.loads(told(bridge, *words, "--json"))


def refused(bridge: Bridge, *words: str, code: int = 1, typed: str = "") -> str:
    """The one line on the error stream of a command that fails."""
    result = flask(bridge, *words, typed=typed)
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    (line,) = result.stderr.strip().splitlines()
    assert line.startswith("Error: ")
    return line


def add(bridge: Bridge, *more: str, typed: str = "", token: str = "-") -> str:
    return told(
        bridge,
        *("connection", "add", NAME, "--perfex-url", bridge.perfex_url),
        *("--perfex-token", token, "--allow-private-address", *more),
        typed=typed or f"{bridge.perfex.token}\n",
    )


# --- connection ------------------------------------------------------------------------------------


def test_a_connection_is_added_with_a_token_from_the_standard_input(small: Bridge) -> None:
    output = add(small)
    assert "REST API module 3.0.3" in output
    assert f"/xero/connect/{NAME}" in output
    assert small.perfex.token not in output
    (listed,) = data(small, "connection", "list")
    assert (listed["name"], listed["stage"], listed["live"]) == (NAME, "connect_xero", False)


def test_a_connection_that_cannot_be_used_is_refused_in_one_line(small: Bridge) -> None:
    words = ("connection", "add", NAME, "--perfex-url", small.perfex_url, "--perfex-token", "wrong")
    assert "private address" in refused(small, *words, code=3)
    assert "does not accept the API token" in refused(
        small, *words, "--allow-private-address", code=3
    )
    assert "standard input" in refused(small, *words[:-1], "-", typed="\n")


def test_all_settings_are_shown_with_their_meaning(small: Bridge) -> None:
    add(small)
    shown = data(small, "connection", "show", NAME)
    assert shown["connection"]["name"] == NAME
    keys = {setting["key"] for setting in shown["settings"]}
    assert {"sales_account", "direction.invoice", "births.invoice.xero", "site_tag"} <= keys
    assert "Opens the bridge's marks in Xero" in told(small, "connection", "show", NAME)


def test_settings_are_set_and_wrong_ones_refused(small: Bridge) -> None:
    add(small)
    output = told(small, "connection", "set", NAME, "sales_account=200", "rounding_policy=hold")
    assert "sales_account: 200 (was (empty))" in output
    assert "Nothing changed." in told(small, "connection", "set", NAME, "sales_account=200")
    changed = data(small, "connection", "set", NAME, "rounding_policy=line")
    assert changed == {"rounding_policy": {"before": "hold", "after": "line"}}
    assert "Did you mean sales_account" in refused(
        small, "connection", "set", NAME, "sale_account=200"
    )
    assert "line or hold" in refused(small, "connection", "set", NAME, "rounding_policy=up")
    assert "KEY=VALUE" in refused(small, "connection", "set", NAME, "rounding_policy")
    assert "no connection 'nope'" in refused(small, "connection", "set", "nope", "a=b")


def test_going_live_names_what_is_missing(small: Bridge) -> None:
    add(small)
    assert "press Connect" in refused(small, "connection", "go-live", NAME)
    small.consent()
    assert "start_date" in refused(small, "connection", "go-live", NAME)
    told(small, "connection", "set", NAME, "start_date=2026-01-01", "sales_account=200")
    assert "is live" in told(small, "connection", "go-live", NAME)
    assert "paused" in told(small, "connection", "pause", NAME)
    assert "schedule again" in told(small, "connection", "resume", NAME)


def test_removing_a_connection_asks_first(small: Bridge) -> None:
    add(small)
    assert flask(small, "connection", "remove", NAME, typed="n\n").exit_code == 1
    assert len(data(small, "connection", "list")) == 1
    assert "is removed" in told(small, "connection", "remove", NAME, "--yes")
    assert data(small, "connection", "list") == []


# --- sync, plan, status ----------------------------------------------------------------------------


def test_sync_prints_one_json_object_with_the_promised_members(small: Bridge) -> None:
    add(small)
    small.consent()
    result = flask(small, "sync", "--connection", NAME, "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert set(found) == {
        *("connection", "run", "state", "planned", "done", "questions", "calls", "seconds"),
        *("resumes_at", "error"),
    }
    assert found["state"] == "planned"
    assert set(found["calls"]) == {"xero", "perfex"}
    assert found["error"] is None


def test_the_exit_code_of_sync_says_how_it_went(bridge: Bridge) -> None:
    add(bridge)
    result = flask(bridge, "sync")
    assert result.exit_code == 3
    assert "Press Connect" in result.stdout
    bridge.consent()
    bridge.map_all()
    told(bridge, "connection", "set", NAME, "start_date=2024-01-01", "sales_account=200")
    assert flask(bridge, "sync", "--dry-run", "--json").exit_code == 0
    told(bridge, "connection", "go-live", NAME)
    result = flask(bridge, "sync", "--connection", NAME)
    assert result.exit_code == 2
    assert "open questions" in result.stdout
    assert "done     invoice: create" in result.stdout


def test_sync_of_a_kind_or_record_leaves_the_rest(bridge: Bridge) -> None:
    bridge.go_live()
    result = flask(bridge, "sync", "--kind", "customer", "--json")
    assert set(json.loads(result.stdout)["done"]) == {"customer"}
    item = bridge.perfex.rows("items")[0]["id"]
    result = flask(bridge, "sync", "--record", f"item:perfex:{item}", "--json")
    assert json.loads(result.stdout)["done"] in ({"item": {"create": 1}}, {})
    assert "KIND:SIDE:ID" in refused(bridge, "sync", "--record", "item")
    assert "no kind 'items'" in refused(bridge, "sync", "--kind", "items")


def test_without_a_connection_there_is_nothing_to_sync(small: Bridge) -> None:
    assert "connection add" in refused(small, "sync")
    assert "no connection 'nope'" in refused(small, "sync", "--connection", "nope")


def test_the_plan_is_shown_without_writing(bridge: Bridge) -> None:
    bridge.set_up()
    before = bridge.xero.counts
    output = told(bridge, "plan", "--connection", NAME)
    assert "create 67 invoices in Xero" in output
    assert "GBP" in output
    assert "questions:" in output
    assert not [name for name in bridge.xero.counts if not name.startswith("GET")]
    assert before != bridge.xero.counts
    found = json.loads(told(bridge, "plan", "--connection", NAME, "--last", "--json"))
    groups = {(g["kind"], g["verb"]): g["count"] for g in found["groups"]}
    assert groups["invoice", "create"] == 67


def test_the_last_plan_before_any_look_is_refused(small: Bridge) -> None:
    add(small)
    assert "no plan yet" in refused(small, "plan", "--connection", NAME, "--last")
    assert "Press Connect" in refused(small, "plan", "--connection", NAME, code=3)


def test_a_guard_stop_is_shown_and_consented_to(small: Bridge) -> None:
    add(small)
    stop = GuardStop(guard="too_many_removed", details={"count": "9", "of": "9"}, typed="REMOVE")
    store = store_of(small.services, NAME)
    with store.atomically():
        store.keep_stops([stop], small.clock.now())
    assert "type REMOVE" in refused(small, "approve", NAME, "too_many_removed")
    assert "Consented" in told(small, "approve", NAME, "too_many_removed", "--type", "REMOVE")


def test_status_says_in_a_line_what_is_needed(small: Bridge) -> None:
    add(small)
    assert "press Connect" in told(small, "status")
    small.consent()
    told(small, "sync")
    (found,) = data(small, "status")
    assert found["connection"]["organisation"] == "Test Company"
    assert found["last_run"]["state"] == "planned"


# --- questions, mapping, reset ---------------------------------------------------------------------


def test_questions_are_listed_with_the_words_that_answer_them(bridge: Bridge) -> None:
    bridge.set_up()
    bridge.sync()
    output = told(bridge, "questions", "list")
    assert "questions answer" in output
    listed = data(bridge, "questions", "list")
    same = next(each for each in listed if each["reason"] == "maybe_same")
    assert {"id", "key", "text", "advice", "choices", "amount", "currency"} <= set(same)
    number = str(same["id"])
    assert "link, create, leave" in refused(bridge, "questions", "answer", number, "burn")
    assert "next run" in told(bridge, "questions", "answer", number, "leave")
    left = [each["id"] for each in data(bridge, "questions", "list", "--connection", NAME)]
    assert same["id"] not in left


def test_without_questions_that_is_said(small: Bridge) -> None:
    add(small)
    assert "no open question" in told(small, "questions", "list")


def test_mappings_are_set_listed_and_suggested(bridge: Bridge) -> None:
    add(bridge)
    words = ("mapping", "set", NAME, "tax", "VAT|20.00", "--sales", "OUTPUT2")
    assert "checked once Xero was read" in told(bridge, *words)
    bridge.consent()
    bridge.sync()
    assert "is mapped to 20% (VAT on Income)" in told(bridge, *words, "--purchase", "INPUT2")
    paid = data(
        bridge, *("mapping", "set", NAME, "payment_mode", "1", "--account", "090", "--bank-feed")
    )
    assert (paid["state"], paid["bank_feed"]) == ("mapped", True)
    assert "archived" in refused(
        bridge, "mapping", "set", NAME, "payment_mode", "1", "--account", "240"
    )
    rows = {(row["kind"], row["perfex"]): row for row in data(bridge, "mapping", "list", NAME)}
    assert {"kind", "perfex", "xero", "state", "used"} <= set(rows["tax", "VAT|20.00"])
    assert rows["tax", "VAT|20.00"]["xero"] == "OUTPUT2"
    assert rows["tax", "VAT|20.00"]["used"] > 50
    assert "RROUTPUT" in json.dumps(data(bridge, "mapping", "suggest", NAME))
    assert "5% (VAT on Income)" in told(bridge, "mapping", "suggest", NAME)
    told(bridge, "mapping", "suggest", NAME, "--accept")
    assert "RROUTPUT" in told(bridge, "mapping", "list", NAME)


def test_a_reset_tells_how_to_go_back(small: Bridge) -> None:
    add(small)
    output = told(small, "reset", NAME)
    assert "--restore 1" in output
    assert "Snapshot 1 is back" in told(small, "reset", NAME, "--restore", "1")
    (listed,) = data(small, "reset", NAME, "--snapshots")
    assert listed["restored_at"] is not None
    assert "leave --kind out" in refused(small, "reset", NAME, "--kind", "item", "--hard")


# --- users, doctor, help ---------------------------------------------------------------------------


def test_a_user_is_made_from_the_command_line(small: Bridge) -> None:
    words = ("user", "create", "ann@example.com", "--password", "-")
    assert "may sign in as admin" in told(small, *words, typed=f"{PASSWORD}\n")
    assert "already" in refused(small, *words, typed=f"{PASSWORD}\n")
    made = data(small, "user", "create", "--email", "bo@example.com", "--password", PASSWORD)
    assert made["roles"] == ["admin"]
    assert "too short" in refused(small, "user", "create", "c@example.com", "--password", "x")
    assert "password is missing" in refused(small, "user", "create", "c@example.com")
    assert [user["email"] for user in data(small, "user", "list")] == [
        "ann@example.com",
        "bo@example.com",
    ]


def test_the_doctor_ends_with_one_when_something_is_bad(small: Bridge) -> None:
    assert "up to date" in told(small, "doctor")
    add(small)
    result = flask(small, "doctor", "--json")
    assert result.exit_code == 1
    assert {"check", "connection", "verdict", "text"} == set(json.loads(result.stdout)[0])


def test_secrets_are_turned_to_a_new_key(small: Bridge) -> None:
    add(small)
    old = small.services.environment.encryption_keys[0]
    new = f"{'N' * 42}A="
    keys = {**small.environment, "ENCRYPTION_KEYS": f"{new},{old}"}
    turned = FlaskCliRunner(create_app(keys)).invoke(args=["rotate-keys"])
    assert "1 secrets" in turned.stdout
    alone = {**small.environment, "ENCRYPTION_KEYS": new}
    listed = FlaskCliRunner(create_app(alone)).invoke(args=["doctor"])
    assert "module 3.0.3" in listed.stdout
    lost = {**small.environment, "ENCRYPTION_KEYS": old}
    failed = FlaskCliRunner(create_app(lost)).invoke(args=["connection", "show", NAME])
    assert failed.exit_code == 1
    assert "key" in failed.stderr


COMMANDS = """
demo; simulator; user create; connection add; connection list; connection show; connection set;
connection go-live; connection pause; connection resume; connection remove; sync; plan; approve;
status; prove; explain; questions list; questions answer; mapping list; mapping set; mapping suggest; reset; doctor;
db upgrade; rotate-keys; scheduler
"""


@pytest.mark.parametrize("words", [line.strip() for line in COMMANDS.split(";")])
def test_every_command_explains_itself(small: Bridge, words: str) -> None:
    output = told(small, *words.split(), "--help")
    assert "Usage:" in output


def test_a_defect_of_ours_is_one_line_and_not_a_trace(
    small: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> list[object]:
        raise KeyError("inside")

    monkeypatch.setattr("xero_bridge.operations.connections.views", broken)
    line = refused(small, "connection", "list")
    assert "unexpected" in line
    log = (small.services.environment.instance / "errors.log").read_text()
    assert "KeyError" in log
