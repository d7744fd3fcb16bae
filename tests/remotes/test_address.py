"""Which hosts may be contacted."""

import socket
from typing import Any

import pytest
import requests

from tests.remotes.support import MovableClock, raw_server
from xero_bridge.core.errors import NotConnected
from xero_bridge.remotes.address import guard_address, origin
from xero_bridge.remotes.http import Http, Request


def resolving_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.9",
        "192.168.1.20",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:10.0.0.1",
        "224.0.0.1",
    ],
)
def test_a_private_address_needs_consent(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    resolving_to(monkeypatch, address)
    with pytest.raises(NotConnected) as caught:
        guard_address("https://crm.example.test/sub", allow_private=False)
    assert caught.value.reason == "address_private"
    guard_address("https://crm.example.test/sub", allow_private=True)


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving_to(monkeypatch, "93.184.215.14", "10.0.0.1")
    with pytest.raises(NotConnected):
        guard_address("https://crm.example.test", allow_private=False)


def test_a_public_address_is_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving_to(monkeypatch, "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c")
    guard_address("https://crm.example.test", allow_private=False)


def test_a_host_that_does_not_exist_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(NotConnected, match=r"no host crm\.example\.test"):
        guard_address("https://crm.example.test", allow_private=True)


@pytest.mark.parametrize(
    "url", ["ftp://crm.test", "crm.test", "https://", "https://crm.test:x/", "file:///etc/passwd"]
)
def test_what_is_not_a_web_address_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(NotConnected, match="not a web address"):
        origin(url)


def test_an_origin_is_comparable() -> None:
    assert (
        origin("HTTPS://Host.test/x")
        == origin("https://host.test:443/y?z")
        == "https://host.test:443"
    )
    assert origin("http://host.test") != origin("https://host.test")


@pytest.mark.parametrize("public_only", [True, False])
def test_a_host_that_turns_out_to_be_private_is_sent_nothing(public_only: bool) -> None:
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
    with raw_server(whole) as address:
        http = Http(
            side="perfex",
            origins=[address],
            clock=MovableClock(),
            recorder=lambda _call: None,
            public_only=public_only,
        )
        if public_only:
            with pytest.raises(NotConnected) as caught:
                http.once(Request(url=f"{address}/x"))
            assert caught.value.reason == "address_private"
            assert caught.value.details["address"] == "127.0.0.1"
            # The server still waits for somebody who says something.
            assert requests.get(address, timeout=5).text == "{}"
        else:
            assert http.once(Request(url=f"{address}/x")).status == 200
        http.close()
