"""A PostgreSQL server of the tests' own: made in seconds, used by one process, thrown away."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

VARIABLE = "XERO_BRIDGE_TEST_POSTGRES_URL"
SCRIPT = Path(__file__).with_name("postgres.sh")
_numbers = count(1)


def given_url() -> str | None:
    """The server named by `XERO_BRIDGE_TEST_POSTGRES_URL`, if any."""
    return os.environ.get(VARIABLE) or None


def binaries() -> Path | None:
    """The newest installed folder that holds `initdb` and `pg_ctl`, or None."""
    on_path = shutil.which("initdb")
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    folders = [*([Path(on_path).resolve().parent] if on_path else []), *packaged]
    complete = (f for f in folders if (f / "initdb").exists() and (f / "pg_ctl").exists())
    return next(complete, None)


def available() -> bool:
    """Whether tests that need PostgreSQL can run on this machine."""
    return given_url() is not None or binaries() is not None


@contextmanager
def running_server(folder: Path) -> Iterator[str]:
    """A fresh server made from the binaries in `folder`; yields its SQLAlchemy address.

    It listens on a Unix socket only and ends with this process, however that ends.
    """
    home = Path(tempfile.mkdtemp(prefix="xb-pg-"))
    try:
        with _keeper(folder, home) as keeper:
            _await_ready(keeper)
            where = {"host": str(home)}
            url = URL.create("postgresql+psycopg", "xero_bridge", database="postgres", query=where)
            yield url.render_as_string(hide_password=False)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _keeper(folder: Path, home: Path) -> "subprocess.Popen[str]":
    """The process that starts the server and, once its input is closed, stops and removes it."""
    user = _unprivileged()
    if user:
        os.chown(home, user.pw_uid, user.pw_gid)
    return subprocess.Popen(
        # The text and not the path: that user may not be allowed to read the checkout.
        ["/bin/sh", "-c", SCRIPT.read_text(), SCRIPT.name, str(folder), str(home)],
        cwd=home,
        env={"PATH": os.environ.get("PATH", ""), "HOME": str(home), "LC_ALL": "C"},
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
        # A keyboard interrupt is for the tests; the server ends after them.
        start_new_session=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _await_ready(keeper: "subprocess.Popen[str]") -> None:
    assert keeper.stdout
    assert keeper.stderr
    if keeper.stdout.readline().strip() != "ready":
        raise RuntimeError(f"PostgreSQL did not start: {keeper.stderr.read()}")


@contextmanager
def fresh_database(server: str, template: str = "template1") -> Iterator[str]:
    """An own database on `server`, copied from `template`; yields its address, drops it after."""
    name = f"xero_bridge_test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(plain_url(server), autocommit=True) as connection:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )


def plain_url(address: str) -> str:
    """The same address as PostgreSQL's own library reads it, without SQLAlchemy's driver."""
    return make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)


def driver_url(address: str) -> str:
    """The same address with the driver that the bridge uses."""
    url = make_url(address).set(drivername="postgresql+psycopg")
    return url.render_as_string(hide_password=False)


def _version(folder: Path) -> float:
    try:
        return float(folder.parent.name)
    except ValueError:
        return 0.0


def _unprivileged() -> pwd.struct_passwd | None:
    """Somebody to run the server as: PostgreSQL refuses root."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]
