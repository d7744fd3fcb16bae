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
        address = ipaddress.ip_address(str(sockaddr[0]).partition("%")[0])
        if not (allow_private or _is_public(address)):
            raise NotConnected("address_private", host=host, address=str(address))


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_global) and not mapped.is_multicast
