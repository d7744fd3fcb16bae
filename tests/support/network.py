"""The network guard: a test talks to this machine and to nobody else."""

import errno
import ipaddress
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch


class Guard:
    """Remembers who was refused, so that code which swallows the error is still found out."""

    def __init__(self) -> None:
        self._refused: list[str] = []

    def take_refused(self) -> list[str]:
        """The addresses refused since the last call."""
        refused, self._refused = self._refused, []
        return refused

    def check(self, address: Any) -> None:
        """Raise OSError when `address` is a host other than this machine."""
        if isinstance(address, tuple) and not is_loopback(address[0]):
            self._refused.append(f"{address[0]}:{address[1]}")
            raise OSError(errno.ENETUNREACH, f"tests may not talk to {address[0]}")


def is_loopback(host: object) -> bool:
    """Whether `host` names this machine; a name is never looked up for it."""
    name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


@contextmanager
def only_loopback() -> Iterator[Guard]:
    """While open, connections and datagrams to other hosts fail and foreign names do not resolve."""
    guard = Guard()
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    sendto, getaddrinfo = socket.socket.sendto, socket.getaddrinfo

    def checked_connect(self: socket.socket, address: Any) -> None:
        guard.check(address)
        connect(self, address)

    def checked_connect_ex(self: socket.socket, address: Any) -> int:
        guard.check(address)
        return connect_ex(self, address)

    def checked_sendto(self: socket.socket, data: Any, *rest: Any) -> int:
        guard.check(rest[-1])
        return sendto(self, data, *rest)

    def checked_getaddrinfo(host: Any, *rest: Any, **options: Any) -> Any:
        if not is_loopback(host):
            raise socket.gaierror(socket.EAI_NONAME, f"tests do not look up {host}")
        return getaddrinfo(host, *rest, **options)

    with (
        patch.object(socket.socket, "connect", checked_connect),
        patch.object(socket.socket, "connect_ex", checked_connect_ex),
        patch.object(socket.socket, "sendto", checked_sendto),
        patch.object(socket, "getaddrinfo", checked_getaddrinfo),
    ):
        yield guard


def foreign_variables() -> list[str]:
    """Variables of the developer's shell that would steer a test: proxies and our own settings."""
    proxies = {"http_proxy", "https_proxy", "all_proxy", "no_proxy"}
    return [
        name
        for name in os.environ
        if name.lower() in proxies
        or (name.startswith("XERO_BRIDGE_") and not name.startswith("XERO_BRIDGE_TEST_"))
    ]
