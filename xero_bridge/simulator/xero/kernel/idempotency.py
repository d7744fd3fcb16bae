"""Idempotency keys: the same request within six minutes gets the first answer again."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from xero_bridge.simulator.common import Store
from xero_bridge.simulator.xero.kernel.errors import BadCall

LIFETIME = timedelta(minutes=6)
LONGEST_KEY = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer before it becomes HTTP: what is stored under a key and replayed."""

    status: int = 200
    body: str = ""
    content_type: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


class Keys:
    """The answers stored under the keys of each app."""

    def __init__(self, store: Store) -> None:
        self._table = store.table("idempotency")

    def replay(self, client: str, key: str, request: str, now: datetime) -> Reply | None:
        """Return the stored answer of a known key.

        Raises BadCall when the key is too long or was used with a different request.
        """
        if len(key) > LONGEST_KEY:
            raise BadCall(
                10, "ValidationException", "Idempotency Key must be 128 characters or less."
            )
        stored = self._table.get(f"{client} {key}")
        if stored is None or now - stored["At"] > LIFETIME:
            return None
        if stored["Request"] != request:
            message = f"Idempotency Key: {key} is used with a different request."
            raise BadCall(10, "ValidationException", message)
        return Reply(status=stored["Status"], body=stored["Body"], content_type=stored["Type"])

    def keep(self, client: str, key: str, request: str, now: datetime, reply: Reply) -> None:
        """Store the answer of a key's first use, errors included."""
        self._forget(now)
        record = {
            "At": now,
            "Request": request,
            "Status": reply.status,
            "Body": reply.body,
            "Type": reply.content_type,
        }
        # Its place in the table is its age.
        self._table.delete(f"{client} {key}")
        self._table.put(f"{client} {key}", record)

    def _forget(self, now: datetime) -> None:
        for key in self._table.keys()[:2]:
            stored = self._table.get(key)
            if stored and now - stored["At"] > LIFETIME:
                self._table.delete(key)


def fingerprint(method: str, url: str, body: bytes) -> str:
    """Return what makes two requests the same one."""
    return sha256(b"\n".join((method.encode(), url.encode(), body))).hexdigest()
