"""Connections that look at whom they reached before anything is sent.

`guard_address` judges what a name resolves to when it is entered; a name may resolve to something
else a moment later.
"""

from __future__ import annotations

import socket
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from xero_bridge.core.errors import NotConnected
from xero_bridge.remotes.address import is_public


class PublicOnly(HTTPAdapter):
    """Refuses connections to addresses that are not public ones; a proxy's own is not judged."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Have the pools make connections that look first."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}


class _Http(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _looked_at(super()._new_conn(), self.host)


class _Https(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _looked_at(super()._new_conn(), self.host)


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


def _looked_at(reached: socket.socket, host: str) -> socket.socket:
    address = str(reached.getpeername()[0])
    if not is_public(address):
        reached.close()
        raise NotConnected("address_private", host=host, address=address)
    return reached
