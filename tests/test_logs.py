"""What is logged: events with fields, and never a secret."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from xero_bridge.environment import LogFormat
from xero_bridge.logs import CONSOLE, configure_logs, quieten

CANARY = "canary-4711-secret"


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    for handler in [held for held in root.handlers if held not in handlers]:
        root.removeHandler(handler)
        handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)


def logged(log_format: LogFormat = "json", *, secrets: tuple[str, ...] = ()) -> io.StringIO:
    stream = io.StringIO()
    configure_logs(log_format, secrets=secrets, stream=stream)
    return stream


@pytest.mark.parametrize("log_format", ["console", "json"])
@pytest.mark.parametrize(
    "field",
    [
        "token",
        "access_token",
        "refresh_token",
        "authtoken",
        "Authorization",
        "password",
        "xero_client_secret",
        "code",
        "Cookie",
        "encryption_keys",
        "api_key",
    ],
)
def test_a_field_that_holds_a_secret_is_starred_out(log_format: LogFormat, field: str) -> None:
    stream = logged(log_format)
    structlog.get_logger().info("happened", **{field: CANARY})
    structlog.get_logger().info("happened", nested={field: CANARY, "more": [{field: CANARY}]})
    assert "happened" in stream.getvalue()
    assert CANARY not in stream.getvalue()


@pytest.mark.parametrize("log_format", ["console", "json"])
@pytest.mark.parametrize(
    "text",
    [
        f"GET https://x.example/callback?code={CANARY}&state={CANARY}",
        f"Authorization: Bearer {CANARY}",
        f'{{"refresh_token": "{CANARY}"}}',
        f"authtoken: {CANARY}",
        f"password={CANARY}",
    ],
)
def test_a_secret_inside_a_text_is_starred_out(log_format: LogFormat, text: str) -> None:
    stream = logged(log_format)
    structlog.get_logger().warning("answer", body=text)
    logging.getLogger("some.library").warning("said %s", text)
    assert CANARY not in stream.getvalue()


def test_a_known_secret_is_starred_out_wherever_it_stands() -> None:
    stream = logged(secrets=(CANARY,))
    structlog.get_logger().info(f"the middle of {CANARY} a sentence", url=f"https://x/{CANARY}")
    assert CANARY not in stream.getvalue()
    assert "the middle of" in stream.getvalue()


def test_a_secret_inside_an_exception_is_starred_out() -> None:
    stream = logged(secrets=(CANARY,))
    try:
        raise ValueError(f"cannot use {CANARY}")
    except ValueError:
        structlog.get_logger().exception("failed")
    written = json.loads(stream.getvalue())
    assert "ValueError" in written["exception"]
    assert CANARY not in written["exception"]


def test_json_lines_hold_time_level_event_and_context() -> None:
    stream = logged()
    with structlog.contextvars.bound_contextvars(run=7, connection="acme"):
        structlog.get_logger().info("run begins", trigger="schedule")
    written = json.loads(stream.getvalue())
    assert written["event"] == "run begins"
    assert written["level"] == "info"
    assert written["run"] == 7
    assert written["connection"] == "acme"
    assert written["timestamp"].endswith("Z")


def test_numbers_stay_numbers() -> None:
    stream = logged()
    structlog.get_logger().info("call", status=200, ms=12.5, ok=True, nothing=None)
    written = json.loads(stream.getvalue())
    assert [written[name] for name in ("status", "ms", "ok", "nothing")] == [200, 12.5, True, None]


def test_errors_are_kept_in_a_file_when_the_console_is_quiet(tmp_path: Path) -> None:
    stream = io.StringIO()
    configure_logs("console", secrets=(CANARY,), stream=stream, folder=tmp_path)
    quieten()
    structlog.get_logger().info("not grave")
    structlog.get_logger().error("unexpected", number="a1b2", body=CANARY)
    assert stream.getvalue() == ""
    kept = json.loads((tmp_path / "errors.log").read_text())
    assert kept["number"] == "a1b2"
    assert CANARY not in (tmp_path / "errors.log").read_text()


def test_configuring_twice_logs_once() -> None:
    logged()
    stream = logged()
    structlog.get_logger().info("once")
    assert stream.getvalue().count("once") == 1
    assert [held.name for held in logging.getLogger().handlers].count(CONSOLE) == 1
