"""Which hosts may be contacted at all."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from xero_bridge.core.errors import NotConnected

_PORTS = {"http": 80, "https": 443}


def origin(url: str) -> str:
    """Scheme, host and port of an address in one comparable text.

    Raises NotConnected for others than http and https.
    """
    parts = urlsplit(url)
    try:
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        port = None
    if port is None or not parts.hostname:
        raise NotConnected("address_not_usable", url=url.partition("?")[0])
    return f"{parts.scheme}://{parts.hostname}:{port}"


def guard_address(url: str, *, allow_private: bool) -> None:
    """Raise NotConnected when the host does not resolve or is not a public one without consent.

    Not public are loopback, private, link-local and reserved addresses; one of them is enough.
    """
    place = urlsplit(origin(url))
    host, port = place.hostname or "", place.port
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotConnected("host_unknown", host=host) from error
    for *_, sockaddr in found:
        if not (allow_private or is_public(str(sockaddr[0]))):
            raise NotConnected("address_private", host=host, address=str(sockaddr[0]))


def is_public(text: str) -> bool:
    """Whether an IP address belongs to the public internet."""
    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_global) and not mapped.is_multicast
