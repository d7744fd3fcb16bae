"""The tests' own ground: databases are real and separate, the network ends at this machine."""

import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.support import available, network, postgres
from tests.support.paths import CHECKOUT


def test_each_test_gets_an_empty_database_that_keeps_what_is_written(database_url: str) -> None:
    for round_ in (1, 2):
        engine = create_engine(database_url)
        with engine.begin() as connection:
            if round_ == 1:
                connection.execute(text("CREATE TABLE kept (id INTEGER)"))
            connection.execute(text("INSERT INTO kept VALUES (1)"))
            assert connection.scalar(text("SELECT count(*) FROM kept")) == round_
        engine.dispose()


def test_a_second_test_does_not_see_the_first_ones_tables(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE kept (id INTEGER)"))
    engine.dispose()


@pytest.mark.postgres
def test_the_server_is_a_postgresql(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        assert "PostgreSQL" in str(connection.scalar(text("SELECT version()")))
    engine.dispose()


@pytest.mark.parametrize("address", [("192.0.2.1", 443), ("2001:db8::1", 443)])
def test_a_connection_to_another_host_is_refused_and_remembered(
    guard: network.Guard, address: tuple[str, int]
) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as stranger, pytest.raises(OSError, match="may not talk"):
        stranger.connect(address)
    assert guard.take_refused() == [f"{address[0]}:443"]


def test_a_datagram_to_another_host_is_refused_and_remembered(guard: network.Guard) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as sender, pytest.raises(OSError, match="not talk"):
        sender.sendto(b"who is there?", ("192.0.2.1", 53))
    assert guard.take_refused() == ["192.0.2.1:53"]


def test_a_foreign_name_does_not_resolve() -> None:
    with pytest.raises(socket.gaierror):
        socket.create_connection(("api.example.org", 443))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.0.1", "::1", b"localhost", None])
def test_this_machine_is_reached_under_each_of_its_names(host: object) -> None:
    assert network.is_loopback(host)


def test_a_server_on_this_machine_can_be_reached() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        assert client.getpeername() == server.getsockname()


def test_the_developers_proxy_and_settings_steer_no_test(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "XERO_BRIDGE_DATABASE_URL", "XERO_BRIDGE_TEST_POSTGRES_URL"):
        monkeypatch.setenv(name, "x")
    assert sorted(network.foreign_variables()) == ["HTTPS_PROXY", "XERO_BRIDGE_DATABASE_URL"]


def test_the_closing_lines_say_how_many_tests_were_left_out_and_what_helps() -> None:
    (line,) = available.closing_lines(Counter({"postgres": 12}))
    assert line.startswith("12 tests did not run")
    assert "XERO_BRIDGE_TEST_POSTGRES_URL" in line


def test_a_machine_without_a_postgresql_server_leaves_its_tests_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(postgres, "available", lambda: False)
    assert "postgres" in available.missing_markers()


@pytest.mark.own_postgres
def test_a_killed_test_run_leaves_neither_server_nor_folder() -> None:
    code = (
        "from tests.support import postgres\n"
        "with postgres.running_server(postgres.binaries()) as url:\n"
        "    print(url, flush=True)\n"
        "    input()\n"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(
        command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout
        folder = Path(str(make_url(run.stdout.readline().strip()).query["host"]))
        assert (folder / "data" / "postmaster.pid").exists()
        run.kill()
    deadline = time.monotonic() + 30
    while folder.exists() and time.monotonic() < deadline:
        threading.Event().wait(0.05)
    assert not folder.exists()
