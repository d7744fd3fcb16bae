"""The log of calls: cheap to write to, without secrets, kept for a month."""

from __future__ import annotations

from threading import Lock
from typing import Any, Self
from urllib.parse import urlsplit

import sqlalchemy as sa

from xero_bridge.core.calls import Exchange
from xero_bridge.core.errors import BridgeError
from xero_bridge.store import models
from xero_bridge.store.database import Database

CALL = models.table_of(models.Call)
#: Calls that are kept in memory before they are written in one transaction.
_BUFFER = 25
#: When the database takes nothing for so long, the oldest calls are let go.
_MOST = 1000
_WORDS = 500


class CallLog:
    """Writes down the calls of one connection; a `core.calls.Recorder`.

    It never fails a call: what cannot be written now is tried again with the next ones.
    Close it (or use it as a context manager) to have the last calls written.
    """

    def __init__(self, database: Database, connection_id: int, run_id: int | None = None) -> None:
        self._database = database
        self._ours = {"connection_id": connection_id, "run_id": run_id}
        self._waiting: list[dict[str, Any]] = []
        self._lock = Lock()

    def __call__(self, exchange: Exchange) -> None:
        """Remember a call, and write when enough have come together."""
        with self._lock:
            self._waiting.append({**self._ours, **_call(exchange)})
            if len(self._waiting) % _BUFFER == 0:
                self._write()

    def flush(self) -> None:
        """Write what is still in memory."""
        with self._lock:
            self._write()

    close = flush

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.flush()

    def _write(self) -> None:
        if not self._waiting:
            return
        try:
            with self._database.writing() as connection:
                connection.execute(sa.insert(CALL), self._waiting)
            self._waiting.clear()
        except BridgeError:
            # The log is worth less than the call that it tells of.
            del self._waiting[:-_MOST]


def _call(exchange: Exchange) -> dict[str, Any]:
    address = urlsplit(exchange.url)
    left = exchange.remaining.get("x-daylimit-remaining", "")
    return {
        "side": exchange.side,
        "method": exchange.method,
        "path": address.path + (f"?{address.query}" if address.query else ""),
        "status": exchange.status,
        "ms": exchange.ms,
        "cost": exchange.cost,
        "remaining": int(left) if left.isdigit() else None,
        "note": (exchange.error or exchange.body).replace("\x00", "")[:_WORDS],
        "at": exchange.at,
    }
