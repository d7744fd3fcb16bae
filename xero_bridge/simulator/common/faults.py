"""Faults on demand: which of the next calls goes wrong, and how."""

import re
from dataclasses import dataclass, fields
from enum import StrEnum
from threading import Event, Lock
from typing import Any


class FaultKind(StrEnum):
    """How a call goes wrong; `after` means that the server has done the work by then."""

    MINUTE_LIMIT = "429-minute"
    DAY_LIMIT = "429-day"
    CONCURRENT_LIMIT = "429-concurrent"
    ERROR_BEFORE = "500-before"
    ERROR_AFTER = "500-after"
    DROP_BEFORE = "drop-before"
    DROP_AFTER = "drop-after"
    HTML = "html"
    HTML_AFTER = "html-after"
    EMPTY = "empty"
    NOTICE = "notice"
    SLOW = "slow"
    FORBIDDEN = "403"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault: for calls whose method and path (without query) match these expressions.

    The first `skip` matching calls pass, the next `count` ones fail (None: all from then on).
    """

    kind: FaultKind
    method: str = ".*"
    path: str = ".*"
    count: int | None = 1
    skip: int = 0
    seconds: float = 0  # Of slowness, or of Retry-After.
    status: int | None = None  # Of an HTML page, where its usual one does not fit.

    def matches(self, method: str, path: str) -> bool:
        """Tell whether a call is meant by this fault."""
        return bool(re.fullmatch(self.method, method) and re.search(self.path, path))


class Faults:
    """The queue of faults of one simulator; the oldest one that matches a call strikes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: list[tuple[Fault, list[int]]] = []
        self._stopped = Event()

    def add(self, kind: FaultKind | str, **details: Any) -> Fault:
        """Queue a fault; the details are the fields of `Fault`."""
        fault = Fault(kind=FaultKind(kind), **details)
        with self._lock:
            self._waiting.append((fault, [0]))
        return fault

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault that strikes this call, and count it."""
        with self._lock:
            for entry in self._waiting:
                fault, seen = entry
                if not fault.matches(method, path):
                    continue
                seen[0] += 1
                if seen[0] <= fault.skip:
                    continue
                if fault.count is not None and seen[0] >= fault.skip + fault.count:
                    self._waiting.remove(entry)
                return fault
        return None

    def waiting(self) -> list[Fault]:
        """Return the faults that have not struck as often as asked."""
        with self._lock:
            return [fault for fault, _ in self._waiting]

    def clear(self) -> None:
        """Forget all faults and wake the calls that are being slow."""
        with self._lock:
            self._waiting.clear()
            self._stopped.set()
            self._stopped = Event()

    def linger(self, fault: Fault) -> None:
        """Be slow for the fault's seconds of real time, or until the faults are cleared."""
        self._stopped.wait(fault.seconds)


def fault_from_json(raw: dict[str, Any]) -> dict[str, Any]:
    """Check the fields of a fault sent over HTTP.

    Raises ValueError with a sentence for the sender.
    """
    known = {field.name for field in fields(Fault)}
    if unknown := sorted(set(raw) - known):
        raise ValueError(f"A fault has no field {', '.join(unknown)}; it has {sorted(known)}.")
    if raw.get("kind") not in set(FaultKind):
        raise ValueError(f"kind must be one of {', '.join(FaultKind)}.")
    for name in ("method", "path"):
        try:
            re.compile(raw.get(name, ""))
        except re.error as error:
            raise ValueError(f"{name} is no regular expression: {error}.") from error
    return raw
