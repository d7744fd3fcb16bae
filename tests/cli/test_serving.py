"""What keeps running: the server, the schedule, the demonstration; each ends when it is asked to."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import pytest
import requests

from tests.support.network import foreign_variables
from tests.support.paths import CHECKOUT
from xero_bridge.operations.problems import NotAccepted
from xero_bridge.wiring.demo import MARK, NAME, Demo, Ports, demonstration

pytestmark = pytest.mark.slow

ANY_PORT = Ports(bridge=0, perfex=0, xero=0)
_LONGEST = 90.0


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


class Started:
    """A process of ours and what it has printed so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.printed = ""

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Read on until the output holds the pattern."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.printed += line
            found = re.search(pattern, self.printed)
            if found:
                return found
        raise AssertionError(f"{pattern!r} was not printed:\n{self.printed}")

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Ask it to end; its exit code."""
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=60)
        self.printed += rest
        return self.process.returncode


@contextmanager
def started(tmp_path: Path, *command: str) -> Iterator[Started]:
    """The command in a process of its own, ended whatever happens."""
    own = {name: value for name, value in os.environ.items() if name not in foreign_variables()}
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=CHECKOUT,
        env={**own, "XERO_BRIDGE_INSTANCE": str(tmp_path / "instance"), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    guard = Timer(_LONGEST, process.kill)
    guard.start()
    try:
        yield Started(process)
    finally:
        guard.cancel()
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_the_server_upgrades_its_database_tells_the_first_code_and_polls(tmp_path: Path) -> None:
    port = free_port()
    with started(tmp_path, "app.py", "--port", str(port)) as server:
        code = server.wait_for(r"first-run and give the code (\S+)\.")[1]
        server.wait_for("schedule begins")
        url = f"http://127.0.0.1:{port}"
        assert requests.get(f"{url}/readyz", timeout=30).status_code == 200
        assert requests.get(f"{url}/", timeout=30).url.startswith(f"{url}/login")
        assert code not in requests.get(f"{url}/first-run", timeout=30).text
        assert server.stop(signal.SIGTERM) == 0


def test_the_schedule_runs_in_a_process_of_its_own(tmp_path: Path) -> None:
    with started(tmp_path, "-m", "flask", "--app", "app", "db", "upgrade") as upgrade:
        upgrade.wait_for("up to date")
    with started(tmp_path, "-m", "flask", "--app", "app", "scheduler") as scheduler:
        scheduler.wait_for("Polling")
        assert scheduler.stop() == 0


def test_flask_run_says_that_polling_is_somewhere_else(tmp_path: Path) -> None:
    with started(
        tmp_path, "-m", "flask", "--app", "app", "run", "--port", str(free_port())
    ) as server:
        server.wait_for("scheduler` beside it")


def test_the_simulator_tells_how_a_bridge_reaches_it(tmp_path: Path) -> None:
    ports = ("--perfex-port", str(free_port()), "--xero-port", str(free_port()))
    with started(tmp_path, "-m", "flask", "--app", "app", "simulator", *ports) as simulator:
        url = simulator.wait_for(r"XERO_BRIDGE_XERO_CONNECTIONS_URL=(\S+)")[1]
        simulator.wait_for("connection add demo --perfex-url")
        assert requests.get(url, timeout=30).status_code == 401
        assert simulator.stop() == 0


def test_the_demonstration_prints_address_user_and_password_and_stops_at_ctrl_c(
    tmp_path: Path,
) -> None:
    command = ("-m", "flask", "--app", "app", "demo", "--folder", str(tmp_path / "demo"))
    with started(tmp_path, *command, "--port", str(free_port())) as demo:
        url = demo.wait_for(r"Dashboard +(\S+)")[1]
        demo.wait_for(r"Password +(\S+)")
        demo.wait_for("Ctrl-C")
        assert requests.get(f"{url}/login", timeout=30).status_code == 200
        assert demo.stop() == 0
        assert "Traceback" not in demo.printed
        assert demo.printed.rstrip().endswith("Stopped.")


# --- inside one process ----------------------------------------------------------------------------


def sign_in(demo: Demo) -> requests.Session:
    session = requests.Session()
    page = session.get(f"{demo.url}/login", timeout=30).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token, page
    form = {"email": demo.user, "password": demo.password, "csrf_token": token[1]}
    answer = session.post(f"{demo.url}/login", data=form, timeout=30)
    assert answer.status_code == 200
    assert "/login" not in answer.url
    return session


def test_a_fresh_demonstration_waits_for_the_consent_of_a_person(tmp_path: Path) -> None:
    with demonstration(tmp_path / "demo", version="3.0.3", ports=ANY_PORT) as demo:
        with sign_in(demo) as session:
            page = session.get(f"{demo.url}/", timeout=30).text
            asked = session.get(f"{demo.url}/xero/connect/{NAME}", timeout=30)
        assert NAME in page
        assert "Connect" in page
        assert asked.url.startswith(f"{demo.xero_url}/identity/connect/authorize")
        assert requests.get(demo.perfex_url, timeout=30).status_code == 200


def test_a_demonstration_is_fresh_unless_it_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    with demonstration(folder, version="3.0.3", ports=ANY_PORT) as first:
        pass
    ports = (folder / MARK).read_text()
    with demonstration(folder, version="3.0.3", keep=True) as second:
        assert second.url == first.url
        assert second.password != first.password
        sign_in(second).close()
    assert (folder / MARK).read_text() == ports
    with demonstration(folder, version="3.0.3", ports=ANY_PORT) as third:
        assert third.url != first.url


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("dear")
    with (
        pytest.raises(NotAccepted, match="something else"),
        demonstration(tmp_path, version="3.0.3"),
    ):
        pass
    assert (tmp_path / "letters.txt").read_text() == "dear"


def test_a_taken_port_is_told_and_another_one_used(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ports = Ports(bridge=port, perfex=0, xero=0)
        with demonstration(tmp_path / "demo", version="3.0.3", ports=ports) as demo:
            assert demo.taken == (port,)
            assert requests.get(f"{demo.url}/login", timeout=30).status_code == 200


@pytest.mark.parametrize(
    ("version", "told"), [("2.0.8", "2.x"), ("3.0.3", "3.0.3"), ("3.1.0", "3.1.0")]
)
def test_every_generation_of_the_module_can_be_shown(
    tmp_path: Path, version: str, told: str
) -> None:
    with demonstration(tmp_path / "demo", version=version, ports=ANY_PORT) as demo:
        with sign_in(demo) as session:
            page = session.get(f"{demo.url}/setup/{NAME}", timeout=30).text
        assert f"REST API module {told}" in page
